"""What a recipient's police need and lack (M01, M23; A011, A037-A039)."""

import numpy as np

from hedgerow.core.compiled import rule, within
from hedgerow.core.donors import CAPABILITIES
from hedgerow.core.numbers import Rows
from hedgerow.core.parameters import Demand

INVESTIGATION, PUBLIC_ORDER, BORDER, TECHNOLOGY = range(len(CAPABILITIES))


@rule
def required(crime: Rows, threat: Rows, coalition: Rows, stake: Rows, p: Demand) -> tuple[Rows, Rows, Rows, Rows]:
    """Return the capability needed of each kind, 0-1, in the order of the capabilities.

    Crime asks for investigation and border control; threat to a narrow regime for order and
    technology; foreign investment for order to protect it.
    """
    against_crime = within(p.base + p.crime * (crime - 1.0), 0.0, 1.0)
    technology = p.base + p.threat * threat * (1.0 - coalition)
    order = within(technology + p.protection * stake, 0.0, 1.0)
    return against_crime, order, against_crime, within(technology, 0.0, 1.0)


@rule
def effective(investigation: Rows, order: Rows, border: Rows, trouble: Rows, diversion: Rows) -> tuple[Rows, Rows, Rows]:
    """Return capability as it serves: a troubled regime turns investigation and border to order."""
    kept = 1.0 - diversion * trouble
    moved = (investigation + border) / 2.0 * (1.0 - kept)
    return investigation * kept, np.minimum(order + moved, 1.0), border * kept


@rule
def lacking(required: Rows, serving: Rows, relief: Rows) -> Rows:
    """Return what is lacking, less what background donors cover."""
    return np.maximum(required - serving, 0.0) * (1.0 - relief)
