"""Phase 1, shocks: dated events, regime threat, leaders, regime paths and service centres."""

import numpy as np

from hedgerow.core.levers import ServiceCentres, Transition
from hedgerow.core.month import Month
from hedgerow.core.numbers import BoolArray, Value
from hedgerow.core.rules import centres, politics
from hedgerow.core.scene import DatedEvent, Event
from hedgerow.core.tape import derive
from hedgerow.core.world import Agreement, Regime


def shocks(month: Month) -> None:
    """Let dated events, politics and service centres strike."""
    world = month.world
    _politics(month)
    _centres(month)
    for dated in month.scene.events:
        if dated.month == month.index:
            _strike(month, dated)
    np.clip(world.sovereignty, 0.0, 1.0, out=world.sovereignty)
    _set_paths(month)


def _politics(month: Month) -> None:
    world, facts, p = month.world, month.world.facts, month.scene.parameters.politics
    trouble = politics.troubled(world.regime)
    changed = politics.turnover(facts.coalition, month.draws("leadership"), p) & world.states
    regime = politics.path(world.regime, world.threat, month.draws("regime"), p)
    world.threat = politics.threat(
        world.threat, facts.threat, trouble=trouble, war=world.war, noise=month.draws("threat"),
        p=p,
    )  # fmt: skip
    world.regime = regime * world.states
    settling = p.sovereignty_reversion * (facts.sovereignty - world.sovereignty)
    world.sovereignty = world.sovereignty + settling + p.turnover_jump * changed
    month.record("incidents", changed, kind="leadership_change")


def _centres(month: Month) -> None:
    world, facts, p = month.world, month.world.facts, month.scene.parameters.centres
    schedule = month.scene.schedule
    for d in month.donors():
        donor, code = month.scene.donor(d), month.scene.code(d)
        if not np.any(donor.centres):
            continue
        times = schedule.level(ServiceCentres, "openings", month.index, 1.0, code)
        seen = schedule.level(ServiceCentres, "exposure", month.index, 1.0, code)
        there = donor.centres * facts.exposure[d] * world.states
        standing = world.centres[:, d]
        uniform = derive(month.draws("centre_exposure"), code)
        found = centres.exposed(standing, facts.press, seen, uniform, p)
        uniform = derive(month.draws("centre_opening"), code)
        opened = centres.openings(there, facts.oversight, times, uniform, p)
        _expose(month, found, d, 1.0)
        world.centres[:, d] = standing * ~found + opened
        month.record("incidents", opened > 0, kind="centre_opened")


def _expose(month: Month, found: BoolArray, d: int, size: Value) -> None:
    p = month.scene.parameters.centres
    month.world.sovereignty = month.world.sovereignty + p.sovereignty_jump * size * found
    month.loss[:, d] += p.alignment_loss * size * found
    month.record("incidents", found, kind="exposure")


def _strike(month: Month, dated: DatedEvent) -> None:
    world, event = month.world, dated.event
    hit = np.broadcast_to((dated.rows > 0) & world.states, world.crime.shape)
    donors = [d for d in month.donors() if event.donor in ("", month.scene.code(d))]
    if event.kind in ("war", "peace"):
        world.war[hit] = 1.0 if event.kind == "war" else 0.0
    elif event.kind == "leadership_change":
        jump = month.scene.parameters.politics.turnover_jump * event.size
        world.sovereignty = world.sovereignty + jump * hit
    elif event.kind == "exposure":
        for d in donors:
            _expose(month, hit, d, event.size)
        return
    else:
        for d in donors:
            _set_agreement(month, hit, d, event)
    month.record("incidents", hit, kind=event.kind)


def _set_agreement(month: Month, hit: BoolArray, d: int, event: Event) -> None:
    world, p = month.world, month.scene.parameters.reaction
    if event.kind == "pause":
        months = p.pause_months * event.size
        world.agreement[:, d] = np.where(hit, Agreement.PAUSED, world.agreement[:, d])
        world.pause_left[:, d] = np.where(hit, months, world.pause_left[:, d])
        return
    if event.kind == "resume":
        world.scope[:, d] = np.where(hit, p.reduced_scope, world.scope[:, d])
    world.agreement[:, d] = np.where(hit, Agreement.ACTIVE, world.agreement[:, d])
    world.pause_left[:, d] = np.where(hit, 0.0, world.pause_left[:, d])


def _set_paths(month: Month) -> None:
    for lever, placed in month.scene.schedule.now(Transition, month.index):
        if lever.hold or month.index == placed.first:
            on = (placed.rows > 0) & month.world.states
            month.world.regime = np.where(on, Regime[lever.path.upper()], month.world.regime)
