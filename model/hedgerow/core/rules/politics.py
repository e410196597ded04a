"""Regime threat, leadership change and the path of a regime (M20, M23; A070, A081, A082)."""

import numpy as np

from hedgerow.core.numbers import BoolArray, FloatArray, IntArray
from hedgerow.core.parameters import Politics
from hedgerow.core.rules.common import happens
from hedgerow.core.world import Regime


def troubled(regime: IntArray) -> FloatArray:
    """Return 1 where a transition has stalled or turned to backsliding, else 0."""
    return (regime >= Regime.STALLED).astype(np.float64)


def threat(
    now: FloatArray, usual: FloatArray, *, trouble: FloatArray, war: FloatArray,
    noise: FloatArray, p: Politics,
) -> FloatArray:  # fmt: skip
    """Return next month's threat to the regime as its leaders see it, 0-1.

    Reverts to the usual level, higher while the state is troubled or at war.

    Parameters
    ----------
    now, usual, trouble, war : (runs, rows), 0-1
    noise : (runs, rows), standard normal
    """
    drift = p.threat_reversion * (usual - now)
    push = p.trouble_threat * (trouble + war)
    return np.clip(now + drift + push + p.threat_noise * noise, 0.0, 1.0)


def turnover(coalition: FloatArray, uniform: FloatArray, p: Politics) -> BoolArray:
    """Say where leaders change this month, more often the broader the coalition."""
    hazard = p.turnover_narrow + (p.turnover_broad - p.turnover_narrow) * coalition
    return happens(hazard, uniform)


def path(regime: IntArray, threat: FloatArray, uniform: FloatArray, p: Politics) -> IntArray:
    """Return the regime's next place on its path, a Markov chain of four states.

    Stable states enter transition more often under threat; a transition settles, stalls or
    turns to backsliding; the troubled recover slowly.
    """
    stable, moving = regime == Regime.STABLE, regime == Regime.TRANSITION
    begins = stable & happens(p.onset * (1.0 + p.onset_threat * threat), uniform)
    settles = moving & happens(p.settle, uniform)
    stalls = moving & ~settles & happens(p.settle + p.stall, uniform)
    slides = moving & ~settles & ~stalls & happens(p.settle + p.stall + p.backslide, uniform)
    recovers = ~stable & ~moving & happens(p.recover, uniform)
    following = regime.copy()
    following[begins] = Regime.TRANSITION
    following[settles | recovers] = Regime.STABLE
    following[stalls] = Regime.STALLED
    following[slides] = Regime.BACKSLIDING
    return following
