"""Vetting, cut-offs and recipients' acceptance, by hand."""

from math import exp

import numpy as np
import pytest
from tiny import lever, numbers, one, tiny

from hedgerow.core.compiled import add
from hedgerow.core.levers import Cutoff, Leahy, TechAlternative
from hedgerow.core.rules import acceptance, vetting
from hedgerow.core.rules.common import logistic
from hedgerow.core.rules.provision import EquipmentOffer, TrainingOffer

TWO = [{}, {"conditions": 0.5, "equipment": {"price": 0.2}}]


P = numbers()


def course(technology: float = 0.3, rows: int = 1) -> TrainingOffer:
    everywhere = (1, rows)
    return TrainingOffer(np.full(everywhere, 20.0), np.zeros(everywhere, bool), 2.5, technology)


def kit(system: bool = True, price: float = 0.5, rows: int = 1) -> EquipmentOffer:
    return EquipmentOffer(np.full((1, rows), 1e6), np.full((1, rows), system), price)


def test_help_denied_to_units_net_of_what_clean_units_get():
    got = vetting.denied_to_units(one(0, 3, 6, 9), 0.5, P.vetting)[0]
    assert got == pytest.approx([0.0, 0.25, 1.0, 1.0])  # 3/6, half redirected; no clean unit left


def test_a_fifth_of_help_denied_is_asked_of_rivals():
    assert vetting.displaced(one(20), one(10), P.vetting).item() == pytest.approx(0.4)


@pytest.mark.parametrize(
    ("settings", "flagged", "blocked"),
    [
        ({"scope": "none"}, 6, 0.0),
        ({"scope": "unit"}, 0, 0.0),
        ({"scope": "unit"}, 3, 0.25),  # 3/6, half of it redirected
        ({"scope": "unit", "strictness": 0.5}, 3, 0.125),
        ({"scope": "unit", "substitution": 0.8}, 3, 0.1),
        ({"scope": "unit"}, 6, 1.0),  # no clean unit left
        ({"scope": "country"}, 0, 0.0),
        ({"scope": "country"}, 1, 1.0),
        ({"scope": "country", "strictness": 0.4}, 1, 0.4),
        ({"scope": "country", "strictness": 0.0}, 6, 0.0),
    ],
)
def test_leahy_blocks(settings, flagged, blocked):
    law = lever(Leahy, donor="AAA", **settings)
    situation = tiny(donors=TWO, levers=[law], flagged=flagged)
    assert vetting.leahy_block(situation, 0).item() == pytest.approx(blocked)
    assert vetting.leahy_block(situation, 1).item() == 0.0  # another donor's law


def test_leahy_binds_only_the_rows_it_names():
    law = lever(Leahy, [0, 1], donor="AAA", scope="country")
    assert vetting.leahy_block(tiny(2, levers=[law], flagged=2), 0).tolist() == [[0.0, 1.0]]


@pytest.mark.parametrize("flagged", range(7))
def test_stricter_vetting_never_blocks_less(flagged):
    def blocked(**settings) -> float:
        law = lever(Leahy, donor="AAA", **settings)
        return vetting.leahy_block(tiny(levers=[law], flagged=float(flagged)), 0).item()

    for scope in ("unit", "country"):
        shares = [blocked(scope=scope, strictness=s) for s in np.linspace(0, 1, 11)]
        assert np.all(np.diff(shares) >= 0)
    assert blocked(scope="none") <= blocked(scope="unit") <= blocked(scope="country")


def test_the_later_law_holds_for_the_rows_it_names():
    laws = [lever(Leahy, [1, 1], donor="AAA", scope="country"), lever(Leahy, [0, 1], donor="AAA", scope="none")]
    assert vetting.leahy_block(tiny(2, levers=laws, flagged=2), 0).tolist() == [[1.0, 0.0]]


def test_cut_off_help_is_withheld_while_it_lasts():
    policy = lever(Cutoff, [1, 1], donor="AAA", rival="BBB")
    cut = tiny(2, TWO, levers=[policy], cut_training=0.5, cut_equipment=0.5, cut_left=[3.0, 0.0])
    assert vetting.vet(cut, 0, course()).tolist() == [[0.5, 0.0]]
    technology = lever(Cutoff, [1, 1], donor="AAA", rival="BBB", technology_only=True)
    cut = tiny(2, TWO, levers=[technology], cut_equipment=0.5, cut_left=[3.0, 0.0])
    assert vetting.vet(cut, 0, course()).tolist() == [[0.0, 0.0]]
    assert vetting.vet(cut, 0, kit()).tolist() == [[0.5, 0.0]]


