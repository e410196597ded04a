"""Forums and ministers' partners, by hand."""

from math import exp, log

import numpy as np
import pytest
from tiny import go, lever, month_of, numbers, one, tiny

from hedgerow.core.donors import Donor, Forum
from hedgerow.core.levers import Budget, Forums
from hedgerow.core.month import Month
from hedgerow.core.numbers import columns
from hedgerow.core.phases.convene import convene
from hedgerow.core.rules import diplomacy
from hedgerow.core.scene import Gathering
from hedgerow.core.world import Agreement, Kind

CARDS = {"value": 1.4, "repetition": 0.25, "topic": 0.3, "willingness": 0.5, "hub": 0.3, "forum_factor": 5.0}
PLAIN = numbers(diplomacy=CARDS)
P = PLAIN.diplomacy
USUAL = 40  # months after June 2022, when activity is the usual again
STATE_AND_BODY = [Kind.STATE, Kind.ORGANISATION]
MINISTER = {"body": "MPS", "tier": "minister", "slots": 1}


def logistic(x: float) -> float:
    return 1 / (1 + exp(-x))


def forum(**settings) -> Forum:
    return columns([Forum(name="f", publicity=0.5, **settings)])


def gathering(rows=1, hostile=0.0, members=True, recurring=False, **settings) -> Gathering:
    return Gathering(
        "f", forum(**settings), np.broadcast_to(members, rows).copy(), frozenset({0}), np.full(rows, hostile), recurring
    )


def held(meeting: Gathering, draws=None, **world) -> Month:
    """Return a month at which a forum has met."""
    rows = len(meeting.members)
    situation = tiny(rows, **({"gatherings": [meeting], "opening": USUAL, "parameters": PLAIN} | world))
    return go(month_of(situation, draws or {}), convene)


def attended(chance: float, meeting: Gathering, **world) -> bool:
    """Say whether one row attends exactly where the draw is below a chance."""

    def came(draw: float) -> bool:
        month = held(meeting, {"attendance f": draw}, **world)
        return month.tally["forums attended"].item() == 1

    return came(chance - 1e-9) and not came(chance + 1e-9)


@pytest.mark.parametrize(("months", "level"), [(-5, 0.15), (0, 0.15), (10, 0.575), (40, 1.0)])
def test_activity_ramps_up(months, level):
    assert diplomacy.activity(months, P).item() == pytest.approx(level)  # 0.15 + 0.85 x 10 / 20


def test_odds_of_attendance_term_by_term():
    def odds(hostile=0.0, organisation=0.0, added=0.0, **settings):
        return diplomacy.attendance_odds(one(hostile), one(organisation), one(0.4), added, forum(**settings), P).item()

    assert odds() == pytest.approx(-1.4)  # -1 - 2 x 0.5 x 0.4
    assert odds(hostile=1) == pytest.approx(-2.1)
    assert odds(organisation=1) == pytest.approx(1.6)
    assert odds(added=0.5) == pytest.approx(-0.9)
    assert odds(appeal=0.25) == pytest.approx(-1.15)


def test_odds_of_a_convener_term_by_term():
    def odds(alignment=0.0, active=0.0, rival=0.0):
        return diplomacy.convener_odds(one(alignment), one(active), one(rival), P).item()

    assert odds() == 0.0
    assert odds(alignment=0.6) == pytest.approx(1.2)
    assert odds(active=1) == 1.0
    assert odds(rival=1) == -3.0


def test_attendance_rises_with_neighbours():
    got = diplomacy.attendance(one(-1.4, -1.4), one(0.0, 0.5), P)[0]
    assert got == pytest.approx([logistic(-1.4), logistic(-0.65)])


def test_attendance_by_hand():
    friend = {"agreement": Agreement.ACTIVE, "alignment": 0.6}
    # -1 - 2 x 0.5 x 0.4 + 2 x 0.6 + 1 = 0.8
    assert attended(logistic(0.8), gathering(organiser="AAA"), **friend)
    assert attended(logistic(0.1), gathering(hostile=1.0, organiser="AAA"), **friend)
    assert attended(logistic(-1.4), gathering(), **friend)  # nobody's forum
    stronger = lever(Forums, strengthen={"f": 0.5})
    assert attended(logistic(-0.9), gathering(), levers=[stronger])


def test_few_come_while_diplomacy_is_quiet():
    assert attended(logistic(-1.4 + log(0.15)), gathering(), opening=0)


