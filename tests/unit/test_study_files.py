"""Study files: what they mean, and one clear message for every mistake."""

from pathlib import Path

import numpy as np
import pytest

from hedgerow.runs.posterior import policy
from hedgerow.scenario.errors import ScenarioError
from hedgerow.scenario.find import shipped
from hedgerow.scenario.load import load
from hedgerow.scenario.settings import with_settings
from hedgerow.study import factors, interop, plan
from hedgerow.study.design import LEVELS, trajectories

BAD = Path(__file__).parents[1] / "scenarios" / "bad_studies"
HEAD = '[study]\nname = "x"\nbase = "baseline-2022-25"\nreplications = 2\nmonths = 3\n[design]\n'


def study(folder: Path, text: str) -> plan.Study:
    path = folder / "study.toml"
    path.write_text(HEAD + text)
    return plan.read(path)


@pytest.mark.parametrize("path", sorted(BAD.glob("*.toml")), ids=lambda p: p.stem)
def test_a_bad_study_is_refused_with_the_message_it_states(path: Path) -> None:
    expected = path.read_text().splitlines()[0].removeprefix("# expect: ")
    with pytest.raises(ScenarioError) as told:
        plan.read(path)
    assert expected in str(told.value)
    assert str(path) in str(told.value)


@pytest.mark.parametrize("name", ["leahy-strictnes", "no/such/study.toml", ""])
def test_a_missing_study_is_told_with_the_nearest(name: str) -> None:
    with pytest.raises(ScenarioError, match=r"study|did you mean 'leahy-strictness'"):
        plan.read(name)


@pytest.mark.parametrize("path", sorted(shipped("experiments").glob("*/study.toml")), ids=lambda p: p.parent.name)
def test_shipped_studies_can_be_run(path: Path) -> None:
    found = plan.read(path.parent.name)
    assert found.head.name == path.parent.name
    assert found.head.question
    assert found.runs > 0
    assert (path.parent / "README.md").is_file()


def test_values_put_in_place_equal_settings() -> None:
    values = {
        "policies.leahy.strictness": 0.25,
        "policies.gap_fill.share": 0.125,
        "donors.USA.training.officers": 1234.0,
        "parameters.acceptance.gap": 0.1 + 0.2,
    }
    base = load("baseline-2022-25", ["policies.gap_fill.share=0"])
    put = with_settings(base, values)
    told = load("baseline-2022-25", factors.settings(values.items()))
    assert put.model_dump() == told.model_dump()
    assert set(put.set_by) == set(told.set_by)
    assert base.policies["leahy"].strictness == 1.0


def test_every_point_equals_its_replay_settings(tmp_path) -> None:
    found = study(
        tmp_path,
        """
method = "lhs"
samples = 3
[design.factors]
scenario = { values = ["leahy-off", "gap-fill"] }
"policies.cutoff.announced" = { values = [true, false] }
"policies.cutoff.depth" = { low = 0.1, high = 0.9 }
"parameters.alignment" = { prior = true }
"donors.CHN" = { prior = true }
""",
    )
    assert found.size == 2 * 2 * 3
    for point in range(found.size):
        values = found.values(point)
        name = values.pop("scenario")
        told = load(name, factors.settings(values.items()), 3)
        assert found.scenario(point).model_dump() == told.model_dump()
        assert set(found.scenario(point).set_by) == set(told.set_by)


def test_a_base_given_in_place_sets_what_it_says(tmp_path) -> None:
    path = tmp_path / "study.toml"
    text = """[study]\nname = "x"\nreplications = 2\nmonths = 3
[study.base]\nextends = "gap-fill"\ndonors.USA.response = 0.01
[study.base.policies.leahy]\nstrictness = 0.5
[design.factors]\n"parameters.acceptance.gap" = { values = [1.0, 2.5] }
"""
    path.write_text(text, encoding="utf-8")
    found = plan.read(path)
    scenario = found.scenario(1)
    assert scenario.policies["leahy"].strictness == 0.5
    assert scenario.policies["gap_fill"].share == load("gap-fill").policies["gap_fill"].share
    assert policy(fixed=False).held_in(scenario) == ["donors.USA.response"]
    assert scenario.set_by["policies.leahy.strictness"] == "study.base"
    again = interop.with_points(found, ["parameters.acceptance.gap"], np.array([[1.5]]))
    assert again.head == found.head.model_copy(update={"outcomes": found.head.outcomes})
    assert again.scenario(0).policies["leahy"].strictness == 0.5


