"""What no schema can see: names that must exist, dates that must fit, levers that contradict."""

from collections.abc import Callable, Iterator
from datetime import date
from itertools import combinations
from pathlib import Path

import numpy as np

from hedgerow.core.donors import Donor, Forum, Selector
from hedgerow.core.levers import Budget, Cutoff, Forums, Information, Lever
from hedgerow.data import covariates
from hedgerow.data.load import countries, facts
from hedgerow.data.select import OTHER_ROWS, SelectorError, nearest, pick
from hedgerow.scenario.errors import ScenarioError
from hedgerow.scenario.schema import Scenario

Fault = Callable[[str, str], ScenarioError]


def month_number(start: date, day: date) -> int:
    """Return how many months a day lies after the start."""
    return (day.year - start.year) * 12 + day.month - start.month


def check(scenario: Scenario, source: str | Path) -> None:
    """Raise a :class:`ScenarioError` for the first thing that does not fit."""

    def fault(key: str, words: str) -> ScenarioError:
        return ScenarioError(source, key, words)

    _names(scenario, fault)
    _selectors(scenario, fault)
    _dates(scenario, fault)
    _levers(scenario, fault)


def _known(word: str, known: list[str], what: str, key: str, fault: Fault) -> None:
    if word not in known:
        raise fault(key, f"unknown {what} '{word}'{nearest(word, known)}")


def _names(scenario: Scenario, fault: Fault) -> None:
    states = list(countries().index)
    if not scenario.donors:
        raise fault("donors", "at least one donor is needed")
    for code, donor in scenario.donors.items():
        _known(code, states, "country", f"donors.{code}", fault)
        _covariates(code, donor, fault)
    for code in scenario.counterparts:
        _known(code, [*states, *OTHER_ROWS], "country", "counterparts", fault)
    for pair in scenario.hostile:
        for code in pair:
            _known(code, states, "country", "hostile", fault)
    for fact in scenario.facts:
        _known(fact, list(facts().index), "fact", "facts", fault)
    for name, forum in scenario.forums.items():
        _forum(forum, f"forums.{name}", scenario, fault)


def _covariates(code: str, donor: Donor, fault: Fault) -> None:
    known = list(covariates.known(countries()))
    for field in ("value", "stake", "exposure", "trust", "lock_in"):
        for name in getattr(donor, field):
            _known(name, known, "covariate", f"donors.{code}.{field}", fault)


def _forum(forum: Forum, key: str, scenario: Scenario, fault: Fault) -> None:
    if forum.organiser:
        _known(forum.organiser, list(scenario.donors), "donor", f"{key}.organiser", fault)
    for month in forum.months:
        if not 1 <= month <= 12:
            raise fault(f"{key}.months", f"{month} is not a calendar month, 1 to 12")
    hosts = [scenario.donors[forum.organiser]] if forum.organiser else scenario.donors.values()
    tiers = [tier for host in hosts for tier in host.tiers]
    if forum.body and (forum.body, forum.tier) not in {(t.body, t.tier) for t in tiers}:
        known = [f"{t.body} {t.tier}" for t in tiers]
        word = f"{forum.body} {forum.tier}"
        raise fault(f"{key}.body", f"no tier '{word}'{nearest(word, known)}")


def _all_selectors(scenario: Scenario) -> Iterator[tuple[str, Selector, bool]]:
    """Yield key, selector and whether it must pick somebody."""
    for code, donor in scenario.donors.items():
        for field in ("agreements", "shuns", "core", "pilot"):
            yield f"donors.{code}.{field}", getattr(donor, field), False
    for name, lever in scenario.policies.items():
        yield f"policies.{name}.recipients", lever.recipients, True
        for pledge in lever.pledges if isinstance(lever, Budget) else ():
            yield f"policies.{name}.pledges.recipients", pledge.recipients, True
        for key, forum in lever.create.items() if isinstance(lever, Forums) else ():
            yield f"policies.{name}.create.{key}.members", forum.members, True
    for key, forum in scenario.forums.items():
        yield f"forums.{key}.members", forum.members, True
    for i, event in enumerate(scenario.events):
        yield f"events.{i}.recipients", event.recipients, True


