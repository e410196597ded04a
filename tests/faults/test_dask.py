"""A real Dask scheduler with real workers, and what their deaths cost."""

import socket
import subprocess
import sys
import threading
import time

import pytest

from hedgerow.study.cluster import dask
from hedgerow.study.crew import CrewError
from hedgerow.study.sweep import status, sweep
from tests.faults import harness

pytest.importorskip("distributed")
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(*words: str):
    return subprocess.Popen(
        [sys.executable, "-m", *words],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


@pytest.fixture
def cluster():
    port = free_port()
    address = f"tcp://127.0.0.1:{port}"
    scheduler = start(
        "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", str(port),
        "--no-dashboard",
    )  # fmt: skip
    # No nanny, so that a killed worker stays dead.
    workers = [
        start(
            "distributed.cli.dask_worker",
            address,
            "--nthreads",
            "1",
            "--no-nanny",
            "--no-dashboard",
        )
        for _ in range(2)
    ]
    yield address, scheduler, workers
    for process in (*workers, scheduler):
        process.kill()
        process.wait()


@pytest.fixture
def ready(cluster):
    address, scheduler, workers = cluster

    def there() -> bool:
        try:
            with dask(address) as found:
                return found.tasks == 4
        except CrewError:
            return False

    harness.until(there)
    return address, scheduler, workers


def later(test, act) -> threading.Thread:
    def wait() -> None:
        harness.until(test)
        act()

    thread = threading.Thread(target=wait)
    thread.start()
    return thread


def test_the_content_is_the_same_and_a_dead_worker_costs_nothing(ready, tmp_path) -> None:
    address, _, workers = ready
    study = harness.write(tmp_path, values=[1.0, 1.5, 2.0, 2.5], replications=160)
    whole = sweep(study, tmp_path / "here", workers=1)
    out = tmp_path / "out"
    killer = later(lambda: harness.begun(out), workers[0].kill)
    with dask(address) as found:
        results = sweep(study, out, executor=found.executor, workers=found.tasks)
    killer.join()
    assert results.digest() == whole.digest()
    assert results.failures().empty


def test_a_dead_scheduler_ends_the_sweep_with_a_message_and_it_goes_on(ready, tmp_path) -> None:
    address, scheduler, _ = ready
    study = harness.write(tmp_path, values=[1.0, 1.5, 2.0, 2.5], replications=320)
    out = tmp_path / "out"
    killer = later(lambda: harness.begun(out), scheduler.kill)
    before = time.monotonic()
    with pytest.raises(CrewError, match="start again to go on"), dask(address) as found:
        sweep(study, out, executor=found.executor, workers=found.tasks)
    killer.join()
    assert time.monotonic() - before < 90
    done = status(out).done
    assert 0 < done < 1280
    assert status(out).failed == 0
    again = sweep(study, out, workers=2)
    assert len(again.frame()) == 1280


def test_an_unreachable_scheduler_is_told() -> None:
    address = f"tcp://127.0.0.1:{free_port()}"
    with pytest.raises(CrewError, match="no scheduler can be reached"), dask(address):
        pass
