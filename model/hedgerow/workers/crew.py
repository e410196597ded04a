"""Crews: who does the tasks, processes of this machine or any executor, and who was lost.

Each process of this machine has one task at most and a pipe of its own, so that when it dies, it
is certain which task it was doing and what became of it; no other process is touched. It is given
its first task when it has said which version of the code it has, so that nothing is ever run by
another, and a death while it starts is held against no run.
"""

import signal
import sys
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Executor, Future
from concurrent.futures import wait as wait_futures
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import connection, get_context, resource_tracker
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from time import monotonic
from types import ModuleType
from typing import Protocol

from hedgerow.runs.folder import FolderError
from hedgerow.runs.identity import code_version
from hedgerow.study.work import Answer, Task, work
from hedgerow.workers.serve import serve

BROKEN = "the executor broke: {}; what is finished is kept, start again to go on"
OTHER = "a worker has hedgerow {}, not {}; give it the same"
CHANGED = "a new process has hedgerow {}, not {}: the code has changed since the sweep was started"
STILLBORN = 10
"""Processes in a row that may end before they are ready."""


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
    ready: bool = False
    task: Task | None = None
    began: float = 0.0

    @property
    def idle(self) -> bool:
        return self.ready and self.task is None


class Processes:
    """New processes of this machine.

    Parameters
    ----------
    workers : int
    """

    def __init__(self, workers: int) -> None:
        self._stillborn = 0
        self._hands: list[_Hand] = []
        for _ in range(workers):
            self._hire()

    def free(self) -> int:
        """Return how many more tasks it can take."""
        return sum(hand.idle for hand in self._hands)

    def give(self, task: Task) -> None:
        """Let a task be done by an idle process."""
        hand = next(h for h in self._hands if h.idle)
        hand.task, hand.began = task, monotonic()
        # A process that has died is noticed by wait, which then tells of the task.
        with suppress(OSError):
            hand.pipe.send(task)

    def wait(self, seconds: float) -> list[Report]:
        """Return the tasks that are over, after some seconds at most.

        Raises
        ------
        CrewError
            If a process has another version of the code, or none gets as far as to be ready.
        """
        hands = {hand.pipe: hand for hand in self._hands}
        # A dead process closes its end of the pipe, which makes it ready.
        ready = connection.wait(list(hands), seconds)
        heard = [self._heard(hands[pipe]) for pipe in ready if isinstance(pipe, Connection)]
        return [report for report in heard if report is not None]

    def stop(self) -> None:
        """End at once."""
        for hand in self._hands:
            hand.process.kill()
        for hand in self._hands:
            hand.process.join()
            hand.pipe.close()
        self._hands = []

    def _hire(self) -> None:
        ours, theirs = connection.Pipe()
        process = get_context("spawn").Process(target=serve, args=(theirs,), daemon=True)
        with without_main(), _unheard():
            process.start()
        theirs.close()
        self._hands.append(_Hand(process, ours))

    def _heard(self, hand: _Hand) -> Report | None:
        try:
            said = hand.pipe.recv()
        except (EOFError, OSError):
            return self._lost(hand)
        if not hand.ready:
            if said != code_version():
                raise CrewError(CHANGED.format(said, code_version()))
            hand.ready, self._stillborn = True, 0
            return None
        task, hand.task = hand.task, None
        assert task is not None
        return Report(task, None, said) if isinstance(said, str) else Report(task, said)

    def _lost(self, hand: _Hand) -> Report | None:
        """Replace a process that has died, and tell of the task that was lost with it."""
        self._hands.remove(hand)
        hand.process.join(1)
        hand.process.kill()
        hand.pipe.close()
        code = hand.process.exitcode or 0
        how = f"was killed by signal {-code}" if code < 0 else f"ended with exit code {code}"
        self._stillborn += not hand.ready
        if self._stillborn == STILLBORN:
            words = f"{STILLBORN} processes in a row ended before they were ready; the last {how}"
            raise CrewError(f"{words}; what is finished is kept, start again to go on")
        self._hire()
        task = hand.task
        if task is None:
            return None
        if code == 1 and monotonic() - hand.began >= task.limit:
            return Report(task, None, f"took longer than {task.limit:g} s", late=True)
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
        self._greet()

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

    def _greet(self) -> None:
        """Make sure that a worker has this code before any run starts; see also same_code."""
        mine = code_version()
        try:
            code = self._executor.submit(code_version).result()
        except (BrokenExecutor, CancelledError) as error:
            raise CrewError(BROKEN.format(error or type(error).__name__)) from None
        except Exception as error:
            words = f"a worker cannot load hedgerow {mine} ({type(error).__name__}: {error})"
            raise CrewError(f"{words}; give it the same") from None
        if code != mine:
            raise CrewError(OTHER.format(code, mine))

    @staticmethod
    def _report(future: Future[Answer], task: Task) -> Report:
        try:
            return Report(task, future.result())
        except CrewError:
            raise
        except (BrokenExecutor, CancelledError, ImportError) as error:
            raise CrewError(BROKEN.format(error or type(error).__name__)) from None
        except Exception as error:
            return Report(task, None, f"{type(error).__name__}: {error}")


class CrewError(FolderError):
    """A crew that cannot go on; what is finished is kept."""


def same_code(task: Task) -> Answer:
    """Do a task, if this process has the version of the code that it was made with."""
    if code_version() != task.code:
        raise CrewError(OTHER.format(code_version(), task.code))
    return work(task)


@contextmanager
def _unheard() -> Iterator[None]:
    """Keep Ctrl-C from processes that start meanwhile: their parent ends them."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    # It would let Ctrl-C in again if it began meanwhile.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def without_main() -> Iterator[None]:
    """Hide the caller's script, which every new process would otherwise run once more."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main
