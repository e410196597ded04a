"""Comparisons: pairs of runs with the same chance, told with no more certainty than they have."""

import json
import math
from datetime import date

import numpy as np
import pandas as pd
import pytest
from scipy.stats import t as student
from test_figures import boxes

import hedgerow
from hedgerow.report import comparing
from hedgerow.report import comparison as report
from hedgerow.runs.compare import compare
from hedgerow.runs.ensemble import Ensemble
from hedgerow.runs.folder import FolderError
from hedgerow.runs.paired import backfill, differences, movers, rival_pairs
from hedgerow.runs.trace import traces
from hedgerow.scenario.errors import ScenarioError
from hedgerow.wording.numbers import difference
from hedgerow.wording.verdicts import of_difference

SHORT = hedgerow.load("baseline-2022-25", months=4)
OFF = hedgerow.load("baseline-2022-25", ["policies.leahy.scope=none"], months=4)
NAMES = {"CHN": "China", "USA": "United States"}
COLUMNS = (
    "variant outcome name unit base_median variant_median mean_difference mean_low mean_high "
    "median_difference low high share_positive share_zero share_negative variance_saved"
)


@pytest.fixture(scope="module")
def same():
    return compare(SHORT, SHORT, runs=3)


@pytest.fixture(scope="module")
def off(tmp_path_factory):
    return compare(SHORT, OFF, runs=6, out=tmp_path_factory.mktemp("compare") / "r")


def test_a_scenario_differs_from_itself_by_exactly_nothing(same) -> None:
    gaps = same.differences
    columns = ["mean_difference", "mean_low", "mean_high", "median_difference", "low", "high"]
    assert (gaps[columns] == 0).all(axis=None)
    assert (gaps["share_zero"] == 1).all()
    assert (same.movers[["mean", "low", "high", "share_positive"]] == 0).all(axis=None)
    assert (same.monthly[["low", "median", "high"]] == 0).all(axis=None)
    assert same.backfill["ratio"].isna().all()
    saved = gaps["variance_saved"].dropna()
    assert (saved == 1).all()
    assert len(saved) < len(gaps), "where nothing varies nothing can be saved"


def test_differences_by_hand() -> None:
    base = {"abuses": np.array([1.0, 2.0, 3.0, 4.0]), "only here": np.zeros(4)}
    variant = {"abuses": np.array([2.0, 2.0, 2.0, 8.0]), "only there": np.zeros(4)}
    table = differences(base, variant, NAMES)
    assert table["outcome"].tolist() == ["abuses"]
    row = table.iloc[0]
    # Paired differences 1, 0, -1, 4: mean 1, median 0.5, variance 14/3; those apart 5/3 and 9.
    assert (row["name"], row["unit"]) == ("Abuses by police units", "cases")
    assert (row["base_median"], row["variant_median"]) == (2.5, 2.0)
    assert (row["mean_difference"], row["median_difference"]) == (1.0, 0.5)
    assert (row["share_positive"], row["share_zero"], row["share_negative"]) == (0.5, 0.25, 0.25)
    assert row["variance_saved"] == pytest.approx(1 - (14 / 3) / (5 / 3 + 9))
    half = student.ppf(0.95, 3) * math.sqrt(14 / 3 / 4)
    assert (row["mean_low"], row["mean_high"]) == pytest.approx((1 - half, 1 + half))
    assert (row["low"], row["high"]) == pytest.approx((-0.85, 3.55))


def test_one_pair_of_runs_has_no_interval_and_claims_nothing() -> None:
    row = differences({"abuses": np.array([1.0])}, {"abuses": np.array([5.0])}, NAMES).iloc[0]
    assert row["mean_difference"] == 4
    assert row[["mean_low", "mean_high", "variance_saved"]].isna().all()
    assert of_difference(row) == "no clear difference"


