"""Delivery, beliefs and alignment, by hand."""

from math import exp, log

import numpy as np
import pytest
from tiny import lever, numbers

from hedgerow.core.donors import Donor
from hedgerow.core.levers import Information
from hedgerow.core.numbers import columns
from hedgerow.core.rules import alignment, beliefs, delivery
from hedgerow.core.rules.common import total
from hedgerow.core.rules.delivery import Delivered

P = numbers()
DONOR = columns(
    [Donor.model_validate({"name": "x", "quality": 0.6, "fit": {"investigation": 0.5}})]
)
FORCE = np.array([10.0])


def one(*values: float) -> np.ndarray:
    return np.array([values], dtype=float)


def got(officers=0.0, in_host=False, usd=0.0, system=0.0, follow_up=0.0) -> Delivered:
    return Delivered(
        one(officers), np.array([[in_host]]), one(officers * 2.5), one(usd), one(system),
        one(follow_up),
    )  # fmt: skip


def test_dose_counts_officers_by_force_and_kit_by_its_logarithm():
    assert got(officers=5.0).dose(FORCE, P.delivery).item() == 0.5
    assert got(usd=1e6).dose(FORCE, P.delivery).item() == pytest.approx(0.1 * log(2))
    assert got().dose(FORCE, P.delivery).item() == 0.0


def test_capability_gain_at_home_and_abroad():
    capability = np.full((1, 4, 1), 0.4)
    trained = 1 - exp(-1)  # 10 officers, one per cent of the force
    home = delivery.capability_gain(capability, DONOR, got(10, True), FORCE, P.delivery)
    assert home[0, 0, 0] == pytest.approx(0.5 * 0.03 * trained * 0.6)
    assert home[0, 1, 0] == pytest.approx(0.4 * 0.03 * trained * 0.6)
    away = delivery.capability_gain(capability, DONOR, got(10, follow_up=1.0), FORCE, P.delivery)
    assert away == pytest.approx(home * 0.8 * 1.5)


def test_kit_helps_order_border_and_technology_alone():
    capability = np.full((1, 4, 1), 0.4)
    gain = delivery.capability_gain(capability, DONOR, got(usd=1e6), FORCE, P.delivery)
    assert gain[0, :, 0] == pytest.approx([0.0] + [0.01 * log(2) * 0.6] * 3)


def test_no_help_or_no_room_brings_no_gain():
    some = np.full((1, 4, 1), 0.4)
    assert not delivery.capability_gain(some, DONOR, got(), FORCE, P.delivery).any()
    full = np.ones((1, 4, 1))
    assert not delivery.capability_gain(full, DONOR, got(99, usd=1e9), FORCE, P.delivery).any()


def test_turnover_takes_a_tenth_of_the_gain_a_year():
    loss = delivery.turnover_loss(np.full((1, 4, 1), 0.52), np.full((4, 1), 0.4), P.delivery)
    assert loss[0, :, 0] == pytest.approx([-0.001] * 4)  # 0.1 / 12 x 0.12


def test_lock_in_ages_and_grows_with_systems():
    assert delivery.lock_in(one(1.2), got(), P.delivery).item() == pytest.approx(1.19)
    new = delivery.lock_in(one(0.0), got(usd=8e6, system=8e6), P.delivery).item()
    assert new == pytest.approx(0.3 * (1 - exp(-1)))


def test_kit_fails_unless_maintained():
    after = delivery.uptime(one(0.5, 0.5, 0.8, 0.0), one(1, 0, 1, 0), P.delivery)[0]
    assert after == pytest.approx([0.53, 0.49, 0.8, 0.0])  # + 0.1 x 0.3; - 0.02 x 0.5


def test_trust_grows_by_ties_and_cases_and_fades():
    def trust(now, usual, help_, what):
        return delivery.trust(
            one(now), one(usual), one(help_), got=what, force=FORCE, p=P.delivery
        ).item()

    trained = 1 - exp(-1)
    assert trust(0.2, 0.2, 0, got(10)) == pytest.approx(0.2 + 0.03 * trained * 0.8)
    assert trust(0.2, 0.2, 0, got(10, True)) == pytest.approx(0.2 + 0.5 * 0.03 * trained * 0.8)
    assert trust(0.2, 0.2, 0.5, got(follow_up=1)) == pytest.approx(0.2 + 0.004 * 0.5 * 0.8)
    assert trust(0.7, 0.2, 0, got()) == pytest.approx(0.69)  # - 0.02 x 0.5
    assert trust(1.0, 1.0, 9, got(999, follow_up=1)) == 1.0


def test_true_effect_is_quality_where_it_fits():
    gap = np.full((1, 4, 1), 0.2)
    # fit (0.5 + 3 x 0.4) / 4 = 0.425; 2 x 0.6 x 0.425
    assert beliefs.true_effect(gap, DONOR).item() == pytest.approx(0.51)
    gap[0, 1:] = 0.0
    assert beliefs.true_effect(gap, DONOR).item() == pytest.approx(0.6)
    assert beliefs.true_effect(gap * 0.0, DONOR).item() == pytest.approx(0.51)  # all needs alike


