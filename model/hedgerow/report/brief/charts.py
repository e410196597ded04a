"""Figures of a sweep’s page beyond the first: ranks, where a policy pays, gain against cost."""

import pandas as pd

from hedgerow import figures
from hedgerow.report.brief import pictures
from hedgerow.report.brief.findings import SweepFindings
from hedgerow.report.brief.page import Picture
from hedgerow.runs.summary import label
from hedgerow.wording.names import titled

MOST_RANKED = 16
"""Policies whose ranks a figure has room for."""


def _titled(findings: SweepFindings, table: str) -> pd.DataFrame:
    """Return a table of the page, policies by their titles."""
    frame = findings.workbook.frame(table)
    return frame.assign(policy=frame["title"]) if "title" in frame else frame


def ranks(findings: SweepFindings) -> list[Picture]:
    """Return how often each policy takes each rank."""
    frame = _titled(findings, "ranks")
    if not 2 < frame["policy"].nunique() <= MOST_RANKED:
        return []
    caption = "In what share of worlds each policy takes each rank; the best mean rank first."
    return [pictures.of(figures.acceptability(frame), "ranks", "Ranks of the policies.", caption, "ranks")]


def threshold(findings: SweepFindings) -> list[Picture]:
    """Return where, over a grid, a policy pays against the base."""
    if "threshold" not in findings.workbook.sheets:
        return []
    figure = figures.threshold_map(_titled(findings, "threshold"), better=findings.better, unit=findings.unit)
    caption = "Difference from the base, cell by cell. Hatched: no clear difference."
    return [pictures.of(figure, "threshold", "Where it pays.", caption, "threshold")]


def front(findings: SweepFindings) -> list[Picture]:
    """Return which policies no other beats on cost, alignment, rights and capability together."""
    sheets = findings.workbook.sheets
    if "pareto" not in sheets or sheets["pareto"].frame["policy"].nunique() < 3:
        return []
    frame = _titled(findings, "pareto").drop(columns="title", errors="ignore")
    fixed = {"policy", "on_front", "share_on_front", "low", "high"}
    goals = [c for c in frame.columns if c not in fixed][:2]
    one, two = (f"{titled(n)} ({u})" for n, u in (label(g, findings.donors) for g in goals))
    caption = "What each policy costs and gains. Filled: no other is as good in every goal."
    figure = figures.front(frame, labels=(one, two))
    return [pictures.of(figure, "front", "What is gained for what.", caption, "pareto")]