def test_backfill_is_the_rivals_change_over_the_change_of_denial() -> None:
    base = {"officers_denied_USA": np.zeros(4), "officers_CHN": np.full(4, 5.0)}
    denied = {"officers_denied_USA": np.array([8.0, 12, 8, 12]), "officers_CHN": np.full(4, 10.0)}
    row = backfill(base, denied, [("USA", "CHN")]).iloc[0]
    assert (row["denied_difference"], row["officers_difference"], row["ratio"]) == (10, 5, 0.5)
    assert 5 / 12 <= row["low"] < 0.5 < row["high"] <= 5 / 8
    unsure = {**denied, "officers_denied_USA": np.array([8.0, -12, 8, 1])}
    row = backfill(base, unsure, [("USA", "CHN")]).iloc[0]
    assert row["ratio"] == pytest.approx(5 / 1.25)
    assert math.isnan(row["low"])
    assert math.isnan(row["high"])
    assert rival_pairs(SHORT) == [("CHN", "USA"), ("USA", "CHN")]


def test_movers_are_sorted_named_and_signed() -> None:
    change = np.array([[[0.1, 0.3], [0.2, 0.0]], [[0.1, 0.1], [0.2, -0.2]]])
    table = movers(change, ["CHN", "USA"], ["EGY", "KEN"])
    assert table["donor"].tolist() == ["difference"] * 2 + ["CHN"] * 2 + ["USA"] * 2
    assert table["name"].tolist()[:2] == ["Kenya", "Egypt"]
    assert table["mean"].tolist() == pytest.approx([0.3, -0.1, 0.2, 0.1, 0.2, -0.1])
    assert table["share_positive"].tolist() == [1, 0, 1, 1, 1, 0]
    assert table.loc[2, ["low", "high"]].tolist() == pytest.approx([0.11, 0.29])


def test_movers_of_a_run_are_sorted_within_each_donor(off) -> None:
    for _, own in off.movers.groupby("donor"):
        assert len(own) == 196
        assert own["mean"].abs().is_monotonic_decreasing


def test_numbers_do_not_depend_on_workers_or_batches() -> None:
    both = [Ensemble(scenario, range(5), 3) for scenario in (SHORT, OFF)]
    one = traces(both, workers=1)
    for size, workers in ((2, 2), (3, 1)):
        for a, b in zip(one, traces(both, size=size, workers=workers), strict=True):
            np.testing.assert_array_equal(a.final, b.final)
            np.testing.assert_array_equal(a.mean, b.mean)
            for name in a.outcomes:
                np.testing.assert_array_equal(a.outcomes[name], b.outcomes[name], name)


def test_the_base_is_the_run_of_that_seed() -> None:
    found = traces([Ensemble(SHORT, range(3), 7)], workers=1)[0]
    whole = hedgerow.run(SHORT, runs=3, seed=7, fixed=True)
    for name, values in found.outcomes.items():
        np.testing.assert_array_equal(values, whole.outcomes[name], name)
    panel = whole.table("panel", ["run", "month", "alignment_USA"])
    mean = panel.groupby(["run", "month"])["alignment_USA"].mean().to_numpy().reshape(3, 4)
    np.testing.assert_allclose(found.mean[:, :, 1], mean, rtol=1e-5)


@pytest.mark.parametrize("workers", [1, 2])
def test_progress_tells_every_run_month_once(workers) -> None:
    told: list[int] = []
    compare(SHORT, OFF, runs=4, workers=workers, progress=told.append)
    assert sum(told) == 2 * 4 * 4


def test_without_vetting_fewer_are_denied(off) -> None:
    rows = off.differences.set_index("outcome")
    denied = rows.loc["officers_denied_USA"]
    assert denied["variant_median"] < denied["base_median"]
    assert denied["mean_high"] < 0
    assert denied["share_negative"] == 1


PAIRS = {
    "months": ({"months": 5}, r"is 5, but 4 in Baseline.*; give both the same months"),
    "start": ({"start": date(2022, 5, 1)}, r"is 2022-05-01, but 2022-06-01 in Baseline"),
    "counterparts": ({"counterparts": ("RUS", "USA", "KEN")}, r"recipient states differ .* in KEN"),
    "donors": ({"donors": {"CHN": SHORT.donors["CHN"]}}, r"donors differ .* in USA; give both"),
}


@pytest.mark.parametrize("key", PAIRS)
def test_what_cannot_be_paired_is_refused(key) -> None:
    change, words = PAIRS[key]
    other = SHORT.model_copy(update={"title": "Another", **change})
    with pytest.raises(ScenarioError, match=f"Another: {key}: {words}"):
        compare(SHORT, other, runs=1)


