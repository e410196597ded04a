"""Reading scenario files: TOML, ``extends``, settings from the command line."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from hedgerow.disk import reading
from hedgerow.disk.plain import LONGEST, UnfitError, checked, visible
from hedgerow.disk.reading import NO_TOML
from hedgerow.scenario.check import check, month_number
from hedgerow.scenario.errors import ScenarioError, from_validation
from hedgerow.scenario.faults import show
from hedgerow.scenario.find import find, shipped
from hedgerow.scenario.schema import Scenario

ADDED = ("events",)
"""Lists that an extending file adds to; every other list replaces the one it extends."""

SETTING = "--set"
"""What set a path that was given beside the file."""
IN_PLACE = "study.base"
"""What set a path of a scenario that a study gives in place."""
MOST_LAYERS = 32
"""Most files that extend one another."""


def load(
    name: str | Path, settings: Sequence[str] = (), months: int | None = None, changes: Mapping[str, Any] | None = None
) -> Scenario:
    """Read a scenario by name or path, with settings such as ``policies.leahy.strictness=0.5``.

    Parameters
    ----------
    name : str or Path
        Name of a shipped scenario, or the path of a TOML file.
    settings : sequence of str
        ``dotted.key=value``, the value written as in TOML; text needs no quotes.
    months : int, optional
        Months to run instead of the file's.
    changes : mapping, optional
        Tables laid over the file, as those of a study's base given in place.

    Returns
    -------
    Scenario
        Validated and checked against the country table.

    Raises
    ------
    ScenarioError
        With one message that names file, key, fault and the nearest valid choice.
    """
    path = find(name)
    stack = [*layers(path), *([(IN_PLACE, path, dict(changes))] if changes else [])]
    raw = file = _laid(stack)
    set_by = {key: told for told, _, tables in stack for key in leaves(tables)}
    for setting in settings:
        table = _setting(setting)
        raw = overlay(raw, table)
        set_by |= dict.fromkeys(leaves(table), SETTING)
    if months is not None:
        raw = {**raw, "months": months}
    if isinstance(raw.get("events"), list):
        raw = {**raw, "events": _reached({**file, "events": raw["events"]}, raw.get("start"), raw.get("months"))["events"]}
    return parse(raw, path if not settings else f"{path} with {SETTING}", set_by)


def changed(scenario: Scenario, settings: Sequence[str], months: int | None, source: str | Path) -> Scenario:
    """Return a scenario with settings laid over it and other months to run; see :func:`load`."""
    if not settings and months in (None, scenario.months):
        return scenario
    file, tables = scenario.model_dump(), [_setting(setting) for setting in settings]
    raw: dict[str, Any] = file
    for table in tables:
        raw = overlay(raw, table)
    raw = raw if months is None else {**raw, "months": months}
    raw = {**raw, "events": list(_reached({**file, "events": raw["events"]}, raw["start"], raw["months"])["events"])}
    set_by = dict.fromkeys((path for table in tables for path in leaves(table)), SETTING)
    return parse(raw, source, {**scenario.set_by, **set_by})


def parse(raw: Mapping[str, Any], source: str | Path = "scenario", set_by: Mapping[str, str] | None = None) -> Scenario:
    """Validate and check a scenario given as nested tables, and who set which path of it."""
    try:
        checked(raw)
    except UnfitError as error:
        raise ScenarioError(source, error.key, error.fault) from None
    content = _frozen(raw)
    try:
        scenario = Scenario.model_validate(content)
    except ValidationError as error:
        raise from_validation(error, source, Scenario, content) from None
    check(scenario, source)
    return scenario.marked(dict.fromkeys(leaves(raw), str(source)) if set_by is None else set_by)


def layers(path: Path, seen: tuple[Path, ...] = ()) -> list[tuple[str, Path, dict[str, Any]]]:
    """Return what a file and those it extends are called, where they are, and what each says, from the ground up."""
    here = path.resolve()
    if here in seen:
        circle = " -> ".join(p.name for p in (*seen, here))
        raise ScenarioError(path, "extends", f"goes in a circle: {circle}")
    if len(seen) == MOST_LAYERS:
        raise ScenarioError(path, "extends", f"is more than {MOST_LAYERS} files deep")
    raw = read(path)
    base = raw.pop("extends", None)
    told = path.stem if here.parent == shipped("scenarios").resolve() else str(path)
    if base is None:
        return [(told, path, raw)]
    if not isinstance(base, str):
        raise ScenarioError(path, "extends", f"must be text in quotes, not {show(base)}")
    try:
        parent = find(base, path.parent)
    except ScenarioError as error:
        raise ScenarioError(path, "extends", f"'{base}': {error.fault}") from None
    return [*layers(parent, (*seen, here)), (told, path, raw)]


def merged(path: Path) -> dict[str, Any]:
    """Return the tables of a file laid over those of the files it extends."""
    return _laid(layers(path))


def _laid(stack: Sequence[tuple[str, Path, dict[str, Any]]]) -> dict[str, Any]:
    below: dict[str, Any] = {}
    for _, _, raw in stack:
        period = [raw.get(key, below.get(key)) for key in ("start", "months")]
        below = overlay(_reached(below, *period), raw)
    return below


def leaves(tables: Mapping[str, Any], above: str = "") -> Iterator[str]:
    """Yield the dotted path of everything that nested tables set; a list is set as a whole."""
    for key, value in tables.items():
        path = f"{above}.{key}" if above else key
        if isinstance(value, Mapping):
            yield from leaves(value, path)
        else:
            yield path


def read(path: Path) -> dict[str, Any]:
    """Read one TOML file as tables.

    Raises
    ------
    ScenarioError
        If it cannot be read, is empty, is not UTF-8 or is not TOML.
    """
    try:
        text = reading.text(path)
        if not text.strip():
            raise ScenarioError(path, "", 'is empty; a scenario may start with: extends = "baseline-2022-25"')
        return reading.toml(text)
    except reading.UnreadableError as error:
        raise ScenarioError(path, error.key, error.fault) from None
    except OSError as error:
        raise ScenarioError(path, "", f"cannot be read: {error.strerror}") from None


def overlay(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Lay tables over tables: tables merge, added lists add up, all else is replaced."""
    result = dict(base)
    for key, value in over.items():
        old = result.get(key)
        if isinstance(old, Mapping) and isinstance(value, Mapping):
            result[key] = overlay(old, value)
        elif key in ADDED and isinstance(old, list | tuple) and isinstance(value, list | tuple):
            result[key] = [*old, *value]
        else:
            result[key] = value
    return result


