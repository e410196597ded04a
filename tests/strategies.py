"""Hypothesis strategies: scenarios drawn from the whole space that a file may describe, lever by lever.

A lever's fields are drawn as its class declares them, so a new lever is drawn without a word here; only what a
field's type does not tell stands in :data:`OWN`. :class:`Seen` counts which rules the examples of a property
put to work, so that a property that holds because nothing happens fails.
"""

from collections import Counter
from collections.abc import Callable, Collection
from datetime import date
from typing import Any, Literal, get_args, get_origin

from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic.fields import FieldInfo

from hedgerow.core.levers import LEVERS, names_what
from hedgerow.core.numbers import Quantity, quantities
from hedgerow.core.parameters import Parameters
from hedgerow.core.world import Agreement, World
from hedgerow.scenario.find import find
from hedgerow.scenario.load import merged, overlay, parse
from hedgerow.scenario.schema import Scenario

MONTHS = st.integers(2, 6)
SELECTORS = st.sampled_from(
    ["all", "all", "region:Africa", "org:asean", "polyarchy < 0.4", ["KEN", "ETH"], ["VNM", "region:Oceania"]]
)
BASE = merged(find("baseline-2022-25"))
DONORS = st.sampled_from(sorted(BASE["donors"]))
NUMBERS = list(quantities(Parameters))
RESTRAINTS = ("leahy", "cutoff") * 3
"""Levers drawn more often than others: most of what donors hold back rests on their numbers and recipients too."""
EVENTS = ("war", "peace", "leadership_change", "agreement", "pause", "resume", "exposure")


class Seen:
    """Counts the examples of a property, and in how many of them something came into play."""

    def __init__(self) -> None:
        self.examples, self.counts = 0, Counter[str]()

    def note(self, **happened: bool) -> None:
        self.examples += 1
        self.counts.update(name for name, did in happened.items() if did)

    def at_work(self, first: World, last: World) -> None:
        """Note which of the rules that only some scenarios put to work were at work in a run."""
        self.note(
            flagged=first.flagged.any(),
            blocked=last.denied.any(),
            cut=last.cut_equipment.any(),
            paused=(last.agreement == Agreement.PAUSED).any(),
        )

    def assert_shares(self, **least: float) -> None:
        """Fail unless each thing came into play in at least its share of the examples, and in one."""
        shares = {name: self.counts[name] / max(self.examples, 1) for name in least}
        assert all(shares[name] >= share and shares[name] > 0 for name, share in least.items()), shares


def examples(share: float = 1.0) -> settings:
    """Return settings for a share of the profile's examples, for properties whose examples cost more."""
    return settings(max_examples=max(1, round(settings.default.max_examples * share)))


def over(*drawn: st.SearchStrategy[Any], share: float = 1.0, **least: float) -> Callable[..., Callable[[], None]]:
    """Turn a property of :class:`Seen` and of what is drawn into a test over a share of the profile's examples.

    ``least`` are the shares of the examples in which something must have come into play.
    """

    def test_of(holds: Callable[..., None]) -> Callable[[], None]:
        def test() -> None:
            seen = Seen()

            @examples(share)
            @given(st.tuples(*drawn))
            def example(values: tuple[Any, ...]) -> None:
                holds(seen, *values)

            example()
            seen.assert_shares(**least)

        test.__name__, test.__doc__ = holds.__name__, holds.__doc__
        return test

    return test_of


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
    """Draw a handful of parameters, anywhere in their ranges, and how many units are flagged at the start."""
    chosen = draw(st.lists(st.sampled_from(NUMBERS), max_size=6, unique_by=lambda q: q.path))
    table = nested("start.flagged_share", draw(st.floats(0.3, 1) | st.floats(0, 1)))
    for quantity in chosen:
        table = overlay(table, nested(quantity.path, draw(within(quantity))))
    return table


