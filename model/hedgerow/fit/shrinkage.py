"""What the record taught about each parameter: the posterior beside its prior."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from hedgerow.core.numbers import FloatArray
from hedgerow.runs.posterior import WEIGHT, About, Posterior


def shrinkage(posterior: Posterior) -> pd.DataFrame:
    """Return what the record taught about each parameter.

    Returns
    -------
    DataFrame
        A row a parameter: ``path``, the prior's ``prior_low`` and ``prior_high``, the posterior's
        ``median``, ``low`` and ``high`` (90%), ``shrinkage`` (share of the prior's variance, on the
        scale of the prior, that is gone: 0 nothing learnt, 1 known), ``identified`` in words,
        ``partner`` and ``correlation``: the parameter it trades off with most.
    """
    about, weight = posterior.about, posterior.table[WEIGHT].to_numpy()
    paths = posterior.fitted
    cube = np.column_stack([_to_unit(posterior.table[p].to_numpy(), about, p) for p in paths])
    centre = weight @ cube
    covariance = (cube - centre).T @ ((cube - centre) * weight[:, None])
    variance = np.maximum(np.diag(covariance), 1e-12)
    across = covariance / np.sqrt(np.outer(variance, variance)) - np.eye(len(variance))
    rows = []
    for i, path in enumerate(paths):
        low, median, high = _quantiles(posterior.table[path].to_numpy(), weight)
        shrunk, mate = 1.0 - 12.0 * variance[i], int(np.argmax(np.abs(across[i])))
        rows.append(
            {
                "path": path,
                "prior_low": about.low[path],
                "prior_high": about.high[path],
                "median": median,
                "low": low,
                "high": high,
                "shrinkage": max(shrunk, 0.0),
                "identified": identified(shrunk),
                "partner": paths[mate],
                "correlation": across[i, mate],
            }
        )
    return pd.DataFrame(rows)


def identified(shrunk: float) -> str:
    """Return in words how far the record identifies a parameter."""
    return "yes" if shrunk >= 0.75 else "in part" if shrunk >= 0.3 else "no"


def _to_unit(values: FloatArray, about: About, path: str) -> FloatArray:
    low, high = about.low[path], about.high[path]
    if about.log[path]:
        return np.asarray(np.log(values / low) / np.log(high / low))
    return np.asarray((values - low) / (high - low))


def _quantiles(values: FloatArray, weight: FloatArray) -> tuple[float, float, float]:
    order = np.argsort(values)
    upto = np.cumsum(weight[order]) - 0.5 * weight[order]
    low, median, high = np.interp((0.05, 0.5, 0.95), upto, values[order])
    return float(low), float(median), float(high)


def unit_cube(posterior: Posterior) -> Mapping[str, FloatArray]:
    """Return the draws on the scale of their priors, 0-1, by path."""
    return {p: _to_unit(posterior.table[p].to_numpy(), posterior.about, p) for p in posterior.fitted}
