"""Phase 10, learn: beliefs move by experience, hearsay and campaigns."""

import numpy as np

from hedgerow.core.compiled import Record, at, kernel, level, numbers, within
from hedgerow.core.levers import Information
from hedgerow.core.month import Month
from hedgerow.core.numbers import FloatArray, IntArray, Value
from hedgerow.core.rules import beliefs
from hedgerow.core.rules.allocation import fit_gap
from hedgerow.core.tape import Keys, normal
from hedgerow.core.world import Network, pull


def learn(month: Month) -> None:
    """Update beliefs by experience, hearsay and campaigns."""
    world, scene, draws = month.world, month.scene, month.draws
    for d in month.donors():
        donor, code, got = scene.donor(d), scene.code(d), month.delivered[d]
        effect = _effects(month.gap, scene.record(donor), scene.record(donor.fit))
        told = level(_told(month, d, effect))
        _learn(
            d,
            world.belief,
            world.belief_variance,
            effect,
            got.officers,
            got.usd,
            told,
            draws.keys("experience", code),
            draws.slots,
            scene.network,
            scene.record(scene.parameters.beliefs),
        )


def _told(month: Month, d: int, effect: FloatArray) -> Value:
    """Return the shift of belief in donor ``d`` that campaigns achieve, ``(runs, rows)``."""
    world, p = month.world, month.scene.parameters.beliefs
    shift: Value = 0.0
    for lever, placed in month.scene.schedule.now(Information, month.index):
        if lever.about == month.scene.code(d):
            mean, variance = world.belief[:, d], world.belief_variance[:, d]
            shift = shift + beliefs.campaign(mean, variance, effect, lever, p) * placed.rows
    return shift


@kernel
def _effects(gap: FloatArray, donors: Record, fits: Record) -> FloatArray:
    effect = np.empty((gap.shape[0], gap.shape[2]))
    for run in range(effect.shape[0]):
        quality, fit = numbers(donors[run]).quality, numbers(fits[run])
        even = fit_gap((0.25, 0.25, 0.25, 0.25), fit)
        for i in range(effect.shape[1]):
            here = gap[run, 0, i], gap[run, 1, i], gap[run, 2, i], gap[run, 3, i]
            lack = here[0] + here[1] + here[2] + here[3]
            effect[run, i] = beliefs.true_effect(fit_gap(here, fit), lack, even, quality)
    return effect


@kernel
def _learn(
    d: int,
    belief: FloatArray,
    variance: FloatArray,
    effect: FloatArray,
    officers: FloatArray,
    usd: FloatArray,
    told: FloatArray,
    key: Keys,
    slots: IntArray,
    network: Network,
    parameters: Record,
) -> None:
    others = np.empty(effect.shape[1])
    for run in range(effect.shape[0]):
        p, before = numbers(parameters[run]), belief[run, d].copy()
        pull(before, np.inf, network, others)
        for i in range(effect.shape[1]):
            sure = variance[run, d, i]
            helped = officers[run, i] > 0.0 or usd[run, i] > 0.0
            noise = normal(key[run], slots[i]) if helped else 0.0
            after, left = beliefs.experience(before[i], sure, effect[run, i], 1.0 if helped else 0.0, noise, p)
            heard = beliefs.hearsay(sure, others[i], p)
            belief[run, d, i] = within(after + heard + at(told, run, i), 0.0, 1.0)
            variance[run, d, i] = within(left, 1e-6, 1.0)
