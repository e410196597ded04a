"""What each factor of a sample does: a linear fit, alone or together, and pairs of factors.

Points of a sweep share their chance, which the scatter of points about a fit does not show: a
slope may differ from replication to replication. Where points were run more than once, intervals
hold both.
"""

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import pandas as pd
from scipy.special import stdtr, stdtrit

from hedgerow.analysis.grids import CROSS
from hedgerow.analysis.intervals import UPPER
from hedgerow.core.numbers import BoolArray, FloatArray

FALSE = 0.1
"""Share of the effects called firm that may be due to luck."""
ENOUGH = 2
"""Points that a fit needs for each of its terms."""


def regression(
    table: pd.DataFrame,
    factors: Sequence[str],
    outcome: str,
    ranges: dict[str, tuple[float, float]] | None = None,
    runs: FloatArray | None = None,
) -> pd.DataFrame:
    """Return what each sampled factor does to an outcome, by least squares.

    Parameters
    ----------
    table : pandas.DataFrame
        A row a point: the factors, numbers, and the outcome, averaged over replications.
    factors : sequence of str
    outcome : str
    ranges : dict, optional
        Range of a factor, for the coefficients; the range visited by default.
    runs : numpy.ndarray, optional
        The outcome of every replication, ``(points, replications)``, in the order of the table.
        Without it, or with one replication, intervals hold the scatter of points alone.

    Returns
    -------
    pandas.DataFrame
        A row a factor, strongest first: ``coefficient``, the outcome's change over the factor's whole range;
        ``standardized``, in standard deviations of both; their intervals; ``probability`` of a slope as large were
        there none; ``firm``, whether it passes at a false discovery rate of 10% among all factors; ``alone``, whether
        factors were fitted one at a time because points are fewer than twice the terms; ``explained``, the share of
        variance explained by the fit (of that factor alone where fitted alone).

    References
    ----------
    Saltelli et al. (2008). Global Sensitivity Analysis: the Primer, section 1.2.5.
    Benjamini and Hochberg (1995). Journal of the Royal Statistical Society B 57, 289-300.
    """
    x, y = table[list(factors)].to_numpy(float), table[outcome].to_numpy(float)
    alone = len(y) < ENOUGH * (len(factors) + 1)
    if alone:
        fits = [_fit(x[:, [i]], y, runs) for i in range(len(factors))]
        slope, half, probability = (np.concatenate([f[k] for f in fits]) for k in range(3))
        explained = np.array([f[3] for f in fits])
    else:
        slope, half, probability, share = _fit(x, y, runs)
        explained = np.full(len(factors), share)
    visited = {f: (x[:, i].min(), x[:, i].max()) for i, f in enumerate(factors)} | (ranges or {})
    width = np.array([visited[f][1] - visited[f][0] for f in factors])
    scale = x.std(axis=0) / y.std() if y.std() > 0 else np.full(len(factors), np.nan)
    found = {"outcome": outcome, "factor": list(factors)}
    for name, unit in (("coefficient", width), ("standardized", scale)):
        ends = ("low", "high") if name == "coefficient" else (f"{name}_low", f"{name}_high")
        values = (slope * unit, (slope - half) * unit, (slope + half) * unit)
        found |= dict(zip((name, *ends), values, strict=True))
    more = {"probability": probability, "firm": firm(probability), "alone": alone}
    result = pd.DataFrame(found | more | {"explained": explained})
    order = result["standardized"].abs().sort_values(ascending=False, kind="stable").index
    return result.loc[order].reset_index(drop=True)


