"""Sections of a sweep's page on what an outcome depends on: factors, and where a turn is found."""

import pandas as pd
from markupsafe import Markup

from hedgerow.disk.plain import command
from hedgerow.figures import style
from hedgerow.report.brief import boxes, effects, pictures
from hedgerow.report.brief.findings import SweepFindings
from hedgerow.report.brief.page import Column, Picture, Section, TableView, interval_columns
from hedgerow.report.brief.sentences import RUNS
from hedgerow.report.brief.strip import Mark, draw
from hedgerow.wording.numbers import NumberFormat, number_format

MOST_DRAWN = 12
"""Factors that a picture has room for."""
ELSEWHERE = "A sweep keeps outcomes at the end, not single states, months or terms. For those: "


def first_picture(findings: SweepFindings) -> Picture:
    """Return the picture that answers: what each factor does."""
    return factors(findings) or _spread(findings)


def _spread(findings: SweepFindings) -> Picture:
    middle, low, high = (findings.workbook.value(f"spread_{k}") for k in ("middle", "low", "high"))
    return pictures.intervals(
        [(findings.outcome_name, middle, low, high, style.INK)],
        axis=findings.measured,
        alt=f"The middle point and nine points of ten of the {findings.outcome_name}.",
        caption="Dot: the middle point. Bar: nine points of ten.",
        table="counts",
    )


def factors(findings: SweepFindings) -> Picture | None:
    """Return what each factor does to the outcome, strongest first, where that is known."""
    sheets, axis = findings.workbook.sheets, f"Effect on the {findings.measured}"
    for table, picture in (("regression", _slopes), ("morris", _screened), ("levels", _levels)):
        if table in sheets:
            return picture(findings, sheets[table].frame, axis)
    return None


def _slopes(findings: SweepFindings, rows: pd.DataFrame, axis: str) -> Picture:
    drawn = [
        (
            findings.factor(r["factor"]),
            r["coefficient"],
            r["low"],
            r["high"],
            style.INK if r["firm"] else pictures.UNCLEAR_INK,
        )
        for r in rows.head(MOST_DRAWN).to_dict(orient="records")
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


def _screened(findings: SweepFindings, rows: pd.DataFrame, axis: str) -> Picture:
    top = rows.sort_values("mu_star", ascending=False).head(MOST_DRAWN)
    marks = [
        Mark(findings.factor(factor), 0.0, size, style.MUTED, last=size)
        for factor, size in zip(top["factor"], top["mu_star"], strict=True)
    ]
    alt = "Size of each factor’s effect, strongest first: " + "; ".join(m.label for m in marks)
    caption = "Mean size of the effect of a factor over its range, whichever way it goes."
    return Picture("factors", draw(marks, axis=axis), alt, caption, "morris", inline=True)


def _levels(findings: SweepFindings, rows: pd.DataFrame, axis: str) -> Picture:
    marks = []
    for factor, own in rows.groupby("factor", sort=False):
        levels, means = list(own["level"]), own["mean"]
        label = f"{findings.factor(str(factor))}: {levels[0]} to {levels[-1]}"
        marks.append(Mark(label, means.min(), means.max(), style.MUTED, first=means.iloc[0], last=means.iloc[-1]))
    marks = sorted(marks, key=lambda mark: mark.low - mark.high)[:MOST_DRAWN]
    alt = f"Reach of the mean outcome over the levels of each factor: {'; '.join(m.label for m in marks)}."
    caption = (
        "Each bar spans the mean outcome over the levels of one factor; open circle: its first level, filled: its last."
    )
    svg = draw(marks, axis=axis.replace("Effect on the ", "Mean "))
    return Picture("factors", svg, alt, caption, "levels", inline=True)


def sections(findings: SweepFindings) -> list[Section]:
    """Return the sections of a page on what an outcome depends on."""
    scenario = next(iter(findings.found.manifest["resolved"]))
    text = ELSEWHERE + "<code>{}</code>, or with <code>--versus</code> and another scenario."
    spent = Markup("The sweep compares no policies, so no cost is set against another.")
    return [
        depends(findings),
        Section("time", "Who moves, over time, and why", [Markup(text).format(command("report", scenario))]),
        Section("costs", "What it costs", [spent]),
    ]


def depends(findings: SweepFindings) -> Section:
    """Return the section on what the outcome depends on."""
    picture = factors(findings) if findings.ranked else None
    said = []
    if findings.ranked:
        text = "This part is about the {} itself, whatever the policy; not about who does best."
        said = [Markup(text).format(findings.outcome_name), effects.strongest(findings)]
    known, notes = set(findings.workbook.sheets), []
    if {"regression", "levels", "morris"} & known:
        notes += [Markup("Effects are averages over everything else that the study varies.")]
    if "boxes" in known:
        notes += [Markup("A region is tried on other points, but under the same chance.")]
    drawn = [picture] if picture else []
    return Section(
        "depends", "What it depends on", said, drawn, _tables(findings), items=boxes.regions(findings), notes=notes
    )


def _tables(findings: SweepFindings) -> list[TableView]:
    sheets = findings.workbook.sheets
    table = next((t for t in ("regression", "levels") if t in sheets), None)
    if table is None:
        return []
    frame = sheets[table].frame
    rows = frame.assign(words=[findings.factor(f) for f in frame["factor"]])
    if table == "regression":
        how = _three_figures(rows["coefficient"], findings.unit)
        caption = f"Effect on the {findings.outcome_name} over a factor’s whole range"
        columns = interval_columns("Change", ("coefficient", *RUNS), how)
    else:
        rows = rows.assign(at=[str(v) for v in frame["level"]])
        how = _three_figures(rows["mean"], findings.unit)
        caption = f"Mean {findings.outcome_name} by level of each factor"
        columns = (
            Column("at", "Level"),
            Column("mean", "Mean", how, sign=True),
            *interval_columns("Difference from the first level", ("difference", "difference_low", "difference_high"), how),
        )
    return [TableView(table, caption, (Column("words", "Factor"), *columns), sortable=True, rows=rows)]


def _three_figures(values: "pd.Series[float]", unit: str) -> NumberFormat:
    """Return how a column is written, so that its largest number shows three figures."""
    how = number_format([float(values.abs().max())], unit, change=True)
    return NumberFormat(how.scale, how.places + (1 if how.places > 0 else 0), how.before, how.after)
