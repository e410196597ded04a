"""Numbers know their unit, range, status and origin, and stack into columns."""

from functools import cache
from typing import get_args

import numpy as np
import pytest
from pydantic import Field, ValidationError

from hedgerow.core.donors import Donor, Forum, Tier, Training
from hedgerow.core.levers import LEVERS, Leahy, Pledge
from hedgerow.core.numbers import Family, MixedStructureError, Number, Status, columns, number, quantities
from hedgerow.core.parameters import Demand, Parameters
from hedgerow.core.scene import Event
from hedgerow.scenario.load import load
from hedgerow.scenario.schema import Scenario

FAMILIES = (Parameters, Donor, Forum, Tier, Event, Pledge, *LEVERS.values())


class Small(Family):
    """A family for these tests."""

    name: str = "x"
    rate: Number = number(1, 0, 2, "a month", "assumption: test")
    fixed: Number = number(3, 0, 9, "months", "source: test", varies=False)
    silent: Number | None = number(None, 0, 1, "share", "source: test")
    demand: Demand = Demand()
    weights: dict[str, float] = Field(default_factory=dict)
    tiers: tuple[Tier, ...] = ()


@cache
def baseline() -> Scenario:
    return load("baseline-2022-25")


def tier(slots: float) -> Tier:
    return Tier(body="MPS", tier="minister", slots=slots)


def test_columns_stack_one_value_a_run():
    stacked = columns(
        [
            Small(rate=0.5, demand=Demand(base=0.5), tiers=(tier(1), tier(2)), weights={"a": 1.0}),
            Small(rate=2, demand=Demand(base=0.7), tiers=(tier(3), tier(4)), weights={"a": 1.0}),
        ]
    )
    assert stacked.rate.tolist() == [[0.5], [2.0]]
    assert stacked.rate.dtype == np.float64
    assert stacked.demand.base.tolist() == [[0.5], [0.7]]
    assert [t.slots.tolist() for t in stacked.tiers] == [[[1.0], [3.0]], [[2.0], [4.0]]]
    assert (stacked.name, stacked.fixed, stacked.silent) == ("x", 3, None)
    assert stacked.weights == {"a": 1.0}


def test_columns_of_one_run_and_of_silence_broken():
    assert columns([Small()]).rate.tolist() == [[1.0]]
    spoken = columns([Small(silent=0.2), Small(silent=0.4)])
    assert spoken.silent.tolist() == [[0.2], [0.4]]


@pytest.mark.parametrize(
    ("other", "path"),
    [
        ({"name": "y"}, "name"),
        ({"fixed": 4}, "fixed"),
        ({"silent": 0.5}, "silent"),
        ({"weights": {"a": 1.0}}, "weights"),
        ({"tiers": (tier(1),)}, "tiers"),
    ],
)
def test_columns_refuse_runs_that_differ_in_more_than_numbers(other, path):
    with pytest.raises(MixedStructureError, match=rf"^{path}: "):
        columns([Small(), Small(**other)])


def test_columns_refuse_differences_deep_inside():
    one = Small(tiers=(tier(1),))
    two = Small(tiers=(Tier(body="MSS", tier="minister"),))
    with pytest.raises(MixedStructureError, match=r"^tiers\.body: "):
        columns([one, two])
    with pytest.raises(MixedStructureError, match=r"^weights\.a: "):
        columns([Small(weights={"a": 1.0}), Small(weights={"a": 2.0})])


@pytest.mark.parametrize("rate", [-0.1, 2.1, float("nan"), float("inf"), "1", None])
def test_numbers_refuse_what_lies_outside_their_range(rate):
    with pytest.raises(ValidationError):
        Small(rate=rate)


def test_families_refuse_unknown_keys_and_changes():
    with pytest.raises(ValidationError, match="extra"):
        Small(rat=1.0)
    small = Small()
    with pytest.raises(ValidationError, match="frozen"):
        small.rate = 0.5


def test_quantities_list_paths_defaults_and_values():
    found = {q.path: q for q in quantities(Small)}
    assert list(found)[:3] == ["rate", "fixed", "silent"]
    assert found["demand.base"].default == Demand().base
    assert found["silent"].default is None
    assert (found["rate"].low, found["rate"].high, found["rate"].unit) == (0.0, 2.0, "a month")
    assert {q.path: q.default for q in quantities(Small(rate=0.5))}["rate"] == 0.5
    assert next(quantities(Small, "a.b")).path == "a.b.rate"


@pytest.mark.parametrize("family", FAMILIES, ids=lambda f: f.__name__)
def test_every_number_has_a_unit_a_status_a_source_and_a_default_in_range(family):
    for q in quantities(family):
        assert q.unit.strip(), q.path
        assert q.source.strip(), q.path
        assert q.status in get_args(Status), q.path
        assert q.low < q.high, q.path
        assert q.default is None or q.low <= q.default <= q.high, q.path


def test_quantities_miss_no_float():
    for family in (Parameters, Training, Leahy):
        listed = {q.path for q in quantities(family)}
        dumped = family().model_dump()
        assert listed == {path for path, value in _leaves(dumped) if path in listed or _real(value)}
    assert len(list(quantities(Parameters))) > 100


def _leaves(tree, prefix=""):
    for key, value in tree.items():
        path = f"{prefix}.{key}" if prefix else key
        if isinstance(value, dict):
            yield from _leaves(value, path)
        else:
            yield path, value


def _real(value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


@pytest.mark.parametrize("code", ["CHN", "USA"])
def test_a_donors_own_numbers_are_explained(code):
    donor = baseline().donors[code]
    plain = {q.path: q.default for q in quantities(Donor)}
    own = [q.path for q in quantities(donor) if q.default != plain[q.path]]
    own += [f"tiers.{t}.{q.path}" for t, tier_ in enumerate(donor.tiers) for q in quantities(tier_)]
    assert own
    unexplained = [p for p in own if not _explained(p, donor.origin)]
    assert not unexplained


def _explained(path: str, origin: dict[str, str]) -> bool:
    parts = path.split(".")
    return any(origin.get(".".join(parts[: i + 1]), "").strip() for i in range(len(parts)))


@pytest.mark.parametrize("code", ["CHN", "USA"])
def test_origins_speak_of_settings_that_exist(code):
    donor = baseline().donors[code]
    for key in donor.origin:
        target = donor
        for part in key.split("."):
            assert part in type(target).model_fields, key
            target = getattr(target, part)


def test_the_baseline_stacks():
    batch = columns([baseline()] * 3)
    assert batch.parameters.demand.base.shape == (3, 1)
    assert batch.donors["CHN"].training.officers.tolist() == [[2600.0]] * 3
