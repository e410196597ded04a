"""Demand, allocation and provision, by hand."""

from dataclasses import replace
from math import exp, log

import numpy as np
import pytest
from tiny import go, lever, month_of, numbers, one, tiny

from hedgerow.core.compiled import add
from hedgerow.core.donors import Donor, Equipment
from hedgerow.core.levers import BackgroundDonors, Budget, GapFill, ReactionLever, TechAlternative
from hedgerow.core.numbers import columns
from hedgerow.core.phases.demand import demand as in_month
from hedgerow.core.phases.offer import offer
from hedgerow.core.phases.plan import plan
from hedgerow.core.rules import allocation, demand, provision
from hedgerow.core.tape import Tape
from hedgerow.core.world import Agreement, Regime

P = numbers()


def needed(crime, threat, coalition, stake) -> np.ndarray:
    got = demand.required(one(crime), one(threat), one(coalition), one(stake), P.demand)
    return np.array([kind.item() for kind in got])


def test_required_capability():
    # crime 0.6 + 0.5 x 0.2; order 0.6 + 0.3 x 0.5 x 0.6 + 0.15 x 0.5; technology without the stake
    assert needed(1.2, 0.5, 0.4, 0.5) == pytest.approx([0.7, 0.765, 0.7, 0.69])


@pytest.mark.parametrize(("crime", "wanted"), [(20.0, 1.0), (0.05, 0.125)])
def test_required_capability_stays_within_bounds(crime, wanted):
    got = needed(crime, 1.0, 0.0, 1.0)
    assert got[demand.INVESTIGATION] == pytest.approx(wanted)  # 0.6 - 0.5 x 0.95
    assert got.max() <= 1.0


def test_broad_coalitions_ask_for_no_order_however_threatened():
    assert needed(1.0, 1.0, 1.0, 0.0) == pytest.approx([0.6] * 4)


def test_trouble_diverts_investigation_and_border_to_order():
    capability = one(0.5, 0.5)
    got = demand.effective(capability, capability, capability, one(1.0, 0.0), P.politics.trouble_diversion)
    # 0.5 x (1 - 0.2); what they lose, 0.1 on average, serves order
    assert [kind[0, 0] for kind in got] == pytest.approx([0.4, 0.6, 0.4])
    assert [kind[0, 1] for kind in got] == [0.5] * 3
    assert np.all(capability == 0.5)


def test_gaps_are_what_is_lacking_less_relief():
    got = demand.lacking(one(0.7, 0.7, 0.7), one(0.5, 0.5, 0.9), one(0.25, 1.0, 0.0))
    assert got[0] == pytest.approx([0.15, 0.0, 0.0])  # 0.2 x 0.75; all relieved; no gap
    assert demand.lacking(one(0.7), one(0.5), 0.0).item() == pytest.approx(0.2)


def test_gaps_of_a_month_by_hand():
    state = {
        "capability": 0.5,
        "crime": 1.2,
        "threat": 0.5,
        "fact_coalition": 0.4,
        "fact_stake": [[0.2] * 3, [0.5] * 3],
        "regime": [0, Regime.STALLED, 0],
    }
    relief = lever(BackgroundDonors, [0, 0, 1], donor="AUS", cover=0.25)
    month = go(month_of(tiny(3, [{}, {}], levers=[relief], **state)), in_month)
    calm = [0.2, 0.265, 0.2, 0.19]  # of 0.7, 0.765, 0.7 and 0.69, at the larger stake
    assert month.gap[0, :, 0] == pytest.approx(calm)
    assert month.gap[0, :, 1] == pytest.approx([0.3, 0.165, 0.3, 0.19])  # served by 0.4, 0.6, 0.4
    assert month.gap[0, :, 2] == pytest.approx([0.75 * lack for lack in calm])


def test_cover():
    got = allocation.cover(one(0.0, 0.5, 1e6), P.delivery)
    assert got[0] == pytest.approx([0.0, 1 - exp(-1), 1.0])


def test_shares_follow_scores():
    weights = {"value": 0.5, "temperature": 0.5, "gap": 0, "alignment": 0}
    situation = tiny(2, [{"weights": weights}], fact_value=[0.0, 1.0])
    # 0.5 x 1 / 0.5 = 1 more for the second
    assert allocation.plan(situation, 0)[0] == pytest.approx([1 / (1 + exp(1)), exp(1) / (1 + exp(1))])


def test_score_terms_by_hand():
    weights = {"value": 1, "stake": 0.5, "exposure": 0.4, "alignment": 0.3, "gap": 0.5, "cover": 0.2}
    situation = tiny(
        1,
        [{"weights": weights}, {}],
        fact_value=2.0,
        fact_stake=0.6,
        fact_exposure=0.5,
        alignment=0.4,
        gap=0.25,
        help=[[0.0], [0.5]],
        request=0.8,
    )
    terms = {k: v.item() for k, v in allocation.score_terms(situation, 0).items()}
    assert terms == pytest.approx(
        {
            "strategic value": 2.0,
            "economic stake": 0.3,
            "exposed nationals": 0.2,
            "alignment": 0.12,
            "gaps it fits": 0.2,  # 0.5 x 4 x 0.4 x 0.25
            "rivals' cover": -0.2 * (1 - exp(-1)),
            "requests": 0.4,  # 0.5 x 0.8
            "reaction to rivals": 0.0,
        }
    )


