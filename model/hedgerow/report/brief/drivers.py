"""Parts of a sweep's page on what an outcome depends on: factors, and where a turn is found."""

from typing import TYPE_CHECKING

import pandas as pd
from markupsafe import Markup

from hedgerow.figures import style
from hedgerow.report.brief import boxes, effects, pictures
from hedgerow.report.brief.book import Look, look
from hedgerow.report.brief.page import Column, Part, Picture, Shown
from hedgerow.report.brief.strip import Mark, draw

if TYPE_CHECKING:
    from hedgerow.report.brief.swept import Told

MOST = 12
"""Factors that a picture has room for."""


def first(told: "Told") -> Picture:
    """Return the picture that answers: what each factor does."""
    return picture(told) or _spread(told)


def _spread(told: "Told") -> Picture:
    cells = [float(told.book.cell("counts", f"spread_{k}", "value")) for k in ("middle", "low", "high")]
    row = (told.spoken, cells[0], cells[1], cells[2], style.INK)
    return pictures.intervals(
        [row],
        axis=f"{told.spoken} ({told.unit or 'no unit'})",
        alt=f"The middle point and nine points of ten of the {told.spoken}.",
        caption="Dot: the middle point. Bar: nine points of ten.",
        table="counts",
    )


def picture(told: "Told") -> Picture | None:
    """Return what each factor does to the outcome, strongest first, where that is known."""
    kept = told.book.kept
    axis = f"Effect on the {told.spoken} ({told.unit or 'no unit'})"
    if "regression" in kept:
        rows = kept["regression"].frame.head(MOST)
        drawn = [
            (
                told.factor(r["factor"]),
                r["coefficient"],
                r["low"],
                r["high"],
                style.INK if r["firm"] else pictures.UNCLEAR_INK,
            )
            for r in rows.to_dict(orient="records")
        ]
        return pictures.intervals(
            drawn,
            axis=f"{axis} from the low end of a factor’s range to the high end",
            ends=("falls with it", "rises with it"),
            table="regression",
            name="factors",
            alt="What each factor does, strongest first: " + "; ".join(d[0] for d in drawn) + ".",
            caption="Dots: effect of a factor over its whole range. Bars: 90% interval. Grey: luck "
            "may give as much among so many factors.",
        )
    if "morris" in kept:
        rows = kept["morris"].frame.sort_values("mu_star", ascending=False).head(MOST)
        marks = [
            Mark(told.factor(r["factor"]), 0.0, r["mu_star"], style.MUTED, last=r["mu_star"])
            for r in rows.to_dict(orient="records")
        ]
        alt = "Size of each factor’s effect, strongest first: " + "; ".join(m.label for m in marks)
        caption = "Mean size of the effect of a factor over its range, whichever way it goes."
        return Picture("factors", draw(marks, axis=axis), alt, caption, "morris", inline=True)
    return _levels(told, axis) if "levels" in kept else None


def _levels(told: "Told", axis: str) -> Picture:
    rows = told.book.kept["levels"].frame
    marks = []
    for factor, own in rows.groupby("factor", sort=False):
        levels = list(own["level"])
        label = f"{told.factor(str(factor))}: {levels[0]} to {levels[-1]}"
        means = own["mean"]
        marks.append(Mark(label, means.min(), means.max(), style.MUTED, first=means.iloc[0], last=means.iloc[-1]))
    marks.sort(key=lambda mark: mark.low - mark.high)
    alt = "Reach of the mean outcome over the levels of each factor: "
    alt += "; ".join(m.label for m in marks[:MOST]) + "."
    caption = (
        "Each bar spans the mean outcome over the levels of one factor; open circle: its first level, filled: its last."
    )
    svg = draw(marks[:MOST], axis=axis.replace("Effect on the ", "Mean "))
    return Picture("factors", svg, alt, caption, "levels", inline=True)


def parts(told: "Told") -> list[Part]:
    """Return the parts of a page on what an outcome depends on."""
    first_ = next(iter(told.found.manifest["resolved"]))
    text = Markup(
        "A sweep keeps outcomes at the end, not single states, months or terms. For those: "
        "<code>hedgerow report {}</code>, or with <code>--versus</code> and another scenario."
    ).format(first_)
    spent = "The sweep compares no policies, so no cost is set against another."
    return [
        depends(told),
        Part("time", "Who moves, over time, and why", [text]),
        Part("costs", "What it costs", [Markup(spent)]),
    ]


def depends(told: "Told") -> Part:
    """Return the part on what the outcome depends on."""
    drawn = [p for p in ([picture(told)] if told.ranked else []) if p is not None]
    said = []
    if told.ranked:
        text = "This part is about the {} itself, whatever the policy; not about who does best."
        said = [Markup(text).format(told.spoken), effects.strongest(told)]
    known, notes = set(told.book.kept), []
    if {"regression", "levels", "morris"} & known:
        notes += [Markup("Effects are averages over everything else that the study varies.")]
    if "boxes" in known:
        notes += [Markup("A region is tried on other points, but under the same chance.")]
    return Part("depends", "What it depends on", said, drawn, _tables(told), listed=boxes.regions(told), notes=notes)


def _tables(told: "Told") -> list[Shown]:
    kept = told.book.kept
    made = []
    if "regression" in kept:
        frame = kept["regression"].frame
        rows = frame.assign(words=[told.factor(f) for f in frame["factor"]])
        how = _fine(rows["coefficient"], told.unit)
        made.append(
            Shown(
                "regression",
                f"Effect on the {told.spoken} over a factor’s whole range",
                (
                    Column("words", "Factor"),
                    Column("coefficient", "Change", how, sign=True),
                    Column("low", "90% interval, low", how, sign=True),
                    Column("high", "high", how, sign=True),
                ),
                sortable=True,
                rows=rows,
            )
        )
    if "levels" in kept and "regression" not in kept:
        frame = kept["levels"].frame
        rows = frame.assign(words=[told.factor(f) for f in frame["factor"]], at=[str(v) for v in frame["level"]])
        how = _fine(rows["mean"], told.unit)
        made.append(
            Shown(
                "levels",
                f"Mean {told.spoken} by level of each factor",
                (
                    Column("words", "Factor"),
                    Column("at", "Level"),
                    Column("mean", "Mean", how, sign=True),
                    Column("difference", "Difference from the first level", how, sign=True),
                    Column("difference_low", "90% interval, low", how, sign=True),
                    Column("difference_high", "high", how, sign=True),
                ),
                sortable=True,
                rows=rows,
            )
        )
    return made


def _fine(values: "pd.Series[float]", unit: str) -> Look:
    """Return how a column is written, so that its largest number shows three figures."""
    largest = float(values.abs().max())
    how = look([largest], unit, change=True)
    return Look(how.scale, how.places + (1 if how.places > 0 else 0), how.before, how.after)
