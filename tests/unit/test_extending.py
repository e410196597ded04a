"""A package of a user's own: a lever, a rule that reads it and outcomes, with nothing here edited."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

PACKAGE = '''
"""A donor that courts the states furthest from it."""
from typing import Literal

import hedgerow
from hedgerow.core.levers import DonorCode
from hedgerow.core.metrics import total
from hedgerow.core.numbers import Number, number
from hedgerow.core.rules import allocation


class Courtship(hedgerow.Lever):
    """Effort kept for the states furthest from the donor."""

    title = "Court the distant"
    lever: Literal["courtship"] = "courtship"
    donor: DonorCode = "USA"
    share: Number = number(0.0, 0, 1, "share of effort", "assumption: example")


def court(situation, d):
    code = situation.scene.code(d)
    share = situation.scene.schedule.level(Courtship, "share", situation.month, 0.0, code)
    far = allocation.openness(situation, d) * (1.0 - situation.world.alignment[:, d])
    return allocation.plan(situation, d) * (1.0 - share) + share * far / far.sum(axis=-1, keepdims=True)


def far_from(ended, d):
    return total(ended.last.alignment[:, d] < 0.3, ended.last.states)


FAR = hedgerow.Outcome("far_from_{donor}", "States far from {donor}", "states", far_from, better="less")
AT_WAR = hedgerow.Outcome("at_war", "States at war, at the end", "states", lambda e: total(e.last.war, e.last.states))
NOT_A_NUMBER = hedgerow.Outcome("odd", "Odd", "odd", lambda e: e.last.crime * float("nan"))
TAKEN = hedgerow.Outcome("officers_{donor}", "Officers", "people", far_from)
'''
OFFERED = """
[hedgerow.rules]
court = hedgerow_courtship:court
[hedgerow.levers]
courtship = hedgerow_courtship:Courtship
[hedgerow.outcomes]
far = hedgerow_courtship:FAR
war = hedgerow_courtship:AT_WAR
"""
COURTED = """
extends = "baseline-2022-25"
title = "Courted"
months = 4
[policies.courtship]
share = {share}
[rules.plan]
USA = "court"
"""
STUDY = """
[study]
name = "courtship"
base = "courted.toml"
replications = 2
seed = 3
months = 2
outcomes = ["far_from_USA", "at_war"]
[design]
method = "grid"
[design.factors]
"policies.courtship.share" = { values = [0.0, 0.5] }
"""
ASKED = """
import json, sys
import hedgerow
from hedgerow import analysis
from hedgerow.app.lab.levers import blocks
from hedgerow.report.screen import parameter_rows
from hedgerow.runs.summary import headlines
from hedgerow.scenario.load import load
from hedgerow.scenario.rules import only_here, rests_on
from hedgerow.scenario.schema import json_schema

def outcomes(*settings):
    return hedgerow.run(load("courted.toml", settings), runs=2, fixed=True).outcomes.to_dict("list")

usual = load("baseline-2022-25")
run = hedgerow.run("courted.toml", runs=2, fixed=True)
table = run.summary()
held = json_schema()
sweep = hedgerow.sweep("study.toml", out="kept", workers=2)
found = {
    "lever": load("courted.toml").policies["courtship"].model_dump(mode="json"),
    "courted": outcomes(),
    "null": outcomes("policies.courtship.share=0"),
    "without": outcomes("policies.courtship.start=2030-01-01"),
    "schema": [held["properties"]["policies"]["properties"]["courtship"]["else"], held["$defs"]["Courtship"]],
    "lab": [[b.title, b.group, b.meaning, [c.label for c in b.controls]] for b in blocks(usual, usual)
            if b.name == "courtship"],
    "numbers": [row for row in parameter_rows() if row["path"].startswith("policies.courtship")],
    "summary": table[["outcome", "name", "unit"]].to_numpy().tolist(),
    "headlines": headlines(table, ["CHN", "USA"])["outcome"].tolist(),
    "better": [analysis.better("far_from_USA", "USA"), analysis.better("at_war", "USA")],
    "rests_on": {name: getattr(one, "__module__", "") for name, one in rests_on(run.scenario).items()},
    "only_here": only_here(run.scenario),
    "study": [sweep.outcomes, sweep.frame().to_dict("list")],
}
json.dump(found, sys.stdout)
"""
REGISTERED = """
import json, sys
import hedgerow
import hedgerow_courtship as own
from hedgerow.scenario.load import load, merged, overlay, parse
from hedgerow.scenario.find import find
from hedgerow.scenario.rules import only_here