def test_scores_are_the_terms_by_temperature_on_every_row():
    rng = np.random.default_rng(13)
    weights = {"value": 0.9, "stake": 0.5, "exposure": 0.4, "cover": 0.2, "temperature": 0.8}
    situation = tiny(
        9,
        [{"weights": weights, "reaction": 0.4}, {}, {}],
        fact_value=rng.normal(size=(3, 9)),
        fact_stake=rng.random(9),
        fact_exposure=rng.random(9),
        alignment=rng.random((3, 9)),
        gap=rng.random((4, 9)),
        help=rng.random((3, 9)),
        request=rng.random((3, 9)),
        reaction=rng.normal(size=(3, 9)),
    )
    terms = tuple(allocation.score_terms(situation, 0).values())
    assert allocation.scores(situation, 0) == pytest.approx(add(terms) / 0.8, rel=1e-14)


def test_ground_covered_by_rivals_and_in_the_background():
    situation = tiny(2, [{}, {}, {}], help=[[9.0, 9.0], [0.5, 0.0], [0.5, 0.0]])
    assert allocation.rival_cover(situation, 0)[0] == pytest.approx([1 - exp(-2), 0.0])
    others = lever(BackgroundDonors, [0, 1], donor="AUS", cover=0.25, rivals=("AAA",))
    situation = tiny(2, [{}, {}], levers=[others], help=[[9.0, 9.0], [0.5, 0.5]])
    own = 1 - exp(-1)
    assert allocation.rival_cover(situation, 0)[0] == pytest.approx([own, own + 0.25 * exp(-1)])
    assert allocation.rival_cover(situation, 1)[0] == pytest.approx([1.0, 1.0], abs=1e-7)


def test_nobody_eligible_gets_nothing():
    assert allocation.plan(tiny(2, fact_eligible=0.0), 0).tolist() == [[0.0, 0.0]]


def test_the_paused_get_nothing_and_the_resumed_less():
    paused = tiny(2, agreement=[Agreement.PAUSED, Agreement.ACTIVE])
    assert allocation.plan(paused, 0).tolist() == [[0.0, 1.0]]
    resumed = tiny(2, scope=[0.6, 1.0])
    assert allocation.plan(resumed, 0)[0] == pytest.approx([0.375, 0.625])  # 0.6 / 1.6


def test_reaction_multiplies_the_odds():
    strong = lever(ReactionLever, [1, 1], donor="AAA", rate=1.0)
    situation = tiny(2, levers=[strong], reaction=[0.0, 0.5])
    assert allocation.plan(situation, 0)[0] == pytest.approx([0.4, 0.6])  # 1 : 1.5
    capped = lever(ReactionLever, [1, 1], donor="AAA", rate=1.0, cap=0.25)
    situation = tiny(2, levers=[capped], reaction=[0.0, 0.5])
    assert allocation.plan(situation, 0)[0] == pytest.approx([1 / 2.25, 1.25 / 2.25])


def test_gap_filling_reserves_a_share_where_the_rival_is():
    fill = lever(GapFill, [1, 1], donor="AAA", share=0.3)
    situation = tiny(2, [{}, {}], levers=[fill], gap=0.2, help=[[0, 0], [0.0, 0.5]])
    assert allocation.plan(situation, 0)[0] == pytest.approx([0.35, 0.65])  # 0.7 x 0.5; + 0.3
    empty = tiny(2, [{}, {}], levers=[fill], gap=0.2)
    assert allocation.plan(empty, 0)[0] == pytest.approx([0.5, 0.5])  # no rival, nothing reserved
    first = lever(GapFill, [1, 0], donor="AAA", share=0.5)
    both = tiny(2, [{}, {}], levers=[first, fill], gap=0.2, help=[[0, 0], [0.5, 0.5]])
    # 0.7 x (0.5 x 0.5 + 0.5) to the one both may reach, 0.7 x 0.25 to the other, and 0.15 to each
    assert allocation.plan(both, 0)[0] == pytest.approx([0.675, 0.325])


def test_courses_a_year():
    training = columns(
        [
            Donor.model_validate(
                {
                    "name": "",
                    "training": {
                        "officers": 2200,
                        "group": 22,
                        "in_host": 0.5,
                        "cost_ratio": 3,
                        "take_up": 0.5,
                        "growth": 0.1,
                    },
                }
            )
        ]
    ).training
    # seats a course 22 x (0.5 + 0.5 x 3) = 44; 2200 / (0.5 x 44) = 100; two years at a tenth: 121
    assert provision.courses_a_year(training, 0.0, 1.0).item() == pytest.approx(100)
    assert provision.courses_a_year(training, 2.0, 1.0).item() == pytest.approx(121)
    assert provision.courses_a_year(training, 0.0, 0.0).item() == 0.0


