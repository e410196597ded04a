"""What no schema can see: names that must exist, dates that must fit, levers that contradict."""

from collections.abc import Callable, Iterator
from datetime import date
from itertools import combinations
from pathlib import Path

import numpy as np

from hedgerow.core.donors import Donor, Forum, Selector
from hedgerow.core.levers import Budget, Cutoff, Forums, Lever, names_what
from hedgerow.data import covariates
from hedgerow.data.load import countries, facts
from hedgerow.data.select import OTHER_ROWS, SelectorError, nearest, pick
from hedgerow.scenario.errors import ScenarioError
from hedgerow.scenario.faults import event_name, show
from hedgerow.scenario.schema import Scenario
from hedgerow.scenario.suggest import country_like, suggestion

Fault = Callable[[str, str], ScenarioError]


def month_number(start: date, day: date) -> int:
    """Return how many months a day lies after the start."""
    return (day.year - start.year) * 12 + day.month - start.month


def check(scenario: Scenario, source: str | Path) -> None:
    """Raise a :class:`ScenarioError` for the first thing that does not fit."""

    def fault(key: str, words: str) -> ScenarioError:
        return ScenarioError(source, key, words)

    _names(scenario, fault)
    _rule_names(scenario, fault)
    _selectors(scenario, fault)
    _dates(scenario, fault)
    _levers(scenario, fault)


def _known(word: str, known: list[str], what: str, key: str, fault: Fault) -> None:
    if word not in known:
        like = country_like(word) if what == "country" else suggestion(word, known)
        raise fault(key, f"unknown {what} '{word}'{like}")


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
    for day in forum.dates:
        _first(day, f"{key}.dates", fault)
    hosts = [scenario.donors[forum.organiser]] if forum.organiser else scenario.donors.values()
    tiers = [tier for host in hosts for tier in host.tiers]
    if forum.body and (forum.body, forum.tier) not in {(t.body, t.tier) for t in tiers}:
        known = [f"{t.body} {t.tier}" for t in tiers]
        word = f"{forum.body} {forum.tier}"
        whose = forum.organiser or "any donor"
        raise fault(f"{key}.body", f"{whose} has no tier '{word}'{nearest(word, known)}")


def _rule_names(scenario: Scenario, fault: Fault) -> None:
    for field in ("plan", "vet"):
        for code in getattr(scenario.rules, field):
            _known(code, list(scenario.donors), "donor", f"rules.{field}.{code}", fault)


def _all_selectors(scenario: Scenario) -> Iterator[tuple[str, Selector, bool]]:
    """Yield key, selector and whether it must pick somebody."""
    for code, donor in scenario.donors.items():
        for field in ("agreements", "shuns", "core", "pilot"):
            yield f"donors.{code}.{field}", getattr(donor, field), False
    for name, lever in scenario.policies.items():
        yield f"policies.{name}.recipients", lever.recipients, True
        for i, pledge in enumerate(lever.pledges if isinstance(lever, Budget) else (), 1):
            yield f"policies.{name}.pledges (no. {i}) recipients", pledge.recipients, True
        for key, forum in lever.create.items() if isinstance(lever, Forums) else ():
            yield f"policies.{name}.create.{key}.members", forum.members, True
    for key, forum in scenario.forums.items():
        yield f"forums.{key}.members", forum.members, True
    for selector in scenario.rules.respond:
        yield f"rules.respond.{selector}", selector, True
    for event in scenario.events:
        yield f"events {event_name(event.kind, event.month)} recipients", event.recipients, True


def _selectors(scenario: Scenario, fault: Fault) -> None:
    table = countries()
    for key, selector, needed in _all_selectors(scenario):
        try:
            picked = pick(selector, table, OTHER_ROWS)
        except SelectorError as error:
            raise fault(key, str(error)) from None
        except ValueError:
            raise fault(key, f"{show(selector)} does not compare with a number") from None
        if needed and not picked.any():
            raise fault(key, f"{show(selector)} matches nobody")
        apart = {*scenario.donors, *scenario.counterparts, *OTHER_ROWS}
        met_only = np.array([code in apart for code in (*table.index, *OTHER_ROWS)])
        if needed and not key.startswith("forums.") and not (picked & ~met_only).any():
            raise fault(key, f"{show(selector)} matches only donors and those met, not helped")


