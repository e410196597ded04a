"""Phase 12, react: pushback and resumption, statements, donors' picture of their rivals."""

import numpy as np

from hedgerow.core.compiled import Record, at, kernel, level, numbers
from hedgerow.core.levers import ReactionLever
from hedgerow.core.month import Month
from hedgerow.core.numbers import BoolArray, FloatArray, IntArray
from hedgerow.core.rules import allocation, reaction
from hedgerow.core.tape import Keys, uniform
from hedgerow.core.world import Agreement

ACTIVE, PAUSED = int(Agreement.ACTIVE), int(Agreement.PAUSED)


def react(month: Month) -> None:
    """Let recipients push back, resume and declare, and donors notice their rivals' gains."""
    for d in month.donors():
        _resume(month, d)
    pushed = [_push_back(month, d) for d in month.donors()]
    world, p = month.world, month.scene.parameters
    for some in pushed:
        if some.any():
            share = month.scene.network.mean(some.astype(np.float64))
            world.sovereignty += reaction.contagion(some.astype(np.float64), share, p.reaction)
    np.clip(world.sovereignty, 0.0, 1.0, out=world.sovereignty)
    for d in month.donors():
        _declare(month, d)
        _notice(month, d)


def _resume(month: Month, d: int) -> None:
    world, scene = month.world, month.scene
    back = _resumed(d, world.agreement, world.pause_left, world.scope, scene.record(scene.parameters.reaction))
    month.record("incidents", back, kind="resume")


@kernel
def _resumed(d: int, agreement: IntArray, pause_left: FloatArray, scope: FloatArray, reactions: Record) -> BoolArray:
    back = np.zeros((scope.shape[0], scope.shape[2]), dtype=np.bool_)
    for run in range(back.shape[0]):
        for i in range(back.shape[1]):
            if agreement[run, d, i] == PAUSED:
                pause_left[run, d, i] = max(pause_left[run, d, i] - 1.0, 0.0)
                if pause_left[run, d, i] <= 0.0:
                    back[run, i] = True
                    agreement[run, d, i] = ACTIVE
                    scope[run, d, i] = reactions[run].reduced_scope
    return back


def _push_back(month: Month, d: int) -> BoolArray:
    world, scene, p = month.world, month.scene, month.scene.parameters
    pushed = _pushes(
        d,
        world.sovereignty,
        world.help,
        world.agreement,
        world.states,
        month.draws.keys("pushback", scene.code(d)),
        month.draws.slots,
        scene.record(scene.donor(d)),
        scene.record(p.delivery),
        scene.record(p.reaction),
    )
    if pushed.any():
        world.agreement[:, d][pushed] = Agreement.PAUSED
        months = p.reaction.pause_months
        world.pause_left[:, d] = world.pause_left[:, d] * ~pushed + months * pushed
    for kind in ("pushback", "pause"):
        month.record("incidents", pushed, kind=kind)
    return pushed


@kernel
def _pushes(
    d: int,
    sovereignty: FloatArray,
    help_: FloatArray,
    agreement: IntArray,
    states: BoolArray,
    key: Keys,
    slots: IntArray,
    donor: Record,
    deliveries: Record,
    reactions: Record,
) -> BoolArray:
    pushed = np.zeros(sovereignty.shape, dtype=np.bool_)
    for run in range(sovereignty.shape[0]):
        p, visibility = numbers(reactions[run]), numbers(donor[run]).visibility
        for i in range(sovereignty.shape[1]):
            if states[i] and agreement[run, d, i] == ACTIVE:
                u = uniform(key[run], slots[i])
                if u >= p.pushback:  # the hazard is never higher, whatever the cover
                    continue
                ground = allocation.cover(help_[run, d, i], numbers(deliveries[run]))
                pushed[run, i] = reaction.pushback(sovereignty[run, i], ground, visibility, 1.0, u, p)
    return pushed


def _declare(month: Month, d: int) -> None:
    world, scene = month.world, month.scene
    if not scene.donor(d).initiative:
        return
    rivals = np.flatnonzero(scene.rivals[d])
    value = world.facts.value[rivals].max(axis=0) if rivals.size else np.zeros(world.rows)
    new = _statements(
        d,
        world.alignment,
        world.supports,
        world.states,
        world.facts.pilot,
        value,
        month.draws.keys("statement", scene.code(d)),
        month.draws.slots,
        scene.record(scene.parameters.reaction),
    )
    month.record("incidents", new, kind="statement")


@kernel
def _statements(
    d: int,
    alignment: FloatArray,
    supports: BoolArray,
    states: BoolArray,
    pilot: FloatArray,
    rival_value: FloatArray,
    key: Keys,
    slots: IntArray,
    reactions: Record,
) -> BoolArray:
    new = np.zeros((alignment.shape[0], alignment.shape[2]), dtype=np.bool_)
    for run in range(new.shape[0]):
        p = numbers(reactions[run])
        for i in range(new.shape[1]):
            if states[i] and not supports[run, d, i]:
                u = uniform(key[run], slots[i])
                says = reaction.statement(alignment[run, d, i], pilot[d, i], rival_value[i], u, p)
                new[run, i] = says
                supports[run, d, i] = says
    return new


def _notice(month: Month, d: int) -> None:
    world, scene = month.world, month.scene
    donor, code = scene.donor(d), scene.code(d)
    lag = scene.schedule.level(ReactionLever, "lag", month.index, donor.reaction_lag, code)
    covered = allocation.rival_cover(month.situation, d)
    _see(d, world.reaction, world.first_cover, covered, level(lag))


@kernel
def _see(d: int, picture: FloatArray, first: FloatArray, covered: FloatArray, lag: FloatArray) -> None:
    for run in range(covered.shape[0]):
        for i in range(covered.shape[1]):
            seen = covered[run, i] - first[run, d, i]
            picture[run, d, i] = reaction.lagged(picture[run, d, i], seen, at(lag, run, i))
