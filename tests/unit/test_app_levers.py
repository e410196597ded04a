"""What can be moved: every lever has its place, every number its range and origin."""

import tomllib

import pytest

from hedgerow.app.lab.control import about
from hedgerow.app.lab.levers import assumptions, blocks
from hedgerow.app.lab.pair import opened, resolve
from hedgerow.app.lab.values import toml
from hedgerow.app.lab.whatif import WhatIf
from hedgerow.app.settings import Limits
from hedgerow.core.levers import LEVERS
from hedgerow.core.numbers import is_number
from hedgerow.scenario.find import names
from hedgerow.scenario.load import load


@pytest.mark.parametrize("name", names())
def test_every_policy_of_a_scenario_has_a_block_and_every_lever_one(name: str) -> None:
    scenario = load(name)
    found = blocks(scenario, scenario)
    assert {b.name for b in found} >= set(scenario.policies)
    assert {b.lever for b in found} == set(LEVERS)
    assert len({b.name for b in found}) == len(found)


def test_every_number_of_a_lever_is_a_control_with_its_range_and_origin() -> None:
    scenario = load("gap-fill-plus-tech")
    for block in blocks(scenario, scenario):
        numbers = {k for k, f in LEVERS[block.lever].model_fields.items() if is_number(f)}
        mine = {c.key.rpartition(".")[2]: c for c in block.controls if c.kind == "number"}
        assert set(mine) == numbers
        for control in mine.values():
            assert control.low < control.high
            assert 0 < control.step <= (control.high - control.low) / 20
            assert control.unit
            assert control.source
            assert f"From {control.low:g} to {control.high:g}" in about(control)[0]


def test_taking_up_a_policy_moves_no_block() -> None:
    usual = load("leahy-off")
    asked = WhatIf("leahy-off").with_change("policies.gap_fill.share", "0.3")
    changed = resolve(asked, Limits()).variant
    before, after = blocks(usual, usual), blocks(changed, usual)
    assert [b.name for b in before] == [b.name for b in after]
    assert [b.name for b in after if b.pursued] != [b.name for b in before if b.pursued]


@pytest.mark.parametrize("lever", ["cutoff", "information", "service_centres", "illicit"])
def test_each_control_of_a_policy_nobody_pursues_can_be_set(lever: str) -> None:
    usual = load("baseline-2022-25")
    block = next(b for b in blocks(usual, usual) if b.name == lever)
    assert not block.pursued
    for control in block.controls:
        value = control.high if control.kind == "number" else None
        if value is not None:
            asked = WhatIf().with_change(control.key, toml(float(value)))
            field = control.key.rpartition(".")[2]
            assert getattr(opened(asked, asked.settings).policies[lever], field) == value


def test_assumptions_are_all_numbers_of_rules_and_donors() -> None:
    scenario = load("baseline-2022-25")
    found = {c.key: c for c in assumptions(scenario, scenario)}
    assert found["parameters.alignment.reversion"].value == 0.02
    assert found["donors.USA.response"].label == "United States: response"
    assert all(c.low <= c.value <= c.high for c in found.values())


@pytest.mark.parametrize("value", [True, 0.25, 3, 'a "b"\n', ["x", 1.5], 1e-7])
def test_values_are_written_as_toml_reads_them(value: object) -> None:
    assert tomllib.loads(f"v = {toml(value)}")["v"] == value
