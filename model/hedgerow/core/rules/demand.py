"""What a recipient's police need and lack (M01, M23; A011, A037-A039)."""

import numpy as np

from hedgerow.core.donors import CAPABILITIES
from hedgerow.core.numbers import FloatArray, Value
from hedgerow.core.parameters import Demand

INVESTIGATION, PUBLIC_ORDER, BORDER, TECHNOLOGY = range(len(CAPABILITIES))


def required(
    crime: FloatArray, threat: FloatArray, coalition: FloatArray, stake: FloatArray, p: Demand
) -> FloatArray:
    """Return the capability needed, ``(runs, capabilities, rows)``, 0-1.

    Crime asks for investigation and border control; threat to a narrow regime for order and
    technology; foreign investment for order to protect it.
    """
    against_crime = p.base + p.crime * (crime - 1.0)
    for_order = p.threat * threat * (1.0 - coalition)
    technology = p.base + for_order
    order = technology + p.protection * stake
    return np.clip(np.stack([against_crime, order, against_crime, technology], axis=1), 0.0, 1.0)


def effective(capability: FloatArray, trouble: FloatArray, diversion: Value) -> FloatArray:
    """Return capability as it serves: a troubled regime turns investigation and border to order."""
    kept = 1.0 - diversion * trouble
    serving = capability.copy()
    serving[:, INVESTIGATION] *= kept
    serving[:, BORDER] *= kept
    moved = (capability[:, INVESTIGATION] + capability[:, BORDER]) / 2.0 * (1.0 - kept)
    serving[:, PUBLIC_ORDER] = np.minimum(serving[:, PUBLIC_ORDER] + moved, 1.0)
    return serving


def gaps(required: FloatArray, serving: FloatArray, relief: Value) -> FloatArray:
    """Return what is lacking, ``(runs, capabilities, rows)``, less what background donors cover."""
    lack = np.maximum(required - serving, 0.0)
    return np.asarray(lack * (1.0 - np.atleast_1d(relief)[..., None, :]))
