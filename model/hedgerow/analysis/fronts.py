"""Which policies no other beats in everything at once: the Pareto front over several outcomes."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from hedgerow.analysis.intervals import of_share
from hedgerow.analysis.reading import POLICY
from hedgerow.analysis.robustness import cube
from hedgerow.core.numbers import BoolArray, FloatArray


def front(values: FloatArray) -> BoolArray:
    """Return which rows no other row dominates; more of every column is better.

    A row dominates another if it is at least as good in every column and better in one; so rows
    that are equal in every column stand or fall together.

    Parameters
    ----------
    values : numpy.ndarray
        ``(rows, goals)``.

    Examples
    --------
    >>> front(np.array([[1.0, 2.0], [2.0, 1.0], [1.0, 1.0], [2.0, 1.0]])).tolist()
    [True, True, False, True]
    """
    kept = np.ones(len(values), dtype=bool)
    # The best sums first, so that most rows fall to the first few.
    for i in np.argsort(-_scaled(values).sum(axis=1), kind="stable"):
        if kept[i]:
            rest = np.nonzero(kept)[0]
            worse = (values[rest] <= values[i]).all(axis=1) & (values[rest] < values[i]).any(axis=1)
            kept[rest[worse]] = False
    return kept


def pareto(table: pd.DataFrame, goals: Mapping[str, int]) -> pd.DataFrame:
    """Return the mean of each goal by policy, and how often no policy beats it in all of them.

    Parameters
    ----------
    table : pandas.DataFrame
        Columns ``policy``, ``world``, the goals and, where there is one, ``draw``; see
        :mod:`hedgerow.analysis.robustness`.
    goals : mapping of str to int
        1 if more of an outcome is better, -1 if less is.

    Returns
    -------
    pandas.DataFrame
        A row a policy: the mean of each goal; ``on_front``, by those means; ``share_on_front`` of
        worlds, and its interval.
    """
    cubes = [cube(table, goal) for goal in goals]
    policies = cubes[0][0]
    values = np.stack([way * v for (_, v), way in zip(cubes, goals.values(), strict=True)], axis=-1)
    means = values.mean(axis=(0, 1))
    flat = values.reshape(-1, *values.shape[2:])
    share = _fronts(flat).mean(axis=0)
    low, high = of_share(share, len(values))
    shown = {goal: way * means[:, i] for i, (goal, way) in enumerate(goals.items())}
    return pd.DataFrame(
        {POLICY: policies, **shown, "on_front": front(means), "share_on_front": share, "low": low, "high": high}
    )


def _fronts(worlds: FloatArray) -> BoolArray:
    """Return the front of each of many small tables, ``(worlds, rows)``, as :func:`front` does."""
    beaten = np.zeros(worlds.shape[:2], dtype=bool)
    for i in range(worlds.shape[1]):
        other = worlds[:, [i]]
        beaten |= (other >= worlds).all(axis=2) & (other > worlds).any(axis=2)
    return ~beaten


def _scaled(values: FloatArray) -> FloatArray:
    width = np.ptp(values, axis=0)
    return np.asarray((values - values.min(axis=0)) / np.where(width > 0, width, 1.0))
