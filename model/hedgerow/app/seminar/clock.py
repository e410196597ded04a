"""The clock of the rooms: it counts what the server has seen pass, so that setting the date ends no turn."""

from collections.abc import Callable
from time import monotonic, time


class Steady:
    """Seconds since 1970 by the date at the start and what has passed since.

    Setting the computer's clock, a month ahead or back, changes nothing while the server runs; after a
    restart the time goes on from the last move, never from before it.

    Parameters
    ----------
    after : float
        What it starts behind: when the last move was made.
    date : callable
        Seconds since 1970, as the computer has them.
    ticks : callable
        Seconds that never jump.
    """

    def __init__(self, after: float = 0.0, date: Callable[[], float] = time, ticks: Callable[[], float] = monotonic) -> None:
        self._ticks = ticks
        self._start = max(date(), after) - ticks()

    def __call__(self) -> float:
        """Return the time."""
        return self._start + self._ticks()
