"""Statistics of paired runs: differences, movers, backfill and their course over months.

Each function takes arrays of a base and a variant whose run ``k`` drew the same chance, and
returns a tidy table. A new statistic is a function here and a line in
:mod:`hedgerow.runs.compare`.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import stdtrit

from hedgerow.core.numbers import FloatArray
from hedgerow.data import start
from hedgerow.runs.summary import HIGH, LOW, label
from hedgerow.scenario.place import rivals
from hedgerow.scenario.schema import Scenario

RESAMPLES = 2000
BOTH = "difference"


def mean_interval(values: FloatArray) -> tuple[float, float]:
    """Return the 90% interval of a mean by Student's t; NaN for a single value."""
    n = len(values)
    if n < 2:
        return float("nan"), float("nan")
    half = float(stdtrit(n - 1, HIGH)) * float(values.std(ddof=1)) / float(np.sqrt(n))
    return float(values.mean()) - half, float(values.mean()) + half


def variance_saved(base: FloatArray, variant: FloatArray) -> float:
    """Return the share of variance that pairing takes from a difference; NaN if none varies."""
    if len(base) < 2:
        return float("nan")
    apart = float(base.var(ddof=1) + variant.var(ddof=1))
    return 1.0 - float((variant - base).var(ddof=1)) / apart if apart > 0 else float("nan")


def differences(base: Mapping[str, FloatArray], variant: Mapping[str, FloatArray], names: dict[str, str]) -> pd.DataFrame:
    """Return how each outcome that both have differs, variant less base, within pairs of runs.

    Returns
    -------
    pandas.DataFrame
        A row an outcome. ``mean_low`` and ``mean_high`` hold the mean difference, with 90%
        confidence; ``low`` and ``high`` are the 5th and 95th percentile of differences over runs.
        ``variance_saved`` is 1 - var(difference) / (var(base) + var(variant)).
    """
    rows = []
    for outcome in [name for name in base if name in variant]:
        one, two = base[outcome], variant[outcome]
        gap = two - one
        name, unit = label(outcome, names)
        mean_low, mean_high = mean_interval(gap)
        low, middle, high = np.quantile(gap, [LOW, 0.5, HIGH])
        rows.append(
            {
                "outcome": outcome,
                "name": name,
                "unit": unit,
                "base_median": np.median(one),
                "variant_median": np.median(two),
                "mean_difference": gap.mean(),
                "mean_low": mean_low,
                "mean_high": mean_high,
                "median_difference": middle,
                "low": low,
                "high": high,
                "share_positive": (gap > 0).mean(),
                "share_zero": (gap == 0).mean(),
                "share_negative": (gap < 0).mean(),
                "variance_saved": variance_saved(one, two),
            }
        )
    return pd.DataFrame(rows)


def movers(change: NDArray[Any], donors: list[str], recipients: list[str]) -> pd.DataFrame:
    """Return how each state's alignment in the last month differs within pairs of runs.

    Parameters
    ----------
    change : numpy.ndarray
        ``(runs, donors, states)``, variant less base, 0-1.
    donors, recipients : list of str
        Codes.

    Returns
    -------
    pandas.DataFrame
        A row a state and ``donor``; where there are two, first the rows of their ``difference``
        (first less second). Within a donor the largest absolute ``mean`` stands first. ``low`` and
        ``high`` are the 5th and 95th percentile over runs.
    """
    known, parts = start.names(), []
    views = {code: change[:, d].astype(np.float64) for d, code in enumerate(donors)}
    if len(donors) > 1:
        views = {BOTH: views[donors[0]] - views[donors[1]], **views}
    for donor, values in views.items():
        low, high = np.quantile(values, [LOW, HIGH], axis=0)
        part = pd.DataFrame(
            {
                "recipient": recipients,
                "name": [known[code] for code in recipients],
                "donor": donor,
                "mean": values.mean(axis=0),
                "low": low,
                "high": high,
                "share_positive": (values > 0).mean(axis=0),
            }
        )
        order = np.argsort(-part["mean"].abs().to_numpy(), kind="stable")
        parts.append(part.iloc[order])
    return pd.concat(parts, ignore_index=True)


