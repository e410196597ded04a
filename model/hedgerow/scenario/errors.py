"""Messages for what is wrong in a scenario: file, key, fault and the nearest valid choice.

The words are part of the public interface; the fixtures in ``tests/scenarios/bad`` assert them.
"""

import typing
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import UnionType
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from hedgerow.core.levers import LEVERS
from hedgerow.data.select import nearest


class ScenarioError(ValueError):
    """A scenario that cannot be run; the message names file, key and remedy."""

    def __init__(self, source: str | Path, key: str, fault: str) -> None:
        self.source, self.key, self.fault = str(source), key, fault
        super().__init__(": ".join(part for part in (self.source, key, fault) if part))


def from_validation(
    error: ValidationError, source: str | Path, model: type[BaseModel], raw: Mapping[str, Any]
) -> ScenarioError:
    """Turn the first fault pydantic found into one plain message."""
    fault = error.errors()[0]
    path = [part for part in fault["loc"] if isinstance(part, str | int)]
    path = _without_tags(path, raw)
    kind, context = fault["type"], fault.get("ctx", {})
    key = ".".join(str(part) for part in path)
    if kind == "extra_forbidden":
        known = _keys(model, path[:-1], raw)
        return ScenarioError(source, key, f"unknown key '{path[-1]}'{nearest(str(path[-1]), known)}")
    if kind == "union_tag_invalid":
        tag = str(context.get("tag", ""))
        return ScenarioError(source, key, f"unknown lever '{tag}'{nearest(tag, LEVERS)}")
    if kind == "missing":
        return ScenarioError(source, key, f"missing key '{path[-1]}'")
    if kind == "literal_error":
        given, known = fault["input"], str(context["expected"])
        options = [w.strip(" '") for w in known.replace(" or ", ",").split(",")]
        return ScenarioError(source, key, f"'{given}' is not one of {known}{nearest(given, options)}")
    return ScenarioError(source, key, _plain(kind, fault["msg"], context, fault["input"]))


def _plain(kind: str, message: str, context: Mapping[str, Any], given: object) -> str:
    bounds = {
        "greater_than_equal": ("ge", "at least"), "less_than_equal": ("le", "at most"),
    }  # fmt: skip
    if kind in bounds:
        name, words = bounds[kind]
        return f"{given} is out of range: must be {words} {context[name]:g}"
    types = {
        "float_type": "a number", "int_type": "a whole number", "string_type": "text in quotes",
        "bool_type": "true or false", "date_type": "a date such as 2022-06-01",
        "tuple_type": "a list in [brackets]", "dict_type": "a table",
        "model_type": "a table", "model_attributes_type": "a table",
    }  # fmt: skip
    if kind in types:
        return f"must be {types[kind]}, not {_show(given)}"
    return message.removeprefix("Value error, ")


def _show(given: object) -> str:
    text = f"'{given}'" if isinstance(given, str) else str(given)
    return text if len(text) <= 60 else text[:57] + "..."


def _without_tags(path: Sequence[str | int], raw: Any) -> list[str | int]:
    """Drop from a location the names pydantic adds for members of a union."""
    kept: list[str | int] = []
    here = raw
    for i, part in enumerate(path):
        last = i == len(path) - 1
        inside = isinstance(here, dict) and part in here
        counted = isinstance(here, list | tuple) and isinstance(part, int) and part < len(here)
        if inside or counted:
            here = here[part]
        elif not last or not isinstance(here, dict):
            continue
        kept.append(part)
    return kept or list(path)


def _keys(model: type[BaseModel], path: Sequence[str | int], raw: Any) -> list[str]:
    """Return the keys a table at a location may have."""
    kind: Any = model
    here = raw
    for part in path:
        here = here[part] if not isinstance(here, dict) or part in here else {}
        kind = _inside(kind, str(part), here)
    return list(kind.model_fields) if _is_model(kind) else []


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def _inside(kind: Any, part: str, here: Any) -> Any:
    if _is_model(kind):
        field = kind.model_fields.get(part)
        return field.annotation if field else None
    if get_origin(kind) in (dict, tuple):
        inner = get_args(kind)[1] if get_origin(kind) is dict else get_args(kind)[0]
        return _of_union(inner, part, here)
    return None


def _of_union(kind: Any, name: str, here: Any) -> Any:
    if get_origin(kind) is typing.Annotated:
        kind = get_args(kind)[0]
    if get_origin(kind) in (Union, UnionType):
        named = here.get("lever", name) if isinstance(here, dict) else name
        return LEVERS.get(named)
    return kind
