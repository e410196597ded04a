"""Whether a recipient takes an offer (M10, M15, M20; A037-A039, A050).

Offers of rivals are weighed independently: a state may take both.
"""

import numpy as np

from hedgerow.core.levers import TechAlternative
from hedgerow.core.numbers import FloatArray, Value
from hedgerow.core.rules.allocation import fit_gap
from hedgerow.core.rules.common import logistic, total
from hedgerow.core.rules.provision import EquipmentOffer, Offer
from hedgerow.core.rules.vetting import cut_fear
from hedgerow.core.scene import Situation
from hedgerow.core.schedule import Placed


def utility_terms(situation: Situation, d: int, offer: Offer) -> dict[str, FloatArray]:
    """Return the terms of the utility of donor ``d``'s offer, ``(runs, rows)`` each.

    The terms: believed effect on the gaps, surveillance for threatened narrow regimes, installed
    technology, trust, price, conditions, visibility, fear of a cut-off, worry about data, and
    switching from a rival's technology.
    """
    world, facts, p = situation.world, situation.world.facts, situation.parameters.acceptance
    donor = situation.scene.donor(d)
    none = np.zeros_like(world.crime)
    kit = isinstance(offer, EquipmentOffer)
    content = none + (offer.surveillance if isinstance(offer, EquipmentOffer) else offer.technology)
    price = none + (offer.price if isinstance(offer, EquipmentOffer) else 0.0)
    rivals = np.flatnonzero(situation.scene.rivals[d])
    locked = sum((world.lock_in[:, r] for r in rivals), none)
    usable = world.lock_in[:, d] * world.uptime[:, d]
    return {
        "constant": p.constant + none,
        "gaps": p.gap * world.belief[:, d] * fit_gap(situation.gap, donor),
        "surveillance": p.surveillance * content * world.threat * (1.0 - facts.coalition),
        "installed technology": (p.lock_in if kit else 0.0) * usable,
        "trust": p.trust * world.trust[:, d],
        "price": -p.price * price,
        "conditions": -p.conditions * donor.conditions * facts.coalition,
        "visibility": -p.visibility * donor.visibility * world.sovereignty,
        "fear of cut-off": -p.deterrence * cut_fear(situation, d, offer),
        "worry about data": -p.concern * donor.equipment.data_worry * content,
        "switching": -(p.switching if kit else 0.0) * locked * content,
    }


def respond(situation: Situation, d: int, offer: Offer) -> FloatArray:
    """Return the chance that each recipient accepts donor ``d``'s offer, ``(runs, rows)``."""
    utility = total(utility_terms(situation, d, offer))
    return logistic(utility / situation.parameters.acceptance.scale)


def ramped(month: int, placed: Placed, lever: TechAlternative) -> Value:
    """Return how far an affordable alternative has come on the market, 0-1."""
    return np.asarray(np.minimum((month - placed.first + 1) / lever.ramp, 1.0))


def technology_price(situation: Situation, d: int) -> Value:
    """Return the price of donor ``d``'s technology, ``(runs, rows)`` or ``(runs, 1)``.

    An affordable alternative is priced at the rival's price plus a premium, less a subsidy (M13).
    """
    scene = situation.scene
    donor = scene.donor(d)
    price: Value = donor.equipment.price
    for lever, placed in scene.schedule.now(TechAlternative, situation.month, scene.code(d)):
        rivals = [scene.donor(int(r)) for r in np.flatnonzero(scene.rivals[d])]
        if not rivals or lever.premium is None:
            continue
        lowest = np.minimum.reduce([rival.equipment.price for rival in rivals])
        offered = lowest * (1.0 + lever.premium) * (1.0 - lever.subsidy)
        come = placed.rows * ramped(situation.month, placed, lever)
        price = price * (1.0 - come) + offered * come
    return price