def pairs(table: pd.DataFrame, factors: Sequence[str], outcome: str, runs: FloatArray | None = None) -> pd.DataFrame:
    """Return how far pairs of sampled factors do more, or less, together than each alone.

    Parameters
    ----------
    table, factors, outcome, runs
        As for :func:`regression`.

    Returns
    -------
    pandas.DataFrame
        A row a pair, strongest first: the ``standardized`` coefficient of the product of both, in
        a fit with all factors, squares and pairs; interval, ``probability`` and ``firm`` as for
        :func:`regression`. No rows where points are fewer than twice the terms.
    """
    names = ["outcome", "term", "standardized", "low", "high", "probability", "firm"]
    p = len(factors)
    terms = list(combinations(range(p), 2))
    if p < 2 or len(table) < ENOUGH * (1 + 2 * p + len(terms)):
        return pd.DataFrame(columns=names)
    x, y = table[list(factors)].to_numpy(float), table[outcome].to_numpy(float)
    z = (x - x.mean(axis=0)) / x.std(axis=0)
    crossed = np.stack([z[:, i] * z[:, j] for i, j in terms], axis=1)
    slope, half, probability, _ = _fit(np.concatenate([z, z**2, crossed], axis=1), y, runs)
    scale = 1 / y.std() if y.std() > 0 else np.nan
    kept = slice(2 * p, None)
    result = pd.DataFrame(
        {
            "outcome": outcome,
            "term": [f"{factors[i]}{CROSS}{factors[j]}" for i, j in terms],
            "standardized": slope[kept] * scale,
            "low": (slope - half)[kept] * scale,
            "high": (slope + half)[kept] * scale,
            "probability": probability[kept],
            "firm": firm(probability[kept]),
        }
    )[names]
    order = result["standardized"].abs().sort_values(ascending=False, kind="stable").index
    return result.loc[order].reset_index(drop=True)


def firm(probability: FloatArray) -> BoolArray:
    """Return which results pass at a false discovery rate of :data:`FALSE`.

    Examples
    --------
    >>> firm(np.array([0.001, 0.5, 0.04])).tolist()
    [True, False, True]
    """
    n = len(probability)
    order = np.argsort(probability)
    passed = probability[order] <= FALSE * np.arange(1, n + 1) / n
    last = int(np.max(np.nonzero(passed)[0])) if passed.any() else -1
    result = np.zeros(n, dtype=bool)
    result[order[: last + 1]] = True
    return result


def _fit(x: FloatArray, y: FloatArray, runs: FloatArray | None) -> tuple[FloatArray, FloatArray, FloatArray, float]:
    """Return slopes, half of their intervals, their probabilities, and the share explained."""
    n, p = x.shape
    # In standard deviations: ranges differ by orders of size, which a solver takes for dependence.
    size = np.where(x.std(axis=0) > 0, x.std(axis=0), 1.0)
    centred, gap = (x - x.mean(axis=0)) / size, y - y.mean()
    slope = np.linalg.lstsq(centred, gap, rcond=None)[0]
    left = float(((gap - centred @ slope) ** 2).sum())
    free, total = n - p - 1, float((gap**2).sum())
    if free < 1:
        nothing = np.full(p, np.nan)
        return slope / size, nothing, nothing, float("nan")
    spread = np.maximum(np.diag(np.linalg.pinv(centred.T @ centred)), 0)
    error, degrees = np.sqrt(spread * left / free), np.full(p, float(free))
    if runs is not None and runs.shape[1] > 1:
        error, degrees = _with_chance(centred, spread, error, runs)
    ratio = np.divide(np.abs(slope), error, out=np.full(p, np.inf), where=error > 0)
    ratio = np.where((slope == 0) & (error == 0), 0.0, ratio)
    probability = 2 * stdtr(degrees, -ratio)
    explained = 1 - left / total if total > 0 else float("nan")
    return slope / size, stdtrit(degrees, UPPER) * error / size, probability, explained


def _with_chance(x: FloatArray, spread: FloatArray, error: FloatArray, runs: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return errors of slopes with what differs between replications, and degrees of freedom.

    The variance of a slope over replications holds chance that all points share and chance of
    each point; the scatter of points holds the latter already, so that is taken out first. Where
    anything is left, degrees of freedom are those of the replications: rather too few than too
    many, as a mixture's (Satterthwaite's) hold too little for two to six replications.
    """
    (n, p), times = x.shape, runs.shape[1]
    gap = runs - runs.mean(axis=0)
    slopes = np.linalg.lstsq(x, gap, rcond=None)[0]
    left = gap - x @ slopes
    own = ((left - left.mean(axis=1, keepdims=True)) ** 2).sum() / (times - 1) / (n - p - 1)
    shared = np.maximum(slopes.var(axis=1, ddof=1) - spread * own, 0) / times
    free = np.where(shared > 0, times - 1, n - p - 1).astype(np.float64)
    return np.sqrt(error**2 + shared), free
