"""Outcomes of a run, by hand: from the first state, the last state and the counts kept on the way."""

import numpy as np
import pytest
from tiny import numbers, one, tiny

from hedgerow.core import metrics
from hedgerow.core.outcomes import outcomes
from hedgerow.core.world import Agreement, Kind

TIER = {"body": "MPS", "tier": "minister", "slots": 1.0}
ROWS = 7
"""Three states to tell apart, one more in each other region, and a peer, which counts nowhere."""
FACTS = {
    "fact_population": [1.0, 2.0, 5.0, 0.0, 0.0, 0.0, 9.0],
    "fact_gdp_usd": [3.0, 1.0, 1.0, 0.0, 0.0, 0.0, 9.0],
    "fact_vote": [0.0, 1.0, 1.0, 0.0, 0.0, 0.0, 9.0],
    "fact_region": [0, 1, 1, 2, 3, 4, 0],
    "fact_kind": [Kind.STATE] * 6 + [Kind.PEER],
}


def by_row(*three: float, rest: float = 0.0, peer: float = 0.0) -> list[float]:
    return [*three, rest, rest, rest, peer]


def ended(tally=None, **last) -> dict[str, float]:
    """Return the outcomes of a run of two donors that began plain and ended as told."""
    before, after = (tiny(ROWS, [{"tiers": (TIER,)}, {}], **FACTS, **state) for state in ({}, last))
    kept = {name: np.array([float(count)]) for name, count in (tally or {}).items()}
    found = outcomes(before.scene, before.world, after.world, kept)
    assert {v.shape for v in found.values()} == {(1,)}
    return {name: value.item() for name, value in found.items()}


def test_a_shift_is_weighed_by_what_its_name_says():
    up = by_row(0.6, 0.5, 0.8, rest=0.5), by_row(0.5, 0.7, 0.5, rest=0.5)
    got = ended(alignment=[*up])  # up 0.1, 0 and 0.3; and 0, 0.2 and 0
    assert got["alignment_AAA"] == pytest.approx(3.4 / 6)
    assert got["alignment_shift_AAA"] == pytest.approx(0.4 / 6)
    assert got["alignment_shift_AAA_by_population"] == pytest.approx((0.1 + 1.5) / 8)
    assert got["alignment_shift_AAA_by_gdp"] == pytest.approx((0.3 + 0.3) / 5)
    assert got["alignment_shift_AAA_by_vote"] == pytest.approx(0.3 / 2)
    assert got["alignment_shift_AAA_in_africa"] == pytest.approx(0.1)
    assert got["alignment_shift_AAA_in_americas"] == pytest.approx(0.15)
    assert got["alignment_shift_BBB_by_population"] == pytest.approx(0.4 / 8)
    assert got["alignment_shift_BBB_by_gdp"] == pytest.approx(0.2 / 5)
    assert got["alignment_shift_BBB_by_vote"] == pytest.approx(0.2 / 2)
    for weight in ("", *metrics.BY, *metrics.IN):
        shift = [got[f"alignment_shift_{code}{weight}"] for code in ("AAA", "BBB")]
        assert got[f"alignment_shift_difference{weight}"] == pytest.approx(shift[0] - shift[1])


def test_help_is_summed_and_what_it_brought_set_against_it():
    active, paused, none = Agreement.ACTIVE, Agreement.PAUSED, Agreement.NONE
    got = ended(
        alignment=[by_row(0.6, 0.5, 0.7, rest=0.5), [0.5] * ROWS],
        officers=[by_row(10, 0, 20), by_row(0, 0, 0)],
        officer_weeks=[by_row(25, 0, 50), by_row(1, 1, 2)],
        denied=[by_row(0, 3, 4), by_row(0, 0, 0)],
        equipment_usd=[by_row(0, 1e6, 0), by_row(0, 0, 0)],
        spent_usd=[by_row(1e6, 1e6, 1e6), by_row(0, 0, 0)],
        lock_in=[by_row(0.3, 0.0, 0.6, peer=9.0), by_row(0, 0, 0)],
        agreement=[by_row(active, paused, active, rest=none, peer=active), [none] * ROWS],
        supports=[by_row(1, 0, 0, peer=1), by_row(0, 0, 0)],
    )
    wanted = {
        "officers": 30.0,
        "officer_weeks": 75.0,
        "officers_denied": 7.0,
        "equipment_usd": 1e6,
        "spent_usd": 3e6,
        "alignment_per_million_usd": 0.1,  # 0.1 + 0.2 for three millions
        "alignment_per_officer": 0.01,
        "lock_in": 0.15,
        "active_agreements": 2.0,
        "statements": 1.0,
    }
    assert {name: got[f"{name}_AAA"] for name in wanted} == pytest.approx(wanted)
    assert got["officer_weeks_BBB"] == 4.0
    assert got["alignment_per_million_usd_BBB"] == got["alignment_per_officer_BBB"] == 0.0  # nothing spent


