"""From times to figures: rates from a stream of finished runs, and exponents of cost."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

FEWEST = 3
"""Moments needed for a line that is more than a guess."""


@dataclass(frozen=True)
class Timing:
    """One measurement.

    Attributes
    ----------
    runs : int
        Runs finished.
    rate : float
        Runs a second once every process was at work.
    wall : float
        Seconds from the call to its return, start-up included.
    steady : bool
        Whether the rate leaves out start-up; False where there were too few runs to tell.
    """

    runs: int
    rate: float
    wall: float
    steady: bool = True

    @property
    def startup(self) -> float:
        """Seconds of the whole that the steady rate does not account for."""
        return max(self.wall - self.runs / self.rate, 0.0)


def steady(moments: Sequence[float], finished: Sequence[int], skip: int, wall: float) -> Timing:
    """Return the rate at which runs were finished, start-up left out.

    The rate is the slope of the least-squares line through runs finished so far against time,
    which does not depend on whether processes finish together or in turn.

    Parameters
    ----------
    moments : sequence of float
        When each piece of work was finished, seconds, in order.
    finished : sequence of int
        Runs in each piece.
    skip : int
        Pieces at the beginning that are left out: one a process.
    wall : float
        Seconds from the call to its return.
    """
    total = int(sum(finished))
    at = np.asarray(moments, dtype=np.float64)[skip:]
    so_far = np.cumsum(np.asarray(finished, dtype=np.float64))[skip:]
    if len(np.unique(at)) < FEWEST:
        return Timing(total, total / wall, wall, steady=False)
    at, so_far = at - at.mean(), so_far - so_far.mean()
    return Timing(total, float((at * so_far).sum() / (at * at).sum()), wall)


def exponent(sizes: Sequence[float], seconds: Sequence[float]) -> float:
    """Return ``k`` of ``seconds = c * size**k``, by least squares on logarithms.

    Raises
    ------
    ValueError
        If there are fewer than two different sizes, or anything is not above zero.
    """
    x, y = np.asarray(sizes, dtype=np.float64), np.asarray(seconds, dtype=np.float64)
    if len(np.unique(x)) < 2 or (x <= 0).any() or (y <= 0).any():
        raise ValueError("an exponent needs two different sizes or more, all above zero")
    x, y = np.log(x), np.log(y)
    x = x - x.mean()
    return float((x * (y - y.mean())).sum() / (x * x).sum())