def test_two_grounds_of_blocking_compound():
    law = lever(Leahy, donor="AAA", scope="unit")
    policy = lever(Cutoff, donor="AAA", rival="BBB")
    situation = tiny(1, TWO, levers=[law, policy], flagged=3, cut_training=0.5, cut_left=1)
    assert vetting.vet(situation, 0, course()).item() == pytest.approx(0.625)  # 1 - 0.75 x 0.5


def test_rival_share():
    got = vetting.rival_share(np.array([0.0, 1.0, 0.0, 2.0]), np.array([0.0, 3.0, 2.0, 0.0]))
    assert got.tolist() == [0.0, 0.75, 1.0, 0.0]


@pytest.mark.parametrize(
    ("rival_help", "settings", "left", "draw", "begins"),
    [
        (3.0, {}, 0, 0.49, 1.0),  # share 0.75 > 0.3, chance 0.5
        (3.0, {}, 0, 0.51, 0.0),
        (3.0, {}, 2, 0.0, 0.0),  # already cut
        (3.0, {"enforced": False}, 0, 0.0, 0.0),
        (3.0, {"probability": 0.0}, 0, 0.0, 0.0),
        (1.0, {"threshold": 0.5}, 0, 0.0, 0.0),  # at the threshold is not above it
        (0.0, {"threshold": 0.0}, 0, 0.0, 0.0),
    ],
)
def test_cut_offs_begin(rival_help, settings, left, draw, begins):
    placed = lever(Cutoff, donor="AAA", rival="BBB", **({"probability": 0.5} | settings))
    situation = tiny(donors=TWO, levers=[placed], help=[[1.0], [rival_help]], cut_left=left)
    got = vetting.newly_cut(situation, 0, 1, placed.lever, np.array([[draw]]))
    assert got.item() == begins


def test_only_announced_threats_are_felt_and_only_about_the_rival():
    threat = lever(Cutoff, donor="AAA", rival="BBB", depth=0.5, perceived=0.6, probability=0.2)
    situation = tiny(donors=TWO, levers=[threat], help=[[0.5], [0.0]])
    fear = vetting.cut_fear(situation, 1, course()).item()
    assert fear == pytest.approx(0.3 * (1 - exp(-1)))  # 0.6 x 0.5; the help at stake covers 63%
    assert vetting.cut_fear(situation, 0, course()).item() == 0.0
    narrow = lever(Cutoff, donor="AAA", rival="BBB", perceived=0.6, technology_only=True)
    about_kit = tiny(donors=TWO, levers=[narrow], help=[[0.5], [0.0]])
    assert vetting.cut_fear(about_kit, 1, course()).item() == 0.0
    assert vetting.cut_fear(about_kit, 1, kit()).item() > 0.0
    quiet = lever(Cutoff, donor="AAA", rival="BBB", announced=False, probability=0.2)
    silent = tiny(donors=TWO, levers=[quiet], help=[[0.5], [0.0]])
    assert vetting.cut_fear(silent, 1, course()).item() == 0.0


STATE = {
    "threat": 0.5,
    "fact_coalition": 0.4,
    "gap": 0.1,
    "belief": 0.75,
    "trust": 0.25,
    "lock_in": [[0.2], [0.6]],
    "uptime": 0.5,
    "sovereignty": 0.8,
}


