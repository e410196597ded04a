"""Small mathematics that several rules share."""

from collections.abc import Mapping

import numpy as np
from scipy.special import pdtrik

from hedgerow.core.numbers import BoolArray, FloatArray, Value

_MANY = 500.0
"""Rates above which terms of the Poisson sum run out of floating-point range."""


def logistic(x: FloatArray) -> FloatArray:
    """Return ``1 / (1 + exp(-x))``, safe for any finite ``x``."""
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(x, -500.0, 500.0))))


def total(terms: Mapping[str, FloatArray]) -> FloatArray:
    """Add named terms in their order, so that a shown sum equals the used one exactly."""
    parts = list(terms.values())
    result = parts[0]
    for part in parts[1:]:
        result = result + part
    return result


def poisson(rate: Value, uniform: FloatArray) -> FloatArray:
    """Return Poisson counts by inversion of one uniform draw each.

    Counts never fall when a rate rises at the same draw, which is what pairs two scenarios.

    Parameters
    ----------
    rate : array, any shape
        Expected count; not negative.
    uniform : array, same shape
        Draws in [0, 1).
    """
    rate = np.broadcast_to(rate, uniform.shape)
    chance = np.exp(-rate)
    count = np.zeros(uniform.shape)
    many = rate > _MANY
    if many.any():
        count[many] = np.maximum(np.ceil(pdtrik(uniform[many], rate[many])), 0.0)
    above = np.flatnonzero((uniform > chance) & ~many)
    flat, u, lam = count.reshape(-1), uniform.ravel()[above], rate.ravel()[above]
    mass = chance.ravel()[above]
    reached = mass.copy()
    k = 0
    while above.size and k < 1000:
        k += 1
        flat[above] = k
        mass = mass * (lam / k)
        reached = reached + mass
        more = u > reached
        above, u, lam = above[more], u[more], lam[more]
        mass, reached = mass[more], reached[more]
    return count


def softmax(score: FloatArray, weight: FloatArray) -> FloatArray:
    """Return shares ``weight * exp(score)``, summing to 1 over the rows of each run.

    Parameters
    ----------
    score : (runs, rows)
    weight : (runs, rows) or (rows,)
        0 for rows that may not be chosen; a run without any gets zero shares.
    """
    odds = np.exp(score - score.max(axis=-1, keepdims=True)) * weight
    mass = odds.sum(axis=-1, keepdims=True)
    return np.asarray(odds / np.where(mass > 0, mass, 1.0))


def happens(probability: Value, uniform: FloatArray) -> BoolArray:
    """Say where a chance comes true at a draw."""
    return np.asarray(uniform < probability)
