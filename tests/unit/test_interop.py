"""hedgerow through the field's own tools: SALib, the EMA Workbench, xarray and DuckDB."""

import logging
import warnings
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from hedgerow import analysis
from hedgerow.runs.ensemble import Ensemble
from hedgerow.runs.folder import FolderError
from hedgerow.runs.posterior import policy
from hedgerow.runs.trace import trace
from hedgerow.scenario.errors import ScenarioError
from hedgerow.scenario.load import load
from hedgerow.study import interop, plan
from hedgerow.study.sweep import sweep

STUDY = """
[study]
name = "ranged"
base = "baseline-2022-25"
replications = 2
seed = 5
months = 2
outcomes = ["alignment_shift_USA", "officers_USA"]
[design]
method = "sobol"
samples = 2
[design.factors]
"policies.leahy.strictness" = { low = 0.0, high = 1.0 }
"parameters.acceptance.gap" = { low = 1.0, high = 3.0 }
"policies.leahy.scope" = { values = ["country"] }
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("interop")


@pytest.fixture(scope="module")
def study(folder):
    (folder / "study.toml").write_text(STUDY)
    return plan.read(folder / "study.toml")


@pytest.fixture(scope="module")
def swept(study, folder):
    """SALib's points, run here."""
    sampler = pytest.importorskip("SALib.sample.sobol")
    problem = interop.problem(study)
    points = sampler.sample(problem, 4, calc_second_order=False, seed=1)
    chosen = interop.with_points(study, problem["names"], points)
    with ThreadPoolExecutor(1) as here:
        return points, sweep(chosen, folder / "out", workers=1, executor=here)


def test_a_study_gives_salib_its_problem(study) -> None:
    assert interop.problem(study) == {
        "num_vars": 2,
        "names": ["policies.leahy.strictness", "parameters.acceptance.gap"],
        "bounds": [[0.0, 1.0], [1.0, 3.0]],
    }
    with pytest.raises(ScenarioError, match="draws no factor from a range"):
        interop.problem("leahy-strictness")


def test_points_of_salib_are_run_in_their_order(swept) -> None:
    points, results = swept
    visited = results.points.to_pandas()
    np.testing.assert_array_equal(visited["policies.leahy.strictness"], points[:, 0])
    assert set(visited["policies.leahy.scope"]) == {"country"}
    found = analysis.analyse(results, ["officers_USA"])
    assert found.tables["sobol"]["estimator"].unique().tolist() == ["Saltelli"]
    assert found.tables["sobol"]["total"].notna().all()


def test_values_out_of_range_are_refused(study) -> None:
    names = interop.problem(study)["names"]
    with pytest.raises(ScenarioError, match="out of range"):
        interop.with_points(study, names, np.array([[2.0, 2.0]]))


def test_arrays_have_labelled_axes(swept) -> None:
    pytest.importorskip("xarray")
    points, results = swept
    cube = results.to_xarray()
    assert dict(cube.sizes) == {"point": len(points), "replication": 2}
    assert list(cube.data_vars) == ["alignment_shift_USA", "officers_USA"]
    np.testing.assert_array_equal(cube["parameters.acceptance.gap"], points[:, 1])
    frame = results.frame()
    one = cube["officers_USA"].sel(point=3, replication=1).item()
    assert one == frame.query("point == 3 and replication == 1")["officers_USA"].item()


def test_sql_gives_the_means_of_the_frame(swept) -> None:
    pytest.importorskip("duckdb")
    _, results = swept
    found = results.sql("select point, avg(officers_USA) as mean from runs group by 1 order by 1")
    mean = results.frame().groupby("point")["officers_USA"].mean()
    np.testing.assert_allclose(found["mean"], mean)


def test_the_workbench_runs_the_model() -> None:
    pytest.importorskip("ema_workbench")
    short = load("baseline-2022-25", (), 2)
    paths = {"parameters.acceptance.gap": (1.0, 3.0), "donors.USA.response": (0.0, 0.02)}
    outcomes = ["officers_USA", "alignment_shift_USA"]
    model = interop.workbench(short, paths, outcomes, runs=2, seed=5)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from ema_workbench import SequentialEvaluator

        logging.getLogger("EMA").setLevel(logging.ERROR)
        with SequentialEvaluator(model) as evaluator:
            experiments, found = evaluator.perform_experiments(scenarios=2)
    names = ["parameters__acceptance__gap", "donors__USA__response"]
    assert set(names) <= set(experiments.columns)
    assert sorted(found) == sorted(outcomes)
    row = experiments.iloc[1]
    settings = [f"{path}={float(row[name])!r}" for path, name in zip(paths, names, strict=True)]
    alone = trace(Ensemble(load("baseline-2022-25", settings, 2), range(2), 5, policy(fixed=False))).outcomes
    assert found["officers_USA"][1] == pytest.approx(alone["officers_USA"].mean())


def test_the_workbench_is_told_of_unknown_names() -> None:
    pytest.importorskip("ema_workbench")
    short = load("baseline-2022-25", (), 2)
    good = {"parameters.acceptance.gap": (1.0, 3.0)}
    with pytest.raises(FolderError, match="did you mean 'officers_USA'"):
        interop.workbench(short, good, ["oficers_USA"])
    with pytest.raises(ScenarioError, match="did you mean 'gap'"):
        interop.workbench(short, {"parameters.acceptance.gpa": (1.0, 3.0)}, ["abuses"])
    with pytest.raises(ScenarioError, match="must be below high"):
        interop.workbench(short, {"parameters.acceptance.gap": (3.0, 1.0)}, ["abuses"])
