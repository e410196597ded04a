"""Who moves: the states a change of policy moves most, with intervals."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from hedgerow.figures import layout, rows, style
from hedgerow.wording.numbers import with_interval
from hedgerow.wording.verdicts import CLEAR_NOTE, UNCLEAR_LABEL, clear

TOP = 8


def most_moved(changes: pd.DataFrame, top: int = TOP) -> pd.DataFrame:
    """Return the states that move most, up to ``top`` either way, from the highest mean down.

    Where one way has fewer than ``top``, the other gets the rows it leaves.
    """
    ordered = changes.sort_values(["mean", "name"], ascending=[False, True], ignore_index=True)
    up, down = ordered[ordered["mean"] > 0], ordered[ordered["mean"] < 0].iloc[::-1]
    spare = max(0, top - len(up)), max(0, top - len(down))
    kept = pd.concat([up.head(top + spare[1]), down.head(top + spare[0]).iloc[::-1]])
    return kept if len(kept) else ordered.head(top)


@style.styled
def who_moves(
    changes: pd.DataFrame,
    *,
    title: str = "The states that move most",
    subtitle: str = "",
    legend_low: str = "Towards the United States",
    legend_high: str = "Towards China",
    scale: str = "Change in alignment, China minus United States (−1 to 1)",
    note: str = CLEAR_NOTE,
    top: int = TOP,
) -> Figure:
    """Draw the states that a change of policy moves most, either way, with 90% intervals.

    One row a state, from the furthest one way to the furthest the other way.

    Parameters
    ----------
    changes : pandas.DataFrame
        Columns ``name``, ``mean``, ``low`` and ``high`` (change of alignment with China minus
        alignment with the United States within pairs of runs, 5th and 95th percentile), one row
        a state: the rows of ``Comparison.movers`` of one variant whose donor is ``difference``.
    legend_low, legend_high, scale : str
        Words at the two ends of the axis, and its name with its unit.
    top : int
        How many states to show either way; where one way has fewer, the other gets its rows.
    """
    style.require(changes, ("name", "mean", "low", "high"), "the changes")
    shown = most_moved(changes, top)
    labels, wide, tall = rows.wrapped(list(shown["name"]))
    alt = _in_words(shown, legend_low, legend_high)
    sheet = layout.sheet(tall + 1.25, title, subtitle, note, alt)
    left = wide + 0.4
    axes = sheet.axes(left, sheet.bottom + 0.6, style.WIDTH - left - 0.3, tall)
    rows.ruled(axes, labels)
    _draw_changes(axes, shown)
    axes.set_xlabel(scale)
    end: dict[str, Any] = {"transform": axes.transAxes, "va": "bottom", "weight": "bold"}
    axes.text(0, 1.01, legend_low, ha="left", color=style.US, **end)
    axes.text(1, 1.01, legend_high, ha="right", color=style.CHINA, **end)
    axes.legend(
        handles=rows.change_legend(),
        loc="lower right",
        ncols=3,
        borderaxespad=0,
        bbox_to_anchor=(1, 1.0 + 0.24 / tall),
        columnspacing=1.5,
    )
    return sheet.figure


def _draw_changes(axes: Axes, shown: pd.DataFrame) -> None:
    """Draw interval and mean of each row, in the colour of its side where that is clear."""
    side = np.where(shown["mean"] > 0, style.CHINA, style.US)
    colours = np.where(clear(shown), side, rows.UNCLEAR_INK)
    rows.intervals(axes, shown["low"], shown["high"], colours)
    axes.scatter(shown["mean"], np.arange(len(shown)), s=46, c=colours, zorder=3)
    rows.around_zero(axes, shown[["mean", "low", "high"]])


def _in_words(shown: pd.DataFrame, low: str, high: str) -> str:
    """Say each row's mean and interval, the clear ones with their side."""
    parts = []
    for row, sure in zip(shown.to_dict(orient="records"), clear(shown), strict=True):
        told = with_interval([row["mean"], row["low"], row["high"]], sign=True, figures=2)
        side = (high if row["mean"] > 0 else low) if sure else UNCLEAR_LABEL
        parts.append(f"{row['name']} {told}, {side[0].lower()}{side[1:]}")
    return "Mean change and 90% interval: " + "; ".join(parts)
