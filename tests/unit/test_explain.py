"""Explanations are the model's own terms, and they add up."""

import numpy as np
import pytest

import hedgerow
from hedgerow.core.compiled import add
from hedgerow.core.rules.common import logistic
from hedgerow.report import explanation
from hedgerow.runs.ensemble import Ensemble
from hedgerow.runs.explain import TOPICS, TOTAL, terms

SHORT = hedgerow.load("baseline-2022-25", months=8)
CUT = hedgerow.load("baseline-2022-25", ["policies.leahy.scope=country"], months=8)


@pytest.fixture(scope="module")
def why() -> hedgerow.Explanation:
    return hedgerow.explain(SHORT, "KEN", "2022-12", versus=CUT, runs=4)


def groups(why):
    return why.table.groupby(["topic", "donor"], sort=False)


def test_every_topic_of_every_donor_is_explained(why) -> None:
    assert set(groups(why).groups) == {(t, d) for t in TOPICS for d in ("CHN", "USA")}


@pytest.mark.parametrize("column", ["value", "base", "difference"])
def test_terms_add_up_exactly_to_the_total_shown(why, column) -> None:
    for _, rows in groups(why):
        sums = 0.0
        for value in rows[column].iloc[:-1]:
            sums += value
        assert rows["term"].iloc[-1] == TOTAL
        assert sums == rows[column].iloc[-1]


def test_the_difference_is_what_one_has_more_than_the_other(why) -> None:
    rows = why.table[why.table["term"] != TOTAL]
    np.testing.assert_array_equal(rows["difference"], rows["value"] - rows["base"])


def test_the_utility_explained_is_the_one_that_decides() -> None:
    asked = []

    class Listening(hedgerow.Recipient):
        def respond(self, situation, donor, offer):
            chance = super().respond(situation, donor, offer)
            asked.append((situation.month, donor, type(offer).__name__, chance.item()))
            return chance

    model = hedgerow.Model(SHORT, seed=1, run=0, fixed=True, agents={"KEN": Listening})
    model.run_model()
    told = terms(Ensemble(SHORT, [0], 1), "KEN", 6)
    scale = np.array([SHORT.parameters.acceptance.scale])
    for month, donor, offer, chance in asked:
        if month == 6 and offer == "TrainingOffer" and chance > 0:  # 0 where nothing is offered
            utility = add(tuple(told["training", donor].values()))
            assert logistic(utility / scale).item() == pytest.approx(chance, rel=1e-12)


def test_alignment_terms_since_the_start_are_how_far_it_moved() -> None:
    ensemble = Ensemble(SHORT, range(3), 1)
    told, batch = terms(ensemble, "VNM", 7), ensemble.batch()
    world = batch.world
    row = world.recipients.index("VNM")
    before = world.alignment[:, :, row].copy()
    for _ in batch:
        pass
    moved = batch.world.alignment[:, :, row] - before
    for d, code in enumerate(("CHN", "USA")):
        found = add(tuple(told["alignment since the start", code].values()))
        np.testing.assert_allclose(found, moved[:, d], atol=1e-12)


def test_a_policy_shows_in_the_terms_it_works_through(why) -> None:
    rows = why.table.set_index(["topic", "donor", "term"])["difference"]
    assert rows["training", "USA", "conditions"] == 0
    assert rows["score", "CHN", "rivals' cover"] != 0


@pytest.mark.parametrize(
    ("recipient", "month", "words"),
    [
        ("KENYA", None, "no recipient state 'KENYA'; did you mean 'KEN'"),
        ("USA", None, "'USA' is a donor or is met only"),
        ("KEN", "2022-07-99junk", "is not a month"),
        ("KEN", "2031-01", "lies outside the period 2022-06 to 2023-01"),
        ("KEN", "soon", "'soon' is not a month such as 2024-09"),
    ],
)
def test_what_cannot_be_explained_is_said(recipient, month, words) -> None:
    with pytest.raises(hedgerow.ScenarioError, match=words):
        hedgerow.explain(SHORT, recipient, month, runs=1)


def test_the_sentences_name_the_largest_terms(why) -> None:
    plain = hedgerow.explain(SHORT, "KEN", "2022-12", runs=4)
    china = explanation.sentences(plain, "training")[0]
    rows = plain.table[(plain.table["topic"] == "training") & (plain.table["donor"] == "CHN")]
    largest = rows.set_index("term")["value"].drop(TOTAL).abs().idxmax()
    assert china.startswith("China: ")
    assert f"most of it: {largest}" in china
    assert "than in the other scenario" in explanation.sentences(why, "score")[0]
