"""A pool: processes of this machine that may die, take too long or be called off.

Each process has one call at most, and a thread and a pipe of its own, so that when it dies, it is
certain which call it was doing and what became of it; no other process is touched. It is given its
first call when it has said which version of the code it has and has warmed up, so that nothing is
ever run by another version, and a death while it starts is held against no call. The first process
starts alone, so that what it compiles the others find.
"""

import atexit
import pickle
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, InvalidStateError
from contextlib import contextmanager, suppress
from functools import partial
from multiprocessing import connection, get_context, resource_tracker
from time import monotonic
from types import ModuleType
from typing import Any, ParamSpec, TypeVar

from hedgerow.runs.folder import FolderError
from hedgerow.runs.identity import code_version
from hedgerow.workers.process import CallError, serve

P = ParamSpec("P")
T = TypeVar("T")
CHANGED = "a new process has hedgerow {}, not {}: the code has changed since this one was started"
STILLBORN = 10
"""Processes in a row that may end before they are ready."""
START = 900.0
"""Seconds that a process may take to warm up: the first one ever compiles the rules."""
_starting = threading.Lock()
"""Held where processes are started or reaped: multiprocessing expects one thread to do both."""


class LostError(CallError):
    """A call whose process died."""


class LateError(CallError):
    """A call that took longer than it may."""


class PoolError(FolderError):
    """Workers that cannot go on."""


class Pool(Executor):
    """New processes of this machine.

    The future of a call is pending until the call is over; to cancel it ends the process that does it. It raises
    :class:`LostError`, :class:`LateError`, or another ``CallError`` with the error of the call as text; or
    :class:`PoolError`, if a process has another version of the code or none gets as far as to be ready. No process runs
    the caller's script again, so a call must be a function of a module.

    Parameters
    ----------
    workers : int
        Calls done at a time.
    limit : float, optional
        Seconds that a call may take, or a step of it that begins with ``restart_clock()``.
    warm : callable, optional
        What each process does before its first call and no limit counts: what all calls load or
        compile. An error of it is passed over, since it comes again with a call.
    """

    def __init__(self, workers: int, limit: float | None = None, warm: Callable[[], object] = dict) -> None:
        self._limit, self._warm = limit, warm
        self._change = threading.Condition()
        self._ended: PoolError | None = None
        self._dropped = False
        self._waiting: dict[Future[Any], Callable[[], Any]] = {}
        self._workers: dict[int, _Worker] = {}
        self._proven, self._stillborn = threading.Event(), 0
        self._threads = [threading.Thread(target=self._run, args=(i,), daemon=True) for i in range(workers)]
        for thread in self._threads:
            thread.start()
        # Before multiprocessing ends its processes, which would be replaced.
        atexit.register(self.shutdown, cancel_futures=True)

    @property
    def ended(self) -> bool:
        """Whether the pool was shut down or could not go on; a call given to it fails."""
        return self._ended is not None

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> "Future[T]":
        """Let a call be done."""
        future: Future[T] = Future()
        with self._change:
            if self._ended:
                future.set_exception(self._ended)
                return future
            self._waiting[future] = partial(fn, *args, **kwargs)
            self._change.notify_all()
        future.add_done_callback(self._heed)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Finish what was given, or cancel all of it, what is at work too; then end the processes."""
        with self._change:
            self._ended = self._ended or PoolError("the pool of processes has ended")
            self._change.notify_all()
        if cancel_futures:
            for future in self._drop():
                future.cancel()
        if wait:
            for thread in self._threads:
                thread.join()
            atexit.unregister(self.shutdown)

    def _heed(self, future: "Future[Any]") -> None:
        """End the process of a call that was cancelled."""
        if future.cancelled():
            with self._change:
                self._waiting.pop(future, None)
                for worker in self._workers.values():
                    if worker.future is future:
                        worker.kill()
            future.set_running_or_notify_cancel()

    def _drop(self) -> "list[Future[Any]]":
        """End all processes, and return the futures of what is not done, now the caller's."""
        with self._change:
            left = [*self._waiting, *(w.future for w in self._workers.values() if w.future)]
            self._waiting.clear()
            self._dropped = True
            for worker in self._workers.values():
                worker.future = None
                worker.kill()
            self._change.notify_all()
        return left

    def _run(self, number: int) -> None:
        """Keep one process going, and hand it one call after the other."""
        try:
            _deafen()
            if number:
                self._proven.wait()
            while self._waiting or not self._ended:
                worker = self._start(number)
                while worker.ready and (call := self._take(worker)):
                    self._do(worker, call)
                worker.end()
        except Exception as error:
            self._ended = error if isinstance(error, PoolError) else PoolError(_words(error))
            for future in self._drop():
                _settle(future, None, self._ended)
        finally:
            self._proven.set()

    def _start(self, number: int) -> "_Worker":
        """Start a process, and wait until it is ready or has died."""
        worker = _Worker()
        with self._change:
            self._workers[number] = worker
            if self._dropped:
                worker.kill()
        try:
            code = worker.pipe.recv()
            if code != code_version():
                raise PoolError(CHANGED.format(code, code_version()))
            with suppress(CallError):
                worker.ask(START, self._warm)
            worker.ready, self._stillborn = True, 0
            self._proven.set()
        except (EOFError, OSError):
            self._stillborn += 1
            if self._stillborn >= STILLBORN:
                words = f"{STILLBORN} processes in a row ended before they were ready; the last {worker.end()}"
                raise PoolError(words) from None
        return worker

    def _take(self, worker: "_Worker") -> "Callable[[], Any] | None":
        """Give a worker the next call; none if there will be none or it has died meanwhile."""
        with self._change:
            self._change.wait_for(lambda: self._waiting or self._ended)
            if not self._waiting or worker.dead():
                return None
            worker.future = next(iter(self._waiting))
            return self._waiting.pop(worker.future)

    def _do(self, worker: "_Worker", call: Callable[[], Any]) -> None:
        value: Any = None
        error: CallError | None = None
        began = monotonic()
        try:
            value = worker.ask(self._limit, call)
        except (EOFError, OSError):
            taken, how = monotonic() - began, worker.end()
            late = self._limit is not None and taken >= self._limit and worker.process.exitcode == 1
            error = LateError(f"took longer than {self._limit:g} s") if late else LostError(f"its process {how}")
        except Exception as told:
            error = told if isinstance(told, CallError) else CallError(_words(told))
        with self._change:
            future, worker.future = worker.future, None
        if future is not None:
            _settle(future, value, error)