def test_courses_expected_of_a_donor():
    def expected(share=0.0, pledged=0.0, request=0.0, open_=1.0):
        return provision.expected_courses(
            one(share), 120.0, pledged, one(request), one(open_), one(10), 20.0, P.provision
        ).item()

    assert expected(share=0.1) == pytest.approx(1.0)  # of 120 a year
    assert expected(pledged=0.5) == 0.5
    # 0.25 of a standing request of 6 months; 0.8 of 10 officers, in courses of 20
    assert expected(request=0.8) == pytest.approx(0.25 / 6 * 0.8 * 10 / 20)
    assert expected(request=0.8, open_=0.6) == pytest.approx(0.25 / 6 * 0.8 * 10 / 20 * 0.6)


def test_courses_at_home_have_more_seats():
    training = columns([Donor(name="x")]).training
    got = provision.seats_offered(one(1, 1, 0), one(1, 0, 1), training)
    assert got.tolist() == [[55.0, 22.0, 0.0]]  # 22 x 2.5; 22; none


@pytest.mark.parametrize(
    ("draws", "seats"),
    [
        ({"courses": 0.36}, 0.0),  # exp(-1) = 0.368
        ({"courses": 0.38, "venue": 0.31}, 22.0),
        ({"courses": 0.38, "venue": 0.29}, 55.0),
        ({"courses": 0.75, "venue": 0.31}, 44.0),  # 2 exp(-1) = 0.736
    ],
)
def test_courses_of_a_month(draws, seats):
    # 0.7 x 22 x (0.7 + 0.3 x 2.5) = 22.33 officers a course and month
    donor = {"training": {"officers": 12 * 22.33}}
    month = go(month_of(tiny(donors=[donor]), draws), plan, offer)
    assert month.deals[0].training.officers.item() == seats
    assert month.deals[0].training.in_host.item() == (seats == 55.0)


def test_courses_come_by_pledges_and_in_answer_to_requests():
    def seats(draw, **world):
        situation = tiny(donors=[{"training": {"officers": 0}}], **world)
        month = go(month_of(situation, {"courses": draw, "venue": 0.9}), plan, offer)
        return month.deals[0].training.officers.item()

    assert seats(0.999999) == 0.0
    pledge = {"officers": 12 * 22.33, "delivered": 0.5}
    placed = lever(Budget, donor="AAA", pledges=(pledge,))
    placed = replace(placed, inner=(placed.rows,))
    assert (seats(0.60, levers=[placed]), seats(0.61, levers=[placed])) == (0.0, 22.0)  # exp(-1/2)
    asked = 0.25 / 6 * 48 * 10 / (22.33 / 0.7)  # courses: 0.627
    assert seats(exp(-asked) - 1e-3, request=48.0) == 0.0
    assert seats(exp(-asked) + 1e-3, request=48.0) == 22.0


def test_share_of_packages_that_are_systems():
    kit = columns([Equipment()])
    got = provision.share_of_systems(one(2, 0, 2, 0), one(0, 1, 1, 0), kit)[0]
    assert got == pytest.approx([0.1, 1.0, 0.4, 0.0])  # (2 x 0.1 + 1) / 3


def test_value_of_packages():
    kit = columns([Equipment()])
    got = provision.package_usd(one(2, 2, 1, 0), one(0, 1, 0, 1), one(0, 0, 1, 0), kit)[0]
    assert got.tolist() == [300_000.0, 16_000_000.0, np.rint(150_000 * exp(1.5)), 0.0]


def packages(share: float, rows: int):
    """Return the packages of a donor with 60 a year, 5 a month times a share for each row."""
    donor = {"training": {"officers": 0}, "equipment": {"packages": 60}}
    month = month_of(tiny(rows, [donor]), Tape(3, [0]))
    month.shares = [np.full((1, rows), share)]
    return go(month, offer).deals[0].equipment


def test_packages_are_rare_heavy_tailed_and_sometimes_systems():
    n = 40_000
    got = packages(4.0, n)
    assert abs(got.surveillance.mean() - 0.1) < 4 * np.sqrt(0.09 / n)
    small = np.log(got.usd[~got.surveillance])
    # about 20 packages of a median of 150,000, with a log-sd of 1.5
    assert abs(np.median(small) - log(20 * 150_000)) < 0.1
    assert abs(small.std() - 1.5) < 0.05
    empty = packages(0.0, n)
    assert not empty.usd.any()
    assert not empty.surveillance.any()


def test_affordable_systems_are_added_where_a_lever_says():
    added = lever(TechAlternative, [0, 1], donor="AAA", packages=24.0, ramp=2.0)
    situation = tiny(2, [{"equipment": {"packages": 0}}], levers=[added])
    draws = {"equipment": 0.37, "equipment system": 0.99}  # half of 2 a month: exp(-1) = 0.368
    got = go(month_of(situation, draws), plan, offer).deals[0].equipment
    assert got.usd[0] == pytest.approx([0.0, 8e6])  # the median
    assert got.surveillance.tolist() == [[False, True]]
