"""Beliefs about each donor's effectiveness: a scalar Kalman filter (M12; A039, A044)."""

import numpy as np

from hedgerow.core.compiled import choose, rule, within
from hedgerow.core.levers import Information
from hedgerow.core.numbers import FloatArray, Rows
from hedgerow.core.parameters import Beliefs


@rule
def true_effect(fit: Rows, lack: Rows, even: Rows, quality: Rows) -> Rows:
    """Return how well a donor's help works here, 0-1: its quality, by its fit to what is lacking.

    Fit is relative to help that meets half of each need; where nothing lacks, all needs weigh alike.

    Parameters
    ----------
    fit : gaps the help fits, summed over capabilities
    lack : all gaps, summed
    even : fit if every capability lacked alike
    quality : true effect of the help where it fits, 0-1
    """
    share = choose(lack > 0, fit / np.maximum(lack, 1e-300), even)
    return within(2.0 * quality * share, 0.0, 1.0)


@rule
def experience(mean: Rows, variance: Rows, effect: Rows, seen: Rows, noise: Rows, p: Beliefs) -> tuple[Rows, Rows]:
    """Update beliefs by one's own experience where help was delivered.

    Parameters
    ----------
    mean, variance : belief before
    effect : what the help truly did
    seen : 1 where help arrived this month
    noise : standard normal

    Returns
    -------
    mean, variance : belief after
    """
    gain = seen * variance / (variance + p.noise**2)
    observed = effect + p.noise * noise
    return mean + gain * (observed - mean), variance * (1.0 - gain) + p.forgetting


@rule
def hearsay(variance: Rows, others: Rows, p: Beliefs) -> Rows:
    """Return the shift of belief towards the neighbours'; ``others`` is their mean difference."""
    precision = p.peers / p.noise**2
    return others * variance * precision / (1.0 + variance * precision)


def campaign(mean: FloatArray, variance: FloatArray, effect: FloatArray, lever: Information, p: Beliefs) -> FloatArray:
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
