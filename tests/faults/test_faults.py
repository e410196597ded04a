"""What crashes do to a sweep: nothing but cost time."""

import os
import random
import signal
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from hedgerow.study.results import open_
from hedgerow.study.sweep import status
from tests.faults import harness, poison

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="finds processes in /proc"),
]
VALUES = [1.0, 1.5, 2.0, 2.5]
MOMENTS = random.Random(3)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A study of four chunks, and its content when nothing goes wrong."""
    folder = tmp_path_factory.mktemp("whole")
    env = harness.offer(folder)
    study = harness.write(folder, "slow", values=VALUES, replications=64)
    return study, env, harness.finish(study, folder / "out", env).digest()


def test_a_worker_killed_again_and_again_changes_nothing(whole, tmp_path) -> None:
    study, env, digest = whole
    out = tmp_path / "out"
    sweep = harness.start(study, out, env)
    killed = 0
    while sweep.poll() is None and killed < 3:
        time.sleep(MOMENTS.uniform(0.0, 1.2))
        workers = harness.children(sweep.pid)
        if workers and sweep.poll() is None:
            harness.kill(MOMENTS.choice(workers))
            killed += 1
    _, told = sweep.communicate(timeout=120)
    assert sweep.returncode == 0, told
    assert killed
    results = open_(out)
    assert results.failures().empty
    assert results.digest() == digest


def test_a_parent_killed_at_any_moment_goes_on_with_the_same_content(whole, tmp_path) -> None:
    study, env, digest = whole
    out = tmp_path / "out"
    seen = 0
    for seconds in (0.3, 2.2, 2.8):
        sweep = harness.start(study, out, env)
        time.sleep(seconds)
        workers = harness.children(sweep.pid)
        harness.kill(sweep.pid)
        sweep.communicate()
        done = status(out).done if (out / "manifest.json").exists() else 0
        assert done >= seen, "finished runs were lost"
        seen = done
        harness.until(lambda w=workers: not any(Path(f"/proc/{pid}").exists() for pid in w), 5)
    kept = {p.name: p.stat().st_mtime_ns for p in out.glob("parts/*.parquet")}
    results = harness.finish(study, out, env)
    assert results.digest() == digest
    again = {p.name: p.stat().st_mtime_ns for p in out.glob("parts/*.parquet")}
    entered = {f"{chunk}.parquet" for chunk in _journal(out)}
    assert entered == set(again)
    assert sum(kept[name] != again[name] for name in kept) <= 1, "more than a torn part was redone"


def _journal(out: Path) -> list[str]:
    from hedgerow.study.store import Store

    return list(Store(out).journal())


@pytest.mark.parametrize(
    ("mark", "rule", "words"),
    [
        (poison.RAISES, "respond", "ArithmeticError: poisoned"),
        (poison.NAN, "respond", "gave nan"),
        (poison.NAN, "spoil", "no finite number"),
        (poison.DIES, "respond", "exit code 3"),
        (poison.HANGS, "respond", "longer than 3 s"),
    ],
)
def test_a_poisoned_run_is_recorded_and_the_rest_go_on(tmp_path, mark, rule, words) -> None:
    env = harness.offer(tmp_path)
    study = harness.write(tmp_path, rule, values=[1.0, mark, 2.0], replications=1, limit=3)
    results = harness.finish(study, tmp_path / "out", env)
    failures = results.failures()
    assert failures["point"].tolist() == [1]
    assert words in failures["error"][0]
    assert f"--set 'parameters.acceptance.gap={mark}'" in failures["replay"][0]
    frame = results.frame()
    assert frame["point"].tolist() == [0, 2]
    assert np.isfinite(frame["alignment_shift_CHN"]).all()
    assert status(tmp_path / "out").failed == 1


def test_ctrl_c_stops_within_a_second_and_keeps_what_is_finished(whole, tmp_path) -> None:
    study, env, digest = whole
    out = tmp_path / "out"
    sweep = harness.start(study, out, env)
    harness.until(lambda: harness.begun(out, 64))
    done = status(out).done
    workers = harness.children(sweep.pid)
    before = time.monotonic()
    os.killpg(sweep.pid, signal.SIGINT)  # as a terminal does: to the workers too
    sweep.communicate(timeout=10)
    assert sweep.returncode == 130
    assert time.monotonic() - before < 2
    assert not any(Path(f"/proc/{pid}").exists() for pid in workers)
    assert status(out).done >= done
    assert not status(out).active
    assert harness.finish(study, out, env).digest() == digest


def test_two_sweeps_do_not_share_a_store(whole, tmp_path) -> None:
    _, env, _ = whole
    base = Path(env["PYTHONPATH"]).parent / "base.toml"
    (tmp_path / "base.toml").write_text(base.read_text())
    study = harness.write(tmp_path, "slow", values=VALUES, replications=800)
    out = tmp_path / "out"
    first = harness.start(study, out, env)
    harness.until(lambda: harness.begun(out))
    now = status(out)
    assert now.active
    assert now.running > 0
    assert now.rate > 0
    assert now.seconds_left is not None
    second = harness.start(study, out, env)
    _, told = second.communicate(timeout=60)
    assert second.returncode == 2
    assert "another sweep is at work" in told
    assert first.poll() is None
    os.killpg(first.pid, signal.SIGINT)
    first.communicate(timeout=10)
    assert not status(out).active
