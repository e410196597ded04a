"""Known answers: the inference covers the truth as often as it says, and can be seen to fail."""

import numpy as np
import pytest

from hedgerow.fit import known
from hedgerow.fit.inference import Evidence, infer


@pytest.fixture(scope="module")
def ranks():
    return known.ranks_of_toy(24, seed=11, waves=2, runs=300)


def test_intervals_hold_the_truth_as_often_as_they_should(ranks) -> None:
    for row in known.coverage(ranks):
        assert row["low"] <= row["held"] <= min(row["high"], 1.0)


def test_the_check_would_see_an_inference_that_is_too_sure(ranks) -> None:
    # Draws three times too narrow push ranks to the ends: z-scores three times as large.
    from scipy.stats import norm

    bold = norm.cdf(3.0 * norm.ppf(np.clip(ranks, 0.005, 0.995)))
    assert any(row["held"] < row["low"] for row in known.coverage(bold))


def test_parameters_are_recovered_from_a_long_record() -> None:
    rng = np.random.default_rng(3)
    truth = np.array([[0.3, 0.7, 0.5]])
    rates = known.toy(rng)(np.repeat(truth, 4000, axis=0)).mean(axis=0)
    learnt = infer(known.toy(rng), Evidence(rates, np.full(5, 1e-3)), 3, waves=3, runs=400, seed=1)
    draws = learnt.draw(500, rng)
    low, high = np.quantile(draws, (0.05, 0.95), axis=0)
    assert ((low < truth[0]) & (truth[0] < high)).all()


def test_the_same_seed_gives_the_same_draws() -> None:
    def once():
        told = Evidence(known.toy(np.random.default_rng(1))(np.full((1, 3), 0.5))[0], np.ones(5))
        simulator = known.toy(np.random.default_rng(2))
        learnt = infer(simulator, told, 3, waves=2, runs=100, seed=7)
        return learnt.draw(20, np.random.default_rng(3))

    assert np.array_equal(once(), once())


def test_records_of_a_wave_are_ranked_evenly() -> None:
    rng = np.random.default_rng(9)
    cube = rng.random((2000, 3))
    ranks = known.ranks_of_wave(
        cube, known.toy(rng)(cube), np.full(5, 0.1), lambda at: np.zeros(len(at)), records=16, rng=rng
    )
    wide = known.coverage(ranks)[-1]
    assert wide["low"] <= wide["held"] <= min(wide["high"], 1.0)
