"""Forums and ministers' partners, by hand."""

from math import exp, log

import numpy as np
import pytest
from tiny import numbers, tiny

from hedgerow.core.donors import Donor, Forum, Tier
from hedgerow.core.numbers import columns
from hedgerow.core.rules import diplomacy
from hedgerow.core.scene import Gathering
from hedgerow.core.world import Agreement

P = numbers().diplomacy
HALF = 0.5


def logistic(x: float) -> float:
    return 1 / (1 + exp(-x))


def gathering(rows: int, hostile: float = 0.0, **settings) -> Gathering:
    forum = columns([Forum(name="f", publicity=0.5, **settings)])
    members = np.ones(rows, dtype=bool)
    return Gathering("f", forum, members, frozenset({0}), np.full(rows, hostile))


@pytest.mark.parametrize(("months", "level"), [(-5, 0.15), (0, 0.15), (10, 0.575), (40, 1.0)])
def test_activity_ramps_up(months, level):
    assert diplomacy.activity(months, P).item() == pytest.approx(level)  # 0.15 + 0.85 x 10 / 20


def test_attendance_by_hand():
    situation = tiny(agreement=Agreement.ACTIVE, alignment=0.6)
    # -1 - 2 x 0.5 x 0.4 + 2 x 0.6 + 1 = 0.8
    got = diplomacy.attendance(situation, gathering(1, organiser="AAA"), 0.0)
    assert got.item() == pytest.approx(logistic(0.8))
    got = diplomacy.attendance(situation, gathering(1, hostile=1.0, organiser="AAA"), 0.0)
    assert got.item() == pytest.approx(logistic(0.1))
    got = diplomacy.attendance(situation, gathering(1), 0.5)  # nobody's forum, stronger by 0.5
    assert got.item() == pytest.approx(logistic(-0.9))


def test_attendance_counts_on_neighbours():
    got = diplomacy.attendance(tiny(3, pairs=[(0, 1)]), gathering(3), 0.0)
    alone = logistic(-1.4)
    assert got[0] == pytest.approx([logistic(-1.4 + 1.5 * alone)] * 2 + [alone])


def test_paused_partners_and_strangers_stay_away():
    paused = tiny(agreement=Agreement.PAUSED)
    assert diplomacy.attendance(paused, gathering(1, organiser="AAA"), 0.0).item() == 0.0
    stranger = gathering(1)
    stranger.members[:] = False
    assert diplomacy.attendance(tiny(), stranger, 4.0).item() == 0.0


def test_value_of_a_meeting_term_by_term():
    tier = columns([Tier(body="MPS", tier="minister", ideology=1.5)])
    situation = tiny(
        fact_value=2.0, alignment=0.4, fact_hub=0.5, fact_border=1.0, fact_affinity=0.6, recent=3.0
    )
    # value 1.4 x 2, willingness 0.5 x 0.4, regional weight 0.3 x 0.5, shared border 0.3 x 1
    value = diplomacy.meeting_value(situation, 0).item()
    assert value == pytest.approx(2.8 + 0.2 + 0.15 + 0.3 - 0.25 * log(4))
    assert diplomacy.likeness(situation, 0, tier).item() == pytest.approx(0.9)  # 1.5 x 0.6


def choose(value, cost, budget, uniform=HALF, open_=True):
    value = np.array([value], dtype=float)
    return diplomacy.choose_partners(
        value, np.array([cost], dtype=float), np.array([[budget]], dtype=float),
        np.broadcast_to(np.asarray(uniform), value.shape).astype(float),
        np.broadcast_to(np.asarray(open_), value.shape),
    )[0].tolist()  # fmt: skip


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
    uniform = np.random.default_rng(4).random((runs, 2))
    value = np.broadcast_to(np.array([log(3.0), 0.0]), (runs, 2))
    chosen = diplomacy.choose_partners(
        value, np.ones((runs, 2)), np.ones((runs, 1)), uniform, np.ones((runs, 2), dtype=bool)
    )
    assert np.all(chosen.sum(axis=1) == 1)
    assert abs(chosen[:, 0].mean() - 0.75) < 4 * np.sqrt(0.75 * 0.25 / runs)


def test_no_budget_is_overspent_whatever_the_batch():
    rng = np.random.default_rng(5)
    value, uniform = rng.normal(size=(200, 30)), rng.random((200, 30))
    cost, open_ = rng.choice([0.4, 1.0], (200, 30)), rng.random((200, 30)) < 0.7
    budget = rng.integers(0, 12, (200, 1)).astype(float)
    chosen = diplomacy.choose_partners(value, cost, budget, uniform, open_)
    assert np.all((cost * chosen).sum(axis=1) <= budget[:, 0] + 1e-9)
    assert not np.any(chosen & ~open_)
    for i in (0, 7, 199):
        one = slice(i, i + 1)
        alone = diplomacy.choose_partners(
            value[one], cost[one], budget[one], uniform[one], open_[one]
        )
        assert np.array_equal(alone, chosen[one])


def test_follow_up_is_deeper_in_the_core_and_posts_fill_the_rest():
    donor = columns([Donor(name="x", follow_up=0.2, follow_up_core=0.75)])
    core = np.array([0.0, 1.0])
    assert diplomacy.follow_up(donor, core, 0.0)[0] == pytest.approx([0.2, 0.75])
    assert diplomacy.follow_up(donor, core, 0.5)[0] == pytest.approx([0.6, 0.875])
    assert diplomacy.follow_up(donor, core, 1.0)[0] == pytest.approx([1.0, 1.0])