def test_experience_is_a_kalman_update():
    mean, variance = beliefs.experience(
        one(0.5, 0.5), one(0.09, 0.09), effect=one(0.8, 0.8), seen=one(1, 0),
        noise=one(0.2, 9.0), p=P.beliefs,
    )  # fmt: skip
    gain = 0.09 / 0.34  # 0.09 + 0.5 squared
    assert mean[0] == pytest.approx([0.5 + gain * 0.4, 0.5])  # seen 0.8 + 0.5 x 0.2
    assert variance[0] == pytest.approx([0.09 * (1 - gain) + 0.001, 0.091])


def test_hearsay_moves_towards_neighbours_but_not_past_them():
    shift = beliefs.hearsay(one(0.09, 1e9, 0.0), one(0.2, 0.2, 0.2), P.beliefs)[0]
    assert shift == pytest.approx([0.2 * 0.072 / 1.072, 0.2, 0.0])  # precision 0.2 / 0.25 = 0.8


@pytest.mark.parametrize(
    ("settings", "shift"),
    [
        ({"kind": "evidence"}, 0.3),
        ({"kind": "promotion"}, 0.4),  # claims 0.9
        ({"kind": "attack"}, 0.0),  # no effect unless stated
        ({"kind": "attack", "effect": 0.2}, -0.2),
        ({"kind": "evidence", "intensity": 0.0}, 0.0),
    ],
)
def test_campaigns(settings, shift):
    placed = lever(Information, **({"intensity": 1.0, "credibility": 0.5} | settings))
    got_ = beliefs.campaign(one(0.5), one(0.09), one(0.8), placed.lever, P.beliefs)
    assert got_.item() == pytest.approx(shift * 0.18 / 1.18)  # precision 1 x 0.5 / 0.25 = 2


def terms(*, now=0.5, usual=0.5, help_=0.0, first_help=0.0, met=0.0, **others):
    rest = {"neighbours": 0.0, "loss": 0.0, "noise": 0.0} | others
    return alignment.change_terms(
        one(now), usual=one(usual), help_=one(help_), first_help=one(first_help), response=0.01,
        met=one(met), **{name: one(value) for name, value in rest.items()}, p=P.alignment,
    )  # fmt: skip


def test_alignment_term_by_term():
    seen = {"neighbours": 0.1, "loss": 0.02, "noise": -1.0}
    got_ = terms(now=0.6, usual=0.5, help_=0.5, first_help=1 / 6, met=2.0, **seen)
    assert {k: v.item() for k, v in got_.items()} == pytest.approx(
        {
            "help": 0.001,  # 0.01 x (0.5 / 1 - 0.1667 / 0.6667) x 0.4
            "meetings": 0.004,  # 0.005 x 2 x 0.4
            "usual stance": -0.002,
            "neighbours": 0.002,
            "exposure, cut-off and backlash": -0.02,
            "chance": -0.01,
        }
    )


def test_full_alignment_gains_nothing_from_help():
    got_ = terms(now=1.0, usual=1.0, help_=9.0, met=9.0)
    assert total(got_).item() == 0.0


def test_rivalry_shares_what_it_is_told_to():
    rivals = ~np.eye(2, dtype=bool)
    own = [{"x": one(0.03)}, {"x": one(0.01)}]
    hybrid = alignment.with_rivalry(own, rivals, 0.0)
    assert [total(t).item() for t in hybrid] == pytest.approx([0.03, 0.01])
    forced = alignment.with_rivalry(own, rivals, -1.0)
    assert [total(t).item() for t in forced] == pytest.approx([0.02, -0.02])


def test_bounds_hold_and_under_forced_choice_hold_both_back():
    now = [one(0.99, 0.0, 0.5), one(0.5, 0.5, 0.5)]
    step = [{"x": one(0.04, -0.1, 0.1)}, {"x": one(-0.04, 0.1, -0.1)}]
    free = [total(t)[0] for t in alignment.with_bounds(now, step, 0.0)]
    assert free[0] == pytest.approx([0.01, 0.0, 0.1])
    assert free[1] == pytest.approx([-0.04, 0.1, -0.1])
    forced = [total(t)[0] for t in alignment.with_bounds(now, step, -1.0)]
    assert forced[0] == pytest.approx([0.01, 0.0, 0.1])
    assert forced[1] == pytest.approx([-0.01, 0.0, -0.1])


def test_voting_moves_towards_each_donors_point_with_the_session_mean_removed():
    states = np.array([True, True, False])
    rise = np.array([[[0.1, 0.0, 0.0], [0.3, 0.0, 0.0]]])
    pole = np.array([[-1.0, -1.0, 1.0], [0.5, 1.0, 1.0]])
    got_ = alignment.voting(np.array([1.0, -1.0, 5.0]), rise, pole, states, P.voting)
    # 1 - 0.1 x 1 + 0.3 x 0.5 = 1.05 and -1, mean 0.025
    assert got_[0] == pytest.approx([1.025, -1.025, 4.975])
