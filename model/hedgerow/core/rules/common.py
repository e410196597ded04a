"""Small mathematics that several rules share."""

import numpy as np

from hedgerow.core.compiled import elementwise, kernel, rule
from hedgerow.core.numbers import FloatArray, Rows
from hedgerow.core.tape import normal_quantile

MANY = 500.0
"""Rates above which a Poisson count is taken from an expansion instead of a sum."""


@rule
def logistic(x: Rows) -> Rows:
    """Return ``1 / (1 + exp(-x))``, safe for any finite ``x``."""
    return 1.0 / (1.0 + np.exp(-np.minimum(np.maximum(x, -500.0), 500.0)))


@rule
def happens(probability: Rows, uniform: Rows) -> Rows:
    """Say where a chance comes true at a draw."""
    return uniform < probability


@elementwise
def poisson(rate: Rows, uniform: Rows) -> Rows:
    """Return a Poisson count by inversion of one uniform draw.

    The count never falls when the rate rises at the same draw, which is what pairs two scenarios.

    Parameters
    ----------
    rate : float
        Expected count; not negative.
    uniform : float
        A draw in [0, 1).
    """
    if uniform < 1.0 - rate:  # spares the exponential, which is never smaller
        return 0.0
    if rate > MANY:
        z = normal_quantile(max(uniform, 1e-300))
        return max(np.ceil(rate + z * np.sqrt(rate) + (z * z - 1.0) / 6.0 - 0.5), 0.0)
    mass = np.exp(-rate)
    reached = mass
    count = 0.0
    while uniform > reached and count < 1000.0:
        count += 1.0
        mass *= rate / count
        reached += mass
    return count


@kernel
def softmax(score: FloatArray, weight: FloatArray) -> FloatArray:
    """Return shares ``weight * exp(score)``, summing to 1 over the rows of each run.

    Parameters
    ----------
    score, weight : (runs, rows)
        Weight 0 for rows that may not be chosen; a run without any gets zero shares.
    """
    out = np.zeros_like(score)
    for run in range(score.shape[0]):
        most = -np.inf
        for i in range(score.shape[1]):
            if weight[run, i] > 0.0:
                most = max(most, score[run, i])
        mass = 0.0
        for i in range(score.shape[1]):
            if weight[run, i] > 0.0:
                out[run, i] = weight[run, i] * np.exp(score[run, i] - most)
                mass += out[run, i]
        for i in range(score.shape[1]):
            if weight[run, i] > 0.0:
                out[run, i] /= mass
    return out
