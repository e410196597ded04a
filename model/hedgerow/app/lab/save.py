"""A what-if as a scenario file: what it extends, and what was changed, ready to run."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from hedgerow.app.lab.pair import Pair
from hedgerow.app.lab.values import toml
from hedgerow.app.lab.whatif import OWN, WhatIf
from hedgerow.disk import reading
from hedgerow.disk.plain import command, quoted
from hedgerow.scenario.load import overlay, value_of

BARE = re.compile(r"^[A-Za-z0-9_-]+$")
HEAD = """\
# A what-if, saved from the lab. It says only what differs from the scenario it extends.
# Run it:  {command}
"""
ASSUMED = """\
# parameters and donors are assumptions: in the lab they changed the base too, so give them to both
# by --set, as in  --set {first}
"""


def scenario_file(chosen: WhatIf, pair: Pair) -> str:
    """Return the text of a scenario file that asks the same.

    Parameters
    ----------
    chosen : WhatIf
    pair : Pair
        What it resolves to.
    """
    changed: dict[str, Any] = {}
    for key, value in chosen.changes:
        changed = overlay(changed, _nested(key.split("."), value_of(value, key)))
    if chosen.months is not None:
        changed["months"] = chosen.months
    if chosen.scenario == OWN:
        own = reading.toml(chosen.text)
        tables = overlay(own, changed)
    else:
        title = pair.variant.title + (", changed" if chosen.changes else "")
        tables = {"extends": chosen.scenario, "title": title, **changed}
    base = pair.base_name if pair.base_name != "unchanged" else tables.get("extends", "BASE")
    how = {"runs": chosen.runs, "seed": chosen.seed, "months": chosen.months, "fixed": pair.fixed}
    text = HEAD.format(command=command("compare", base, "THIS-FILE", **how))
    if chosen.assumptions:
        text += ASSUMED.format(first=quoted(chosen.assumptions[0]))
    return text + "\n" + "\n".join(_lines(tables, ())) + "\n"


def _nested(parts: list[str], value: Any) -> dict[str, Any]:
    for part in reversed(parts):
        value = {part: value}
    return dict(value)


def _lines(tables: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[str]:
    """Write tables: values first, then the tables inside, each under its head."""
    inner = {k: v for k, v in tables.items() if isinstance(v, Mapping)}
    for key, value in tables.items():
        if key not in inner:
            yield f"{_key(key)} = {_inline(value)}"
    for key, value in inner.items():
        here = (*path, key)
        if not value or any(not isinstance(v, Mapping) for v in value.values()):
            yield ""
            yield f"[{'.'.join(_key(part) for part in here)}]"
        yield from _lines(value, here)


def _key(word: str) -> str:
    return word if BARE.match(word) else toml(word)


def _inline(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_key(k)} = {_inline(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_inline(v) for v in value) + "]"
    return repr(value) if isinstance(value, float) else toml(value)  # to the last bit: it is to ask the same
