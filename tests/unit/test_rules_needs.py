"""Demand, allocation and provision, by hand."""

from math import exp, log

import numpy as np
import pytest
from tiny import lever, numbers, tiny

from hedgerow.core.donors import Donor, Equipment
from hedgerow.core.levers import GapFill, ReactionLever
from hedgerow.core.numbers import columns
from hedgerow.core.rules import allocation, demand, provision
from hedgerow.core.world import Agreement

P = numbers()


def one(*values: float) -> np.ndarray:
    return np.array([values], dtype=float)


def test_required_capability():
    got = demand.required(one(1.2), one(0.5), one(0.4), one(0.5), P.demand)
    # crime 0.6 + 0.5 x 0.2; order 0.6 + 0.3 x 0.5 x 0.6 + 0.15 x 0.5; technology without the stake
    assert got[0, :, 0] == pytest.approx([0.7, 0.765, 0.7, 0.69])


@pytest.mark.parametrize(("crime", "wanted"), [(20.0, 1.0), (0.05, 0.125)])
def test_required_capability_stays_within_bounds(crime, wanted):
    got = demand.required(one(crime), one(1.0), one(0.0), one(1.0), P.demand)
    assert got[0, demand.INVESTIGATION, 0] == pytest.approx(wanted)  # 0.6 - 0.5 x 0.95
    assert got.max() <= 1.0


def test_broad_coalitions_ask_for_no_order_however_threatened():
    got = demand.required(one(1.0), one(1.0), one(1.0), one(0.0), P.demand)
    assert got[0, :, 0] == pytest.approx([0.6] * 4)


def test_trouble_diverts_investigation_and_border_to_order():
    capability = np.full((1, 4, 2), 0.5)
    got = demand.effective(capability, one(1.0, 0.0), P.politics.trouble_diversion)
    # 0.5 x (1 - 0.2); what they lose, 0.1 on average, serves order
    assert got[0, :, 0] == pytest.approx([0.4, 0.6, 0.4, 0.5])
    assert got[0, :, 1].tolist() == [0.5] * 4
    assert np.all(capability == 0.5)


def test_gaps_are_what_is_lacking_less_relief():
    required, serving = np.full((1, 4, 3), 0.7), np.full((1, 4, 3), 0.5)
    serving[..., 2] = 0.9
    got = demand.gaps(required, serving, one(0.25, 1.0, 0.0))
    assert got[0, 0] == pytest.approx([0.15, 0.0, 0.0])  # 0.2 x 0.75; all relieved; no gap
    assert demand.gaps(required, serving, 0.0)[0, 0, 0] == pytest.approx(0.2)


def test_cover():
    got = allocation.cover(one(0.0, 0.5, 1e6), P.delivery)
    assert got[0] == pytest.approx([0.0, 1 - exp(-1), 1.0])


def test_shares_follow_scores():
    weights = {"value": 0.5, "temperature": 0.5, "gap": 0, "alignment": 0}
    situation = tiny(2, [{"weights": weights}], fact_value=[0.0, 1.0])
    # 0.5 x 1 / 0.5 = 1 more for the second
    assert allocation.plan(situation, 0)[0] == pytest.approx(
        [1 / (1 + exp(1)), exp(1) / (1 + exp(1))]
    )


def test_score_terms_by_hand():
    weights = {
        "value": 1,
        "stake": 0.5,
        "exposure": 0.4,
        "alignment": 0.3,
        "gap": 0.5,
        "cover": 0.2,
    }
    situation = tiny(
        1, [{"weights": weights}, {}], fact_value=2.0, fact_stake=0.6, fact_exposure=0.5,
        alignment=0.4, gap=0.25, help=[[0.0], [0.5]], request=0.8,
    )  # fmt: skip
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


def test_courses_a_year():
    training = columns(
        [Donor.model_validate({"name": "", "training": {
            "officers": 2200, "group": 22, "in_host": 0.5, "cost_ratio": 3, "take_up": 0.5,
            "growth": 0.1}})]
    ).training  # fmt: skip
    # seats a course 22 x (0.5 + 0.5 x 3) = 44; 2200 / (0.5 x 44) = 100; two years at a tenth: 121
    assert provision.courses_a_year(training, 0.0, 1.0).item() == pytest.approx(100)
    assert provision.courses_a_year(training, 2.0, 1.0).item() == pytest.approx(121)
    assert provision.courses_a_year(training, 0.0, 0.0).item() == 0.0


def test_courses_at_home_have_more_seats():
    donor = columns([Donor(name="x")])
    got = provision.training_offer(
        donor, one(1.0, 1.0, 0.0), 0.3, one(0.5, 0.5, 0.99), one(0.29, 0.31, 0.0)
    )
    assert got.officers.tolist() == [[55.0, 22.0, 0.0]]  # 22 x 2.5; 22; none
    assert got.in_host.tolist() == [[True, False, True]]


def test_packages_are_rare_heavy_tailed_and_sometimes_systems():
    donor = columns([Donor(name="x", equipment=Equipment())])
    n = 40_000
    uniform = np.random.default_rng(3).random((1, n))
    got = provision.equipment_offer(donor, np.full((1, n), 20.0), 0.2, uniform)
    assert abs(got.surveillance.mean() - 0.1) < 4 * np.sqrt(0.09 / n)
    small = np.log(got.usd[~got.surveillance])
    # about 20 packages of a median of 150,000, with a log-sd of 1.5
    assert abs(np.median(small) - log(20 * 150_000)) < 0.1
    assert abs(small.std() - 1.5) < 0.05
    empty = provision.equipment_offer(donor, np.zeros((1, n)), 0.2, uniform)
    assert not empty.usd.any()
    assert not empty.surveillance.any()
