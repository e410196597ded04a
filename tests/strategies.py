"""Hypothesis strategies: scenarios drawn from the whole space that a file may describe."""

from datetime import date
from typing import Any

from hypothesis import strategies as st

from hedgerow.core.levers import LEVERS
from hedgerow.core.numbers import Quantity, quantities
from hedgerow.core.parameters import Parameters
from hedgerow.scenario.find import find
from hedgerow.scenario.load import merged, overlay, parse
from hedgerow.scenario.schema import Scenario

MONTHS = st.integers(2, 6)
SELECTORS = st.sampled_from(
    ["all", "region:Africa", "org:asean", "polyarchy < 0.4", ["KEN", "ETH"], ["VNM", "region:Oceania"]]
)
BASE = merged(find("baseline-2022-25"))
QUIET = {"events": []}
SWEPT = [q for q in quantities(Parameters) if not q.path.startswith("start.")]


def within(quantity: Quantity) -> st.SearchStrategy[float]:
    """Draw a value from a number's own range."""
    return st.floats(quantity.low, quantity.high, allow_subnormal=False)


def nested(path: str, value: Any) -> dict[str, Any]:
    """Return ``{a: {b: value}}`` for ``a.b``."""
    table: dict[str, Any] = value
    for part in reversed(path.split(".")):
        table = {part: table}
    return table


@st.composite
def parameter_tables(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a handful of parameters, anywhere in their ranges."""
    chosen = draw(st.lists(st.sampled_from(SWEPT), max_size=6, unique_by=lambda q: q.path))
    table: dict[str, Any] = {}
    for quantity in chosen:
        table = overlay(table, nested(quantity.path, draw(within(quantity))))
    return table


@st.composite
def lever_blocks(draw: st.DrawFn, start: int = 0) -> dict[str, Any]:
    """Draw one lever with its numbers, recipients and a start so many months in."""
    name = draw(st.sampled_from(sorted(LEVERS)))
    block: dict[str, Any] = {"lever": name, "recipients": draw(SELECTORS)}
    for quantity in quantities(LEVERS[name]):
        if draw(st.booleans()):
            block[quantity.path] = draw(within(quantity))
    if name == "background_donors":
        block["donor"] = "AUS"
    if name == "forums":
        del block["recipients"]  # a forum has members
        block["cancel"] = draw(st.sampled_from([[], ["lianyungang"]]))
    if name == "leahy":
        block["scope"] = draw(st.sampled_from(["none", "unit", "country"]))
    if name == "information":
        block["kind"] = draw(st.sampled_from(["evidence", "promotion", "attack"]))
    if start:
        block["start"] = date(2022 + (5 + start) // 12, (5 + start) % 12 + 1, 1)
    return block


@st.composite
def raw_scenarios(draw: st.DrawFn, levers: int = 3) -> dict[str, Any]:
    """Draw a scenario as nested tables, short enough to run many of."""
    blocks = draw(st.lists(lever_blocks(), max_size=levers))
    cuts = [b for b in blocks if b["lever"] == "cutoff"]
    blocks = [b for b in blocks if b["lever"] != "cutoff"] + cuts[:1]
    return BASE | {
        "events": [],
        "start": date(2022, draw(st.integers(6, 9)), 1),
        "months": draw(MONTHS),
        "parameters": draw(parameter_tables()),
        "policies": {f"lever_{i}": block for i, block in enumerate(blocks)},
    }


def scenarios() -> st.SearchStrategy[Scenario]:
    """Draw validated scenarios."""
    return raw_scenarios().map(parse)
