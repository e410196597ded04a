"""Batches side by side: threads share the processors, for compiled rules let one another run.

A thread starts at once, where a process must load everything first. Sweeps use processes all the
same, since one of those may die without taking the others along.
"""

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event
from typing import TypeVar

Progress = Callable[[int], None]
Made = TypeVar("Made")


class DroppedError(Exception):
    """A job that nobody waits for any more."""


def in_order(
    jobs: Sequence[Callable[[Progress], Made]], progress: Progress | None = None, workers: int | None = None
) -> Iterator[Made]:
    """Yield what jobs return, in their order, while the next are being done.

    Parameters
    ----------
    jobs : sequence of callable
        Each is given a function to tell of run-months it has finished, which ends it once nobody waits for it.
    progress : callable, optional
        Told what jobs tell.
    workers : int, optional
        Jobs done at a time, and kept until they are asked for; one a processor by default.
    """
    tell = progress or (lambda _: None)
    threads = min(workers or os.cpu_count() or 1, len(jobs))
    if threads < 2:
        yield from (job(tell) for job in jobs)
        return
    left = Event()

    def heed(done: int) -> None:
        if left.is_set():
            raise DroppedError
        tell(done)

    with ThreadPoolExecutor(threads) as pool:
        waiting: deque[Future[Made]] = deque()
        try:
            for job in jobs:
                waiting.append(pool.submit(job, heed))
                if len(waiting) == threads:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            left.set()
            for future in waiting:
                future.cancel()
