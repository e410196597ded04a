"""The panel study: estimates of a made-up panel whose truth is known, and no look ahead."""

import numpy as np
import pandas as pd
import pytest

from hedgerow.fit import backtest, ideal_points, panel


def made_up(help_: float, back: float, seed: int = 1) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    rows = []
    for state in range(150):
        usual, y = rng.normal(), 0.0
        y = usual
        for year in range(2010, 2022):
            gift = rng.random()
            row = {
                "iso3": f"S{state:03d}",
                "year": year,
                "y": y,
                "neighbours": rng.normal(),
                "subregion": 0.0,
                "us_aid": rng.random(),
                "china_arms": rng.random(),
                "us_arms": rng.random(),
                "china_finance": gift,
            }
            rows.append(row)
            y += back * (usual - y) + help_ * gift + 0.02 * rng.normal()
    return pd.DataFrame(rows)


def test_a_known_response_comes_back() -> None:
    table = panel.estimate(ideal_points.steps(made_up(0.1, 0.3))).table
    assert table.at["china_finance", "low"] < 0.1 < table.at["china_finance", "high"]
    assert abs(table.at["us_aid", "coefficient"]) < 3 * table.at["us_aid", "error"]
    # Country effects and few years find too much reversion (Nickell), by about 1 / years.
    assert 0.3 < -table.at["before", "coefficient"] < 0.5


def test_the_jackknife_takes_most_of_the_bias_out() -> None:
    rows = panel.reversion(made_up(0.0, 0.3)).set_index("route")["yearly"]
    plain, mended = rows.iloc[0], rows.iloc[1]
    assert abs(mended - 0.3) < abs(plain - 0.3)


def test_help_after_the_change_is_a_placebo() -> None:
    table = panel.estimate(ideal_points.steps(made_up(0.1, 0.3), lag=-1)).table
    assert abs(table.at["china_finance", "coefficient"]) < 0.02


def test_the_session_mean_is_out_and_the_donors_are_not_states_of_the_panel() -> None:
    table = ideal_points.table()
    assert not {"CHN", "USA"} & set(table["iso3"])
    assert abs(table.groupby("year")["y"].mean()).max() < 0.05


def test_nothing_of_later_years_enters_a_table_that_ends_earlier() -> None:
    early, late = ideal_points.table(2015), ideal_points.table(2021)
    assert early["year"].max() == 2015
    shared = late[late["year"] <= 2015]
    assert early["y"].to_numpy() == pytest.approx(shared["y"].to_numpy(), nan_ok=True)


def test_persistence_forecasts_the_level_and_a_drift_goes_on() -> None:
    rows = pd.DataFrame(
        {"iso3": ["A"] * 3, "year": [2010, 2011, 2012], "before": [0.0, 1.0, 2.0], "change": [1.0, 1.0, np.nan]}
    )
    still, _ = backtest.forecast(rows, 2012, ())
    drift, spread = backtest.forecast(rows, 2012, None)
    assert still["forecast"].tolist() == [2.0]
    assert drift["forecast"].tolist() == [3.0]
    assert spread == pytest.approx(0.0)


def test_priors_come_with_their_doubt() -> None:
    rows = panel.prior_table(ideal_points.table()).set_index("parameter")
    assert set(rows.index) == {
        "donors.CHN.response",
        "donors.USA.response",
        "parameters.alignment.reversion",
        "parameters.alignment.neighbours",
    }
    assert (rows["error"] > 0).all()
    assert rows["inside"].between(0, 1).all()
