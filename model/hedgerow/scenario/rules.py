"""Rules of a user's own: named in a scenario, found by registration or entry point.

A rule is a function of a :class:`~hedgerow.core.scene.Situation` for all rows and runs at once:

* a donor's allocation, ``plan(situation, donor) -> (runs, rows)``, how its effort divides;
* a donor's vetting, ``vet(situation, donor, offer) -> (runs, rows)``, the share blocked, 0-1;
* a response, ``respond(situation, donor, offer) -> (runs, rows)``, the chance of acceptance, 0-1;

where ``donor`` is the donor's number in ``situation.world.donors``. Make it known by
:func:`register`, or in a package of one's own by an entry point in the group ``hedgerow.rules``,
and name it in a scenario::

    [rules.plan]
    USA = "my-allocation"
    [rules.respond]
    "region:Africa" = "my-response"
"""

from collections.abc import Callable, Sequence
from importlib.metadata import entry_points
from typing import Any

import numpy as np

from hedgerow.core.month import Rules
from hedgerow.core.numbers import FloatArray
from hedgerow.core.rules import acceptance, allocation, vetting
from hedgerow.core.rules.provision import Offer
from hedgerow.core.scene import Situation
from hedgerow.data.load import countries
from hedgerow.data.select import OTHER_ROWS, nearest, pick
from hedgerow.scenario import own
from hedgerow.scenario.errors import ScenarioError
from hedgerow.scenario.schema import Scenario

GROUP = "hedgerow.rules"
_registered: dict[str, Callable[..., Any]] = {}


def register(name: str, rule: Callable[..., Any]) -> None:
    """Make a rule known by name in this process.

    Parameters
    ----------
    name : str
        Name to use in a scenario.
    rule : callable
        A function as described above, or a class whose instances are called so.
    """
    _registered[name] = rule


def only_here(scenario: Scenario) -> bool:
    """Say whether results rest on a rule, a lever or an outcome registered in this process alone."""
    return any(name in _registered for name in _names(scenario)) or own.only_here(scenario.policies.values())


def named_rules(scenario: Scenario) -> dict[str, Callable[..., Any]]:
    """Return the rules of a user's own that a scenario names, by name.

    Raises
    ------
    ScenarioError
        If one is not to be found.
    """
    return {name: find(name, scenario, key) for name, key in _names(scenario).items()}


def rests_on(scenario: Scenario) -> dict[str, Callable[..., Any]]:
    """Return what of the user's own results rest on, functions and classes, by kind and name.

    That is the rules that a scenario names, the classes of its levers, and every outcome.

    Raises
    ------
    ScenarioError
        If a rule is not to be found, or a package offers what cannot be used.
    """
    return {
        **{f"rule {name}": rule for name, rule in named_rules(scenario).items()},
        **{f"lever {name}": kind for name, kind in own.own_levers(scenario.policies.values()).items()},
        **{f"outcome {name}": outcome.of for name, outcome in own.own_outcomes().items()},
    }


def _names(scenario: Scenario) -> dict[str, str]:
    """Return the rules that a scenario names, each with a key that does."""
    kinds = {kind: getattr(scenario.rules, kind) for kind in type(scenario.rules).model_fields}
    return {name: f"rules.{kind}.{key}" for kind, named in kinds.items() for key, name in named.items()}


def find(name: str, scenario: Scenario, key: str) -> Callable[..., Any]:
    """Return a rule by name.

    Raises
    ------
    ScenarioError
        If there is none of that name, it fails to import, or cannot be called.
    """
    offered = {e.name: e for e in entry_points(group=GROUP)}
    rule: Any = _registered.get(name)
    if rule is None and name in offered:
        rule = own.load(offered[name], "rule", scenario.title, key)
    if rule is None:
        known = sorted({*offered, *_registered})
        remedy = nearest(name, known) or f"; register it, or offer it as an entry point of {GROUP}"
        raise ScenarioError(scenario.title, key, f"unknown rule '{name}'{remedy}")
    rule = rule() if isinstance(rule, type) else rule
    if not callable(rule):
        raise ScenarioError(scenario.title, key, f"rule '{name}' is not a function")
    return rule  # type: ignore[no-any-return]


def _checked(
    values: Any, situation: Situation, scenario: Scenario, key: str, runs: Sequence[str], *, most: float
) -> FloatArray:
    """Return what a user's rule gave, or say what is wrong with it, and in which of the runs it goes wrong."""
    shape = situation.world.crime.shape
    try:
        given = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise ScenarioError(scenario.title, key, f"gave {values!r:.60}, not numbers") from None
    if given.shape != shape:
        fault = f"gave shape {given.shape}; must be (runs, rows) = {shape}"
        raise ScenarioError(scenario.title, key, fault)
    if not np.isfinite(given).all() or given.min() < 0 or given.max() > most:
        run, row = np.argwhere(~(np.isfinite(given) & (given >= 0) & (given <= most)))[0]
        limit = "at least 0" if most == np.inf else "from 0 to 1"
        when = f"{str(situation.scene.date(situation.month))[:7]}{f' of {runs[run]}' if runs else ''}"
        words = f"gave {given[run, row]} for {situation.world.recipients[row]} in {when}; every value must be {limit}"
        raise ScenarioError(scenario.title, key, words)
    return given


def rules_of(scenario: Scenario, runs: Sequence[str] = ()) -> Rules:
    """Return the decisions of a scenario: the model's own, and the user's where it names them.

    ``runs`` are what a fault calls the runs that they decide in.
    """
    named = scenario.rules
    if not (named.plan or named.vet or named.respond):
        return Rules()
    codes = list(scenario.donors)
    plans = {codes.index(c): find(n, scenario, f"rules.plan.{c}") for c, n in named.plan.items()}
    vets = {codes.index(c): find(n, scenario, f"rules.vet.{c}") for c, n in named.vet.items()}
    responses = [
        (pick(s, countries(), OTHER_ROWS), find(n, scenario, f"rules.respond.{s}"), s) for s, n in named.respond.items()
    ]

    def plan(situation: Situation, d: int) -> FloatArray:
        if d not in plans:
            return allocation.plan(situation, d)
        key = f"rules.plan.{codes[d]}"
        wanted = _checked(plans[d](situation, d), situation, scenario, key, runs, most=np.inf)
        wanted = wanted * allocation.openness(situation, d)
        total = wanted.sum(axis=-1, keepdims=True)
        return wanted / np.where(total > 0, total, 1.0)

    def vet(situation: Situation, d: int, offer: Offer) -> FloatArray:
        if d not in vets:
            return vetting.vet(situation, d, offer)
        blocked = vets[d](situation, d, offer)
        return _checked(blocked, situation, scenario, f"rules.vet.{codes[d]}", runs, most=1.0)

    def respond(situation: Situation, d: int, offer: Offer) -> FloatArray:
        chance = acceptance.respond(situation, d, offer)
        for rows, rule, selector in responses:
            key = f"rules.respond.{selector}"
            own = _checked(rule(situation, d, offer), situation, scenario, key, runs, most=1.0)
            mine = rows[situation.world.facts.slot]
            chance = np.where(mine, own, chance)
        return chance

    return Rules(plan, vet, respond)
