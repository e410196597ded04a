"""Studies that cannot be swept: one message on standard error, exit code 2, and no folder."""

from pathlib import Path

import pytest

from hedgerow import cli
from hedgerow.scenario.errors import ScenarioError
from hedgerow.study.sweep import extend, sweep
from tests.faults import harness

BAD = Path(__file__).parents[1] / "scenarios" / "bad_studies"
STUDIES = [
    "unknown-path",
    "reversed-range",
    "range-beyond",
    "duplicate-key",
    "duplicate-family",
    "duplicate-spaces",
    "sobol-not-a-power",
    "too-large",
]


def refused(monkeypatch, capsys, *words: str) -> str:
    """Return the message of a command that ends with exit code 2."""
    monkeypatch.setattr("sys.argv", ["hedgerow", *words])
    with pytest.raises(SystemExit) as end:
        cli.main()
    assert end.value.code == 2
    told = capsys.readouterr()
    assert not told.out
    # A bar that was never drawn leaves an empty line.
    *before, line = told.err.strip().splitlines()
    assert line.startswith("hedgerow: ")
    assert len(before) == ("--dask" in words)  # whose scheduler is used is trusted, and it says so first
    return told.err


@pytest.mark.parametrize("name", STUDIES)
def test_a_bad_study_is_refused_before_any_run(tmp_path, monkeypatch, capsys, name) -> None:
    path, out = BAD / f"{name}.toml", tmp_path / "out"
    told = refused(monkeypatch, capsys, "sweep", str(path), "--out", str(out))
    assert path.read_text().splitlines()[0].removeprefix("# expect: ") in told
    assert str(path) in told
    assert not out.exists()


def test_an_unreachable_scheduler_is_refused(tmp_path, monkeypatch, capsys) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr("hedgerow.workers.cluster.TIMEOUT", 1)
    words = ("leahy-strictness", "--out", str(tmp_path / "out"), "--dask", "tcp://127.0.0.1:1")
    told = refused(monkeypatch, capsys, "sweep", *words)
    assert "tcp://127.0.0.1:1: no scheduler can be reached" in told
    assert not (tmp_path / "out").exists()


def test_more_replications_than_the_disk_holds_are_refused(tmp_path, monkeypatch, capsys) -> None:
    study, out = tmp_path / "study.toml", tmp_path / "out"
    about = {"base": "baseline-2022-25", "replications": 1, "limit": 60, "values": [1.0]}
    study.write_text(harness.STUDY.format(**about))
    before = sweep(study, out, executor=harness.AtOnce())
    with pytest.raises(ScenarioError, match="free; take fewer points, replications or outcomes"):
        extend(out, replications=10**15)
    more = ("--extend", "replications=1000000000000000")
    assert "GB free; take fewer" in refused(monkeypatch, capsys, "sweep", str(out), *more)
    again = sweep(study, out, executor=harness.AtOnce())
    assert again.digest() == before.digest()
    assert again.manifest["runs"] == 1
