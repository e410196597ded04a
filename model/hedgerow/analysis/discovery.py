"""Scenario discovery: the part of the space of factors in which cases of interest lie.

PRIM and CART are those of the EMA Workbench. A box drawn round chance finds looks convincing, so
every PRIM box is also tested on points that were not used to draw it.

References
----------
Bryant and Lempert (2010). Technological Forecasting and Social Change 77, 34-49.
Friedman and Fisher (1999). Statistics and Computing 9, 123-143.
Kwakkel (2017). The Exploratory Modeling Workbench. Environmental Modelling & Software 96, 239-250.
"""

import logging
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np
import pandas as pd

from hedgerow.analysis.goals import words
from hedgerow.analysis.intervals import NOTHING, of_share
from hedgerow.core.numbers import BoolArray
from hedgerow.runs.folder import FolderError

MOST_POINTS = 1000
"""Points that a search looks at; of more, every so many-th is taken."""
FEWEST = 8
"""Cases of interest, and others, below which nothing is searched."""
SIGNIFICANT = 0.05
DEPTH = 3
WIDEST = 8
"""Factors that PRIM looks at: those whose ranks go most closely with the cases of interest."""

FINE, COARSE, PLENTY = 0.05, 0.1, 400
"""Share of the points that a peel takes: less where they are few, more where time is."""

Limits = dict[str, tuple[float, float]]


