"""Reading scenario files: TOML, ``extends``, settings from the command line."""

import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from hedgerow.scenario.check import check, month_number
from hedgerow.scenario.errors import ScenarioError, from_validation
from hedgerow.scenario.faults import show
from hedgerow.scenario.find import find
from hedgerow.scenario.schema import Scenario

ADDED = ("events",)
"""Lists that an extending file adds to; every other list replaces the one it extends."""

NEWLINE = "Illegal character '\\n'"
"""What the reader says where a closing quote is missing."""


def load(name: str | Path, settings: Sequence[str] = (), months: int | None = None) -> Scenario:
    """Read a scenario by name or path, with settings such as ``policies.leahy.strictness=0.5``.

    Parameters
    ----------
    name : str or Path
        Name of a shipped scenario, or the path of a TOML file.
    settings : sequence of str
        ``dotted.key=value``, the value written as in TOML; text needs no quotes.
    months : int, optional
        Months to run instead of the file's.

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
    raw = file = merged(path)
    for setting in settings:
        raw = _with_setting(raw, setting)
    if months is not None:
        raw = {**raw, "months": months}
    reached = _reached(file, raw.get("start"), raw.get("months"))
    if isinstance(raw.get("events"), list):
        raw = {**raw, "events": reached["events"]}
    return parse(raw, path if not settings else f"{path} with --set")


def parse(raw: Mapping[str, Any], source: str | Path = "scenario") -> Scenario:
    """Validate and check a scenario given as nested tables."""
    content = _frozen(raw)
    try:
        scenario = Scenario.model_validate(content)
    except ValidationError as error:
        raise from_validation(error, source, Scenario, content) from None
    check(scenario, source)
    return scenario


def merged(path: Path, seen: tuple[Path, ...] = ()) -> dict[str, Any]:
    """Return the tables of a file laid over those of the files it extends."""
    here = path.resolve()
    if here in seen:
        circle = " -> ".join(p.name for p in (*seen, here))
        raise ScenarioError(path, "extends", f"goes in a circle: {circle}")
    raw = read(path)
    base = raw.pop("extends", None)
    if base is None:
        return raw
    if not isinstance(base, str):
        raise ScenarioError(path, "extends", f"must be text in quotes, not {show(base)}")
    try:
        parent = find(base, path.parent)
    except ScenarioError as error:
        raise ScenarioError(path, "extends", f"'{base}': {error.fault}") from None
    inherited = merged(parent, (*seen, here))
    period = [raw.get(key, inherited.get(key)) for key in ("start", "months")]
    return overlay(_reached(inherited, *period), raw)


def read(path: Path) -> dict[str, Any]:
    """Read one TOML file as tables.

    Raises
    ------
    ScenarioError
        If it cannot be read, is empty, is not UTF-8 or is not TOML.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ScenarioError(path, "", f"is not UTF-8 text (byte {error.start})") from None
    except OSError as error:
        raise ScenarioError(path, "", f"cannot be read: {error.strerror}") from None
    if not text.strip():
        raise ScenarioError(path, "", 'is empty; a scenario may start with: extends = "baseline-2022-25"')
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        words = str(error).replace(NEWLINE, "the line ends before its text does")
        raise ScenarioError(path, "", f"is not valid TOML: {words}") from None


def overlay(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Lay tables over tables: tables merge, added lists add up, all else is replaced."""
    result = dict(base)
    for key, value in over.items():
        old = result.get(key)
        if isinstance(old, dict) and isinstance(value, dict):
            result[key] = overlay(old, value)
        elif key in ADDED and isinstance(old, list) and isinstance(value, list):
            result[key] = old + value
        else:
            result[key] = value
    return result


def _reached(tables: Mapping[str, Any], start: Any, months: Any) -> dict[str, Any]:
    """Leave out events outside a period other than the one they were made for."""
    events = tables.get("events")
    if not (isinstance(start, date) and isinstance(months, int) and isinstance(events, list)):
        return dict(tables)
    if (start, months) == (tables.get("start"), tables.get("months")):
        return dict(tables)

    def inside(event: Any) -> bool:
        day = event.get("month") if isinstance(event, Mapping) else None
        return not isinstance(day, date) or 0 <= month_number(start, day) < months

    return {**tables, "events": [event for event in events if inside(event)]}


def _with_setting(raw: Mapping[str, Any], setting: str) -> dict[str, Any]:
    key, equals, text = setting.partition("=")
    parts = key.strip().split(".")
    if not equals or not all(parts):
        raise ScenarioError("--set", setting, "must read KEY=VALUE, such as months=24")
    try:
        value = tomllib.loads(f"v = {text}")["v"]
    except tomllib.TOMLDecodeError:
        value = text.strip()
    table: dict[str, Any] = {parts[-1]: value}
    for part in reversed(parts[:-1]):
        table = {part: table}
    return overlay(raw, table)


def _frozen(value: Any) -> Any:
    """Return the tables with lists as tuples, as the schema holds them."""
    if isinstance(value, Mapping):
        return {k: _frozen(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return tuple(_frozen(v) for v in value)
    return value