def _first(day: date, key: str, fault: Fault) -> None:
    if day.day != 1:
        raise fault(key, f"{day} must be the first of a month, such as {day.replace(day=1)}")


def _dates(scenario: Scenario, fault: Fault) -> None:
    _first(scenario.start, "start", fault)
    for event in scenario.events:
        key = f"events {event_name(event.kind, event.month)}"
        _first(event.month, f"{key} month", fault)
        if not 0 <= month_number(scenario.start, event.month) < scenario.months:
            last = np.datetime64(scenario.start, "M") + scenario.months - 1
            period = f"{scenario.start} to {last}-01"
            raise fault(f"{key} month", f"{event.month} lies outside the period, {period}")
        if event.donor:
            _known(event.donor, list(scenario.donors), "donor", f"{key} donor", fault)
    for name, lever in scenario.policies.items():
        for field in ("start", "end"):
            if getattr(lever, field):
                _first(getattr(lever, field), f"policies.{name}.{field}", fault)
        if lever.start and lever.end and lever.end < lever.start:
            raise fault(f"policies.{name}.end", f"{lever.end} is before the start, {lever.start}")


def _levers(scenario: Scenario, fault: Fault) -> None:
    known = {"donor": list(scenario.donors), "country": list(countries().index)}
    for name, lever in scenario.policies.items():
        key = f"policies.{name}"
        for field, declared in type(lever).model_fields.items():
            what = names_what(declared)
            if what in known:
                _known(getattr(lever, field), known[what], what, f"{key}.{field}", fault)
        if isinstance(lever, Cutoff) and lever.rival == lever.donor:
            raise fault(f"{key}.rival", f"'{lever.rival}' is the donor itself; name its rival")
        if isinstance(lever, Forums):
            _forum_levers(lever, key, scenario, fault)
    _overlaps(scenario, fault)


def _forum_levers(lever: Forums, key: str, scenario: Scenario, fault: Fault) -> None:
    created = [n for o in scenario.policies.values() if isinstance(o, Forums) for n in o.create]
    known = [*scenario.forums, *created]
    for name, forum in lever.create.items():
        _forum(forum, f"{key}.create.{name}", scenario, fault)
        if name in scenario.forums or created.count(name) > 1:
            raise fault(f"{key}.create", f"forum '{name}' exists already; strengthen it instead")
    if lever.recipients != "all":
        raise fault(f"{key}.recipients", "has no effect on forums; state a forum's members instead")
    for field in ("cancel", "strengthen"):
        for name in getattr(lever, field):
            _known(name, known, "forum", f"{key}.{field}", fault)
    for does, names in (("created", created), ("strengthened", list(lever.strengthen))):
        both = sorted(set(lever.cancel) & set(names))
        if both:
            raise fault(f"{key}.cancel", f"forum '{both[0]}' is both {does} and cancelled")


def _window(lever: Lever, scenario: Scenario) -> tuple[int, int]:
    first = 0 if lever.start is None else month_number(scenario.start, lever.start)
    last = scenario.months if lever.end is None else month_number(scenario.start, lever.end)
    return first, last


def _overlaps(scenario: Scenario, fault: Fault) -> None:
    table = countries()
    cuts = [(n, lever) for n, lever in scenario.policies.items() if isinstance(lever, Cutoff)]
    for (name, one), (other, two) in combinations(cuts, 2):
        shared = pick(one.recipients, table, OTHER_ROWS) & pick(two.recipients, table, OTHER_ROWS)
        (a, b), (c, d) = _window(one, scenario), _window(two, scenario)
        if one.donor == two.donor and shared.any() and a <= d and c <= b:
            code = [*table.index, *OTHER_ROWS][int(np.flatnonzero(shared)[0])]
            words = f"overlaps policies.{name} for {code}; give them dates or recipients apart"
            raise fault(f"policies.{other}", words)
