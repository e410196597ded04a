"""Jobs of many clients: turns, limits, faults, and processes that are lost."""

import errno
import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from hedgerow.app.jobs import Busy, Failed, Refused, Scheduler
from hedgerow.app.settings import Limits
from hedgerow.scenario.errors import ScenarioError

LIMITS = Limits(waiting=4, queue=6, seconds=3.0)


def double(value: int) -> int:
    return 2 * value


def here() -> int:
    return os.getpid()


def held(path: str, name: str) -> None:
    """Say that it has begun, wait until a file is there, then note a name in another."""
    gate = Path(path)
    gate.with_suffix(".begun").touch()
    while not gate.exists():
        time.sleep(0.01)
    with gate.with_suffix(".log").open("a") as log:
        log.write(name)


def refuse() -> None:
    raise ScenarioError("file", "key", "is wrong")


def broken() -> None:
    raise ZeroDivisionError


def gorge() -> None:
    np.empty(2**60, dtype=np.uint8)


def fill() -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "/secret/path")


def be_killed() -> None:
    """End as the kernel ends whoever takes the memory of all."""
    os.kill(os.getpid(), signal.SIGKILL)


def standing() -> int:
    return int(Path("/proc/self/oom_score_adj").read_text())


def die() -> None:
    os._exit(1)


def forever() -> None:
    time.sleep(60)


def until(path: Path) -> None:
    end = time.monotonic() + 60
    while not path.exists():
        assert time.monotonic() < end
        time.sleep(0.01)


@pytest.fixture(scope="module")
def scheduler() -> Iterator[Scheduler]:
    found = Scheduler(1, LIMITS)
    yield found
    found.close()


def test_work_is_done_in_another_process(scheduler: Scheduler) -> None:
    assert scheduler.submit("a", double, 21).result() == 42
    assert scheduler.submit("a", here).result() != os.getpid()


def test_clients_take_turns_and_each_has_a_limit(scheduler: Scheduler, tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    first = scheduler.submit("a", held, str(gate), "a")
    rest = [scheduler.submit("a", held, str(gate), "a") for _ in range(3)]
    with pytest.raises(Busy, match="you already have"):
        scheduler.submit("a", double, 1)
    rest += [scheduler.submit("b", held, str(gate), "b") for _ in range(2)]
    with pytest.raises(Busy, match="busy with others"):
        scheduler.submit("c", double, 1)
    gate.touch()
    for future in (first, *rest):
        future.result()
    assert gate.with_suffix(".log").read_text() in ("aababa", "ababaa")
    assert scheduler.submit("c", double, 1).result() == 2


def test_the_pages_of_one_address_leave_room_for_others(tmp_path: Path) -> None:
    scheduler = Scheduler(1, Limits(waiting=2, address=3, queue=6))
    gate = tmp_path / "gate"
    pages = [scheduler.submit(f"10.0.0.1/{page}", held, str(gate), "a") for page in "abc"]
    with pytest.raises(Busy, match="from where you are"):
        scheduler.submit("10.0.0.1/d", double, 1)
    other = scheduler.submit("10.0.0.11/a", double, 1)
    gate.touch()
    for future in pages:
        future.result()
    assert other.result() == 2
    scheduler.close()


def test_a_job_at_work_that_is_called_off_is_ended(scheduler: Scheduler, tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    first = scheduler.submit("a", held, str(gate), "a")
    until(gate.with_suffix(".begun"))
    assert first.cancel()
    assert scheduler.waiting == 0
    assert scheduler.submit("a", double, 4).result() == 8
    gate.touch()
    assert not gate.with_suffix(".log").exists()


def test_processes_that_cannot_be_started_are_tried_again(monkeypatch) -> None:
    monkeypatch.setattr("hedgerow.workers.pool.STILLBORN", 2)
    scheduler = Scheduler(1, LIMITS)
    with monkeypatch.context() as patch:
        patch.setattr("hedgerow.app.jobs.compile_rules", die)
        with pytest.raises(Failed, match="could not be started"):
            scheduler.submit("a", double, 1).result()
    assert scheduler.submit("a", double, 1).result() == 2
    scheduler.close()


def test_a_job_that_is_called_off_frees_its_place(scheduler: Scheduler, tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    first = scheduler.submit("a", held, str(gate), "a")
    waiting = [scheduler.submit("a", double, i) for i in range(3)]
    assert all(future.cancel() for future in waiting)
    again = scheduler.submit("a", double, 4)
    gate.touch()
    first.result()
    assert again.result() == 8


def test_faults_are_told_in_the_words_of_the_command_line(scheduler: Scheduler) -> None:
    with pytest.raises(Refused, match=r"^file: key: is wrong$"):
        scheduler.submit("a", refuse).result()
    with pytest.raises(Failed, match="log says how"):
        scheduler.submit("a", broken).result()
    assert scheduler.submit("a", double, 1).result() == 2


@pytest.mark.parametrize(
    ("job", "words"),
    [(gorge, "has not the memory"), (fill, r"cannot read or write .*\(No space left on device\)"), (be_killed, "was lost")],
)
def test_a_job_that_the_machine_has_no_room_for_ends_alone(scheduler: Scheduler, job, words: str) -> None:
    others = [scheduler.submit("b", double, i) for i in range(2)]
    lacking = scheduler.submit("a", job)
    others.append(scheduler.submit("b", double, 2))
    with pytest.raises(Failed, match=words):
        lacking.result()
    assert [other.result() for other in others] == [0, 2, 4]


@pytest.mark.skipif(sys.platform != "linux", reason="asks the kernel")
def test_the_kernel_takes_a_worker_before_the_server(scheduler: Scheduler) -> None:
    mine = int(Path("/proc/self/oom_score_adj").read_text())
    assert scheduler.submit("a", standing).result() > mine


def test_a_lost_process_is_replaced(scheduler: Scheduler) -> None:
    before = scheduler.submit("a", here).result()
    with pytest.raises(Failed, match="lost"):
        scheduler.submit("a", die).result()
    assert scheduler.submit("a", here).result() not in (before, os.getpid())


def test_what_takes_too_long_is_stopped(scheduler: Scheduler) -> None:
    with pytest.raises(Failed, match="longer than 3 seconds"):
        scheduler.submit("a", forever).result()
    assert scheduler.submit("a", double, 1).result() == 2


def test_the_end_calls_off_what_waits(tmp_path: Path) -> None:
    scheduler = Scheduler(1, LIMITS)
    gate = tmp_path / "gate"
    first = scheduler.submit("a", held, str(gate), "a")
    until(gate.with_suffix(".begun"))
    second = scheduler.submit("a", double, 1)
    scheduler.close()
    assert second.cancelled()
    gate.touch()
    first.result()
    with pytest.raises(Failed, match="ending"):
        scheduler.submit("a", double, 1)
