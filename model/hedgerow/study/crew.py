"""Crews: who does the tasks, processes of this machine or any executor, and who was lost.

Each process of this machine has one task at most and a pipe of its own, so that when it dies, it
is certain which task it was doing and what became of it; no other process is touched.
"""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    CancelledError,
    Executor,
    Future,
)
from concurrent.futures import wait as wait_futures
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import connection, get_context, parent_process
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from time import monotonic
from types import ModuleType
from typing import Protocol

from hedgerow.study.folder import FolderError
from hedgerow.study.identity import code_version
from hedgerow.study.work import Answer, Task, work

BROKEN = "the executor broke: {}; what is finished is kept, start again to go on"


@dataclass(frozen=True)
class Report:
    """A task that is over: its answer, or why there is none."""

    task: Task
    answer: Answer | None
    lost: str = ""
    late: bool = False


class Crew(Protocol):
    """Whoever does tasks."""

    def free(self) -> int:
        """Return how many more tasks it can take."""

    def give(self, task: Task) -> None:
        """Let a task be done."""

    def wait(self, seconds: float) -> list[Report]:
        """Return the tasks that are over, after some seconds at most."""

    def stop(self) -> None:
        """End at once."""


class Here:
    """The process at hand, one task after the other, for rules that no other process knows."""

    def __init__(self) -> None:
        self._over: list[Report] = []

    def free(self) -> int:
        """Return how many more tasks it can take."""
        return 1 - len(self._over)

    def give(self, task: Task) -> None:
        """Do a task."""
        self._over.append(Report(task, work(task)))

    def wait(self, seconds: float) -> list[Report]:  # noqa: ARG002
        """Return the task that is over."""
        over, self._over = self._over, []
        return over

    def stop(self) -> None:
        """End at once."""


@dataclass
class _Hand:
    process: BaseProcess
    pipe: Connection
    task: Task | None = None
    began: float = 0.0


class Processes:
    """New processes of this machine.

    Parameters
    ----------
    workers : int
    """

    def __init__(self, workers: int) -> None:
        self._workers = workers
        # All at once, as a task may fill a pipe, which a process empties only when it has begun.
        self._hands: list[_Hand] = []
        for _ in range(workers):
            self._hire()

    def free(self) -> int:
        """Return how many more tasks it can take."""
        return self._workers - sum(hand.task is not None for hand in self._hands)

    def give(self, task: Task) -> None:
        """Let a task be done by an idle process, or a new one."""
        hand = next((h for h in self._hands if h.task is None), None) or self._hire()
        hand.task, hand.began = task, monotonic()
        # A process that has died is noticed by wait, which then tells of the task.
        with suppress(OSError):
            hand.pipe.send(task)

    def wait(self, seconds: float) -> list[Report]:
        """Return the tasks that are over, after some seconds at most."""
        busy = {h.pipe: h for h in self._hands if h.task is not None}
        # A dead process closes its end of the pipe, which makes it ready.
        ready = connection.wait(list(busy), seconds)
        return [self._report(busy[pipe]) for pipe in ready if isinstance(pipe, Connection)]

    def stop(self) -> None:
        """End at once."""
        for hand in self._hands:
            hand.process.kill()
        for hand in self._hands:
            hand.process.join()
            hand.pipe.close()
        self._hands = []

    def _hire(self) -> _Hand:
        ours, theirs = connection.Pipe()
        process = get_context("spawn").Process(target=_serve, args=(theirs,), daemon=True)
        with without_main():
            process.start()
        theirs.close()
        hand = _Hand(process, ours)
        self._hands.append(hand)
        return hand

    def _report(self, hand: _Hand) -> Report:
        task = hand.task
        assert task is not None
        try:
            answer = hand.pipe.recv()
        except (EOFError, OSError):
            return self._lost(hand, task)
        hand.task = None
        if isinstance(answer, str):
            return Report(task, None, answer)
        return Report(task, answer)

    def _lost(self, hand: _Hand, task: Task) -> Report:
        self._hands.remove(hand)
        hand.process.join(1)
        hand.process.kill()
        hand.pipe.close()
        seconds = monotonic() - hand.began
        code = hand.process.exitcode or 0
        if code == 1 and seconds >= task.limit:
            return Report(task, None, f"took longer than {task.limit:g} s", late=True)
        how = f"was killed by signal {-code}" if code < 0 else f"ended with exit code {code}"
        return Report(task, None, f"its process {how}")


class Executors:
    """Any executor, such as Dask's ``Client.get_executor()`` or ``mpi4py.futures``.

    A time limit needs processes that may be ended, so it holds for :class:`Processes` alone.

    Parameters
    ----------
    executor : concurrent.futures.Executor
        It stays open.
    workers : int
        Tasks it is given at a time.
    """

    def __init__(self, executor: Executor, workers: int) -> None:
        self._executor, self._workers = executor, workers
        self._tasks: dict[Future[Answer], Task] = {}

    def free(self) -> int:
        """Return how many more tasks it can take."""
        return self._workers - len(self._tasks)

    def give(self, task: Task) -> None:
        """Let a task be done."""
        try:
            self._tasks[self._executor.submit(same_code, task)] = task
        except BrokenExecutor as error:
            raise CrewError(BROKEN.format(error)) from None

    def wait(self, seconds: float) -> list[Report]:
        """Return the tasks that are over, after some seconds at most."""
        over = wait_futures(self._tasks, seconds, FIRST_COMPLETED).done
        return [self._report(future, self._tasks.pop(future)) for future in over]

    def stop(self) -> None:
        """Withdraw what has not begun."""
        for future in self._tasks:
            future.cancel()
        self._tasks = {}

    @staticmethod
    def _report(future: Future[Answer], task: Task) -> Report:
        try:
            return Report(task, future.result())
        except CrewError:
            raise
        except (BrokenExecutor, CancelledError) as error:
            raise CrewError(BROKEN.format(error or type(error).__name__)) from None
        except Exception as error:
            return Report(task, None, f"{type(error).__name__}: {error}")


class CrewError(FolderError):
    """A crew that cannot go on; what is finished is kept."""


def same_code(task: Task) -> Answer:
    """Do a task, if this process has the version of the code that it was made with."""
    if code_version() != task.code:
        words = f"a worker has hedgerow {code_version()}, not {task.code}; give it the same"
        raise CrewError(words)
    return work(task)


def _serve(pipe: Connection) -> None:
    """Do one task after another for as long as the parent lives."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    with suppress(EOFError, OSError):
        while True:
            pipe.send(_answer(pipe.recv()))


def _answer(task: Task) -> Answer | str:
    try:
        return work(task, guarded=True)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


@contextmanager
def without_main() -> Iterator[None]:
    """Hide the caller's script, which every new process would otherwise run once more."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main
