"""What must hold of every lever: null is nothing, no sign coded in, monotone where it must be."""

from typing import Any

import numpy as np
import pytest
from hypothesis import strategies as st

from hedgerow.core.engine import Batch
from hedgerow.core.levers import LEVERS
from hedgerow.core.rules.vetting import leahy_block
from hedgerow.core.scene import Situation
from hedgerow.data.load import countries
from hedgerow.data.select import pick
from hedgerow.scenario.load import overlay, parse
from hedgerow.scenario.place import place
from hedgerow.scenario.schema import Scenario
from tests.properties.test_runs import same, simulate
from tests.strategies import BASE, Seen, over, raw_scenarios

QUIET = BASE | {"events": [], "months": 6}


def tables_equal(one: Batch, other: Batch) -> None:
    for name, values in one.panel.values.items():
        np.testing.assert_array_equal(values, other.panel.values[name], name)
    for table, columns in one.ledger.tables().items():
        for name, values in columns.items():
            np.testing.assert_array_equal(values, other.ledger.tables()[table][name], name)


def with_lever(lever: str, **keys: Any) -> Scenario:
    return parse(overlay(QUIET, {"policies": {"tried": {"lever": lever, **keys}}}))


@pytest.fixture(scope="module")
def plain() -> Batch:
    return simulate(parse(QUIET), [0, 1])


@pytest.mark.parametrize("lever", LEVERS)
def test_a_lever_at_its_null_value_changes_nothing(plain, lever) -> None:
    tables_equal(plain, simulate(with_lever(lever, **LEVERS[lever].null), [0, 1]))


SIGNS = {
    "cutoff": {"probability": 0.5, "threshold": 0.1, "depth": 1.0},
    "gap_fill": {"share": 0.4},
    "information": {"intensity": 2.0, "credibility": 1.0},
    "leahy": {"scope": "country", "strictness": 1.0},
}
GRATEFUL = {"donors": {"USA": {"response": 0.05}, "CHN": {"response": 0.05}}}
RESENTFUL = {"donors": {"USA": {"response": -0.01}, "CHN": {"response": -0.01}}}
DRAWS = [
    GRATEFUL | {"parameters": {"alignment": {"cut_off": 0.0}}},
    RESENTFUL | {"parameters": {"alignment": {"cut_off": 0.0}}},
    {
        "donors": {"USA": {"response": 0.01}, "CHN": {"response": 0.01, "quality": 0.9}},
        "parameters": {"acceptance": {"gap": 4.0}},
    },
    {
        "donors": {"USA": {"response": 0.01}, "CHN": {"response": 0.05, "quality": 0.05}},
        "parameters": {"acceptance": {"gap": 4.0, "deterrence": 4.0}},
    },
]


@pytest.mark.parametrize("lever", SIGNS)
def test_draws_inside_the_ranges_give_either_sign(lever) -> None:
    effects = []
    for draw in DRAWS:
        raw = overlay(QUIET | {"months": 18}, draw)
        tried = {"policies": {"tried": {"lever": lever, **SIGNS[lever]}}}
        pair = [simulate(parse(r), [0, 1, 2]) for r in (raw, overlay(raw, tried))]
        before, after = (b.outcomes()["alignment_shift_difference"] for b in pair)
        effects.append(float((after - before).mean()))
    assert min(effects) < 0 < max(effects), effects


@over(st.floats(1.2, 6), st.integers(0, 50), share=0.25, more=0.9)
def test_more_seats_offered_never_lowers_seats_delivered(seen: Seen, times: float, seed: int) -> None:
    few, many = (simulate(with_lever("budget", donor="USA", training=t), [0, 1], seed) for t in (1.0, times))
    less, more = few.outcomes()["officers_USA"], many.outcomes()["officers_USA"]
    seen.note(more=bool((more > less).any()))
    assert (more >= less).all()


