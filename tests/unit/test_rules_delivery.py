"""Delivery, beliefs and alignment, by hand."""

from math import exp, log

import numpy as np
import pytest
from scipy.special import ndtr
from tiny import go, lever, month_of, numbers, one, tiny

from hedgerow.core.compiled import add
from hedgerow.core.donors import Donor
from hedgerow.core.levers import Budget, ForcedChoice, Information
from hedgerow.core.month import Deal, Month
from hedgerow.core.numbers import columns
from hedgerow.core.phases.align import align, change_terms
from hedgerow.core.phases.deliver import deliver
from hedgerow.core.phases.learn import learn
from hedgerow.core.rules import alignment, beliefs, delivery
from hedgerow.core.rules.alignment import CHANGE_NAMES
from hedgerow.core.rules.allocation import fit_gap
from hedgerow.core.rules.delivery import Delivered
from hedgerow.core.rules.provision import EquipmentOffer, TrainingOffer
from hedgerow.core.world import Agreement, World

P = numbers()
HELPER = {"quality": 0.6, "fit": {"investigation": 0.5}, "follow_up": 0, "follow_up_core": 1}
DONOR = columns([Donor.model_validate({"name": "x", **HELPER})])
TRAINED = 1 - exp(-1)  # 10 officers, one per cent of the force


def got(officers=0.0, in_host=False, usd=0.0, system=False, **state) -> World:
    """Return the world after help has arrived; follow-up is full where ``fact_core`` is 1."""
    month = month_of(tiny(donors=[HELPER], **state))
    none, no, yes = one(0), np.array([[False]]), np.array([[True]])
    training = TrainingOffer(one(officers), np.array([[in_host]]), 2.5, 0.3)
    kit = EquipmentOffer(one(usd), np.array([[system]]), 0.2)
    month.deals = [Deal(training, kit, none, none, yes if officers else no, yes if usd else no)]
    return go(month, deliver).world


def gained(**help_) -> np.ndarray:
    return got(**help_).capability[0, :, 0] - 0.4


def test_dose_counts_officers_by_force_and_kit_by_its_logarithm():
    def dose(weeks, usd):
        return delivery.dose(one(weeks), one(usd), one(10), P.delivery).item()

    assert dose(5 * 2.5, 0.0) == 0.5
    assert dose(0.0, 1e6) == pytest.approx(0.1 * log(2))
    assert dose(0.0, 0.0) == 0.0
    assert got(officers=5).help.item() == 0.5
    assert got(usd=1e6).help.item() == pytest.approx(0.1 * log(2))


def test_courses_at_home_and_abroad():
    home = delivery.taught(one(10), one(1), one(0), one(10), P.delivery)
    assert home.item() == pytest.approx(0.03 * TRAINED)
    away = delivery.taught(one(10), one(0), one(1), one(10), P.delivery)
    assert away.item() == pytest.approx(0.03 * TRAINED * 0.8 * 1.5)
    assert delivery.taught(one(0), one(1), one(1), one(10), P.delivery).item() == 0.0


def test_capability_gain_at_home_and_abroad():
    home = gained(officers=10, in_host=True)
    assert home[0] == pytest.approx(0.5 * 0.03 * TRAINED * 0.6)
    assert home[1:] == pytest.approx([0.4 * 0.03 * TRAINED * 0.6] * 3)
    assert gained(officers=10, fact_core=1.0) == pytest.approx(home * 0.8 * 1.5)


def test_kit_helps_order_border_and_technology_alone():
    assert delivery.equipped(one(1e6), P.delivery).item() == pytest.approx(0.01 * log(2))
    assert gained(usd=1e6) == pytest.approx([0.0] + [0.01 * log(2) * 0.6] * 3)
    both = gained(usd=1e6, officers=10)
    assert both == pytest.approx(gained(usd=1e6) + gained(officers=10))


def test_no_help_or_no_room_brings_no_gain():
    assert not gained().any()
    full = got(99, usd=1e9, capability=1.0, fact_capability=1.0)
    assert np.all(full.capability == 1.0)


def test_two_donors_add_to_what_stood_before_either():
    month = month_of(tiny(donors=[HELPER, HELPER]))
    none, yes = one(0), np.array([[True]])
    training = TrainingOffer(one(10), yes, 2.5, 0.3)
    deal = Deal(training, EquipmentOffer(none, ~yes, 0.2), none, none, yes, yes)
    month.deals = [deal, deal]
    world = go(month, deliver).world
    assert world.capability[0, 0, 0] == pytest.approx(0.4 + 2 * 0.5 * 0.03 * TRAINED * 0.6)


