"""The censored gravity fit recovers what it was given."""

import numpy as np
import pandas as pd
import pytest

from hedgerow.fit.gravity import CENSORED_AT, Observed, estimate, few_moments, fit, loss

TRUTH = np.array([-0.6, 1.0, 0.4, 0.7])


def simulated(seed: int) -> Observed:
    rng = np.random.default_rng(seed)
    design = pd.DataFrame(
        {
            "intercept": 1.0,
            "near": rng.normal(size=200),
            "trade": rng.normal(size=200),
            "member": rng.integers(0, 2, size=200).astype(float),
        }
    )
    counts = rng.poisson(np.exp(design.to_numpy() @ TRUTH)).astype(float)
    few = counts <= CENSORED_AT
    return Observed(design, np.where(few, np.nan, counts), float(counts[few].sum()))


@pytest.mark.parametrize("seed", range(5))
def test_known_coefficients_come_back_through_the_censoring(seed: int) -> None:
    beta, covariance = estimate(simulated(seed))
    assert (np.abs(beta - TRUTH) < 3 * np.sqrt(np.diag(covariance))).all()


def test_the_gradient_is_that_of_the_loss() -> None:
    observed = simulated(0)
    steps = 1e-6 * np.eye(4)
    slope = [(loss(TRUTH + h, observed)[0] - loss(TRUTH - h, observed)[0]) / 2e-6 for h in steps]
    assert loss(TRUTH, observed)[1] == pytest.approx(slope, rel=1e-4, abs=1e-4)


def test_moments_of_few_meetings_match_the_sum_over_counts() -> None:
    weights = np.array([1.0, 2.0, 2.0, 4 / 3, 2 / 3])  # rate 2: 2^k / k! for k up to 4
    mean = (weights * np.arange(5)).sum() / weights.sum()
    square = (weights * np.arange(5) ** 2).sum() / weights.sum()
    found = few_moments(np.array([2.0]))
    assert [float(part[0]) for part in found] == pytest.approx([mean, square - mean**2])


def test_the_fit_reproduces_what_the_paper_counts() -> None:
    result = fit()
    assert len(result.expected) == 197
    assert {"CHN", "TWN"}.isdisjoint(result.expected.index)
    assert result.statistics["observed_named"] == 96
    assert result.statistics["observed_unnamed"] == 100
    assert result.statistics["spearman_named"] > 0.85
    assert result.statistics["expected_total"] == pytest.approx(196, abs=5)
    assert result.coefficients["log_china_elite_engagements"] == pytest.approx(0.976, abs=0.01)
