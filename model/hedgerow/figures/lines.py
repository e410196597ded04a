"""Lines over months: alignment, and how it differs within pairs of runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from hedgerow.figures import layout, style
from hedgerow.wording.numbers import rounded, signed, with_interval
from hedgerow.wording.verdicts import BAND_LABEL

COURSE = "Middle of all runs, and 90% interval at the end"
NOT_ZERO = "The vertical axis does not start at zero."


def donor_looks(donors: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Give each donor its colour; when colours run out, a new dash tells lines apart."""
    looks: dict[str, dict[str, Any]] = {}
    others = 0
    for donor in donors:
        colour = style.DONOR_COLOURS.get(donor.upper())
        dash: Any = "solid"
        if colour is None:
            turn, place = divmod(others, len(style.OTHER_COLOURS))
            colour, dash = style.OTHER_COLOURS[place], style.DASHES[turn % len(style.DASHES)]
            others += 1
        looks[donor] = {"color": colour, "linestyle": dash}
    return looks


def _end_labels(axes: Axes, ends: Mapping[str, tuple[float, float, str]], gap: float) -> None:
    """Write each line's name at its right end; ``ends`` gives month, height, colour."""
    top = axes.get_ylim()[1] - gap / 2
    places = layout.spread(np.array([y for _, y, _ in ends.values()]), gap, top)
    for (text, (x, y, colour)), place in zip(ends.items(), places, strict=True):
        thin = {"arrowstyle": "-", "color": colour, "lw": 0.7, "shrinkA": 0, "shrinkB": 2, "relpos": (0, 0.5)}
        axes.annotate(
            text,
            (x, y),
            (1.025, place),
            textcoords=("axes fraction", "data"),
            va="center",
            ha="left",
            color=colour,
            weight="bold",
            arrowprops=thin,
            annotation_clip=False,
        )


def limits(bands: pd.DataFrame) -> tuple[float, float]:
    """Choose the ends of the vertical axis, at least 0.2 apart so that noise looks small."""
    low, high = float(bands["low"].min()), float(bands["high"].max())
    pad = max(0.04, 0.08 * (high - low), (0.2 - (high - low)) / 2)
    return max(0.0, low - pad), min(1.0, high + pad)


def draw_bands(
    axes: Axes, bands: pd.DataFrame, looks: Mapping[str, Mapping[str, Any]]
) -> tuple[list[Any], dict[str, tuple[float, float, str]]]:
    """Draw each donor's line and band; return the legend entries and the line ends."""
    shade = 0.18 if len(looks) <= 4 else 0.1
    handles: list[Any] = []
    ends: dict[str, tuple[float, float, str]] = {}
    for donor, look in looks.items():
        own = bands[bands["donor"].astype(str) == donor].sort_values("month")
        months, median = layout.date_numbers(own["month"]), own["median"].to_numpy(float)
        area = axes.fill_between(months, own["low"], own["high"], color=look["color"], alpha=shade, lw=0)
        (line,) = axes.plot(months, median, lw=2.2, **look)
        ends[donor] = (float(months[-1]), float(median[-1]), look["color"])
        handles.append((area, line))
    return handles, ends


