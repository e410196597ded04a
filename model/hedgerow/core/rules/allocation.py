"""Which recipients a donor turns to (M02, M11, M21; A011, A043, B240)."""

from typing import NamedTuple

import numpy as np

from hedgerow.core.compiled import Record, add, at, kernel, level, numbers, rule, within
from hedgerow.core.donors import Fit, Weights
from hedgerow.core.levers import BackgroundDonors, GapFill, ReactionLever
from hedgerow.core.numbers import FloatArray, IntArray, Rows, Value
from hedgerow.core.parameters import Delivery, Provision
from hedgerow.core.rules.common import softmax
from hedgerow.core.scene import Situation
from hedgerow.core.world import Agreement

PAUSED = int(Agreement.PAUSED)


@rule
def cover(help_: Rows, p: Delivery) -> Rows:
    """Return how much of the ground recent help covers, 0-1."""
    return 1.0 - np.exp(-help_ / p.cover_half)


def rival_cover(situation: Situation, d: int) -> FloatArray:
    """Return the ground that rivals of donor ``d`` cover, background too, ``(runs, rows)``."""
    scene = situation.scene
    half = scene.record(situation.parameters.delivery)
    covered = _covered(situation.world.help, np.flatnonzero(scene.rivals[d]), half)
    code = situation.scene.code(d)
    for lever, placed in situation.scene.schedule.now(BackgroundDonors, situation.month):
        if code in lever.rivals:
            covered = covered + lever.cover * placed.rows * (1.0 - covered)
    return covered


@kernel
def _covered(help_: FloatArray, rivals: IntArray, deliveries: Record) -> FloatArray:
    out = np.zeros((help_.shape[0], help_.shape[2]))
    for run in range(out.shape[0]):
        p = numbers(deliveries[run])
        for i in range(out.shape[1]):
            together = 0.0
            for r in rivals:
                together += help_[run, r, i]
            if together > 0.0:
                out[run, i] = cover(together, p)
    return out


@rule
def fit_gap(gap: Rows, fit: Fit) -> Rows:
    """Return the gaps a donor's help fits, summed; ``gap`` has the capabilities first."""
    return fit.investigation * gap[0] + fit.public_order * gap[1] + fit.border * gap[2] + fit.technology * gap[3]


class Score(NamedTuple):
    """The terms of a donor's score for a recipient."""

    value: Rows
    stake: Rows
    exposure: Rows
    alignment: Rows
    gaps: Rows
    cover: Rows
    requests: Rows
    reaction: Rows


SCORE_NAMES = Score(
    "strategic value",
    "economic stake",
    "exposed nationals",
    "alignment",
    "gaps it fits",
    "rivals' cover",
    "requests",
    "reaction to rivals",
)


@rule
def score(
    value: Rows,
    stake: Rows,
    exposure: Rows,
    alignment: Rows,
    fitting: Rows,
    covered: Rows,
    request: Rows,
    gain: Rows,
    w: Weights,
    p: Provision,
) -> Score:
    """Return the terms of a donor's score for a recipient.

    ``wV V + wE E + wH H + wA a + wG sum_k fit_k gap_k - wX cover of rivals``, the requests that
    another donor's denial sent its way, and its reaction to rivals' gains.
    """
    return Score(
        w.value * value,
        w.stake * stake,
        w.exposure * exposure,
        w.alignment * alignment,
        w.gap * fitting,
        -w.cover * covered,
        p.request_weight * request,
        w.temperature * np.log1p(gain),
    )


def _reaction(situation: Situation, d: int) -> tuple[Value, Value]:
    """Return how strongly donor ``d`` answers its rivals' gains, and at most."""
    scene, month = situation.scene, situation.month
    donor, code = scene.donor(d), scene.code(d)
    rate = scene.schedule.level(ReactionLever, "rate", month, donor.reaction, code)
    return rate, scene.schedule.level(ReactionLever, "cap", month, donor.reaction_cap, code)


def score_terms(situation: Situation, d: int) -> dict[str, FloatArray]:
    """Return the terms of donor ``d``'s score for each recipient by name, ``(runs, rows)`` each."""
    world, facts, donor = situation.world, situation.world.facts, situation.scene.donor(d)
    rate, cap = _reaction(situation, d)
    terms = score(
        facts.value[d],
        facts.stake[d],
        facts.exposure[d],
        world.alignment[:, d],
        fit_gap(situation.gap.swapaxes(0, 1), donor.fit),
        rival_cover(situation, d),
        world.request[:, d],
        np.clip(rate * world.reaction[:, d], 0.0, cap),
        donor.weights,
        situation.parameters.provision,
    )
    none = np.zeros_like(world.crime)
    return {name: none + term for name, term in zip(SCORE_NAMES, terms, strict=True)}


