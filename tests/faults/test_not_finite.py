"""A run that leaves a number that is not finite fails alone, and wherever it is made, with the same sentence."""

import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

import hedgerow
from hedgerow.app.lab import files, work
from hedgerow.app.lab.pair import Pair
from hedgerow.cli import app
from hedgerow.core.outcome import Outcome
from hedgerow.core.rules import acceptance
from hedgerow.fit.simulate import simulate
from hedgerow.fit.targets import read as targets
from hedgerow.runs.ensemble import TWIN, Ensemble
from hedgerow.runs.trace import traces
from hedgerow.scenario import own, rules
from hedgerow.scenario.errors import ScenarioError
from hedgerow.scenario.load import load
from hedgerow.scenario.schema import Scenario
from hedgerow.study.interop import mean_outcomes
from hedgerow.study.sweep import sweep

SPOILT, RUNS = 3, 5
"""The one run that goes wrong, and how many there are."""
WHOLE = 'extends = "baseline-2022-25"\ntitle = "Whole"\nmonths = 3\nevents = []\n'
ODD = WHOLE.replace("Whole", "Odd") + '[rules.respond]\nall = "spoils"\n'
STUDY = f"""
[study]
name = "odd"
base = "odd.toml"
replications = {RUNS}
outcomes = ["alignment_shift_CHN", "odd"]
fixed = true
[design]
[design.factors]
"parameters.voting.slope" = {{ values = [1.0] }}
"""
VALUES = {"nan": np.nan, "inf": np.inf, "-inf": -np.inf}
LOOK = rf"; hedgerow\.Model\(scenario, seed=1, run={SPOILT}\) takes it month by month"
STATE = rf"Odd: run {SPOILT} of seed 1: gave no finite number for alignment in 2022-07{LOOK}"
OUTCOME = rf"Whole: run {SPOILT} of seed 1: gave no finite number for odd{LOOK}"


class Spoiler:
    """Knows the one run by its crime in the second month, and puts a value where no check looks."""

    def __init__(self, scenario: Scenario) -> None:
        batch = Ensemble(scenario, [SPOILT], 1).batch()
        batch.step()
        self.crime = batch.world.crime.copy()
        self.value = 0.0

    def is_it(self, world: Any) -> Any:
        return (world.crime == self.crime).all(axis=1)

    def respond(self, situation: Any, donor: int, offer: Any) -> Any:
        chance = acceptance.respond(situation, donor, offer)
        if situation.month == 1:
            situation.world.alignment[self.is_it(situation.world)] = self.value
        return chance


@pytest.fixture
def spoiler(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Spoiler]:
    for name in ("_registered", "_outcomes"):
        monkeypatch.setattr(own, name, type(getattr(own, name))())
    monkeypatch.setattr(rules, "_registered", {})
    monkeypatch.chdir(tmp_path)
    for name, text in {"whole.toml": WHOLE, "odd.toml": ODD, "study.toml": STUDY}.items():
        Path(name).write_text(text, encoding="utf-8")
    found = Spoiler(load("whole.toml"))
    hedgerow.register("spoils", found.respond)
    return found


def lab(what: str, odd: Scenario) -> None:
    if what == "answer":
        work.simulate(odd, range(RUNS), 1, fixed=True)
    else:
        files.make("tables", Pair(odd, load("whole.toml"), "whole", True), RUNS, 1, "")


def step_through(odd: Scenario) -> None:
    hedgerow.Model(odd, seed=1, run=SPOILT, fixed=True).run_model()


MAKERS: dict[str, Callable[[Scenario], object]] = {
    "run": lambda odd: hedgerow.run(odd, runs=RUNS, fixed=True),
    "run into a folder": lambda odd: hedgerow.run(odd, runs=RUNS, fixed=True, out="kept"),
    "compare": lambda odd: hedgerow.compare("whole.toml", odd, runs=RUNS, fixed=True, out="kept"),
    "explain": lambda odd: hedgerow.explain(odd, "KEN", runs=RUNS, fixed=True),
    "model": step_through,
    "traces": lambda odd: traces([Ensemble(odd, range(RUNS), 1)], size=2),
    "the lab's answer": partial(lab, "answer"),
    "the lab's tables": partial(lab, "tables"),
    "ema": lambda odd: mean_outcomes(Ensemble(odd, range(RUNS), 1), ["abuses"]),
    "calibration": lambda odd: simulate(odd, [{}] * RUNS, 1, targets()),
}


