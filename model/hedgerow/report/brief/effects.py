"""Sentences of a sweep's page on how an outcome is spread, and which factor moves it most."""

from typing import Any

import numpy as np
import pandas as pd
from markupsafe import Markup

from hedgerow.analysis.grids import CROSS
from hedgerow.analysis.intervals import of_mean
from hedgerow.report.brief.findings import SweepFindings
from hedgerow.report.brief.sentences import RUNS, SPANS_ZERO, name
from hedgerow.report.brief.workbook import with_unit
from hedgerow.wording.numbers import number_format
from hedgerow.wording.verdicts import HIGHER, LOWER, ONE_RUN, SIDED, UNCLEAR, verdict

ONCE = "each point ran once, so what chance would change is not known"
NO_FACTOR = Markup("No factor of the grid moves it.")
LEVEL_ENDS = ("difference_low", "difference_high")


def spread_counts(findings: SweepFindings) -> list[tuple[str, float]]:
    """Return how the outcome is spread over points and over chance, for sentences."""
    low, middle, high = np.quantile(findings.means, [0.05, 0.5, 0.95])
    runs = findings.runs.mean(axis=1)
    ends = of_mean(runs)
    return [
        ("spread_low", low),
        ("spread_middle", middle),
        ("spread_high", high),
        ("mean", float(runs.mean())),
        ("mean_low", float(ends[0])),
        ("mean_high", float(ends[1])),
        ("factors", _factors(findings)),
    ]


def _factors(findings: SweepFindings) -> int:
    """Return how many factors are told apart by their effect."""
    tables = findings.found.tables
    counted = next((tables[t] for t in ("regression", "morris") if t in tables), None)
    return len(findings.found.factors) if counted is None else counted["factor"].nunique()


def answer(findings: SweepFindings) -> list[Markup]:
    """Return how an outcome is spread over the points, and what moves it most."""
    workbook = findings.workbook
    middle, low, high = (f"spread_{k}" for k in ("middle", "low", "high"))
    ends = [workbook.value(k) for k in (middle, low, high)]
    how = number_format(ends, findings.unit, change=True)
    shown = {k: workbook.number("counts", k, "value", how, sign=True) for k in (low, middle, high)}
    text = "Over {} points, the {} lies between {} in nine of ten, in the middle {}; {}."
    first = Markup(text).format(
        workbook.count("points"),
        findings.outcome_name,
        with_unit(how, Markup("{} and {}").format(shown[low], shown[high])),
        shown[middle],
        _side(findings, ends[1], ends[2]),
    )
    return [first, strongest(findings)]


def _side(findings: SweepFindings, low: float, high: float) -> Markup:
    """Return on which side of zero the points lie, as far as chance leaves that sure."""
    workbook = findings.workbook
    ends = [workbook.value(f"mean{k}") for k in ("", "_low", "_high")]
    where = {HIGHER: "above", LOWER: "below"}.get(verdict(low, high))
    side = f"nineteen points of twenty are {where} zero" if where else ""
    if not side and (findings.means < 0).any() and (findings.means > 0).any():
        side = "its sign depends on the factors"
    said = verdict(*ends[1:])
    if said == ONE_RUN:
        return Markup(f"{side}; {ONCE}" if side else ONCE)
    how = number_format(ends, findings.unit, change=True)
    low_, high_ = (workbook.number("counts", k, "value", how, sign=True) for k in ("mean_low", "mean_high"))
    mean = Markup("averaged over all points it is {} ({} interval {}").format(
        workbook.sized("counts", "mean", "value", how, sign=True),
        workbook.quantity("method", "level", "value", "share"),
        with_unit(how, Markup("{} to {}").format(low_, high_)),
    )
    if said == UNCLEAR:
        return Markup("{}" + SPANS_ZERO + "), so that chance leaves its sign open").format(mean)
    return Markup("{}); {}").format(mean, side) if side else Markup("{})").format(mean)


