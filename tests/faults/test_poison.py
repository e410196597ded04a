"""Runs that go wrong are data: recorded with their replay, and all others are done."""

import sys

import numpy as np
import pytest

from hedgerow.study.results import replay_command
from hedgerow.study.sweep import status, sweep
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
    point = VALUES.index(mark)
    assert words in failures.loc[point, "error"]
    assert failures.loc[point, "replay"] == replay_command(poisoned.where, point, 0)


def test_the_innocent_are_all_done(poisoned) -> None:
    guilty = [VALUES.index(mark) for mark in SAYS]
    assert poisoned.failures()["point"].tolist() == guilty
    frame = poisoned.frame()
    assert frame["point"].tolist() == [p for p in range(len(VALUES)) if p not in guilty]
    assert np.isfinite(frame[poisoned.outcomes]).all(axis=None)
    now = status(poisoned.where)
    assert (now.done, now.failed) == (len(VALUES), len(guilty))


def test_what_a_first_batch_loads_is_loaded_before_the_clock_runs(tmp_path) -> None:
    """Compiled kernels take a second or more to load, which a short limit must allow for."""
    study = tmp_path / "study.toml"
    study.write_text(harness.STUDY.format(base="baseline-2022-25", replications=1, limit=1, values=[1.0]))
    results = sweep(study, tmp_path / "out", workers=1)
    assert results.failures().empty
    assert len(results.frame()) == 1
