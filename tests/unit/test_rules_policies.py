"""What dated events and levers do in the phase that reads them, by hand."""

from datetime import date

import numpy as np
import pytest
from tiny import go, lever, month_of, numbers, one, tiny

from hedgerow.core.levers import (
    Budget,
    Cutoff,
    FollowUp,
    GapFill,
    IllicitLever,
    Information,
    Leahy,
    ReactionLever,
    ServiceCentres,
    TechAlternative,
    Transition,
    Venue,
)
from hedgerow.core.month import Month
from hedgerow.core.phases.align import align
from hedgerow.core.phases.convene import convene
from hedgerow.core.phases.deliver import follow_up
from hedgerow.core.phases.live import live
from hedgerow.core.phases.offer import offer
from hedgerow.core.phases.plan import plan
from hedgerow.core.phases.react import react
from hedgerow.core.phases.shocks import shocks
from hedgerow.core.phases.vet import vet
from hedgerow.core.rules import allocation
from hedgerow.core.rules.delivery import Delivered
from hedgerow.core.scene import DatedEvent, Event
from hedgerow.core.world import Agreement, Kind, Regime

NONE, ACTIVE, PAUSED = int(Agreement.NONE), int(Agreement.ACTIVE), int(Agreement.PAUSED)
NOTHING = dict.fromkeys(("leadership", "regime", "centre_exposure"), 0.999)
KINDS = [Kind.STATE, Kind.STATE, Kind.PEER]


def struck(kind: str, month: int = 0, **told) -> Month:
    """Return a month after an event struck the first of two states, and a peer, of two donors."""
    keys = {key: told.pop(key) for key in ("donor", "size") if key in told}
    event = Event.model_validate({"month": date(2022, 6, 1), "kind": kind, "recipients": "all", **keys})
    dated = DatedEvent(event, month, np.array([1.0, 0.0, 1.0]))
    situation = tiny(3, [{}, {}], events=[dated], fact_kind=KINDS, **told)
    return go(month_of(situation, NOTHING), shocks)


def test_an_event_strikes_the_states_it_names_in_its_month() -> None:
    assert struck("war").world.war[0].tolist() == [1.0, 0.0, 0.0]
    assert struck("peace", war=1.0).world.war[0].tolist() == [0.0, 1.0, 1.0]
    assert not struck("war", month=1).world.war.any()
    assert struck("war").tally["incidents war"].item() == 1.0


def test_a_dated_change_of_leaders_makes_a_state_sensitive_by_its_size() -> None:
    usual = struck("peace").world.sovereignty[0]
    jump = numbers().politics.turnover_jump.item()
    changed = struck("leadership_change", size=2.0)
    assert changed.world.sovereignty[0] == pytest.approx(usual + np.array([2 * jump, 0, 0]))
    assert changed.tally["incidents leadership_change"].item() == 1.0


def test_a_dated_exposure_costs_its_donor_by_its_size() -> None:
    usual, p = struck("peace").world.sovereignty[0], numbers().centres
    found = struck("exposure", donor="BBB", size=2.0)
    assert found.loss[0, 1] == pytest.approx([2 * p.alignment_loss.item(), 0, 0])
    assert not found.loss[0, 0].any()
    assert found.world.sovereignty[0] == pytest.approx(usual + np.array([2 * p.sovereignty_jump.item(), 0, 0]))
    assert found.tally["incidents exposure"].item() == 1.0
    assert struck("exposure").loss[0, :, 0] == pytest.approx([p.alignment_loss.item()] * 2)  # of every donor


@pytest.mark.parametrize(
    ("kind", "before", "after", "left", "scope"),
    [
        ("agreement", NONE, ACTIVE, 0.0, 1.0),
        ("agreement", PAUSED, ACTIVE, 0.0, 1.0),
        ("pause", ACTIVE, PAUSED, 6.0, 1.0),  # half the usual 12 months
        ("resume", PAUSED, ACTIVE, 0.0, 0.6),
    ],
)
def test_agreements_are_made_paused_and_resumed_on_a_date(kind, before, after, left, scope) -> None:
    stands = {"agreement": before, "pause_left": 3.0 if before == PAUSED else 0.0}
    month = struck(kind, donor="BBB", size=0.5, **stands)
    world = month.world
    assert world.agreement[0, 1].tolist() == [after, before, before]
    assert world.agreement[0, 0].tolist() == [before] * 3  # another donor's
    assert world.pause_left[0, 1].tolist() == [left, stands["pause_left"], stands["pause_left"]]
    assert world.scope[0, 1].tolist() == [scope, 1.0, 1.0]
    assert month.tally[f"incidents {kind}"].item() == 1.0


def test_a_path_is_entered_once_or_held() -> None:
    def regime(index: int, **settings) -> list[int]:
        path = lever(Transition, [1, 0, 1], path="stalled", **settings)
        month = month_of(tiny(3, levers=[path], fact_kind=KINDS), NOTHING)
        month.index = index
        return go(month, shocks).world.regime[0].tolist()

    stable, stalled = int(Regime.STABLE), int(Regime.STALLED)
    assert regime(0) == [stalled, stable, stable]
    assert regime(1) == [stable] * 3
    assert regime(1, hold=True) == [stalled, stable, stable]


