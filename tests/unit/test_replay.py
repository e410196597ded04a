"""Replay, failures and manifests from the command line, and what is said where they cannot be had."""

import importlib
import json
import shlex
import shutil
import sys
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

import hedgerow
from hedgerow.cli import app
from hedgerow.runs import identity
from hedgerow.scenario import rules
from hedgerow.study.sweep import extend, sweep

RULE = (
    "import numpy as np\n\n\ndef rule(situation, donor, offer):\n    return np.full(situation.world.crime.shape, {})\n"
)
STUDY = """
[study]
name = "own"
base = "base.toml"
replications = 2
months = 2
[design]
method = "list"
[design.factors]
"parameters.acceptance.gap" = { values = [1.0, 2.5] }
"""


def command(*words: object) -> tuple[int, str]:
    """Run a command and return its exit code and all it said."""
    done = CliRunner().invoke(app, [str(w) for w in words])
    # The command line's own main turns what users did wrong into one message.
    if isinstance(done.exception, ValueError):
        return 2, str(done.exception)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output


@pytest.fixture
def own(tmp_path, monkeypatch):
    """Return a folder with a study whose rule is that of a module in it."""
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(rules, "_registered", {})
    monkeypatch.setattr(sys, "dont_write_bytecode", True)

    def write(chance: str) -> None:
        (tmp_path / "ownrule.py").write_text(RULE.format(chance), encoding="utf-8")
        sys.modules.pop("ownrule", None)
        importlib.invalidate_caches()
        hedgerow.register("own", importlib.import_module("ownrule").rule)

    base = 'extends = "baseline-2022-25"\n[rules.respond]\nall = "own"\n'
    (tmp_path / "base.toml").write_text(base, encoding="utf-8")
    (tmp_path / "study.toml").write_text(STUDY, encoding="utf-8")
    write("0.5")
    return tmp_path, write


def test_a_run_and_a_comparison_come_back_to_the_last_bit(tmp_path) -> None:
    hedgerow.run("gap-fill", runs=9, seed=4, months=2, settings=["donors.USA.response=0.01"], out=tmp_path / "run")
    hedgerow.compare("baseline-2022-25", "leahy-off", runs=2, months=2, out=tmp_path / "pair")
    shutil.move(tmp_path / "run", tmp_path / "moved")
    for name in ("moved", "pair"):
        assert command("replay", tmp_path / name) == (0, f"{tmp_path / name}: comes out as stored, to the last bit\n")
    table = pd.read_parquet(tmp_path / "moved" / "outcomes.parquet")
    table.assign(abuses=table["abuses"] + 1).to_parquet(tmp_path / "moved" / "outcomes.parquet")
    code, said = command("replay", tmp_path / "moved")
    assert code == 2
    assert "comes out otherwise in 1 columns, such as abuses" in said


def test_a_manifest_is_a_scenario_again(tmp_path) -> None:
    told = ["donors.USA.response=0.01"]
    first = hedgerow.run("gap-fill", runs=2, months=2, settings=told, out=tmp_path / "run")
    for name in (tmp_path / "run", tmp_path / "run" / "manifest.json"):
        again = hedgerow.load(name)
        assert again == first.scenario
        assert hedgerow.run(again, runs=2).outcomes.equals(first.outcomes)
    code, _ = command("run", tmp_path / "run" / "manifest.json", "--runs", 2, "--out", tmp_path / "again", "--json")
    assert code == 0
    made = pd.read_parquet(tmp_path / "again" / "outcomes.parquet")
    assert made.equals(first.outcomes)
    longer = hedgerow.load(tmp_path / "run", ["policies.gap_fill.share=0.1"], 3)
    assert longer.months == 3
    assert longer.policies["gap_fill"].share == 0.1
    assert set(longer.set_by) > {"donors.USA.response", "policies.gap_fill.share"}


