"""Whether a recipient takes an offer (M10, M15, M20; A037-A039, A050).

Offers of rivals are weighed independently: a state may take both.
"""

from typing import NamedTuple

import numpy as np

from hedgerow.core.compiled import Record, add, at, kernel, level, numbers, rule
from hedgerow.core.donors import Donor, Equipment
from hedgerow.core.levers import TechAlternative
from hedgerow.core.numbers import FloatArray, Rows, Value
from hedgerow.core.parameters import Acceptance
from hedgerow.core.rules.allocation import fit_gap
from hedgerow.core.rules.common import logistic
from hedgerow.core.rules.provision import EquipmentOffer, Offer
from hedgerow.core.rules.vetting import cut_fear
from hedgerow.core.scene import Situation
from hedgerow.core.schedule import Placed


class Utility(NamedTuple):
    """The terms of the utility of an offer."""

    constant: Rows
    gaps: Rows
    surveillance: Rows
    installed: Rows
    trust: Rows
    price: Rows
    conditions: Rows
    visibility: Rows
    fear: Rows
    data: Rows
    switching: Rows


UTILITY_NAMES = Utility(
    "constant",
    "gaps",
    "surveillance",
    "installed technology",
    "trust",
    "price",
    "conditions",
    "visibility",
    "fear of cut-off",
    "worry about data",
    "switching",
)


@rule
def utility(
    fitting: Rows,
    content: Rows,
    price: Rows,
    usable: Rows,
    locked: Rows,
    kit: Rows,
    fear: Rows,
    belief: Rows,
    trust: Rows,
    threat: Rows,
    coalition: Rows,
    sovereignty: Rows,
    donor: Donor,
    equipment: Equipment,
    p: Acceptance,
) -> Utility:
    """Return the terms of the utility of an offer to a recipient.

    Parameters
    ----------
    fitting : gaps the help fits, summed
    content : surveillance content of the offer, 0-1
    price : 1 = the market's
    usable, locked : working technology of this donor, and technology of its rivals
    kit : 1 where equipment is offered, 0 where training is
    fear : chance of a cut-off times the help that would go
    belief, trust, threat, coalition, sovereignty : the recipient, 0-1
    """
    return Utility(
        p.constant,
        p.gap * belief * fitting,
        p.surveillance * content * threat * (1.0 - coalition),
        p.lock_in * kit * usable,
        p.trust * trust,
        -p.price * price,
        -p.conditions * donor.conditions * coalition,
        -p.visibility * donor.visibility * sovereignty,
        -p.deterrence * fear,
        -p.concern * equipment.data_worry * content,
        -p.switching * kit * locked * content,
    )


def _content(offer: Offer) -> tuple[Value, Value, float]:
    """Return an offer's surveillance content, its price, and whether it is kit."""
    if isinstance(offer, EquipmentOffer):
        return offer.surveillance.astype(np.float64), offer.price, 1.0
    return offer.technology, 0.0, 0.0


def _locked(situation: Situation, d: int) -> FloatArray:
    """Return the technology that rivals of donor ``d`` have installed, ``(runs, rows)``."""
    rivals = np.flatnonzero(situation.scene.rivals[d])
    none = np.zeros_like(situation.world.crime)
    return np.asarray(sum((situation.world.lock_in[:, r] for r in rivals), none))


def utility_terms(situation: Situation, d: int, offer: Offer) -> dict[str, FloatArray]:
    """Return the terms of the utility of donor ``d``'s offer by name, ``(runs, rows)`` each."""
    world, facts, donor = situation.world, situation.world.facts, situation.scene.donor(d)
    content, price, kit = _content(offer)
    terms = utility(
        fit_gap(situation.gap.swapaxes(0, 1), donor.fit),
        content,
        price,
        world.lock_in[:, d] * world.uptime[:, d],
        _locked(situation, d),
        kit,
        cut_fear(situation, d, offer),
        world.belief[:, d],
        world.trust[:, d],
        world.threat,
        facts.coalition,
        world.sovereignty,
        donor,
        donor.equipment,
        situation.parameters.acceptance,
    )
    none = np.zeros_like(world.crime)
    return {name: none + term for name, term in zip(UTILITY_NAMES, terms, strict=True)}


def respond(situation: Situation, d: int, offer: Offer) -> FloatArray:
    """Return the chance that each recipient accepts donor ``d``'s offer, ``(runs, rows)``.

    0 where nothing is offered.
    """
    world, scene = situation.world, situation.scene
    donor, size = scene.donor(d), offer.usd if isinstance(offer, EquipmentOffer) else offer.officers
    content, price, kit = _content(offer)
    return _chances(
        d,
        size,
        situation.gap,
        level(content),
        level(price),
        world.lock_in,
        world.uptime,
        _locked(situation, d),
        kit,
        cut_fear(situation, d, offer),
        world.belief,
        world.trust,
        world.threat,
        world.facts.coalition,
        world.sovereignty,
        scene.record(donor.fit),
        scene.record(donor),
        scene.record(donor.equipment),
        scene.record(situation.parameters.acceptance),
    )


@kernel
def _chances(
    d: int,
    size: FloatArray,
    gap: FloatArray,
    content: FloatArray,
    price: FloatArray,
    lock_in: FloatArray,
    uptime: FloatArray,
    locked: FloatArray,
    kit: float,
    fear: FloatArray,
    belief: FloatArray,
    trust: FloatArray,
    threat: FloatArray,
    coalition: FloatArray,
    sovereignty: FloatArray,
    fit: Record,
    donor: Record,
    equipment: Record,
    acceptance: Record,
) -> FloatArray:
    chance = np.zeros_like(size)
    for run in range(size.shape[0]):
        f, o = numbers(fit[run]), numbers(donor[run])
        e, p = numbers(equipment[run]), numbers(acceptance[run])
        for i in range(size.shape[1]):
            if size[run, i] > 0.0:
                terms = utility(
                    fit_gap((gap[run, 0, i], gap[run, 1, i], gap[run, 2, i], gap[run, 3, i]), f),
                    at(content, run, i),
                    at(price, run, i),
                    lock_in[run, d, i] * uptime[run, d, i],
                    locked[run, i],
                    kit,
                    fear[run, i],
                    belief[run, d, i],
                    trust[run, d, i],
                    threat[run, i],
                    coalition[i],
                    sovereignty[run, i],
                    o,
                    e,
                    p,
                )
                chance[run, i] = logistic(add(terms) / p.scale)
    return chance


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
