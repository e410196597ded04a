"""Abuse by units and the spread of an order model (M09, M18; A009-A010, A026, A029, A038)."""

import numpy as np

from hedgerow.core.compiled import rule
from hedgerow.core.numbers import Rows
from hedgerow.core.parameters import Policing, Vetting
from hedgerow.core.rules.common import happens, poisson


@rule
def abuses(model: Rows, threat: Rows, oversight: Rows, uniform: Rows, p: Policing, v: Vetting) -> Rows:
    """Return gross violations by units this month: ``h0 exp(b_m m + b_s s)(1 - oversight)``."""
    rate = p.abuse * np.exp(p.abuse_model * model + p.abuse_threat * threat) * (1.0 - oversight)
    return poisson(v.units * rate, uniform)


@rule
def newly_flagged(abuses: Rows, flagged: Rows, press: Rows, uniform: Rows, p: Policing, v: Vetting) -> Rows:
    """Say where a further unit comes under a credible allegation, which a free press brings."""
    known = happens(1.0 - (1.0 - p.credible * press) ** abuses, uniform)
    return known & (flagged + 1.0 <= v.units)


@rule
def cleared(flagged: Rows, remediation: Rows, uniform: Rows, v: Vetting) -> Rows:
    """Say where a unit is cleared this month, sooner under funded remediation."""
    rate = np.minimum(v.clearing * (1.0 + v.remediation * remediation) * flagged, 1.0)
    return happens(rate, uniform) & (flagged > 0)


@rule
def model_change(
    model: Rows, threat: Rows, coalition: Rows, export: Rows, reform: Rows, neighbours: Rows, deterred: Rows, p: Policing
) -> Rows:
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
    return adopted - reformed + p.peers * neighbours - deterred


@rule
def taught(export: Rows, reach: Rows, installed: Rows) -> tuple[Rows, Rows]:
    """Return exposure to order policing and to reform by one donor, 0-1 each.

    ``export`` is its pull towards order policing (1) or rights-based policing (-1), ``reach`` the
    ground its help covers, ``installed`` its technology.
    """
    return np.maximum(export, 0.0) * (reach + installed), np.maximum(-export, 0.0) * reach


@rule
def deterred(strictness: Rows, reliance: Rows, v: Vetting) -> Rows:
    """Return how far vetting restrains those who rely on the donor that vets, a month."""
    return v.deterrence / 12.0 * strictness * reliance
