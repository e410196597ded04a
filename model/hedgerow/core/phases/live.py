"""Phase 9, live: crime, illicit markets, abuse, flags and the policing model."""

import numpy as np

from hedgerow.core.levers import IllicitLever, Leahy
from hedgerow.core.month import Month
from hedgerow.core.numbers import FloatArray
from hedgerow.core.rules import allocation, crime, illicit, policing, politics
from hedgerow.core.rules import demand as need


def live(month: Month) -> None:
    """Let crime, markets, abuse and the policing model run for a month."""
    world, p = month.world, month.scene.parameters
    trouble = politics.troubled(world.regime)
    change = _entangle(month, trouble)
    log_crime = np.log(world.crime)
    spill = month.scene.network.difference(log_crime)
    solving, before = world.capability, month.capability_before
    gained = solving[:, need.INVESTIGATION] - before[:, need.INVESTIGATION]
    systems = (world.lock_in * world.uptime).sum(axis=1)
    step = crime.crime_change(
        world.crime, systems=systems, investigation_gain=gained, entanglement_gain=change,
        trouble=np.maximum(trouble, world.war), spill=spill, noise=month.draws("crime"), p=p.crime,
    )  # fmt: skip
    _police(month)
    world.entanglement = np.clip(world.entanglement + change, 0.0, 1.0)
    world.crime = np.clip(world.crime * np.exp(step), 0.05, 20.0)


def _entangle(month: Month, trouble: FloatArray) -> FloatArray:
    world, p = month.world, month.scene.parameters.illicit
    pressure = _pressure(month)
    wanted = illicit.excess_demand(world.war, trouble, p) * world.states
    guarded = illicit.guard(world.capability[:, need.BORDER], world.entanglement, p)
    gdp = world.facts.gdp_usd
    market = illicit.trade(wanted, guarded, gdp, pressure, network=month.scene.network, p=p)
    world.welfare_loss = world.welfare_loss + market.welfare_loss
    return illicit.entanglement_change(
        world.entanglement, world.facts.entanglement, market.rents, world.facts.oversight, p
    )


def _pressure(month: Month) -> illicit.Pressure:
    world = month.world
    crackdown: dict[str, FloatArray] = {}
    sanctions, development = np.zeros_like(world.crime), np.zeros_like(world.crime)
    for lever, placed in month.scene.schedule.now(IllicitLever, month.index):
        for good in lever.goods:
            before = crackdown.get(good, np.zeros_like(world.crime))
            crackdown[good] = np.maximum(before, lever.crackdown * placed.rows)
        sanctions = np.maximum(sanctions, lever.sanctions * placed.rows)
        development = np.maximum(development, lever.development * placed.rows)
    return illicit.Pressure(crackdown, sanctions, development)


def _police(month: Month) -> None:
    world, facts, p = month.world, month.world.facts, month.scene.parameters
    uniform = month.draws("abuse")
    abused = policing.abuses(
        world.policing_model, world.threat, facts.oversight, uniform, p=p.policing, v=p.vetting
    )
    abused = abused * world.states
    flag = policing.newly_flagged(
        abused, world.flagged, facts.press, uniform, p=p.policing, v=p.vetting
    )
    remedy = month.scene.schedule.level(Leahy, "remediation", month.index, 0.0)
    clear = policing.cleared(world.flagged, remedy, month.draws("flag_clearing"), p.vetting)
    pull = month.scene.network.pull(world.policing_model, p.alignment.confidence)
    export, reform = _teaching(month)
    change = policing.model_change(
        world.policing_model, world.threat, facts.coalition, export=export, reform=reform,
        neighbours=pull, deterred=_deterred(month), p=p.policing,
    )  # fmt: skip
    world.flagged = world.flagged + flag - clear
    world.abuses = world.abuses + abused
    world.policing_model = np.clip(world.policing_model + change * world.states, 0.0, 1.0)
    month.record("incidents", flag > 0, kind="allegation")
    month.record("incidents", clear > 0, kind="cleared")


def _teaching(month: Month) -> tuple[FloatArray, FloatArray]:
    world, p = month.world, month.scene.parameters.delivery
    order, reform = np.zeros_like(world.crime), np.zeros_like(world.crime)
    for d in month.donors():
        reach = allocation.cover(world.help[:, d], p)
        export = month.scene.donor(d).model_export
        order = order + np.maximum(export, 0.0) * (reach + world.lock_in[:, d])
        reform = reform + np.maximum(-np.asarray(export), 0.0) * reach
    return np.minimum(order, 1.0), np.minimum(reform, 1.0)


def _deterred(month: Month) -> FloatArray:
    """Return how far vetting restrains the order model of those who rely on the donor (M09)."""
    world, p = month.world, month.scene.parameters.vetting
    restraint = np.zeros_like(world.crime)
    everyone = world.help.sum(axis=1)
    for d in month.donors():
        strictness = np.zeros_like(restraint)
        for lever, placed in month.scene.schedule.now(Leahy, month.index, month.scene.code(d)):
            held = lever.strictness * (lever.scope != "none")
            strictness = strictness * (1.0 - placed.rows) + held * placed.rows
        reliance = world.help[:, d] / np.where(everyone > 0, everyone, 1.0)
        restraint = restraint + p.deterrence / 12.0 * strictness * reliance
    return restraint * world.policing_model