def test_centres_open_and_are_exposed_as_often_as_a_lever_says() -> None:
    host = {"donors": [{"centres": 1.0}, {"centres": 1.0}], "centres": 1.0, "fact_exposure": 1.0}

    def standing(draws, **settings) -> list[float]:
        levers = [lever(ServiceCentres, [1, 0], donor="BBB", **settings)] if settings else []
        return go(month_of(tiny(2, levers=levers, **host), NOTHING | draws), shocks).world.centres[0].tolist()

    opens = {"centre_opening": 0.995}  # 1 - 0.004 x 0.5 = 0.998; ten times as many, 0.98
    assert standing(opens) == [[1.0, 1.0], [1.0, 1.0]]
    assert standing(opens, openings=10.0) == [[1.0, 1.0], [2.0, 1.0]]
    seen = {"centre_exposure": 0.02}  # 0.012 x 0.5; five times as often, 0.03
    assert standing(seen) == [[1.0, 1.0], [1.0, 1.0]]
    assert standing(seen, exposure=5.0) == [[1.0, 1.0], [0.0, 1.0]]


def cut(**settings) -> Month:
    """Return a month vetted by a donor that cuts off the first of two states and a peer, which take the rival's."""
    terms = {"probability": 0.5, "threshold": 0.5, "depth": 0.4, "months": 9.0} | settings
    policy = lever(Cutoff, [1, 0, 1], donor="BBB", rival="AAA", **terms)
    kinds = {"fact_kind": KINDS}
    situation = tiny(3, [{}, {}], levers=[policy], help=[[3.0] * 3, [1.0] * 3], **kinds)
    return go(month_of(situation, {"cutoff": 0.4}), plan, offer, vet)


def test_a_cut_begins_lasts_and_costs_trust_and_alignment() -> None:
    month = cut()
    world, p = month.world, month.scene.parameters
    assert world.cut_left[0].tolist() == [[0.0] * 3, [9.0, 0.0, 0.0]]
    assert world.cut_training[0].tolist() == world.cut_equipment[0].tolist() == [[0.0] * 3, [0.4, 0.0, 0.0]]
    lost = p.delivery.cut_off_trust.item()
    assert world.trust[0] == pytest.approx(np.array([[0.25] * 3, [0.25 - lost, 0.25, 0.25]]))
    assert month.loss[0] == pytest.approx(np.array([[0.0] * 3, [p.alignment.cut_off.item(), 0.0, 0.0]]))
    assert month.tally["incidents cut_off"].item() == 1.0


def test_a_cut_of_technology_leaves_courses_alone() -> None:
    world = cut(technology_only=True).world
    assert world.cut_equipment[0, 1].tolist() == [0.4, 0.0, 0.0]
    assert not world.cut_training.any()


def test_what_is_blocked_is_whole_and_no_more_than_was_offered() -> None:
    law = lever(Leahy, donor="AAA", scope="country", strictness=0.33)
    donor = {"training": {"officers": 240, "group": 20, "take_up": 1, "in_host": 0}, "equipment": {"packages": 0}}
    deal = go(month_of(tiny(donors=[donor], levers=[law], flagged=1.0)), plan, offer, vet).deals[0]
    assert deal.training.officers.item() == 20.0
    assert deal.training_blocked.item() == 7.0  # 6.6
    assert deal.equipment_blocked.item() == 0.0


def test_budgets_and_venues_are_those_of_their_donor() -> None:
    donor = {"training": {"officers": 12 * 22.33}, "equipment": {"packages": 12, "big": 0.05}}

    def offers(*levers, **draws) -> list[tuple[float, bool, float]]:
        situation = tiny(donors=[donor, donor], levers=levers)
        month = go(month_of(situation, {"courses": 0.6, "equipment": 0.6, "venue": 0.5} | draws), plan, offer)
        return [(d.training.officers.item(), d.training.in_host.item(), d.equipment.usd.item()) for d in month.deals]

    usual = (22.0, False, 150_000.0)  # one course and one package a month
    assert offers() == [usual, usual]
    assert offers(lever(Venue, donor="BBB", in_host=0.6)) == [usual, (55.0, True, 150_000.0)]
    assert offers(lever(Budget, donor="AAA", training=3.0)) == [(66.0, False, 150_000.0), usual]
    assert offers(lever(Budget, donor="AAA", equipment=3.0)) == [(22.0, False, 450_000.0), usual]


def test_attacks_cost_the_attacker_alone_and_evidence_nobody() -> None:
    def fall(kind: str) -> np.ndarray:
        campaign = {"kind": kind, "intensity": 2.0, "backlash": 0.03}
        month = month_of(tiny(2, [{}, {}], levers=[lever(Information, [1, 0], donor="AAA", about="BBB", **campaign)]))
        month.delivered = [Delivered(one(0, 0), one(0, 0))] * 2
        return 0.5 - go(month, align).world.alignment[0]

    assert fall("attack") == pytest.approx(np.array([[0.005, 0.0], [0.0, 0.0]]))  # 0.03 / 12 x 2
    assert not fall("evidence").any()