def scores(situation: Situation, d: int) -> FloatArray:
    """Return donor ``d``'s score for each recipient by its temperature, ``(runs, rows)``."""
    world, facts, scene = situation.world, situation.world.facts, situation.scene
    donor, (rate, cap) = scene.donor(d), _reaction(situation, d)
    return _scores(
        d,
        facts.value,
        facts.stake,
        facts.exposure,
        world.alignment,
        situation.gap,
        rival_cover(situation, d),
        world.request,
        world.reaction,
        level(rate),
        level(cap),
        scene.record(donor.weights),
        scene.record(donor.fit),
        scene.record(situation.parameters.provision),
    )


@kernel
def _scores(
    d: int,
    value: FloatArray,
    stake: FloatArray,
    exposure: FloatArray,
    alignment: FloatArray,
    gap: FloatArray,
    covered: FloatArray,
    request: FloatArray,
    reaction: FloatArray,
    rate: FloatArray,
    cap: FloatArray,
    weights: Record,
    fit: Record,
    provision: Record,
) -> FloatArray:
    out = np.empty_like(covered)
    for run in range(out.shape[0]):
        w, f, p = numbers(weights[run]), numbers(fit[run]), numbers(provision[run])
        for i in range(out.shape[1]):
            gain = within(at(rate, run, i) * reaction[run, d, i], 0.0, at(cap, run, i))
            terms = score(
                value[d, i],
                stake[d, i],
                exposure[d, i],
                alignment[run, d, i],
                fit_gap((gap[run, 0, i], gap[run, 1, i], gap[run, 2, i], gap[run, 3, i]), f),
                covered[run, i],
                request[run, d, i],
                gain,
                w,
                p,
            )
            out[run, i] = add(terms) / w.temperature
    return out


def openness(situation: Situation, d: int) -> FloatArray:
    """Return how far each row is open to donor ``d``, ``(runs, rows)``, 0-1.

    Nothing goes to the paused and the ineligible, a reduced scope to those who resumed.
    """
    world = situation.world
    return _openness(d, world.facts.eligible, world.agreement, world.scope)


@kernel
def _openness(d: int, eligible: FloatArray, agreement: IntArray, scope: FloatArray) -> FloatArray:
    out = np.zeros((scope.shape[0], scope.shape[2]))
    for run in range(out.shape[0]):
        for i in range(out.shape[1]):
            if agreement[run, d, i] != PAUSED:
                out[run, i] = eligible[d, i] * scope[run, d, i]
    return out


def plan(situation: Situation, d: int) -> FloatArray:
    """Return the shares of donor ``d``'s effort, ``(runs, rows)``, summing to 1."""
    by_score, for_gaps = _shares(situation, d)
    return by_score if for_gaps is None else by_score + for_gaps


def share_terms(situation: Situation, d: int) -> dict[str, FloatArray]:
    """Return the parts of donor ``d``'s effort that each recipient gets, ``(runs, rows)`` each."""
    by_score, for_gaps = _shares(situation, d)
    none = np.zeros_like(by_score)
    return {"by score": by_score, "reserved for gaps": none if for_gaps is None else for_gaps}


def _shares(situation: Situation, d: int) -> tuple[FloatArray, FloatArray | None]:
    """Return shares by score, and what is reserved for gaps.

    Paused partners get nothing and resumed ones a reduced scope; under a gap-filling lever a part
    is reserved for the largest gaps where a rival is present.
    """
    open_ = openness(situation, d)
    by_score, for_gaps = softmax(scores(situation, d), open_), None
    code = situation.scene.code(d)
    for lever, placed in situation.scene.schedule.now(GapFill, situation.month, code):
        lack = situation.gap.mean(axis=1) * rival_cover(situation, d)
        aimed = lack * open_ * placed.rows
        mass = aimed.sum(axis=-1, keepdims=True)
        reserved = lever.share * (mass > 0)
        by_score = (1.0 - reserved) * by_score
        before = 0.0 if for_gaps is None else (1.0 - reserved) * for_gaps
        for_gaps = np.asarray(before + reserved * aimed / np.where(mass > 0, mass, 1.0))
    return by_score, for_gaps
