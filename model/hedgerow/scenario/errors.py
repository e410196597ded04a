"""Messages for what is wrong in a scenario: file, key, fault and the nearest valid choice.

The words are part of the public interface; the fixtures in ``tests/scenarios/bad`` assert them.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from hedgerow.core.levers import LEVERS
from hedgerow.data.load import countries
from hedgerow.disk.faults import UserError
from hedgerow.scenario.faults import PAIR, either, label, show, span, wrong_type
from hedgerow.scenario.shape import field_at, is_selector, keys_at, without_tags
from hedgerow.scenario.suggest import country_like, near_only, suggestion


class ScenarioError(UserError):
    """A scenario that cannot be run; the message names file, key and remedy."""

    def __init__(self, source: str | Path, key: str, fault: str) -> None:
        self.source, self.key, self.fault = str(source), key, fault
        super().__init__(": ".join(part for part in (self.source, key, fault) if part))


def from_validation(
    error: ValidationError, source: str | Path, model: type[BaseModel], raw: Mapping[str, Any]
) -> ScenarioError:
    """Turn the most telling fault pydantic found into one plain message."""
    fault = _most_telling(error.errors())
    located = [part for part in fault["loc"] if isinstance(part, str | int)]
    path = without_tags(located, raw)
    kind = fault["type"]
    if kind == "missing":
        return ScenarioError(source, *_missing(path, model, raw))
    if kind == "extra_forbidden":
        word, known = str(path[-1]), keys_at(model, path[:-1], raw)
        words = f"unknown key '{word}'{suggestion(word, known)}"
    elif kind == "union_tag_invalid":
        words = _lever(str(fault.get("ctx", {}).get("tag", "")))
    else:
        words = _plain(fault, path, model, raw)
    return ScenarioError(source, label(path, raw), words)


def _most_telling(faults: Sequence[ErrorDetails]) -> ErrorDetails:
    """Prefer a misspelt key, which leaves another missing, and the fault inside a list."""
    misspelt = next((f for f in faults if f["type"] == "extra_forbidden"), None)
    first = misspelt or faults[0]
    if first["loc"][-1] == "str" and isinstance(first["input"], tuple):
        depth = len(first["loc"]) - 1
        inner = [f for f in faults if f["loc"][:depth] == first["loc"][:depth] and f is not first]
        return inner[0] if inner else first
    return first


def _lever(word: str) -> str:
    words = f"unknown lever '{word}'{suggestion(word, list(LEVERS))}"
    if "did you mean" in words:
        return words
    return f'{words}; name the policy after one, or add lever = "..." to it'


def _missing(path: list[str | int], model: type[BaseModel], raw: Mapping[str, Any]) -> tuple[str, str]:
    """Return key and message where a needed key is absent."""
    key, table = label(path, raw), path[0]
    if isinstance(path[-1], int):
        return label(path[:-1], raw), "must hold two country codes"
    if table in ("donors", "forums") and len(path) == 3:
        entry, entries = str(path[1]), [str(k) for k in raw[table] if k != path[1]]
        if table == "donors" and entry not in countries().index:
            words = f"unknown country '{entry}'{country_like(entry, entries)}"
            return label(path[:-1], raw), words
        near = near_only(entry, entries)
        return label(path[:-1], raw), f"a new {table[:-1]} needs the key '{path[-1]}'{near}"
    field = field_at(model, path, raw)
    meaning = f": {field.description}" if field and field.description else ""
    return key, f"this key is needed{meaning}"


def _plain(fault: ErrorDetails, path: list[str | int], model: type[BaseModel], raw: Mapping[str, Any]) -> str:
    kind, given = fault["type"], fault["input"]
    field = field_at(model, path, raw)
    if kind == "literal_error":
        return _choice(given, str(fault.get("ctx", {}).get("expected", "")))
    if kind in ("greater_than_equal", "greater_than", "less_than_equal") and field is not None:
        return f"{show(given)} is out of range: must be {span(field)}"
    if kind in PAIR and path[0] == "hostile":
        return f"must hold two country codes, not {show(given)}"
    what = "text in quotes, or a list of texts in [brackets]" if is_selector(field) else None
    return wrong_type(kind, given, what) or fault["msg"].removeprefix("Value error, ")


def _choice(given: object, expected: str) -> str:
    options = [word.strip(" '") for word in expected.replace(" or ", ",").split(",")]
    near = near_only(str(given), options)
    return f"{show(given)} is not a choice here: must be {either(options)}{near}"
