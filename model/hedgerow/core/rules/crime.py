"""Crime: surveillance, police capability, entanglement and neighbours (M06, M22; A040-A041)."""

import numpy as np

from hedgerow.core.numbers import FloatArray
from hedgerow.core.parameters import Crime


def crime_change(
    crime: FloatArray, *, systems: FloatArray, investigation_gain: FloatArray,
    entanglement_gain: FloatArray, trouble: FloatArray, spill: FloatArray, noise: FloatArray,
    p: Crime,
) -> FloatArray:  # fmt: skip
    """Return the change of log crime this month, ``(runs, rows)``.

    Parameters
    ----------
    crime : index, 1 = the state's own start
    systems : working surveillance technology of all donors
    investigation_gain, entanglement_gain : change this month
    trouble : 1 in a troubled transition or war
    spill : mean log crime of neighbours less one's own
    noise : standard normal
    """
    return np.asarray(
        p.drift
        - p.reversion * np.log(crime)
        - p.surveillance / 12.0 * p.active_use * np.minimum(systems, 1.0)
        - p.investigation * investigation_gain
        + p.entanglement * entanglement_gain
        + p.trouble * trouble
        + p.spill * spill
        + p.noise * noise
    )
