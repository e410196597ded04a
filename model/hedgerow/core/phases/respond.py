"""Phase 7, respond: recipients accept or refuse each offer on its own merits."""

import numpy as np

from hedgerow.core.month import Month
from hedgerow.core.rules.common import happens

VENUES = np.array(["in_donor", "in_host"], dtype=object)
KINDS = np.array(["small", "surveillance"], dtype=object)


def respond(month: Month) -> None:
    """Ask each recipient about each donor's courses and packages."""
    for d in month.donors():
        deal, code = month.deals[d], month.scene.code(d)
        situation, respond_to = month.situation, month.rules.respond
        chance = respond_to(situation, d, deal.training)
        deal.training_accepted = happens(chance, month.draws("training_acceptance", code))
        chance = respond_to(situation, d, deal.equipment)
        deal.equipment_accepted = happens(chance, month.draws("equipment_acceptance", code))
        _enter(month, d)


def _enter(month: Month, d: int) -> None:
    if month.ledger is None:
        return
    deal, code = month.deals[d], month.scene.code(d)
    training, kit = deal.training, deal.equipment
    taken = (training.officers - deal.training_blocked) * deal.training_accepted
    month.record(
        "training", training.officers > 0, donor=code, seats=training.officers,
        officer_weeks=taken * training.weeks,
        venue=VENUES[training.in_host.astype(int)],
        blocked=deal.training_blocked, accepted=deal.training_accepted,
    )  # fmt: skip
    month.record(
        "equipment", kit.usd > 0, donor=code, value_usd=kit.usd,
        kind=KINDS[kit.surveillance.astype(int)],
        blocked=deal.equipment_blocked, accepted=deal.equipment_accepted,
    )  # fmt: skip
