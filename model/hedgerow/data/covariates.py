"""Covariates a donor may weigh: columns of the country table, on scales that can be added.

Sums of money and counts enter as ``log(1 + x)`` and, like other continuous columns, in standard
deviations over the states; memberships enter as 0 and 1. Three are computed for a donor:
``distance_km``, ``same_region`` and ``border``.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from hedgerow.core.numbers import FloatArray
from hedgerow.data.load import borders
from hedgerow.data.select import ORGANISATIONS

EARTH_RADIUS_KM = 6371.0
FLAGS = (*ORGANISATIONS, "chinese_surveillance_tech", "us_surveillance_tech")
UNIT = {"china_finance_usd": 1e6, "us_aid_usd": 1e6, "us_military_aid_usd": 1e6}
LOGGED = (
    "population",
    "gdp_usd",
    "us_aid_usd",
    "us_military_aid_usd",
    "us_troops",
    "arms_china_tiv",
    "arms_us_tiv",
    "arms_russia_tiv",
    "arms_total_tiv",
    "china_finance_usd",
    "trade_china_musd",
    "trade_us_musd",
    "fdi_china_musd",
    "fdi_us_musd",
    "china_elite_engagements",
    "homicides_per_100k",
    "conflict_deaths_per_100k",
)
COMPUTED = ("distance_km", "same_region", "border")


def known(table: pd.DataFrame) -> tuple[str, ...]:
    """Return the names of all covariates."""
    return (*table.select_dtypes("number").columns, *COMPUTED)


def border(table: pd.DataFrame, code: str) -> FloatArray:
    """Return 1 for land neighbours of a state, 0.5 for sea neighbours, 0 for others."""
    pairs = borders()
    touching = pd.Series(0.0, index=table.index)
    for a, b, kind in pairs[["iso3_a", "iso3_b", "kind"]].itertuples(index=False):
        if code in (a, b):
            touching[b if a == code else a] = 1.0 if kind == "land" else 0.5
    return np.asarray(touching, dtype=np.float64)


def distance_km(table: pd.DataFrame, code: str) -> FloatArray:
    """Return great-circle distances from a state (haversine formula)."""
    lat, lon = np.radians(table["lat"].to_numpy()), np.radians(table["lon"].to_numpy())
    at = table.index.get_loc(code)
    half = np.sin((lat - lat[at]) / 2) ** 2
    half += np.cos(lat) * np.cos(lat[at]) * np.sin((lon - lon[at]) / 2) ** 2
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.clip(half, 0, 1))))


def _standard(values: FloatArray) -> FloatArray:
    return np.asarray((values - values.mean()) / (values.std() or 1.0))


def covariate(name: str, table: pd.DataFrame, code: str) -> FloatArray:
    """Return one covariate for a donor, ``(states,)``, on its additive scale."""
    if name == "border":
        return border(table, code)
    if name == "distance_km":
        return _standard(np.log1p(distance_km(table, code)))
    if name == "same_region":
        return np.asarray(table["region"] == table.at[code, "region"], dtype=np.float64)
    values = table[name].to_numpy(dtype=float)
    if name in FLAGS:
        return values
    if name in LOGGED:
        values = np.log1p(np.maximum(values, 0.0) / UNIT.get(name, 1.0))
    return _standard(values)


def weigh(weights: Mapping[str, float], table: pd.DataFrame, code: str) -> FloatArray:
    """Return the weighted sum of a donor's covariates, ``(states,)``."""
    total = np.zeros(len(table))
    for name, weight in weights.items():
        total += weight * covariate(name, table, code)
    return total
