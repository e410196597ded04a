"""What users add of their own, and how a package of theirs offers it: rules, levers, outcomes.

A lever is a class derived from :class:`hedgerow.core.levers.Lever`; a rule of one's own (see
:mod:`hedgerow.scenario.rules`) reads it from ``situation.scene.schedule``. An outcome is an
:class:`hedgerow.core.outcome.Outcome`. A package offers each as an entry point::

    [project.entry-points."hedgerow.levers"]
    curfew = "my_package:Curfew"
    [project.entry-points."hedgerow.outcomes"]
    curfews = "my_package:CURFEWS"

and every file, screen, run and sweep then has them. In one process, :func:`register_outcome` and
:func:`hedgerow.scenario.schema.register_lever` do the same.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache, partial
from importlib.metadata import EntryPoint, entry_points
from typing import Any

import numpy as np

from hedgerow.core.levers import LEVERS, Lever
from hedgerow.core.metrics import Ended
from hedgerow.core.numbers import FloatArray
from hedgerow.core.outcome import Outcome
from hedgerow.core.outcomes import OUTCOMES
from hedgerow.scenario.errors import ScenarioError

LEVER_GROUP, OUTCOME_GROUP = "hedgerow.levers", "hedgerow.outcomes"
_MODELS = frozenset(LEVERS)
_outcomes: dict[str, Outcome] = {}
_registered: set[object] = set()


def load(entry: EntryPoint, what: str, source: str, key: str) -> Any:
    """Return what an entry point offers.

    Raises
    ------
    ScenarioError
        If it fails to import.
    """
    try:
        return entry.load()
    except Exception as error:
        words = f"{what} '{entry.name}' fails to import ({entry.value}): {error}"
        raise ScenarioError(source, key, words) from None


@cache
def load_levers() -> None:
    """Make the levers known that packages offer.

    Raises
    ------
    ScenarioError
        If one fails to import, is no lever, or is named like one of the model's.
    """
    for source, name, kind in _offered(LEVER_GROUP, "lever"):
        _add_lever(kind, source, name)


@cache
def _load_outcomes() -> None:
    for source, name, outcome in _offered(OUTCOME_GROUP, "outcome"):
        _add_outcome(outcome, source, name)


def _offered(group: str, what: str) -> Iterator[tuple[str, str, Any]]:
    source = f"entry point of {group}"
    for entry in sorted(entry_points(group=group), key=lambda e: e.name):
        yield source, entry.name, load(entry, what, source, entry.name)


def broken() -> list[ScenarioError]:
    """Return what is wrong with each entry point that cannot be used; while there is one, nothing is run."""
    found: list[ScenarioError] = []
    for group, what, add in ((LEVER_GROUP, "lever", _add_lever), (OUTCOME_GROUP, "outcome", _add_outcome)):
        for entry in sorted(entry_points(group=group), key=lambda e: e.name):
            source = f"entry point of {group}"
            try:
                add(load(entry, what, source, entry.name), source, entry.name)
            except ScenarioError as error:
                found.append(error)
    return found


def _add_lever(kind: Any, source: str, name: str) -> None:
    if not (isinstance(kind, type) and issubclass(kind, Lever) and hasattr(kind, "title") and kind.key()):
        fault = f'{kind!r:.60} must be a Lever with a title and lever: Literal["name"] = "name"'
        raise ScenarioError(source, name, fault)
    if kind.key() in _MODELS:
        raise ScenarioError(source, name, f"the model has a lever '{kind.key()}' already; choose another name")
    LEVERS[kind.key()] = kind


def _add_outcome(outcome: Any, source: str, name: str) -> None:
    if not isinstance(outcome, Outcome):
        raise ScenarioError(source, name, f"{outcome!r:.60} must be an Outcome")
    column = outcome.name.format(donor="USA", one="CHN", two="USA", body="MPS")
    if any(known.parts(column) is not None for known in OUTCOMES):
        raise ScenarioError(source, name, f"the model has an outcome '{column}' already; choose another name")
    _outcomes[outcome.name] = outcome


def add_lever(kind: type[Lever]) -> None:
    """Make a lever known in this process, for :func:`hedgerow.scenario.schema.register_lever`."""
    _add_lever(kind, "", getattr(kind, "__name__", "lever"))
    _registered.add(kind)


def register_outcome(outcome: Outcome) -> None:
    """Make an outcome known in this process: runs, sweeps and summaries then have it.

    Parameters
    ----------
    outcome : Outcome
        One of the same name as an earlier one takes its place.

    Raises
    ------
    ScenarioError
        If it is no outcome, or is named like one of the model's.
    """
    _add_outcome(outcome, "", getattr(outcome, "name", "outcome"))
    _registered.add(Outcome)


def own_outcomes() -> Mapping[str, Outcome]:
    """Return the outcomes of the user's own by name; the ``of`` of each is a function of theirs.

    Raises
    ------
    ScenarioError
        If a package offers one that fails to import, is no outcome, or is named like the model's.
    """
    _load_outcomes()
    return _outcomes


def own_levers(levers: Iterable[Lever]) -> dict[str, type[Lever]]:
    """Return the classes of the user's own among levers, by name in a file."""
    return {lever.lever: type(lever) for lever in levers if lever.lever not in _MODELS}


def only_here(levers: Iterable[Lever]) -> bool:
    """Say whether another process could lack an outcome, or one of these levers."""
    return bool(_registered & {Outcome, *own_levers(levers).values()})


def checked_outcomes(source: str) -> tuple[Outcome, ...]:
    """Return the user's outcomes, made to say what is wrong where one gives no number a run."""
    return tuple(replace(one, of=partial(_checked, one, source)) for one in own_outcomes().values())


def _checked(outcome: Outcome, source: str, ended: Ended, *where: Any) -> FloatArray:
    key, runs = f"outcome {outcome.name}", ended.last.runs
    given = outcome.of(ended, *where)
    try:
        values = np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError):
        raise ScenarioError(source, key, f"gave {given!r:.60}, not numbers") from None
    if values.shape != (runs,):
        raise ScenarioError(source, key, f"gave shape {values.shape}; must be (runs,) = ({runs},)")
    return values


def declared(column: str) -> tuple[Outcome, dict[str, str]] | None:
    """Return the outcome that a column holds, and what fills the braces of its name.

    Examples
    --------
    >>> outcome, parts = declared("officers_denied_USA")
    >>> outcome.words, parts
    ('Officers denied by {donor}', {'donor': 'USA'})
    """
    for outcome in (*OUTCOMES, *own_outcomes().values()):
        parts = outcome.parts(column)
        if parts is not None:
            return outcome, parts
    return None
