"""Scores, regression, sampling and emulation against answers known beforehand."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from hedgerow.fit import scores
from hedgerow.fit.backtest import crps_normal
from hedgerow.fit.emulator import Emulator
from hedgerow.fit.regression import least_squares, within
from hedgerow.fit.sampling import cube_points, sample, start


def test_crps_of_two_values_by_hand() -> None:
    # The sample's distribution is 1/2 between 0 and 1, so a record at 0 costs 1/4 over that unit.
    assert scores.crps(np.array([0.0, 1.0]), 0.0) == pytest.approx(0.25)
    assert scores.crps(np.array([0.0, 1.0]), 3.0) == pytest.approx(2.25)


def test_crps_of_one_value_is_its_error() -> None:
    assert scores.crps(np.array([4.0]), 7.0) == pytest.approx(3.0)


@given(st.lists(st.floats(-50, 50), min_size=1, max_size=20), st.floats(-60, 60))
def test_crps_is_the_integral_of_the_squared_distance_of_distributions(sample_, seen) -> None:
    ends = np.array(sorted([*sample_, seen]))
    upto = np.array([(np.array(sample_) <= x).mean() for x in ends[:-1]])
    step = (ends[:-1] >= seen).astype(float)
    expected = float((np.diff(ends) * (upto - step) ** 2).sum())
    assert scores.crps(np.array(sample_), seen) == pytest.approx(expected, abs=1e-9)


def test_crps_of_a_large_normal_sample_nears_the_formula() -> None:
    drawn = norm.ppf((np.arange(20000) + 0.5) / 20000)
    formula = crps_normal(np.array([0.0]), 1.0, np.array([0.7]))[0]
    assert scores.crps(drawn, 0.7) == pytest.approx(formula, abs=1e-3)


def test_widths_are_those_of_central_intervals() -> None:
    assert scores.widths(np.arange(101.0)[:, None])[0] == pytest.approx(90.0)


def test_a_clustered_error_by_hand() -> None:
    # The mean of 1, 3 | 5, 7 is 4; residual sums by cluster are -4 and 4, so the variance is
    # (16 + 16) / 4**2 = 2, times G/(G-1) = 2 and (N-1)/(N-1) = 1.
    fit = least_squares(np.array([1.0, 3.0, 5.0, 7.0]), np.ones((4, 1)), ["mean"], np.array(["a", "a", "b", "b"]))
    assert fit.table.at["mean", "coefficient"] == pytest.approx(4.0)
    assert fit.table.at["mean", "error"] == pytest.approx(2.0)
    assert fit.clusters == 2


def test_taking_out_effects_equals_dummies_in_an_unbalanced_panel() -> None:
    rng = np.random.default_rng(3)
    who, when = rng.integers(0, 8, 90), rng.integers(0, 6, 90)
    x = rng.normal(size=(90, 2)) + who[:, None] + when[:, None] ** 2
    y = x @ [0.5, -2.0] + 3.0 * who - when + rng.normal(size=90)
    dummies = pd.get_dummies(pd.DataFrame({"i": who.astype(str), "t": when.astype(str)}))
    full = np.linalg.lstsq(np.column_stack([x, dummies.to_numpy(float)]), y, rcond=None)[0]
    both = within(np.column_stack([y, x]), [who, when])
    swept = least_squares(both[:, 0], both[:, 1:], ["a", "b"], who)
    assert swept.coefficients == pytest.approx(full[:2], abs=1e-8)


def test_chains_draw_a_density_whose_moments_are_known() -> None:
    rng = np.random.default_rng(5)
    mean, sd = np.array([0.4, 0.6]), np.array([0.05, 0.1])

    def density(cube):
        return -0.5 * (((cube - mean) / sd) ** 2).sum(axis=1)

    first = start(density, 128, cube_points(1000, 2, rng), rng)
    drawn = sample(density, first, 4000, rng, 300)
    assert drawn.mean(axis=0) == pytest.approx(mean, abs=0.01)
    assert drawn.std(axis=0) == pytest.approx(sd, rel=0.1)


def test_a_latin_hypercube_puts_one_point_in_every_slice() -> None:
    points = cube_points(50, 3, np.random.default_rng(1))
    for column in points.T:
        assert sorted((column * 50).astype(int)) == list(range(50))


def test_an_emulator_of_a_quadratic_knows_its_mean_and_noise() -> None:
    rng = np.random.default_rng(2)
    cube = rng.random((3000, 2))

    def truth(c):
        return np.column_stack([3.0 + c[:, 0] - 2.0 * c[:, 0] * c[:, 1], 5.0 * c[:, 1] ** 2])

    noise = rng.normal(size=(3000, 2)) @ np.array([[0.3, 0.1], [0.0, 0.2]])
    emulator = Emulator.fit(cube, truth(cube) + noise)
    at = rng.random((20, 2))
    assert emulator.mean(at) == pytest.approx(truth(at), abs=0.06)
    assert emulator.residual == pytest.approx(np.array([[0.09, 0.03], [0.03, 0.05]]), abs=0.008)


def test_the_likelihood_is_that_of_a_normal() -> None:
    rng = np.random.default_rng(4)
    cube = rng.random((500, 1))
    emulator = Emulator.fit(cube, np.column_stack([cube, 2 * cube]) + rng.normal(size=(500, 2)))
    at, seen, error = np.array([[0.2], [0.7]]), np.array([0.5, 1.5]), np.array([0.4, 2.0])
    found = emulator.likelihood(seen, error)(at)
    expected = []
    for point in at:
        x = emulator.features(point[None])[0]
        full = emulator.residual * (1 + x @ emulator.leverage @ x) + np.diag(error**2)
        away = seen - emulator.mean(point[None])[0]
        expected.append(-0.5 * (away @ np.linalg.solve(full, away) + np.linalg.slogdet(full)[1]))
    assert found[1] - found[0] == pytest.approx(expected[1] - expected[0], abs=1e-6)
