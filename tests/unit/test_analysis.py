"""Analyses against answers known by hand or by algebra, and properties that always hold."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from hedgerow import analysis
from hedgerow.analysis import indices
from hedgerow.runs.folder import FolderError
from hedgerow.study import design

SALIB = pytest.importorskip("SALib")

ISHIGAMI = {"num_vars": 3, "names": ["x1", "x2", "x3"], "bounds": [[-np.pi, np.pi]] * 3}
FIRST = {"x1": 0.3139, "x2": 0.4424, "x3": 0.0}
TOTAL = {"x1": 0.5576, "x2": 0.4424, "x3": 0.2437}
"""Ishigami and Homma (1990), a = 7, b = 0.1, worked out by integration."""


def ishigami(x):
    return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def table_of(x, y, names):
    return pd.DataFrame(x, columns=list(names)).assign(y=y)


def paired(values):
    """Return a table of worlds from values by policy, one a world."""
    frames = [pd.DataFrame({"policy": p, "world": range(len(v)), "y": v}) for p, v in values.items()]
    return pd.concat(frames, ignore_index=True)


@pytest.mark.parametrize("second", [True, False])
def test_sobol_finds_the_known_indices_of_ishigami(second) -> None:
    from SALib.sample import sobol

    x = sobol.sample(ISHIGAMI, 1024, calc_second_order=second, seed=1)
    found = analysis.sobol(table_of(x, ishigami(x), FIRST), list(FIRST), "y").set_index("factor")
    assert (found["estimator"] == "Saltelli").all()
    for name, total in TOTAL.items():
        assert found.loc[name, "first"] == pytest.approx(FIRST[name], abs=0.04)
        assert found.loc[name, "total"] == pytest.approx(total, abs=0.04)


def test_saltelli_blocks_of_a_study_give_total_indices() -> None:
    x = -np.pi + 2 * np.pi * design.sample("saltelli", 3, 1024, 1)
    assert len(x) == 1024 * design.block("saltelli", 3)
    found = analysis.sobol(table_of(x, ishigami(x), FIRST), list(FIRST), "y").set_index("factor")
    assert (found["estimator"] == "Saltelli").all()
    for name, total in TOTAL.items():
        assert found.loc[name, "first"] == pytest.approx(FIRST[name], abs=0.04)
        assert found.loc[name, "total"] == pytest.approx(total, abs=0.04)


def test_first_order_indices_come_from_any_sample() -> None:
    x = -np.pi + 2 * np.pi * design.sample("sobol", 3, 2048, 1)
    found = analysis.sobol(table_of(x, ishigami(x), FIRST), list(FIRST), "y").set_index("factor")
    assert (found["estimator"] == "RBD-FAST").all()
    assert found["total"].isna().all()
    for name, first in FIRST.items():
        assert found.loc[name, "first"] == pytest.approx(first, abs=0.04)


def test_morris_gives_the_slopes_of_a_plane_and_finds_curvature() -> None:
    x = design.sample("morris", 3, 20, 1)
    y = 2 * x[:, 0] - 3 * x[:, 1] + 0 * x[:, 2]
    found = analysis.morris(table_of(x, y, "abc"), list("abc"), "y").set_index("factor")
    assert found["mu"].to_dict() == pytest.approx({"a": 2, "b": -3, "c": 0})
    assert found["mu_star"].to_dict() == pytest.approx({"a": 2, "b": 3, "c": 0})
    assert found["sigma"].to_numpy() == pytest.approx(0, abs=1e-9)
    bent = analysis.morris(table_of(x, x[:, 0] * x[:, 1], "abc"), list("abc"), "y")
    assert bent.set_index("factor").loc["a", "sigma"] > 0.1


def test_a_block_that_lost_a_point_is_left_out() -> None:
    table = pd.DataFrame({"y": range(9)}).drop(index=[4])
    assert indices.complete_blocks(table, 3).index.tolist() == [0, 1, 2, 6, 7, 8]


def test_a_torn_trajectory_is_left_out() -> None:
    x = design.sample("morris", 2, 5, 1)
    whole = table_of(x, 2 * x[:, 0], "ab")
    found = analysis.morris(whole.iloc[:-1], ["a", "b"], "y")
    assert found["trajectories"].tolist() == [4, 4]
    with pytest.raises(FolderError, match="2 points hold no whole trajectory of 3"):
        analysis.morris(whole.iloc[:2], ["a", "b"], "y")


def grid(function, reps, noise=0.0, common=0.0):
    rng = np.random.default_rng(3)
    rows = []
    for r in range(reps):
        shift = common * rng.standard_normal()
        for point, (a, b) in enumerate((a, b) for a in (0, 1, 2) for b in (0, 1)):
            y = function(a, b) + shift + noise * rng.standard_normal()
            rows.append((point, r, a, b, y))
    return pd.DataFrame(rows, columns=["point", "replication", "a", "b", "y"])


def test_effects_split_variance_as_worked_by_hand() -> None:
    # a: levels -1, 0, 1 times 3, variance 6; b: -1, 1, variance 1; product: variance 2/3.
    frame = grid(lambda a, b: 3 * (a - 1) + (2 * b - 1) + (a - 1) * (2 * b - 1), 4, common=5.0)
    found = analysis.effects(frame, ["a", "b"], "y").set_index("term")["share"]
    total = 6 + 1 + 2 / 3
    assert found["a"] == pytest.approx(6 / total)
    assert found["b"] == pytest.approx(1 / total)
    assert found["a x b"] == pytest.approx(2 / 3 / total)
    assert found["higher interactions"] == pytest.approx(0)


def test_effects_need_the_whole_grid() -> None:
    frame = grid(lambda a, b: a, 2)
    with pytest.raises(FolderError, match="5 of 6 points of the grid"):
        analysis.effects(frame[frame["point"] != 3], ["a", "b"], "y")


def test_levels_are_compared_within_replications() -> None:
    frame = grid(lambda a, b: 2.0 * a, 8, common=100.0)
    last = analysis.levels(frame, ["a", "b"], "y").query("factor == 'a' and level == 2").iloc[0]
    assert last["difference"] == pytest.approx(4)
    assert last["difference_high"] - last["difference_low"] == pytest.approx(0, abs=1e-9)
    assert last["high"] - last["low"] > 10


def test_chance_is_told_from_factors_and_shared_from_own() -> None:
    frame = grid(lambda a, b: 0.0 * a, 2000, noise=1.0, common=2.0)
    row = analysis.chance(frame, "y").iloc[0]
    assert row["share_common"] == pytest.approx(0.8, abs=0.03)
    assert row["share_own"] == pytest.approx(0.2, abs=0.03)
    assert row["share_factors"] == pytest.approx(0.0, abs=0.01)
    once = analysis.chance(frame[frame["replication"] == 0], "y").iloc[0]
    assert np.isnan(once["share_factors"])


def test_regression_finds_coefficients_over_the_whole_range() -> None:
    x = design.sample("lhs", 3, 100, 1) * [10, 1, 1]
    y = 0.5 * x[:, 0] - 2 * x[:, 1] + 0.01 * np.random.default_rng(0).standard_normal(100)
    ranges = dict.fromkeys("bc", (0.0, 1.0)) | {"a": (0.0, 10.0)}
    found = analysis.regression(table_of(x, y, "abc"), list("abc"), "y", ranges)
    found = found.set_index("factor")
    assert found.loc["a", "coefficient"] == pytest.approx(5, abs=0.02)
    assert found.loc["b", "coefficient"] == pytest.approx(-2, abs=0.02)
    assert found.loc[["a", "b"], "firm"].all()
    assert not found["alone"].any()
    crossed = table_of(x, y + 3 * (x[:, 0] - 5) * (x[:, 1] - 0.5), "abc")
    pair = analysis.pairs(crossed, list("abc"), "y").iloc[0]
    assert pair["term"] == "a x b"
    assert pair["firm"]


def test_ranges_of_very_different_size_do_not_make_luck_look_firm() -> None:
    size = 10.0 ** np.arange(-5, 7)
    rng = np.random.default_rng(4)
    x, names = rng.random((400, 12)) * size, [f"f{i}" for i in range(12)]
    found = analysis.regression(table_of(x, rng.random(400), names), names, "y")
    width = (found["standardized_high"] - found["standardized_low"]).to_numpy()
    # Each interval reaches 1.65 standard errors of about 1/sqrt(400) either way.
    assert width == pytest.approx(2 * 1.65 / 20, rel=0.2)


def test_few_points_are_fitted_one_factor_at_a_time_and_luck_is_not_called_firm() -> None:
    rng = np.random.default_rng(5)
    x, y = rng.random((40, 100)), rng.random(40)
    names = [f"f{i}" for i in range(100)]
    found = analysis.regression(table_of(x, y, names), names, "y")
    assert found["alone"].all()
    # Some of a hundred intervals exclude zero by luck; none is called firm.
    assert ((found["low"] > 0) | (found["high"] < 0)).any()
    assert not found["firm"].any()


def test_regret_as_worked_by_hand() -> None:
    table = paired({"talk": [1.0, 5.0, 3.0], "train": [2.0, 2.0, 3.0]})
    more = analysis.regret(table, "y", 1).set_index("policy")
    assert more.loc["talk", ["mean", "worst"]].tolist() == pytest.approx([1 / 3, 1])
    assert more.loc["train", ["mean", "worst"]].tolist() == pytest.approx([1, 3])
    assert analysis.regret(table, "y", 1)["policy"].tolist() == ["talk", "train"]
    less = analysis.regret(table, "y", -1).set_index("policy")
    assert less["mean"].to_dict() == pytest.approx({"talk": 1, "train": 1 / 3})


def test_ranks_as_worked_by_hand_with_ties_shared() -> None:
    table = paired({"a": [3.0, 1.0], "b": [2.0, 1.0], "c": [1.0, 0.0]})
    found = analysis.ranks(table, "y", 1).pivot(index="policy", columns="rank", values="share")
    assert found.loc["a"].tolist() == [0.75, 0.25, 0.0]
    assert found.loc["b"].tolist() == [0.25, 0.75, 0.0]
    assert found.loc["c"].tolist() == [0.0, 0.0, 1.0]


def test_signs_are_paired_and_say_when_nothing_differs() -> None:
    wild = np.array([100.0, -50.0, 3.0, 8.0])
    table = paired({"base": wild, "up": wild + 1.0, "same": wild})
    found = analysis.signs(table, "y", "base").set_index("policy")
    assert found.loc["up", ["mean", "low", "high"]].tolist() == pytest.approx([1, 1, 1])
    assert found.loc["up", "share_above"] == 1
    assert found.loc["same", ["share_above", "share_below", "share_same"]].tolist() == [0, 0, 1]
    with pytest.raises(FolderError, match="did you mean 'base'"):
        analysis.signs(table, "y", "bse")


def test_satisficing_counts_worlds_that_meet_all_criteria() -> None:
    table = paired({"base": [0.0, 0.0, 0.0], "p": [1.0, -1.0, 0.0]}).assign(cost=[1, 1, 1, 5, 1, 1])
    found = analysis.satisficing(table, {"y": (1, "base"), "cost": (-1, 2.0)}).set_index("policy")
    assert found["share"].to_dict() == pytest.approx({"base": 1.0, "p": 1 / 3})
    assert found["criterion"].iloc[0] == "y at least that of base and cost at most 2"


def test_policies_that_miss_a_world_are_not_ranked() -> None:
    table = paired({"a": [1.0, 2.0], "b": [1.0, 2.0]}).iloc[:-1]
    with pytest.raises(FolderError, match="once in every world"):
        analysis.regret(table, "y", 1)


def test_pareto_as_worked_by_hand() -> None:
    table = paired({"cheap": [1.0, 1.0], "good": [9.0, 9.0], "bad": [0.0, 2.0]})
    table = table.assign(cost=table["policy"].map({"cheap": 1, "good": 5, "bad": 1}))
    found = analysis.pareto(table, {"y": 1, "cost": -1}).set_index("policy")
    assert found["on_front"].to_dict() == {"cheap": True, "good": True, "bad": True}
    assert found["share_on_front"].to_dict() == {"cheap": 0.5, "good": 1.0, "bad": 0.5}


values = arrays(float, st.tuples(st.integers(1, 12), st.integers(1, 4)), elements=st.integers(-3, 3).map(float))


@settings(max_examples=200, deadline=None)
@given(values)
def test_the_front_is_what_nothing_dominates(rows) -> None:
    kept = analysis.front(rows)
    for i, row in enumerate(rows):
        beaten = any((other >= row).all() and (other > row).any() for other in rows)
        assert kept[i] == (not beaten)
    goals = {f"g{j}": 1 for j in range(rows.shape[1])}
    table = pd.DataFrame(rows, columns=list(goals))
    table = table.assign(policy=[f"p{i}" for i in range(len(rows))], world=0)
    assert (analysis.pareto(table, goals)["share_on_front"] == kept).all()


@settings(max_examples=30, deadline=None)
@given(
    arrays(float, st.tuples(st.integers(2, 5), st.integers(1, 6)), elements=st.integers(-5, 5).map(float)),
    st.sampled_from([1, -1]),
)
def test_regret_and_ranks_hold_for_any_values(rows, better) -> None:
    table = paired({f"p{i}": row for i, row in enumerate(rows)})
    lost = analysis.regret(table, "y", better)
    assert (lost[["mean", "q90", "worst"]] >= 0).all(axis=None)
    assert (lost["mean"] <= lost["worst"] + 1e-12).all()
    share = analysis.ranks(table, "y", better).pivot(index="policy", columns="rank", values="share")
    np.testing.assert_allclose(share.sum(axis=0), 1)
    np.testing.assert_allclose(share.sum(axis=1), 1)
    # The order of policies in the table does not matter.
    again = analysis.regret(table.iloc[::-1], "y", better).set_index("policy")
    np.testing.assert_allclose(again.loc[lost["policy"], "mean"], lost["mean"])


def test_prim_and_cart_find_a_planted_box() -> None:
    pytest.importorskip("ema_workbench")
    x = pd.DataFrame(design.sample("lhs", 3, 160, 1), columns=list("abc"))
    planted = ((x["a"] > 0.6) & (x["b"] < 0.5)).to_numpy()
    boxes, limits = analysis.prim(x, list("abc"), planted, threshold=0.95)
    limits = limits.set_index("factor")
    assert sorted(limits.index) == ["a", "b"]
    assert limits.loc["a", "low"] == pytest.approx(0.6, abs=0.06)
    assert limits.loc["b", "high"] == pytest.approx(0.5, abs=0.06)
    row = boxes.iloc[0]
    assert row["coverage"] > 0.9
    assert row["density_low"] > row["base_rate"]
    assert "a is above 0.5" in row["words"] or "a is above 0.6" in row["words"]
    leaves = analysis.cart(x, list("abc"), planted)
    assert leaves["density"].iloc[0] == 1
    assert leaves["mass"].sum() == pytest.approx(1)


def test_a_box_round_chance_does_not_hold_on_other_points() -> None:
    pytest.importorskip("ema_workbench")
    rng = np.random.default_rng(1)
    x = pd.DataFrame(rng.random((80, 6)), columns=[f"f{i}" for i in range(6)])
    luck = rng.random(80) < 0.3
    boxes, _ = analysis.prim(x, list(x), luck, target="luck")
    row = boxes.iloc[0]
    assert row["density"] > row["base_rate"]
    assert not row["density_low"] > row["base_rate"]
    from hedgerow.analysis.findings import of_box

    (told,) = of_box(boxes)
    assert not told.firm
    assert "Do not rely on it" in told.text


def test_too_few_cases_are_not_searched() -> None:
    x = pd.DataFrame({"a": np.arange(30.0), "b": np.arange(30.0)})
    boxes, limits = analysis.prim(x, ["a", "b"], x["a"].to_numpy() > 25)
    assert boxes.empty
    assert limits.empty


def test_a_map_marks_cells_whose_interval_spans_zero() -> None:
    chance = np.random.default_rng(2).standard_normal(30)
    base = pd.DataFrame({"replication": range(30), "y": chance})
    cells = [
        pd.DataFrame({"replication": range(30), "x": x, "y": chance + effect})
        for x, effect in ((0.0, -1.0), (1.0, np.tile([0.1, -0.1], 15)), (2.0, 1.0))
    ]
    found = analysis.effect_map(pd.concat(cells), base, ["x"], "y", -1)
    assert found["sign"].tolist() == ["better", "uncertain", "worse"]
    assert found["effect"].tolist() == pytest.approx([-1, 0, 1], abs=1e-9)


def test_which_way_is_better_depends_on_the_side() -> None:
    donors = ("CHN", "USA")
    assert analysis.better("alignment_shift_difference", "CHN", donors) == 1
    assert analysis.better("alignment_shift_difference_by_gdp", "USA", donors) == -1
    assert analysis.better("alignment_CHN", "USA", donors) == -1
    assert analysis.better("capability_change", "USA", donors) == 1
    assert analysis.better("spent_usd_USA", "USA", donors) == -1
