"""UN ideal points by state and year, with the help, arms and neighbours that may have moved them.

Ideal points jump with each session's agenda, so every session's mean is taken out first. Help moves
a state towards the donor's own point, as in the model: the regressor is help times the usual way to
the donor (at most 1 either way, ``pole`` in the model). The way is a mean over years, as one year's
noise would stand on both sides of the equation and pass for a response.
"""

import numpy as np
import pandas as pd

from hedgerow.core.numbers import FloatArray
from hedgerow.data.load import borders, countries, panel

HELP = {
    "china_finance": ("china_finance_usd", 1e6, "CHN"),
    "us_aid": ("us_aid_usd", 1e6, "USA"),
    "china_arms": ("arms_china_tiv", 1.0, "CHN"),
    "us_arms": ("arms_us_tiv", 1.0, "USA"),
}
"""Regressors: column, unit, and the donor towards whom it should move a state."""
FULL = 0.9
"""Quantile of years with help that counts as full help."""
POLE = 1.0


def table(last: int = 2021) -> pd.DataFrame:
    """Return the panel up to a year, a row a state and year.

    Parameters
    ----------
    last : int
        Last year; nothing of later years enters.

    Returns
    -------
    DataFrame
        ``iso3``, ``year``, ``y`` (ideal point less the session's mean), ``neighbours`` and ``subregion`` (means of
        ``y`` there, the state itself left out), and each of ``HELP``: ``log(1 + amount)`` over its value at full help,
        times the way to the donor. A blank amount is no help recorded. The donors themselves are left out.
    """
    raw = panel()
    raw = raw[raw["year"] <= last]
    raw = raw.assign(y=raw["un_ideal_point"] - raw.groupby("year")["un_ideal_point"].transform("mean"))
    usual = raw.groupby("iso3")["y"].mean()
    for name, (column, unit, donor) in HELP.items():
        amount = np.log1p(raw[column].fillna(0.0).clip(lower=0.0) / unit)
        full = float(amount[amount > 0].quantile(FULL))
        way = (usual[donor] - raw["iso3"].map(usual)).clip(-POLE, POLE)
        raw[name] = amount / full * way
    raw = raw.merge(_around(raw.pivot(index="year", columns="iso3", values="y")))
    kept = ["iso3", "year", "y", *HELP, "neighbours", "subregion"]
    return raw.loc[~raw["iso3"].isin(["CHN", "USA"]), kept].sort_values(["iso3", "year"])


def _around(wide: pd.DataFrame) -> pd.DataFrame:
    """Return means of ``y`` over neighbours and over the rest of the subregion."""
    codes, y = list(wide.columns), wide.to_numpy()
    place = {code: i for i, code in enumerate(codes)}
    near = np.zeros((len(codes), len(codes)))
    for a, b in borders()[["iso3_a", "iso3_b"]].itertuples(index=False):
        near[place[a], place[b]] = near[place[b], place[a]] = 1.0
    area = countries().loc[codes, "subregion"].to_numpy()
    same = (area[:, None] == area[None, :]) & ~np.eye(len(codes), dtype=bool)
    parts = {"neighbours": _means(y, near), "subregion": _means(y, same.astype(np.float64))}
    found = pd.DataFrame(
        {"iso3": np.tile(np.array(codes, dtype=object), len(wide)), "year": np.repeat(wide.index.to_numpy(), len(codes))}
    )
    return found.assign(**{name: values.ravel() for name, values in parts.items()})


def _means(y: FloatArray, weight: FloatArray) -> FloatArray:
    seen = ~np.isnan(y)
    total, number = np.where(seen, y, 0.0) @ weight.T, seen.astype(np.float64) @ weight.T
    # A state without neighbours is pulled by none: its own point stands in for theirs.
    return np.asarray(np.where(number > 0, total / np.maximum(number, 1.0), y))


def steps(data: pd.DataFrame, *, lag: int = 1, years: int = 1) -> pd.DataFrame:
    """Pair each state's change with what stood before it, a row a state and first year.

    Parameters
    ----------
    data : DataFrame
        From :func:`table`.
    lag : int
        Years from help to the first year after it; 1 takes the help of the year before the change,
        -1 that of the year after its first, which cannot have caused it: a placebo.
    years : int
        Years over which the change runs.

    Returns
    -------
    DataFrame
        ``iso3``, ``year``, ``before`` (the level), ``change`` (NaN where the panel has ended), each of ``HELP``, and
        ``neighbours``, ``subregion`` and ``own`` (its mean so far), each less the level.
    """
    by = data.set_index(["iso3", "year"])
    keys = list(zip(data["iso3"], data["year"], strict=True))

    def shifted(years: int) -> pd.DataFrame:
        return by.reindex([(iso3, year + years) for iso3, year in keys])

    y = data["y"].to_numpy(dtype=np.float64)
    so_far = data.groupby("iso3")["y"].transform(lambda v: v.expanding().mean()).to_numpy()
    rows = pd.DataFrame(
        {
            "iso3": data["iso3"].to_numpy(),
            "year": data["year"].to_numpy(),
            "before": y,
            "change": shifted(years)["y"].to_numpy() - y,
        }
    )
    for name in HELP:
        rows[name] = shifted(1 - lag)[name].to_numpy()
    for name in ("neighbours", "subregion"):
        rows[name] = data[name].to_numpy() - y
    return rows.assign(own=so_far - y)