class _Worker:
    """A process, the pipe to it, and the future of the call that it does."""

    def __init__(self) -> None:
        self.ready = False
        self.future: Future[Any] | None = None
        self.pipe, theirs = connection.Pipe()
        self.process = get_context("spawn").Process(target=serve, args=(theirs,), daemon=True)
        with _starting, without_main():
            self.process.start()
        theirs.close()

    def ask(self, limit: float | None, call: Callable[[], Any]) -> Any:
        """Return the value of a call; a pipe that is at its end means that the process has died."""
        self.pipe.send((limit, pickle.dumps(call)))
        value, error = pickle.loads(self.pipe.recv_bytes())
        if error is not None:
            raise error
        return value

    def dead(self, seconds: float = 0) -> bool:
        """Say whether the process has ended, after some seconds at most."""
        return bool(connection.wait([self.process.sentinel], seconds))

    def kill(self) -> None:
        """End the process, which ends its pipe."""
        self.ready = False
        self.process.kill()

    def end(self) -> str:
        """Make sure that the process has ended, and return how; one without work has to be told."""
        self.dead(0 if self.ready and self.future is None else 1)
        self.kill()
        with _starting:
            self.process.join()
        self.pipe.close()
        code = self.process.exitcode or 0
        return f"was killed by signal {-code}" if code < 0 else f"ended with exit code {code}"


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


def _settle(future: "Future[Any]", value: object, error: Exception | None) -> None:
    """Tell what became of a call, unless it has been cancelled."""
    with suppress(InvalidStateError):
        if error is None:
            future.set_result(value)
        else:
            future.set_exception(error)


def _deafen() -> None:
    """Keep Ctrl-C from this thread and from the processes that it starts: their parent ends them."""
    if hasattr(signal, "pthread_sigmask"):
        # It would let Ctrl-C in again if it began later.
        resource_tracker.ensure_running()
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})


@contextmanager
def without_main() -> Iterator[None]:
    """Hide the caller's script, which every new process would otherwise run once more."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main
