"""Policies ranked where the world is not known: regret, ranks, signs and satisficing.

Every function takes a table with a row a ``policy`` and ``world`` (and, where worlds are few, a
``draw`` of chance), in which all policies meet the same worlds and the same chance, as
:func:`hedgerow.analysis.worlds` makes it from a sweep. Intervals are taken over draws; without a
column ``draw`` each world is one.

References
----------
Lempert, Popper and Bankes (2003). Shaping the Next One Hundred Years. RAND MR-1626.
Herman, Reed, Zeff and Characklis (2015). Journal of Water Resources Planning and Management 141.
Tervonen and Lahdelma (2007), on rank acceptability. European Journal of Operational Research 178.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy.stats import rankdata

from hedgerow.analysis.intervals import of_mean, of_quantile, of_share
from hedgerow.analysis.reading import DRAW, POLICY, WORLD
from hedgerow.core.numbers import BoolArray, FloatArray
from hedgerow.runs.folder import FolderError
from hedgerow.scenario.suggest import suggestion

SAME = 1e-9
"""Share of the largest value below which two outcomes are the same."""


def cube(table: pd.DataFrame, outcome: str) -> tuple[list[str], FloatArray]:
    """Return the names of the policies and their outcomes, ``(draws, worlds of a draw, policies)``.

    Raises
    ------
    FolderError
        If a policy lacks a world that another has, or has it twice.
    """
    policies = list(dict.fromkeys(table[POLICY]))
    keyed = table if DRAW in table else table.assign(**{DRAW: table[WORLD]})
    size = keyed.groupby([DRAW, WORLD], sort=True)[POLICY].agg(["size", "nunique"])
    if len(table) == 0 or not (size == len(policies)).all(axis=None):
        raise FolderError("policies can be ranked only where each is there once in every world")
    order = {name: i for i, name in enumerate(policies)}
    place = np.lexsort((keyed[POLICY].map(order), keyed[WORLD], keyed[DRAW]))
    draws = keyed[DRAW].nunique()
    values = keyed[outcome].to_numpy(float)[place].reshape(draws, -1, len(policies))
    return policies, values


def regret(table: pd.DataFrame, outcome: str, better: int) -> pd.DataFrame:
    """Return how much worse each policy does than the best there was in the same world.

    Parameters
    ----------
    table : pandas.DataFrame
        Columns ``policy``, ``world``, the outcome and, where there is one, ``draw``.
    outcome : str
    better : {1, -1}
        1 if more of the outcome is better, -1 if less is.

    Returns
    -------
    pandas.DataFrame
        A row a policy, least regret first, in the outcome's unit: ``mean`` and its interval,
        ``q90`` (90% of worlds have less) and its interval by bootstrap, and the ``worst`` seen.
    """
    policies, values = cube(table, outcome)
    lost = (better * values).max(axis=2, keepdims=True) - better * values
    low, high = of_mean(lost.mean(axis=1))
    q_low, q_high = of_quantile(lost, 0.9)
    flat = lost.reshape(-1, len(policies))
    result = pd.DataFrame(
        {
            "outcome": outcome,
            POLICY: policies,
            "mean": flat.mean(0),
            "low": np.maximum(low, 0),
            "high": high,
            "q90": np.quantile(flat, 0.9, axis=0),
            "q90_low": q_low,
            "q90_high": q_high,
            "worst": flat.max(0),
            "worlds": len(flat),
        }
    )
    return result.sort_values("mean", kind="stable", ignore_index=True)


def ranks(table: pd.DataFrame, outcome: str, better: int) -> pd.DataFrame:
    """Return in what share of worlds each policy takes each rank; 1 is best.

    Parameters
    ----------
    table, outcome, better
        As for :func:`regret`.

    Returns
    -------
    pandas.DataFrame
        A row a policy and rank: ``share`` and its interval. Policies that tie share their ranks
        evenly, so shares of a policy, and of a rank, sum to one.
    """
    policies, values = cube(table, outcome)
    flat = _rounded(-better * values.reshape(-1, len(policies)))
    best, worst = (rankdata(flat, method=m, axis=1)[..., None] for m in ("min", "max"))
    number = np.arange(1, len(policies) + 1)
    taken = ((best <= number) & (number <= worst)) / (worst - best + 1)
    share = taken.mean(axis=0).ravel()
    low, high = of_share(share, len(values))
    keys = {"outcome": outcome, POLICY: np.repeat(policies, len(number)), "rank": np.tile(number, len(number))}
    return pd.DataFrame({**keys, "share": share, "low": low, "high": high})


def signs(table: pd.DataFrame, outcome: str, base: str) -> pd.DataFrame:
    """Return how each policy differs from a base in the same world, and how often with which sign.

    Parameters
    ----------
    table, outcome
        As for :func:`regret`.
    base : str
        The policy that others are compared with.

    Returns
    -------
    pandas.DataFrame
        A row a policy but the base, lowest first: ``mean`` difference and its interval; ``q05`` and ``q95`` over
        worlds; shares of worlds in which it is above, below and the same, the first with its interval.

    Raises
    ------
    FolderError
        If there is no such policy; the message names the nearest.
    """
    policies, values = cube(table, outcome)
    if base not in policies:
        raise FolderError(f"no policy '{base}' to compare with{suggestion(base, policies)}")
    gap = values - values[..., [policies.index(base)]]
    gap[np.abs(gap) <= SAME * np.abs(values).max()] = 0.0
    low, high = of_mean(gap.mean(axis=1))
    flat = gap.reshape(-1, len(policies))
    q05, q95 = np.quantile(flat, [0.05, 0.95], axis=0)
    above, below = (flat > 0).mean(0), (flat < 0).mean(0)
    above_low, above_high = of_share(above, len(values))
    result = pd.DataFrame(
        {
            "outcome": outcome,
            POLICY: policies,
            "base": base,
            "mean": flat.mean(0),
            "low": low,
            "high": high,
            "q05": q05,
            "q95": q95,
            "share_above": above,
            "share_above_low": above_low,
            "share_above_high": above_high,
            "share_below": below,
            "share_same": (flat == 0).mean(0),
            "worlds": len(flat),
        }
    )
    others = result[result[POLICY] != base]
    return others.sort_values("mean", kind="stable", ignore_index=True)


def satisficing(table: pd.DataFrame, criteria: Mapping[str, tuple[int, float | str]], name: str = "") -> pd.DataFrame:
    """Return in what share of worlds each policy meets a criterion.

    Parameters
    ----------
    table : pandas.DataFrame
        As for :func:`regret`.
    criteria : mapping of str to (int, float or str)
        By outcome, 1 for at least or -1 for at most, and the threshold: a number in the outcome's unit, or the name of
        a policy whose outcome in the same world it is. All must hold.
    name : str
        What to call them together; spelt out by default.

    Returns
    -------
    pandas.DataFrame
        A row a policy, most often met first: ``criterion``, ``share`` of worlds, its interval.
    """
    policies, met, told = list[str](), np.ones((0, 0, 0), dtype=bool), []
    for outcome, (way, threshold) in criteria.items():
        policies, values = cube(table, outcome)
        holds = _holds(values, way, threshold, policies)
        met = holds if met.size == 0 else met & holds
        least = "at least" if way > 0 else "at most"
        limit = f"that of {threshold}" if isinstance(threshold, str) else f"{threshold:g}"
        told.append(f"{outcome} {least} {limit}")
    share = met.reshape(-1, len(policies)).mean(axis=0)
    low, high = of_share(share, len(met))
    result = pd.DataFrame(
        {
            "criterion": name or " and ".join(told),
            POLICY: policies,
            "share": share,
            "low": low,
            "high": high,
            "worlds": met.shape[0] * met.shape[1],
        }
    )
    return result.sort_values("share", ascending=False, kind="stable", ignore_index=True)


def _holds(values: FloatArray, way: int, threshold: float | str, policies: list[str]) -> BoolArray:
    if isinstance(threshold, str) and threshold not in policies:
        near = suggestion(threshold, policies)
        raise FolderError(f"no policy '{threshold}' to compare with{near}")
    limit = values[..., [policies.index(threshold)]] if isinstance(threshold, str) else threshold
    slack = SAME * np.abs(values).max()
    return np.asarray(way * (values - limit) >= -slack)


def _rounded(values: FloatArray) -> FloatArray:
    """Return values in which those that differ by rounding alone are equal."""
    step = SAME * np.abs(values).max()
    return np.asarray(np.round(values / step)) if step > 0 else values
