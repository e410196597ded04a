"""Forecasts of ideal points held against later sessions, from origins that roll forward.

At each origin every model sees the panel up to that year alone, forecasts one to three years
ahead as a normal, and is scored on what came. Persistence says that nothing changes; a random walk
drifts as the state has so far; the panel models are regressions of changes on what stood before,
fitted anew at every origin.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.stats import norm

from hedgerow.core.numbers import FloatArray
from hedgerow.fit.ideal_points import HELP, steps, table
from hedgerow.fit.regression import least_squares

ORIGINS = tuple(range(2014, 2021))
AHEAD = (1, 2, 3)
LAST = 2021
PLACE = ("own", "subregion")
MODELS: dict[str, tuple[str, ...] | None] = {
    "persistence": (),
    "random walk with drift": None,
    "reversion": PLACE,
    "reversion, help and neighbours": (*PLACE, *HELP, "neighbours"),
}
"""Terms of each model; none for persistence, and a drift of its own for the random walk."""


def crps_normal(mean: FloatArray, sd: float, seen: FloatArray) -> FloatArray:
    """Return the CRPS of a normal forecast (Gneiting and Raftery 2007, equation 21)."""
    z = (seen - mean) / sd
    return np.asarray(sd * (z * (2.0 * norm.cdf(z) - 1.0) + 2.0 * norm.pdf(z) - 1.0 / np.sqrt(np.pi)))


def forecast(rows: pd.DataFrame, origin: int, terms: Sequence[str] | None) -> tuple[pd.DataFrame, float]:
    """Return forecasts of the change from one origin, and their standard deviation.

    Parameters
    ----------
    rows : DataFrame
        Steps over ``years`` years of a panel that ends at the origin.
    origin : int
    terms : sequence of str or None
        Columns of the regression; None for each state's own drift.
    """
    known = rows.dropna(subset=["change", *(terms or ())])
    now = rows[rows["year"] == origin].dropna(subset=list(terms or ["before"]))
    change, fitted = np.zeros(len(now)), np.zeros(len(known))
    if terms is None:
        drift = known.groupby("iso3")["change"].mean()
        change = now["iso3"].map(drift).fillna(0.0).to_numpy(dtype=np.float64)
        fitted = known["iso3"].map(drift).to_numpy(dtype=np.float64)
    elif terms:
        x, ahead = (part[list(terms)].to_numpy(dtype=np.float64) for part in (known, now))
        y = known["change"].to_numpy(dtype=np.float64)
        fit = least_squares(y, x, terms, known["iso3"].to_numpy())
        change, fitted = ahead @ fit.coefficients, x @ fit.coefficients
    spread = float(np.std(known["change"].to_numpy(dtype=np.float64) - fitted, ddof=1))
    return now[["iso3", "before"]].assign(forecast=now["before"] + change), spread


def backtest() -> pd.DataFrame:
    """Score every model at every origin and horizon.

    Returns
    -------
    DataFrame
        ``years`` ahead, ``model``, ``forecasts``, ``error`` (mean absolute), ``score`` (mean CRPS),
        ``covered`` (share inside 90% intervals), ``gain`` (fall of the score from persistence's, as
        a share of it) and its 90% interval ``low``, ``high``, clustered by state.
    """
    truth = table(LAST).set_index(["iso3", "year"])["y"]
    scored = [_score(truth, origin, years) for years in AHEAD for origin in ORIGINS if origin + years <= LAST]
    every = pd.concat(scored, ignore_index=True)
    base = every[every["model"] == "persistence"].set_index(["iso3", "origin", "years"])["score"]
    places = pd.MultiIndex.from_frame(every[["iso3", "origin", "years"]])
    every["base"] = base.reindex(places).to_numpy()
    return pd.DataFrame(
        [
            _row(every[(every["years"] == years) & (every["model"] == model)], years, model)
            for years in AHEAD
            for model in MODELS
        ]
    )


def _score(truth: "pd.Series[float]", origin: int, years: int) -> pd.DataFrame:
    rows = steps(table(origin), years=years)
    parts = []
    for model, terms in MODELS.items():
        told, sd = forecast(rows, origin, terms)
        seen = truth.reindex([(i, origin + years) for i in told["iso3"]]).to_numpy()
        told = told.assign(model=model, origin=origin, years=years, seen=seen).dropna()
        mean, got = told["forecast"].to_numpy(), told["seen"].to_numpy()
        parts.append(
            told.assign(
                error=np.abs(mean - got), score=crps_normal(mean, sd, got), covered=np.abs(mean - got) <= norm.ppf(0.95) * sd
            )
        )
    return pd.concat(parts)


def _row(part: pd.DataFrame, years: int, model: str) -> dict[str, object]:
    gain = ((part["base"] - part["score"]) / part["base"].mean()).to_numpy()
    low = high = float(gain.mean())
    if gain.any():
        fit = least_squares(gain, np.ones((len(gain), 1)), ["gain"], part["iso3"].to_numpy())
        low, high = fit.table[["low", "high"]].to_numpy(dtype=np.float64)[0].tolist()
    return {
        "years": years,
        "model": model,
        "forecasts": len(part),
        "error": part["error"].mean(),
        "score": part["score"].mean(),
        "covered": part["covered"].mean(),
        "gain": float(gain.mean()),
        "low": low,
        "high": high,
    }
