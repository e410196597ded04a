"""A real Dask scheduler with real workers, and what their deaths cost."""

import random
import re
import signal
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager
from pathlib import Path

import pytest

from hedgerow.runs.folder import FolderError
from hedgerow.study.results import open_
from hedgerow.study.sweep import status, sweep
from hedgerow.workers import cluster
from hedgerow.workers.cluster import dask
from tests.faults import harness

pytest.importorskip("distributed")
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]
WORKERS = 2
TRUSTED = r"hedgerow: the scheduler \S+ is trusted: [^\n]*\n"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Cluster:
    """A scheduler and workers without nannies, so that who is killed stays dead."""

    def __init__(self, site: Path, log: Path | None = None) -> None:
        self.env = harness.seeing(site, log=log)
        port = free_port()
        self.address = f"tcp://127.0.0.1:{port}"
        self.scheduler = self._start("scheduler", "--host", "127.0.0.1", "--port", str(port))
        self.workers = [self.hire() for _ in range(WORKERS)]
        harness.until(lambda: self.ready(WORKERS))

    def _start(self, what: str, *words: str, env=None) -> subprocess.Popen:
        return subprocess.Popen(
            [sys.executable, "-m", f"distributed.cli.dask_{what}", *words, "--no-dashboard"],
            env=env or self.env,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def hire(self, env=None) -> subprocess.Popen:
        words = (self.address, "--nthreads", "1", "--no-nanny")
        return self._start("worker", *words, env=env)

    def ready(self, workers: int) -> bool:
        from distributed import Client

        try:
            with Client(self.address, timeout=5) as client:
                return len(client.nthreads()) == workers
        except OSError:
            return False

    def stop(self) -> None:
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()


@pytest.fixture(scope="module")
def steady(whole):
    """A cluster of which nobody is killed."""
    found = Cluster(whole.site)
    yield found
    found.stop()


@contextmanager
def meanwhile(act):
    """Do something in a thread while a sweep is at work."""
    over = threading.Event()
    thread = threading.Thread(target=act, args=(over,))
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def test_workers_killed_at_any_moment_change_nothing(whole, tmp_path) -> None:
    moments, left, round_ = random.Random(6), harness.KILLS["dask worker"], 0
    found = Cluster(whole.site, tmp_path / "log")
    killed = 0

    def kill(over: threading.Event) -> None:
        nonlocal killed
        while killed < left and not over.wait(moments.uniform(0.0, 1.0)):
            victim = moments.randrange(WORKERS)
            found.workers[victim].kill()
            found.workers[victim].wait()
            found.workers[victim] = found.hire()
            killed += 1

    try:
        while killed < left:
            round_ += 1
            with dask(found.address) as they:
                given = {"executor": they.executor, "workers": they.tasks}
                with meanwhile(kill):
                    results = sweep(whole.study, tmp_path / f"out-{round_}", **given)
            whole.check(results)
    finally:
        found.stop()
    # A worker without a nanny holds the tasks it was given ahead, but has begun one alone.
    redone = harness.begun(tmp_path / "log") - round_ * whole.runs
    assert 0 <= redone <= killed * harness.CHUNK


def test_schedulers_killed_at_any_moment_lose_only_what_was_in_flight(whole, tmp_path) -> None:
    moments, left, round_ = random.Random(7), harness.KILLS["dask scheduler"], 0
    while left:
        round_ += 1
        out, log = tmp_path / f"out-{round_}", tmp_path / f"log-{round_}"
        killed, flying, seen = 0, 0, 0
        while killed < left and seen < whole.runs:
            found = Cluster(whole.site, log)

            def kill(over: threading.Event, found=found) -> None:
                if not over.wait(moments.uniform(0.0, 2.0)):
                    found.scheduler.kill()

            told = ""
            try:
                with dask(found.address) as they:
                    flying = max(flying, they.tasks)
                    with meanwhile(kill):
                        sweep(whole.study, out, executor=they.executor, workers=they.tasks)
            except FolderError as error:
                told = str(error)
            finally:
                found.stop()
            assert not told or "start again to go on" in told
            killed += bool(told)
            now = harness.done(out)
            assert now >= seen, "finished runs were lost"
            seen = now
            assert not harness.active(out)
            assert status(out).failed == 0
        env = harness.seeing(whole.site, log=log)
        whole.check(harness.finish(whole.study, out, env) if seen < whole.runs else open_(out))
        # Each task may be at work, or over with its answer not written yet.
        assert 0 <= harness.begun(log) - whole.runs <= killed * 2 * flying * harness.CHUNK
        left -= killed


def test_ctrl_c_stops_a_sweep_on_a_cluster_and_it_goes_on(whole, steady, tmp_path) -> None:
    out = tmp_path / "out"
    words = ("--dask", steady.address)
    running = harness.start(whole.study, out, whole.env, *words)
    harness.until(lambda: harness.done(out) >= whole.runs // 4)
    running.send_signal(signal.SIGINT)
    _, told = running.communicate(timeout=60)
    assert running.returncode == 130, told
    assert re.fullmatch(TRUSTED + r"hedgerow: stopped; [\d,]+ runs are kept in .*; start again .*\n", told)
    assert harness.done(out) < whole.runs
    whole.check(harness.ended(harness.start(whole.study, out, whole.env, *words), out))


def test_a_worker_with_other_code_is_refused_before_any_run(whole, steady, tmp_path) -> None:
    other = harness.copy(tmp_path)
    harness.change(other)
    odd = steady.hire(harness.seeing(whole.site, other))
    try:
        harness.until(lambda: steady.ready(WORKERS + 1))
        words = ("--dask", steady.address)
        refused = harness.start(whole.study, tmp_path / "out", whole.env, *words)
        _, told = refused.communicate(timeout=180)
    finally:
        odd.kill()
        odd.wait()
    assert refused.returncode == 2
    assert re.fullmatch(TRUSTED + r"hedgerow: worker tcp://\S+: has hedgerow \S+, not \S+; .*\n", told)
    assert not (tmp_path / "out").exists()


def test_an_unreachable_scheduler_is_told(whole, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(cluster, "TIMEOUT", 1)
    address = f"tcp://127.0.0.1:{free_port()}"
    with pytest.raises(FolderError, match="no scheduler can be reached"), dask(address):
        pass
