"""One donor and one recipient, followed by hand from offer to alignment."""

from math import exp

import numpy as np
import pytest
from tiny import go, lever, month_of, tiny

from hedgerow.core.ledger import Ledger
from hedgerow.core.levers import Cutoff, Leahy
from hedgerow.core.month import Month
from hedgerow.core.phases.align import align
from hedgerow.core.phases.deliver import deliver
from hedgerow.core.phases.demand import demand
from hedgerow.core.phases.offer import offer
from hedgerow.core.phases.plan import plan
from hedgerow.core.phases.respond import respond
from hedgerow.core.phases.vet import vet

DONOR = {"training": {"officers": 240, "group": 20, "take_up": 1, "in_host": 0}, "equipment": {"packages": 0}}


def case(acceptance_draw: float, flagged: float = 3.0) -> Month:
    situation = tiny(donors=[DONOR], levers=[lever(Leahy, donor="AAA", scope="unit")], flagged=flagged, pending=2.0)
    answers = ("training_acceptance", "equipment_acceptance")
    return month_of(situation, dict.fromkeys(answers, acceptance_draw))  # all others draw 0.5


def test_demand_finds_a_gap_of_a_fifth_in_every_capability():
    month = go(case(0.5), demand)
    assert month.gap[0, :, 0] == pytest.approx([0.2] * 4)  # 0.6 required - 0.4 there


def test_offer_is_one_course_of_twenty():
    month = go(case(0.5), demand, plan, offer)
    assert month.shares[0].tolist() == [[1.0]]  # nobody else to help
    # 240 officers / 20 = 12 courses a year, 1 a month; exp(-1) = 0.37 < 0.5 <= 0.74, so one comes
    assert month.deals[0].training.officers.tolist() == [[20.0]]
    assert month.deals[0].training.in_host.tolist() == [[False]]
    assert month.deals[0].equipment.usd.tolist() == [[0.0]]


def test_vetting_blocks_a_quarter():
    month = go(case(0.5), demand, plan, offer, vet)
    # 3 of 6 units flagged, half of that redirected to clean units: 0.5 x 0.5 x 20 = 5
    assert month.deals[0].training_blocked.tolist() == [[5.0]]
    assert month.world.denied.tolist() == [[[5.0]]]
    assert month.world.request.tolist() == [[[0.0]]]  # there is no rival to ask


@pytest.mark.parametrize(("draw", "taken"), [(0.59, True), (0.60, False)])
def test_response_turns_at_the_chance_of_acceptance(draw, taken):
    # -0.2 + 2 x 0.5 x (4 x 0.4 x 0.2) + 0.8 x 0.25 - 0.5 x 0.3 x 0.4 = 0.26; / 0.7 -> 0.592
    assert 1 / (1 + exp(-0.26 / 0.7)) == pytest.approx(0.592, abs=5e-4)
    month = go(case(draw), demand, plan, offer, vet, respond)
    assert month.deals[0].training_accepted.tolist() == [[taken]]


def test_delivery_trains_fifteen_officers():
    world = go(case(0.59), demand, plan, offer, vet, respond, deliver).world
    trained = 1 - exp(-1.5)  # 15 officers on a force of which 10 are one per cent
    taught = 0.03 * 0.8 * trained * (1 + 0.5 * 0.3)  # abroad; follow-up 0.3
    assert world.capability[0, :, 0] == pytest.approx([0.4 + 0.4 * taught * 0.6] * 4)
    assert world.trust.item() == pytest.approx(0.25 + 0.03 * trained * 0.75)
    assert world.help.item() == pytest.approx(1.5)
    assert world.officers.item() == 15.0
    assert world.officer_weeks.item() == 37.5
    assert world.spent_usd.item() == 15 * 6000.0
    assert world.equipment_usd.item() == 0.0


@pytest.mark.parametrize(("draw", "taken"), [(0.59, 15.0), (0.60, 0.0)])
def test_the_ledger_enters_weeks_that_were_given_not_those_offered(draw, taken):
    month = case(draw)
    month.ledger = Ledger(np.array([7]), np.array(month.world.recipients, dtype=object))
    world = go(month, demand, plan, offer, vet, respond, deliver).world
    (row,) = zip(*month.ledger.tables()["training"].values(), strict=True)
    day = np.datetime64("2022-06-01")
    assert row == (7, day, "AAA", "R0", 20.0, taken * 2.5, "in_donor", 5.0, taken > 0)
    assert row[5] == world.officer_weeks.item()


def test_alignment_rises_by_help_and_by_meetings_that_were_followed_up():
    world = go(case(0.59), demand, plan, offer, vet, respond, deliver, align).world
    # help 0.01 x 1.5 / (1.5 + 0.5) x 0.5 = 0.00375; two meetings 0.005 x 2 x 0.5 = 0.005
    assert world.alignment.item() == pytest.approx(0.5 + 0.00375 + 0.005)
    assert world.pending.item() == 0.0  # the meetings have paid


def test_refused_help_moves_nothing_and_meetings_wait():
    month = go(case(0.60), demand, plan, offer, vet, respond, deliver, align)
    world = month.world
    assert world.capability[0, :, 0] == pytest.approx([0.4] * 4)
    assert world.officers.item() == world.help.item() == world.spent_usd.item() == 0.0
    assert world.alignment.item() == pytest.approx(0.5)
    assert world.pending.item() == pytest.approx(2 * (1 - 1 / 6))


def test_all_units_flagged_block_everything():
    month = go(case(0.0, flagged=6.0), demand, plan, offer, vet, respond, deliver)
    assert month.deals[0].training_blocked.tolist() == [[20.0]]  # no clean unit to turn to
    assert month.world.officers.item() == 0.0
    assert np.all(month.world.capability == 0.4)


def answered(donors: int, **state: float) -> Month:
    """Return a month of several donors at its deliveries; only the first has a law."""
    levers = [lever(Leahy, donor="AAA", scope="country")]
    if "cut_left" in state:
        levers.append(lever(Cutoff, donor="AAA", rival="BBB"))
    situation = tiny(donors=[DONOR] * donors, levers=levers, **state)
    month = month_of(situation, {"training_acceptance": 0.99, "equipment_acceptance": 0.99})
    return go(month, demand, plan, offer, vet, respond, deliver)


def test_help_and_requests_fade():
    world = answered(2, help=1.2, request=0.6, cut_left=3.0).world
    assert world.help[0, :, 0] == pytest.approx([1.1, 1.1])  # 1.2 x 11/12
    assert world.request[0, :, 0] == pytest.approx([0.5, 0.5])  # 0.6 x 5/6
    assert world.cut_left[0, :, 0].tolist() == [2.0, 2.0]


@pytest.mark.parametrize(("donors", "asked"), [(2, [0.0, 0.4]), (3, [0.0, 0.2, 0.2])])
def test_a_fifth_of_help_denied_is_asked_of_the_rivals_together(donors, asked):
    world = answered(donors, flagged=1.0).world
    # 0.2 x 20 officers on a force of which 10 are one per cent, shared by the rivals
    assert world.request[0, :, 0] == pytest.approx(asked)
    assert world.denied[0, :, 0].tolist() == [20.0] + [0.0] * (donors - 1)


def test_a_request_is_met_by_what_is_delivered():
    month = case(0.59)
    month.world.request[:] = 6.0  # 5.0 left after fading; the course of 15 is 1.5 of it
    go(month, demand, plan, offer, vet, respond)
    taken = month.deals[0].training.officers - month.deals[0].training_blocked
    deliver(month)
    assert month.world.request.item() == pytest.approx(5.0 - taken.item() / 10)
