"""Peak memory of this process and all its children, sampled while something runs.

Where the system has ``/proc``, it is the sum of resident memory over the tree, so a library that
processes share counts once in each: an upper bound. Elsewhere it is the largest that this process
and its largest finished child ever had, and 0 where even that is unknown.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread
from types import TracebackType

PROC = Path("/proc")
EVERY = 0.05
"""Seconds between two samples."""
SAMPLED = "sum of resident memory over the process tree, sampled"
LARGEST = "largest resident memory of this process and of its largest child"


def tree(pid: int) -> Iterator[int]:
    """Yield a process and all below it; whoever ends meanwhile is left out."""
    yield pid
    for thread in (PROC / str(pid) / "task").iterdir():
        with suppress(OSError):
            for child in (thread / "children").read_text().split():
                with suppress(OSError):
                    yield from tree(int(child))


def resident(pid: int) -> int:
    """Return the resident memory of a process, bytes; 0 if it has ended."""
    with suppress(OSError):
        pages = int((PROC / str(pid) / "statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")
    return 0


def can_sample() -> bool:
    """Return whether the system tells of a process's children and their memory."""
    me = PROC / str(os.getpid())
    return (me / "statm").exists() and (me / "task" / str(os.getpid()) / "children").exists()


def _largest() -> int:
    try:
        import resource
    except ImportError:
        return 0
    unit = 1 if sys.platform == "darwin" else 1024
    whose = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return unit * sum(resource.getrusage(who).ru_maxrss for who in whose)


class Watch:
    """Watches the memory of the process tree for as long as it is open.

    Examples
    --------
    >>> with Watch() as watch:
    ...     content = bytes(1000)
    ...     lap = watch.lap()
    >>> 0 <= lap <= watch.peak
    True
    """

    def __init__(self) -> None:
        self.sampled = can_sample()
        self.peak = self._lap = 0
        self._over = Event()
        self._thread = Thread(target=self._run, daemon=True)

    @property
    def method(self) -> str:
        """How it is measured, in words."""
        return SAMPLED if self.sampled else LARGEST

    def lap(self) -> int:
        """Return the peak since the last call, bytes."""
        self._look()
        peak, self._lap = self._lap, 0
        return peak

    def __enter__(self) -> "Watch":
        self._look()
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._over.set()
        self._thread.join()
        self._look()

    def _run(self) -> None:
        while not self._over.wait(EVERY):
            self._look()

    def _look(self) -> None:
        now = sum(map(resident, tree(os.getpid()))) if self.sampled else _largest()
        self._lap = max(self._lap, now)
        self.peak = max(self.peak, now)
