"""Parts of a sweep's page on what an outcome depends on: factors, and where a turn is found."""

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from markupsafe import Markup

from hedgerow import analysis
from hedgerow.figures import style
from hedgerow.figures.words import clear
from hedgerow.report.brief import boxes, pictures
from hedgerow.report.brief.book import COUNT, Look, around, look
from hedgerow.report.brief.page import Column, Part, Picture, Shown
from hedgerow.report.brief.sentences import DOWN, UP, level, name, verdict
from hedgerow.report.brief.strip import Mark, draw

if TYPE_CHECKING:
    from hedgerow.report.brief.swept import Told

MOST = 12
"""Factors that a picture has room for."""


def counts(told: "Told") -> list[tuple[str, float]]:
    """Return how the outcome is spread over points, for sentences."""
    low, middle, high = np.quantile(told.means, [0.05, 0.5, 0.95])
    return [
        ("spread_low", low), ("spread_middle", middle), ("spread_high", high),
        ("spread_positive", float((told.means > 0).mean())), ("factors", _factors(told)),
    ]  # fmt: skip


def _factors(told: "Told") -> int:
    """Return how many factors are told apart by their effect."""
    tables = told.found.tables
    counted = next((tables[t] for t in ("regression", "morris") if t in tables), None)
    return len(told.found.factors) if counted is None else counted["factor"].nunique()


def answer(told: "Told") -> list[Markup]:
    """Return how an outcome is spread over the points, and what moves it most."""
    book = told.book
    ends = [float(book.cell("counts", f"spread_{k}", "value")) for k in ("middle", "low", "high")]
    how = look(ends, told.unit, change=True)
    low, middle, high = (
        book.number("counts", f"spread_{k}", "value", how, sign=True)
        for k in ("low", "middle", "high")
    )
    said = verdict(ends[1], ends[2])
    signs = {UP: "above zero in nineteen of twenty", DOWN: "below zero in nineteen of twenty"}
    sign = signs.get(said, "of either sign, so that its direction depends on the factors")
    text = "Over {} points, the {} lies between {} in nine of ten, in the middle {}: it is {}."
    first = Markup(text).format(
        book.plain("counts", "points", "value", COUNT), told.spoken,
        around(how, Markup("{} and {}").format(low, high)), middle, sign,
    )  # fmt: skip
    return [first, strongest(told)]


def strongest(told: "Told") -> Markup:
    """Return which factor moves the outcome most, and what is known of it."""
    book = told.book
    if "regression" in book.kept:
        return _slope(told, book.row("regression", next(iter(book.kept["regression"].rows))))
    if "morris" in book.kept:
        row = book.kept["morris"].frame.sort_values("mu_star", ascending=False).iloc[0]
        how = look([row["mu_star"]], told.unit, change=True)
        text = (
            "Of {} factors, {} moves it most: by {} in size, on average, from one end of its range "
            "to the other; other factors decide how much."
        )
        number = around(how, book.number("morris", row["factor"], "mu_star", how))
        return Markup(text).format(_count(told), _named(row["factor"]), number)
    if "effects" in book.kept:
        rows = book.kept["effects"].frame
        row = rows[rows["kind"] != "rest"].sort_values("share", ascending=False).iloc[0]
        share = book.plain("effects", str(row["term"]), "share", "share")
        text = (
            "Of {} factors, {} accounts for more than any other: {} of the variance of single "
            "runs{}."
        )
        return Markup(text).format(_count(told), _named(row["term"]), share, _ends(told, row))
    if "levels" in book.kept:
        return _level(told)
    return Markup("Too few points are done to say which factor moves it.")


def _count(told: "Told") -> Markup:
    return told.book.plain("counts", "factors", "value", COUNT)


def _named(path: str) -> Markup:
    return name(" and ".join(analysis.words(p.strip()) for p in str(path).split(" x ")))


def _ends(told: "Told", row: Any) -> Markup:
    if pd.isna(row["low"]):
        return Markup("")
    how = look([row["share"], row["low"], row["high"]], "share")
    key = str(row["term"])
    low, high = (told.book.number("effects", key, end, how) for end in ("low", "high"))
    return Markup(" ({} interval {} to {}%)").format(level(told.book), low, high)


def _slope(told: "Told", row: dict[str, Any]) -> Markup:
    book, key = told.book, str(row["factor"])
    how = look([row["coefficient"], row["low"], row["high"]], told.unit, change=True)
    between = book.span("regression", key, "low", "high", how)
    if not row["firm"] or verdict(row["low"], row["high"]) not in (UP, DOWN):
        text = (
            "No one of {} factors moves it clearly; the nearest to doing so is {} (from one end of "
            "its range to the other {}, {} interval), which may be luck."
        )
        return Markup(text).format(_count(told), _named(key), between, level(book))
    size = around(how, book.number("regression", key, "coefficient", how, sign=True))
    text = (
        "Of {} factors, {} moves it most: by {} from the low end of its range to the high end ({} "
        "interval {})."
    )
    return Markup(text).format(_count(told), _named(key), size, level(book), between)