def test_points_drawn_elsewhere_keep_the_whole_head_and_the_stop_rule(tmp_path) -> None:
    path = tmp_path / "study.toml"
    text = """[study]\nname = "x"\nquestion = "Why?"\nbase = "gap-fill"\nreplications = 8\nseed = 3\nmonths = 2
outcomes = ["abuses"]\nfixed = true\nlimit = 30.0\nfinding = "None."
[design]\nmethod = "lhs"\nsamples = 2\n[design.factors]\n"parameters.acceptance.gap" = { low = 1.0, high = 2.0 }
[stop]\noutcome = "abuses"\nhalf_width = 0.5\nevery = 4
"""
    path.write_text(text, encoding="utf-8")
    found = plan.read(path)
    again = interop.with_points(found, ["parameters.acceptance.gap"], np.array([[1.5], [1.25]]))
    assert again.head == found.head
    assert again.file.stop == found.file.stop


def test_a_grid_crosses_and_a_list_zips(tmp_path) -> None:
    two = '"policies.leahy.strictness" = { values = [0, 1] }\n"policies.leahy.scope" = { values = '
    grid = study(tmp_path, f'method = "grid"\n[design.factors]\n{two}["unit", "country"] }}')
    assert list(zip(*grid.points.values(), strict=True)) == [
        (0.0, "unit"),
        (0.0, "country"),
        (1.0, "unit"),
        (1.0, "country"),
    ]
    listed = study(tmp_path, f'method = "list"\n[design.factors]\n{two}["unit", "country"] }}')
    assert list(zip(*listed.points.values(), strict=True)) == [(0.0, "unit"), (1.0, "country")]


@pytest.mark.parametrize("method", ["lhs", "sobol"])
def test_a_sample_fills_its_ranges_and_is_the_same_for_every_value(tmp_path, method) -> None:
    found = study(
        tmp_path,
        f"""
method = "{method}"
samples = 16
[design.factors]
"policies.leahy.strictness" = {{ low = 0.2, high = 0.6 }}
"parameters.acceptance.gap" = {{ prior = true }}
"policies.cutoff.probability" = {{ values = [0, 1] }}
""",
    )
    assert found.size == 32
    gap = np.array(found.points["parameters.acceptance.gap"])
    np.testing.assert_array_equal(gap[:16], gap[16:])
    strict = np.array(found.points["policies.leahy.strictness"])[:16]
    assert strict.min() >= 0.2
    assert strict.max() <= 0.6
    strata = np.floor((strict - 0.2) / 0.4 * 16).astype(int)
    assert sorted(strata) == list(range(16))
    assert plan.read(tmp_path / "study.toml").points == found.points


def test_morris_trajectories_change_one_factor_at_a_time() -> None:
    dimensions, number = 5, 30
    sample = trajectories(dimensions, number, seed=4)
    levels = np.unique(np.round(sample * (LEVELS - 1), 9))
    assert levels.tolist() == [0, 1, 2, 3]
    for path in sample.reshape(number, dimensions + 1, dimensions):
        steps = np.diff(path, axis=0)
        assert (np.count_nonzero(np.abs(steps) > 1e-9, axis=1) == 1).all()
        assert np.allclose(np.abs(steps).sum(axis=0), 2 / 3)
    first = sample.reshape(number, dimensions + 1, dimensions)[:, 1] - sample[:: dimensions + 1]
    assert (first > 1e-9).any()
    assert (first < -1e-9).any()


def test_morris_effects_of_a_linear_function_are_its_slopes() -> None:
    slopes = np.array([3.0, 0.0, -2.0])
    sample = trajectories(3, 8, seed=1)
    value = sample @ slopes
    for start in range(0, len(sample), 4):
        steps = np.diff(sample[start : start + 4], axis=0)
        which = np.abs(steps).argmax(axis=1)
        effect = np.diff(value[start : start + 4]) / steps[np.arange(3), which]
        np.testing.assert_allclose(effect, slopes[which])
