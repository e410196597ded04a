"""Phase 5, offer: donors turn their means into courses and packages."""

import numpy as np

from hedgerow.core.compiled import Record, at, kernel, level, numbers
from hedgerow.core.levers import Budget, TechAlternative, Venue
from hedgerow.core.month import Deal, Month
from hedgerow.core.numbers import BoolArray, FloatArray, IntArray, Value
from hedgerow.core.rules import acceptance, allocation, provision
from hedgerow.core.rules.common import happens, poisson, softmax
from hedgerow.core.rules.provision import EquipmentOffer, TrainingOffer
from hedgerow.core.tape import Keys, normal, uniform


def offer(month: Month) -> None:
    """Draw each donor's courses and packages of the month."""
    month.deals = [_offers(month, d) for d in month.donors()]


def _offers(month: Month, d: int) -> Deal:
    none = np.zeros_like(month.world.crime)
    no = np.zeros(none.shape, dtype=bool)
    return Deal(_training(month, d), _equipment(month, d), none, none, no, no)


def _training(month: Month, d: int) -> TrainingOffer:
    scene, world, draws = month.scene, month.world, month.draws
    donor, code, years = scene.donor(d), scene.code(d), month.months_since / 12.0
    times = scene.schedule.level(Budget, "training", month.index, 1.0, code)
    yearly = provision.courses_a_year(donor.training, years, times)
    seats = provision.seats_a_course(donor.training)
    home = np.clip(donor.training.in_host + donor.training.in_host_trend * years, 0.0, 1.0)
    home = scene.schedule.level(Venue, "in_host", month.index, home, code)
    officers, in_host = _courses(
        d,
        month.shares[d],
        level(yearly),
        level(pledged(month, d)),
        world.request,
        allocation.openness(month.situation, d),
        world.facts.force,
        level(seats),
        level(home),
        draws.keys("courses", code),
        draws.keys("venue", code),
        draws.slots,
        scene.record(donor.training),
        scene.record(scene.parameters.provision),
    )
    return TrainingOffer(officers, in_host, donor.training.weeks, donor.surveillance)


@kernel
def _courses(
    d: int,
    shares: FloatArray,
    yearly: FloatArray,
    pledged: FloatArray,
    request: FloatArray,
    open_: FloatArray,
    force: FloatArray,
    seats: FloatArray,
    home: FloatArray,
    course_key: Keys,
    venue_key: Keys,
    slots: IntArray,
    training: Record,
    provisions: Record,
) -> tuple[FloatArray, BoolArray]:
    officers = np.zeros_like(shares)
    in_host = np.zeros(shares.shape, dtype=np.bool_)
    for run in range(shares.shape[0]):
        t, p = numbers(training[run]), numbers(provisions[run])
        for i in range(shares.shape[1]):
            rate = provision.expected_courses(
                shares[run, i],
                at(yearly, run, i),
                at(pledged, run, i),
                request[run, d, i],
                open_[run, i],
                force[i],
                at(seats, run, i),
                p,
            )
            courses = poisson(rate, uniform(course_key[run], slots[i]))
            if courses > 0.0:
                at_home = happens(at(home, run, i), uniform(venue_key[run], slots[i]))
                in_host[run, i] = at_home
                officers[run, i] = provision.seats_offered(courses, 1.0 if at_home else 0.0, t)
    return officers, in_host


def pledged(month: Month, d: int) -> Value:
    """Return the courses of donor ``d``'s pledges for each row this month, ``(runs, rows)``."""
    scene, code, training = month.scene, month.scene.code(d), month.scene.donor(d).training
    rate: Value = 0.0
    seats = provision.seats_a_course(training)
    for lever, placed in scene.schedule.now(Budget, month.index, code):
        for pledge, rows in zip(lever.pledges, placed.inner, strict=True):
            open_ = rows * allocation.openness(month.situation, d)
            aimed = softmax(np.log(month.shares[d] + 1e-9), open_)
            officers = pledge.officers * pledge.delivered / training.take_up
            rate = rate + aimed * officers / seats / 12.0
    return rate


def _equipment(month: Month, d: int) -> EquipmentOffer:
    scene, draws = month.scene, month.draws
    donor, code = scene.donor(d), scene.code(d)
    times = scene.schedule.level(Budget, "equipment", month.index, 1.0, code)
    rate = np.ascontiguousarray(month.shares[d] * (donor.equipment.packages * times / 12.0))
    usd, system = _packages(
        rate,
        level(expected_systems(month, d)),
        draws.keys("equipment", code),
        draws.keys("equipment system", code),
        draws.keys("equipment value", code),
        draws.slots,
        scene.record(donor.equipment),
    )
    return EquipmentOffer(usd, system, acceptance.technology_price(month.situation, d))


@kernel
def _packages(
    usual: FloatArray, systems: FloatArray, key: Keys, system_key: Keys, value_key: Keys, slots: IntArray, equipment: Record
) -> tuple[FloatArray, BoolArray]:
    usd = np.zeros_like(usual)
    system = np.zeros(usual.shape, dtype=np.bool_)
    for run in range(usual.shape[0]):
        e = numbers(equipment[run])
        for i in range(usual.shape[1]):
            added = at(systems, run, i)
            packages = poisson(usual[run, i] + added, uniform(key[run], slots[i]))
            if packages > 0.0:
                big = provision.share_of_systems(usual[run, i], added, e)
                is_big = happens(big, uniform(system_key[run], slots[i]))
                spread = normal(value_key[run], slots[i])
                system[run, i] = is_big
                usd[run, i] = provision.package_usd(packages, 1.0 if is_big else 0.0, spread, e)
    return usd, system


def expected_systems(month: Month, d: int) -> Value:
    """Return the affordable systems donor ``d`` adds for each row this month, ``(runs, rows)``."""
    code = month.scene.code(d)
    rate: Value = 0.0
    for lever, placed in month.scene.schedule.now(TechAlternative, month.index, code):
        open_ = placed.rows * allocation.openness(month.situation, d)
        aimed = softmax(np.log(month.shares[d] + 1e-9), open_)
        supply = acceptance.ramped(month.index, placed, lever)
        rate = rate + aimed * lever.packages * supply / 12.0
    return rate
