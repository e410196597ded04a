"""Rows by name: one label a row on the left, a mark and an interval on the right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from hedgerow.figures import layout, style
from hedgerow.wording.numbers import rounded, signed
from hedgerow.wording.verdicts import BAND_LABEL, UNCLEAR_LABEL

STEP = 0.27
"""Height of a row, inches; a label of two lines takes a tenth more."""
MEAN_LABEL = "Mean of all runs"
UNCLEAR_INK = "#8F8F8F"
LABEL_ROOM = 2.3
"""Room for a line of a label on a page of rows, inches."""
BAR = 0.75
"""Opacity of a bar, so that the line of its interval shows on it."""


def wrapped(labels: Sequence[str], width: float = 1.9) -> tuple[list[str], float, float]:
    """Wrap row labels.

    Parameters
    ----------
    labels : sequence of str
        One a row.
    width : float
        Room for a line, inches.

    Returns
    -------
    tuple
        The labels, the width of the widest and the height of all rows, inches.
    """
    texts = [layout.wrap(str(label), style.TEXT_SIZE, width) for label in labels]
    parts = [part for text in texts for part in text.split("\n")]
    wide = max(layout.text_width(part, style.TEXT_SIZE) for part in parts)
    return texts, wide, STEP * len(texts) + 0.1 * sum("\n" in text for text in texts) + 0.1


def ruled(axes: Axes, labels: Sequence[str]) -> None:
    """Name the rows of an axes from the top down, without lines between them."""
    axes.set_yticks(np.arange(len(labels)), list(labels))
    axes.set_ylim(len(labels) - 0.5, -0.5)
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="y", visible=False)


def row_sheet(labels: Sequence[str], texts: tuple[str, str, str, str], legend: Sequence[Any]) -> tuple[layout.Sheet, Axes]:
    """Open a page with one row a label and a legend above, for marks that the caller draws.

    Parameters
    ----------
    labels : sequence of str
        One a row, from the top.
    texts : tuple of str
        Title, subtitle, note and alternative text of the page.
    legend : sequence
        Handles with labels.

    Returns
    -------
    tuple
        The page and its axes.
    """
    told, wide, tall = wrapped(labels, LABEL_ROOM)
    names = [str(handle.get_label()) for handle in legend]
    room = style.WIDTH - 2 * style.MARGIN
    columns = layout.legend_columns(names, room) if names else 1
    head = 0.24 * -(-len(names) // columns) + 0.12 if names else 0.0
    sheet = layout.sheet(tall + 0.62 + head, *texts)
    left = style.MARGIN + wide + 0.15
    width = style.WIDTH - left - 0.3
    axes = sheet.axes(left, sheet.bottom + 0.55, width, tall)
    ruled(axes, told)
    if names:
        axes.legend(
            handles=list(legend),
            loc="lower left",
            ncols=columns,
            borderaxespad=0,
            bbox_to_anchor=(-(wide + 0.15) / width, 1 + 0.06 / tall),
            columnspacing=1.4,
            handletextpad=0.5,
        )
    return sheet, axes


def with_unit(label: str, unit: str) -> str:
    """Return the label of an axis with its unit, where it has one."""
    return f"{label} ({unit})" if unit else label


def measured(axes: Axes, label: str, unit: str, *, sign: bool = False) -> None:
    """Name the horizontal axis with its unit, and its numbers as a reader wants them."""
    axes.xaxis.set_major_locator(MaxNLocator(6))
    axes.xaxis.set_major_formatter(signed if sign else lambda v, _: rounded(v))
    axes.set_xlabel(with_unit(label, unit))


def intervals(axes: Axes, low: Any, high: Any, colours: Any) -> None:
    """Draw one pale bar a row from ``low`` to ``high``."""
    axes.hlines(np.arange(len(low)), low, high, color=colours, lw=5, alpha=0.35)


def around_zero(axes: Axes, values: Any, least: float = 0.005) -> None:
    """Centre the horizontal axis on zero, with as many signed labels as have room.

    ``least`` is the shortest half of the axis.
    """
    reach = 1.08 * max(least, float(np.nanmax(np.abs(np.asarray(values, dtype=np.float64)))))
    axes.set_xlim(-reach, reach)
    axes.axvline(0, color=style.INK, lw=1.0)
    axes.xaxis.set_major_formatter(signed)
    label = layout.text_width(signed(-0.51 * reach, figures=2), style.TEXT_SIZE)
    figure = axes.get_figure(root=True)
    assert figure is not None
    room = axes.get_window_extent().width / figure.dpi
    axes.xaxis.set_major_locator(MaxNLocator(int(np.clip(room / (label + 0.1), 2, 6))))


def change_legend() -> list[Line2D]:
    """List the legend entries of mean changes with intervals."""
    return [
        Line2D([], [], ls="", marker="o", ms=7, color=style.INK, label=MEAN_LABEL),
        Line2D([], [], lw=5, alpha=0.35, color=style.INK, label=BAND_LABEL),
        Line2D([], [], lw=5, marker="o", ms=7, color=UNCLEAR_INK, label=UNCLEAR_LABEL),
    ]
