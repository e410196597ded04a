"""Shipped scenarios give what they gave: a changed decision shows, a processor's last digit not."""

import json

import pytest

from hedgerow.scenario.find import names
from tests.golden.summary import path, summarise


@pytest.mark.parametrize("name", names())
def test_outcomes_are_those_on_record(name) -> None:
    recorded = json.loads(path(name).read_text(encoding="utf-8"))
    found = summarise(name)
    assert list(found) == list(recorded)
    for outcome, values in recorded.items():
        if all(float(v).is_integer() for v in values):
            assert found[outcome] == values, outcome
        else:
            assert found[outcome] == pytest.approx(values, rel=1e-7, abs=1e-12), outcome


def test_every_record_belongs_to_a_scenario() -> None:
    assert {p.stem for p in path("x").parent.glob("*.json")} == set(names())
