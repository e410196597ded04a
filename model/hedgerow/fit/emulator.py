"""An emulator: what the model's statistics are at parameters that were never simulated.

Each statistic is a quadratic polynomial of the parameters, fitted by least squares to simulated
runs; what is left, chance and misfit, is a normal with one covariance for all. On the steady scale
of :class:`hedgerow.fit.targets.Target` chance spreads counts and shares about evenly, and as the
waves close in on the plausible region a quadratic is enough. The posterior is that of Bayesian
synthetic likelihood (Wood 2010, doi:10.1038/nature09319) with the moments emulated, as in history
matching (Vernon, Goldstein and Bower 2010, doi:10.1214/10-BA524).
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy.linalg import eigh

from hedgerow.core.numbers import FloatArray, IntArray

RIDGE = 1e-3
"""Prior precision of slopes and curvatures; it decides only where a wave says nothing."""
TINY = 1e-8
"""Variance added where a statistic never varies."""


@dataclass(frozen=True)
class Emulator:
    """A fitted emulator.

    Attributes
    ----------
    centre, spread : (parameters,)
        Of the points it was fitted to.
    slopes : (features, statistics)
    leverage : (features, features)
        Covariance of the slopes in units of the residual.
    residual : (statistics, statistics)
        Covariance of chance and misfit.
    """

    centre: FloatArray
    spread: FloatArray
    slopes: FloatArray
    leverage: FloatArray
    residual: FloatArray

    @classmethod
    def fit(cls, cube: FloatArray, steady: FloatArray) -> "Emulator":
        """Fit an emulator to simulated runs.

        Parameters
        ----------
        cube : (runs, parameters)
            Points of the unit cube.
        steady : (runs, statistics)
            Statistics on their steady scales.
        """
        centre, spread = cube.mean(axis=0), cube.std(axis=0) + 1e-9
        x = terms((cube - centre) / spread)
        precision = x.T @ x + RIDGE * np.diag(np.arange(x.shape[1]) > 0)
        leverage = np.linalg.inv(precision)
        slopes = leverage @ (x.T @ steady)
        left = steady - x @ slopes
        free = max(len(cube) - x.shape[1], 1)
        return cls(centre, spread, slopes, leverage, left.T @ left / free)

    def mean(self, cube: FloatArray) -> FloatArray:
        """Return expected statistics, ``(points, statistics)``."""
        return np.asarray(self.features(cube) @ self.slopes)

    def likelihood(self, observed: FloatArray, error: FloatArray) -> "Likelihood":
        """Return how likely one record is at any parameters.

        Parameters
        ----------
        observed : (statistics,)
        error : (statistics,)
            Standard deviation of the record's error and of the model's discrepancy.
        """
        residual = self.residual + TINY * np.eye(len(observed))
        share, axes = eigh(np.diag(error**2), residual)
        return Likelihood(
            self,
            observed @ axes,
            self.slopes @ axes,
            np.maximum(share, 0.0),
            np.asarray(np.linalg.cholesky(self.leverage), dtype=np.float64),
        )

    def features(self, cube: FloatArray) -> FloatArray:
        """Return the terms of the polynomials at points of the cube, ``(points, features)``."""
        return terms((cube - self.centre) / self.spread)


@dataclass(frozen=True)
class Likelihood:
    """The log likelihood of one record, in axes in which chance and error are both independent.

    There chance and misfit have variance 1, grown by how unsure the emulator is of a point, and
    the error of the record adds ``error`` to it.
    """

    emulator: Emulator
    observed: FloatArray
    slopes: FloatArray
    error: FloatArray
    leverage: FloatArray

    def __call__(self, cube: FloatArray) -> FloatArray:
        """Return log likelihoods up to a constant, ``(points,)``."""
        x = self.emulator.features(cube)
        unsure = 1.0 + ((x @ self.leverage) ** 2).sum(axis=1)
        variance = unsure[:, None] + self.error
        away = self.observed - x @ self.slopes
        return np.asarray(-0.5 * (away**2 / variance + np.log(variance)).sum(axis=1))


def terms(z: FloatArray) -> FloatArray:
    """Return 1, the parameters, and their squares and products, ``(points, features)``."""
    one, other = _pairs(z.shape[1])
    return np.concatenate([np.ones((len(z), 1)), z, z[:, one] * z[:, other]], axis=1)


@cache
def _pairs(parameters: int) -> tuple[IntArray, IntArray]:
    one, other = np.triu_indices(parameters)
    return one, other