usual = load("baseline-2022-25", months=1)
before = only_here(usual)
hedgerow.register_lever(own.Courtship)
base = merged(find("baseline-2022-25")) | {"months": 1, "events": []}
raw = overlay(base, {"policies": {"courtship": {"share": 0.2}}})
levers = only_here(parse(raw))
hedgerow.register_outcome(own.FAR)
json.dump([before, levers, only_here(usual), list(hedgerow.run(usual, runs=1).outcomes)[-2:]], sys.stdout)
"""


def written(folder: Path, entry_points: str) -> Path:
    """Write the package as an installer leaves it: modules, and beside them what it offers."""
    (folder / "hedgerow_courtship.py").write_text(PACKAGE)
    about = folder / "hedgerow_courtship-1.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: hedgerow-courtship\nVersion: 1\n")
    (about / "entry_points.txt").write_text(entry_points)
    (folder / "courted.toml").write_text(COURTED.format(share=0.5))
    (folder / "beyond.toml").write_text(COURTED.format(share=2.0))
    (folder / "stranger.toml").write_text(COURTED.format(share='0.5\ndonor = "FRA"'))
    (folder / "study.toml").write_text(STUDY)
    return folder


def python(folder: Path, *given: str) -> subprocess.CompletedProcess[str]:
    """Run Python where the package is installed."""
    path = os.pathsep.join((str(folder), *filter(None, sys.path)))
    return subprocess.run(
        [sys.executable, *given],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )


def hedgerow(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return python(folder, "-c", "from hedgerow.cli import main; main()", *words)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("own"), OFFERED)


@pytest.fixture(scope="module")
def found(folder: Path) -> dict[str, Any]:
    done = python(folder, "-c", ASKED)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def test_a_scenario_has_the_lever_and_its_null_value_changes_nothing(found) -> None:
    assert found["lever"]["share"] == 0.5
    assert found["lever"]["donor"] == "USA"
    assert found["null"] == found["without"]
    assert found["courted"]["officers_USA"] != found["null"]["officers_USA"]
    assert found["courted"]["officers_CHN"] == found["null"]["officers_CHN"]


def test_screens_and_schema_have_the_lever_with_its_words(found) -> None:
    where, held = found["schema"]
    assert where == {"$ref": "#/$defs/Courtship"}
    assert held["properties"]["share"]["maximum"] == 1
    meaning = "Effort kept for the states furthest from the donor."
    assert found["lab"] == [["Court the distant", "United States", meaning, ["Share", "Recipients", "Start", "End"]]]
    assert [row["unit"] for row in found["numbers"]] == ["share of effort"]


def test_summaries_have_the_outcomes_with_their_words(found) -> None:
    assert found["summary"][-3:] == [
        ["far_from_CHN", "States far from China", "states"],
        ["far_from_USA", "States far from United States", "states"],
        ["at_war", "States at war, at the end", "states"],
    ]
    assert found["headlines"][-3:] == ["far_from_CHN", "far_from_USA", "at_war"]
    assert found["better"] == [-1, 1]


def test_a_study_moves_the_lever_and_keeps_the_outcomes(found) -> None:
    kept, table = found["study"]
    assert kept == ["far_from_USA", "at_war"]
    assert table["policies.courtship.share"] == [0.0, 0.0, 0.5, 0.5]
    assert min(table["far_from_USA"]) > 0


def test_what_results_rest_on_is_named(found) -> None:
    assert found["rests_on"] == dict.fromkeys(
        ["rule court", "lever courtship", "outcome far_from_{donor}", "outcome at_war"], "hedgerow_courtship"
    )
    assert not found["only_here"]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("beyond", "policies.courtship.share: 2.0 is out of range: must be from 0 to 1 (share of effort)"),
        ("stranger", "policies.courtship.donor: unknown donor 'FRA'; the choices are CHN, USA"),
    ],
    ids=["beyond", "stranger"],
)
def test_a_bad_value_of_the_lever_gives_one_message(folder, name, words) -> None:
    done = hedgerow(folder, "run", f"{name}.toml")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.strip().endswith(words)
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("offered", "words"),
    [
        (
            "[hedgerow.levers]\nlost = hedgerow_absent:Lever\n",
            "entry point of hedgerow.levers: lost: lever 'lost' fails to import (hedgerow_absent:Lever): "
            "No module named 'hedgerow_absent'",
        ),
        (
            "[hedgerow.levers]\nwrong = hedgerow_courtship:FAR\n",
            'must be a Lever with a title and lever: Literal["name"] = "name"',
        ),
        (
            "[hedgerow.levers]\nleahy = hedgerow.core.levers:Leahy\n",
            "entry point of hedgerow.levers: leahy: the model has a lever 'leahy' already; choose another name",
        ),
        (
            "[hedgerow.outcomes]\nlost = hedgerow_courtship:LOST\n",
            "entry point of hedgerow.outcomes: lost: outcome 'lost' fails to import (hedgerow_courtship:LOST): "
            "module 'hedgerow_courtship' has no attribute 'LOST'",
        ),
        (
            "[hedgerow.outcomes]\nrival = hedgerow_courtship:TAKEN\n",
            "the model has an outcome 'officers_USA' already; choose another name",
        ),
        (
            "[hedgerow.outcomes]\nodd = hedgerow_courtship:NOT_A_NUMBER\n",
            "outcome odd: gave shape (1, 201); must be (runs,) = (1,)",
        ),
    ],
    ids=["absent", "no lever", "the model's lever", "absent outcome", "the model's outcome", "wrong shape"],
)
def test_a_broken_offer_gives_one_message(tmp_path, offered, words) -> None:
    done = hedgerow(written(tmp_path, offered), "run", "baseline-2022-25", "--runs", "1", "--months", "1")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.strip().endswith(words)
    assert "Traceback" not in done.stderr


def test_what_is_registered_is_known_in_this_process_alone(tmp_path) -> None:
    done = python(written(tmp_path, ""), "-c", REGISTERED)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [False, True, True, ["far_from_CHN", "far_from_USA"]]
