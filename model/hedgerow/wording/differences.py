"""A difference between two scenarios, in the words and numbers of the terminal and the lab."""

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from hedgerow.wording.names import noun, the
from hedgerow.wording.numbers import difference, rounded
from hedgerow.wording.verdicts import SIDED, clear, of_difference

COUNTED = 0.01
"""Least mean change of alignment that a headline counts: without it, mere traces would fill it."""


def change_and_interval(row: Mapping[Any, Any], write: Callable[[str], str] = str) -> tuple[str, str]:
    """Return a mean difference, in words where its interval does not support a number, and its interval.

    ``write`` is how the caller sets a number, such as with a true minus.
    """
    values = [row["mean_difference"], row["mean_low"], row["mean_high"]]
    change, low, high = map(write, difference(values, str(row["unit"])))
    said = of_difference(row)
    return change if said in SIDED else said, "" if row["share_zero"] == 1 else f"{low} to {high}"


def states_shift(rows: pd.DataFrame, low: str, high: str) -> str:
    """Say how many states move which way, clearly and by more than a trace; the ends say whereto."""
    moved = rows.loc[clear(rows), "mean"]
    sides = [(int((moved >= COUNTED).sum()), high), (int((moved <= -COUNTED).sum()), low)]
    (most, to), (fewer, other) = sorted(sides, key=lambda side: -side[0])
    if most == 0:
        return f"no state shifts clearly by {COUNTED} or more"
    verb = noun(most, "state shifts", "states shift")
    return f"{most} {verb} clearly {to} by {COUNTED} or more, {fewer or 'none'} {other}"


def backfill(rows: pd.DataFrame, names: Mapping[str, str]) -> list[str]:
    """Return a sentence for each donor whose denials a variant clearly changes."""
    said = []
    for row in rows[rows["low"].notna()].to_dict(orient="records"):
        ratio, low, high = (rounded(row[key], 2) for key in ("ratio", "low", "high"))
        donor, rival = the(names[row["donor"]]), the(names[row["rival"]])
        said.append(
            f"Backfill ratio {ratio} (90% interval {low} to {high}): officers {rival} adds for each officer more "
            f"that {donor} denies.\nIt is a response to denial only where denial is what the variant changes."
        )
    return said