def test_organisations_come_and_rivals_of_the_organiser_stay_away():
    assert attended(logistic(1.6), gathering(), fact_kind=[Kind.ORGANISATION])
    rival = {"donors": [{}, {}], "names": ["BBB"], "fact_kind": [Kind.DONOR], "alignment": 0.5}
    assert attended(logistic(-1.4 + 1.0 - 3.0), gathering(organiser="AAA"), **rival)
    assert attended(logistic(-1.4 + 1.0), gathering(organiser="BBB"), **rival)
    assert attended(logistic(-1.4), gathering(), **rival)


def test_attendance_counts_on_neighbours():
    alone = logistic(-1.4)
    together = logistic(-1.4 + 1.5 * alone)

    def number(draw):
        month = held(gathering(3), {"attendance f": draw}, pairs=[(0, 1)])
        return month.tally["forums attended"].item()

    assert number(alone - 1e-9) == 3
    assert number(alone + 1e-9) == number(together - 1e-9) == 2
    assert number(together + 1e-9) == 0


def test_only_those_invited_are_counted_on():
    members = [True, False, True]
    month = held(gathering(3, members=members), {"attendance f": 0.2}, pairs=[(0, 1)])
    assert month.tally["forums invited"].item() == 2
    assert "forums attended" not in month.tally or month.tally["forums attended"].item() == 0


def test_paused_partners_and_strangers_stay_away():
    def invited(meeting, **world):
        tally = held(meeting, {"attendance f": 0.0}, **world).tally
        assert tally["forums invited"] == tally["forums attended"]
        return tally["forums attended"].item()

    paused = {"agreement": Agreement.PAUSED}
    assert invited(gathering(organiser="AAA"), **paused) == 0
    assert invited(gathering(), **paused) == 1  # not its organiser's forum
    assert invited(gathering(organiser="AAA"), fact_counterpart=0.0) == 0
    assert invited(gathering(members=False)) == 0


def test_those_present_sign_unless_a_hostile_state_is_a_member():
    def signed(draw, hostile, came=0.0):
        month = held(gathering(hostile=hostile, signs=True), {"attendance f": came, "signature f": draw})
        return month.tally["forums signed"].item()

    assert signed(0.999, 0.0) == 1
    assert signed(0.49, 1.0) == 1  # half of them do
    assert signed(0.51, 1.0) == 0
    assert signed(0.0, 0.0, came=0.999) == 0


def test_a_cancelled_forum_does_not_meet():
    cancelled = held(gathering(), levers=[lever(Forums, cancel=("f",))])
    assert not cancelled.tally


def test_value_of_a_meeting_term_by_term():
    # value 1.4 x 2, shared border 0.3 x 1
    value = diplomacy.meeting_value(one(2), one(1), one(0), one(3), P).item()
    assert value == pytest.approx(2.8 + 0.3 - 0.25 * log(4))
    body = diplomacy.meeting_value(one(0), one(0), one(1), one(0), P).item()
    assert body == pytest.approx(P.organisation)
    # willingness 0.5 x 0.4, regional weight 0.3 x 0.5
    assert diplomacy.forum_value(one(0.4), one(0.5), P).item() == pytest.approx(0.2 + 0.15)


def choose(value, cost, budget, uniform=0.5, open_=True):
    """Return whom a budget is spent on, by log value."""
    uniform, open_ = (np.broadcast_to(what, len(value)) for what in (uniform, open_))
    turns = np.full(len(value), np.inf)
    for i in np.flatnonzero(open_):
        turns[i] = diplomacy.turn(exp(value[i]), cost[i], uniform[i])
    chosen = np.zeros(len(value), dtype=bool)
    diplomacy.spend(float(budget), turns, np.asarray(cost, dtype=float), chosen)
    return chosen.tolist()


def test_a_turn_comes_sooner_for_value_and_later_for_cost():
    assert diplomacy.turn(2.0, 1.0, 0.5) == pytest.approx(log(2) / 2)
    assert diplomacy.turn(2.0, 0.4, 0.5) == pytest.approx(0.2 * log(2))
    assert 0.0 <= diplomacy.turn(1.0, 1.0, 1 - 2.0**-53) < diplomacy.turn(1.0, 1.0, 0.0) < 1000.0


def test_partners_are_the_best_the_budget_allows():
    assert choose([1, 3, 2], [1, 1, 1], 2) == [False, True, True]
    assert choose([1, 3, 2], [1, 1, 1], 0) == [False] * 3
    assert choose([1, 3, 2], [1, 1, 1], 9) == [True] * 3
    assert choose([1, 3, 2], [0.4, 0.4, 0.4], 1) == [False, True, True]  # 0.8 fits, 1.2 does not


