"""Least squares with errors that are free to be alike within a cluster, such as a country."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import t as student

from hedgerow.core.numbers import FloatArray

Labels = NDArray[np.generic]


@dataclass(frozen=True)
class Regression:
    """A fitted regression.

    Attributes
    ----------
    table : DataFrame
        By term: ``coefficient``, ``error`` (clustered standard error), ``low`` and ``high`` (90% interval by Student's
        t with one degree of freedom less than clusters), ``probability`` (two-sided p).
    residual : (rows,)
    clusters : number of clusters
    covariance : (terms, terms)
    """

    table: pd.DataFrame
    residual: FloatArray
    clusters: int
    covariance: FloatArray

    @property
    def coefficients(self) -> FloatArray:
        """Coefficients in the order of the terms."""
        return self.table["coefficient"].to_numpy(dtype=np.float64)


def within(values: FloatArray, groups: Sequence[Labels], rounds: int = 200) -> FloatArray:
    """Take group means out of columns, for several groupings at once (effects of each).

    Parameters
    ----------
    values : (rows, columns)
    groups : sequence of (rows,)
        Such as country and year; swept in turn until nothing is left to take out.
    rounds : int
        Most sweeps; two groupings of an unbalanced panel need a few dozen at most.
    """
    left = np.array(values, dtype=np.float64)
    codes = [np.unique(g, return_inverse=True)[1] for g in groups]
    for _ in range(rounds):
        before = left.copy()
        for code in codes:
            number = np.bincount(code)
            for j in range(left.shape[1]):
                left[:, j] -= (np.bincount(code, left[:, j]) / number)[code]
        if np.abs(left - before).max() < 1e-12:
            break
    return left


def least_squares(y: FloatArray, x: FloatArray, names: Sequence[str], clusters: Labels, absorbed: int = 0) -> Regression:
    """Fit ``y`` to the columns of ``x``, standard errors clustered.

    The sandwich of Liang and Zeger (1986, doi:10.1093/biomet/73.1.13) with the usual correction
    ``G / (G - 1) * (N - 1) / (N - K)``.

    Parameters
    ----------
    y : (rows,)
    x : (rows, terms)
    names : sequence of str
        Of the terms.
    clusters : (rows,)
        Label of each row's cluster.
    absorbed : int
        Effects already taken out that vary within clusters, such as years; counted in ``K``.
    """
    bread = np.linalg.inv(x.T @ x)
    beta = bread @ (x.T @ y)
    left = y - x @ beta
    code = np.unique(clusters, return_inverse=True)[1]
    groups = int(code.max()) + 1
    sums = np.zeros((groups, x.shape[1]))
    np.add.at(sums, code, x * left[:, None])
    rows, terms = x.shape[0], x.shape[1] + absorbed
    correction = groups / (groups - 1) * (rows - 1) / (rows - terms)
    covariance = correction * bread @ (sums.T @ sums) @ bread
    error = np.sqrt(np.diag(covariance))
    reach = float(student.ppf(0.95, groups - 1))
    table = pd.DataFrame(
        {
            "coefficient": beta,
            "error": error,
            "low": beta - reach * error,
            "high": beta + reach * error,
            "probability": 2.0 * student.sf(np.abs(beta / error), groups - 1),
        },
        index=list(names),
    )
    return Regression(table, left, groups, covariance)
