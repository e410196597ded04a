"""Sweeps: the same content whoever does the work, and what the folder gives back."""

from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context

import numpy as np
import pytest

import hedgerow
from hedgerow.runs.ensemble import Ensemble
from hedgerow.runs.folder import FolderError
from hedgerow.runs.posterior import policy
from hedgerow.runs.trace import trace
from hedgerow.scenario.load import load
from hedgerow.study import chunks, plan, sweep, work
from hedgerow.study.results import open_

STUDY = """
[study]
name = "small"
base = "baseline-2022-25"
replications = {replications}
seed = 5
months = 2
{more}
[design]
method = "lhs"
samples = 3
[design.factors]
"policies.leahy.strictness" = {{ low = 0.0, high = 1.0 }}
"policies.leahy.scope" = {{ values = ["unit", "country"] }}
"parameters.acceptance.gap" = {{ low = 1.0, high = 3.0 }}
"""
STOP = """
[stop]
outcome = "alignment_shift_CHN"
half_width = {half_width}
every = 4
"""


class AtOnce:
    """An executor that does the work where it is asked to."""

    def submit(self, function, *given):
        future: Future = Future()
        try:
            future.set_result(function(*given))
        except Exception as error:
            future.set_exception(error)
        return future


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("small")


@pytest.fixture(scope="module")
def study(folder):
    return written(folder, 12)


@pytest.fixture(scope="module")
def whole(study, folder):
    return sweep.sweep(study, folder / "whole", executor=AtOnce())


def written(folder, replications, more="", name="study") -> plan.Study:
    path = folder / f"{name}.toml"
    path.write_text(STUDY.format(replications=replications, more=more))
    return plan.read(path)


def test_every_run_equals_the_run_of_its_scenario_alone(whole, study) -> None:
    frame = whole.frame()
    assert frame.columns[:5].tolist() == ["point", "replication", *whole.factors]
    assert len(frame) == 6 * 12
    for point in (1, 4):
        mine = frame[frame["point"] == point]
        alone = trace(Ensemble(study.scenario(point), range(12), 5, policy(fixed=False))).outcomes
        for name in whole.outcomes:
            np.testing.assert_array_equal(mine[name], alone[name], err_msg=name)
        assert (mine["policies.leahy.strictness"] == study.values(point)[study.factors[0].path]).all()


@pytest.mark.slow
def test_the_content_does_not_depend_on_who_does_the_work(whole, study, folder) -> None:
    for workers in (1, 2):
        results = sweep.sweep(study, folder / f"workers-{workers}", workers=workers)
        assert results.digest() == whole.digest()
    with ProcessPoolExecutor(2, get_context("spawn")) as pool:
        assert sweep.sweep(study, folder / "pool", executor=pool).digest() == whole.digest()


def test_the_content_does_not_depend_on_batches(whole, study, folder, monkeypatch) -> None:
    monkeypatch.setattr(work, "BATCH", 5)
    monkeypatch.setattr(chunks, "LEAST", 7)
    assert sweep.sweep(study, folder / "odd", executor=AtOnce()).digest() == whole.digest()


def test_adding_replications_equals_having_asked_for_them(whole, folder, tmp_path) -> None:
    few = written(tmp_path, 4)
    out = tmp_path / "out"
    sweep.sweep(few, out, executor=AtOnce())
    grown = sweep.extend(out, replications=12, executor=AtOnce())
    assert grown.digest() == whole.digest()
    assert sweep.status(out).done == sweep.status(out).total == 72
    assert sweep.sweep(few, out, executor=AtOnce()).digest() == whole.digest()
    with pytest.raises(FolderError, match="already has 12 replications"):
        sweep.extend(out, replications=8)


def test_points_that_are_settled_stop(whole, tmp_path) -> None:
    never = written(tmp_path, 12, STOP.format(half_width=1e-9), "never")
    assert sweep.sweep(never, tmp_path / "never", executor=AtOnce()).digest() == whole.digest()
    at_once = written(tmp_path, 12, STOP.format(half_width=0.9), "at_once")
    results = sweep.sweep(at_once, tmp_path / "at-once", executor=AtOnce())
    assert (results.frame().groupby("point").size() == 4).all()
    assert sweep.status(tmp_path / "at-once").total == 24
    values = whole.frame().query("replication < 4").groupby("point")["alignment_shift_CHN"]
    middle = float((3.182446 * values.std() / 2).median())
    some = written(tmp_path, 12, STOP.format(half_width=middle), "some")
    runs = sweep.sweep(some, tmp_path / "some", executor=AtOnce()).frame().groupby("point").size()
    assert sorted(set(runs))[0] == 4
    assert max(runs) > 4


