"""How a donor's means become offers: courses and packages (M03, M05; A013-A021, A045-A046)."""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from hedgerow.core.donors import Donor, Training
from hedgerow.core.numbers import BoolArray, FloatArray, Number, Value
from hedgerow.core.rules.common import happens, poisson
from hedgerow.core.tape import derive


@dataclass
class TrainingOffer:
    """Courses offered this month, ``(runs, rows)``: officers, and where they are held."""

    officers: FloatArray
    in_host: BoolArray
    weeks: Number
    technology: Number


@dataclass
class EquipmentOffer:
    """Kit offered this month, ``(runs, rows)``: US$, whether a surveillance system, its price."""

    usd: FloatArray
    surveillance: BoolArray
    price: Value


Offer = TrainingOffer | EquipmentOffer


def seats_a_course(training: Training) -> Value:
    """Return the seats of a course at the usual mix of venues, ``(runs, 1)``."""
    return training.group * (1.0 - training.in_host + training.in_host * training.cost_ratio)


def courses_a_year(training: Training, years: float, multiple: Value) -> FloatArray:
    """Return courses a donor can pay for in a year, ``(runs, 1)``.

    Its officers a year fix the budget at the usual mix of venues; a course in the recipient's
    country has more seats for the same money [A046].
    """
    officers = training.officers * (1.0 + training.growth) ** np.array([years])
    return np.asarray(multiple * officers / (training.take_up * seats_a_course(training)))


def training_offer(
    donor: Donor, rate: FloatArray, in_host: Value, uniform: FloatArray,
    venue: FloatArray,
) -> TrainingOffer:  # fmt: skip
    """Return the courses offered, given how many are expected for each recipient.

    Parameters
    ----------
    rate : (runs, rows), courses this month
    in_host : share of courses held in the recipient's country
    uniform, venue : (runs, rows), draws
    """
    t = donor.training
    courses = poisson(rate, uniform)
    home = happens(np.broadcast_to(in_host, uniform.shape), venue)
    seats = np.rint(courses * t.group * (1.0 + (t.cost_ratio - 1.0) * home))
    return TrainingOffer(seats, home, t.weeks, donor.surveillance)


def equipment_offer(
    donor: Donor, rate: FloatArray, price: Value, uniform: FloatArray, *,
    systems: FloatArray | None = None,
) -> EquipmentOffer:  # fmt: skip
    """Return the packages offered, rarely and of heavy-tailed value (M05; A020, A021).

    ``rate`` counts the donor's usual packages, of which a share are surveillance systems;
    ``systems`` counts further ones that all are, ``(runs, rows)`` each.
    """
    e = donor.equipment
    usual_big = np.broadcast_to(e.big, uniform.shape)
    if systems is not None and systems.any():
        both = rate + systems
        usual_big = (rate * e.big + systems) / np.where(both > 0, both, 1.0)
        rate = both
    packages = poisson(rate, uniform)
    usd, system = np.zeros(uniform.shape), np.zeros(uniform.shape, dtype=bool)
    at = np.nonzero(packages)
    draw = uniform[at]
    big, big_usd, small_usd, log_sd = (
        np.broadcast_to(column, uniform.shape)[at]
        for column in (usual_big, e.big_usd, e.small_usd, e.log_sd)
    )
    system[at] = derive(draw, "surveillance") < big
    median = np.where(system[at], big_usd, small_usd)
    spread = ndtri(np.clip(derive(draw, "value"), 1e-12, 1 - 1e-12))
    usd[at] = np.rint(packages[at] * median * np.exp(log_sd * spread))
    return EquipmentOffer(usd, system, price)
