"""Words and numbers for differences: what an interval supports, and no more."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from hedgerow.runs.compare import Comparison
from hedgerow.runs.paired import BOTH


def numbers(values: Sequence[float], unit: str) -> list[str]:
    """Return a difference and its interval with signs, to two figures; shares as points."""
    scaled, word = np.array(values, dtype=np.float64), ""
    biggest = float(np.nanmax(np.abs(scaled), initial=0.0))
    if unit == "share":
        scaled = 100 * scaled
    if unit == "US$":
        sizes = ((1e9, " bn"), (1e6, " m"), (1e3, " k"))
        size, word = next(((s, w) for s, w in sizes if biggest >= s), (1.0, ""))
        scaled = scaled / size
    # Beside an interval as wide as itself, further figures of a mean say nothing.
    spans = np.nanmin(scaled) <= 0 <= np.nanmax(scaled)
    lead = float(np.nanmax(np.abs(scaled))) if spans else abs(float(scaled[0]))
    places = min(6, max(0, 1 - math.floor(math.log10(lead)))) if lead > 0 else 0
    texts = ["-" if math.isnan(v) else f"{v:+,.{places}f}{word}" for v in scaled]
    return ["0" if v == 0 else text for v, text in zip(scaled, texts, strict=True)]


def in_words(row: Mapping[Any, Any]) -> str:
    """Return what the interval of a mean difference supports, and no more."""
    if row["share_zero"] == 1:
        return "the same in every run"
    if row["mean_low"] > 0:
        return "higher"
    if row["mean_high"] < 0:
        return "lower"
    return "no clear difference"


def own_rows(table: pd.DataFrame, name: str) -> pd.DataFrame:
    """Return the rows of one variant."""
    rows: pd.DataFrame = table[table["variant"] == name].drop(columns="variant")
    return rows


def state_rows(comparison: Comparison, name: str) -> pd.DataFrame:
    """Return the difference rows of a variant's movers, the largest first."""
    rows = own_rows(comparison.movers, name)
    return rows[rows["donor"] == BOTH]
