"""Regime threat, leadership change and the path of a regime (M20, M23; A070, A081, A082)."""

from hedgerow.core.compiled import choose, elementwise, rule, within
from hedgerow.core.numbers import Rows
from hedgerow.core.parameters import Politics
from hedgerow.core.rules.common import happens
from hedgerow.core.world import Regime

STABLE, TRANSITION = int(Regime.STABLE), int(Regime.TRANSITION)
STALLED, BACKSLIDING = int(Regime.STALLED), int(Regime.BACKSLIDING)


@rule
def troubled(regime: Rows) -> Rows:
    """Return 1 where a transition has stalled or turned to backsliding, else 0."""
    return choose(regime >= STALLED, 1.0, 0.0)


@rule
def threat(now: Rows, usual: Rows, trouble: Rows, war: Rows, noise: Rows, p: Politics) -> Rows:
    """Return next month's threat to the regime as its leaders see it, 0-1.

    Reverts to the usual level, higher while the state is troubled or at war.

    Parameters
    ----------
    now, usual, trouble, war : 0-1
    noise : standard normal
    """
    drift = p.threat_reversion * (usual - now)
    push = p.trouble_threat * (trouble + war)
    return within(now + drift + push + p.threat_noise * noise, 0.0, 1.0)


@rule
def turnover(coalition: Rows, uniform: Rows, p: Politics) -> Rows:
    """Say where leaders change this month, more often the broader the coalition."""
    hazard = p.turnover_narrow + (p.turnover_broad - p.turnover_narrow) * coalition
    return happens(hazard, uniform)


@rule
def path(regime: Rows, threat: Rows, uniform: Rows, p: Politics) -> Rows:
    """Return the regime's next place on its path, a Markov chain of four states.

    Stable states enter transition more often under threat; a transition settles, stalls or
    turns to backsliding; the troubled recover slowly.
    """
    onset = p.onset * (1.0 + p.onset_threat * threat)
    return following(regime, uniform, onset, p.settle, p.stall, p.backslide, p.recover)


@elementwise
def following(regime: Rows, uniform: Rows, onset: Rows, settle: Rows, stall: Rows, backslide: Rows, recover: Rows) -> Rows:
    """Return the next place on the path of a regime, given the monthly chances of each move."""
    if regime == STABLE:
        return TRANSITION if uniform < onset else STABLE
    if regime != TRANSITION:
        return STABLE if uniform < recover else regime
    if uniform < settle:
        return STABLE
    if uniform < settle + stall:
        return STALLED
    return BACKSLIDING if uniform < settle + stall + backslide else TRANSITION
