"""A comparison of two scenarios as a page."""

import numpy as np
import pandas as pd

from hedgerow import figures
from hedgerow.report.brief import doubts, limits, origin, sections, sentences
from hedgerow.report.brief.findings import ScenarioFindings, answering
from hedgerow.report.brief.page import Column, Page, Section, interval_columns
from hedgerow.report.brief.sentences import DIFFERENCE
from hedgerow.report.brief.workbook import Workbook
from hedgerow.report.tables import own_rows
from hedgerow.runs.compare import Comparison
from hedgerow.runs.explain import Explanation
from hedgerow.wording.names import the
from hedgerow.wording.verdicts import HIGHER, LOWER, ONE_RUN, SIDED

SHEETS = {
    "differences": (("outcome",), "Outcomes, difference from the base"),
    "movers": (("donor", "recipient"), "Alignment of each state, difference"),
    "monthly": (("donor", "month"), "Mean alignment by month, difference"),
    "backfill": (("donor", "rival"), "Officers added per officer denied"),
}


def workbook(comparison: Comparison, name: str, assumptions: pd.DataFrame | None, why: Explanation | None) -> Workbook:
    """Return the tables of the page; a single pair of runs has no intervals."""
    made, about = Workbook(), comparison.manifest
    own = {key: own_rows(getattr(comparison, key), name) for key in SHEETS}
    if about["runs"] < 2:
        own["movers"] = own["movers"].assign(low=np.nan, high=np.nan)
    own["monthly"] = own["monthly"].assign(month=[m.date() for m in pd.DatetimeIndex(own["monthly"]["month"])])
    for key, (keys, holds) in SHEETS.items():
        made.add(key, own[key], keys, holds)
    sections.add_method(made, about["runs"], comparison.variants[name].months, origin.drawn(about))
    answer = float(made.cell(DIFFERENCE.table, answering(comparison.donor_names), DIFFERENCE.middle))
    return sections.add_reasons(made, assumptions, why, answer)


def page(found: ScenarioFindings) -> Page:
    """Return the page of a comparison."""
    made, donors, scenario = found.workbook, found.donors, found.scenario
    names = (scenario.title, found.base.title if found.base else "")
    answer = [sentences.compared(made, donors, found.outcome, names, found.last), doubts.leaning(made, donors, found.said)]
    how = "Mean change within pairs of runs that share their chance events."
    who = [sections.who_moves(found, "Change", how)] if len(donors) > 1 else []
    rest = [_over_time(found), sections.why(found), sections.depends(found), _costs(found), limits.section(made)]
    picture = sections.answer_picture(
        found,
        {HIGHER: "higher", LOWER: "lower", ONE_RUN: "one pair of runs"},
        axis="Difference from the base, mean over all states, on a scale from 0 to 1",
        alt="Difference from the base, with its interval. {}. Numbers: the first table below.",
        caption="Dots: mean difference. Bars: 90% interval of the mean over pairs of runs with the "
        "same chance events. Grey: no clear difference.",
    )
    return Page(
        "comparison",
        scenario.title,
        scenario.question,
        answer,
        picture,
        [*who, *rest],
        found.origin,
        made,
        sections.warnings(made),
    )


def _over_time(found: ScenarioFindings) -> Section:
    rows = found.workbook.frame("monthly").assign(month=lambda t: pd.to_datetime(t["month"]))
    figure = figures.difference_over_time(
        rows,
        names={code: the(donor) for code, donor in found.donors.items()},
        title="Difference in mean alignment, month by month",
        note="Simulated. Alignment is averaged over all states: 0 means none, 1 means full.",
    )
    return sections.over_time(
        sentences.over_time(found.workbook, found.donors, found.months),
        figure,
        "Difference in mean alignment by month.",
        "A panel a donor. Bands hold half of all runs, and nine in ten.",
    )


def _costs(found: ScenarioFindings) -> Section:
    rows = sections.priced(found)
    readings = {w: sentences.supported(found.workbook, w)[0] for w in rows.index}
    moved = [w for w, said in readings.items() if said in (*SIDED, ONE_RUN)]
    still = [w for w in rows.index if w not in moved and w.startswith("spent_usd")]
    columns = (
        Column("base_median", "Base, median"),
        *interval_columns("Mean difference", DIFFERENCE.columns),
        Column("reading", "Reading"),
    )
    caption = "Costs and side effects: the base, and the difference from it"
    view = sections.costs_view(found, rows.assign(reading=list(readings.values())), caption, columns, "base_median")
    items = sentences.cost_sentences(found.workbook, still + moved) + sentences.backfill(found.workbook, found.donors)
    return Section("costs", "What it costs", tables=[view], items=items)