def test_utility_of_kit_term_by_term():
    situation = tiny(donors=TWO, **STATE)
    terms = acceptance.utility_terms(situation, 1, kit(price=0.5))
    assert {k: v.item() for k, v in terms.items()} == pytest.approx(
        {
            "constant": -0.2,
            "gaps": 0.24,  # 2 x 0.75 x (4 x 0.4 x 0.1)
            "surveillance": 0.24,  # 0.8 x 1 x 0.5 x 0.6
            "installed technology": 0.15,  # 0.5 x 0.6 x 0.5
            "trust": 0.2,
            "price": -0.5,
            "conditions": -0.16,  # 0.8 x 0.5 x 0.4
            "visibility": -0.12,  # 0.5 x 0.3 x 0.8
            "fear of cut-off": 0.0,
            "worry about data": 0.0,
            "switching": -0.1,  # 0.5 x 0.2 x 1
        }
    )
    # the sum is -0.25
    chance = acceptance.respond(situation, 1, kit(price=0.5)).item()
    assert chance == pytest.approx(1 / (1 + exp(0.25 / 0.7)))


def test_courses_have_no_price_and_lock_nobody_in():
    terms = acceptance.utility_terms(tiny(donors=TWO, **STATE), 1, course(0.3))
    zero = ("price", "installed technology", "switching")
    assert [terms[k].item() for k in zero] == [0.0] * 3
    assert terms["surveillance"].item() == pytest.approx(0.072)  # 0.8 x 0.3 x 0.5 x 0.6


def test_worry_about_data_follows_technology():
    donors = [{"equipment": {"data_worry": 1.0}}]
    terms = acceptance.utility_terms(tiny(donors=donors), 0, kit())
    assert terms["worry about data"].item() == pytest.approx(-0.3)
    terms = acceptance.utility_terms(tiny(donors=donors), 0, kit(system=False))
    assert terms["worry about data"].item() == 0.0


def test_terms_cover_every_row_and_make_up_the_chance():
    rng = np.random.default_rng(12)
    state = {
        "threat": rng.random(7),
        "belief": rng.random((2, 7)),
        "trust": rng.random((2, 7)),
        "lock_in": rng.random((2, 7)),
        "gap": rng.random((4, 7)),
        "help": rng.random((2, 7)),
        "sovereignty": rng.random(7),
        "fact_coalition": rng.random(7),
    }
    fear = lever(Cutoff, np.ones(7), donor="AAA", rival="BBB", perceived=0.6)
    situation = tiny(7, TWO, levers=[fear], **state)
    for offer in (course(rows=7), kit(rows=7)):
        terms = acceptance.utility_terms(situation, 1, offer)
        assert {v.shape for v in terms.values()} == {(1, 7)}
        chance = logistic(add(tuple(terms.values())) / P.acceptance.scale)
        assert acceptance.respond(situation, 1, offer) == pytest.approx(chance, rel=1e-14)


def test_nobody_accepts_where_nothing_is_offered():
    offer = course(rows=3)
    offer.officers[0, 1] = 0.0
    chance = acceptance.respond(tiny(3, TWO), 1, offer)[0]
    assert chance[1] == 0.0
    assert chance[0] == chance[2] > 0.0


def test_acceptance_rises_with_belief_where_there_is_a_gap():
    beliefs, offer = np.linspace(0, 1, 11), course(rows=11)
    wanting = acceptance.respond(tiny(11, belief=beliefs, gap=0.2), 0, offer)[0]
    assert np.all(np.diff(wanting) > 0)
    content = acceptance.respond(tiny(11, belief=beliefs, gap=0.0), 0, offer)[0]
    assert np.all(content == content[0])


def test_acceptance_falls_with_price():
    chances = [acceptance.respond(tiny(), 0, kit(price=p)).item() for p in np.linspace(0, 2, 9)]
    assert np.all(np.diff(chances) < 0)


def test_price_of_an_affordable_alternative():
    offer = lever(TechAlternative, [1, 0], donor="AAA", premium=0.6, subsidy=0.5, ramp=1.0)
    donors = [{"equipment": {"price": 0.9}}, {"equipment": {"price": 0.2}}]
    price = acceptance.technology_price(tiny(2, donors, levers=[offer]), 0)
    assert price[0] == pytest.approx([0.16, 0.9])  # 0.2 x 1.6 x 0.5 where it reaches
    assert acceptance.technology_price(tiny(2, donors, levers=[offer]), 1).item() == 0.2


def test_without_a_rival_there_is_no_price_to_follow():
    offer = lever(TechAlternative, donor="AAA")
    price = acceptance.technology_price(tiny(donors=[{"equipment": {"price": 0.9}}], levers=[offer]), 0)
    assert np.all(price == 0.9)