def test_turnover_takes_a_tenth_of_the_gain_a_year():
    loss = delivery.turnover_loss(np.full((1, 4, 1), 0.52), np.full((4, 1), 0.4), P.delivery)
    assert loss[0, :, 0] == pytest.approx([-0.001] * 4)  # 0.1 / 12 x 0.12
    assert got(capability=0.52).capability[0, :, 0] == pytest.approx([0.519] * 4)


def test_lock_in_ages_and_grows_with_systems():
    assert delivery.lock_in(one(1.2), one(0), P.delivery).item() == pytest.approx(1.19)
    new = 0.3 * TRAINED
    assert delivery.installed(one(8e6), P.delivery).item() == pytest.approx(new)
    assert delivery.lock_in(one(0), one(new), P.delivery).item() == pytest.approx(new)
    assert got(usd=8e6, system=True, lock_in=1.2).lock_in.item() == pytest.approx(1.19 + new)
    assert got(usd=8e6, lock_in=1.2).lock_in.item() == pytest.approx(1.19)  # no system


def test_kit_fails_unless_maintained():
    after = delivery.uptime(one(0.5, 0.5, 0.8, 0.0), one(1, 0, 1, 0), P.delivery)[0]
    assert after == pytest.approx([0.53, 0.49, 0.8, 0.0])  # + 0.1 x 0.3; - 0.02 x 0.5
    assert got(uptime=0.5).uptime.item() == pytest.approx(0.53)
    assert got(uptime=0.5, agreement=Agreement.PAUSED).uptime.item() == pytest.approx(0.49)


def test_trust_grows_by_ties_and_cases_and_fades():
    def trust(now, usual, help_, officers=0.0, *, in_host=0.0, follow_up=0.0):
        met = delivery.ties(one(officers), one(in_host), one(10), P.delivery)
        by_rule = delivery.trust(one(now), one(usual), one(help_), met, one(follow_up), P.delivery).item()
        after = got(officers, bool(in_host), trust=now, fact_trust=usual, help=help_, fact_core=follow_up)
        assert after.trust.item() == pytest.approx(by_rule)
        return by_rule

    assert trust(0.2, 0.2, 0, 10) == pytest.approx(0.2 + 0.03 * TRAINED * 0.8)
    assert trust(0.2, 0.2, 0, 10, in_host=1) == pytest.approx(0.2 + 0.5 * 0.03 * TRAINED * 0.8)
    assert trust(0.2, 0.2, 0.5, follow_up=1) == pytest.approx(0.2 + 0.004 * 0.5 * 0.8)
    assert trust(0.7, 0.2, 0) == pytest.approx(0.69)  # - 0.02 x 0.5
    assert trust(1.0, 1.0, 9, 999, follow_up=1) == 1.0


def test_a_seat_costs_less_at_home_and_is_counted():
    assert delivery.seat_usd(one(0, 1), DONOR.training)[0].tolist() == [6000.0, 2400.0]  # / 2.5
    world = got(officers=10, in_host=True, usd=1e6)
    assert world.spent_usd.item() == pytest.approx(10 * 2400.0 + 1e6)
    assert (world.officers.item(), world.officer_weeks.item()) == (10.0, 25.0)
    assert world.equipment_usd.item() == 1e6


def test_follow_up_scales_with_the_budget_and_stops_while_paused():
    def trust(**state):
        return got(trust=0.2, fact_trust=0.2, help=0.5, fact_core=1.0, **state).trust.item()

    full = 0.004 * 0.5 * 0.8
    assert trust() - 0.2 == pytest.approx(full)
    half = lever(Budget, donor="AAA", follow_up=0.5)
    assert trust(levers=[half]) - 0.2 == pytest.approx(full / 2)
    assert trust(agreement=Agreement.PAUSED) == 0.2


@pytest.mark.parametrize(
    ("gap", "effect"),
    [
        ([0.2] * 4, 0.51),  # fit (0.5 + 3 x 0.4) / 4 = 0.425; 2 x 0.6 x 0.425
        ([0.2, 0.0, 0.0, 0.0], 0.6),
        ([0.0] * 4, 0.51),  # all needs alike
    ],
)
def test_true_effect_is_quality_where_it_fits(gap, effect):
    fits, even = fit_gap([one(k) for k in gap], DONOR.fit), fit_gap([0.25] * 4, DONOR.fit)
    got_ = beliefs.true_effect(fits, one(sum(gap)), even, DONOR.quality)
    assert got_.item() == pytest.approx(effect)
    assert beliefs.true_effect(one(9), one(1), even, DONOR.quality).item() == 1.0  # bounded


