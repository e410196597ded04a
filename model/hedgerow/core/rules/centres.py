"""Overseas service centres: opening and exposure (M19; A031-A034)."""

from hedgerow.core.compiled import rule
from hedgerow.core.numbers import Rows
from hedgerow.core.parameters import Centres
from hedgerow.core.rules.common import happens, poisson


@rule
def standing(exposure: Rows, oversight: Rows, uniform: Rows, p: Centres) -> Rows:
    """Return centres that stand at the start, where nationals are many and oversight is weak."""
    return poisson(p.initial * exposure * (1.0 - oversight), uniform)


@rule
def openings(exposure: Rows, oversight: Rows, times: Rows, uniform: Rows, p: Centres) -> Rows:
    """Return centres opened this month: more with nationals present, fewer under oversight."""
    return poisson(p.openings * times * exposure * (1.0 - oversight), uniform)


@rule
def exposed(centres: Rows, press: Rows, times: Rows, uniform: Rows, p: Centres) -> Rows:
    """Say where a centre is exposed this month: the likelier, the freer the press."""
    return happens(p.exposure * times * press * centres, uniform)
