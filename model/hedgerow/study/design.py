"""Designs: which points of the space of factors a study visits.

Factors given by values are crossed, every value with every other; those given by a range are
sampled together, and the same sample is taken for every combination of values, so that contrasts
between values are paired.
"""

from collections.abc import Callable, Sequence
from itertools import product
from typing import Any

import numpy as np

from hedgerow.core.numbers import FloatArray
from hedgerow.study.factors import Factor

SAMPLED = ("lhs", "sobol", "saltelli", "morris")
POWERS = ("sobol", "saltelli")
"""Methods that follow a Sobol sequence, which is even only at powers of two."""
LEVELS = 4
"""Levels of a Morris grid; the usual choice."""

Columns = dict[str, list[Any]]


def points(method: str, factors: Sequence[Factor], samples: int, seed: int) -> Columns:
    """Return the points of a design, a list by factor, in order of points.

    Parameters
    ----------
    method : {"grid", "list", "lhs", "sobol", "saltelli", "morris"}
    factors : sequence of Factor
    samples : int
        Points sampled, blocks for ``saltelli``, trajectories for ``morris``; unused for ``grid`` and ``list``.
    seed : int
        Seed of the sample.
    """
    listed = [f for f in factors if f.values]
    if method == "list":
        return {f.path: list(f.values) for f in listed}
    crossed = list(product(*(f.values for f in listed)))
    ranged = [f for f in factors if not f.values]
    box = sample(method, len(ranged), samples, seed) if ranged else np.zeros((1, 0))
    found: Columns = {f.path: [row[i] for row in crossed for _ in range(len(box))] for i, f in enumerate(listed)}
    for i, f in enumerate(ranged):
        # Held inside the range, which the last digit could otherwise leave.
        drawn = np.clip(f.low + box[:, i] * (f.high - f.low), f.low, f.high)
        found[f.path] = drawn.tolist() * len(crossed)
    return {f.path: found[f.path] for f in factors}


def sample(method: str, dimensions: int, samples: int, seed: int) -> FloatArray:
    """Return a sample of the unit cube, ``(points, dimensions)``."""
    from scipy.stats import qmc  # it takes a second to import, which most commands can spare

    makers: dict[str, Callable[[], FloatArray]] = {
        "lhs": lambda: qmc.LatinHypercube(dimensions, rng=np.random.default_rng(seed)).random(samples),
        "sobol": lambda: qmc.Sobol(dimensions, rng=np.random.default_rng(seed)).random(samples),
        "saltelli": lambda: blocks(dimensions, samples, seed),
        "morris": lambda: trajectories(dimensions, samples, seed),
    }
    return makers[method]()


def blocks(dimensions: int, number: int, seed: int) -> FloatArray:
    """Return points that tell total effects, ``(number * (dimensions + 2), dimensions)``.

    A block is a point A, A with each coordinate in turn taken from another point B, and B. The
    order is the one SALib's ``analyze.sobol`` expects.

    References
    ----------
    Saltelli, A. et al. (2010). Variance based sensitivity analysis of model output. Computer
    Physics Communications 181, 259-270, table 2.
    """
    from scipy.stats import qmc

    both = qmc.Sobol(2 * dimensions, rng=np.random.default_rng(seed)).random(number)
    a, b = both[:, None, :dimensions], both[:, None, dimensions:]
    crossed = np.where(np.eye(dimensions, dtype=bool), b, a)
    return np.concatenate([a, crossed, b], axis=1).reshape(-1, dimensions)


def trajectories(dimensions: int, number: int, seed: int) -> FloatArray:
    """Return Morris trajectories, ``(number * (dimensions + 1), dimensions)``, one after another.

    Each starts on a grid of :data:`LEVELS` levels and changes one factor at a time by ``levels / (2 (levels - 1))``, in
    random order and direction. The order of points is the one SALib's ``analyze.morris`` expects.

    References
    ----------
    Morris, M. D. (1991). Factorial sampling plans for preliminary computational experiments.
    Technometrics 33, 161-174, section 3.
    """
    rng = np.random.default_rng(seed)
    jump = LEVELS / (2 * (LEVELS - 1))
    low = np.arange(LEVELS // 2) / (LEVELS - 1)
    paths = []
    for _ in range(number):
        start = rng.choice(low, dimensions)
        upward = rng.random(dimensions) < 0.5
        turn = rng.permutation(dimensions)
        step = np.arange(dimensions + 1)[:, None] > np.argsort(turn)[None, :]
        moved = np.where(upward, step, ~step)
        paths.append(start + jump * moved)
    return np.concatenate(paths)


def size(method: str, factors: Sequence[Factor], samples: int) -> int:
    """Return how many points a design has, without making them."""
    listed = [len(f.values) for f in factors if f.values]
    if method == "list":
        return listed[0]
    ranged = len(factors) - len(listed)
    drawn = samples * block(method, ranged)
    crossed = 1
    for values in listed:
        crossed *= values
    return crossed * (drawn if ranged else 1)


def block(method: str, dimensions: int) -> int:
    """Return how many points of a sample belong together: a trajectory, a block, or one."""
    return {"morris": dimensions + 1, "saltelli": dimensions + 2}.get(method, 1)
