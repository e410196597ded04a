"""Phase 9, live: crime, illicit markets, abuse, flags and the policing model."""

import numpy as np

from hedgerow.core.compiled import Record, at, kernel, level, numbers, within
from hedgerow.core.levers import IllicitLever, Leahy
from hedgerow.core.month import Month
from hedgerow.core.numbers import BoolArray, FloatArray, IntArray, Value
from hedgerow.core.rules import allocation, crime, illicit, policing
from hedgerow.core.rules.demand import INVESTIGATION
from hedgerow.core.rules.politics import troubled
from hedgerow.core.tape import Keys, normal, uniform
from hedgerow.core.world import Network, pull

LOWEST_CRIME, HIGHEST_CRIME = 0.05, 20.0


def live(month: Month) -> None:
    """Let crime, markets, abuse and the policing model run for a month."""
    rents = _trade(month)
    _commit_crime(month, rents)
    _police(month)


def _trade(month: Month) -> FloatArray:
    """Let illicit markets clear and return their rents, ``(runs, rows)``."""
    world, scene = month.world, month.scene
    crackdown, sanctions, development = _pressure(month)
    return illicit.trade(
        world.war,
        world.regime,
        world.states,
        world.capability,
        world.entanglement,
        world.facts.gdp_usd,
        crackdown,
        sanctions,
        development,
        world.welfare_loss,
        scene.network,
        scene.record(scene.parameters.illicit),
    )


