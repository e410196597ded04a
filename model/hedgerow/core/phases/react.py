"""Phase 12, react: pushback and resumption, statements, donors' picture of their rivals."""

import numpy as np

from hedgerow.core.levers import ReactionLever
from hedgerow.core.month import Month
from hedgerow.core.numbers import BoolArray
from hedgerow.core.rules import allocation, reaction
from hedgerow.core.tape import derive
from hedgerow.core.world import Agreement


def react(month: Month) -> None:
    """Let recipients push back, resume and declare, and donors notice their rivals' gains."""
    for d in month.donors():
        _resume(month, d)
    pushed = [_push_back(month, d) for d in month.donors()]
    world, p = month.world, month.scene.parameters
    for some in pushed:
        share = month.scene.network.mean(some.astype(np.float64))
        world.sovereignty = world.sovereignty + reaction.contagion(some, share, p.reaction)
    np.clip(world.sovereignty, 0.0, 1.0, out=world.sovereignty)
    for d in month.donors():
        _declare(month, d)
        _notice(month, d)


def _resume(month: Month, d: int) -> None:
    world, p = month.world, month.scene.parameters.reaction
    paused = world.agreement[:, d] == Agreement.PAUSED
    world.pause_left[:, d] = np.maximum(world.pause_left[:, d] - 1.0, 0.0)
    back = paused & (world.pause_left[:, d] <= 0)
    world.agreement[:, d][back] = Agreement.ACTIVE
    world.scope[:, d] = world.scope[:, d] * ~back + p.reduced_scope * back
    month.record("incidents", back, kind="resume")


def _push_back(month: Month, d: int) -> BoolArray:
    world, p = month.world, month.scene.parameters
    active = world.agreement[:, d] == Agreement.ACTIVE
    ground = allocation.cover(world.help[:, d], p.delivery)
    uniform = derive(month.draws("pushback"), month.scene.code(d))
    pushed = reaction.pushback(
        world.sovereignty, ground, month.scene.donor(d).visibility,
        (active & world.states).astype(np.float64), uniform=uniform, p=p.reaction,
    )  # fmt: skip
    world.agreement[:, d][pushed] = Agreement.PAUSED
    world.pause_left[:, d] = world.pause_left[:, d] * ~pushed + p.reaction.pause_months * pushed
    for kind in ("pushback", "pause"):
        month.record("incidents", pushed, kind=kind)
    return pushed


def _declare(month: Month, d: int) -> None:
    world, scene = month.world, month.scene
    if not scene.donor(d).initiative:
        return
    rivals = np.flatnonzero(scene.rivals[d])
    value = world.facts.value[rivals].max(axis=0) if rivals.size else np.zeros(world.rows)
    uniform = derive(month.draws("statement"), scene.code(d))
    says = reaction.statement(
        world.alignment[:, d], world.facts.pilot[d], value, uniform, scene.parameters.reaction
    )
    new = says & ~world.supports[:, d] & world.states
    world.supports[:, d] |= new
    month.record("incidents", new, kind="statement")


def _notice(month: Month, d: int) -> None:
    world, scene = month.world, month.scene
    donor, code = scene.donor(d), scene.code(d)
    lag = scene.schedule.level(ReactionLever, "lag", month.index, donor.reaction_lag, code)
    seen = allocation.rival_cover(month.situation, d) - world.first_cover[:, d]
    world.reaction[:, d] = reaction.lagged(world.reaction[:, d], seen, lag)
