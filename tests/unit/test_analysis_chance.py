"""Intervals of fits to points that share their chance: what replications add to them."""

import numpy as np
import pandas as pd
import pytest

from hedgerow import analysis
from hedgerow.study import design

POINTS, TIMES, SLOPE = 32, 6, 1.0


def records(rng, shared: float, own: float):
    """Return points, and runs whose slope differs by replication and whose level by point."""
    x = design.sample("lhs", 2, POINTS, int(rng.integers(1_000_000)))
    slopes = SLOPE + shared * rng.standard_normal(TIMES)
    runs = x[:, [0]] * slopes + own * rng.standard_normal((POINTS, TIMES))
    return x, runs + rng.standard_normal(TIMES)


def fitted(x, runs, *, told: bool) -> pd.Series:
    table = pd.DataFrame(x, columns=["a", "b"]).assign(y=runs.mean(axis=1))
    given = {"runs": runs} if told else {}
    ranges = {"a": (0.0, 1.0), "b": (0.0, 1.0)}
    found = analysis.regression(table, ["a", "b"], "y", ranges, **given)
    return found.set_index("factor").loc["a"]


def held(shared: float, own: float, *, told: bool) -> float:
    """Return how often the interval of a slope holds the slope that all replications vary about."""
    rng = np.random.default_rng(7)
    rows = [fitted(*records(rng, shared, own), told=told) for _ in range(200)]
    return float(np.mean([row["low"] <= SLOPE <= row["high"] for row in rows]))


@pytest.mark.parametrize(("shared", "own"), [(0.0, 0.5), (1.0, 0.5), (1.0, 0.01)])
def test_intervals_hold_chance_that_all_points_share(shared, own) -> None:
    assert 0.85 <= held(shared, own, told=True) <= 0.97


def test_without_replications_an_interval_holds_the_scatter_of_points_alone() -> None:
    assert held(1.0, 0.01, told=False) < 0.2
    x, runs = records(np.random.default_rng(1), 1.0, 0.5)
    once = fitted(x, runs[:, :1], told=True)
    pd.testing.assert_series_equal(once, fitted(x, runs[:, :1], told=False))


def test_runs_of_one_chance_change_no_coefficient() -> None:
    x, runs = records(np.random.default_rng(2), 1.0, 0.5)
    with_, without = fitted(x, runs, told=True), fitted(x, runs, told=False)
    assert with_["coefficient"] == pytest.approx(without["coefficient"])
    assert with_["high"] - with_["low"] > without["high"] - without["low"]
    assert with_["probability"] > without["probability"]


def test_pairs_widen_with_chance_that_all_points_share() -> None:
    rng = np.random.default_rng(3)
    x, runs = records(rng, 0.0, 0.1)
    runs += x[:, [0]] * x[:, [1]] * (3 + 2 * rng.standard_normal(TIMES))
    table = pd.DataFrame(x, columns=["a", "b"]).assign(y=runs.mean(axis=1))
    with_ = analysis.pairs(table, ["a", "b"], "y", runs).iloc[0]
    without = analysis.pairs(table, ["a", "b"], "y").iloc[0]
    assert with_["standardized"] == pytest.approx(without["standardized"])
    assert with_["high"] - with_["low"] > 2 * (without["high"] - without["low"])