@over(st.floats(0, 1), st.floats(0, 1), st.sampled_from(["unit", "country"]), st.floats(0, 1), share=0.5, blocked=0.5)
def test_stricter_vetting_never_lets_more_through_to_flagged_units(
    seen: Seen, one: float, other: float, scope: str, flagged: float
) -> None:
    law = {"lever": "leahy", "scope": scope}
    raw = overlay(QUIET, {"policies": {"leahy": law}, "parameters": {"start": {"flagged_share": flagged}}})
    scenario, shares = parse(raw), []
    for strictness in sorted((one, other)):
        lever = scenario.policies["leahy"].model_copy(update={"strictness": strictness})
        scene, world = place([scenario.model_copy(update={"policies": {"leahy": lever}})])
        shares.append(leahy_block(Situation(world, scene, 0, np.zeros((1, 4, world.rows))), 1))
    seen.note(blocked=bool(shares[1].any()))
    assert (shares[1] >= shares[0]).all()


@over(raw_scenarios(), share=2.0, **dict.fromkeys(LEVERS, 0.01))
def test_every_lever_is_drawn(seen: Seen, raw: dict[str, Any]) -> None:
    drawn = {block["lever"] for block in raw["policies"].values()}
    seen.note(**{name: name in drawn for name in LEVERS})


@pytest.mark.parametrize("lever", LEVERS)
def test_a_lever_drawn_makes_a_difference(lever: str) -> None:
    """With whatever else is in force every lever acts in some of its examples, most in nearly all."""

    @over(raw_scenarios(2, last=lever), share=0.3, acts=0.01)
    def drawn(seen: Seen, raw: dict[str, Any]) -> None:
        tried = parse(raw)
        usual = tried.model_copy(update={"policies": dict(list(tried.policies.items())[:-1])})
        seen.note(acts=not same(*(simulate(scenario, [0]).world for scenario in (usual, tried))))

    drawn()


def test_a_cancelled_forum_has_no_attendance() -> None:
    batch = simulate(with_lever("forums", cancel=["lianyungang"]), [0, 1])
    table = batch.ledger.tables()["forums"]
    assert "lianyungang" not in set(table["forum"])
    assert "lianyungang" not in set(batch.ledger.tables()["meetings"]["forum"])
    assert "lianyungang" in set(simulate(parse(QUIET), [0]).ledger.tables()["forums"]["forum"])


def test_a_created_forum_is_held_and_a_strengthened_one_draws_more() -> None:
    new = {"name": "x", "organiser": "CHN", "members": "org:celac", "months": [7], "appeal": 4.0}
    held = simulate(with_lever("forums", create={"celac": new}), [0]).ledger.tables()["forums"]
    assert (held["forum"] == "celac").sum() > 20
    usual = simulate(parse(QUIET), [0, 1]).outcomes()["attendance"]
    more = simulate(with_lever("forums", strengthen={"lianyungang": 2.0}), [0, 1])
    assert (more.outcomes()["attendance"] > usual).all()


def sums(rho: float) -> np.ndarray:
    batch = simulate(with_lever("forced_choice", rho=rho), [0, 1])
    states = batch.world.states
    return (batch.world.alignment - batch.first.alignment).sum(axis=1)[:, states]


def test_forced_choice_is_zero_sum_and_hybrid_alignment_is_not() -> None:
    np.testing.assert_allclose(sums(-1.0), 0.0, atol=1e-12)
    assert np.abs(sums(0.0)).max() > 0.01


def test_affordable_technology_supplies_systems_to_its_recipients_alone() -> None:
    aimed = {"packages": 400.0, "ramp": 1.0, "recipients": "region:Oceania"}
    usual, more = (
        simulate(s, [0, 1]).ledger.tables()["equipment"] for s in (parse(QUIET), with_lever("tech_alternative", **aimed))
    )
    oceania = pick("region:Oceania", countries())
    codes = set(countries().index[oceania])

    def systems(table, inside: bool) -> int:
        there = np.array([(code in codes) == inside for code in table["recipient"]])
        mine = (table["donor"] == "USA") & (table["kind"] == "surveillance")
        return int((mine & there).sum())

    assert systems(more, True) > systems(usual, True) + 50
    assert systems(more, False) == systems(usual, False)


def test_forced_choice_binds_only_whom_it_names(plain) -> None:
    forced = simulate(with_lever("forced_choice", rho=-1.0, recipients=["KEN"]), [0, 1])
    one, other = (b.panel.values["alignment_CHN"][0] for b in (plain, forced))
    assert ((one != other).sum(axis=1) <= 1).all()
