"""Pushback, pauses, donors' reaction and statements of support (M17, M20, M21; B089-B109)."""

import numpy as np

from hedgerow.core.numbers import BoolArray, FloatArray, Value
from hedgerow.core.parameters import Reaction
from hedgerow.core.rules.common import happens, logistic


def pushback(
    sovereignty: FloatArray, cover: FloatArray, visibility: Value, active: FloatArray, *,
    uniform: FloatArray, p: Reaction,
) -> BoolArray:  # fmt: skip
    """Say where a recipient pauses an agreement: sensitive states with visible, heavy help."""
    return happens(
        p.pushback
        * sovereignty
        * (p.pushback_base + (1.0 - p.pushback_base) * cover)
        * visibility
        * active,
        uniform,
    )


def contagion(pushed: BoolArray, neighbours: FloatArray, p: Reaction) -> FloatArray:
    """Return the rise of neighbours' sensitivity to sovereignty, ``(runs, rows)``.

    ``neighbours`` is the share of a row's neighbours that pushed back this month.
    """
    return np.asarray(p.contagion * neighbours * ~pushed)


def statement(
    alignment: FloatArray, pilot: FloatArray, rival_value: FloatArray, uniform: FloatArray,
    p: Reaction,
) -> BoolArray:  # fmt: skip
    """Say where a state declares support for a donor's initiative this month (M17; B043, B083)."""
    odds = (
        p.statement_base
        + p.statement_alignment * alignment
        + p.statement_region * pilot
        - p.statement_rival * rival_value
    )
    return happens(logistic(odds), uniform)


def lagged(now: FloatArray, seen: FloatArray, lag: Value) -> FloatArray:
    """Return a donor's picture of its rivals' cover, which trails what is so by some months."""
    return np.asarray(now + (seen - now) / lag)
