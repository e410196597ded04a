"""A sweep on more than one machine: Dask distributed, or any executor of one's own.

Nothing of a cluster reaches the store: workers get tasks and give back answers, and the process
that started the sweep writes them. With ``mpi4py.futures``::

    with MPIPoolExecutor() as pool:
        hedgerow.sweep("leahy-strictness", executor=pool, workers=64)

started by ``mpiexec -n 65 python -m mpi4py.futures script.py``; with loky, the same with
``loky.get_reusable_executor()``.

A scheduler and its workers are trusted as one's own code is: what they send is unpickled, which can run anything
as the user who started the sweep.
"""

from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec

from hedgerow.runs.identity import code_version
from hedgerow.workers.pool import PoolError

TIMEOUT = 10
"""Seconds to wait for a scheduler."""
AHEAD = 2
"""Tasks that each thread of a cluster is given at a time, so that none is ever idle."""


TRUSTED = "the scheduler {address} is trusted: it, and whoever can reach it, can run code here as you"
"""What to say to whoever names one."""


@dataclass(frozen=True)
class Cluster:
    """An executor, and how many tasks it is to be given at a time."""

    executor: Executor
    tasks: int


@contextmanager
def dask(address: str) -> Iterator[Cluster]:
    """Connect to a Dask scheduler.

    Parameters
    ----------
    address : str
        Such as ``tcp://host:8786``.

    Raises
    ------
    PoolError
        If Dask is not installed, the scheduler cannot be reached, it has no workers, or one of
        them has another version of the code.
    """
    if find_spec("distributed") is None:
        raise PoolError("this needs Dask: pip install 'hedgerow[dask]'")
    client_of = import_module("distributed").Client
    try:
        client = client_of(address, timeout=TIMEOUT)
    except (OSError, ValueError) as error:
        raise PoolError(f"{address}: no scheduler can be reached ({error})") from None
    with client:
        codes = client.run(code_version)
        if not codes:
            raise PoolError(f"{address}: the scheduler has no workers")
        for worker, code in codes.items():
            if code != code_version():
                words = f"has hedgerow {code}, not {code_version()}; give it the same"
                raise PoolError(f"worker {worker}: {words}")
        threads = sum(client.nthreads().values())
        yield Cluster(client.get_executor(pure=False), AHEAD * threads)
