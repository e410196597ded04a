"""What help does to capability, technology and trust (M03, M05, M14; A025, A030, A053)."""

from dataclasses import dataclass

import numpy as np

from hedgerow.core.donors import CAPABILITIES, Donor
from hedgerow.core.numbers import BoolArray, FloatArray
from hedgerow.core.parameters import Delivery
from hedgerow.core.rules.demand import BORDER, PUBLIC_ORDER, TECHNOLOGY

MILLION_USD = 1e6


@dataclass(frozen=True)
class Delivered:
    """What one donor delivered this month, ``(runs, rows)``: officers, weeks, US$."""

    officers: FloatArray
    in_host: BoolArray
    officer_weeks: FloatArray
    usd: FloatArray
    system_usd: FloatArray
    follow_up: FloatArray

    def dose(self, force: FloatArray, p: Delivery) -> FloatArray:
        """Return the help in usual courses for 1% of the force; kit counts by its log value."""
        taught = self.officer_weeks / p.course_weeks / force
        return np.asarray(taught + p.equipment_dose * np.log1p(self.usd / MILLION_USD))


def capability_gain(
    capability: FloatArray, donor: Donor, got: Delivered, force: FloatArray, p: Delivery
) -> FloatArray:
    """Return the gain of each capability, ``(runs, capabilities, rows)``.

    ``eta fit (1 - cap)(1 - exp(-officers/n0))(1 + omega follow-up)`` with n0 one per cent of the
    force; kit adds to technology, border and order.
    """
    venue = p.in_donor_fit + (1.0 - p.in_donor_fit) * got.in_host
    trained = 1.0 - np.exp(-got.officers / force)
    taught = p.yield_ * venue * trained * (1.0 + p.follow_up * got.follow_up)
    kit = p.equipment_yield * np.log1p(got.usd / MILLION_USD)
    gain = np.stack([getattr(donor.fit, k) * taught for k in CAPABILITIES], axis=1)
    for k in (TECHNOLOGY, BORDER, PUBLIC_ORDER):
        gain[:, k] += kit
    return np.asarray(gain * (1.0 - capability))


def turnover_loss(capability: FloatArray, usual: FloatArray, p: Delivery) -> FloatArray:
    """Return the change of capability as trained officers leave: back towards the usual level."""
    return np.asarray(np.expand_dims(p.turnover / 12.0, -1) * (usual - capability))


def lock_in(now: FloatArray, got: Delivered, p: Delivery) -> FloatArray:
    """Return installed technology after this month's systems and a month's ageing."""
    added = p.lock_in_gain * (1.0 - np.exp(-got.system_usd / p.full_system_usd))
    return np.asarray(now * (1.0 - p.lock_in_decay / 12.0) + added)


def uptime(now: FloatArray, maintained: FloatArray, p: Delivery) -> FloatArray:
    """Return the share of kit that works: it fails unless its donor maintains it."""
    repaired = p.repair * maintained * (p.uptime - now)
    failing = p.failure * now * (1.0 - maintained)
    return np.clip(now + repaired - failing, 0.0, 1.0)


def trust(
    now: FloatArray, usual: FloatArray, help_: FloatArray, *, got: Delivered, force: FloatArray,
    p: Delivery,
) -> FloatArray:  # fmt: skip
    """Return working trust after courses, follow-up of recent help, and fading.

    A course abroad builds more ties than one at home; posts turn help into joint cases.
    """
    venue = 1.0 - (1.0 - p.in_host_trust) * got.in_host
    met = p.trust_gain * venue * (1.0 - np.exp(-got.officers / force))
    cases = p.trust_follow_up * got.follow_up * help_ / (help_ + p.cover_half)
    fading = p.trust_decay * (usual - now)
    return np.clip(now + (met + cases) * (1.0 - now) + fading, 0.0, 1.0)
