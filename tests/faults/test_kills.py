"""What ``kill -9`` does to a sweep of this machine: nothing but cost time."""

import random
import sys
import time

import pytest

from hedgerow.study.results import open_
from tests.faults import harness

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform != "linux", reason="finds processes in /proc")]
WORKERS = 2


def test_enough_are_killed() -> None:
    assert sum(harness.KILLS.values()) >= 20


def test_workers_killed_at_any_moment_change_nothing(whole, tmp_path) -> None:
    moments, left, round_ = random.Random(3), harness.KILLS["worker"], 0
    while left:
        round_ += 1
        out, log = tmp_path / f"out-{round_}", tmp_path / f"log-{round_}"
        sweep = harness.start(whole.study, out, harness.seeing(whole.site, log=log))
        harness.until(lambda s=sweep: harness.children(s.pid) or s.poll() is not None)
        killed = 0
        while sweep.poll() is None and killed < left:
            time.sleep(moments.uniform(0.0, 0.8))
            workers = harness.children(sweep.pid)
            killed += bool(workers) and harness.kill(moments.choice(workers))
        whole.check(harness.ended(sweep, out))
        assert 0 <= harness.begun(log) - whole.runs <= killed * harness.CHUNK
        left -= killed


def test_parents_killed_at_any_moment_lose_only_what_was_in_flight(whole, tmp_path) -> None:
    moments, left, round_ = random.Random(4), harness.KILLS["parent"], 0
    while left:
        round_ += 1
        out, log = tmp_path / f"out-{round_}", tmp_path / f"log-{round_}"
        env = harness.seeing(whole.site, log=log)
        killed, seen = 0, 0
        while killed < left and seen < whole.runs:
            sweep = harness.start(whole.study, out, env)
            if killed:  # The first may be killed before it has begun, all others at work.
                harness.until(lambda o=out, s=sweep: harness.active(o) or s.poll() is not None)
            time.sleep(moments.uniform(0.0, 3.0))
            workers = harness.children(sweep.pid)
            killed += sweep.poll() is None and harness.kill(sweep.pid)
            sweep.communicate()
            now = harness.done(out)
            assert now >= seen, "finished runs were lost"
            seen = now
            harness.until(lambda w=workers: harness.gone(w))
            assert not harness.active(out)
        whole.check(harness.finish(whole.study, out, env) if seen < whole.runs else open_(out))
        # Each worker may have one chunk at work, and one whose answer is not written yet.
        assert 0 <= harness.begun(log) - whole.runs <= killed * 2 * WORKERS * harness.CHUNK
        left -= killed
