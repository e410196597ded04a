"""Runs that go wrong are data: recorded with their replay, and all others are done."""

import signal
import sys

import numpy as np
import pytest

from hedgerow.runs.identity import code_version
from hedgerow.study import chunks, plan
from hedgerow.study.sweep import status
from hedgerow.workers import serve
from tests.faults import harness, poison

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform != "linux", reason="sets a limit to memory")]
SAYS = {
    poison.RAISES: "ArithmeticError: poisoned",
    poison.NAN: "gave nan",
    poison.SPOILS: "no finite number",
    poison.HANGS: "took longer than 4 s",
    poison.DIES: "its process ended with exit code 3",
    poison.KILLED: "its process was killed by signal 9",
    poison.GORGES: "MemoryError: Unable to allocate",
}
VALUES = [1.0, *SAYS, *np.linspace(1.5, 2.5, 9).tolist()]


@pytest.fixture(scope="module")
def poisoned(tmp_path_factory):
    """A sweep of one chunk, most of whose runs are good."""
    folder = tmp_path_factory.mktemp("poisoned")
    site = harness.offer(folder)
    study = harness.write(folder, "respond", values=VALUES, replications=1, limit=4)
    return harness.finish(study, folder / "out", harness.seeing(site))


@pytest.mark.parametrize(("mark", "words"), SAYS.items(), ids=SAYS.values())
def test_a_poisoned_run_is_recorded_with_its_replay(poisoned, mark, words) -> None:
    failures = poisoned.failures().set_index("point")
    failure = failures.loc[VALUES.index(mark)]
    assert words in failure["error"]
    assert f"--set 'parameters.acceptance.gap={mark}'" in failure["replay"]


def test_the_innocent_are_all_done(poisoned) -> None:
    guilty = [VALUES.index(mark) for mark in SAYS]
    assert poisoned.failures()["point"].tolist() == guilty
    frame = poisoned.frame()
    assert frame["point"].tolist() == [p for p in range(len(VALUES)) if p not in guilty]
    assert np.isfinite(frame[poisoned.outcomes]).all(axis=None)
    now = status(poisoned.where)
    assert (now.done, now.failed) == (len(VALUES), len(guilty))


def test_what_a_first_batch_loads_is_loaded_before_the_clock_runs(tmp_path, monkeypatch) -> None:
    """Compiled kernels take a second or more to load, which a short limit must allow for."""
    study = plan.parse(
        harness.STUDY.format(base="baseline-2022-25", replications=1, limit=1, values=[1.0]), tmp_path / "study.toml"
    )
    (chunk,) = chunks.cut(study, 0, 0, 1, np.arange(1))
    tasks, happened = [chunks.task(study, chunk, code_version())] * 2, []

    class Pipe:
        def send(self, said) -> None:
            happened.append(said)

        def recv(self):
            if not tasks:
                raise EOFError
            return tasks.pop()

    class Batch(serve.Batch):
        def step(self) -> None:
            happened.append("warm")
            super().step()

    monkeypatch.setattr(serve, "Batch", Batch)
    monkeypatch.setattr(serve, "work", lambda task, guarded: f"work, guarded: {guarded}")
    before = signal.getsignal(signal.SIGINT)
    try:
        serve.serve(Pipe())
    finally:
        signal.signal(signal.SIGINT, before)
    assert happened == [code_version(), "warm", *["work, guarded: True"] * 2]