def test_remediation_clears_flags_where_it_is_paid_for() -> None:
    law = lever(Leahy, [1, 0], donor="AAA", remediation=1.0)
    month = month_of(tiny(2, levers=[law], flagged=2.0), {"abuse": 0.0, "flag_clearing": 0.07})
    month.capability_before = month.world.capability.copy()
    assert go(month, live).world.flagged[0].tolist() == [1.0, 2.0]  # 0.18 and 0.06


def test_sanctions_on_protectors_cut_the_rents_that_entangle() -> None:
    def entangled(*levers) -> list[float]:
        border = np.zeros((4, 2))
        war = {"pairs": [(0, 1)], "war": [1.0, 0.0], "capability": border, "fact_capability": border}
        month = month_of(tiny(2, levers=levers, **war), {"abuse": 0.0})
        month.capability_before = month.world.capability.copy()
        return (go(month, live).world.entanglement[0] - 0.2).tolist()

    usual, half = entangled(), entangled(lever(IllicitLever, [1, 0], sanctions=1.0))
    kept = 1.0 - numbers().illicit.sanctions.item()
    assert half == pytest.approx([usual[0] * kept, usual[1]])


def test_what_comes_to_pass_is_counted_by_kind() -> None:
    none = {"pushback": 0.999, "statement": 0.999}
    resumed = go(month_of(tiny(agreement=PAUSED, pause_left=1.0), none), react)
    assert {k: v.item() for k, v in resumed.tally.items()} == {"incidents resume": 1.0}
    pushed = go(month_of(tiny(agreement=ACTIVE), none | {"pushback": 0.0}), react)
    assert {k: v.item() for k, v in pushed.tally.items()} == {"incidents pushback": 1.0, "incidents pause": 1.0}
    said = go(month_of(tiny(donors=[{"initiative": "GSI"}]), none | {"statement": 0.0}), react)
    assert {k: v.item() for k, v in said.tally.items()} == {"incidents statement": 1.0}


def test_follow_up_is_that_of_the_donor_who_has_the_posts() -> None:
    posted = [{"follow_up": 0.2, "follow_up_core": 0.2}] * 2
    situation = tiny(2, posted, levers=[lever(Budget, [1, 0], donor="BBB", follow_up=2.0)])
    month = month_of(situation)
    assert [follow_up(month, d)[0].tolist() for d in (0, 1)] == [[0.2, 0.2], [0.4, 0.2]]
    more = month_of(tiny(2, posted, levers=[lever(FollowUp, [1, 0], donor="BBB", posts=0.5)]))
    half = [follow_up(more, d)[0] for d in (0, 1)]  # of what is missing
    assert half == [pytest.approx([0.2, 0.2]), pytest.approx([0.6, 0.2])]


@pytest.mark.parametrize("policy", [(ReactionLever, {"rate": 1.0}), (GapFill, {"share": 0.5})])
def test_a_donor_plans_by_its_own_levers_alone(policy) -> None:
    kind, settings = policy
    stands = {"reaction": [0.0, 0.5], "gap": 0.2, "help": [0.0, 0.5]}
    situation = tiny(2, [{}, {}], levers=[lever(kind, [1, 1], donor="BBB", **settings)], **stands)
    ours, theirs = (allocation.plan(situation, d)[0] for d in (0, 1))
    assert np.array_equal(ours, allocation.plan(tiny(2, [{}, {}], **stands), 0)[0])
    assert theirs[1] > ours[1]


def test_the_share_of_courses_at_home_grows_with_the_years() -> None:
    donor = {"training": {"officers": 12 * 22.33, "in_host": 0.3, "in_host_trend": 0.1}}

    def at_home(opening: int) -> bool:
        situation = tiny(donors=[donor], opening=opening)
        return go(month_of(situation, {"courses": 0.6, "venue": 0.45}), plan, offer).deals[0].training.in_host.item()

    assert not at_home(12)  # 0.4
    assert at_home(24)  # 0.5


def test_affordable_systems_are_those_of_their_donor() -> None:
    added = lever(TechAlternative, donor="BBB", packages=24.0, ramp=1.0)
    situation = tiny(1, [{"equipment": {"packages": 0}}] * 2, levers=[added])
    deals = go(month_of(situation, {"equipment": 0.5}), plan, offer).deals
    assert [deal.equipment.surveillance.item() for deal in deals] == [False, True]


def test_more_time_to_meet_is_that_of_its_donor() -> None:
    tiers = [{"tiers": ({"body": "MPS", "tier": "minister", "slots": 1.0},)}] * 2
    time = lever(Budget, [1] * 9, donor="BBB", meetings=5.0)
    month = go(month_of(tiny(9, tiers, levers=[time], opening=36), {"budget 0": 0.5}), convene)
    ours, theirs = month.world.meetings[0].sum(axis=-1)
    assert ours == 1.0  # exp(-1) = 0.37 < 0.5 <= 0.74
    assert theirs == 5.0  # the median of five
