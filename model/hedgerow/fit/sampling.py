"""Drawing from a density in the unit cube: a population of chains that learn from each other.

Differential evolution Monte Carlo (ter Braak 2006, doi:10.1007/s11222-006-8769-1): a chain steps
along the difference of two others, so that steps have the shape of the target and nothing needs
tuning. Half of the chains move at a time and look to the other half alone.
"""

from collections.abc import Callable

import numpy as np
from numpy.random import Generator

from hedgerow.core.numbers import FloatArray

Density = Callable[[FloatArray], FloatArray]
"""Log density at points of the unit cube, ``(points, parameters) -> (points,)``."""
JITTER = 1e-4
LEAP = 10
"""Every so many steps chains step by a whole difference, which takes them between modes."""


def cube_points(points: int, dimensions: int, rng: Generator) -> FloatArray:
    """Return points of a Latin hypercube, ``(points, dimensions)``."""
    ranks = rng.permuted(np.tile(np.arange(points), (dimensions, 1)), axis=1).T
    return np.asarray((ranks + rng.random((points, dimensions))) / points)


def start(density: Density, chains: int, pool: FloatArray, rng: Generator) -> FloatArray:
    """Choose where chains start: points of a pool, drawn by their density."""
    found = density(pool)
    weight = np.exp(found - found.max())
    # Never fewer places than a chain needs others to look to.
    best = np.argsort(-found)[: max(chains // 2, pool.shape[1] + 2)]
    weight[best] = np.maximum(weight[best], 1e-3)
    return np.asarray(pool[rng.choice(len(pool), chains, p=weight / weight.sum())])


def sample(density: Density, first: FloatArray, draws: int, rng: Generator, steps: int = 400) -> FloatArray:
    """Return draws from a density in the unit cube, ``(draws, parameters)``.

    Parameters
    ----------
    density : callable
        Log density up to a constant, inside the cube.
    first : (chains, parameters)
        An even number of chains, more than parameters.
    draws : int
    rng : Generator
    steps : int
        Steps of each chain; the first half is thrown away.
    """
    at = np.clip(first + JITTER * rng.standard_normal(first.shape), JITTER, 1.0 - JITTER)
    now, half, kept = density(at), len(first) // 2, []
    every = max(1, (steps // 2) * len(first) // (2 * draws))
    halves = ((slice(0, half), slice(half, None)), (slice(half, None), slice(half)))
    for step in range(steps):
        for mine, others in halves:
            new = _proposed(at[mine], at[others], rng, leap=step % LEAP == 0)
            now[mine] = _accepted(density, at[mine], now[mine], new, rng)
        if step >= steps // 2 and (step - steps // 2) % every == 0:
            kept.append(at.copy())
    found = np.concatenate(kept)
    return np.asarray(found[rng.choice(len(found), draws, replace=len(found) < draws)])


def _proposed(here: FloatArray, others: FloatArray, rng: Generator, *, leap: bool) -> FloatArray:
    """Return where chains would go: along the difference of two of the others."""
    n, d = here.shape
    pair = np.argsort(rng.random((n, len(others))), axis=1)[:, :2]
    usual = 2.38 / np.sqrt(2.0 * d) * (rng.random((n, 1)) * 0.6 + 0.6)
    step = (1.0 if leap else usual) * (others[pair[:, 0]] - others[pair[:, 1]])
    return np.asarray(here + step + JITTER * rng.standard_normal(here.shape))


def _accepted(density: Density, here: FloatArray, now: FloatArray, new: FloatArray, rng: Generator) -> FloatArray:
    """Move chains to where they are let, in place, and return their densities (Metropolis)."""
    inside = ((new > 0.0) & (new < 1.0)).all(axis=1)
    value = np.full(len(new), -np.inf)
    if inside.any():
        value[inside] = density(new[inside])
    better = np.log(rng.random(len(new))) < value - now
    here[better] = new[better]
    return np.asarray(np.where(better, value, now))
