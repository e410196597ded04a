"""What help does to capability, technology and trust (M03, M05, M14; A025, A030, A053)."""

from dataclasses import dataclass

import numpy as np

from hedgerow.core.compiled import rule, within
from hedgerow.core.donors import Training
from hedgerow.core.numbers import FloatArray, Rows
from hedgerow.core.parameters import Delivery

MILLION_USD = 1e6


@dataclass(frozen=True)
class Delivered:
    """What one donor delivered this month, ``(runs, rows)``: officers and US$."""

    officers: FloatArray
    usd: FloatArray


@rule
def dose(officer_weeks: Rows, usd: Rows, force: Rows, p: Delivery) -> Rows:
    """Return help in usual courses for 1% of the force; kit counts by its log value.

    ``force`` is one per cent of the force, as everywhere in this file.
    """
    taught = officer_weeks / p.course_weeks / force
    return taught + p.equipment_dose * np.log1p(usd / MILLION_USD)


@rule
def seat_usd(in_host: Rows, t: Training) -> Rows:
    """Return the cost of a seat, US$, lower in the recipient's country."""
    return t.seat_usd / (1.0 + (t.cost_ratio - 1.0) * in_host)


@rule
def taught(officers: Rows, in_host: Rows, follow_up: Rows, force: Rows, p: Delivery) -> Rows:
    """Return what courses add to a capability they fit, where none of it is there yet.

    ``eta (1 - exp(-officers/n0))(1 + omega follow-up)`` with n0 one per cent of the force.
    """
    venue = p.in_donor_fit + (1.0 - p.in_donor_fit) * in_host
    trained = 1.0 - np.exp(-officers / force)
    return p.yield_ * venue * trained * (1.0 + p.follow_up * follow_up)


@rule
def equipped(usd: Rows, p: Delivery) -> Rows:
    """Return what kit adds to technology, border and order, where none of it is there yet."""
    return p.equipment_yield * np.log1p(usd / MILLION_USD)


@rule
def turnover_loss(capability: Rows, usual: Rows, p: Delivery) -> Rows:
    """Return the change of capability as trained officers leave: back towards the usual level."""
    return p.turnover / 12.0 * (usual - capability)


@rule
def lock_in(now: Rows, installed: Rows, p: Delivery) -> Rows:
    """Return installed technology after this month's systems and a month's ageing."""
    return now * (1.0 - p.lock_in_decay / 12.0) + installed


@rule
def installed(system_usd: Rows, p: Delivery) -> Rows:
    """Return what surveillance systems of some value add to installed technology."""
    return p.lock_in_gain * (1.0 - np.exp(-system_usd / p.full_system_usd))


@rule
def uptime(now: Rows, maintained: Rows, p: Delivery) -> Rows:
    """Return the share of kit that works: it fails unless its donor maintains it."""
    repaired = p.repair * maintained * (p.uptime - now)
    failing = p.failure * now * (1.0 - maintained)
    return within(now + repaired - failing, 0.0, 1.0)


@rule
def ties(officers: Rows, in_host: Rows, force: Rows, p: Delivery) -> Rows:
    """Return the trust that courses add, more where officers go abroad than at home."""
    venue = 1.0 - (1.0 - p.in_host_trust) * in_host
    return p.trust_gain * venue * (1.0 - np.exp(-officers / force))


@rule
def trust(now: Rows, usual: Rows, help_: Rows, met: Rows, follow_up: Rows, p: Delivery) -> Rows:
    """Return working trust after courses, follow-up of recent help, and fading.

    ``met`` is what courses add; posts turn help into joint cases.
    """
    cases = p.trust_follow_up * follow_up * help_ / (help_ + p.cover_half)
    fading = p.trust_decay * (usual - now)
    return within(now + (met + cases) * (1.0 - now) + fading, 0.0, 1.0)
