"""Placing scenarios on the world: from validated files to a scene and a first state."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache

import numpy as np

from hedgerow.core.donors import Donor, Forum
from hedgerow.core.levers import Budget, Forums, Lever
from hedgerow.core.numbers import BoolArray, FloatArray, columns
from hedgerow.core.scene import DatedEvent, Event, Gathering, Scene
from hedgerow.core.schedule import Placed, Schedule
from hedgerow.core.world import Kind, World
from hedgerow.data import start
from hedgerow.data.load import countries
from hedgerow.data.select import OTHER_ROWS, pick
from hedgerow.scenario import own
from hedgerow.scenario.check import month_number
from hedgerow.scenario.schema import Scenario

RECORD_STARTS = date(2022, 6, 1)


def place(scenarios: Sequence[Scenario]) -> tuple[Scene, World]:
    """Return the scene and first state of a batch, one scenario a run.

    Parameters
    ----------
    scenarios : sequence of Scenario
        One per run, alike in all but the values of numbers.

    Raises
    ------
    MixedStructureError
        If they differ in anything else.
    """
    batch = columns(scenarios)
    first = scenarios[0]
    donors = tuple(batch.donors.items())
    kind = start.kinds(dict(donors), batch.counterparts)
    scene = Scene(
        start=np.datetime64(first.start, "D"),
        months=first.months,
        parameters=batch.parameters,
        donors=donors,
        rivals=rivals(batch.donors),
        schedule=Schedule(tuple(_placed(lever, first) for lever in batch.policies.values())),
        gatherings=tuple(_gatherings(batch)),
        events=tuple(_dated(event, first) for event in batch.events),
        network=start.network(kind == Kind.STATE),
        opening=month_number(RECORD_STARTS, first.start),
        runs=len(scenarios),
        outcomes=own.checked_outcomes(first.title),
    )
    return scene, start.world(batch.donors, batch.counterparts, batch.parameters, len(scenarios))


def rivals(donors: Mapping[str, Donor]) -> BoolArray:
    """Return which donors compete, ``(donors, donors)``: those of different blocs."""
    blocs = [donor.bloc or code for code, donor in donors.items()]
    return np.array([[a != b for b in blocs] for a in blocs])


@cache
def _mask(selector: str | tuple[str, ...]) -> FloatArray:
    return pick(selector, countries(), OTHER_ROWS).astype(np.float64)


def _placed(lever: Lever, scenario: Scenario) -> Placed:
    first = month_number(scenario.start, lever.start) if lever.start else 0
    last = month_number(scenario.start, lever.end) if lever.end else scenario.months
    inner = tuple(_mask(p.recipients) for p in lever.pledges) if isinstance(lever, Budget) else ()
    return Placed(lever, _mask(lever.recipients), first, last, inner)


def _dated(event: Event, scenario: Scenario) -> DatedEvent:
    return DatedEvent(event, month_number(scenario.start, event.month), _mask(event.recipients))


def _gatherings(scenario: Scenario) -> list[Gathering]:
    placed = [_gathering(key, forum, scenario, range(scenario.months)) for key, forum in scenario.forums.items()]
    for lever in scenario.policies.values():
        if isinstance(lever, Forums):
            window = _placed(lever, scenario)
            months = range(max(window.first, 0), min(window.last + 1, scenario.months))
            placed += [_gathering(k, f, scenario, months) for k, f in lever.create.items()]
    return placed


def _gathering(key: str, forum: Forum, scenario: Scenario, window: range) -> Gathering:
    dated = {month_number(scenario.start, day) for day in forum.dates}
    first = scenario.start.month - 1
    held = {t for t in window if t in dated or (first + t) % 12 + 1 in forum.months}
    members = _mask(forum.members) > 0  # a new array: the organiser leaves it below
    code = {c: i for i, c in enumerate(start.codes())}
    if forum.organiser:
        members[code[forum.organiser]] = False
    hostile = np.zeros(len(members))
    for one, other in scenario.hostile:
        if members[code[one]] and members[code[other]]:
            hostile[[code[one], code[other]]] = 1.0
    return Gathering(key, forum, members, frozenset(held), hostile, bool(forum.months))
