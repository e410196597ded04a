"""Intervals of means, shares and quantiles that all analyses use; 90% throughout."""

import numpy as np
from scipy.special import ndtri, stdtrit

from hedgerow.core.numbers import FloatArray

LEVEL = 0.9
UPPER = 0.5 + LEVEL / 2
RESAMPLES = 400
AT_ONCE = 2e6
"""Numbers that a bootstrap holds at a time."""
NOTHING = (float("nan"), float("nan"))


def student(n: int) -> float:
    """Return how many standard errors the interval of a mean of ``n`` draws reaches."""
    return float(stdtrit(n - 1, UPPER)) if n > 1 else float("nan")


def of_mean(values: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the interval of means over the first axis by Student's t; NaN for a single value.

    Parameters
    ----------
    values : numpy.ndarray
        ``(draws, ...)``.
    """
    n, middle = len(values), values.mean(axis=0)
    if n < 2:
        return np.full_like(middle, np.nan), np.full_like(middle, np.nan)
    half = student(n) * values.std(axis=0, ddof=1) / np.sqrt(n)
    return middle - half, middle + half


def of_share(share: FloatArray, n: int) -> tuple[FloatArray, FloatArray]:
    """Return Wilson's interval of shares of ``n`` draws; NaN for fewer than two.

    References
    ----------
    Wilson, E. B. (1927). Probable inference, the law of succession, and statistical inference.
    Journal of the American Statistical Association 22, 209-212.
    """
    if n < 2:
        return np.full_like(share, np.nan), np.full_like(share, np.nan)
    z = float(ndtri(UPPER))
    middle = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    return np.maximum(0.0, middle - half), np.minimum(1.0, middle + half)


def of_quantile(values: FloatArray, share: float) -> tuple[FloatArray, FloatArray]:
    """Return the bootstrap interval of a quantile over draws and worlds, resampling draws.

    Parameters
    ----------
    values : numpy.ndarray
        ``(draws, worlds, ...)``.
    share : float
        Which quantile, 0-1.
    """
    draws = len(values)
    if draws < 2:
        nothing = np.full(values.shape[2:], np.nan)
        return nothing, nothing
    # A seed of its own, so that the interval is the same whatever the experiment's seed.
    picks = np.random.default_rng(0).integers(draws, size=(RESAMPLES, draws))
    together = max(1, int(AT_ONCE / values.size))
    found = np.concatenate(
        [np.quantile(values[picks[i : i + together]], share, axis=(1, 2)) for i in range(0, RESAMPLES, together)]
    )
    return np.quantile(found, 1 - UPPER, axis=0), np.quantile(found, UPPER, axis=0)


def jackknifed(left_out: FloatArray, estimate: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the jackknife interval of a statistic by Student's t.

    Parameters
    ----------
    left_out : numpy.ndarray
        ``(draws, ...)``, the statistic without each draw in turn.
    estimate : numpy.ndarray
        The statistic with all draws.
    """
    n = len(left_out)
    if n < 3:
        return np.full_like(estimate, np.nan), np.full_like(estimate, np.nan)
    spread = np.sqrt((n - 1) / n * ((left_out - left_out.mean(axis=0)) ** 2).sum(axis=0))
    half = student(n) * spread
    return estimate - half, estimate + half
