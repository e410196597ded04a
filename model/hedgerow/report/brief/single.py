"""One scenario by itself as a page."""

import numpy as np
import pandas as pd
from markupsafe import Markup

from hedgerow import figures
from hedgerow.report.brief import changes, limits, origin, sections
from hedgerow.report.brief.findings import ScenarioFindings, answering
from hedgerow.report.brief.page import Column, Page, Section
from hedgerow.report.brief.workbook import Workbook
from hedgerow.report.tables import alignment_bands
from hedgerow.runs import paired
from hedgerow.runs.ensemble import Ensemble
from hedgerow.runs.explain import Explanation
from hedgerow.runs.run import Run
from hedgerow.wording.verdicts import HIGHER, LOWER, SAME, UNCLEAR

VERBS = {HIGHER: "rises", LOWER: "falls", UNCLEAR: "rises in some runs, falls in others", SAME: "stays as it was"}


def movers(kept: Run) -> pd.DataFrame:
    """Return how each state's alignment changes from the start to the last month.

    Returns
    -------
    pandas.DataFrame
        As :func:`hedgerow.runs.paired.movers` gives it, a difference in time.
    """
    donors = list(kept.donor_names)
    columns = [f"alignment_{code}" for code in donors]
    panel = kept.table("panel", ["run", "month", "recipient", *columns])
    last = panel[panel["month"] == panel["month"].max()].astype({"recipient": str})
    recipients = list(dict.fromkeys(last["recipient"]))
    runs = last["run"].nunique()
    final = last[columns].to_numpy(np.float64).reshape(runs, len(recipients), len(donors))
    world = Ensemble(kept.scenario, [0], 0).batch().first
    rows = [world.recipients.index(code) for code in recipients]
    own = [world.donors.index(code) for code in donors]
    first = world.alignment[0][own][:, rows]
    return paired.movers(final.transpose(0, 2, 1) - first[None], donors, recipients)


def workbook(run: Run, states: pd.DataFrame, assumptions: pd.DataFrame | None, why: Explanation | None) -> Workbook:
    """Return the tables of the page; a single run has no intervals."""
    made, runs = Workbook(), run.manifest["runs"]
    bands, summary = alignment_bands(run), run.summary()
    bands = bands.assign(month=[m.date() for m in pd.DatetimeIndex(bands["month"])])
    if runs < 2:
        states, summary = (table.assign(low=np.nan, high=np.nan) for table in (states, summary))
    made.add("outcomes", summary, ("outcome",), "Outcomes over all runs")
    made.add("movers", states, ("donor", "recipient"), "Alignment of each state, change")
    made.add("monthly", bands, ("donor", "month"), "Mean alignment by month")
    sections.add_method(made, runs, run.scenario.months, origin.drawn(run.manifest))
    answer = float(made.cell("outcomes", answering(run.donor_names), "median"))
    return sections.add_reasons(made, assumptions, why, answer)


def page(found: ScenarioFindings) -> Page:
    """Return the page of a scenario."""
    made, donors, scenario = found.workbook, found.donors, found.scenario
    answer = [changes.answer(made, donors, scenario.title, found.last), changes.balance(made, donors, found.outcome)]
    how = "Mean change since the start, over all runs."
    who = [sections.who_moves(found, "Change since the start", how)] if len(donors) > 1 else []
    rest = [_over_time(found), sections.why(found), sections.depends(found), _costs(found), limits.section(made)]
    base = found.origin.against.strip("“”")
    compare = [changes.comparison_needed(found.name, base)] if base else []
    picture = sections.answer_picture(
        found,
        VERBS,
        axis="Change since the start, mean over all states, on a scale from 0 to 1",
        alt="Change of mean alignment since the start, middle run and nine in ten runs. {}.",
        caption="Dots: the middle run. Bars: nine in ten runs. Grey: runs differ in direction.",
    )
    warnings: list[Markup] = [*sections.warnings(made), *compare]
    return Page(
        "one scenario", scenario.title, scenario.question, answer, picture, [*who, *rest], found.origin, made, warnings
    )


def _over_time(found: ScenarioFindings) -> Section:
    rows = found.workbook.frame("monthly").assign(month=lambda t: pd.to_datetime(t["month"]))
    return sections.over_time(
        changes.final_alignment(found.workbook, found.donors, found.last),
        figures.alignment_over_time(rows, names=found.donors),
        "Mean alignment with each donor, month by month.",
        "Mean alignment by month. Lines: the middle run; bands: nine in ten runs.",
    )


def _costs(found: ScenarioFindings) -> Section:
    rows = sections.priced(found, "meetings_{}")
    columns = (
        Column("median", "Middle run"),
        Column("low", "Low (one in twenty runs below)"),
        Column("high", "High (one in twenty above)"),
    )
    view = sections.costs_view(found, rows, "Costs and side effects over all runs", columns)
    spent = [w for w in rows.index if w.startswith(("spent_usd", "officers_"))]
    items = [changes.middle_run(found.workbook, w) for w in spent]
    return Section("costs", "What it costs", tables=[view], items=items)
