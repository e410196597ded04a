"""What it costs: money, officers and equipment by donor, with intervals."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from hedgerow.figures import layout, rows, style
from hedgerow.figures.lines import donor_looks
from hedgerow.wording.numbers import magnitude, rounded, with_interval
from hedgerow.wording.verdicts import BAND_LABEL, UNCLEAR_LABEL, clear

OVER, UNDER = 0.35, 0.62
"""Room over a panel for its name, and under it for its scale, inches."""


def sized(own: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    """Scale one item's numbers for readers.

    Parameters
    ----------
    own : pandas.DataFrame
        Columns ``unit``, ``value``, ``low`` and ``high`` of one item.

    Returns
    -------
    tuple
        The three numbers scaled, and the unit with its scale, such as ``US$ million``.
    """
    numbers, unit = own[["value", "low", "high"]].astype(float), str(own["unit"].iloc[0])
    biggest = float(np.abs(numbers["value"].to_numpy()).max())
    if unit != "US$" and biggest < 1e6:
        return numbers, unit
    size, word, _ = magnitude(biggest)
    return numbers / size, f"{unit} {word}".strip() if unit == "US$" else f"{word} {unit}".strip()


@style.styled
def costs(
    amounts: pd.DataFrame,
    *,
    names: Mapping[str, str] | None = None,
    title: str = "What it costs, over the whole period",
    subtitle: str = "Bars show the middle of all runs; nine in ten runs lie between the ends.",
    note: str = "Simulated.",
    change: bool = False,
) -> Figure:
    """Draw what each donor spends and gives, a panel an item, each on its own scale.

    Panels one under another.

    Parameters
    ----------
    amounts : pandas.DataFrame
        Columns ``item`` (in words), ``unit``, ``donor`` (code), ``value``, ``low`` and ``high``
        (90% interval), one row an item and donor.
    names : mapping of str to str, optional
        Donor code to the name shown.
    change : bool
        Whether the numbers are differences from another scenario: written with signs around
        zero, and pale where the interval holds zero.
    """
    style.require(amounts, ("item", "unit", "donor", "value", "low", "high"), "the costs")
    looks = donor_looks([str(donor) for donor in amounts["donor"].unique()])
    called = {donor: (names or {}).get(donor, donor) for donor in looks}
    items = [own for _, own in amounts.groupby("item", sort=False)]
    told = [_told(own, sign=change) for own in items]
    tall = [0.34 * len(own) + 0.05 for own in items]
    alt = _in_words(items, told, called)
    sheet = layout.sheet(sum(tall) + len(items) * (OVER + UNDER) + 0.2, title, subtitle, note, alt)
    _, wide, _ = rows.wrapped(list(called.values()), 1.6)
    numbers = max(layout.text_width(text, style.NOTE_SIZE) for own in told for text in own)
    width, top = style.WIDTH - wide - 0.4 - numbers - 0.3, sheet.top - 0.2
    for own, texts, height in zip(items, told, tall, strict=True):
        top -= OVER + height
        axes = sheet.axes(wide + 0.4, top, width, height)
        labels = [called[str(donor)] for donor in own["donor"]]
        rows.ruled(axes, rows.wrapped(labels, 1.6)[0])
        _draw_amounts(axes, own, [looks[str(d)]["color"] for d in own["donor"]], change=change)
        _write_amounts(axes, texts, 0.1 / width)
        top -= UNDER
    corner = ((wide + 0.4) / style.WIDTH, sheet.top / sheet.height)
    sheet.figure.legend(
        handles=_legend(change=change), loc="upper left", ncols=2, borderaxespad=0, bbox_to_anchor=corner, columnspacing=1.5
    )
    return sheet.figure


def _draw_amounts(axes: Axes, own: pd.DataFrame, colours: list[str], *, change: bool) -> None:
    """Draw one item's bars and the ends of their intervals."""
    numbers, unit = sized(own)
    places = np.arange(len(own))
    sure = clear(numbers) | (not change)
    shown = [colour if yes else rows.UNCLEAR_INK for colour, yes in zip(colours, sure, strict=True)]
    axes.barh(places, numbers["value"], height=0.6, color=shown, alpha=rows.BAR)
    axes.hlines(places, numbers["low"], numbers["high"], color=style.INK, lw=1.6)
    if change:
        rows.around_zero(axes, numbers, least=1e-9)
    else:
        axes.set_xlim(0, 1.05 * max(1e-9, float(numbers.to_numpy().max())))
        axes.xaxis.set_major_formatter(lambda value, _: rounded(value))
        axes.xaxis.set_major_locator(MaxNLocator(5))
    axes.set_xlabel(unit[0].upper() + unit[1:])
    axes.set_title(str(own["item"].iloc[0]), loc="left", fontsize=style.TEXT_SIZE, weight="bold")


def _write_amounts(axes: Axes, texts: list[str], away: float) -> None:
    """Write a text a row at the right of the axes; ``away`` is a share of its width."""
    for place, text in enumerate(texts):
        axes.annotate(
            text,
            (1 + away, place),
            xycoords=("axes fraction", "data"),
            va="center",
            ha="left",
            annotation_clip=False,
            fontsize=style.NOTE_SIZE,
        )


def _legend(*, change: bool) -> list[Artist]:
    handles: list[Artist] = [Line2D([], [], color=style.INK, lw=1.6, label=BAND_LABEL)]
    if change:
        grey = Patch(fc=rows.UNCLEAR_INK, ec="none", alpha=rows.BAR, label=UNCLEAR_LABEL)
        handles.append(grey)
    return handles


def _told(own: pd.DataFrame, *, sign: bool) -> list[str]:
    """Write each row's number with its interval."""
    numbers, _ = sized(own)
    return [with_interval(row, sign=sign) for row in numbers.itertuples(index=False)]


def _in_words(items: list[pd.DataFrame], told: list[list[str]], called: Mapping[str, str]) -> str:
    """Say every number with its interval and unit."""
    parts = []
    for own, texts in zip(items, told, strict=True):
        pairs = zip(own["donor"], texts, strict=True)
        each = ", ".join(f"{called[str(donor)]} {text}" for donor, text in pairs)
        parts.append(f"{own['item'].iloc[0]} ({sized(own)[1]}): {each}")
    return "Bar charts with 90% intervals. " + "; ".join(parts)
