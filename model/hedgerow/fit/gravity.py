"""Whom China meets: a censored Poisson gravity fit of bilateral meetings, June 2022 - May 2025.

The paper names thirteen partners with their counts; every other state had at most four meetings,
and all counts sum to 201. Usage: ``python -m hedgerow.fit.gravity``.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import gammaincc
from scipy.stats import spearmanr

from hedgerow.data.load import countries, facts

Vector = NDArray[np.float64]

MEMBERSHIPS = ("asean", "central_asia_five", "lancang_mekong", "sco", "recognises_taiwan")
NAMED_FACTS = tuple(f"B{number}" for number in range(162, 175))
TOTAL_FACT, PARTNERS_FACT = "B153", "B154"
CENSORED_AT = 4
# A prior sd of 1 on every slope. It is what holds the Taiwan term, as no such state is named.
RIDGE = 1.0
STEP = 1e-4


@dataclass(frozen=True)
class Observed:
    """What the paper gives for the states fitted: counts where named, one total for the rest."""

    design: pd.DataFrame
    counts: Vector  # meetings; NaN where the state is not named, so at most four
    unnamed_total: float  # meetings held by all states without a count


@dataclass(frozen=True)
class GravityFit:
    """Coefficients of log expected meetings in 36 months, and how well they fit."""

    coefficients: dict[str, float]
    standard_errors: dict[str, float]
    scaling: dict[str, tuple[float, float]]  # mean and sd of each standardised covariate
    expected: pd.Series  # expected meetings in 36 months by iso3
    statistics: dict[str, float]


def covariates(table: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, tuple[float, float]]]:
    """Make the design matrix: an intercept, standardised logs and raw memberships.

    Parameters
    ----------
    table : pandas.DataFrame
        Country table of the states fitted (counts, US$, US$ million, 0/1).

    Returns
    -------
    tuple
        The design by iso3, and mean and sd (population) of each log before standardising.
    """
    logs = pd.DataFrame(
        {
            "log_china_elite_engagements": np.log1p(table["china_elite_engagements"]),
            "log_china_finance": np.log1p(table["china_finance_usd"] / 1e6),
            "log_trade_china": np.log1p(table["trade_china_musd"]),
        }
    )
    scaling = {str(name): (float(logs[name].mean()), float(logs[name].std(ddof=0))) for name in logs}
    design = (logs - logs.mean()) / logs.std(ddof=0)
    design.insert(0, "intercept", 1.0)
    return design.join(table[list(MEMBERSHIPS)].astype(float)), scaling


def observe() -> tuple[Observed, dict[str, tuple[float, float]]]:
    """Join the named counts to the country table; China and Taiwan are not partners.

    Returns
    -------
    tuple
        What was observed, and the scaling of the covariates. Interpol is no state: it leaves the
        fit but its meetings are taken from the total. Source: facts B153, B162-B174.
    """
    table = countries().drop(index=["CHN", "TWN"])
    known = facts()
    named = known.loc[list(NAMED_FACTS)].set_index("region")["value"].astype(float)
    counts = np.asarray(table["name"].map(named), dtype=np.float64)
    design, scaling = covariates(table)
    total = float(known["value"][TOTAL_FACT])
    return Observed(design, counts, total - float(named.sum())), scaling


def few_moments(rate: Vector) -> tuple[Vector, Vector]:
    """Give mean and variance of Poisson counts known to be at most four.

    Parameters
    ----------
    rate : ndarray
        Poisson rates, meetings in 36 months.

    Returns
    -------
    tuple
        Means and variances of the counts, below the rates themselves.
    """
    below = gammaincc(CENSORED_AT + 1, rate)
    mean = rate * gammaincc(CENSORED_AT, rate) / below
    square = rate**2 * gammaincc(CENSORED_AT - 1, rate) / below
    return mean, square + mean - mean**2


def loss(beta: Vector, observed: Observed) -> tuple[float, Vector]:
    """Give the penalised negative log likelihood and its gradient.

    Parameters
    ----------
    beta : ndarray
        Coefficients, the intercept first.
    observed : Observed
        Counts, censored states and the total of the unnamed.

    Returns
    -------
    tuple
        Loss in nats, and its gradient.
    """
    matrix = observed.design.to_numpy(dtype=np.float64)
    mu = np.exp(matrix @ beta)
    named = ~np.isnan(observed.counts)
    y, few = observed.counts[named], mu[~named]
    below = gammaincc(CENSORED_AT + 1, few)
    mean, variance = few_moments(few)
    total = mean.sum()
    value = (mu[named] - y * np.log(mu[named])).sum() - np.log(below).sum()
    value += total - observed.unnamed_total * np.log(total) + RIDGE * (beta[1:] ** 2).sum() / 2
    slope = np.empty_like(mu)  # derivative of the loss by log mu
    slope[named] = mu[named] - y
    slope[~named] = few - mean + variance * (1 - observed.unnamed_total / total)
    gradient = matrix.T @ slope
    gradient[1:] += RIDGE * beta[1:]
    return float(value), np.asarray(gradient, dtype=np.float64)


def estimate(observed: Observed) -> tuple[Vector, Vector]:
    """Minimise the loss and read standard errors from its curvature.

    Parameters
    ----------
    observed : Observed
        What to fit.

    Returns
    -------
    tuple
        Coefficients and their covariance matrix, the inverse Hessian of the penalised loss.

    Raises
    ------
    RuntimeError
        If the optimiser stops away from a minimum.
    """
    start = np.zeros(observed.design.shape[1])

    def slope(beta: Vector) -> Vector:
        return loss(beta, observed)[1]

    found = minimize(loss, start, args=(observed,), jac=True, method="BFGS")
    if np.abs(slope(found.x)).max() > 1e-3:
        raise RuntimeError(f"gravity fit did not converge: {found.message}")
    steps = STEP * np.eye(len(start))
    hessian = np.stack([(slope(found.x + h) - slope(found.x - h)) / (2 * STEP) for h in steps])
    return found.x, np.asarray(np.linalg.inv((hessian + hessian.T) / 2), dtype=np.float64)


def fit_statistics(expected: pd.Series, observed: Observed, covariance: Vector) -> dict[str, float]:
    """Compare the fit with what the paper counts.

    Parameters
    ----------
    expected : pandas.Series
        Expected meetings in 36 months by iso3.
    observed : Observed
        What was fitted.
    covariance : ndarray
        Covariance of the coefficients.

    Returns
    -------
    dict
        Totals in meetings, shares from 0 to 1, rank correlation, effective numbers.
    """
    named = ~np.isnan(observed.counts)
    share = expected / expected.sum()
    subregion = countries().loc[list(expected.index), "subregion"]
    ranks = spearmanr(expected[named], observed.counts[named])
    slopes = len(covariance) - 1 - RIDGE * float(np.trace(covariance[1:, 1:]))
    return {
        "spearman_named": float(ranks.statistic),
        "share_southeast_asia": float(share[subregion == "South-Eastern Asia"].sum()),
        "share_central_asia": float(share[subregion == "Central Asia"].sum()),
        "expected_total": float(expected.sum()),
        "observed_total": float(observed.counts[named].sum()) + observed.unnamed_total,
        "expected_named": float(expected[named].sum()),
        "observed_named": float(observed.counts[named].sum()),
        "expected_unnamed": float(few_moments(expected[~named].to_numpy())[0].sum()),
        "observed_unnamed": observed.unnamed_total,
        "expected_states_met": float((1 - np.exp(-expected)).sum()),
        "observed_partners": float(facts()["value"][PARTNERS_FACT]),
        "share_top_five": float(share.nlargest(5).sum()),
        "share_top_thirteen": float(share.nlargest(13).sum()),
        "effective_partners": float(1 / (share**2).sum()),
        "effective_parameters": 1 + slopes,
    }


def fit() -> GravityFit:
    """Fit the meetings of China's police and security leaders to the country table.

    Returns
    -------
    GravityFit
        Coefficients, standard errors, scaling, expected meetings and fit statistics.

    Raises
    ------
    RuntimeError
        If the optimiser stops away from a minimum.
    """
    observed, scaling = observe()
    beta, covariance = estimate(observed)
    names = [str(name) for name in observed.design.columns]
    expected = pd.Series(np.exp(observed.design.to_numpy() @ beta), index=observed.design.index)
    return GravityFit(
        coefficients=dict(zip(names, map(float, beta), strict=True)),
        standard_errors=dict(zip(names, map(float, np.sqrt(np.diag(covariance))), strict=True)),
        scaling=scaling,
        expected=expected,
        statistics=fit_statistics(expected, observed, covariance),
    )


def main() -> None:
    """Print the fit as plain tables."""
    result = fit()
    for name, value in result.coefficients.items():
        mean, sd = result.scaling.get(name, (0.0, 1.0))
        error = result.standard_errors[name]
        print(f"{name:<29}{value:8.3f}  se {error:6.3f}  mean {mean:7.4f}  sd {sd:7.4f}")
    for name, value in result.statistics.items():
        print(f"{name:<29}{value:8.3f}")
    for iso3, value in result.expected.nlargest(20).items():
        print(f"{iso3}  {value:6.2f}")


if __name__ == "__main__":
    main()
