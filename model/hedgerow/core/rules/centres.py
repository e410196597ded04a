"""Overseas service centres: opening and exposure (M19; A031-A034)."""

from hedgerow.core.numbers import BoolArray, FloatArray, Value
from hedgerow.core.parameters import Centres
from hedgerow.core.rules.common import happens, poisson


def standing(
    exposure: FloatArray, oversight: FloatArray, uniform: FloatArray, p: Centres
) -> FloatArray:
    """Return centres that stand at the start, where nationals are many and oversight is weak."""
    return poisson(p.initial * exposure * (1.0 - oversight), uniform)


def openings(
    exposure: FloatArray, oversight: FloatArray, times: Value, uniform: FloatArray,
    p: Centres,
) -> FloatArray:  # fmt: skip
    """Return centres opened this month: more with nationals present, fewer under oversight."""
    return poisson(p.openings * times * exposure * (1.0 - oversight), uniform)


def exposed(
    centres: FloatArray, press: FloatArray, times: Value, uniform: FloatArray,
    p: Centres,
) -> BoolArray:  # fmt: skip
    """Say where a centre is exposed this month: the likelier, the freer the press."""
    return happens(p.exposure * times * press * centres, uniform)
