"""A decision for one row alone equals that row's part of the decision for all."""

from dataclasses import fields, replace

import numpy as np
import pytest
from busy import batch

from hedgerow.core.month import Month, Rules
from hedgerow.core.phases import PHASES
from hedgerow.core.rules.acceptance import utility_terms
from hedgerow.core.rules.provision import Offer

RULES = Rules()


@pytest.fixture(scope="module", params=["baseline", "busy"])
def month(request) -> Month:
    """Return a month in which offers have been made and vetted, but not answered."""
    made = batch(request.param, 2, 13)
    current = made.month()
    for phase in PHASES:
        if phase.name == "respond":
            break
        phase.run(current)
    return current


def part(offer: Offer, who: slice, rows: int) -> Offer:
    """Return an offer as made to some rows; what is not by row stays whole."""
    values = {f.name: getattr(offer, f.name) for f in fields(offer)}
    by_row = {n: v[..., who] for n, v in values.items() if np.ndim(v) > 0 and np.shape(v)[-1] == rows}
    return replace(offer, **by_row)


@pytest.mark.parametrize("kind", ["training", "equipment"])
@pytest.mark.parametrize("rule", ["vet", "respond"])
def test_one_row_decides_as_among_all(month, rule, kind):
    decide, rows = getattr(RULES, rule), month.world.rows
    for d in month.donors():
        offer = getattr(month.deals[d], kind)
        everyone = decide(month.situation, d, offer)
        assert everyone.shape == (2, rows)
        assert everyone.min() >= 0.0
        assert everyone.max() <= 1.0
        for i in range(rows):
            who = slice(i, i + 1)
            alone = decide(month.situation.at(who), d, part(offer, who, rows))
            assert np.array_equal(alone, everyone[:, who]), month.world.recipients[i]


@pytest.mark.parametrize("kind", ["training", "equipment"])
def test_the_terms_of_one_row_are_those_among_all(month, kind):
    rows = month.world.rows
    for d in month.donors():
        offer = getattr(month.deals[d], kind)
        everyone = utility_terms(month.situation, d, offer)
        for i in range(0, rows, 7):
            who = slice(i, i + 1)
            alone = utility_terms(month.situation.at(who), d, part(offer, who, rows))
            assert list(alone) == list(everyone)
            for name, term in alone.items():
                assert np.array_equal(term, everyone[name][:, who]), name


def test_decisions_leave_the_world_and_the_offer_alone(month):
    world = month.world.copy()
    deal = month.deals[0]
    officers, usd = deal.training.officers.copy(), deal.equipment.usd.copy()
    for d in month.donors():
        RULES.plan(month.situation, d)
        for offer in (month.deals[d].training, month.deals[d].equipment):
            RULES.vet(month.situation, d, offer)
            RULES.respond(month.situation, d, offer)
    for name, value in vars(world).items():
        if isinstance(value, np.ndarray):
            assert np.array_equal(value, getattr(month.world, name)), name
    assert np.array_equal(officers, deal.training.officers)
    assert np.array_equal(usd, deal.equipment.usd)


def test_a_plan_divides_the_whole_effort_among_the_eligible(month):
    for d in month.donors():
        share = RULES.plan(month.situation, d)
        assert share.sum(axis=1) == pytest.approx(np.ones(2))
        assert share.min() >= 0.0
        assert not share[:, month.world.facts.eligible[d] == 0].any()


def test_some_rows_of_the_world_and_its_copy_share_nothing_with_it(month):
    some = month.world.at(slice(3, 5))
    assert np.array_equal(some.crime, month.world.crime[:, 3:5])
    assert some.rows == 2
    for other in (some, month.world.copy()):
        assert not np.shares_memory(other.crime, month.world.crime)


def test_vetting_and_acceptance_do_not_depend_on_the_order_of_rows(month):
    """Reversing the rows reverses the decisions."""
    back = slice(None, None, -1)
    rows = month.world.rows
    for d in month.donors():
        for offer in (month.deals[d].training, month.deals[d].equipment):
            for rule in (RULES.vet, RULES.respond):
                turned = rule(month.situation.at(back), d, part(offer, back, rows))
                assert np.array_equal(turned[:, ::-1], rule(month.situation, d, offer))