def test_experience_is_a_kalman_update():
    mean, variance = beliefs.experience(one(0.5, 0.5), one(0.09, 0.09), one(0.8, 0.8), one(1, 0), one(0.2, 9.0), P.beliefs)
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


def learned(draw=0.5, helped=(True, False), gap=0.2, **state) -> World:
    month = month_of(tiny(2, [HELPER], gap=gap, **state), {"experience": draw})
    month.delivered = [Delivered(one(*(10.0 * h for h in helped)), one(0, 0))]
    return go(month, learn).world


def test_those_who_were_helped_learn_the_true_effect():
    world = learned(draw=ndtr(0.2))
    gain = 0.09 / 0.34
    assert world.belief[0, 0] == pytest.approx([0.5 + gain * 0.11, 0.5], abs=1e-6)  # seen 0.61
    assert learned(draw=ndtr(0.2), gap=0.0).belief[0, 0] == pytest.approx(world.belief[0, 0])  # all needs alike
    assert world.belief_variance[0, 0] == pytest.approx([0.09 * (1 - gain) + 0.001, 0.091])


def test_neighbours_tell_each_other_and_campaigns_tell_all():
    apart, told = {"helped": (False, False), "belief": [0.4, 0.6]}, 0.072 / 1.072
    assert learned(**apart).belief[0, 0].tolist() == [0.4, 0.6]
    heard = learned(**apart, pairs=[(0, 1)]).belief[0, 0]
    assert heard == pytest.approx([0.4 + 0.2 * told, 0.6 - 0.2 * told])
    campaign = lever(Information, [0, 1], donor="AAA", about="AAA", kind="evidence", intensity=1.0, credibility=0.5)
    shown = learned(**apart, levers=[campaign]).belief[0, 0]
    assert shown == pytest.approx([0.4, 0.6 - 0.09 * 0.18 / 1.18])  # the true effect is 0.51


def test_a_campaign_tells_of_the_donor_it_is_about_alone():
    def beliefs_in(*levers) -> np.ndarray:
        month = month_of(tiny(1, [HELPER] * 3, gap=0.2, levers=levers))
        month.delivered = [Delivered(one(0), one(0))] * 3
        return go(month, learn).world.belief[0, :, 0]

    about = {"kind": "promotion", "intensity": 1.0, "credibility": 0.5}
    shift = 0.4 * 0.18 / 1.18  # claims 0.9
    of_a_rival = lever(Information, donor="AAA", about="BBB", **about)
    assert beliefs_in(of_a_rival) == pytest.approx([0.5, 0.5 + shift, 0.5])
    of_itself = lever(Information, donor="AAA", about="AAA", **about)
    assert beliefs_in(of_a_rival, of_itself) == pytest.approx([0.5 + shift, 0.5 + shift, 0.5])


def terms(*, now=0.5, usual=0.5, help_=0.0, first_help=0.0, met=0.0, **others):
    rest = {"neighbours": 0.0, "loss": 0.0, "noise": 0.0} | others
    return alignment.change(
        one(now),
        one(usual),
        one(help_),
        one(first_help),
        0.01,
        one(met),
        **{name: one(value) for name, value in rest.items()},
        p=P.alignment,
    )


