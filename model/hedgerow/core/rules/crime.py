"""Crime: surveillance, police capability, entanglement and neighbours (M06, M22; A040-A041)."""

import numpy as np

from hedgerow.core.compiled import rule
from hedgerow.core.numbers import Rows
from hedgerow.core.parameters import Crime


@rule
def crime_change(
    log_crime: Rows,
    systems: Rows,
    investigation_gain: Rows,
    entanglement_gain: Rows,
    trouble: Rows,
    spill: Rows,
    noise: Rows,
    p: Crime,
) -> Rows:
    """Return the change of log crime this month.

    Parameters
    ----------
    log_crime : log of the index, 0 = the state's own start
    systems : working surveillance technology of all donors
    investigation_gain, entanglement_gain : change this month
    trouble : 1 in a troubled transition or war
    spill : mean log crime of neighbours less one's own
    noise : standard normal
    """
    return (
        p.drift
        - p.reversion * log_crime
        - p.surveillance / 12.0 * p.active_use * np.minimum(systems, 1.0)
        - p.investigation * investigation_gain
        + p.entanglement * entanglement_gain
        + p.trouble * trouble
        + p.spill * spill
        + p.noise * noise
    )
