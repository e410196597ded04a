"""Phase 5, offer: donors turn their means into courses and packages."""

import numpy as np

from hedgerow.core.levers import Budget, TechAlternative, Venue
from hedgerow.core.month import Deal, Month
from hedgerow.core.numbers import FloatArray
from hedgerow.core.rules import acceptance, allocation, provision
from hedgerow.core.rules.common import softmax


def offer(month: Month) -> None:
    """Draw each donor's courses and packages of the month."""
    month.deals = [_offers(month, d) for d in month.donors()]


def _offers(month: Month, d: int) -> Deal:
    donor, code = month.scene.donor(d), month.scene.code(d)
    schedule, years = month.scene.schedule, month.months_since / 12.0
    home = np.clip(donor.training.in_host + donor.training.in_host_trend * years, 0.0, 1.0)
    home = schedule.level(Venue, "in_host", month.index, home, code)
    training = provision.training_offer(
        donor, expected_courses(month, d), home, month.draws("courses", code),
        month.draws("venue", code),
    )  # fmt: skip
    equipment = provision.equipment_offer(
        donor, expected_packages(month, d), acceptance.technology_price(month.situation, d),
        month.draws("equipment", code), systems=expected_systems(month, d),
    )  # fmt: skip
    none = np.zeros_like(month.world.crime)
    no = np.zeros(none.shape, dtype=bool)
    return Deal(training, equipment, none, none, no, no)


def expected_courses(month: Month, d: int) -> FloatArray:
    """Return the courses donor ``d`` means to offer each row this month, ``(runs, rows)``."""
    donor, code, world = month.scene.donor(d), month.scene.code(d), month.world
    times = month.scene.schedule.level(Budget, "training", month.index, 1.0, code)
    yearly = provision.courses_a_year(donor.training, month.months_since / 12.0, times)
    rate, seats = month.shares[d] * yearly / 12.0, provision.seats_a_course(donor.training)
    open_ = allocation.openness(month.situation, d)
    for lever, placed in month.scene.schedule.now(Budget, month.index, code):
        for pledge, rows in zip(lever.pledges, placed.inner, strict=True):
            aimed = softmax(np.log(month.shares[d] + 1e-9), rows * open_)
            officers = pledge.officers * pledge.delivered / donor.training.take_up
            rate = rate + aimed * officers / seats / 12.0
    p = month.scene.parameters.provision
    asked = p.surge / p.request_memory * world.request[:, d] * world.facts.force / seats
    return np.asarray(rate + asked * open_)


def expected_packages(month: Month, d: int) -> FloatArray:
    """Return the packages donor ``d`` means to offer each row this month, ``(runs, rows)``."""
    donor, code = month.scene.donor(d), month.scene.code(d)
    times = month.scene.schedule.level(Budget, "equipment", month.index, 1.0, code)
    rate = month.shares[d] * donor.equipment.packages * times / 12.0
    return np.asarray(rate)


def expected_systems(month: Month, d: int) -> FloatArray:
    """Return the affordable systems donor ``d`` adds for each row this month, ``(runs, rows)``."""
    code, rate = month.scene.code(d), np.zeros_like(month.world.crime)
    for lever, placed in month.scene.schedule.now(TechAlternative, month.index, code):
        open_ = placed.rows * allocation.openness(month.situation, d)
        aimed = softmax(np.log(month.shares[d] + 1e-9), open_)
        supply = acceptance.ramped(month.index, placed, lever)
        rate = rate + aimed * lever.packages * supply / 12.0
    return rate
