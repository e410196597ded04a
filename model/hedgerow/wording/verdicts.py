"""What an interval supports, and no more: which side of zero it lies on, if any."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from hedgerow.wording.names import the
from hedgerow.wording.numbers import span

Verdict = str
HIGHER, LOWER, UNCLEAR = "higher", "lower", "no clear difference"
SAME, ONE_RUN = "the same in every run", "one run"
SIDED = (HIGHER, LOWER)
UNCLEAR_LABEL = "No clear direction"
CLEAR_NOTE = "A direction is clear where no more than one run in twenty goes the other way."
BAND_LABEL = "Nine in ten runs"
SPANS = "the interval spans zero"


def verdict(low: float, high: float, *, same: bool = False) -> Verdict:
    """Return what an interval supports; ``same`` says that nothing differs in any run."""
    if same:
        return SAME
    if math.isnan(low) or math.isnan(high):
        return ONE_RUN
    return HIGHER if low > 0 else LOWER if high < 0 else UNCLEAR


def of_difference(row: Mapping[Any, Any]) -> Verdict:
    """Return what a row of differences supports; one pair of runs shows no difference."""
    said = verdict(row["mean_low"], row["mean_high"], same=row["share_zero"] == 1)
    return UNCLEAR if said == ONE_RUN else said


def clear(rows: pd.DataFrame, low: str = "low", high: str = "high") -> "pd.Series[bool]":
    """Return which rows have an interval without zero in it."""
    return (rows[low] > 0) | (rows[high] < 0)


def directions(rows: pd.DataFrame, donors: Mapping[str, str]) -> list[str]:
    """Return which of the first two donors each state moves towards, where that is clear."""
    one, two = pair(donors)
    sides = np.where(rows["mean"] > 0, f"towards {one}", f"towards {two}")
    return [str(side) for side in np.where(clear(rows), sides, UNCLEAR_LABEL.lower())]


def pair(donors: Mapping[str, str]) -> tuple[str, str]:
    """Return the first two donors, as they read after a preposition."""
    one, two = list(donors.values())[:2]
    return the(one), the(two)


def bracketed(low: float, high: float) -> str:
    """Return an interval in brackets, which says so where it spans zero or there is none."""
    if math.isnan(low):
        return " (run once: no interval)"
    said = f" ({span(low, high)}"
    return f"{said}: it spans zero)" if low <= 0 <= high else f"{said})"


def leads(regret: pd.DataFrame) -> bool:
    """Say whether the policy regretted least is surely regretted less than the next."""
    return bool(regret["high"].iloc[0] < regret["low"].iloc[1])


def confirmed(box: "Mapping[Any, Any] | pd.Series[Any]") -> bool:
    """Say whether points not used to find a box hold more cases than chance would."""
    return bool(box["density_low"] > box["base_rate"])