@pytest.mark.parametrize(("maker", "value"), [*((maker, "nan") for maker in MAKERS), ("run", "inf"), ("model", "-inf")])
def test_a_run_whose_state_is_spoilt_fails_wherever_it_is_made(spoiler: Spoiler, maker: str, value: str) -> None:
    odd = load("odd.toml")
    MAKERS[maker](odd)  # all is well while it is not spoilt
    for path in Path("kept").glob("*"):
        path.rename(Path(path.name).with_suffix(".before"))
    spoiler.value = VALUES[value]
    with pytest.raises(ScenarioError, match=rf"^{STATE}$"):
        MAKERS[maker](odd)
    assert not list(Path("kept").glob("manifest.json"))


@pytest.mark.parametrize("value", VALUES)
def test_a_run_whose_own_outcome_is_not_finite_fails_alone(spoiler: Spoiler, value: str) -> None:
    hedgerow.register_outcome(Outcome("odd", "Odd", "", lambda e: np.where(known(e.last), VALUES[value], 1.0)))

    def known(last: Any) -> Any:
        return (last.crime == crime).all(axis=1)

    crime = np.zeros(1)
    batch = Ensemble(load("whole.toml"), [SPOILT], 1).batch()
    for _ in batch:
        pass
    crime = batch.world.crime.copy()
    with pytest.raises(ScenarioError, match=rf"^{OUTCOME}$"):
        hedgerow.run("whole.toml", runs=RUNS, fixed=True)
    assert len(hedgerow.run("whole.toml", runs=SPOILT, fixed=True).outcomes) == SPOILT


@pytest.mark.parametrize("command", ["run", "compare", "explain"])
def test_a_command_says_it_in_one_message_and_leaves_nothing_that_looks_whole(spoiler: Spoiler, command: str) -> None:
    spoiler.value = np.nan
    words = {
        "run": ["run", "odd.toml", "--out", "kept"],
        "compare": ["compare", "whole.toml", "odd.toml", "--out", "kept"],
        "explain": ["explain", "odd.toml", "--recipient", "KEN"],
    }[command]
    done = CliRunner().invoke(app, [*words, "--runs", str(RUNS), "--fixed"])
    assert done.exit_code == 2
    assert re.search(f"^hedgerow: {STATE}$", done.stderr, re.MULTILINE)
    assert not Path("kept/manifest.json").exists()


def test_a_sweep_marks_the_run_goes_on_and_replays_it_so(spoiler: Spoiler) -> None:
    spoiler.value = np.inf
    hedgerow.register_outcome(Outcome("odd", "Odd", "", lambda e: np.ones(e.last.runs)))
    results = sweep("study.toml", "kept", workers=1)
    failures = results.failures()
    assert failures["replication"].tolist() == [SPOILT]
    assert re.fullmatch(f"ScenarioError: {STATE}", failures["error"][0])
    assert results.frame()["replication"].tolist() == [r for r in range(RUNS) if r != SPOILT]
    with pytest.raises(ScenarioError, match=rf"^{STATE}$"):
        results.replay(0, SPOILT)
    assert len(results.replay(0, 0).outcomes) == 1


def test_a_run_with_other_chance_is_called_so() -> None:
    batch = Ensemble(load("baseline-2022-25", months=1), [0], 7, twins=True).batch()
    assert batch.runs == [TWIN]
    batch.world.alignment[:] = np.nan
    with pytest.raises(ScenarioError, match="run 0 with other chance of seed 7: gave no finite number"):
        batch.step()