def test_a_base_alone_is_refused() -> None:
    with pytest.raises(ScenarioError, match="name at least one scenario"):
        compare(SHORT)


def test_a_folder_is_written_whole_and_never_overwritten(off, tmp_path) -> None:
    where = off.where
    held = {p.name for p in where.iterdir()}
    tables = {f"{n}.parquet" for n in ("differences", "movers", "backfill", "monthly")}
    assert held == {*tables, "manifest.json"}
    kept = pd.read_parquet(where / "differences.parquet")
    assert list(kept.columns) == COLUMNS.split()
    pd.testing.assert_frame_equal(kept, off.differences)
    about = json.loads((where / "manifest.json").read_text())
    assert about == off.manifest
    assert list(about["resolved"]) == [about["base"], *about["variants"]]
    before = (where / "movers.parquet").read_bytes()
    compare(SHORT, OFF, runs=6, out=where)
    with pytest.raises(FolderError, match="already holds another run"):
        compare(SHORT, OFF, runs=5, out=where)
    assert (where / "movers.parquet").read_bytes() == before


def test_names_are_kept_apart(same) -> None:
    assert same.manifest["base"] not in same.manifest["variants"]
    two = compare(SHORT, OFF, OFF, runs=1)
    assert len(set(two.differences["variant"])) == 2


@pytest.mark.parametrize("which", ["same", "off"])
def test_no_text_of_a_figure_lies_outside_the_canvas(which, request) -> None:
    found = request.getfixturevalue(which)
    for name in found.variants:
        for make in (report.fan, report.difference_map, report.top):
            figure = make(found, name)
            for text, (x0, y0, x1, y1) in boxes(figure):
                assert min(x0, y0) >= 0, text
                assert x1 <= figure.bbox.width, text
                assert y1 <= figure.bbox.height, text


def test_nothing_is_claimed_where_nothing_differs(same) -> None:
    name = next(iter(same.variants))
    titles = [make(same, name).texts[0].get_text() for make in (report.fan, report.top)]
    assert "is the same in every run" in titles[0].replace("\n", " ")
    assert "no state shifts clearly" in titles[1].replace("\n", " ")


def test_pictures_are_saved_for_every_variant(off, tmp_path) -> None:
    paths = report.draw(off, tmp_path)
    assert [p.name.rsplit("-", 1)[1] for p in paths] == ["months.png", "map.png", "movers.png"]
    assert all(p.stat().st_size > 10_000 for p in paths)


def test_the_screen_says_what_the_intervals_support(off, capsys) -> None:
    comparing.show(off)
    said = capsys.readouterr().out
    assert "no clear difference" in said
    assert "Officers denied by United States" in said
    assert "Backfill ratio" in said


def test_plain_data_is_valid_json(same, off) -> None:
    for found in (same, off):
        text = json.dumps(comparing.as_data(found, []), allow_nan=False, default=str)
        assert len(json.loads(text)["differences"]) == len(found.differences)


@pytest.mark.parametrize(
    ("values", "unit", "expected"),
    [
        ((0.00123, 0.001, 0.002), "0-1", ["+0.0012", "+0.0010", "+0.0020"]),
        ((-25765.0, -26134.0, -25397.0), "people", ["-25,765", "-26,134", "-25,397"]),
        ((-0.0047, -0.0055, -0.0039), "share", ["-0.47", "-0.55", "-0.39"]),
        ((-2.42e8, -2.64e8, -2.2e8), "US$", ["-242 m", "-264 m", "-220 m"]),
        ((0.0, 0.0, 0.0), "cases", ["0", "0", "0"]),
        ((4.0, float("nan"), float("nan")), "cases", ["+4.0", "-", "-"]),
    ],
)
def test_differences_are_written_with_sign_and_two_figures(values, unit, expected) -> None:
    assert difference(values, unit) == expected


def test_a_long_scenario_compares_with_a_short_one_over_months_they_share() -> None:
    with pytest.raises(ScenarioError, match="months"):
        compare("baseline-2022-25", "interpol-2026", runs=1)
    found = compare("baseline-2022-25", "interpol-2026", runs=2, months=6)
    assert (found.differences["share_zero"] == 1).all()  # it departs in 2026
