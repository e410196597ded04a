"""Trees as text: TOML and JSON that may hold what neither allows."""

import json
import math
import re
from collections.abc import Iterator, Mapping
from datetime import date, time
from typing import Any

from tests.fuzz.mutate.values import Raw

BARE = re.compile(r"[A-Za-z0-9_-]+")


def toml(tables: Mapping[str, Any]) -> str:
    """Return tables as TOML, each under its head."""
    return "\n".join(_lines(tables, ())) + "\n"


def _lines(tables: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[str]:
    inner = {key: value for key, value in tables.items() if isinstance(value, Mapping) and value}
    yield from (f"{_key(key)} = {_toml(value)}" for key, value in tables.items() if key not in inner)
    for key, value in inner.items():
        here = (*path, key)
        yield f"\n[{'.'.join(map(_key, here))}]"
        yield from _lines(value, here)


def _key(word: str) -> str:
    return word if BARE.fullmatch(word) else _quoted(word)


def _quoted(word: str) -> str:
    return json.dumps(word, ensure_ascii=False).replace("\x7f", "\\u007f")


def _toml(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_key(str(k))} = {_toml(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return _scalar(value)


def _scalar(value: Any) -> str:
    if isinstance(value, Raw):
        return value
    if isinstance(value, bool) or value is None:
        return json.dumps(value)
    if isinstance(value, float):
        return repr(value) if math.isfinite(value) else str(value)
    if isinstance(value, date | time):
        return value.isoformat()
    return _quoted(value) if isinstance(value, str) else str(value)


def js(value: Any) -> str:
    """Return a tree as JSON."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{json.dumps(str(k))}: {js(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(js, value)) + "]"
    if isinstance(value, Raw):
        return value
    if isinstance(value, date | time):
        return json.dumps(value.isoformat())
    return json.dumps(value)