def strongest(findings: SweepFindings) -> Markup:
    """Return which factor moves the outcome most, and what is known of it."""
    sheets = findings.workbook.sheets
    for table, sentence in (("regression", _slope), ("morris", _screened), ("effects", _share), ("levels", _level)):
        if table in sheets:
            return sentence(findings, sheets[table].frame)
    return Markup("Too few points are done to say which factor moves it.")


def _named(findings: SweepFindings, term: str) -> Markup:
    return name(" and ".join(findings.factor(path) for path in term.split(CROSS)))


def _slope(findings: SweepFindings, rows: pd.DataFrame) -> Markup:
    workbook, row = findings.workbook, rows.iloc[0]
    key = str(row["factor"])
    how = number_format([row["coefficient"], row["low"], row["high"]], findings.unit, change=True)
    between = workbook.interval("regression", key, RUNS, how)
    if not row["firm"] or verdict(row["low"], row["high"]) not in SIDED:
        text = (
            "No one of {} factors moves it clearly; the nearest to doing so is {} (from one end of "
            "its range to the other, {}), which may be luck."
        )
        return Markup(text).format(workbook.count("factors"), _named(findings, key), between)
    size = workbook.sized("regression", key, "coefficient", how, sign=True)
    text = "Of {} factors, {} moves it most: by {} from the low end of its range to the high end ({})."
    return Markup(text).format(workbook.count("factors"), _named(findings, key), size, between)


def _screened(findings: SweepFindings, rows: pd.DataFrame) -> Markup:
    workbook, row = findings.workbook, rows.sort_values("mu_star", ascending=False).iloc[0]
    how = number_format([row["mu_star"]], findings.unit, change=True)
    text = (
        "Of {} factors, {} moves it most: by {} in size, on average, from one end of its range "
        "to the other; other factors decide how much."
    )
    size = workbook.sized("morris", row["factor"], "mu_star", how)
    return Markup(text).format(workbook.count("factors"), _named(findings, str(row["factor"])), size)


def _share(findings: SweepFindings, rows: pd.DataFrame) -> Markup:
    workbook, row = findings.workbook, rows[rows["kind"] != "rest"].sort_values("share", ascending=False).iloc[0]
    if pd.isna(row["share"]):
        return NO_FACTOR
    term = str(row["term"])
    share = workbook.quantity("effects", term, "share", "share")
    text = "Of {} factors, {} accounts for more than any other: {} of the variance between points{}."
    return Markup(text).format(workbook.count("factors"), _named(findings, term), share, _share_ends(findings, row))


def _share_ends(findings: SweepFindings, row: Any) -> Markup:
    """Return the interval of a share, or why there is none; a share of nothing is luck."""
    if pd.isna(row["low"]):
        return Markup(f" ({ONCE})" if findings.found.replications < 2 else ", which may be luck")
    workbook, key = findings.workbook, str(row["term"])
    how = number_format([row["share"], row["low"], row["high"]], "share")
    luck = ", so that it may be luck" if row["low"] <= 0 else ""
    return Markup(" ({}{})").format(workbook.interval("effects", key, RUNS, how, sign=False), luck)


def _level(findings: SweepFindings, rows: pd.DataFrame) -> Markup:
    workbook, rows = findings.workbook, rows.dropna(subset=["difference"])
    if rows.empty:
        return Markup("The points do not show which factor moves it.")
    row = rows.iloc[int(rows["difference"].abs().to_numpy().argmax())]
    key = f"{row['factor']}/{row['level']}"
    low, high = (row[end] for end in LEVEL_ENDS)
    said = verdict(low, high)
    how = number_format([row["difference"], low, high], findings.unit, change=True)
    size = workbook.sized("levels", key, "difference", how, sign=True)
    ends = Markup(ONCE)
    if said != ONE_RUN:
        ends = workbook.interval("levels", key, LEVEL_ENDS, how)
        ends += f"{SPANS_ZERO}: {UNCLEAR}" if said == UNCLEAR else ""
    text = "It moves most with {}: at {}, by {} from the first level ({})."
    return Markup(text).format(_named(findings, str(row["factor"])), name(str(row["level"])), size, ends)