def test_every_state_has_one_posture():
    ours = one(0.6, 0.55, 0.45, 0.2, 0.9, 0.1)
    theirs = one(0.8, 0.46, 0.5, 0.45, 0.4, 0.9)
    got = metrics.postures(np.stack([ours, theirs], axis=1), np.array([True] * 6))
    # close to both; within a tenth, twice; close to neither; and one to each
    assert {k: v.item() for k, v in got.items()} == pytest.approx(
        {"hybrid": 1 / 6, "hedger": 2 / 6, "disengaged": 1 / 6, "first": 1 / 6, "second": 1 / 6}
    )
    shares = ended(alignment=[by_row(0.6, 0.9, 0.1, rest=0.9), by_row(0.8, 0.1, 0.9, rest=0.1)])
    found = [shares[f"share_{p}"] for p in ("hybrid", "leaning_AAA", "leaning_BBB")]
    assert found == pytest.approx([1 / 6, 4 / 6, 1 / 6])


def test_meetings_are_counted_and_how_they_gather_on_few():
    tally = {"meetings AAA": 9, "meetings AAA sideline": 2, "meetings AAA forum": 1, "meetings AAA body:MPS": 7}
    got = ended(tally, meetings=[by_row(6, 0, 2, rest=1), by_row(0, 0, 0)])
    wanted = {
        "meetings": 9.0,
        "sidelines": 2.0,
        "multilaterals": 1.0,
        "bilaterals": 11.0,
        "partners": 5.0,
        "top_five_share": 1.0,
        "meeting_gini": (1 * (-2 + 0 + 2) + 2 * 4 + 6 * 6) / (11 * 7),  # 0, 0, 1, 1, 1, 2, 6 by rank
    }
    assert {name: got[f"{name}_AAA"] for name in wanted} == pytest.approx(wanted)
    assert got["meetings_AAA_MPS"] == 7.0
    assert got["partners_BBB"] == got["top_five_share_BBB"] == got["meeting_gini_BBB"] == 0.0
    spread = ended(meetings=[by_row(1, 1, 1, rest=1, peer=1), by_row(0, 0, 0)])
    assert spread["top_five_share_AAA"] == pytest.approx(5 / 7)
    assert spread["top_thirteen_share_AAA"] == 1.0


def test_gini_by_hand():
    assert metrics.gini(one(2, 2, 2)).item() == 0.0
    assert metrics.gini(one(0, 0, 3)).item() == pytest.approx(2 / 3)
    assert metrics.gini(one(0, 0, 0)).item() == 0.0


def test_conditions_are_changes_over_states_and_counts_of_the_way():
    tally = {
        "forums invited": 8,
        "forums attended": 6,
        "forums signed": 5,
        "incidents pushback": 4,
        "incidents cut_off": 3,
        "incidents exposure": 2,
    }
    usual = by_row(0.4, 0.4, 0.4, rest=0.4)
    got = ended(
        tally,
        capability=[by_row(0.5, 0.4, 0.4, rest=0.4, peer=9), usual, usual, by_row(0.4, 0.4, 0.6, rest=0.4)],
        crime=by_row(1.3, 1.0, 1.0, rest=1.0, peer=9.0),
        policing_model=by_row(0.5, 0.2, 0.5, rest=0.5, peer=9.0),
        entanglement=by_row(0.2, 0.2, 0.5, rest=0.2, peer=9.0),
        abuses=by_row(1, 2, 0),
        flagged=by_row(1, 0, 3, peer=9),
        welfare_loss=by_row(0.5, 0.0, 0.25),
    )
    wanted = {
        "capability_change": 0.3 / 4 / 6,
        "crime_change": 0.05,
        "policing_model_change": -0.05,
        "entanglement_change": 0.05,
        "voting_movement": 0.0,
        "attendance": 0.75,
        "signatures": 5.0,
        "pushbacks": 4.0,
        "cut_offs": 3.0,
        "exposures": 2.0,
        "abuses": 3.0,
        "flagged_units": 4.0,
        "welfare_loss": 0.75,
    }
    assert {name: got[name] for name in wanted} == pytest.approx(wanted)


def test_votes_move_as_alignment_rises_towards_a_donors_point():
    poles = [by_row(1.0, 1.0, 1.0, rest=1.0), by_row(0, 0, 0)]
    before, after = (tiny(ROWS, [{}, {}], **FACTS, fact_pole=poles) for _ in range(2))
    after.world.alignment[0, :, 0] += 0.3
    got = outcomes(before.scene, before.world, after.world, {})["voting_movement"].item()
    slope, mean = numbers().voting.slope.item(), 0.3 / 6  # the session's mean moves too
    assert got == pytest.approx(slope * (0.3 - mean + 5 * mean) / 6)
