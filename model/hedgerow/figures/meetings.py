"""Figures of meetings: with whom, and in which months."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from hedgerow.figures import layout, rows, style
from hedgerow.wording.numbers import rounded, with_interval
from hedgerow.wording.verdicts import BAND_LABEL

SETTINGS = {
    "stand_alone": "Stand-alone meetings",
    "sideline": "Meetings on the sidelines of a gathering",
    "multilateral": "Gatherings of several states",
}
MOST_MET = 15
MIDDLE_LABEL = "Middle of all runs"
FORUM_INK = "#6B6000"
PANEL, GAP = 1.15, 0.42
"""Height of a panel and room between two, inches."""


def _partners(simulated: pd.DataFrame, observed: pd.DataFrame) -> pd.DataFrame:
    """Join the two tables on the partners shown, the most-met first."""
    ranked = simulated.sort_values(["median", "high", "recipient"], ascending=[False, False, True])
    recorded = observed.loc[observed["count"] > 0, "recipient"]
    keep = {*ranked["recipient"].head(MOST_MET), *recorded}
    joined = ranked.merge(observed[["recipient", "count"]], on="recipient", how="outer")
    joined = joined[joined["recipient"].isin(keep)]
    joined["name"] = joined["name"].fillna(joined["recipient"])
    order = joined["median"].fillna(-1.0)
    return joined.assign(order=order).sort_values(
        ["order", "count", "name"], ascending=[False, False, True], ignore_index=True
    )


@style.styled
def meetings_by_partner(
    simulated: pd.DataFrame,
    observed: pd.DataFrame,
    *,
    title: str = "Who China’s security leaders meet: simulation beside the record",
    subtitle: str = ("The fifteen partners met most in the simulation, and every partner in the record."),
    note: str = "A state without a diamond has no figure in the record.",
    colour: str = style.CHINA,
) -> Figure:
    """Draw simulated meetings with each partner beside the counts on record.

    One row a partner, the most-met on top.

    Parameters
    ----------
    simulated : pandas.DataFrame
        Columns ``recipient`` (code), ``name``, ``median``, ``low``, ``high`` (meetings over
        the whole period, 90% interval), one row a partner.
    observed : pandas.DataFrame
        Columns ``recipient`` (code) and ``count`` (meetings on record); may be empty.
    colour : str
        Colour of the simulated intervals.
    """
    style.require(simulated, ("recipient", "name", "median", "low", "high"), "simulated")
    if not observed.empty:
        style.require(observed, ("recipient", "count"), "observed")
    table = _partners(simulated, observed.reindex(columns=["recipient", "count"]))
    names, wide, tall = rows.wrapped(list(table["name"]))
    sheet = layout.sheet(tall + 0.95, title, subtitle, note, _partners_in_words(table))
    left = wide + 0.4
    axes = sheet.axes(left, sheet.bottom + 0.6, style.WIDTH - left - 0.3, tall)
    rows.ruled(axes, names)
    rows.intervals(axes, table["low"], table["high"], colour)
    places = np.arange(len(table))
    axes.plot(table["median"], places, "o", ms=7, color=colour)
    axes.plot(table["count"], places, "D", ms=6.5, mfc=style.INK, mec="white", mew=0.8, zorder=4)
    axes.set_xlim(left=min(0.0, float(table["low"].min())) - 0.02 * axes.get_xlim()[1])
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set(xlabel="Meetings over the whole period (number)", ylabel="")
    axes.legend(
        handles=_partner_legend(colour, recorded=bool(table["count"].notna().any())),
        loc="lower right",
        bbox_to_anchor=(1, 1.0),
        ncols=3,
        bbox_transform=axes.transAxes,
        borderaxespad=0.3,
        columnspacing=1.5,
    )
    return sheet.figure


def _partners_in_words(table: pd.DataFrame) -> str:
    """Say each partner's middle count, its interval and, where there is one, the record."""
    parts = []
    for row in table.to_dict(orient="records"):
        band = [float(row[key]) for key in ("median", "low", "high")]
        simulated = with_interval(band) if band[0] == band[0] else "none"
        record = f", on record {rounded(row['count'])}" if row["count"] == row["count"] else ""
        parts.append(f"{row['name']} {simulated}{record}")
    return "Meetings over the whole period, middle of all runs and 90% interval: " + "; ".join(parts)


def _partner_legend(colour: str, *, recorded: bool) -> list[Line2D]:
    """List the legend entries of the partner figure."""
    handles = [
        Line2D([], [], ls="", marker="o", ms=7, color=colour, label=MIDDLE_LABEL),
        Line2D([], [], lw=5, alpha=0.35, color=colour, label=BAND_LABEL),
    ]
    if recorded:
        handles.append(Line2D([], [], ls="", marker="D", ms=6.5, mfc=style.INK, mec="white", label="On record"))
    return handles


def _bars(axes: Axes, left: NDArray[np.float64], heights: NDArray[np.float64]) -> PolyCollection:
    """Draw bars 26 days wide as one artist, for hundreds of single ones are slow."""
    none = np.zeros_like(heights)
    sides = [left, left, left + 26, left + 26], [none, heights, heights, none]
    corners = np.stack([np.stack(side, axis=-1) for side in sides], axis=-1)
    bars = PolyCollection(list(corners), facecolors=style.CHINA, edgecolors="none")
    axes.add_collection(bars, autolim=False)
    return bars