def prim(
    table: pd.DataFrame,
    factors: Sequence[str],
    interest: BoolArray,
    *,
    threshold: float = 0.8,
    target: str = "",
    outcome: str = "",
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the box of factors in which cases of interest are densest, in numbers and in words.

    Parameters
    ----------
    table : pandas.DataFrame
        A row a point; factors are numbers.
    factors : sequence of str
    interest : numpy.ndarray
        Which points are of interest, ``(points,)``.
    threshold : float
        Share of points of interest that a box should hold; of the boxes that do, that with most
        of the cases is taken, else that which balances both best.
    target, outcome : str
        What makes a case of interest, and the outcome it is told by; carried into the tables.

    Returns
    -------
    boxes : pandas.DataFrame
        One row: ``density`` (share of the box that is of interest), ``coverage`` (share of what is of interest that
        lies in it), ``mass`` (share of all points), ``base_rate`` (share of interest everywhere), and
        ``density_tested``: of points not used to draw the box, by halves, with its interval ``density_low`` and
        ``density_high``. No rows where fewer than eight points are of interest, or fewer than eight are not.
    limits : pandas.DataFrame
        A row a restricted factor: ``low`` and ``high`` of the box, ``range_low`` and
        ``range_high`` of the points, ``probability`` that luck alone restricts as well.
    """
    x, y = _thinned(table[list(factors)], np.asarray(interest, dtype=bool))
    names = ["outcome", "target", "box"]
    counted = ["density", "coverage", "mass", "base_rate", "density_tested"]
    told = [*names, *counted, "density_low", "density_high", "words"]
    spans = [*names, "factor", "low", "high", "range_low", "range_high", "probability"]
    if min(y.sum(), (~y).sum()) < FEWEST or not factors:
        return pd.DataFrame(columns=told), pd.DataFrame(columns=spans)
    found, chances = _box(x, y, threshold)
    inside = _inside(x, found)
    density = float(y[inside].mean())
    head = (outcome, target, 1)
    numbers = (density, float(y[inside].sum() / y.sum()), float(inside.mean()), float(y.mean()))
    boxes = pd.DataFrame([(*head, *numbers, *_tested(x, y, threshold), in_words(found, x))], columns=told)
    rows = [(*head, f, *span, float(x[f].min()), float(x[f].max()), chances.get(f, np.nan)) for f, span in found.items()]
    return boxes, pd.DataFrame(rows, columns=spans)


def cart(
    table: pd.DataFrame, factors: Sequence[str], interest: BoolArray, *, target: str = "", outcome: str = ""
) -> pd.DataFrame:
    """Return the leaves of a tree that parts points of interest from others, densest first.

    Parameters
    ----------
    table, factors, interest, target, outcome
        As for :func:`prim`.

    Returns
    -------
    pandas.DataFrame
        A row a ``leaf``: ``density``, ``coverage``, ``mass`` and the way to it in ``words``. Three
        splits deep at most, and no leaf with less than a tenth of the points. No rows for a single
        factor, which the Workbench's tree cannot take.
    """
    x, y = _thinned(table[list(factors)], np.asarray(interest, dtype=bool))
    names = ["outcome", "target", "leaf", "density", "coverage", "mass", "words"]
    if min(y.sum(), (~y).sum()) < FEWEST or len(factors) < 2:
        return pd.DataFrame(columns=names)
    with _workbench("cart") as module:
        tree = import_module("sklearn.tree")
        model = module.CART(x, y, mass_min=0.1)
        least = max(int(0.1 * len(x)), FEWEST // 2)
        # Not build_tree, whose ties are broken by a generator that is not ours to seed.
        kind = tree.DecisionTreeClassifier(min_samples_leaf=least, max_depth=DEPTH, random_state=0)
        model.clf = kind.fit(x.to_numpy(), y)
        found = [_spans(box, x) for box in model.boxes] if model.clf.tree_.node_count > 1 else [{}]
    rows = []
    for limits in found:
        inside = _inside(x, limits)
        numbers = (y[inside].mean(), y[inside].sum() / y.sum(), inside.mean())
        rows.append((outcome, target, 0, *map(float, numbers), in_words(limits, x)))
    result = pd.DataFrame(rows, columns=names)
    result = result.sort_values("density", ascending=False, kind="stable", ignore_index=True)
    return result.assign(leaf=np.arange(1, len(result) + 1))


def in_words(limits: Limits, x: pd.DataFrame) -> str:
    """Return a box as a sentence would name it.

    Examples
    --------
    >>> x = pd.DataFrame({"parameters.acceptance.gap": [1.0, 2.0, 3.0]})
    >>> in_words({"parameters.acceptance.gap": (1.8, 3.0)}, x)
    'acceptance gap is above 1.8 (range 1 to 3)'
    """
    told = []
    for factor, (low, high) in limits.items():
        first, last = float(x[factor].min()), float(x[factor].max())
        if low > first and high < last:
            span = f"between {low:.3g} and {high:.3g}"
        else:
            span = f"above {low:.3g}" if low > first else f"below {high:.3g}"
        told.append(f"{words(factor)} is {span} (range {first:.3g} to {last:.3g})")
    return " and ".join(told) or "anywhere"


def _box(x: pd.DataFrame, y: BoolArray, threshold: float) -> tuple[Limits, dict[str, float]]:
    """Return the limits of a box, and the quasi-p value of each of its restrictions."""
    x = x[_closest(x, y)]
    with _workbench("prim") as module:
        mass = max(0.05, FEWEST / 2 / len(x))
        # Above 0, so that true counts as a case; the box is chosen below, whatever its density.
        search = module.Prim(
            x.reset_index(drop=True), y, threshold=1e-9, mass_min=mass, peel_alpha=FINE if len(x) < PLENTY else COARSE
        )
        box = search.find_box()
        path = box.peeling_trajectory
        balance = 2 * path["density"] * path["coverage"] / (path["density"] + path["coverage"])
        dense = path.index[path["density"] >= threshold]
        best = int(path.loc[dense, "coverage"].idxmax()) if len(dense) else int(balance.idxmax())
        luck = {name: float(np.max(values)) for name, values in box.qp[best].items()}
        found = _spans(box.box_lims[best], x)
    kept = {f: span for f, span in found.items() if luck.get(f, 0.0) <= SIGNIFICANT}
    if not kept and found:
        first = min(found, key=lambda f: luck.get(f, 1.0))
        kept = {first: found[first]}
    return kept, luck


def _closest(x: pd.DataFrame, y: BoolArray) -> list[str]:
    rank = x.rank().to_numpy()
    tie = np.abs((rank - rank.mean(axis=0)).T @ (y - y.mean())) / np.maximum(rank.std(axis=0), 1e-12)
    order = np.argsort(-tie, kind="stable")[:WIDEST]
    return [x.columns[i] for i in sorted(order)]


def _spans(box: Any, x: pd.DataFrame) -> Limits:
    """Return the limits of the factors that a box restricts."""
    spans = {str(f): (float(box[f].iloc[0]), float(box[f].iloc[1])) for f in box.columns}
    return {f: (low, high) for f, (low, high) in spans.items() if low > float(x[f].min()) or high < float(x[f].max())}


def _inside(x: pd.DataFrame, limits: Limits) -> BoolArray:
    inside = np.ones(len(x), dtype=bool)
    for factor, (low, high) in limits.items():
        inside &= x[factor].between(low, high).to_numpy()
    return inside


def _tested(x: pd.DataFrame, y: BoolArray, threshold: float) -> tuple[float, float, float]:
    """Return the density of boxes, each drawn on one half of the points, in the other half."""
    half = np.random.default_rng(0).permutation(len(x)) % 2 == 0
    hits, size = 0, 0
    for drawn in (half, ~half):
        if min(y[drawn].sum(), (~y[drawn]).sum()) < FEWEST / 2:
            return float("nan"), *NOTHING
        limits, _ = _box(x[drawn], y[drawn], threshold)
        inside = _inside(x[~drawn], limits)
        hits, size = hits + int(y[~drawn][inside].sum()), size + int(inside.sum())
    if not size:
        return float("nan"), *NOTHING
    low, high = of_share(np.array(hits / size), size)
    return hits / size, float(low), float(high)


def _thinned(x: pd.DataFrame, y: BoolArray) -> tuple[pd.DataFrame, BoolArray]:
    # As floats: the Workbench peels whole numbers by another rule, which may empty a box.
    step = -(-len(x) // MOST_POINTS)
    return x.iloc[::step].astype(float).reset_index(drop=True), y[::step]


@contextmanager
def _workbench(name: str) -> Iterator[Any]:
    """Give a module of the EMA Workbench, without the warnings of its optional parts."""
    if find_spec("ema_workbench") is None:
        words_ = "scenario discovery needs the EMA Workbench: pip install 'hedgerow[analysis]'"
        raise FolderError(words_)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        module = import_module(f"ema_workbench.analysis.{name}")
        logging.getLogger("EMA").setLevel(logging.ERROR)
        yield module
