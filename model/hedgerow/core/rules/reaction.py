"""Pushback, pauses, donors' reaction and statements of support (M17, M20, M21; B089-B109)."""

from hedgerow.core.compiled import rule
from hedgerow.core.numbers import Rows
from hedgerow.core.parameters import Reaction
from hedgerow.core.rules.common import happens, logistic


@rule
def pushback(sovereignty: Rows, cover: Rows, visibility: Rows, active: Rows, uniform: Rows, p: Reaction) -> Rows:
    """Say where a recipient pauses an agreement: sensitive states with visible, heavy help."""
    return happens(
        p.pushback * sovereignty * (p.pushback_base + (1.0 - p.pushback_base) * cover) * visibility * active, uniform
    )


@rule
def contagion(pushed: Rows, neighbours: Rows, p: Reaction) -> Rows:
    """Return the rise of neighbours' sensitivity to sovereignty.

    ``pushed`` is 1 where a row pushed back itself, ``neighbours`` the share of its neighbours that
    did this month.
    """
    return p.contagion * neighbours * (1.0 - pushed)


@rule
def statement(alignment: Rows, pilot: Rows, rival_value: Rows, uniform: Rows, p: Reaction) -> Rows:
    """Say where a state declares support for a donor's initiative this month (M17; B043, B083)."""
    odds = (
        p.statement_base + p.statement_alignment * alignment + p.statement_region * pilot - p.statement_rival * rival_value
    )
    return happens(logistic(odds), uniform)


@rule
def lagged(now: Rows, seen: Rows, lag: Rows) -> Rows:
    """Return a donor's picture of its rivals' cover, which trails what is so by some months."""
    return now + (seen - now) / lag