def _month_panel(axes: Axes, own: pd.DataFrame, label: str, forums: Sequence[float], *, top: bool) -> None:
    """Draw one setting: bars, intervals, forum months and a legend over the panel."""
    start = layout.date_numbers(own["month"])
    bars = _bars(axes, start + 2, own["median"].to_numpy(float))
    thin = float(np.clip(70 / len(own), 0.4, 1.1))
    lines = axes.vlines(start + 15, own["low"], own["high"], color=style.INK, lw=thin)
    handles: list[Any] = [bars]
    labels = [label]
    for day in forums:
        axes.axvspan(day, day + 30, color=style.FORUM, alpha=0.5, lw=0, zorder=0)
    # The marks all panels share are named once, over the top panel.
    if top:
        handles.append(lines)
        labels.append(BAND_LABEL)
    if top and forums:
        handles.append(Patch(color=style.FORUM, alpha=0.5))
        names = {pd.Timestamp(day, unit="D").strftime("%B") for day in forums}
        labels.append(f"Forum month ({names.pop()})" if len(names) == 1 else "Forum month")
    axes.legend(
        handles,
        labels,
        loc="lower left",
        bbox_to_anchor=(0, 1.0),
        ncols=3,
        borderaxespad=0.2,
        columnspacing=1.5,
        handlelength=1.5,
    )
    axes.grid(axis="x", visible=False)


def _forum_labels(axes: Axes, forums: Sequence[float], width: float) -> None:
    """Write each forum's month over the top panel, as fully as the room allows."""
    low, high = axes.get_xlim()
    middles = [(day + 15 - low) / (high - low) * width for day in forums]
    near = min(np.diff(middles), default=width)
    days = [pd.Timestamp(day, unit="D") for day in forums]
    for form in ("Forum, %b %Y", "%b %Y", "%Y"):
        texts = [day.strftime(form) for day in days]
        wide = max(layout.text_width(text, style.NOTE_SIZE, bold=True) for text in texts)
        if wide + 0.08 <= near:
            break
    every = int(np.ceil((wide + 0.08) / near))
    for middle, text in list(zip(middles, texts, strict=True))[::every]:
        x = min(max(middle, wide / 2), width - wide / 2) / width
        axes.text(
            x,
            1.02,
            text,
            transform=axes.transAxes,
            fontsize=style.NOTE_SIZE,
            weight="bold",
            ha="center",
            va="bottom",
            color=FORUM_INK,
        )


@style.styled
def meetings_by_month(
    simulated: pd.DataFrame,
    forum_months: Sequence[Any],
    *,
    title: str = "China’s security meetings, month by month",
    subtitle: str = "Bars show the middle value over all runs, one panel for each kind of meeting.",
    note: str = "Simulated. All panels share one vertical scale.",
) -> Figure:
    """Draw the number of meetings in each month, one panel a setting.

    Panels one under another, on the same scales.

    Parameters
    ----------
    simulated : pandas.DataFrame
        Columns ``month`` (datetime64), ``setting`` (``stand_alone``, ``sideline``,
        ``multilateral``), ``median``, ``low``, ``high`` (meetings a month, 90% interval).
    forum_months : sequence of datetime-like
        Months in which China holds its forum; those outside the table are left out.
    """
    style.require(simulated, ("month", "setting", "median", "low", "high"), "simulated")
    order = _settings(simulated)
    days = layout.date_numbers(simulated["month"])
    first, last = float(days.min()), float(days.max()) + 31
    forums = sorted(d for d in set(layout.date_numbers(list(forum_months))) if first <= d < last)
    strip = 0.26 if forums else 0.0
    body = len(order) * (PANEL + GAP) + strip + 0.55
    sheet = layout.sheet(body, title, subtitle, note, _months_in_words(simulated, order))
    panels = sheet.panels(len(order), left=0.75, tall=PANEL, over=GAP, under=0.6, right=0.2)
    for i, (setting, axes) in enumerate(zip(order, panels, strict=True)):
        own = simulated[simulated["setting"].astype(str) == setting]
        _month_panel(axes, own, SETTINGS.get(setting, setting), forums, top=i == 0)
        axes.set_xlim(first - 5, last + 5)
        axes.set_ylim(0, max(1.0, float(simulated["high"].max())) * 1.08)
        layout.month_axis(axes)
        axes.set_ylabel("Meetings\na month")
        axes.tick_params(labelbottom=i == len(order) - 1)
        axes.set_xlabel("Month" if i == len(order) - 1 else "")
        if i == 0 and forums:
            _name_forums(axes, forums, strip)
    return sheet.figure


def _settings(simulated: pd.DataFrame) -> list[str]:
    """Return the settings in the table, the known ones first and in their usual order."""
    found = [str(setting) for setting in simulated["setting"].unique()]
    return [s for s in SETTINGS if s in found] + [s for s in found if s not in SETTINGS]


def _name_forums(axes: Axes, forums: Sequence[float], strip: float) -> None:
    """Write the forums over the top panel and move its legend above them."""
    _forum_labels(axes, forums, style.WIDTH - 0.95)
    legend = axes.get_legend()
    assert legend is not None
    legend.set_bbox_to_anchor((0, 1 + strip / PANEL))


def _months_in_words(simulated: pd.DataFrame, order: Sequence[str]) -> str:
    """Say how many meetings of each kind a usual month has, and which month has most."""
    parts = []
    for setting in order:
        own = simulated[simulated["setting"].astype(str) == setting]
        peak = own.iloc[int(own["median"].to_numpy().argmax())]
        parts.append(
            f"{SETTINGS.get(setting, setting)}: {rounded(float(own['median'].mean()), 2)} a "
            f"month on average, most in {pd.Timestamp(peak['month']):%B %Y} "
            f"({rounded(float(peak['median']), 2)})"
        )
    return "Bar charts. " + "; ".join(parts)
