"""Abuse by units and the spread of an order model (M09, M18; A009-A010, A026, A029, A038)."""

import numpy as np

from hedgerow.core.numbers import FloatArray, Value
from hedgerow.core.parameters import Policing, Vetting
from hedgerow.core.rules.common import happens, poisson
from hedgerow.core.tape import derive


def abuses(
    model: FloatArray, threat: FloatArray, oversight: FloatArray, uniform: FloatArray, *,
    p: Policing, v: Vetting,
) -> FloatArray:  # fmt: skip
    """Return gross violations by units this month: ``h0 exp(b_m m + b_s s)(1 - oversight)``."""
    rate = p.abuse * np.exp(p.abuse_model * model + p.abuse_threat * threat) * (1.0 - oversight)
    return poisson(v.units * rate, uniform)


def newly_flagged(
    abuses: FloatArray, flagged: FloatArray, press: FloatArray, uniform: FloatArray, *,
    p: Policing, v: Vetting,
) -> FloatArray:  # fmt: skip
    """Return 1 where a further unit comes under a credible allegation, which a free press brings.

    ``uniform`` is the draw that produced the abuses; the report gets a further draw of its own.
    """
    known = happens(1.0 - (1.0 - p.credible * press) ** abuses, derive(uniform, "report"))
    return (known & (flagged + 1.0 <= v.units)).astype(np.float64)


def cleared(flagged: FloatArray, remediation: Value, uniform: FloatArray, v: Vetting) -> FloatArray:
    """Return units cleared this month, sooner under funded remediation."""
    rate = np.minimum(v.clearing * (1.0 + v.remediation * remediation) * flagged, 1.0)
    return (happens(rate, uniform) & (flagged > 0)).astype(np.float64)


def model_change(
    model: FloatArray, threat: FloatArray, coalition: FloatArray, *, export: FloatArray,
    reform: FloatArray, neighbours: FloatArray, deterred: FloatArray, p: Policing,
) -> FloatArray:  # fmt: skip
    """Return the change of the policing model, 0 rights-based to 1 order and surveillance.

    Parameters
    ----------
    export : exposure to donors that teach order policing, 0-1
    reform : exposure to donors that teach systemic reform, 0-1
    neighbours : mean difference to neighbours within reach
    deterred : how far vetting by a donor it relies on restrains it, 0-1
    """
    receptive = threat * (1.0 - coalition)
    adopted = p.adoption * export * receptive * (1.0 - model)
    reformed = p.reform * reform * model
    return np.asarray(adopted - reformed + p.peers * neighbours - deterred)