def _reached(tables: Mapping[str, Any], start: Any, months: Any) -> dict[str, Any]:
    """Leave out events outside a period other than the one they were made for."""
    events = tables.get("events")
    if not (isinstance(start, date) and isinstance(months, int) and isinstance(events, list | tuple)):
        return dict(tables)
    if (start, months) == (tables.get("start"), tables.get("months")):
        return dict(tables)

    def inside(event: Any) -> bool:
        day = event.get("month") if isinstance(event, Mapping) else None
        return not isinstance(day, date) or 0 <= month_number(start, day) < months

    return {**tables, "events": [event for event in events if inside(event)]}


def _setting(setting: str) -> dict[str, Any]:
    """Return a setting as nested tables."""
    key, equals, text = setting.partition("=")
    parts = key.strip().split(".")
    if not equals or not all(parts):
        raise ScenarioError(SETTING, visible(setting)[:LONGEST], "must read KEY=VALUE, such as months=24")
    table = value_of(text, visible(key)[:LONGEST])
    for part in reversed(parts):
        table = {part: table}
    try:
        checked(table)
    except UnfitError as error:
        raise ScenarioError(SETTING, error.key, error.fault) from None
    return dict(table)


def value_of(text: str, key: str) -> Any:
    """Return a value as one types it: TOML, else text.

    Raises
    ------
    ScenarioError
        If no file could hold it: nested too deeply, a number too long, a line break.
    """
    try:
        checked({key: text.strip()})
        return reading.toml(f"v = {text.strip()}")["v"]
    except UnfitError as error:
        if NO_TOML not in error.fault:
            raise ScenarioError(SETTING, key, error.fault) from None
        return text.strip()


def _frozen(value: Any) -> Any:
    """Return the tables with lists as tuples, as the schema holds them."""
    if isinstance(value, Mapping):
        return {k: _frozen(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return tuple(_frozen(v) for v in value)
    return value
