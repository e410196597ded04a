"""Jobs: what browsers ask for, done in other processes so that the one that answers never waits.

Clients take turns, so that one with many jobs does not hold up the rest, and each may have so many
waiting and no more. What becomes of a job that is lost or takes too long is up to the pool.
"""

import asyncio
import logging
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, InvalidStateError
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any, ParamSpec, TypeVar

from hedgerow.app.settings import Limits
from hedgerow.runs.ensemble import compile_rules
from hedgerow.runs.folder import FolderError
from hedgerow.scenario.errors import ScenarioError
from hedgerow.workers.pool import LateError, Pool, PoolError
from hedgerow.workers.process import CallError

P = ParamSpec("P")
T = TypeVar("T")
log = logging.getLogger(__name__)


class Busy(Exception):  # noqa: N818
    """More is waiting than may wait; the message says what to do."""


class Failed(Exception):  # noqa: N818
    """A job was lost: its process died, it took too long, or it broke."""


class Refused(ValueError):  # noqa: N818
    """What a job was given is wrong; the message is the one the command line would print."""


@dataclass(eq=False)
class _Job:
    client: str
    call: Callable[[], Any]
    turn: int
    begun: bool = False
    future: "Future[Any]" = field(default_factory=Future)


class Scheduler:
    """Whoever hands the jobs of many clients to one pool of processes, in fair turns.

    A client's next job has a later turn than the one before it, so that those of others, which
    have the turn of now, come in between.

    Parameters
    ----------
    workers : int
        Processes.
    limits : Limits
    """

    def __init__(self, workers: int, limits: Limits) -> None:
        self.workers, self._limits = workers, limits
        self._lock = threading.RLock()
        self._jobs: list[_Job] = []
        self._turn, self._open = 0, True
        self._pool: Pool | None = None

    def start(self) -> Pool:
        """Start the processes, if they are not there; the first job would."""
        with self._lock:
            if self._pool is None or self._pool.ended:
                self._pool = Pool(self.workers, self._limits.seconds, compile_rules)
            return self._pool

    def submit(self, client: str, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> "Future[T]":
        """Let a function be called in another process.

        Parameters
        ----------
        client : str
            Whoever asks: a room, an address, or a page as ``address/page``.
        function : callable
            A function of a module; it and its arguments are sent to the process.

        Returns
        -------
        Future
            To cancel it ends the job, even if it is at work.

        Raises
        ------
        Busy
            If the client, its address, or all clients together already have too many jobs.
        Failed
            If the server is ending.
        """
        with self._lock:
            self._admit(client)
            turn = max([self._turn, *(j.turn + 1 for j in self._jobs if j.client == client)])
            job = _Job(client, partial(function, *args, **kwargs), turn)
            self._jobs.append(job)
        job.future.add_done_callback(lambda _: self._let_go(job))
        self._hand_out()
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
        return len(self._jobs)

    def close(self) -> None:
        """Give up the jobs that wait, and end all processes once those at work are done."""
        with self._lock:
            self._open = False
            waiting = [job for job in self._jobs if not job.begun]
        for job in waiting:
            job.future.cancel()
        if self._pool is not None:
            self._pool.shutdown(wait=False)

    def _admit(self, client: str) -> None:
        """Make sure that a client may have one job more."""
        if not self._open:
            raise Failed("the server is ending")
        clients = [job.client for job in self._jobs]
        if clients.count(client) >= self._limits.waiting:
            raise Busy("you already have several simulations under way; wait for one to end")
        if [c.partition("/")[0] for c in clients].count(client.partition("/")[0]) >= self._limits.address:
            raise Busy("many simulations are under way from where you are; try again soon")
        if len(clients) >= self._limits.queue:
            raise Busy("the server is busy with others' simulations; try again in a moment")

    def _let_go(self, job: _Job) -> None:
        """Forget a job that is over or was called off, and go on with the next."""
        with self._lock:
            self._jobs.remove(job)
        self._hand_out()

    def _hand_out(self) -> None:
        """Give the pool, while it has room, the first job of those whose turn it is."""
        with self._lock:
            while (waiting := [j for j in self._jobs if not j.begun]) and len(self._jobs) - len(waiting) < self.workers:
                job = min(waiting, key=lambda j: j.turn)
                job.begun, self._turn = True, job.turn
                self._begin(job)

    def _begin(self, job: _Job) -> None:
        call = self.start().submit(_done, job.call)
        job.future.add_done_callback(lambda _: call.cancel())
        call.add_done_callback(partial(self._over, job))

    def _over(self, job: _Job, call: "Future[Any]") -> None:
        with suppress(CancelledError, InvalidStateError):
            answer = self._answer(call)
            if isinstance(answer, Failed | Refused):
                job.future.set_exception(answer)
            else:
                job.future.set_result(answer)

    def _answer(self, call: "Future[Any]") -> Any:
        try:
            return call.result()
        except LateError:
            return Failed(f"this took longer than {self._limits.seconds:g} seconds and was stopped")
        except CallError as error:
            log.error("a job was lost: %s", error)
            return Failed("the process that simulated was lost; try again")
        except PoolError as error:
            log.error("no process can be started: %s", error)
            return Failed("the process that simulates could not be started")


def _done(call: Callable[[], Any]) -> Any:
    """Do a job; return its fault, of a user's what the command line would say, and log one of ours."""
    try:
        return call()
    except (ScenarioError, FolderError, Refused) as error:
        return Refused(str(error))
    except (MemoryError, OSError) as error:
        log.exception("a job lacked something of the machine")
        return Failed(lacking(error))
    except Exception:
        log.exception("a job broke")
        return Failed("the simulation broke; the server's log says how")


def lacking(error: MemoryError | OSError) -> str:
    """Return what to tell whoever asked for more than the machine has."""
    if isinstance(error, MemoryError):
        return "the server has not the memory for this; ask for fewer runs or months, or try again"
    return f"the server cannot read or write what this needs ({error.strerror or error}); try again later"


_scheduler: Scheduler | None = None


def open_scheduler(workers: int, limits: Limits) -> Scheduler:
    """Make the scheduler of this process, in place of the one there was."""
    global _scheduler  # noqa: PLW0603
    if _scheduler is not None:
        _scheduler.close()
    _scheduler = Scheduler(workers, limits)
    return _scheduler


def scheduler() -> Scheduler:
    """Return the scheduler of this process."""
    if _scheduler is None:
        raise RuntimeError("no scheduler; the server makes one by open_scheduler")
    return _scheduler
