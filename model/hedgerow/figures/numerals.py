"""Words and signs all figures share: what an interval supports, and no more."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd

from hedgerow.analysis.phrases import the

__all__ = ["BAND_LABEL", "CLEAR_NOTE", "UNCLEAR_LABEL", "clear", "plain", "signed", "the", "together"]

UNCLEAR_LABEL = "No clear direction"
CLEAR_NOTE = "A direction is clear where no more than one run in twenty goes the other way."
BAND_LABEL = "Nine in ten runs"


def clear(rows: pd.DataFrame, low: str = "low", high: str = "high") -> pd.Series[bool]:
    """Return which rows have an interval without zero in it."""
    return (rows[low] > 0) | (rows[high] < 0)


def plain(value: float, places: int = 3) -> str:
    """Return a number to so many figures, with thousands separators and a true minus."""
    if abs(value) < 1e-12:
        return "0"
    text = f"{float(f'{value:.{places}g}'):,.12f}".rstrip("0").rstrip(".")
    return text.replace("-", "\N{MINUS SIGN}")


def signed(value: float, _: object = None, *, places: int = 3) -> str:
    """Return a number with its sign to so many figures; zero as 0. Fits as a tick's formatter."""
    return f"{'+' if value > 1e-12 else ''}{plain(value, places)}"


def together(values: Sequence[float], *, sign: bool = False, places: int = 3) -> str:
    """Write a number and its interval, all rounded where the largest has so many figures.

    Parameters
    ----------
    values : sequence of float
        The number and the ends of its interval.
    sign : bool
        Whether to write signs.
    places : int
        Figures of the largest.

    Returns
    -------
    str
        Such as ``331 (169 to 762)``.
    """
    largest = max(abs(float(value)) for value in values)
    step = places - 1 - math.floor(math.log10(largest)) if largest > 0 else 0
    number, low, high = (_rounded(float(value), step, "+" if sign else "") for value in values)
    return f"{number} ({low} to {high})"


def _rounded(value: float, step: int, sign: str) -> str:
    """Write a number to ``step`` places after the point, and never as 0 what is not 0."""
    short = round(value, step)
    if short == 0:
        return "0" if value == 0 else "just above 0" if value > 0 else "just below 0"
    return f"{short:{sign},.{max(0, step)}f}".replace("-", "\N{MINUS SIGN}")