def _pressure(month: Month) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return what outsiders do: crackdown by good, sanctions and development."""
    levers = list(month.scene.schedule.now(IllicitLever, month.index))
    if not levers:
        return np.zeros((1, 1, 1)), np.zeros((1, 1)), np.zeros((1, 1))
    shape = month.world.shape
    crackdown = np.zeros((len(illicit.GOODS), *shape))
    sanctions, development = np.zeros(shape), np.zeros(shape)
    for lever, placed in levers:
        for good in lever.goods:
            held = crackdown[illicit.GOODS.index(good)]
            np.maximum(held, lever.crackdown * placed.rows, out=held)
        np.maximum(sanctions, lever.sanctions * placed.rows, out=sanctions)
        np.maximum(development, lever.development * placed.rows, out=development)
    return crackdown, sanctions, development


def _commit_crime(month: Month, rents: FloatArray) -> None:
    world, scene, p = month.world, month.scene, month.scene.parameters
    _crime(
        world.crime,
        np.log(world.crime),
        world.entanglement,
        rents,
        world.capability,
        month.capability_before,
        world.lock_in,
        world.uptime,
        world.regime,
        world.war,
        world.facts.entanglement,
        world.facts.oversight,
        month.draws.keys("crime"),
        month.draws.slots,
        scene.network,
        scene.record(p.crime),
        scene.record(p.illicit),
    )


@kernel
def _crime(
    index: FloatArray,
    log_index: FloatArray,
    entanglement: FloatArray,
    rents: FloatArray,
    capability: FloatArray,
    before: FloatArray,
    lock_in: FloatArray,
    uptime: FloatArray,
    regime: IntArray,
    war: FloatArray,
    usual: FloatArray,
    oversight: FloatArray,
    key: Keys,
    slots: IntArray,
    network: Network,
    crimes: Record,
    markets: Record,
) -> None:
    spill = np.empty(index.shape[1])
    for run in range(index.shape[0]):
        p, q, logs = numbers(crimes[run]), numbers(markets[run]), log_index[run]
        now, then = capability[run, INVESTIGATION], before[run, INVESTIGATION]
        pull(logs, np.inf, network, spill)
        for i in range(index.shape[1]):
            tied = entanglement[run, i]
            change = illicit.entanglement_change(tied, usual[i], rents[run, i], oversight[i], q)
            systems = 0.0
            for d in range(lock_in.shape[1]):
                systems += lock_in[run, d, i] * uptime[run, d, i]
            step = crime.crime_change(
                logs[i],
                systems,
                now[i] - then[i],
                change,
                max(troubled(regime[run, i]), war[run, i]),
                spill[i],
                normal(key[run], slots[i]),
                p,
            )
            entanglement[run, i] = within(tied + change, 0.0, 1.0)
            index[run, i] = within(index[run, i] * np.exp(step), LOWEST_CRIME, HIGHEST_CRIME)


def _police(month: Month) -> None:
    world, facts, scene = month.world, month.world.facts, month.scene
    draws, p = month.draws, month.scene.parameters
    order, reform = _teaching(month)
    remedy = scene.schedule.level(Leahy, "remediation", month.index, 0.0)
    flag, clear = _policing(
        world.policing_model,
        world.flagged,
        world.abuses,
        world.threat,
        facts.coalition,
        facts.oversight,
        facts.press,
        world.states,
        order,
        reform,
        _deterred(month),
        level(remedy),
        draws.keys("abuse"),
        draws.keys("report"),
        draws.keys("flag_clearing"),
        draws.slots,
        scene.network,
        scene.record(p.policing),
        scene.record(p.vetting),
        scene.record(p.alignment),
    )
    month.record("incidents", flag, kind="allegation")
    month.record("incidents", clear, kind="cleared")


@kernel
def _policing(
    model: FloatArray,
    flagged: FloatArray,
    total: FloatArray,
    threat: FloatArray,
    coalition: FloatArray,
    oversight: FloatArray,
    press: FloatArray,
    states: BoolArray,
    order: FloatArray,
    reform: FloatArray,
    strictness: FloatArray,
    remedy: FloatArray,
    abuse_key: Keys,
    report_key: Keys,
    clearing_key: Keys,
    slots: IntArray,
    network: Network,
    policings: Record,
    vettings: Record,
    alignments: Record,
) -> tuple[BoolArray, BoolArray]:
    flag = np.zeros(threat.shape, dtype=np.bool_)
    clear = np.zeros(threat.shape, dtype=np.bool_)
    drawn = np.empty(threat.shape[1])
    for run in range(threat.shape[0]):
        p, v = numbers(policings[run]), numbers(vettings[run])
        reach = alignments[run].confidence
        pull(model[run], reach, network, drawn)
        for i in range(threat.shape[1]):
            if not states[i]:
                continue
            slot, marked, now = slots[i], flagged[run, i], model[run, i]
            abused = policing.abuses(now, threat[run, i], oversight[i], uniform(abuse_key[run], slot), p, v)
            if abused > 0.0:
                u = uniform(report_key[run], slot)
                flag[run, i] = policing.newly_flagged(abused, marked, press[i], u, p, v)
            if marked > 0.0:
                u = uniform(clearing_key[run], slot)
                clear[run, i] = policing.cleared(marked, at(remedy, run, i), u, v)
            total[run, i] += abused
            flagged[run, i] = marked + (1.0 if flag[run, i] else 0.0) - (1.0 if clear[run, i] else 0.0)
            change = policing.model_change(
                now, threat[run, i], coalition[i], order[run, i], reform[run, i], drawn[i], strictness[run, i] * now, p
            )
            model[run, i] = within(now + change, 0.0, 1.0)
    return flag, clear


def _teaching(month: Month) -> tuple[FloatArray, FloatArray]:
    """Return exposure to donors that teach order policing and reform, ``(runs, rows)`` each."""
    world, scene = month.world, month.scene
    order, reform = np.zeros(world.shape), np.zeros(world.shape)
    for d in month.donors():
        if np.any(scene.donor(d).model_export):
            _teach(
                d,
                world.help,
                world.lock_in,
                order,
                reform,
                scene.record(scene.donor(d)),
                scene.record(scene.parameters.delivery),
            )
    return order, reform


@kernel
def _teach(
    d: int, help_: FloatArray, lock_in: FloatArray, order: FloatArray, reform: FloatArray, donors: Record, deliveries: Record
) -> None:
    for run in range(order.shape[0]):
        p, export = numbers(deliveries[run]), donors[run].model_export
        for i in range(order.shape[1]):
            reach = allocation.cover(help_[run, d, i], p)
            more, less = policing.taught(export, reach, lock_in[run, d, i])
            order[run, i] = min(order[run, i] + more, 1.0)
            reform[run, i] = min(reform[run, i] + less, 1.0)


def _deterred(month: Month) -> FloatArray:
    """Return how far vetting restrains the order model of those who rely on the donor (M09)."""
    world, scene = month.world, month.scene
    restraint = np.zeros(world.shape)
    for d in month.donors():
        strictness: Value = 0.0
        for lever, placed in scene.schedule.now(Leahy, month.index, scene.code(d)):
            held = lever.strictness * (lever.scope != "none")
            strictness = strictness * (1.0 - placed.rows) + held * placed.rows
        if np.any(strictness):
            _deter(d, world.help, level(strictness), restraint, scene.record(scene.parameters.vetting))
    return restraint


@kernel
def _deter(d: int, help_: FloatArray, strictness: FloatArray, restraint: FloatArray, vettings: Record) -> None:
    for run in range(restraint.shape[0]):
        p = numbers(vettings[run])
        for i in range(restraint.shape[1]):
            together = 0.0
            for donor in range(help_.shape[1]):
                together += help_[run, donor, i]
            if together > 0.0:
                reliance = help_[run, d, i] / together
                restraint[run, i] += policing.deterred(at(strictness, run, i), reliance, p)
