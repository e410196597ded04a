"""Phase 8, deliver: accepted help arrives and changes capability, technology and trust."""

import numpy as np

from hedgerow.core.levers import Budget, FollowUp
from hedgerow.core.month import Month
from hedgerow.core.numbers import FloatArray
from hedgerow.core.rules import delivery, diplomacy
from hedgerow.core.rules.delivery import Delivered
from hedgerow.core.world import Agreement


def deliver(month: Month) -> None:
    """Hand over what was accepted and let capability, technology, uptime and trust change."""
    world, p = month.world, month.scene.parameters.delivery
    month.delivered = [_arrivals(month, d) for d in month.donors()]
    month.capability_before = world.capability
    change = delivery.turnover_loss(world.capability, world.facts.capability, p)
    for d, got in enumerate(month.delivered):
        change = change + delivery.capability_gain(
            world.capability, month.scene.donor(d), got, world.facts.force, p
        )
    world.capability = np.clip(world.capability + change, 0.0, 1.0)
    for d, got in enumerate(month.delivered):
        _settle(month, d, got)


def _arrivals(month: Month, d: int) -> Delivered:
    deal, donor = month.deals[d], month.scene.donor(d)
    officers = (deal.training.officers - deal.training_blocked) * deal.training_accepted
    usd = (deal.equipment.usd - deal.equipment_blocked) * deal.equipment_accepted
    return Delivered(
        officers, deal.training.in_host, officers * donor.training.weeks, usd,
        usd * deal.equipment.surveillance, follow_up(month, d),
    )  # fmt: skip


def follow_up(month: Month, d: int) -> FloatArray:
    """Return donor ``d``'s operational follow-up for each recipient, 0-1; none while paused."""
    schedule, code, donor = month.scene.schedule, month.scene.code(d), month.scene.donor(d)
    posts = schedule.level(FollowUp, "posts", month.index, 0.0, code)
    times = schedule.level(Budget, "follow_up", month.index, 1.0, code)
    core = month.world.facts.core[d]
    working = month.world.agreement[:, d] != Agreement.PAUSED
    return np.asarray(np.clip(diplomacy.follow_up(donor, core, posts) * times, 0.0, 1.0) * working)


def _settle(month: Month, d: int, got: Delivered) -> None:
    world, p, force = month.world, month.scene.parameters.delivery, month.world.facts.force
    world.trust[:, d] = delivery.trust(
        world.trust[:, d], world.facts.trust[d], world.help[:, d], got=got, force=force, p=p
    )
    world.lock_in[:, d] = delivery.lock_in(world.lock_in[:, d], got, p)
    working = (world.agreement[:, d] != Agreement.PAUSED).astype(np.float64)
    world.uptime[:, d] = delivery.uptime(world.uptime[:, d], working, p)
    world.help[:, d] = world.help[:, d] * (1.0 - 1.0 / p.help_memory) + got.dose(force, p)
    met = np.minimum(world.request[:, d], got.officers / force)
    world.request[:, d] = world.request[:, d] - met
    world.officers[:, d] += got.officers
    world.officer_weeks[:, d] += got.officer_weeks
    world.equipment_usd[:, d] += got.usd
    training = month.scene.donor(d).training
    seat = training.seat_usd / (1.0 + (training.cost_ratio - 1.0) * got.in_host)
    world.spent_usd[:, d] += got.officers * seat + got.usd
