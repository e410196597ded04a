"""The donor's conditions: vetting of units and cut-off (M09, M11; A026-A027, A042)."""

import numpy as np

from hedgerow.core.levers import Cutoff, Leahy
from hedgerow.core.numbers import FloatArray
from hedgerow.core.rules.common import happens
from hedgerow.core.rules.provision import EquipmentOffer, Offer
from hedgerow.core.scene import Situation


def leahy_block(situation: Situation, d: int) -> FloatArray:
    """Return the share of an offer that vetting blocks, ``(runs, rows)``, net of substitution.

    Under unit scope help is denied to flagged units, and a part of it goes to clean ones; under
    country scope one flagged unit denies all.
    """
    world, p = situation.world, situation.parameters.vetting
    blocked = np.zeros_like(world.crime)
    schedule = situation.scene.schedule
    for lever, placed in schedule.now(Leahy, situation.month, situation.scene.code(d)):
        if lever.scope == "none":
            held = np.zeros_like(world.crime)
        elif lever.scope == "country":
            held = lever.strictness * (world.flagged > 0).astype(np.float64)
        else:
            flagged = np.minimum(world.flagged / p.units, 1.0)
            redirected = p.substitution if lever.substitution is None else lever.substitution
            held = lever.strictness * flagged * (1.0 - redirected * (flagged < 1.0))
        blocked = blocked * (1.0 - placed.rows) + held * placed.rows
    return blocked


def cut_block(situation: Situation, d: int, offer: Offer) -> FloatArray:
    """Return the share of an offer withheld by a cut-off in force, ``(runs, rows)``."""
    world = situation.world
    share = world.cut_depth[:, d] * (world.cut_left[:, d] > 0)
    if isinstance(offer, EquipmentOffer):
        return share
    code = situation.scene.code(d)
    for lever, placed in situation.scene.schedule.now(Cutoff, situation.month, code):
        if lever.technology_only:
            share = share * (1.0 - placed.rows)
    return share


def vet(situation: Situation, d: int, offer: Offer) -> FloatArray:
    """Return the share of an offer that is blocked on any ground, ``(runs, rows)``, 0-1."""
    passed = (1.0 - leahy_block(situation, d)) * (1.0 - cut_block(situation, d, offer))
    return 1.0 - passed


def rival_share(own: FloatArray, rival: FloatArray) -> FloatArray:
    """Return the rival's share of recent help, 0 where neither helped."""
    both = own + rival
    return rival / np.where(both > 0, both, 1.0)


def newly_cut(
    situation: Situation, d: int, rival: int, lever: Cutoff, uniform: FloatArray
) -> FloatArray:
    """Return 1 where an enforced cut-off begins this month, ``(runs, rows)``."""
    world = situation.world
    share = rival_share(world.help[:, d], world.help[:, rival])
    over = (share > lever.threshold) & (world.cut_left[:, d] <= 0)
    begun = over & happens(lever.probability, uniform) & lever.enforced
    return begun.astype(np.float64)


def perceived_threat(situation: Situation, d: int) -> FloatArray:
    """Return the chance a recipient gives to losing a rival's help if it takes ``d``'s offer.

    Only announced cut-offs are weighed; carrying cuts out makes the chance the real one.
    """
    threat = np.zeros_like(situation.world.crime)
    for lever, placed in situation.scene.schedule.now(Cutoff, situation.month):
        if lever.rival == situation.scene.code(d) and lever.announced:
            believed = np.maximum(lever.perceived, lever.probability * lever.enforced)
            threat = threat + believed * (lever.depth * placed.rows)
    return threat
