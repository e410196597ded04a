"""Executors other than a pool: the process at hand, and whoever somebody lends.

A time limit needs processes that may be ended, so it holds for a :class:`~.pool.Pool` alone.
"""

from collections.abc import Callable
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future
from functools import partial
from typing import Any, ParamSpec, TypeVar

from hedgerow.runs.identity import code_version
from hedgerow.workers.pool import PoolError
from hedgerow.workers.process import CallError

P = ParamSpec("P")
T = TypeVar("T")
BROKEN = "the executor broke: {}"
OTHER = "a worker has hedgerow {}, not {}; give it the same"
CANNOT = "a worker cannot load hedgerow {} ({}); give it the same"


class Here(Executor):
    """The process at hand, one call after the other, for what no other process knows."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> "Future[T]":
        """Do a call."""
        future: Future[T] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


class Borrowed(Executor):
    """Any executor, such as Dask's ``Client.get_executor()`` or ``mpi4py.futures``.

    Before a call is done, whoever does it makes sure that it has the same version of the code; one is asked at once.

    Parameters
    ----------
    executor : concurrent.futures.Executor
        It stays open.
    """

    def __init__(self, executor: Executor) -> None:
        self._executor = executor
        self._calls: set[Future[Any]] = set()
        try:
            result(self.submit(dict))
        except CallError as error:
            raise PoolError(CANNOT.format(code_version(), error)) from None

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> "Future[T]":
        """Let a call be done."""
        try:
            future = self._executor.submit(same_code, code_version(), partial(fn, *args, **kwargs))
        except BrokenExecutor as error:
            raise PoolError(BROKEN.format(error)) from None
        self._calls.add(future)
        future.add_done_callback(self._calls.discard)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: ARG002
        """Withdraw what has not begun."""
        for future in self._calls.copy() if cancel_futures else ():
            future.cancel()


def same_code(code: str, call: Callable[[], T]) -> T:
    """Do a call, if this process has a given version of the code."""
    if code_version() != code:
        raise PoolError(OTHER.format(code_version(), code))
    return call()


def result(future: "Future[T]") -> T:
    """Return what a call left, or raise a ``CallError`` or ``PoolError``, whoever did it."""
    try:
        return future.result()
    except (CallError, PoolError):
        raise
    except ImportError as error:
        raise PoolError(CANNOT.format(code_version(), error)) from None
    except (BrokenExecutor, CancelledError) as error:
        raise PoolError(BROKEN.format(error or type(error).__name__)) from None
    except Exception as error:
        raise CallError(f"{type(error).__name__}: {error}") from error