def _selectors(scenario: Scenario, fault: Fault) -> None:
    table = countries()
    for key, selector, needed in _all_selectors(scenario):
        try:
            picked = pick(selector, table, OTHER_ROWS)
        except SelectorError as error:
            raise fault(key, str(error)) from None
        if needed and not picked.any():
            raise fault(key, f"{selector!r} matches no recipient")


def _dates(scenario: Scenario, fault: Fault) -> None:
    if scenario.start.day != 1:
        raise fault("start", f"{scenario.start} must be the first of a month")
    for i, event in enumerate(scenario.events):
        at = month_number(scenario.start, event.month)
        if not 0 <= at < scenario.months:
            last = np.datetime64(scenario.start, "M") + scenario.months - 1
            raise fault(
                f"events.{i}.month",
                f"{event.month} lies outside the period {scenario.start} to {last}-01",
            )
        if event.donor:
            _known(event.donor, list(scenario.donors), "donor", f"events.{i}.donor", fault)
    for name, lever in scenario.policies.items():
        if lever.start and lever.end and lever.end < lever.start:
            raise fault(f"policies.{name}.end", f"{lever.end} is before start {lever.start}")


def _levers(scenario: Scenario, fault: Fault) -> None:
    donors = list(scenario.donors)
    for name, lever in scenario.policies.items():
        key = f"policies.{name}"
        if hasattr(lever, "donor"):
            known = donors if lever.lever != "background_donors" else list(countries().index)
            _known(lever.donor, known, "donor", f"{key}.donor", fault)
        if isinstance(lever, Cutoff):
            _known(lever.rival, donors, "donor", f"{key}.rival", fault)
        if isinstance(lever, Information):
            _known(lever.about, donors, "donor", f"{key}.about", fault)
        if isinstance(lever, Forums):
            _forum_levers(lever, key, scenario, fault)
    _overlaps(scenario, fault)


def _forum_levers(lever: Forums, key: str, scenario: Scenario, fault: Fault) -> None:
    created = [n for o in scenario.policies.values() if isinstance(o, Forums) for n in o.create]
    known = [*scenario.forums, *created]
    for name, forum in lever.create.items():
        _forum(forum, f"{key}.create.{name}", scenario, fault)
        if name in scenario.forums:
            raise fault(f"{key}.create", f"forum '{name}' exists already; strengthen it instead")
    for name in (*lever.cancel, *lever.strengthen):
        _known(name, known, "forum", key, fault)
    both = sorted(set(lever.cancel) & (set(created) | set(lever.strengthen)))
    if both:
        raise fault(f"{key}.cancel", f"forum '{both[0]}' is both created or strengthened and cancelled")


def _window(lever: Lever, scenario: Scenario) -> tuple[int, int]:
    first = 0 if lever.start is None else month_number(scenario.start, lever.start)
    last = scenario.months if lever.end is None else month_number(scenario.start, lever.end)
    return first, last


def _overlaps(scenario: Scenario, fault: Fault) -> None:
    table = countries()
    cuts = [(n, lever) for n, lever in scenario.policies.items() if isinstance(lever, Cutoff)]
    for (name, one), (other, two) in combinations(cuts, 2):
        shared = pick(one.recipients, table) & pick(two.recipients, table)
        (a, b), (c, d) = _window(one, scenario), _window(two, scenario)
        if one.donor == two.donor and shared.any() and a <= d and c <= b:
            code = table.index[int(np.flatnonzero(shared)[0])]
            raise fault(
                f"policies.{other}",
                f"overlaps policies.{name} for {code}; give them dates or recipients apart",
            )
