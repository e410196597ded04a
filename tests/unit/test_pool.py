"""The pool: each call's fate is its own, and nothing is left of it."""

import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import CancelledError, wait
from multiprocessing import active_children
from pathlib import Path

import pytest

from hedgerow.workers.pool import LateError, LostError, Pool, PoolError
from hedgerow.workers.process import CallError, restart_clock

LIMIT = 1.0


def double(value: int) -> int:
    return 2 * value


def here(seconds: float = 0.0) -> int:
    time.sleep(seconds)
    return os.getpid()


def noted(path: Path, seconds: float) -> None:
    """Say which process has begun, and take a while."""
    path.with_suffix(".part").write_text(str(os.getpid()))
    path.with_suffix(".part").rename(path)
    time.sleep(seconds)


def killed(path: Path, seconds: float) -> None:
    noted(path, seconds)
    os.kill(os.getpid(), signal.SIGKILL)


def broken() -> None:
    raise ZeroDivisionError("by nothing")


def steps(number: int) -> int:
    for _ in range(number):
        restart_clock()
        time.sleep(0.6 * LIMIT)
    return number


def slow_start() -> None:
    time.sleep(1.5 * LIMIT)


def unheard() -> bool:
    os.kill(os.getpid(), signal.SIGINT)
    return True


def until(path: Path) -> int:
    """Return the process that has begun a call."""
    end = time.monotonic() + 60
    while not path.exists():
        assert time.monotonic() < end
        time.sleep(0.01)
    return int(path.read_text())


def gone(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    return False


def both(pool: Pool) -> set[int]:
    """Return the processes of a pool of two, once both are at work."""
    while len(found := {f.result() for f in [pool.submit(here, 0.1) for _ in range(2)]}) < 2:
        pass
    return found


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    with Pool(2, LIMIT, slow_start) as found:
        both(found)
        yield found


def test_calls_are_done_in_processes_that_are_kept(pool: Pool) -> None:
    assert [f.result() for f in [pool.submit(double, i) for i in range(20)]] == list(range(0, 40, 2))
    processes = both(pool)
    assert os.getpid() not in processes
    assert both(pool) == processes


def test_a_death_is_pinned_on_its_call(pool: Pool, tmp_path: Path) -> None:
    both(pool)
    other = pool.submit(noted, tmp_path / "other", 0.4)
    victim = pool.submit(killed, tmp_path / "victim", 0.1)
    after = [pool.submit(double, i) for i in range(5)]
    with pytest.raises(LostError, match=r"^its process was killed by signal 9$"):
        victim.result()
    assert [f.result() for f in after] == [0, 2, 4, 6, 8]
    other.result()
    assert gone(until(tmp_path / "victim"))
    assert not gone(until(tmp_path / "other"))
    with pytest.raises(LostError, match=r"^its process ended with exit code 3$"):
        pool.submit(os._exit, 3).result()


def test_a_late_call_ends_and_the_others_do_not(pool: Pool, tmp_path: Path) -> None:
    both(pool)
    late = pool.submit(noted, tmp_path / "late", 60)
    assert pool.submit(double, 1).result() == 2
    with pytest.raises(LateError, match=r"^took longer than 1 s$"):
        late.result()
    assert gone(until(tmp_path / "late"))


def test_a_limit_counts_a_step_of_a_call_that_says_so(pool: Pool) -> None:
    assert pool.submit(steps, 4).result() == 4


def test_a_cancelled_call_ends_and_the_others_do_not(pool: Pool, tmp_path: Path) -> None:
    both(pool)
    calls = [pool.submit(noted, tmp_path / str(i), 0.8) for i in range(2)]
    waits = [pool.submit(noted, tmp_path / "never", 0), pool.submit(double, 3)]
    process = until(tmp_path / "0")
    assert calls[0].cancel()
    assert waits[0].cancel()
    wait([*calls, *waits], 60)
    with pytest.raises(CancelledError):
        calls[0].result()
    assert gone(process)
    assert calls[1].result() is None
    assert waits[1].result() == 6
    assert not (tmp_path / "never").exists()


def test_an_error_comes_back_as_text(pool: Pool) -> None:
    with pytest.raises(CallError) as told:
        pool.submit(broken).result()
    assert str(told.value) == "ZeroDivisionError: by nothing"
    assert "in broken" in told.value.__notes__[0]
    with pytest.raises(CallError, match="pickle"):
        pool.submit(os.scandir).result()
    assert pool.submit(double, 1).result() == 2


def test_ctrl_c_is_for_the_parent_alone(pool: Pool) -> None:
    assert pool.submit(unheard).result()


def test_a_process_that_dies_idle_is_replaced(pool: Pool) -> None:
    before = both(pool)
    for process in before:
        os.kill(process, signal.SIGKILL)
    time.sleep(0.2)
    assert both(pool).isdisjoint(before)


def test_the_end_waits_for_what_was_given() -> None:
    with Pool(1) as pool:
        calls = [pool.submit(double, i) for i in range(3)]
    assert [f.result() for f in calls] == [0, 2, 4]
    with pytest.raises(PoolError, match="has ended"):
        pool.submit(double, 1).result()


def test_a_stop_leaves_no_call_and_no_process(tmp_path: Path) -> None:
    before = active_children()
    pool = Pool(2)
    calls = [pool.submit(noted, tmp_path / str(i), 60) for i in range(3)]
    until(tmp_path / "0")
    pool.shutdown(cancel_futures=True)
    assert all(f.cancelled() for f in calls)
    assert set(active_children()) <= set(before)


def test_a_stop_does_not_wait_for_processes_that_start() -> None:
    before = active_children()
    began = time.monotonic()
    pool = Pool(2, None, slow_start)
    call = pool.submit(double, 1)
    pool.shutdown(cancel_futures=True)
    assert call.cancelled()
    assert time.monotonic() - began < LIMIT
    assert set(active_children()) <= set(before)


def test_processes_that_never_get_ready_end_the_pool(monkeypatch) -> None:
    monkeypatch.setattr("hedgerow.workers.pool.STILLBORN", 3)
    pool = Pool(2, None, _never_ready)
    calls = [pool.submit(double, i) for i in range(3)]
    for call in calls:
        with pytest.raises(PoolError, match=r"3 processes in a row .* the last ended with exit code 7"):
            call.result()
    pool.shutdown()


def _never_ready() -> None:
    os._exit(7)
