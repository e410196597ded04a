"""Scores of a forecast given as a sample: how far off, how wide, and whether it held the truth."""

import numpy as np

from hedgerow.core.numbers import FloatArray

LEVEL = 0.90


def crps(sample: FloatArray, observed: float) -> float:
    """Return the continuous ranked probability score of a sample, in the unit of the sample.

    ``mean |x - y| - mean |x - x'| / 2`` over the sample, which equals the integral of the squared difference between
    the sample's distribution and a step at what was observed, exactly (Gneiting and Raftery 2007,
    doi:10.1198/016214506000001437, equation 21). 0 is best; a single value scores its absolute error.

    Parameters
    ----------
    sample : (draws,)
    observed : float
    """
    ordered = np.sort(np.asarray(sample, dtype=np.float64))
    n = len(ordered)
    # Sum over pairs from the sorted sample: each value counts once for every smaller one.
    apart = 2.0 * ((2.0 * np.arange(1, n + 1) - n - 1.0) * ordered).sum() / n**2
    return float(np.abs(ordered - observed).mean() - 0.5 * apart)


def central_interval(sample: FloatArray, level: float = LEVEL) -> tuple[float, float, float]:
    """Return the ends of a central interval and the median: low, median, high."""
    tail = (1.0 - level) / 2.0
    low, median, high = np.quantile(sample, (tail, 0.5, 1.0 - tail))
    return float(low), float(median), float(high)


def widths(samples: FloatArray, level: float = LEVEL) -> FloatArray:
    """Return the width of the central interval of each column, ``(columns,)``."""
    tail = (1.0 - level) / 2.0
    low, high = np.quantile(samples, (tail, 1.0 - tail), axis=0)
    return np.asarray(high - low)
