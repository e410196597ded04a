"""How a donor's means become offers: courses and packages (M03, M05; A013-A021, A045-A046)."""

from dataclasses import dataclass

import numpy as np

from hedgerow.core.compiled import choose, rule
from hedgerow.core.donors import Equipment, Training
from hedgerow.core.numbers import BoolArray, FloatArray, Number, Rows, Value
from hedgerow.core.parameters import Provision


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
    """Return courses a donor can pay for in a year, ``(runs, 1)`` or ``(runs, rows)``.

    Its officers a year fix the budget at the usual mix of venues; a course in the recipient's
    country has more seats for the same money [A046].
    """
    officers = training.officers * (1.0 + training.growth) ** np.array([years])
    return np.asarray(multiple * officers / (training.take_up * seats_a_course(training)))


@rule
def expected_courses(
    share: Rows, yearly: Rows, pledged: Rows, request: Rows, open_: Rows, force: Rows, seats: Rows, p: Provision
) -> Rows:
    """Return the courses a donor means to offer a recipient this month.

    Parameters
    ----------
    share : of the donor's effort
    yearly : courses the donor can pay for in a year
    pledged : courses of pledges this month
    request, force : help asked for in courses for 1% of the force, and that 1% in officers
    open_ : how far the recipient is open to the donor, 0-1
    seats : of a usual course
    """
    asked = p.surge / p.request_memory * request * force / seats
    return share * yearly / 12.0 + pledged + asked * open_


@rule
def seats_offered(courses: Rows, home: Rows, t: Training) -> Rows:
    """Return the seats of some courses, more where they are held in the recipient's country."""
    return np.rint(courses * t.group * (1.0 + (t.cost_ratio - 1.0) * home))


@rule
def share_of_systems(usual: Rows, systems: Rows, e: Equipment) -> Rows:
    """Return the share of packages that are surveillance systems.

    ``usual`` counts the donor's usual packages, ``systems`` further ones that all are systems.
    """
    return (usual * e.big + systems) / np.maximum(usual + systems, 1e-300)


@rule
def package_usd(packages: Rows, system: Rows, spread: Rows, e: Equipment) -> Rows:
    """Return the value of packages, US$, of a heavy tail (M05; A020, A021).

    ``system`` is 1 for surveillance systems; ``spread`` is standard normal.
    """
    median = choose(system > 0, e.big_usd, e.small_usd)
    return np.rint(packages * median * np.exp(e.log_sd * spread))