def test_the_closed_are_never_met():
    assert choose([1, 3, 2], [1, 1, 1], 2, open_=[True, False, True]) == [True, False, True]
    assert choose([1, 3], [1, 1], 2, open_=False) == [False, False]


def test_cheap_meetings_rank_by_value_for_time():
    # value for time: 1 - log 0.4 = 1.9 before 1.5, and 1.4 more would break the budget of 1
    assert choose([1.5, 1.0], [1, 0.4], 1) == [False, True]


def test_partners_are_drawn_in_proportion_to_value():
    runs = 20_000
    draws = np.random.default_rng(4).random((runs, 2))
    chosen = np.array([choose([log(3.0), 0.0], [1, 1], 1, u) for u in draws])
    assert np.all(chosen.sum(axis=1) == 1)
    assert abs(chosen[:, 0].mean() - 0.75) < 4 * np.sqrt(0.75 * 0.25 / runs)


def test_the_second_partner_is_drawn_in_proportion_among_the_rest():
    runs = 20_000
    draws = np.random.default_rng(7).random((runs, 3))
    value = [log(4.0), log(3.0), 0.0]
    chosen = np.array([choose(value, [1, 1, 1], 2, u) for u in draws])
    left_out = 4 / 8 * 3 / 4 + 3 / 8 * 4 / 5  # the third: first and second go to the others
    assert abs((~chosen[:, 2]).mean() - left_out) < 4 * np.sqrt(left_out * (1 - left_out) / runs)


def test_no_budget_is_overspent():
    rng = np.random.default_rng(5)
    for _ in range(200):
        value, uniform, cost = rng.normal(size=30), rng.random(30), rng.choice([0.4, 1.0], 30)
        open_, budget = rng.random(30) < 0.7, rng.integers(0, 12)
        chosen = np.array(choose(value, cost, budget, uniform, open_))
        assert (cost * chosen).sum() <= budget + 1e-9
        assert not np.any(chosen & ~open_)
        left = budget - (cost * chosen).sum()
        assert left < 1.0 or np.array_equal(chosen, open_)  # nor is any left that would do


def met(rows: int, draws=None, tier=MINISTER, **world) -> list[float]:
    """Return whom a minister met in a month with time for one stand-alone meeting."""
    settings = {"donors": [{"tiers": (tier,)}], "opening": USUAL, "parameters": PLAIN} | world
    draws = {"budget 0": 0.5, "attendance f": 0.0} | (draws or {})  # exp(-1) = 0.37 < 0.5 <= 0.74
    return go(month_of(tiny(rows, **settings), draws), convene).world.meetings[0, 0].tolist()


MARGINS = {"sidelines": True, "body": "MPS", "encounters": 0}


def test_ministers_meet_those_of_value():
    values = [1.0, 3.0, 2.0]
    assert met(3, fact_value=values) == [0.0, 1.0, 0.0]
    assert met(3, fact_value=values, draws={"budget 0": 0.3}) == [0.0] * 3
    assert met(3, fact_value=values, draws={"budget 0": 0.74}) == [0.0, 1.0, 1.0]
    assert met(3, fact_value=values, agreement=[0, Agreement.PAUSED, 0]) == [0.0, 0.0, 1.0]
    assert met(3, fact_value=values, fact_counterpart=[1, 0, 1]) == [0.0, 0.0, 1.0]


def test_ministers_meet_those_they_have_not_just_met():
    assert met(2, fact_value=[0.5, 0.4]) == [1.0, 0.0]
    assert met(2, fact_value=[0.5, 0.4], recent=[3.0, 0.0]) == [0.0, 1.0]


def test_likeness_counts_for_a_tier_that_weighs_it():
    alike = {"fact_value": [0.5, 0.0], "fact_affinity": [0.0, 0.6]}
    assert met(2, **alike) == [1.0, 0.0]
    # 1.5 x 0.6 beats 1.4 x 0.5
    assert met(2, tier=MINISTER | {"ideology": 1.5}, **alike) == [0.0, 1.0]


def test_an_organisation_is_worth_what_the_parameter_says():
    def first(organisation):
        p = numbers(diplomacy=CARDS | {"organisation": organisation})
        return met(2, parameters=p, fact_value=[0.5, 0.0], fact_kind=STATE_AND_BODY)

    assert first(0.8) == [0.0, 1.0]  # over 1.4 x 0.5
    assert first(0.6) == [1.0, 0.0]


