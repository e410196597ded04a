"""Plain words for faults: values as a scenario file writes them, ranges, and what was expected."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from pydantic.fields import FieldInfo

from hedgerow.core.numbers import is_number

EXPECTED = {
    "float_type": "a number",
    "int_type": "a whole number",
    "finite_number": "a finite number",
    "string_type": "text in quotes",
    "bool_type": "true or false",
    "date_type": "a date without quotes such as 2022-06-01",
    "tuple_type": "a list in [brackets]",
    "dict_type": "a table",
    "model_type": "a table",
    "model_attributes_type": "a table",
    "dict_attributes_type": "a table",
}
"""What a value should have been, by the name pydantic gives the fault."""

PAIR = ("too_long", "too_short")
LONGEST = 60


def show(value: object) -> str:
    """Return a value as a scenario file would write it, shortened where it is long."""
    text = _toml(value)
    return text if len(text) <= LONGEST else text[: LONGEST - 3] + "..."


def _toml(value: object) -> str:
    words = str(value)
    if isinstance(value, bool):
        words = words.lower()
    elif isinstance(value, str):
        words = f"'{value}'"
    elif isinstance(value, date):
        words = value.isoformat()
    elif isinstance(value, Mapping):
        words = "{" + ", ".join(f"{k} = {_toml(v)}" for k, v in value.items()) + "}"
    elif isinstance(value, list | tuple):
        words = "[" + ", ".join(_toml(v) for v in value) + "]"
    return words


def either(words: Iterable[object]) -> str:
    """Return words as a choice, e.g. ``'none', 'unit' or 'country'``."""
    shown = [f"'{word}'" for word in words]
    return " or ".join(part for part in (", ".join(shown[:-1]), shown[-1]) if part)


def span(field: FieldInfo) -> str:
    """Return the range of a field and its unit, e.g. ``from 0 to 10 (times)``."""
    low, above, high = (next((getattr(m, k) for m in field.metadata if hasattr(m, k)), None) for k in ("ge", "gt", "le"))
    words = f"above {above:,g}, at most" if low is None and above is not None else f"from {low or 0:,g} to"
    words = f"{words} {high:,g}" if high is not None else f"at least {low or 0:,g}"
    extra = field.json_schema_extra
    unit = extra.get("unit") if is_number(field) and isinstance(extra, dict) else None
    return f"{words} ({unit})" if unit else words


def wrong_type(kind: str, given: object, what: str | None = None) -> str | None:
    """Return the message for a value of the wrong type; None where the fault is another."""
    expected = what or EXPECTED.get(kind)
    return f"must be {expected}, not {show(given)}" if expected else None


def label(path: Iterable[str | int], raw: Any) -> str:
    """Return a location as a dotted key, entries of lists by what they are or by number."""
    words, here = "", raw
    for part in path:
        here = _step(here, part)
        if isinstance(part, int):
            words += f" {_entry(here, part)}"
        else:
            words += f".{part}" if words and not words.endswith(")") else f" {part}"
    return words.strip()


def _step(here: Any, part: str | int) -> Any:
    try:
        return here[part]
    except (KeyError, IndexError, TypeError):
        return None


def _entry(value: Any, position: int) -> str:
    """Name an entry of a list: an event by kind and month, anything else by its place."""
    if isinstance(value, Mapping) and isinstance(value.get("month"), date):
        return event_name(str(value.get("kind", "event")), value["month"])
    return f"(no. {position + 1})"


def event_name(kind: str, month: date) -> str:
    """Return the name by which messages call an event."""
    return f"({kind} of {month})"
