"""How UN ideal points answered to help, arms and neighbours, and what follows for priors.

``python -m hedgerow.fit.panel`` prints the study of ``experiments/alignment-response``: regressions
of changes on what stood before (:mod:`hedgerow.fit.ideal_points`), and forecasts held against what
came (:mod:`hedgerow.fit.backtest`).
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from pydantic import BaseModel
from scipy.stats import norm

from hedgerow.core.numbers import quantities
from hedgerow.core.parameters import Parameters
from hedgerow.fit import backtest
from hedgerow.fit.ideal_points import HELP, steps, table
from hedgerow.fit.regression import Regression, least_squares, within
from hedgerow.scenario.load import load

TERMS = ("before", *HELP, "neighbours")


def estimate(rows: pd.DataFrame, terms: Sequence[str] = TERMS, *, each: bool = True) -> Regression:
    """Regress changes on what stood before, with year effects and, for ``each``, country effects.

    Parameters
    ----------
    rows : DataFrame
        From :func:`~hedgerow.fit.ideal_points.steps`; rows with blanks are left out.
    terms : sequence of str
        Columns; that of ``before`` is minus the yearly reversion.
    each : bool
        Whether every country has a level of its own.
    """
    rows = rows.dropna(subset=["change", *terms])
    groups = [rows["year"].to_numpy()] + ([rows["iso3"].to_numpy()] if each else [])
    both = within(rows[["change", *terms]].to_numpy(dtype=np.float64), groups)
    years = int(rows["year"].nunique()) - 1
    return least_squares(both[:, 0], both[:, 1:], terms, rows["iso3"].to_numpy(), absorbed=years)


def estimates(data: pd.DataFrame) -> pd.DataFrame:
    """Return the coefficients of every specification, a row a specification and term."""
    found = {
        "year after help": estimate(steps(data)),
        "second year after": estimate(steps(data, lag=2)),
        "three years together": estimate(steps(data, years=3)),
        "placebo: help a year later": estimate(steps(data, lag=-1)),
        "without country effects": estimate(steps(data), each=False),
    }
    parts = [
        fit.table.rename_axis("term").reset_index().assign(specification=name, rows=len(fit.residual), clusters=fit.clusters)
        for name, fit in found.items()
    ]
    return pd.concat(parts, ignore_index=True)


def reversion(data: pd.DataFrame) -> pd.DataFrame:
    """Return how fast states return to their usual place, by three routes, as a yearly share.

    With country effects and few years, least squares finds too much (Nickell 1981,
    doi:10.2307/1911408); noise in the ideal points adds to it. The split-panel jackknife (Dhaene
    and Jochmans 2015, doi:10.1093/restud/rdv007) takes the first bias out; ratios of
    autocovariances two years and one year apart are free of noise, and are given without country
    effects, towards the subregion.
    """
    rows_ = steps(data).dropna()
    early = rows_["year"] <= rows_["year"].median()
    whole, *apart = (-float(estimate(part).coefficients[0]) for part in (rows_, rows_[early], rows_[~early]))
    rows = [
        {"route": "country effects, as they come", "yearly": whole},
        {"route": "country effects, jackknifed", "yearly": 2.0 * whole - float(np.mean(apart))},
        {"route": "towards the subregion, free of noise", "yearly": _free_of_noise(data)},
    ]
    found = pd.DataFrame(rows)
    return found.assign(monthly=1.0 - (1.0 - found["yearly"].clip(0.0, 0.999)) ** (1.0 / 12.0))


def _free_of_noise(data: pd.DataFrame) -> float:
    wide = data.assign(gap=data["y"] - data["subregion"]).pivot(index="year", columns="iso3", values="gap")
    gap = wide.to_numpy()
    gap = gap - np.nanmean(gap)
    one, two = np.nanmean(gap[1:] * gap[:-1]), np.nanmean(gap[2:] * gap[:-2])
    return 1.0 - float(two / one)


def prior_table(data: pd.DataFrame) -> pd.DataFrame:
    """Turn the estimates into priors of ``ax`` of each donor, ``am`` and ``nb``.

    A year of full help moves a state ``12 * ax * (1 - a) * slope`` along the way to the donor in the model's voting
    readout; ``1 - a`` is a half on average, as alignment starts as a rank. What the placebo finds, which ought to be
    nothing, shows how far the estimate may be biased and is added to its error.

    Returns
    -------
    DataFrame
        ``parameter``, its ``default`` and declared ``low`` and ``high``; ``value`` and ``error`` of
        the estimate in the parameter's unit; ``inside``, the share of its normal within the
        range; ``note``, what stands against reading it as a cause.
    """
    found, placebo = estimate(steps(data)), estimate(steps(data, lag=-1))
    value = dict(zip(TERMS, found.coefficients, strict=True))
    error = dict(zip(TERMS, found.table["error"].to_numpy(), strict=True))
    doubt = dict(zip(TERMS, np.hypot(found.table["error"], placebo.coefficients), strict=True))
    base, p = load("baseline-2022-25").donors, Parameters()
    year = 12.0 * 0.5 * p.voting.slope
    back = reversion(data)["monthly"].to_numpy()
    pull = value["neighbours"]
    help_ = [
        _response(f"donors.{donor}.response", value[name] / year, doubt[name] / year, base[donor], CAUSE)
        for name, donor in (("china_finance", "CHN"), ("us_aid", "USA"))
    ]
    others = [
        _response("parameters.alignment.reversion", float(np.median(back)), float(np.ptp(back)) / 2.0, p.alignment, ROUTES),
        _response(
            "parameters.alignment.neighbours",
            pull / 12.0,
            float(np.hypot(error["neighbours"], pull)) / 12.0,
            p.alignment,
            SHARED,
        ),
    ]
    return pd.DataFrame(help_ + others)


CAUSE = "help follows votes too, and this is finance and aid of every kind, not help for police"
ROUTES = "the routes disagree: noise of the points and a short panel both pass for reversion"
SHARED = "neighbours share shocks, so likeness is no proof of influence"


def _response(parameter: str, value: float, error: float, family: BaseModel, note: str) -> dict[str, object]:
    """Return the row of one parameter; the prior is a normal cut off at the declared range."""
    card = next(q for q in quantities(family) if q.path == parameter.rpartition(".")[2])
    inside = float(np.diff(norm.cdf([card.low, card.high], value, error))[0])
    return {
        "parameter": parameter,
        "default": card.default,
        "low": card.low,
        "high": card.high,
        "value": float(value),
        "error": float(error),
        "inside": inside,
        "note": note,
    }


def main() -> None:
    """Print the study: coefficients, reversion, priors, and forecasts held against the truth."""
    data = table()
    parts = {
        "Coefficients, ideal points a year at full help": estimates(data).set_index("specification"),
        "Reversion": reversion(data).set_index("route"),
        "Priors": prior_table(data).set_index("parameter"),
        "Forecasts": backtest.backtest().set_index(["years", "model"]),
    }
    with pd.option_context("display.width", 160, "display.max_columns", 20):
        for title, part in parts.items():
            print(f"{title}\n{part.round(4).to_string()}\n")


if __name__ == "__main__":
    main()
