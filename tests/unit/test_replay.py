"""Replay, failures and manifests from the command line, and what is said where they cannot be had."""

import importlib
import json
import os
import shlex
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

import hedgerow
from hedgerow.cli import app
from hedgerow.runs import identity
from hedgerow.scenario import rules
from hedgerow.study import plan
from hedgerow.study.sweep import extend, sweep

RULE = "import numpy as np\n\n\ndef rule(situation, donor, offer):\n    return np.full(situation.world.crime.shape, {})\n"
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
        (lambda about: about.pop("own"), "says nothing of 'own', so this version cannot read"),
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
    assert "gave nan for" in said
    assert "every value must be from 0 to 1" in said
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


def closed_over(value):
    def rule(situation, donor, offer):
        return np.full(situation.world.crime.shape, value)

    return rule


class Held:
    def __init__(self, value):
        self.value = value

    def __call__(self, situation, donor, offer):
        return np.full(situation.world.crime.shape, self.value)


def given(value, situation, donor, offer):
    return np.full(situation.world.crime.shape, value)


@pytest.mark.parametrize(
    "made", [closed_over, Held, lambda value: partial(given, value)], ids=["closure", "instance", "partial"]
)
def test_what_a_rule_holds_is_part_of_it(own, made) -> None:
    folder, _ = own
    hedgerow.register("own", made(0.5))
    results = sweep(folder / "study.toml", folder / "out")
    results.replay(1, 1)
    hedgerow.register("own", made(0.5))
    assert extend(folder / "out", replications=3).replay(1, 2).outcomes.shape[0] == 1
    hedgerow.register("own", made(0.25))
    with pytest.raises(hedgerow.FolderError, match="rule own"):
        extend(folder / "out", replications=4)
    with pytest.raises(hedgerow.FolderError, match="the rule 'own' is another"):
        results.replay(1, 1)


def test_a_rule_typed_at_a_prompt_is_the_same_in_any_process() -> None:
    code = "from hedgerow.runs.identity import source_of\ndef rule(s, d, o):\n    return {'a', 'b', 'c', 'd'}\n"
    code += "x = rule.__code__.co_consts\nprint(source_of(rule)['source'])"
    told = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": str(seed)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in (1, 2)
    }
    assert len(told) == 1
    rules_ = {identity.source_of(eval(f"lambda s, d, o: {n}"))["source"] for n in (1, 2, 1)}
    assert len(rules_) == 2


def test_every_table_is_held_against_the_record(tmp_path) -> None:
    hedgerow.run("gap-fill", runs=9, months=1, out=tmp_path / "run")
    hedgerow.compare("baseline-2022-25", "gap-fill", runs=2, months=1, out=tmp_path / "pair")
    for name, table, column in (("run", "panel", "crime"), ("run", "twins", "abuses"), ("pair", "monthly", "mean")):
        path = tmp_path / name / f"{table}.parquet"
        whole = path.read_bytes()
        frame = pd.read_parquet(path)
        frame.loc[len(frame) - 1, column] += 1
        frame.to_parquet(path)
        code, said = command("replay", tmp_path / name)
        assert code == 2
        assert f"{table}: comes out otherwise in 1 columns, such as {column}" in said
        path.write_bytes(whole)
        assert command("replay", tmp_path / name)[0] == 0


def test_outcomes_that_have_come_since_have_no_say(tmp_path) -> None:
    hedgerow.run("gap-fill", runs=2, months=1, out=tmp_path / "run")
    hedgerow.compare("baseline-2022-25", "gap-fill", runs=2, months=1, out=tmp_path / "pair")
    runs, pairs = tmp_path / "run" / "outcomes.parquet", tmp_path / "pair" / "differences.parquet"
    pd.read_parquet(runs).drop(columns="abuses").to_parquet(runs)
    pd.read_parquet(pairs).query("outcome != 'abuses'").to_parquet(pairs, index=False)
    assert command("replay", tmp_path / "run")[0] == command("replay", tmp_path / "pair")[0] == 0


def test_a_point_of_a_sweep_is_a_scenario_again(own) -> None:
    folder, _ = own
    results = sweep(folder / "study.toml", folder / "out")
    with pytest.raises(hedgerow.FolderError, match=r"holds 2 points; name one, such as .*manifest\.json#0"):
        hedgerow.load(folder / "out")
    again = hedgerow.load(f"{folder / 'out' / 'manifest.json'}#1")
    assert again.parameters.acceptance.gap == 2.5
    run = hedgerow.run(again, runs=2).outcomes
    kept = results.frame().query("point == 1")[results.outcomes]
    assert run[results.outcomes].to_numpy().tolist() == kept.to_numpy().tolist()


def test_runs_of_a_process_of_their_own_replay_here(tmp_path) -> None:
    (tmp_path / "study.toml").write_text(STUDY.replace("base.toml", "gap-fill"), encoding="utf-8")
    results = sweep(tmp_path / "study.toml", tmp_path / "out", workers=1)
    for point, replication in ((0, 1), (1, 0)):
        assert len(results.replay(point, replication).outcomes) == 1


def test_a_sweep_fixed_by_the_command_stays_fixed(tmp_path) -> None:
    text = STUDY.replace("base.toml", "gap-fill").replace("[study]", "# [study] of gaps\n[ study ]")
    (tmp_path / "study.toml").write_text(text, encoding="utf-8")
    study = plan.read(tmp_path / "study.toml", fixed=True)
    results = sweep(study, tmp_path / "out")
    assert "posterior" not in results.manifest
    grown = extend(tmp_path / "out", replications=3)
    assert "posterior" not in grown.manifest
    grown.replay(1, 2)


def test_a_store_of_an_earlier_format_is_refused_in_words(own) -> None:
    folder, _ = own
    sweep(folder / "study.toml", folder / "out")
    path = folder / "out" / "manifest.json"
    about = json.loads(path.read_text())
    for key in ("format", "own", "study_hash"):
        path.write_text(json.dumps({k: v for k, v in about.items() if k != key}))
        for words in (["sweep", folder / "study.toml", "--out", folder / "out"], ["status", folder / "out"]):
            code, said = command(*words)
            assert code == 2
            assert "its manifest has format none" in said or f"says nothing of '{key}'" in said


def test_a_failed_run_that_goes_well_now_says_so(own) -> None:
    folder, write = own
    write("1 / 0")
    sweep(folder / "study.toml", folder / "out")
    code, said = command("replay", folder / "out", 0, 0)
    assert code == 2
    assert "fails as it did: ZeroDivisionError" in said
