"""What each factor of a grid does: main effects, interactions and the share of chance.

All points of a sweep share their chance: replication ``k`` of every point draws the same numbers.
An effect is therefore computed within each replication and averaged, and its interval holds what
chance leaves of it, far less than the spread of single runs.
"""

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import pandas as pd

from hedgerow.analysis.intervals import jackknifed, of_mean
from hedgerow.core.numbers import FloatArray
from hedgerow.runs.folder import FolderError
from hedgerow.runs.summary import label

CROSS = " x "
REST = "higher interactions"


def matrix(frame: pd.DataFrame, outcome: str) -> pd.DataFrame:
    """Return an outcome by replication (rows) and point (columns), cut to what all points have."""
    table = frame.pivot(index="replication", columns="point", values=outcome)
    return table.dropna()


def chance(frame: pd.DataFrame, outcome: str, names: dict[str, str] | None = None) -> pd.DataFrame:
    """Return how much of the variance of single runs is due to factors and how much to chance.

    Parameters
    ----------
    frame : pandas.DataFrame
        Columns ``point``, ``replication`` and the outcome.
    outcome : str
    names : dict, optional
        Donor names by code, for the outcome's name.

    Returns
    -------
    pandas.DataFrame
        One row: ``mean`` and ``sd`` of runs, and shares of their variance: ``share_factors``;
        ``share_common``, chance that moves all points alike, which pairing removes; and
        ``share_own``, chance that differs from point to point. Not a number for one replication.

    References
    ----------
    Searle, Casella and McCulloch (1992). Variance Components, chapter 4: the two-way layout.
    """
    table = matrix(frame, outcome).to_numpy()
    runs = frame[outcome]
    name, unit = label(outcome, names or {})
    shares = _components(table)
    row = {
        "outcome": outcome,
        "name": name,
        "unit": unit,
        "points": frame["point"].nunique(),
        "replications": len(table),
        "mean": runs.mean(),
        "sd": runs.std(),
        **dict(zip(("share_factors", "share_common", "share_own"), shares, strict=True)),
    }
    return pd.DataFrame([row])


def _components(table: FloatArray) -> FloatArray:
    """Return shares of variance of a two-way layout, (replications, points), one run a cell."""
    reps, points = table.shape
    if reps < 2 or points < 2:
        return np.full(3, np.nan)
    by_point, by_rep, grand = table.mean(axis=0), table.mean(axis=1), table.mean()
    rest = table - by_point - by_rep[:, None] + grand
    own = float((rest**2).sum()) / ((reps - 1) * (points - 1))
    factors = max(float(by_point.var(ddof=1)) - own / reps, 0.0)
    common = max(float(by_rep.var(ddof=1)) - own / points, 0.0)
    total = factors + common + own
    return np.array([factors, common, own]) / total if total > 0 else np.full(3, np.nan)


def effects(frame: pd.DataFrame, factors: Sequence[str], outcome: str) -> pd.DataFrame:
    """Return the share of an outcome's variance over a full grid that each factor causes.

    Parameters
    ----------
    frame : pandas.DataFrame
        Columns ``point``, ``replication``, the factors and the outcome.
    factors : sequence of str
        Factors that were crossed, every level with every other.
    outcome : str

    Returns
    -------
    pandas.DataFrame
        A row a ``term`` (a factor, a pair ``a x b``, the rest) with its ``share`` of the variance
        of the points' means, chance taken out, and its interval over replications (jackknife).

    Raises
    ------
    FolderError
        If the grid is not complete.
    """
    table = matrix(frame, outcome)
    cube = _cube(frame, factors, table)
    terms = [(f,) for f in factors] + list(combinations(factors, 2))
    parts = _parts(cube, factors, terms)
    estimate = _shares(parts)
    reps = len(table)
    left_out = (
        np.array([_shares([np.delete(p, r, axis=0) for p in parts]) for r in range(reps)])
        if reps > 2
        else np.empty((0, len(parts)))
    )
    low, high = jackknifed(left_out, estimate)
    kinds = ["main"] * len(factors) + ["interaction"] * (len(terms) - len(factors)) + ["rest"]
    return pd.DataFrame(
        {
            "outcome": outcome,
            "term": [CROSS.join(t) for t in terms] + [REST],
            "kind": kinds,
            "share": estimate,
            "low": np.clip(low, 0, 1),
            "high": np.clip(high, 0, 1),
        }
    )


def _cube(frame: pd.DataFrame, factors: Sequence[str], table: pd.DataFrame) -> FloatArray:
    """Return the runs as an array, (replications, levels of each factor ...)."""
    points = frame.drop_duplicates("point").set_index("point").loc[table.columns, list(factors)]
    codes = [pd.factorize(points[f], sort=True) for f in factors]
    shape = tuple(len(levels) for _, levels in codes)
    place = np.ravel_multi_index([code for code, _ in codes], shape)
    if len(np.unique(place)) < int(np.prod(shape)) or len(place) > int(np.prod(shape)):
        words = f"{len(place)} of {int(np.prod(shape))} points of the grid are there"
        raise FolderError(f"{words}; effects need every one")
    values = np.empty((len(table), place.size))
    values[:, place] = table.to_numpy()
    return values.reshape(len(table), *shape)


def _parts(cube: FloatArray, factors: Sequence[str], terms: Sequence[tuple[str, ...]]) -> list[FloatArray]:
    """Return the effects of each term in each replication, (replications, cells)."""
    axes = {f: i + 1 for i, f in enumerate(factors)}
    centred = cube - cube.mean(axis=tuple(axes.values()), keepdims=True)
    effect: dict[tuple[str, ...], FloatArray] = {}
    for term in terms:
        others = tuple(axes[f] for f in factors if f not in term)
        part = centred.mean(axis=others, keepdims=True)
        for below in term if len(term) > 1 else ():
            part = part - effect[(below,)]
        effect[term] = part
    rest = centred - sum(effect.values())
    return [e.reshape(len(cube), -1) for e in (*effect.values(), rest)]


def _shares(parts: Sequence[FloatArray]) -> FloatArray:
    """Return each term's share of variance, less what chance alone would give it."""
    found = []
    for part in parts:
        reps = len(part)
        noise = part.var(axis=0, ddof=1).mean() / reps if reps > 1 else 0.0
        found.append(max(float((part.mean(axis=0) ** 2).mean() - noise), 0.0))
    total = sum(found)
    return np.array(found) / total if total > 0 else np.full(len(found), np.nan)


def levels(frame: pd.DataFrame, factors: Sequence[str], outcome: str) -> pd.DataFrame:
    """Return the mean of an outcome at each level of each factor of a grid.

    Parameters
    ----------
    frame, factors, outcome
        As for :func:`effects`; the grid may be incomplete, and is then not balanced.

    Returns
    -------
    pandas.DataFrame
        A row a ``factor`` and ``level``: ``mean`` with its interval, and ``difference`` from the
        first level within replications, which pairing makes far surer than the mean.
    """
    table = matrix(frame, outcome)
    points = frame.drop_duplicates("point").set_index("point").loc[table.columns, list(factors)]
    rows = []
    for factor in factors:
        by_level = table.T.groupby(points[factor], sort=True).mean().T
        values = by_level.to_numpy()
        gap = values - values[:, :1]
        columns = (values.mean(0), *of_mean(values), gap.mean(0), *of_mean(gap))
        for level, *numbers in zip(by_level.columns, *columns, strict=True):
            rows.append((outcome, factor, level, *numbers))
    names = ["outcome", "factor", "level", "mean", "low", "high", "difference"]
    return pd.DataFrame(rows, columns=[*names, "difference_low", "difference_high"])