FORUM = st.fixed_dictionaries(
    {"name": st.just("A new forum"), "members": SELECTORS, "months": st.just(list(range(1, 13)))},
    optional={"organiser": DONORS, "appeal": st.floats(-4, 4), "signs": st.booleans()},
)
OWN: dict[str, st.SearchStrategy[Any]] = {
    "recipients": SELECTORS,
    "rivals": st.lists(DONORS, unique=True),
    "pledges": st.lists(st.fixed_dictionaries({"recipients": SELECTORS, "officers": st.floats(0, 50_000)}), max_size=2),
    "create": st.dictionaries(st.just("new"), FORUM),
    "strengthen": st.dictionaries(st.sampled_from(sorted(BASE["forums"].keys() - {"lianyungang"})), st.floats(-4, 4)),
}
"""How a lever's field is drawn whose type does not say what it may hold."""


NAMED = {"donor": DONORS, "country": st.sampled_from(["AUS", "JPN"]), "forum": st.sampled_from([[], ["lianyungang"]])}
"""What a field may hold that names donors, countries or forums."""


def values(name: str, field: FieldInfo) -> st.SearchStrategy[Any]:
    """Draw what a lever's field may hold by its type, or as :data:`OWN` says."""
    if name in OWN or names_what(field):
        return OWN[name] if name in OWN else NAMED[names_what(field)]
    if field.annotation is bool:
        return st.booleans()
    inner = get_args(field.annotation)
    if get_origin(field.annotation) is Literal:
        return st.sampled_from(inner)
    return st.lists(st.sampled_from(get_args(inner[0])), min_size=1, unique=True)


def months_on(start: date, months: int) -> date:
    """Return the first of a month some months later."""
    number = start.month - 1 + months
    return date(start.year + number // 12, number % 12 + 1, 1)


@st.composite
def lever_blocks(draw: st.DrawFn, names: Collection[str] = tuple(LEVERS), start: date | None = None) -> dict[str, Any]:
    """Draw one lever with some or all of its fields, and a start where one is given."""
    name = draw(st.sampled_from(sorted(names)))
    lever, sparse = LEVERS[name], draw(st.integers(0, 3)) == 0
    numbers = {quantity.path: within(quantity) for quantity in quantities(lever)}
    block: dict[str, Any] = {"lever": name}
    for key, field in lever.model_fields.items():
        if key not in ("lever", "start", "end", "rival") and (field.is_required() or not sparse or draw(st.booleans())):
            block[key] = draw(numbers[key] if key in numbers else values(key, field))
    if not lever.aimed:
        block.pop("recipients", None)
    if "rival" in lever.model_fields and "donor" in block:
        block["rival"] = next(code for code in BASE["donors"] if code != block["donor"])
    return block if start is None else block | {"start": start}


@st.composite
def events(draw: st.DrawFn, start: date, months: int) -> dict[str, Any]:
    """Draw a dated event of a scenario."""
    return {
        "month": months_on(start, draw(st.integers(0, months - 1))),
        "kind": draw(st.sampled_from(EVENTS)),
        "recipients": draw(SELECTORS),
        "donor": draw(st.just("") | DONORS),
        "size": draw(st.floats(0, 5)),
    }


def alone(block: dict[str, Any], others: Collection[dict[str, Any]]) -> bool:
    """Say whether no other policy contradicts one: cuts may not overlap, nor a forum be created twice."""
    return not any(
        (block["lever"] == other["lever"] == "cutoff") or (block.get("create") and other.get("create")) for other in others
    )


@st.composite
def raw_scenarios(draw: st.DrawFn, levers: int = 6, last: str = "") -> dict[str, Any]:
    """Draw a scenario as nested tables, short enough to run many of, whose last policy may be of a given lever."""
    names = draw(st.lists(st.sampled_from([*LEVERS, *RESTRAINTS]), min_size=levers // 2, max_size=levers, unique=True))
    again = draw(st.lists(st.sampled_from(names), max_size=1)) if names else []  # the later holds
    blocks = [draw(lever_blocks([name])) for name in (*names, *again, *([last] if last else []))]
    policies = {f"lever_{i}": block for i, block in enumerate(blocks) if alone(block, blocks[i + 1 :])}
    start, months = date(2022, draw(st.integers(6, 9)), 1), draw(MONTHS)
    return BASE | {
        "start": start,
        "months": months,
        "events": draw(st.lists(events(start, months), max_size=2)),
        "parameters": draw(parameter_tables()),
        "policies": policies,
    }


def scenarios() -> st.SearchStrategy[Scenario]:
    """Draw validated scenarios."""
    return raw_scenarios().map(parse)