def test_a_manifest_of_several_scenarios_asks_which(tmp_path, monkeypatch) -> None:
    hedgerow.compare("baseline-2022-25", "leahy-off", runs=1, months=1, out=tmp_path / "pair")
    with pytest.raises(hedgerow.FolderError, match=r"holds 2 scenarios; name one, such as .*json#baseline-2022-25"):
        hedgerow.load(tmp_path / "pair")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pair").rename("gap-fill")
    assert hedgerow.load("gap-fill").title != hedgerow.load("gap-fill/manifest.json#leahy-off").title
    (tmp_path / "gap-fill").rename("pair")
    assert hedgerow.load(f"{tmp_path / 'pair' / 'manifest.json'}#leahy-off") == hedgerow.load("leahy-off", months=1)


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (lambda about: about.pop("format"), "its manifest has format none, not 2"),
        (lambda about: about.pop("own"), "says nothing of 'own'; is it damaged"),
        (lambda about: about.update(code="0.0.9+abc"), r"was made otherwise \(code: 0.0.9\+abc then"),
        (lambda about: about["posterior"].update(calibration="abc"), r"\(posterior: abc then"),
        (lambda about: about["resolved"]["leahy-off"].update(moths=3), "holds a scenario that this hedgerow cannot"),
    ],
)
def test_a_manifest_of_another_version_is_refused(tmp_path, harm, words) -> None:
    hedgerow.run("leahy-off", runs=1, months=1, out=tmp_path / "run")
    path = tmp_path / "run" / "manifest.json"
    about = json.loads(path.read_text())
    harm(about)
    path.write_text(json.dumps(about))
    with pytest.raises(hedgerow.FolderError, match=words):
        hedgerow.load(path)
    code, said = command("run", path, "--runs", 1, "--out", tmp_path / "new")
    assert code == 2
    assert str(tmp_path / "run") in said
    assert not (tmp_path / "new").exists()


def test_code_that_differs_may_be_allowed(tmp_path, monkeypatch) -> None:
    hedgerow.run("leahy-off", runs=1, months=1, out=tmp_path / "run")
    monkeypatch.setattr(identity, "code_version", lambda: "0.0.9+abc")
    options = ["--runs", 1, "--out", tmp_path / "new", "--json"]
    assert command("run", tmp_path / "run", *options)[0] == 2
    assert command("run", tmp_path / "run", *options, "--allow-mixed")[0] == 0
    assert command("replay", tmp_path / "run")[0] == 0  # the numbers are the same, which is what counts


def test_failed_runs_are_listed_with_the_command_that_repeats_them(own) -> None:
    folder, write = own
    write("np.where(situation.parameters.acceptance.gap < 2, 0.5, np.nan)")
    sweep(folder / "study.toml", folder / "out")
    code, said = command("failures", folder / "out", "--json")
    rows = json.loads(said)
    assert code == 0
    assert [(row["point"], row["replication"]) for row in rows] == [(1, 0), (1, 1)]
    words = shlex.split(rows[0]["replay"])
    assert words == ["hedgerow", "replay", str(folder / "out"), "1", "0"]
    code, said = command(*words[1:])
    assert code == 2
    assert "gave nan; every value must be from 0 to 1" in said
    assert "gave nan" in command("failures", folder / "out")[1]
    good = command("replay", folder / "out", 0, 1, "--out", folder / "good")
    assert good[0] == 0
    assert "as stored, to the last bit" in good[1]
    assert {"panel.parquet", "training.parquet", "manifest.json"} <= {p.name for p in (folder / "good").iterdir()}


def test_a_run_that_is_not_there_is_said(own, tmp_path) -> None:
    folder, _ = own
    sweep(folder / "study.toml", folder / "out")
    for point, replication in ((2, 0), (0, 2)):
        code, said = command("replay", folder / "out", point, replication)
        assert code == 2
        assert f"holds no run of point {point} and replication {replication}; points go from 0 to 1" in said
    code, said = command("replay", folder / "out")
    assert code == 2
    assert "name a point and a replication, such as 0 0" in said
    code, said = command("replay", Path(tmp_path / "nowhere"))
    assert code == 2
    assert "holds no results" in said


def test_a_store_keeps_the_source_of_its_rule_and_refuses_another(own) -> None:
    folder, write = own
    results = sweep(folder / "study.toml", folder / "out")
    kept = results.manifest["own"]["rule own"]
    assert kept["module"] == "ownrule.rule"
    assert len(kept["source"]) == 64
    before = results.manifest["hash"]
    assert extend(folder / "out", replications=3).manifest["hash"] != before
    write("0.25")
    words = r"rule own: .* then, .* now"
    with pytest.raises(hedgerow.FolderError, match=words):
        extend(folder / "out", replications=4)
    with pytest.raises(hedgerow.FolderError, match=r"the rule 'own' is another than it was \(source"):
        results.replay(0, 0)
    write("0.5")
    results.replay(0, 0)
    rules._registered.clear()
    code, said = command("replay", folder / "out", 0, 0)
    assert code == 2
    assert "unknown rule 'own'" in said
