"""Phase 7, respond: recipients accept or refuse each offer on its own merits."""

import numpy as np

from hedgerow.core.compiled import kernel
from hedgerow.core.month import Month
from hedgerow.core.numbers import BoolArray, FloatArray, IntArray
from hedgerow.core.rules.common import happens
from hedgerow.core.rules.provision import Offer
from hedgerow.core.tape import Keys, uniform

VENUES = np.array(["in_donor", "in_host"], dtype=object)
KINDS = np.array(["small", "surveillance"], dtype=object)


def respond(month: Month) -> None:
    """Ask each recipient about each donor's courses and packages."""
    for d in month.donors():
        deal = month.deals[d]
        deal.training_accepted = _answers(month, d, deal.training, "training_acceptance")
        deal.equipment_accepted = _answers(month, d, deal.equipment, "equipment_acceptance")
        _enter(month, d)


def _answers(month: Month, d: int, offer: Offer, stream: str) -> BoolArray:
    chance = np.ascontiguousarray(month.rules.respond(month.situation, d, offer))
    return _taken(chance, month.draws.keys(stream, month.scene.code(d)), month.draws.slots)


@kernel
def _taken(chance: FloatArray, key: Keys, slots: IntArray) -> BoolArray:
    taken = np.zeros(chance.shape, dtype=np.bool_)
    for run in range(chance.shape[0]):
        for i in range(chance.shape[1]):
            if chance[run, i] > 0.0:
                taken[run, i] = happens(chance[run, i], uniform(key[run], slots[i]))
    return taken


def _enter(month: Month, d: int) -> None:
    if month.ledger is None:
        return
    deal, code = month.deals[d], month.scene.code(d)
    training, kit = deal.training, deal.equipment
    taken = (training.officers - deal.training_blocked) * deal.training_accepted
    month.record(
        "training",
        training.officers > 0,
        donor=code,
        seats=training.officers,
        officer_weeks=taken * training.weeks,
        venue=VENUES[training.in_host.astype(int)],
        blocked=deal.training_blocked,
        accepted=deal.training_accepted,
    )
    month.record(
        "equipment",
        kit.usd > 0,
        donor=code,
        value_usd=kit.usd,
        kind=KINDS[kit.surveillance.astype(int)],
        blocked=deal.equipment_blocked,
        accepted=deal.equipment_accepted,
    )
