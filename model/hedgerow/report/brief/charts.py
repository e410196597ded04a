"""Figures of a sweep’s page beyond the first: ranks, where a policy pays, gain against cost."""

from typing import TYPE_CHECKING

import pandas as pd

from hedgerow import analysis, figures
from hedgerow.report.brief import pictures
from hedgerow.report.brief.page import Picture
from hedgerow.report.brief.sentences import titled
from hedgerow.runs.summary import label

if TYPE_CHECKING:
    from hedgerow.report.brief.swept import Told

MOST = 16
"""Policies whose ranks a figure has room for."""


def _frame(told: "Told", name: str) -> pd.DataFrame:
    """Return a table of the page, policies by their titles."""
    frame = told.book.kept[name].frame
    return frame.assign(policy=frame["title"]) if "title" in frame else frame


def ranks(told: "Told") -> list[Picture]:
    """Return how often each policy takes each rank."""
    if not 2 < _frame(told, "ranks")["policy"].nunique() <= MOST:
        return []
    figure = figures.acceptability(_frame(told, "ranks"))
    caption = "In what share of worlds each policy takes each rank; the best mean rank first."
    return [pictures.of(figure, "ranks", "Ranks of the policies.", caption, "ranks")]


def threshold(told: "Told") -> list[Picture]:
    """Return where, over a grid, a policy pays against the base."""
    if "threshold" not in told.book.kept:
        return []
    way = analysis.better(told.outcome, told.found.side, list(told.donors))
    figure = figures.threshold_map(_frame(told, "threshold"), better=way, unit=told.unit)
    caption = "Difference from the base, cell by cell. Hatched: no clear difference."
    return [pictures.of(figure, "threshold", "Where it pays.", caption, "threshold")]


def front(told: "Told") -> list[Picture]:
    """Return which policies no other beats on cost, alignment, rights and capability together."""
    if "pareto" not in told.book.kept or told.book.kept["pareto"].frame["policy"].nunique() < 3:
        return []
    frame = _frame(told, "pareto").drop(columns="title", errors="ignore")
    fixed = {"policy", "on_front", "share_on_front", "low", "high"}
    goals = [c for c in frame.columns if c not in fixed][:2]
    named = [f"{titled(n)} ({u})" for n, u in (label(g, told.donors) for g in goals)]
    figure = figures.front(frame, labels=(named[0], named[1]))
    caption = "What each policy costs and gains. Filled: no other is as good in every goal."
    return [pictures.of(figure, "front", "What is gained for what.", caption, "pareto")]