@style.styled
def alignment_over_time(
    bands: pd.DataFrame,
    *,
    names: Mapping[str, str] | None = None,
    title: str = "How close states stand to each donor, month by month",
    subtitle: str = ("Lines show the middle value over all runs; nine in ten runs lie inside the shaded band."),
    note: str = "Simulated. Alignment is averaged over all states: 0 means none, 1 means full.",
) -> Figure:
    """Draw mean alignment with each donor over time, with its 90% band.

    One line and one band a donor.

    Parameters
    ----------
    bands : pandas.DataFrame
        Columns ``donor`` (code), ``month`` (datetime64), ``median``, ``low``, ``high``
        (alignment, 0 to 1), one row a donor and month.
    names : mapping of str to str, optional
        Donor code to the name shown.
    """
    style.require(bands, ("donor", "month", "median", "low", "high"), "the bands")
    looks = donor_looks([str(donor) for donor in bands["donor"].unique()])
    shown = {donor: (names or {}).get(donor, donor) for donor in looks}
    floor, ceiling = limits(bands)
    if floor > 0:
        note = f"{note} {NOT_ZERO}"
    right = max(layout.text_width(name, style.TEXT_SIZE, bold=True) for name in shown.values())
    columns = layout.legend_columns(list(shown.values()), style.WIDTH - 0.85)
    tall, keys = max(3.2, 0.21 * len(shown)), 0.22 * -(-len(shown) // columns) + 0.1
    alt = layout.joined("Line chart", COURSE, course(bands, shown))
    sheet = layout.sheet(tall + 0.6 + keys, title, subtitle, note, alt)
    axes = sheet.axes(0.85, sheet.bottom + 0.52, style.WIDTH - 0.85 - right - 0.45, tall)
    axes.set_ylim(floor, ceiling)
    handles, ends = draw_bands(axes, bands, looks)
    layout.month_axis(axes)
    axes.margins(x=0.01)
    axes.set(xlabel="Month", ylabel="Mean alignment (0 to 1)")
    named = {shown[donor]: end for donor, end in ends.items()}
    _end_labels(axes, named, 0.2 / tall * (ceiling - floor))
    axes.legend(
        handles,
        list(shown.values()),
        loc="lower left",
        ncols=columns,
        borderaxespad=0,
        bbox_to_anchor=(0, 1.03),
        columnspacing=1.5,
    )
    return sheet.figure


def course(bands: pd.DataFrame, names: Mapping[str, str], *, sign: bool = False) -> str:
    """Say where each donor's line starts and ends, with the 90% interval at the end."""
    say = signed if sign else rounded
    parts = []
    for donor, name in names.items():
        own = bands[bands["donor"].astype(str) == donor].sort_values("month")
        first, last = own.iloc[0], own.iloc[-1]
        end = with_interval([last["median"], last["low"], last["high"]], sign=sign)
        parts.append(f"{name}: {say(float(first['median']))} in {first['month']:%B %Y}, {end} in {last['month']:%B %Y}")
    return "; ".join(parts)


def _fan(axes: Axes, own: pd.DataFrame, colour: str) -> None:
    """Draw the bands and the middle of one donor, and name them at the right end."""
    months = layout.date_numbers(own["month"])
    axes.fill_between(months, own["low"], own["high"], color=colour, alpha=0.18, lw=0)
    axes.fill_between(months, own["quarter"], own["three_quarters"], color=colour, alpha=0.35, lw=0)
    axes.axhline(0, color=style.INK, lw=1.0, ls=(0, (4, 2)))
    axes.plot(months, own["median"], color=colour, lw=2.2)
    last, x = own.iloc[-1], float(months[-1])
    ends = {
        "Nine in ten runs": (x, float(last["high"]), style.MUTED),
        "Half of all runs": (x, float(last["three_quarters"]), style.MUTED),
        "Middle run": (x, float(last["median"]), colour),
        "No difference": (x, 0.0, style.INK),
    }
    floor, ceiling = axes.get_ylim()
    # From the top down, so that ends at one height keep their order.
    _end_labels(axes, dict(reversed(ends.items())), (ceiling - floor) / 9)


def range_around_zero(monthly: pd.DataFrame) -> tuple[float, float]:
    """Choose the ends of the axis: zero well inside, at least 0.01 apart so noise looks small."""
    low, high = min(0.0, float(monthly["low"].min())), max(0.0, float(monthly["high"].max()))
    pad = max(0.22 * (high - low), (0.01 - (high - low)) / 2)
    return low - pad, high + pad


@style.styled
def difference_over_time(
    monthly: pd.DataFrame, *, names: Mapping[str, str], title: str, subtitle: str = "", note: str = ""
) -> Figure:
    """Draw how mean alignment differs within pairs of runs, month by month, a panel a donor.

    Panels one under another, on one scale.

    Parameters
    ----------
    monthly : pandas.DataFrame
        Columns ``donor`` (code), ``month`` (datetime64), ``low``, ``quarter``, ``median``,
        ``three_quarters`` and ``high`` (5th to 95th percentile over runs, alignment, 0-1).
    names : mapping of str to str
        Donor code to the name shown.
    """
    columns = ("donor", "month", "low", "quarter", "median", "three_quarters", "high")
    style.require(monthly, columns, "the differences")
    looks = donor_looks([str(donor) for donor in monthly["donor"].unique()])
    right = layout.text_width(BAND_LABEL, style.TEXT_SIZE, bold=True) + 0.4
    tall, gap, left = 1.95, 0.4, 1.15
    called = {donor: f"Alignment with {names[donor]}" for donor in looks}
    alt = layout.joined("Line charts", COURSE, course(monthly, called, sign=True))
    sheet = layout.sheet(len(looks) * (tall + gap) + 0.55, title, subtitle, note, alt)
    panels = sheet.panels(len(looks), left=left, tall=tall, over=gap, right=right)
    for i, ((donor, look), axes) in enumerate(zip(looks.items(), panels, strict=True)):
        axes.set_ylim(*range_around_zero(monthly))
        _fan(axes, monthly[monthly["donor"].astype(str) == donor], look["color"])
        axes.set_title(called[donor], loc="left", fontsize=style.TEXT_SIZE, weight="bold", color=look["color"])
        axes.margins(x=0.01)
        layout.month_axis(axes)
        axes.yaxis.set_major_formatter(signed)
        axes.set_ylabel("Change in mean\nalignment (0 to 1)")
        axes.tick_params(labelbottom=i == len(looks) - 1)
        axes.set_xlabel("Month" if i == len(looks) - 1 else "")
    return sheet.figure