def _level(told: "Told") -> Markup:
    book = told.book
    rows = book.kept["levels"].frame.dropna(subset=["difference"])
    if rows.empty:
        return Markup("The points do not show which factor moves it.")
    row = rows.iloc[int(rows["difference"].abs().to_numpy().argmax())]
    key = f"{row['factor']}/{row['level']}"
    said = verdict(row["difference_low"], row["difference_high"])
    how = look(
        [row["difference"], row["difference_low"], row["difference_high"]], told.unit, change=True
    )
    size = around(how, book.number("levels", key, "difference", how, sign=True))
    between = book.span("levels", key, "difference_low", "difference_high", how)
    clear_ = "" if said in (UP, DOWN) else ", which includes zero: no clear difference"
    text = "It moves most with {}: at {}, by {} from the first level ({} interval {}{})."
    return Markup(text).format(
        _named(str(row["factor"])), name(str(row["level"])), size, level(book), between, clear_
    )


def first(told: "Told") -> Picture:
    """Return the picture that answers: what each factor does."""
    return picture(told) or _spread(told)


def _spread(told: "Told") -> Picture:
    cells = [
        float(told.book.cell("counts", f"spread_{k}", "value")) for k in ("middle", "low", "high")
    ]
    row = (told.spoken, cells[0], cells[1], cells[2], style.INK)
    return pictures.intervals(
        [row], axis=f"{told.spoken} ({told.unit or 'no unit'})",
        alt=f"The middle point and nine points of ten of the {told.spoken}.",
        caption="Dot: the middle point. Bar: nine points of ten.", table="counts",
    )  # fmt: skip


def picture(told: "Told") -> Picture | None:
    """Return what each factor does to the outcome, strongest first, where that is known."""
    kept = told.book.kept
    axis = f"Effect on the {told.spoken} ({told.unit or 'no unit'})"
    if "regression" in kept:
        rows = kept["regression"].frame.head(MOST)
        drawn = [
            (analysis.words(r["factor"]), r["coefficient"], r["low"], r["high"],
             style.INK if sure else pictures.UNCLEAR_INK)
            for r, sure in zip(rows.to_dict(orient="records"), clear(rows), strict=True)
        ]  # fmt: skip
        return pictures.intervals(
            drawn, axis=f"{axis} from the low end of a factor’s range to the high end",
            ends=("falls with it", "rises with it"), table="regression", name="factors",
            alt="What each factor does, strongest first: " + "; ".join(d[0] for d in drawn) + ".",
            caption="Dots: effect of a factor over its whole range. Bars: 90% interval. Grey: the "
            "interval includes zero.",
        )  # fmt: skip
    if "morris" in kept:
        rows = kept["morris"].frame.sort_values("mu_star", ascending=False).head(MOST)
        marks = [
            Mark(analysis.words(r["factor"]), 0.0, r["mu_star"], style.MUTED, last=r["mu_star"])
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
        label = f"{analysis.words(str(factor))}: {levels[0]} to {levels[-1]}"
        means = own["mean"]
        marks.append(Mark(label, means.min(), means.max(), style.MUTED, first=means.iloc[0],
                          last=means.iloc[-1]))  # fmt: skip
    marks.sort(key=lambda mark: mark.low - mark.high)
    alt = "Reach of the mean outcome over the levels of each factor: "
    alt += "; ".join(m.label for m in marks[:MOST]) + "."
    caption = (
        "Each bar spans the mean outcome over the levels of one factor; open circle: its first "
        "level, filled: its last."
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
        depends(told), Part("time", "Who moves, over time, and why", [text]),
        Part("costs", "What it costs", [Markup(spent)]),
    ]  # fmt: skip


def depends(told: "Told") -> Part:
    """Return the part on what the outcome depends on."""
    kept = told.book.kept
    drawn = [p for p in ([picture(told)] if told.ranked else []) if p is not None]
    said = [strongest(told)] if told.ranked else []
    return Part(
        "depends", "What it depends on", said, drawn, _tables(told), listed=boxes.regions(told),
        notes=[Markup("Effects are averages over everything else that the study varies.")]
        if {"regression", "levels", "morris"} & set(kept) else [],
    )  # fmt: skip


def _tables(told: "Told") -> list[Shown]:
    kept = told.book.kept
    made = []
    if "regression" in kept:
        frame = kept["regression"].frame
        rows = frame.assign(words=[analysis.words(f) for f in frame["factor"]])
        how = _fine(rows["coefficient"], told.unit)
        made.append(Shown(
            "regression", f"Effect on the {told.spoken} over a factor’s whole range",
            (
                Column("words", "Factor"), Column("coefficient", "Change", how, sign=True),
                Column("low", "90% interval, low", how, sign=True),
                Column("high", "high", how, sign=True),
            ),
            sortable=True, rows=rows,
        ))  # fmt: skip
    if "levels" in kept and "regression" not in kept:
        frame = kept["levels"].frame
        rows = frame.assign(words=[analysis.words(f) for f in frame["factor"]],
                            at=[str(v) for v in frame["level"]])  # fmt: skip
        how = _fine(rows["mean"], told.unit)
        made.append(Shown(
            "levels", f"Mean {told.spoken} by level of each factor",
            (
                Column("words", "Factor"), Column("at", "Level"),
                Column("mean", "Mean", how, sign=True),
                Column("difference", "Difference from the first level", how, sign=True),
                Column("difference_low", "90% interval, low", how, sign=True),
                Column("difference_high", "high", how, sign=True),
            ),
            sortable=True, rows=rows,
        ))  # fmt: skip
    return made


def _fine(values: "pd.Series[float]", unit: str) -> Look:
    """Return how a column is written, so that its largest number shows three figures."""
    largest = float(values.abs().max())
    how = look([largest], unit, change=True)
    return Look(how.scale, how.places + (1 if how.places > 0 else 0), how.before, how.after)
