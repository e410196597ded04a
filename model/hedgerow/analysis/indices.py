"""Sensitivity indices through SALib: Sobol's shares of variance, Morris' elementary effects.

A study with ``method = "saltelli"`` gives Sobol's estimators of first and total order. One with
``method = "sobol"`` visits a Sobol sequence, whose points share no coordinates; from it first-order
indices are estimated by RBD-FAST. Points that ``SALib.sample.sobol`` laid out and
:func:`hedgerow.study.interop.with_points` ran are recognised from the points themselves.
"""

from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np
import pandas as pd

from hedgerow.analysis.intervals import LEVEL, student
from hedgerow.core.numbers import FloatArray
from hedgerow.runs.folder import FolderError
from hedgerow.study.design import LEVELS

SALTELLI, GIVEN = "Saltelli", "RBD-FAST"
HARMONICS = 10
"""Harmonics that RBD-FAST sums at most, SALib's own choice; fewer where points are few."""


def sobol(table: pd.DataFrame, factors: Sequence[str], outcome: str) -> pd.DataFrame:
    """Return Sobol's indices: the share of an outcome's variance that each factor causes.

    Parameters
    ----------
    table : pandas.DataFrame
        A row a point, in the order of the design: the factors, numbers, and the outcome, averaged
        over replications, whose chance all points share.
    factors : sequence of str
        Factors drawn independently of one another.
    outcome : str

    Returns
    -------
    pandas.DataFrame
        A row a factor, largest first: ``first``, by itself; ``total``, with all its interactions, not a number unless
        the points are laid out after Saltelli; their intervals by bootstrap; and the ``estimator``.

    References
    ----------
    Saltelli et al. (2010). Computer Physics Communications 181, 259-270.
    Tarantola, Gatelli and Mara (2006). Reliability Engineering and System Safety 91, 717-727.
    """
    x, y = table[list(factors)].to_numpy(float), table[outcome].to_numpy(float)
    width = saltelli(x)
    if width:
        kind, found = SALTELLI, _saltelli(x, y, width, factors)
    else:
        kind, found = GIVEN, _given(x, y, factors)
    columns: dict[str, Any] = {"outcome": outcome, "factor": list(factors)}
    for name, key in (("first", "S1"), ("total", "ST")):
        middle = np.asarray(found.get(key, np.full(len(factors), np.nan)), float)
        half = np.asarray(found.get(f"{key}_conf", np.full(len(factors), np.nan)), float)
        columns |= {name: middle, f"{name}_low": middle - half, f"{name}_high": middle + half}
    result = pd.DataFrame(columns | {"estimator": kind})
    key = "total" if width else "first"
    return result.sort_values(key, ascending=False, kind="stable", ignore_index=True)


def saltelli(x: FloatArray) -> int:
    """Return the rows of a block of a layout after Saltelli, or 0 where points are laid out else.

    A block is a row of A, a row for each factor with that column of B, then (with second order)
    the same the other way round, then the row of B.

    Parameters
    ----------
    x : numpy.ndarray
        Points, ``(points, factors)``.
    """
    n, d = x.shape
    for width in (int(2 * d + 2), int(d + 2)):
        if n < width or d < 2:
            continue
        blocks = x[: n - n % width].reshape(-1, width, d)
        a, b, mixed = blocks[:, 0], blocks[:, -1], blocks[:, 1 : d + 1]
        swapped = np.where(np.eye(d, dtype=bool), b[:, None, :], a[:, None, :])
        if np.allclose(mixed, swapped, rtol=1e-9, atol=0) and not np.allclose(a, b):
            return width
    return 0


def morris(table: pd.DataFrame, factors: Sequence[str], outcome: str) -> pd.DataFrame:
    """Return Morris' elementary effects, each scaled to the factor's whole range.

    Parameters
    ----------
    table : pandas.DataFrame
        A row a point with its number as index, as ``method = "morris"`` visits them;
        replications averaged. A trajectory that has lost a point is left out.
    factors, outcome
        As for :func:`sobol`.

    Returns
    -------
    pandas.DataFrame
        A row a factor, largest first: ``mu`` (mean effect) and its interval by Student's t over
        trajectories; ``mu_star`` (mean absolute effect) and its interval by bootstrap; ``sigma``,
        the spread of effects, which interactions or curvature cause.

    References
    ----------
    Morris (1991). Technometrics 33, 161-174. Campolongo, Cariboni and Saltelli (2007).
    Environmental Modelling & Software 22, 1509-1518.
    """
    each = len(factors) + 1
    kept = complete_blocks(table, each)
    if kept.empty:
        raise FolderError(f"{len(table)} points hold no whole trajectory of {each}")
    x, y = kept[list(factors)].to_numpy(float), kept[outcome].to_numpy(float)
    analyze = _salib("SALib.analyze.morris").analyze
    with np.errstate(all="ignore"):
        found = analyze(problem(factors, x), x, y, conf_level=LEVEL, num_levels=LEVELS, seed=1)
    trajectories = len(kept) // each
    mu, sigma = np.asarray(found["mu"], float), np.asarray(found["sigma"], float)
    star = np.asarray(found["mu_star"], float)
    near = np.asarray(found["mu_star_conf"], float) if trajectories > 1 else star * np.nan
    half = student(trajectories) * sigma / np.sqrt(trajectories)
    result = pd.DataFrame(
        {
            "outcome": outcome,
            "factor": list(factors),
            "mu": mu,
            "mu_low": mu - half,
            "mu_high": mu + half,
            "mu_star": star,
            "mu_star_low": np.maximum(star - near, 0),
            "mu_star_high": star + near,
            "sigma": sigma,
            "trajectories": trajectories,
        }
    )
    return result.sort_values("mu_star", ascending=False, kind="stable", ignore_index=True)


def complete_blocks(table: pd.DataFrame, each: int) -> pd.DataFrame:
    """Return the rows of the blocks of ``each`` points that have lost none.

    Parameters
    ----------
    table : pandas.DataFrame
        A row a point, with its number as index.
    each : int
        Points of a block or trajectory.
    """
    number = pd.Series(table.index // each, index=table.index)
    return table[number.groupby(number).transform("size") == each]


def problem(factors: Sequence[str], x: FloatArray) -> dict[str, Any]:
    """Return the dict by which SALib knows factors, with the ranges that were visited."""
    bounds = [[float(c.min()), float(c.max())] for c in x.T]
    return {"num_vars": len(factors), "names": list(factors), "bounds": bounds}


def _saltelli(x: FloatArray, y: FloatArray, width: int, factors: Sequence[str]) -> Any:
    complete = y[: len(y) - len(y) % width]
    second = width == 2 * len(factors) + 2
    if np.ptp(complete) == 0:
        return {}
    analyze = _salib("SALib.analyze.sobol").analyze
    return analyze(problem(factors, x), complete, calc_second_order=second, conf_level=LEVEL, seed=1)


def _given(x: FloatArray, y: FloatArray, factors: Sequence[str]) -> Any:
    if np.ptp(y) == 0 or len(y) < 16:
        return {}
    analyze = _salib("SALib.analyze.rbd_fast").analyze
    harmonics = int(min(HARMONICS, max(2, len(y) // 16)))
    return analyze(problem(factors, x), x, y, M=harmonics, conf_level=LEVEL, seed=1)


def _salib(module: str) -> Any:
    if find_spec("SALib") is None:
        raise FolderError("sensitivity indices need SALib: pip install 'hedgerow[analysis]'")
    return import_module(module)