def test_alignment_term_by_term():
    seen = {"neighbours": 0.1, "loss": 0.02, "noise": -1.0}
    got_ = terms(now=0.6, usual=0.5, help_=0.5, first_help=1 / 6, met=2.0, **seen)
    assert {k: v.item() for k, v in zip(CHANGE_NAMES, got_, strict=False)} == pytest.approx(
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
    assert add(got_).item() == 0.0


def test_rivals_change_counts_by_rho():
    assert alignment.from_rivals(one(0.03), 0.0).item() == 0.0
    assert alignment.from_rivals(one(0.03), -1.0).item() == -0.03


def test_shares_of_a_change_that_bounds_allow():
    kept = alignment.kept_share(one(0.99, 0.0, 0.5, 0.5), one(0.04, -0.1, 0.1, 0.0))[0]
    assert kept == pytest.approx([0.25, 0.0, 1.0, 1.0])  # 0.01 of 0.04
    assert alignment.held_share(one(1.0), one(0.25), 0.0).item() == 1.0
    assert alignment.held_share(one(1.0), one(0.25), -1.0).item() == 0.25
    assert alignment.held_share(one(1.0), one(0.25), -0.4).item() == pytest.approx(0.7)
    assert alignment.held_share(one(1.0), one(0.25), 0.1).item() == 1.0  # help for both binds none


def moved(gains, now=0.5, rho=0.0, **settings) -> Month:
    """Return a month before alignment moves by some gains, ``(donors, rows)``, and rivalry."""
    gains = np.array(gains, dtype=float)
    situation = tiny(
        gains.shape[1],
        [{}] * len(gains),
        alignment=now,
        fact_alignment=now,
        parameters=numbers(alignment={"rivalry": rho}),
        **settings,
    )
    month = month_of(situation)
    month.loss = -gains[None]
    month.delivered = [Delivered(*np.zeros((2, 1, gains.shape[1]))) for _ in gains]
    return month


def steps(month: Month) -> list[np.ndarray]:
    """Return each donor's change, which its terms make up exactly and which align then takes."""
    before, told = month.world.alignment.copy(), change_terms(month)
    own = [add(tuple(terms.values()))[0] for terms in told]
    align(month)
    for d, step in enumerate(own):
        assert np.array_equal(month.world.alignment[0, d], np.clip(before[0, d] + step, 0, 1))
    return own


@pytest.mark.parametrize(("officers", "usd", "followed"), [(10.0, 0.0, True), (0.0, 1e6, True), (0.0, 0.0, False)])
def test_meetings_pay_once_officers_or_kit_have_followed(officers, usd, followed):
    month = moved([[0.0]], pending=2.0)
    month.delivered = [Delivered(one(officers), one(usd))]
    (step,) = steps(month)
    assert step.item() == pytest.approx(0.005 * 2 * 0.5 * followed)
    assert month.world.pending.item() == pytest.approx(0.0 if followed else 2 * (1 - 1 / 6))


def test_rivalry_shares_what_it_is_told_to():
    hybrid = steps(moved([[0.03], [0.01]]))
    assert [t.item() for t in hybrid] == pytest.approx([0.03, 0.01])
    forced = steps(moved([[0.03], [0.01]], rho=-1.0))
    assert [t.item() for t in forced] == pytest.approx([0.02, -0.02])
    policy = lever(ForcedChoice, [1, 0], rho=-1.0)
    some = steps(moved([[0.03, 0.03], [0.01, 0.01]], levers=[policy]))
    assert some[0] == pytest.approx([0.02, 0.03])


def test_bounds_hold_and_under_forced_choice_hold_both_back():
    now = [[0.99, 0.0, 0.5], [0.5, 0.5, 0.5]]
    free = steps(moved([[0.04, -0.1, 0.1], [-0.04, 0.1, -0.1]], now))
    assert free[0] == pytest.approx([0.01, 0.0, 0.1])
    assert free[1] == pytest.approx([-0.04, 0.1, -0.1])
    forced = steps(moved([[0.04, -0.1, 0.1], [0.0, 0.0, 0.0]], now, rho=-1.0))
    assert forced[0] == pytest.approx([0.01, 0.0, 0.1])
    assert forced[1] == pytest.approx([-0.01, 0.0, -0.1])


def test_under_forced_choice_the_sum_of_two_stays_whatever_happens():
    rng = np.random.default_rng(11)
    now, gains = rng.random((2, 200)), rng.normal(0, 0.5, (2, 200))
    month = moved(gains, now, rho=-1.0)
    steps(month)
    after = month.world.alignment[0]
    assert after.sum(axis=0) == pytest.approx(now.sum(axis=0), abs=1e-12)
    assert after.min() >= 0.0
    assert after.max() <= 1.0
    bound = np.any((after < 1e-12) | (after > 1 - 1e-12), axis=0)
    assert 20 < bound.sum() < 180  # it happened to some


def test_neighbours_draw_unless_they_are_too_far_off():
    got_ = change_terms(moved([[0.0] * 3], [0.4, 0.6, 0.9], pairs=[(0, 1), (1, 2)]))[0]
    # 0.02 x 0.2; half of (-0.2 + 0.3 beyond reach); beyond reach
    assert got_["neighbours"][0] == pytest.approx([0.004, -0.002, 0.0])


def test_voting_moves_towards_each_donors_point_with_the_session_mean_removed():
    states = np.array([True, True, False])
    rise = np.array([[[0.1, 0.0, 0.0], [0.3, 0.0, 0.0]]])
    pole = np.array([[-1.0, -1.0, 1.0], [0.5, 1.0, 1.0]])
    got_ = alignment.voting(np.array([1.0, -1.0, 5.0]), rise, pole, states, P.voting)
    # 1 - 0.1 x 1 + 0.3 x 0.5 = 1.05 and -1, mean 0.025
    assert got_[0] == pytest.approx([1.025, -1.025, 4.975])
