"""Phase 1, shocks: dated events, regime threat, leaders, regime paths and service centres."""

import numpy as np

from hedgerow.core.compiled import Record, at, kernel, level, numbers
from hedgerow.core.levers import ServiceCentres, Transition
from hedgerow.core.month import Month
from hedgerow.core.numbers import BoolArray, FloatArray, IntArray, Value
from hedgerow.core.rules import centres, politics
from hedgerow.core.scene import DatedEvent, Event
from hedgerow.core.tape import Keys, normal, uniform
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
    world, facts, scene, draws = month.world, month.world.facts, month.scene, month.draws
    changed = _politic(
        world.regime,
        world.threat,
        world.sovereignty,
        world.war,
        facts.threat,
        facts.coalition,
        facts.sovereignty,
        world.states,
        draws.keys("leadership"),
        draws.keys("regime"),
        draws.keys("threat"),
        draws.slots,
        scene.record(scene.parameters.politics),
    )
    month.record("incidents", changed, kind="leadership_change")


@kernel
def _politic(
    regime: IntArray,
    threat: FloatArray,
    sovereignty: FloatArray,
    war: FloatArray,
    usual_threat: FloatArray,
    coalition: FloatArray,
    usual_sovereignty: FloatArray,
    states: BoolArray,
    leader_key: Keys,
    path_key: Keys,
    threat_key: Keys,
    slots: IntArray,
    parameters: Record,
) -> BoolArray:
    changed = np.zeros(threat.shape, dtype=np.bool_)
    for run in range(threat.shape[0]):
        p = numbers(parameters[run])
        for i in range(threat.shape[1]):
            path, slot = regime[run, i], slots[i]
            settling = p.sovereignty_reversion * (usual_sovereignty[i] - sovereignty[run, i])
            sovereignty[run, i] += settling
            if states[i]:
                changed[run, i] = politics.turnover(coalition[i], uniform(leader_key[run], slot), p)
                regime[run, i] = politics.path(path, threat[run, i], uniform(path_key[run], slot), p)
            if changed[run, i]:
                sovereignty[run, i] += p.turnover_jump
            threat[run, i] = politics.threat(
                threat[run, i], usual_threat[i], politics.troubled(path), war[run, i], normal(threat_key[run], slot), p
            )
    return changed


def _centres(month: Month) -> None:
    world, facts, scene, draws = month.world, month.world.facts, month.scene, month.draws
    for d in month.donors():
        donor, code = scene.donor(d), scene.code(d)
        if not np.any(donor.centres):
            continue
        times = scene.schedule.level(ServiceCentres, "openings", month.index, 1.0, code)
        seen = scene.schedule.level(ServiceCentres, "exposure", month.index, 1.0, code)
        found, opened = _open_and_expose(
            d,
            world.centres,
            facts.exposure,
            facts.oversight,
            facts.press,
            world.states,
            level(times),
            level(seen),
            draws.keys("centre_opening", code),
            draws.keys("centre_exposure", code),
            draws.slots,
            scene.record(donor),
            scene.record(scene.parameters.centres),
        )
        _expose(month, found, d, 1.0)
        month.record("incidents", opened, kind="centre_opened")


@kernel
def _open_and_expose(
    d: int,
    standing: FloatArray,
    exposure: FloatArray,
    oversight: FloatArray,
    press: FloatArray,
    states: BoolArray,
    times: FloatArray,
    seen: FloatArray,
    opening_key: Keys,
    exposure_key: Keys,
    slots: IntArray,
    donors: Record,
    parameters: Record,
) -> tuple[BoolArray, BoolArray]:
    shape = standing.shape[0], standing.shape[2]
    found, opened = np.zeros(shape, dtype=np.bool_), np.zeros(shape, dtype=np.bool_)
    for run in range(shape[0]):
        p = numbers(parameters[run])
        for i in range(shape[1]):
            now, slot = standing[run, d, i], slots[i]
            there = numbers(donors[run]).centres * exposure[d, i] * (1.0 if states[i] else 0.0)
            u = uniform(exposure_key[run], slot)
            found[run, i] = centres.exposed(now, press[i], at(seen, run, i), u, p)
            u = uniform(opening_key[run], slot)
            new = centres.openings(there, oversight[i], at(times, run, i), u, p)
            opened[run, i] = new > 0.0
            standing[run, d, i] = (0.0 if found[run, i] else now) + new
    return found, opened


def _expose(month: Month, found: BoolArray, d: int, size: Value) -> None:
    p = month.scene.parameters.centres
    if found.any():
        month.world.sovereignty += p.sovereignty_jump * size * found
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
        world.sovereignty += jump * hit
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
            month.world.regime[:, on] = Regime[lever.path.upper()]
