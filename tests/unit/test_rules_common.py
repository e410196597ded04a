"""The shared mathematics: logistic, Poisson by inversion, shares, chances."""

from math import exp

import numpy as np
import pytest
from scipy.special import pdtrik

from hedgerow.core.compiled import add
from hedgerow.core.rules.common import happens, logistic, poisson, softmax

N = 20_000
DRAWS = np.random.default_rng(20).random(N)


def test_logistic_at_known_points_and_far_out():
    got = logistic(np.array([0.0, np.log(3.0), -1e9, 1e9]))
    assert got == pytest.approx([0.5, 0.75, 0.0, 1.0])  # 3 / (1 + 3)


def test_terms_add_in_order():
    assert add((np.array([1.0]), np.array([2.0]), np.array([-4.0]))).item() == -1.0
    assert add((1e16, 1.0, -1e16)) == 0.0  # the one is lost in the first, and nothing rescues it
    assert add((1e16, -1e16, 1.0)) == 1.0


@pytest.mark.parametrize(
    ("rate", "uniform", "count"),
    [
        (0.0, 0.999999, 0),
        (1.0, 0.0, 0),
        (1.0, 0.36, 0),  # exp(-1) = 0.368
        (1.0, 0.37, 1),
        (1.0, 0.74, 2),  # 2 exp(-1) = 0.736
        (1.0, 0.91, 2),  # 2.5 exp(-1) = 0.920
        (1.0, 0.93, 3),
        (2.0, 0.13, 0),  # exp(-2) = 0.135
        (2.0, 0.14, 1),
    ],
)
def test_poisson_inverts_its_distribution(rate, uniform, count):
    assert poisson(np.array([rate]), np.array([uniform])).tolist() == [count]


@pytest.mark.parametrize("rate", [0.05, 1.0, 7.5, 60.0, 499.0, 800.0, 5000.0])
def test_poisson_has_the_mean_and_variance_of_its_rate(rate):
    counts = poisson(np.full(N, rate), DRAWS)
    assert abs(counts.mean() - rate) < 4 * np.sqrt(rate / N)
    spread = np.sqrt((2 * rate**2 + rate) / N)  # standard error of a Poisson variance
    assert abs(counts.var() - rate) < 4 * spread


def test_poisson_of_many_is_the_count_of_the_exact_distribution_or_next_to_it():
    uniform = np.linspace(0.001, 0.999, 999)
    for rate in (501.0, 800.0, 20_000.0):
        exact = np.maximum(np.ceil(pdtrik(uniform, rate)), 0.0)
        assert np.abs(poisson(rate, uniform) - exact).max() <= 1.0


def test_poisson_never_falls_with_the_rate_at_a_fixed_draw():
    rates = np.concatenate([np.linspace(0, 5, 40), [20, 100, 400, 499.9, 500.1, 700, 900, 3000]])
    counts = np.stack([poisson(np.full(2000, rate), DRAWS[:2000]) for rate in rates])
    assert np.all(np.diff(counts, axis=0) >= 0)
    assert counts[-1].mean() > 2000


def test_poisson_takes_a_column_of_rates():
    counts = poisson(np.array([[0.0], [50.0]]), np.full((2, 3), 0.5))
    assert counts.shape == (2, 3)
    assert np.all(counts[0] == 0)
    assert np.all(counts[1] == counts[1, 0])
    assert counts[1, 0] == 50
    assert poisson(50.0, 0.5) == 50.0


def test_softmax_by_hand_and_sums():
    got = softmax(np.array([[0.0, np.log(3.0), 50.0]]), np.array([[1.0, 1.0, 0.0]]))
    assert got[0] == pytest.approx([0.25, 0.75, 0.0])
    scores = np.random.default_rng(1).normal(size=(5, 30))
    assert softmax(scores, np.ones((5, 30))).sum(axis=1) == pytest.approx(np.ones(5))


def test_softmax_gives_nothing_when_nobody_may_be_chosen():
    assert softmax(np.array([[1.0, 2.0]]), np.zeros((1, 2))).tolist() == [[0.0, 0.0]]


def test_softmax_weights_and_shift():
    weight = np.array([[1.0, 0.6]])
    one = softmax(np.array([[1.0, 1.0]]), weight)
    assert one[0] == pytest.approx([0.625, 0.375])  # 1 / 1.6
    assert softmax(np.array([[901.0, 901.0]]), weight) == pytest.approx(one)
    assert softmax(np.array([[0.0, -1.0]]), np.ones((1, 2)))[0, 1] == pytest.approx(1 / (1 + exp(1)))


def test_softmax_of_a_run_does_not_see_the_others():
    rng = np.random.default_rng(2)
    score, weight = rng.normal(size=(6, 9)), rng.random((6, 9))
    weight[2] = 0.0
    together = softmax(score, weight)
    for run in range(6):
        alone = softmax(score[run : run + 1], weight[run : run + 1])
        assert np.array_equal(alone[0], together[run])


def test_chances_of_zero_never_and_of_one_always_happen():
    assert not happens(0.0, DRAWS).any()
    assert happens(1.0, DRAWS).all()
    assert abs(happens(0.3, DRAWS).mean() - 0.3) < 4 * np.sqrt(0.3 * 0.7 / N)
