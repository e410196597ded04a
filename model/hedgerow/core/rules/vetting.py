"""The donor's conditions: vetting of units and cut-off (M09, M11; A026-A027, A042)."""

import numpy as np

from hedgerow.core.compiled import Record, at, choose, kernel, level, numbers, rule
from hedgerow.core.levers import Cutoff, Leahy
from hedgerow.core.numbers import FloatArray, Rows
from hedgerow.core.parameters import Vetting
from hedgerow.core.rules.allocation import cover
from hedgerow.core.rules.common import happens
from hedgerow.core.rules.provision import EquipmentOffer, Offer
from hedgerow.core.scene import Situation


@rule
def denied_to_units(flagged: Rows, redirected: Rows, p: Vetting) -> Rows:
    """Return the share of an offer denied to flagged units, net of what clean units get instead."""
    share = np.minimum(flagged / p.units, 1.0)
    return share * (1.0 - redirected * choose(share < 1.0, 1.0, 0.0))


@rule
def displaced(blocked: Rows, force: Rows, p: Vetting) -> Rows:
    """Return the help asked of rivals for officers denied, in courses for 1% of the force."""
    return p.displacement * blocked / force


def leahy_block(situation: Situation, d: int) -> FloatArray:
    """Return the share of an offer that vetting blocks, ``(runs, rows)``, net of substitution.

    Under unit scope help is denied to flagged units, and a part of it goes to clean ones; under
    country scope one flagged unit denies all.
    """
    world, p = situation.world, situation.parameters.vetting
    blocked = np.zeros_like(world.crime)
    schedule = situation.scene.schedule
    for lever, placed in schedule.now(Leahy, situation.month, situation.scene.code(d)):
        if lever.scope == "none" or not np.any(lever.strictness):
            blocked = blocked * (1.0 - placed.rows)
            continue
        redirected = p.substitution if lever.substitution is None else lever.substitution
        _hold(
            blocked,
            world.flagged,
            level(lever.strictness),
            level(redirected),
            placed.rows,
            lever.scope == "country",
            situation.scene.record(p),
        )
    return blocked


@kernel
def _hold(
    blocked: FloatArray,
    flagged: FloatArray,
    strictness: FloatArray,
    redirected: FloatArray,
    rows: FloatArray,
    country: bool,
    vettings: Record,
) -> None:
    for run in range(blocked.shape[0]):
        p = numbers(vettings[run])
        for i in range(blocked.shape[1]):
            denied = 1.0 if flagged[run, i] > 0.0 else 0.0
            if not country:
                denied = denied_to_units(flagged[run, i], at(redirected, run, i), p)
            held = at(strictness, run, i) * denied
            blocked[run, i] = blocked[run, i] * (1.0 - rows[i]) + held * rows[i]


def cut_block(situation: Situation, d: int, offer: Offer) -> FloatArray:
    """Return the share of an offer withheld by a cut-off in force, ``(runs, rows)``."""
    world = situation.world
    kit = isinstance(offer, EquipmentOffer)
    depth = world.cut_equipment if kit else world.cut_training
    return np.asarray(depth[:, d] * (world.cut_left[:, d] > 0))


def vet(situation: Situation, d: int, offer: Offer) -> FloatArray:
    """Return the share of an offer that is blocked on any ground, ``(runs, rows)``, 0-1."""
    vetted = leahy_block(situation, d)
    if not situation.scene.schedule.holds(Cutoff):
        return vetted
    return vetted + (1.0 - vetted) * cut_block(situation, d, offer)


def rival_share(own: FloatArray, rival: FloatArray) -> FloatArray:
    """Return the rival's share of recent help, 0 where neither helped."""
    both = own + rival
    return np.asarray(rival / np.where(both > 0, both, 1.0))


def newly_cut(situation: Situation, d: int, rival: int, lever: Cutoff, uniform: FloatArray) -> FloatArray:
    """Return 1 where an enforced cut-off begins this month, ``(runs, rows)``."""
    world = situation.world
    share = rival_share(world.help[:, d], world.help[:, rival])
    over = (share > lever.threshold) & (world.cut_left[:, d] <= 0)
    begun = over & happens(lever.probability, uniform) & lever.enforced
    return np.asarray(begun, dtype=np.float64)


def cut_fear(situation: Situation, d: int, offer: Offer) -> FloatArray:
    """Return the chance of a cut perceived in taking ``d``'s offer, times the help that would go.

    Only announced cut-offs are weighed, of technology alone where only that is threatened;
    carrying cuts out makes the chance the real one.
    """
    kit = isinstance(offer, EquipmentOffer)
    world, p = situation.world, situation.parameters.delivery
    fear = np.zeros_like(world.crime)
    for lever, placed in situation.scene.schedule.now(Cutoff, situation.month):
        threatened = lever.announced and (kit or not lever.technology_only)
        if lever.rival == situation.scene.code(d) and threatened:
            believed = np.maximum(lever.perceived, lever.probability * lever.enforced)
            at_stake = cover(world.help[:, world.donors.index(lever.donor)], p)
            fear = fear + believed * lever.depth * at_stake * placed.rows
    return fear