def test_a_meeting_at_the_margins_of_a_forum_takes_less_time():
    values = [1.0, 3.0, 2.0]
    assert met(3, fact_value=values, gatherings=[gathering(3, **MARGINS)]) == [0.0, 1.0, 1.0]
    elsewhere = gathering(3, **(MARGINS | {"body": "MFA"}))
    assert met(3, fact_value=values, gatherings=[elsewhere]) == [0.0, 1.0, 0.0]
    rivals_own = gathering(3, organiser="BBB", **MARGINS)
    donors = [{"tiers": (MINISTER,)}, {}]
    assert met(3, fact_value=values, gatherings=[rivals_own], donors=donors) == [0.0, 1.0, 0.0]


def test_a_forum_that_boosts_multiplies_the_time():
    boosting = gathering(3, members=[True, False, False], boosts=True, **MARGINS)
    # five times the slots: 5 exp(-5) + exp(-5) = 0.04, so a draw of 0.05 brings two meetings
    draws = {"budget 0": 0.05}
    assert met(3, fact_value=[1, 3, 2], gatherings=[boosting], draws=draws) == [0.0, 1.0, 1.0]
    assert met(3, fact_value=[5, 3, 2], gatherings=[boosting], draws=draws) == [1.0, 1.0, 0.0]
    assert met(3, fact_value=[5, 3, 2], draws=draws) == [0.0, 0.0, 0.0]


def test_more_time_for_all_partners():
    twice = lever(Budget, [1, 1, 1], donor="AAA", meetings=2.0)
    draws = {"budget 0": 0.5}  # 2 exp(-2) + exp(-2) = 0.41
    assert met(3, fact_value=[1, 3, 2], levers=[twice], draws=draws) == [0.0, 1.0, 1.0]


@pytest.mark.parametrize("fact", ["alignment", "fact_hub"])
def test_willingness_and_regional_weight_count_at_forums_alone(fact):
    later = {fact: [0.2, 0.5, 0.8]}
    assert met(3, **later) == [1.0, 0.0, 0.0]  # all alike: the first
    assert met(3, gatherings=[gathering(3, **MARGINS)], **later) == [0.0, 1.0, 1.0]


def encountered(recurring=False, draw=0.5, group=2, **settings) -> list[float]:
    meeting = gathering(3, organiser="AAA", body="MPS", group=group, recurring=recurring, **settings)
    tier = MINISTER | {"slots": 0, "weight": 0.5}
    month = held(meeting, {"attendance f": 0.0, "held f 0": draw}, donors=[{"tiers": (tier,)}], fact_value=[1.0, 3.0, 2.0])
    return month.world.pending[0, 0].tolist()


def test_the_organisers_minister_meets_the_most_valued_of_those_present():
    assert encountered() == [0.0, 0.5, 0.5]
    assert encountered(group=40) == [0.5, 0.5, 0.5]
    assert encountered(members=[True, False, True]) == [0.5, 0.0, 0.5]
    assert encountered(members=[False, True, False]) == [0.0] * 3  # one is no multilateral
    assert encountered(tier="head") == [0.0] * 3  # that tier the donor has not
    assert encountered(encounters=0) == [0.0] * 3


def test_a_recurring_forums_meeting_is_sometimes_not_held():
    assert encountered(recurring=True, draw=0.89) == [0.0, 0.5, 0.5]
    assert encountered(recurring=True, draw=0.91) == [0.0] * 3
    assert encountered(recurring=False, draw=0.91) == [0.0, 0.5, 0.5]


def test_meetings_wait_for_delivery_and_grow_less_recent():
    month = month_of(tiny(1, [{"tiers": (MINISTER | {"weight": 0.5},)}], opening=USUAL, recent=6.0))
    world = go(month, convene).world
    assert world.recent.item() == pytest.approx(6 * (1 - 1 / 12) + 1)
    assert world.pending.item() == 0.5
    assert world.meetings.item() == 1.0


def test_follow_up_is_deeper_in_the_core_and_posts_fill_the_rest():
    donor = columns([Donor(name="x", follow_up=0.2, follow_up_core=0.75)])
    core = np.array([0.0, 1.0])
    assert diplomacy.follow_up(donor, core, 0.0)[0] == pytest.approx([0.2, 0.75])
    assert diplomacy.follow_up(donor, core, 0.5)[0] == pytest.approx([0.6, 0.875])
    assert diplomacy.follow_up(donor, core, 1.0)[0] == pytest.approx([1.0, 1.0])
