"""Phase 8, deliver: accepted help arrives and changes capability, technology and trust."""

import numpy as np

from hedgerow.core.compiled import Record, at, kernel, level, numbers
from hedgerow.core.donors import Fit
from hedgerow.core.levers import Budget, FollowUp
from hedgerow.core.month import Month
from hedgerow.core.numbers import BoolArray, FloatArray, IntArray
from hedgerow.core.rules import delivery, diplomacy
from hedgerow.core.rules.delivery import Delivered
from hedgerow.core.rules.demand import BORDER, INVESTIGATION, PUBLIC_ORDER, TECHNOLOGY
from hedgerow.core.world import Agreement

PAUSED = int(Agreement.PAUSED)


def deliver(month: Month) -> None:
    """Hand over what was accepted and let capability, technology, uptime and trust change."""
    world, scene = month.world, month.scene
    month.delivered = [_arrivals(month, d) for d in month.donors()]
    month.capability_before = world.capability.copy()
    _forget(world.capability, world.facts.capability, scene.record(scene.parameters.delivery))
    for d in month.donors():
        _settle(month, d)
    np.clip(world.capability, 0.0, 1.0, out=world.capability)


def _arrivals(month: Month, d: int) -> Delivered:
    deal = month.deals[d]
    return Delivered(
        _passed(deal.training.officers, deal.training_blocked, deal.training_accepted),
        _passed(deal.equipment.usd, deal.equipment_blocked, deal.equipment_accepted),
    )


@kernel
def _passed(offered: FloatArray, blocked: FloatArray, accepted: BoolArray) -> FloatArray:
    out = np.zeros_like(offered)
    for run in range(out.shape[0]):
        for i in range(out.shape[1]):
            if accepted[run, i]:
                out[run, i] = offered[run, i] - blocked[run, i]
    return out


def follow_up(month: Month, d: int) -> FloatArray:
    """Return donor ``d``'s operational follow-up for each recipient, 0-1; none while paused."""
    schedule, code, donor = month.scene.schedule, month.scene.code(d), month.scene.donor(d)
    posts = schedule.level(FollowUp, "posts", month.index, 0.0, code)
    times = schedule.level(Budget, "follow_up", month.index, 1.0, code)
    core = month.world.facts.core[d]
    working = month.world.agreement[:, d] != PAUSED
    return np.asarray(np.clip(diplomacy.follow_up(donor, core, posts) * times, 0.0, 1.0) * working)


def _settle(month: Month, d: int) -> None:
    world, scene, deal, got = month.world, month.scene, month.deals[d], month.delivered[d]
    donor = scene.donor(d)
    _arrive(
        d,
        got.officers,
        got.usd,
        deal.training.in_host,
        deal.equipment.surveillance,
        level(follow_up(month, d)),
        month.capability_before,
        world.capability,
        world.trust,
        world.lock_in,
        world.uptime,
        world.agreement,
        world.help,
        world.request,
        world.facts.trust,
        world.facts.force,
        scene.record(donor.fit),
        scene.record(donor.training),
        scene.record(scene.parameters.delivery),
    )
    _count(
        d,
        got.officers,
        got.usd,
        deal.training.in_host,
        world.officers,
        world.officer_weeks,
        world.equipment_usd,
        world.spent_usd,
        scene.record(donor.training),
    )


@kernel
def _count(
    d: int,
    arrived: FloatArray,
    usd: FloatArray,
    in_host: BoolArray,
    officers: FloatArray,
    officer_weeks: FloatArray,
    equipment_usd: FloatArray,
    spent_usd: FloatArray,
    training: Record,
) -> None:
    for run in range(arrived.shape[0]):
        t = numbers(training[run])
        for i in range(arrived.shape[1]):
            seats, value = arrived[run, i], usd[run, i]
            if seats > 0.0 or value > 0.0:
                officers[run, d, i] += seats
                officer_weeks[run, d, i] += seats * t.weeks
                equipment_usd[run, d, i] += value
                at_home = 1.0 if in_host[run, i] else 0.0
                spent_usd[run, d, i] += seats * delivery.seat_usd(at_home, t) + value


@kernel
def _forget(capability: FloatArray, usual: FloatArray, parameters: Record) -> None:
    for run in range(capability.shape[0]):
        p = numbers(parameters[run])
        for k in range(capability.shape[1]):
            for i in range(capability.shape[2]):
                now = capability[run, k, i]
                capability[run, k, i] = now + delivery.turnover_loss(now, usual[k, i], p)


@kernel
def _arrive(
    d: int,
    officers: FloatArray,
    usd: FloatArray,
    in_host: BoolArray,
    system: BoolArray,
    follow_up: FloatArray,
    before: FloatArray,
    capability: FloatArray,
    trust: FloatArray,
    lock_in: FloatArray,
    uptime: FloatArray,
    agreement: IntArray,
    help_: FloatArray,
    request: FloatArray,
    usual_trust: FloatArray,
    force: FloatArray,
    fit: Record,
    training: Record,
    parameters: Record,
) -> None:
    for run in range(officers.shape[0]):
        p, f, weeks = numbers(parameters[run]), numbers(fit[run]), numbers(training[run]).weeks
        for i in range(officers.shape[1]):
            here, seats, value = help_[run, d, i], officers[run, i], usd[run, i]
            posts = at(follow_up, run, i)
            at_home = 1.0 if in_host[run, i] else 0.0
            kept = 0.0 if agreement[run, d, i] == PAUSED else 1.0
            met, added = 0.0, 0.0
            help_[run, d, i] = here * (1.0 - 1.0 / p.help_memory)
            if seats > 0.0 or value > 0.0:
                met = delivery.ties(seats, at_home, force[i], p)
                added = delivery.installed(value if system[run, i] else 0.0, p)
                help_[run, d, i] += delivery.dose(seats * weeks, value, force[i], p)
                request[run, d, i] -= min(request[run, d, i], seats / force[i])
                taught = delivery.taught(seats, at_home, posts, force[i], p)
                kit = delivery.equipped(value, p)
                _gain(before[run, :, i], capability[run, :, i], taught, kit, f)
            trust[run, d, i] = delivery.trust(trust[run, d, i], usual_trust[d, i], here, met, posts, p)
            uptime[run, d, i] = delivery.uptime(uptime[run, d, i], kept, p)
            lock_in[run, d, i] = delivery.lock_in(lock_in[run, d, i], added, p)


@kernel
def _gain(before: FloatArray, now: FloatArray, taught: float, kit: float, fit: Fit) -> None:
    now[INVESTIGATION] += fit.investigation * taught * (1.0 - before[INVESTIGATION])
    now[PUBLIC_ORDER] += (fit.public_order * taught + kit) * (1.0 - before[PUBLIC_ORDER])
    now[BORDER] += (fit.border * taught + kit) * (1.0 - before[BORDER])
    now[TECHNOLOGY] += (fit.technology * taught + kit) * (1.0 - before[TECHNOLOGY])
