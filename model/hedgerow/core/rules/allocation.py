"""Which recipients a donor turns to (M02, M11, M21; A011, A043, B240)."""

import numpy as np

from hedgerow.core.donors import CAPABILITIES, Donor
from hedgerow.core.levers import BackgroundDonors, GapFill, ReactionLever
from hedgerow.core.numbers import FloatArray
from hedgerow.core.parameters import Delivery
from hedgerow.core.rules.common import softmax, total
from hedgerow.core.scene import Situation
from hedgerow.core.world import Agreement


def cover(help_: FloatArray, p: Delivery) -> FloatArray:
    """Return how much of the ground recent help covers, 0-1."""
    return np.asarray(1.0 - np.exp(-help_ / p.cover_half))


def rival_cover(situation: Situation, d: int) -> FloatArray:
    """Return the ground that rivals of donor ``d`` cover, background too, ``(runs, rows)``."""
    rivals = np.flatnonzero(situation.scene.rivals[d])
    help_ = sum((situation.world.help[:, r] for r in rivals), np.zeros_like(situation.world.crime))
    covered = cover(help_, situation.parameters.delivery)
    code = situation.scene.code(d)
    for lever, placed in situation.scene.schedule.now(BackgroundDonors, situation.month):
        if code in lever.rivals:
            covered = covered + lever.cover * placed.rows * (1.0 - covered)
    return covered


def fit_gap(gap: FloatArray, donor: Donor) -> FloatArray:
    """Return the gaps a donor's help fits, summed over capabilities, ``(runs, rows)``."""
    fits = [getattr(donor.fit, k) * gap[:, i] for i, k in enumerate(CAPABILITIES)]
    return np.asarray(sum(fits[1:], fits[0]))


def score_terms(situation: Situation, d: int) -> dict[str, FloatArray]:
    """Return the terms of donor ``d``'s score for each recipient, ``(runs, rows)`` each.

    ``wV V + wE E + wH H + wA a + wG sum_k fit_k gap_k - wX cover of rivals``, the requests that
    another donor's denial sent its way, and its reaction to rivals' gains.
    """
    world, scene = situation.world, situation.scene
    donor = scene.donor(d)
    w, facts = donor.weights, world.facts
    month, code = situation.month, scene.code(d)
    rate = scene.schedule.level(ReactionLever, "rate", month, donor.reaction, code)
    cap = scene.schedule.level(ReactionLever, "cap", month, donor.reaction_cap, code)
    gain = np.clip(rate * world.reaction[:, d], 0.0, cap)
    return {
        "strategic value": w.value * facts.value[d],
        "economic stake": w.stake * facts.stake[d],
        "exposed nationals": w.exposure * facts.exposure[d],
        "alignment": w.alignment * world.alignment[:, d],
        "gaps it fits": w.gap * fit_gap(situation.gap, donor),
        "rivals' cover": -w.cover * rival_cover(situation, d),
        "requests": situation.parameters.provision.request_weight * world.request[:, d],
        "reaction to rivals": w.temperature * np.log1p(gain),
    }


def openness(situation: Situation, d: int) -> FloatArray:
    """Return how far each row is open to donor ``d``, ``(runs, rows)``, 0-1.

    Nothing goes to the paused and the ineligible, a reduced scope to those who resumed.
    """
    world = situation.world
    working = world.agreement[:, d] != Agreement.PAUSED
    return np.asarray(world.facts.eligible[d] * working * world.scope[:, d])


def plan(situation: Situation, d: int) -> FloatArray:
    """Return the shares of donor ``d``'s effort, ``(runs, rows)``, summing to 1."""
    return total(share_terms(situation, d))


def share_terms(situation: Situation, d: int) -> dict[str, FloatArray]:
    """Return the parts of donor ``d``'s effort that each recipient gets, ``(runs, rows)`` each.

    By score, where paused partners get nothing and resumed ones a reduced scope; and, under a
    gap-filling lever, what is reserved for the largest gaps where a rival is present.
    """
    donor = situation.scene.donor(d)
    open_ = openness(situation, d)
    by_score = softmax(total(score_terms(situation, d)) / donor.weights.temperature, open_)
    for_gaps = np.zeros_like(by_score)
    code = situation.scene.code(d)
    for lever, placed in situation.scene.schedule.now(GapFill, situation.month, code):
        lack = situation.gap.mean(axis=1) * rival_cover(situation, d)
        aimed = lack * open_ * placed.rows
        mass = aimed.sum(axis=-1, keepdims=True)
        reserved = lever.share * (mass > 0)
        by_score = (1.0 - reserved) * by_score
        for_gaps = (1.0 - reserved) * for_gaps + reserved * aimed / np.where(mass > 0, mass, 1.0)
    return {"by score": by_score, "reserved for gaps": for_gaps}
