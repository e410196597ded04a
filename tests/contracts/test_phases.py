"""Every phase writes what it names, keeps ranges, and does the same when repeated."""

from dataclasses import fields

import numpy as np
import pytest
from busy import batch

from hedgerow.core.engine import Batch
from hedgerow.core.phases import PHASES
from hedgerow.core.world import VARIABLES, Agreement, Facts, Regime, World

RUNS, MONTHS = 3, 4
UNIT = (
    "alignment",
    "capability",
    "threat",
    "entanglement",
    "policing_model",
    "trust",
    "uptime",
    "sovereignty",
    "scope",
    "cut_training",
    "cut_equipment",
    "war",
)
NOT_NEGATIVE = (
    "help",
    "lock_in",
    "flagged",
    "centres",
    "welfare_loss",
    "pause_left",
    "recent",
    "pending",
    "request",
    "cut_left",
    "officers",
    "officer_weeks",
    "equipment_usd",
    "spent_usd",
    "meetings",
    "denied",
    "abuses",
    "belief_variance",
)
scenarios = pytest.mark.parametrize("name", ["baseline", "busy"])


def each_phase(made: Batch):
    """Yield month, phase and the world before it, the phase having just run."""
    for _ in range(MONTHS):
        month = made.month()
        for phase in PHASES:
            before = month.world.copy()
            phase.run(month)
            yield month, phase, before
        made.close(month)


def changed(before: World, after: World) -> set[str]:
    return {v for v in VARIABLES if not np.array_equal(getattr(before, v), getattr(after, v))}


@scenarios
def test_phases_change_only_what_they_name(name):
    for month, phase, before in each_phase(batch(name, RUNS)):
        assert changed(before, month.world) <= phase.writes, (month.index, phase.name)


def test_phases_name_only_what_they_change():
    seen = {phase.name: set() for phase in PHASES}
    made = batch("busy", RUNS)
    for _ in range(6):  # two years: the record's agreements are paused and resumed by then
        for month, phase, before in each_phase(made):
            seen[phase.name] |= changed(before, month.world)
    assert seen == {phase.name: set(phase.writes) for phase in PHASES}


def test_every_variable_is_written_by_some_phase():
    named = set().union(*(phase.writes for phase in PHASES))
    assert named <= set(VARIABLES)
    assert set(VARIABLES) - named == {"first_cover", "first_help"}  # laid down once, before the first month


def assert_ranges(world: World, units: float) -> None:
    for v in VARIABLES:
        assert np.all(np.isfinite(getattr(world, v))), v
    for v in UNIT:
        value = getattr(world, v)
        assert value.min() >= 0.0, v
        assert value.max() <= 1.0, v
    for v in NOT_NEGATIVE:
        assert getattr(world, v).min() >= 0.0, v
    assert world.crime.min() > 0.0
    assert world.flagged.max() <= units
    assert np.all(world.flagged == np.rint(world.flagged))
    assert set(np.unique(world.regime)) <= {int(r) for r in Regime}
    assert set(np.unique(world.agreement)) <= {int(a) for a in Agreement}


@scenarios
def test_ranges_hold_after_every_phase(name):
    made = batch(name, RUNS)
    units = made.scene.parameters.vetting.units.item(0)
    shapes = {v: (getattr(made.world, v).shape, getattr(made.world, v).dtype) for v in VARIABLES}
    for month, _, _ in each_phase(made):
        assert_ranges(month.world, units)
        now = {v: (getattr(month.world, v).shape, getattr(month.world, v).dtype) for v in VARIABLES}
        assert now == shapes


@scenarios
def test_nothing_that_changes_shares_memory_with_the_facts(name):
    made = batch(name, RUNS)
    known = {f.name: getattr(made.world.facts, f.name) for f in fields(Facts)}
    first = {n: value.copy() for n, value in known.items()}
    for month, phase, _ in each_phase(made):
        assert month.world.facts is made.first.facts
        for v in VARIABLES:
            value = getattr(month.world, v)
            shared = [n for n, fact in known.items() if np.may_share_memory(value, fact)]
            assert not shared, (phase.name, v, shared)
    assert all(np.array_equal(known[n], first[n]) for n in known)


def test_the_first_state_is_kept_apart():
    made = batch("busy", RUNS)
    first = made.first.copy()
    for month, _, _ in each_phase(made):
        for v in VARIABLES:
            assert not np.may_share_memory(getattr(made.first, v), getattr(month.world, v)), v
    assert not changed(first, made.first)


@scenarios
def test_a_repeat_is_the_same_to_the_last_bit(name):
    one, two = batch(name, RUNS, MONTHS), batch(name, RUNS, MONTHS)
    assert not changed(one.world, two.world)
    first, second = one.outcomes(), two.outcomes()
    assert first.keys() == second.keys()
    assert all(np.array_equal(first[k], second[k]) for k in first)


@scenarios
def test_names_of_outcomes_do_not_depend_on_what_happened(name):
    before, after = batch(name, 1).outcomes(), batch(name, 1, MONTHS).outcomes()
    assert list(before) == list(after)
    for key, value in (before | after).items():
        assert value.shape == (1,), key
        assert value.dtype == np.float64, key
        assert np.isfinite(value).all(), key


def test_the_busy_scenario_is_busy():
    made = batch("busy", RUNS, 12)
    out = {k: v.sum() for k, v in made.outcomes().items()}
    for name in (
        "officers_denied_USA",
        "cut_offs",
        "exposures",
        "pushbacks",
        "abuses",
        "welfare_loss",
        "officers_CHN",
        "equipment_usd_USA",
        "meetings_CHN_MPS",
        "sidelines_CHN",
    ):
        assert out[name] > 0, name


def test_peers_organisations_and_donors_receive_nothing():
    world = batch("busy", RUNS, MONTHS).world
    others = ~world.states
    for v in ("officers", "equipment_usd", "denied", "help", "supports"):
        assert not getattr(world, v)[..., others].any(), v
    assert np.array_equal(
        world.alignment[..., others], np.broadcast_to(world.facts.alignment, world.alignment.shape)[..., others]
    )
