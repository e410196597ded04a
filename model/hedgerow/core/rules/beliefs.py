"""Beliefs about each donor's effectiveness: a scalar Kalman filter (M12; A039, A044)."""

import numpy as np

from hedgerow.core.donors import Donor
from hedgerow.core.levers import Information
from hedgerow.core.numbers import FloatArray
from hedgerow.core.parameters import Beliefs
from hedgerow.core.rules.allocation import fit_gap


def true_effect(gap: FloatArray, donor: Donor) -> FloatArray:
    """Return how well a donor's help works here, 0-1: its quality, by its fit to what is lacking.

    Fit is relative to help that meets half of each need; where nothing lacks, all needs weigh
    alike.
    """
    lack = gap.sum(axis=1)
    even = fit_gap(np.full_like(gap, 1.0 / gap.shape[1]), donor)
    fit = np.where(lack > 0, fit_gap(gap, donor) / np.where(lack > 0, lack, 1.0), even)
    return np.asarray(np.clip(2.0 * donor.quality * fit, 0.0, 1.0))


def experience(
    mean: FloatArray, variance: FloatArray, *, effect: FloatArray, seen: FloatArray,
    noise: FloatArray, p: Beliefs,
) -> tuple[FloatArray, FloatArray]:  # fmt: skip
    """Update beliefs by one's own experience where help was delivered.

    Parameters
    ----------
    mean, variance : (runs, rows)
    effect : (runs, rows), what the help truly did
    seen : (runs, rows), 1 where help arrived this month
    noise : (runs, rows), standard normal

    Returns
    -------
    mean, variance : (runs, rows)
    """
    gain = seen * variance / (variance + p.noise**2)
    observed = effect + p.noise * noise
    return mean + gain * (observed - mean), variance * (1.0 - gain) + p.forgetting


def hearsay(variance: FloatArray, others: FloatArray, p: Beliefs) -> FloatArray:
    """Return the shift of belief towards the neighbours'; ``others`` is their mean difference."""
    precision = p.peers / p.noise**2
    return np.asarray(others * variance * precision / (1.0 + variance * precision))


def campaign(
    mean: FloatArray, variance: FloatArray, effect: FloatArray, lever: Information, p: Beliefs
) -> FloatArray:
    """Return the shift of belief a campaign achieves this month, ``(runs, rows)``.

    Evidence reports the true effect; promotion claims a high one; an attack lowers belief by its
    stated effect, none unless a scenario says so.
    """
    if lever.kind == "evidence":
        message = effect
    elif lever.kind == "promotion":
        message = p.claim + np.zeros_like(mean)
    else:
        message = mean - lever.effect
    precision = lever.intensity * lever.credibility / p.noise**2
    gain = variance * precision / (1.0 + variance * precision)
    return np.asarray(gain * (message - mean))