@pytest.mark.parametrize("harm", ["truncate", "flip", "remove"])
def test_a_damaged_part_is_told_and_redone(whole, study, tmp_path, harm) -> None:
    out = tmp_path / "out"
    sweep.sweep(study, out, executor=AtOnce())
    part = sorted(out.glob("parts/*.parquet"))[0]
    content = bytearray(part.read_bytes())
    content[len(content) // 2] ^= 1
    if harm == "truncate":
        part.write_bytes(content[:100])
    elif harm == "flip":
        part.write_bytes(content)
    else:
        part.unlink()
    with pytest.raises(FolderError, match="is damaged; start the sweep again"):
        open_(out)
    seen: list[int] = []
    again = sweep.sweep(study, out, executor=AtOnce(), progress=seen.append)
    assert again.digest() == whole.digest()
    assert sum(seen) == 72


def test_a_torn_journal_costs_one_part(whole, study, tmp_path) -> None:
    out = tmp_path / "out"
    sweep.sweep(study, out, executor=AtOnce())
    journal = out / "journal.jsonl"
    journal.write_bytes(journal.read_bytes()[:-40])
    assert sweep.status(out).done < 72
    assert sweep.sweep(study, out, executor=AtOnce()).digest() == whole.digest()
    assert sweep.status(out).done == 72


def test_nothing_is_done_twice(study, folder, whole) -> None:
    def refuse(*_):
        raise AssertionError("was run again")

    before = whole.digest()
    executor = AtOnce()
    executor.submit = refuse
    assert sweep.sweep(study, folder / "whole", executor=executor).digest() == before


def test_a_changed_study_is_refused(study, whole, tmp_path, monkeypatch) -> None:
    out = tmp_path / "out"
    sweep.sweep(study, out, executor=AtOnce())
    more = written(tmp_path, 13, name="more")
    with pytest.raises(FolderError, match=r"was begun otherwise \(study"):
        sweep.sweep(more, out)
    other = plan.parse(study.text.replace("high = 3.0", "high = 2.0"), tmp_path / "study.toml")
    for allowed in (False, True):
        with pytest.raises(FolderError, match="holds another design"):
            sweep.sweep(other, out, allow_mixed=allowed)
    monkeypatch.setattr("hedgerow.runs.identity.versions", lambda: {"numpy": "0.1"})
    with pytest.raises(FolderError, match=r"numpy: .* then, 0.1 now\); .*--allow-mixed"):
        sweep.sweep(study, out)
    results = sweep.sweep(study, out, allow_mixed=True, executor=AtOnce())
    assert results.manifest["mixed"][0]["numpy"][1] == "0.1"
    assert results.digest() == whole.digest()


def test_folders_that_cannot_take_a_sweep_say_so(study, tmp_path) -> None:
    out = tmp_path / "out"
    sweep.sweep(study, out, executor=AtOnce())
    (out / "manifest.json").unlink()
    with pytest.raises(FolderError, match=r"has lost its manifest\.json"):
        sweep.sweep(study, out)
    with pytest.raises(FolderError, match="holds no results"):
        open_(out)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "notes.txt").write_text("mine")
    with pytest.raises(FolderError, match=r"holds other files, such as notes\.txt"):
        sweep.sweep(study, tmp_path / "other")
    with pytest.raises(FolderError, match="is a file, or lies inside one"):
        sweep.sweep(study, tmp_path / "other" / "notes.txt")
    with pytest.raises(FolderError, match="cannot be written"):
        sweep.sweep(study, "/proc/nowhere")


def test_a_read_only_folder_says_so(study, tmp_path, monkeypatch) -> None:
    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.write_bytes", refuse)
    with pytest.raises(FolderError, match="cannot be written: Permission denied"):
        sweep.sweep(study, tmp_path / "out")


def test_results_of_a_run_are_not_a_sweep(tmp_path) -> None:
    hedgerow.run(load("baseline-2022-25", months=1), runs=1, out=tmp_path / "run")
    for read in (open_, sweep.status):
        with pytest.raises(FolderError, match="of another kind"):
            read(tmp_path / "run")


def test_a_missing_package_is_named(whole, monkeypatch) -> None:
    monkeypatch.setattr("hedgerow.study.results.find_spec", lambda _: None)
    with pytest.raises(FolderError, match=r"pip install 'hedgerow\[sql\]'"):
        whole.sql("select 1")
    with pytest.raises(FolderError, match=r"pip install 'hedgerow\[xarray\]'"):
        whole.to_xarray()


def test_outcomes_are_read_by_name(whole) -> None:
    frame = whole.frame(["abuses"])
    assert frame.columns.tolist() == ["point", "replication", *whole.factors, "abuses"]
    with pytest.raises(FolderError, match="keeps no outcome 'abuse'"):
        whole.frame(["abuse"])


def test_a_worker_whose_code_has_changed_is_refused(study, tmp_path) -> None:
    class Changed(AtOnce):
        def submit(self, function, *given):
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr("hedgerow.workers.executors.code_version", lambda: "0.0+other")
                return super().submit(function, *given)

    with pytest.raises(FolderError, match=r"a worker has hedgerow 0\.0\+other"):
        sweep.sweep(study, tmp_path / "out", executor=Changed())


def test_a_rule_registered_here_alone_runs_here(tmp_path) -> None:
    def poisoned(situation, donor, offer):
        gap = situation.parameters.acceptance.gap
        return np.where(gap > 2, np.nan, 0.5) * np.ones(situation.world.crime.shape)

    hedgerow.register("half", poisoned)
    base = tmp_path / "base.toml"
    base.write_text('extends = "baseline-2022-25"\n[rules.respond]\nall = "half"\n')
    path = tmp_path / "own.toml"
    text = STUDY.format(replications=2, more="").replace("baseline-2022-25", str(base))
    path.write_text(text)
    results = sweep.sweep(path, tmp_path / "out")
    frame, failures = results.frame(), results.failures()
    assert (frame["parameters.acceptance.gap"] <= 2).all()
    assert len(frame) + len(failures) == 12
    assert len(failures)
    assert failures["error"].str.contains("gave nan").all()
