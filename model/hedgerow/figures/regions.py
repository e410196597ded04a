"""Small multiples: alignment over months, a panel a region."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from hedgerow.figures import layout, style
from hedgerow.figures.lines import COURSE, NOT_ZERO, course, donor_looks, draw_bands, limits, range_around_zero
from hedgerow.wording.numbers import signed

ACROSS = 2
"""Panels side by side."""
TALL, OVER, BETWEEN, LEFT = 1.55, 0.35, 0.3, 1.1
"""Height of a panel, room over it, room between two, and room for the scale, inches."""
NOTE = "Simulated. Alignment runs from 0, none, to 1, full, and is averaged over a region’s states."


@style.styled
def alignment_by_region(
    bands: pd.DataFrame,
    *,
    names: Mapping[str, str] | None = None,
    title: str = "How close states stand to each donor, region by region",
    subtitle: str = ("Lines show the middle value over all runs; nine in ten runs lie inside the shaded band."),
    note: str = f"{NOTE} All panels share one scale.",
    change: bool = False,
) -> Figure:
    """Draw mean alignment with each donor over time in each region, on one scale.

    One panel a region, in the order of the table.

    Parameters
    ----------
    bands : pandas.DataFrame
        Columns ``region``, ``donor`` (code), ``month`` (datetime64), ``median``, ``low``,
        ``high`` (alignment, 0 to 1, or its change), one row a region, donor and month.
    names : mapping of str to str, optional
        Donor code to the name shown.
    change : bool
        Whether the numbers are changes: written with signs around zero.
    """
    columns = ("region", "donor", "month", "median", "low", "high")
    style.require(bands, columns, "the bands")
    looks = donor_looks([str(donor) for donor in bands["donor"].unique()])
    called = {donor: (names or {}).get(donor, donor) for donor in looks}
    parts = {str(region): own for region, own in bands.groupby("region", sort=False)}
    ends = range_around_zero(bands) if change else limits(bands)
    note = f"{note} {NOT_ZERO}" if ends[0] > 0 else note
    keys = layout.legend_columns(list(called.values()), style.WIDTH - LEFT)
    body = -(-len(parts) // ACROSS) * (TALL + OVER) + 0.22 * -(-len(called) // keys) + 0.65
    alt = _in_words(parts, called, sign=change)
    sheet = layout.sheet(body, title, subtitle, note, alt)
    handles: list[Any] = []
    for (region, own), axes in zip(parts.items(), _panels(sheet, len(parts)), strict=True):
        axes.set_ylim(*ends)
        handles, _ = draw_bands(axes, own, {donor: looks[donor] for donor in _met(own, called)})
        axes.set_title(region, loc="left", fontsize=style.TEXT_SIZE, weight="bold")
        layout.month_axis(axes, most=6)
        axes.margins(x=0.01)
        _name_scale(axes, change=change)
    sheet.figure.legend(
        handles,
        list(called.values()),
        loc="upper left",
        ncols=keys,
        borderaxespad=0,
        bbox_to_anchor=(LEFT / style.WIDTH, sheet.top / sheet.height),
        columnspacing=1.5,
    )
    return sheet.figure


def _panels(sheet: layout.Sheet, count: int) -> list[Axes]:
    """Open a panel a region, with labels at the edges only."""
    panels = sheet.panels(count, ACROSS, left=LEFT, tall=TALL, over=OVER, between=BETWEEN, right=0.2)
    for i, axes in enumerate(panels):
        last = i + ACROSS >= count
        axes.tick_params(labelbottom=last, labelleft=i % ACROSS == 0)
        axes.set_xlabel("Month" if last else "")
    return panels


def _name_scale(axes: Axes, *, change: bool) -> None:
    """Mark zero and signs where the panel shows changes, and name the scale at the left edge."""
    if change:
        axes.axhline(0, color=style.INK, lw=1.0, ls=(0, (4, 2)))
        axes.yaxis.set_major_formatter(signed)
    if axes.yaxis.get_tick_params()["labelleft"]:
        axes.set_ylabel("Change in mean\nalignment" if change else "Mean alignment\n(0 to 1)")


def _in_words(parts: Mapping[str, pd.DataFrame], called: Mapping[str, str], *, sign: bool) -> str:
    """Say where each region's lines start and end."""
    told = (f"{region}: {course(own, _met(own, called), sign=sign)}" for region, own in parts.items())
    return layout.joined("Line charts", COURSE, *told)


def _met(own: pd.DataFrame, called: Mapping[str, str]) -> dict[str, str]:
    """Return the donors a region has rows of."""
    here = set(own["donor"].astype(str))
    return {donor: name for donor, name in called.items() if donor in here}