def rival_pairs(scenario: Scenario) -> list[tuple[str, str]]:
    """Return every donor with every one of its rivals."""
    codes, apart = list(scenario.donors), rivals(scenario.donors)
    return [(a, b) for i, a in enumerate(codes) for j, b in enumerate(codes) if apart[i, j]]


def backfill(
    base: Mapping[str, FloatArray], variant: Mapping[str, FloatArray], pairs: Sequence[tuple[str, str]]
) -> pd.DataFrame:
    """Return how many officers a rival adds for each officer a donor denies.

    The ratio is the mean change of officers the rival trains over the mean change of officers the donor denies, both
    variant less base over pairs of runs: 1 means that the rival makes up for all, 0 for none, below 0 that it trains
    fewer where more are denied. NaN where the donor denies as many as before. Its 90% interval is a bootstrap of pairs
    of runs; NaN where resamples do not agree whether more or fewer are denied, because the ratio then has no bounds.

    Returns
    -------
    pandas.DataFrame
        Columns ``donor``, ``rival``, ``denied_difference`` and ``officers_difference`` (people),
        ``ratio``, ``low`` and ``high``.
    """
    rows = []
    for donor, rival in pairs:
        columns = f"officers_denied_{donor}", f"officers_{rival}"
        denied, added = (variant[name] - base[name] for name in columns)
        mean = float(denied.mean())
        ratio = float(added.mean()) / mean if mean != 0 else float("nan")
        low, high = _ratio_interval(added, denied)
        rows.append((donor, rival, mean, float(added.mean()), ratio, low, high))
    columns_ = ["donor", "rival", "denied_difference", "officers_difference", "ratio", "low", "high"]
    return pd.DataFrame(rows, columns=columns_)


def _ratio_interval(above: FloatArray, below: FloatArray) -> tuple[float, float]:
    """Return the bootstrap 90% interval of a ratio of means; NaN where it has no bounds."""
    nothing = float("nan"), float("nan")
    if len(below) < 2:
        return nothing
    # A seed of its own, so that the interval is the same whatever the experiment's seed.
    draws = np.random.default_rng(0)
    picks = (draws.integers(len(below), size=len(below)) for _ in range(RESAMPLES))
    means = np.array([(above[p].mean(), below[p].mean()) for p in picks])
    if means[:, 1].min() <= 0.0 <= means[:, 1].max():
        return nothing
    low, high = np.quantile(means[:, 0] / means[:, 1], [LOW, HIGH])
    return float(low), float(high)


def monthly(change: FloatArray, donors: list[str], scenario: Scenario) -> pd.DataFrame:
    """Return how mean alignment over states differs, month by month, within pairs of runs.

    Parameters
    ----------
    change : numpy.ndarray
        ``(runs, months, donors)``, variant less base, 0-1.

    Returns
    -------
    pandas.DataFrame
        A row a ``donor`` and ``month``: ``mean``, ``median``, and the percentiles ``low`` (5th),
        ``quarter`` (25th), ``three_quarters`` (75th) and ``high`` (95th) over runs.
    """
    months = pd.date_range(scenario.start, periods=scenario.months, freq="MS")
    names = ["low", "quarter", "median", "three_quarters", "high"]
    parts = []
    for d, donor in enumerate(donors):
        spread = np.quantile(change[:, :, d], [LOW, 0.25, 0.5, 0.75, HIGH], axis=0)
        part = pd.DataFrame({"donor": donor, "month": months, "mean": change[:, :, d].mean(axis=0)})
        parts.append(part.assign(**dict(zip(names, spread, strict=True))))
    return pd.concat(parts, ignore_index=True)
