"""The crew: processes that simulate, so that the process that answers browsers never waits.

Each process has a thread that hands it one job at a time. Clients take turns, so that one with
many jobs does not hold up the rest, and each may have so many waiting and no more. A process that
dies or takes too long is replaced; no other job is touched.
"""

import asyncio
import logging
import signal
import threading
from collections import Counter, OrderedDict, deque
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any, ParamSpec, TypeVar

from hedgerow.app.settings import Limits
from hedgerow.workers.crew import without_main

P = ParamSpec("P")
T = TypeVar("T")
log = logging.getLogger(__name__)
START = 900.0
"""Seconds a process may take to start: the first one ever compiles the rules."""


class Busy(Exception):  # noqa: N818
    """More is waiting than may wait; the message says what to do."""


class Failed(Exception):  # noqa: N818
    """A job was lost: its process died, it took too long, or it broke."""


class Refused(ValueError):  # noqa: N818
    """What a job was given is wrong; the message is the one the command line would print."""


@dataclass
class _Job:
    client: str
    call: Callable[[], Any]
    seconds: float
    future: "Future[Any]" = field(default_factory=Future)


class Crew:
    """Processes that do jobs, and the jobs that wait for them.

    Parameters
    ----------
    workers : int
        Processes.
    limits : Limits
    """

    def __init__(self, workers: int, limits: Limits) -> None:
        self.workers, self._limits = workers, limits
        self._change = threading.Condition()
        self._waiting: OrderedDict[str, deque[_Job]] = OrderedDict()
        self._held: Counter[str] = Counter()
        self._open, self._started = True, False

    def start(self) -> None:
        """Start the processes now, rather than with the first job."""
        with self._change:
            started, self._started = self._started, True
        for number in range(0 if started else self.workers):
            threading.Thread(target=self._work, name=f"crew-{number}", daemon=True).start()

    def submit(self, client: str, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> "Future[T]":
        """Let a function be called in another process.

        Parameters
        ----------
        client : str
            Whoever asks: a room, an address, or a page as ``address/page``.
        function : callable
            A function of a module; it and its arguments are sent to the process.

        Raises
        ------
        Busy
            If the client, its address, or all clients together already have too many jobs.
        Failed
            If the crew has been closed.
        """
        job = _Job(client, partial(function, *args, **kwargs), self._limits.seconds)
        with self._change:
            if not self._open:
                raise Failed("the server is ending")
            if self._held[client] >= self._limits.waiting:
                raise Busy("you already have several simulations under way; wait for one to end")
            place = client.partition("/")[0]
            near = sum(n for c, n in self._held.items() if c.partition("/")[0] == place)
            if near >= self._limits.address:
                raise Busy("many simulations are under way from where you are; try again soon")
            if self._held.total() >= self._limits.queue:
                raise Busy("the server is busy with others' simulations; try again in a moment")
            self._held[client] += 1
            self._waiting.setdefault(client, deque()).append(job)
            self._change.notify()
        job.future.add_done_callback(lambda _: self._let_go(client))
        self.start()
        return job.future

    async def run(self, client: str, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return what a function returns when it is called in another process.

        Raises
        ------
        Busy
            If too many jobs wait.
        Refused
            If what it was given is wrong.
        Failed
            If it was lost.
        """
        return await asyncio.wrap_future(self.submit(client, function, *args, **kwargs))

    @property
    def waiting(self) -> int:
        """Jobs waiting or at work."""
        with self._change:
            return self._held.total()

    def close(self) -> None:
        """End all processes; jobs that wait are given up."""
        with self._change:
            self._open = False
            jobs = [job for queue in self._waiting.values() for job in queue]
            self._waiting.clear()
            self._change.notify_all()
        for job in jobs:
            job.future.cancel()

    def _let_go(self, client: str) -> None:
        with self._change:
            self._held[client] -= 1
            if not self._held[client]:
                del self._held[client]

    def _take(self) -> _Job | None:
        """Return the first job of the client whose turn it is; None at the end."""
        with self._change:
            while self._open and not self._waiting:
                self._change.wait()
            if not self._open:
                return None
            client, queue = self._waiting.popitem(last=False)
            job = queue.popleft()
            if queue:
                self._waiting[client] = queue
            return job

    def _work(self) -> None:
        worker = _Worker()
        with suppress(Failed, EOFError, OSError):
            worker.start()
        while (job := self._take()) is not None:
            if not job.future.set_running_or_notify_cancel():
                continue
            try:
                answer = worker.call(job.call, job.seconds)
            except Exception as error:
                job.future.set_exception(error)
            else:
                job.future.set_result(answer)
        worker.stop()


class _Worker:
    """One process and the pipe to it."""

    def __init__(self) -> None:
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None

    def start(self) -> Connection:
        """Start the process, unless it is there, and return the pipe to it."""
        if self._process is not None and self._process.is_alive() and self._pipe is not None:
            return self._pipe
        with _starting:
            return self._new()

    def _new(self) -> Connection:
        context = get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs,), daemon=True)
        with without_main():
            self._process.start()
        theirs.close()
        # What it imports and compiles is not counted as the time of a job.
        if not self._pipe.poll(START):
            self.stop()
            raise Failed("the process that simulates could not be started")
        self._pipe.recv()
        return self._pipe

    def call(self, call: Callable[[], Any], seconds: float) -> Any:
        """Return what a call returns in the process."""
        try:
            pipe = self.start()
            pipe.send(call)
            if not pipe.poll(seconds):
                self.stop()
                raise Failed(f"this took longer than {seconds:g} seconds and was stopped")
            kind, answer = pipe.recv()
        except (EOFError, OSError):
            self.stop()
            raise Failed("the process that simulated was lost; try again") from None
        if kind is None:
            return answer
        raise kind(answer)

    def stop(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.kill()
            self._process.join(5)
        if self._pipe is not None:
            self._pipe.close()
        self._process = self._pipe = None


_starting = threading.Lock()
"""Processes start one after the other, so that what the first compiles the others find."""


def _serve(pipe: Connection) -> None:
    """Do calls until the pipe is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _warm_up()
    with suppress(OSError):  # whoever waited may be gone by now
        pipe.send("ready")
    while True:
        try:
            call = pipe.recv()
        except (EOFError, OSError):
            return
        try:
            answer: tuple[type[Exception] | None, Any] = None, call()
        except ValueError as error:
            answer = _told(error)
        except Exception:
            log.exception("a job broke")
            answer = Failed, "the simulation broke; the server's log says how"
        with suppress(OSError):
            pipe.send(answer)


def _told(error: ValueError) -> tuple[type[Exception], str]:
    """Return what to say of a fault: a user's in its own words, ours in the log alone."""
    from hedgerow.runs.folder import FolderError
    from hedgerow.scenario.errors import ScenarioError

    if isinstance(error, ScenarioError | FolderError | Refused):
        return Refused, str(error)
    log.exception("a job broke")
    return Failed, "the simulation broke; the server's log says how"


def _warm_up() -> None:
    """Import and compile what every job needs, before the first one."""
    from hedgerow.app.lab.work import simulate
    from hedgerow.scenario.load import load

    simulate(load("baseline-2022-25", months=2), range(2), 0, fixed=True)


_crew: Crew | None = None


def open_crew(workers: int, limits: Limits) -> Crew:
    """Start the crew of this process, in place of the one there was."""
    global _crew  # noqa: PLW0603
    if _crew is not None:
        _crew.close()
    _crew = Crew(workers, limits)
    return _crew


def crew() -> Crew:
    """Return the crew of this process."""
    if _crew is None:
        raise RuntimeError("no crew; the server starts one by open_crew")
    return _crew
