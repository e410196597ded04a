"""The sheet of a figure: title, subtitle, footnote, and text measured and wrapped to fit."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import matplotlib.dates as mdates
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path
from numpy.typing import NDArray

from hedgerow.figures import style


@functools.lru_cache(maxsize=4096)
def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Measure one line of text.

    Parameters
    ----------
    text : str
        One line.
    size : float
        Font size, points.
    bold : bool
        Whether the line is set in bold.

    Returns
    -------
    float
        Width, inches.
    """
    weight = "bold" if bold else "normal"
    font = FontProperties(family="DejaVu Sans", weight=weight, size=size)
    width, _, _ = text_to_path.get_text_width_height_descent(text, font, ismath=False)
    # Fonts are fitted to pixels when drawn, which widens them by up to some 4%.
    return 1.04 * float(width) / 72


def wrap(text: str, size: float, width: float, *, bold: bool = False) -> str:
    """Break a text into lines that fit a width.

    Parameters
    ----------
    text : str
        Words separated by blanks.
    size : float
        Font size, points.
    width : float
        Room, inches.
    bold : bool
        Whether the text is set in bold.

    Returns
    -------
    str
        The text with line breaks; a single word wider than the room stays whole.
    """
    # Words are measured, not lines: most come again, and a line's width is near their sum.
    blank = text_width("x x", size, bold=bold) - 2 * text_width("x", size, bold=bold)
    lines: list[str] = []
    used = 0.0
    for word in text.split():
        wide = text_width(word, size, bold=bold)
        if lines and used + blank + wide <= width:
            lines[-1] = f"{lines[-1]} {word}"
            used += blank + wide
        else:
            lines.append(word)
            used = wide
    return "\n".join(lines)


def legend_columns(labels: Sequence[str], width: float) -> int:
    """Count the legend columns that fit a width.

    Parameters
    ----------
    labels : sequence of str
        Legend entries.
    width : float
        Room, inches.

    Returns
    -------
    int
        Number of columns, at least 1 and at most the number of entries.
    """
    widest = max(text_width(label, style.TEXT_SIZE) for label in labels) + 0.65
    return max(1, min(len(labels), int(width / widest)))


@dataclass(frozen=True)
class Sheet:
    """A figure with its title and footnote set, and the height left for the drawing.

    Attributes
    ----------
    figure : matplotlib.figure.Figure
        The figure.
    height : float
        Height of the whole figure, inches.
    bottom, top : float
        Edges of the room for the drawing, inches from the lower edge.
    """

    figure: Figure
    height: float
    bottom: float
    top: float

    def axes(self, left: float, bottom: float, width: float, height: float) -> Axes:
        """Add axes at a place given in inches from the lower left corner."""
        box = (left / style.WIDTH, bottom / self.height, width / style.WIDTH, height / self.height)
        return self.figure.add_axes(box)

    def panels(
        self,
        count: int,
        across: int = 1,
        *,
        left: float,
        tall: float,
        over: float,
        under: float = 0.55,
        between: float = 0.25,
        right: float = style.MARGIN,
    ) -> list[Axes]:
        """Add panels from left to right and top to bottom; all lengths are inches.

        ``left`` and ``right`` are room at the sides, ``under`` room below the last row, ``over`` room
        above each panel and ``between`` room between two.
        """
        width = (style.WIDTH - left - right - (across - 1) * between) / across
        down, step = -(-count // across), width + between
        rows = [self.bottom + under + (down - 1 - row) * (tall + over) for row in range(down)]
        return [self.axes(left + (i % across) * step, rows[i // across], width, tall) for i in range(count)]


def sheet(body: float, title: str, subtitle: str, note: str, alt: str = "") -> Sheet:
    """Open a figure with a left-aligned title, a subtitle and a footnote.

    Parameters
    ----------
    body : float
        Height wanted for the drawing between subtitle and footnote, inches.
    title, subtitle, note : str
        Texts; each is wrapped to its width, and an empty one takes no room.
    alt : str
        What the drawing shows, in a sentence or two, for those who cannot see it; title and
        subtitle are put before it (see ``output.describe``).

    Returns
    -------
    Sheet
        The figure and the room left; its height grows with the texts.
    """
    room = style.WIDTH - 2 * style.MARGIN
    head = wrap(title, style.TITLE_SIZE, room, bold=True)
    under = wrap(subtitle, style.TEXT_SIZE, room)
    foot = wrap(note, style.NOTE_SIZE, room)
    sizes = ((head, style.TITLE_SIZE), (under, style.TEXT_SIZE), (foot, style.NOTE_SIZE))
    tall = [(text.count("\n") + 1) * size * style.LINE / 72 if text else 0.0 for text, size in sizes]
    height = body + sum(tall) + 2 * style.MARGIN + 0.2
    figure = Figure(figsize=(style.WIDTH, height))
    FigureCanvasAgg(figure)
    figure.set_label(joined(title, subtitle, alt))
    x, y = style.MARGIN / style.WIDTH, 1 - style.MARGIN / height
    common: dict[str, Any] = {"ha": "left", "linespacing": 1.15}
    figure.text(x, y, head, va="top", fontsize=style.TITLE_SIZE, fontweight="bold", **common)
    figure.text(x, y - (tall[0] + 0.04) / height, under, va="top", color=style.MUTED, **common)
    figure.text(x, 0.1 / height, foot, va="bottom", fontsize=style.NOTE_SIZE, color=style.MUTED, **common)
    bottom = style.MARGIN + tall[2] + 0.05
    return Sheet(figure, height, bottom, bottom + body)


def joined(*texts: str) -> str:
    """Join texts into one, each ended by a full stop; empty ones are left out."""
    kept = [" ".join(text.split()) for text in texts if text.strip()]
    return " ".join(text if text[-1] in ".?!" else f"{text}." for text in kept)


def spread(wanted: NDArray[np.float64], gap: float, top: float) -> NDArray[np.float64]:
    """Move label heights apart to at least ``gap``, as little as that needs.

    Parameters
    ----------
    wanted : numpy.ndarray
        Shape (labels,), heights in data units.
    gap, top : float
        Least distance between two labels and height no label may pass, data units.

    Returns
    -------
    numpy.ndarray
        New heights, in the order given.
    """
    order = np.argsort(wanted, kind="stable")
    # Heights less their stacked gaps need only be made to rise: pool those that fall.
    blocks: list[tuple[float, int]] = []
    for height in wanted[order] - gap * np.arange(len(wanted)):
        blocks.append((float(height), 1))
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            (a, m), (b, n) = blocks[-2:]
            blocks[-2:] = [((a * m + b * n) / (m + n), m + n)]
    level = np.concatenate([np.full(n, height) for height, n in blocks])
    placed = np.minimum(level, top - gap * (len(wanted) - 1)) + gap * np.arange(len(wanted))
    result = np.empty(len(placed), dtype=np.float64)
    result[order] = placed
    return result


def date_numbers(months: pd.Series[Any] | Sequence[Any]) -> NDArray[np.float64]:
    """Turn months into matplotlib date numbers.

    Parameters
    ----------
    months : pandas.Series or sequence
        Any days within the months (datetime64 or datetime-like).

    Returns
    -------
    numpy.ndarray
        First day of each month, in days since 1970-01-01.
    """
    first = pd.DatetimeIndex(list(months)).to_period("M").to_timestamp()
    days = mdates.date2num(first.to_numpy())  # type: ignore[no-untyped-call]
    return np.asarray(days, dtype=np.float64)


def month_axis(axes: Axes, most: int = 8) -> None:
    """Label a time axis by year and month without crowding.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Axes whose x values are matplotlib date numbers.
    most : int
        Most labels the axis has room for, at least 6.
    """
    # Fewer labels need leave to be years apart sooner, or no interval would fit.
    least = 3 if most >= 8 else 2
    locator = mdates.AutoDateLocator(minticks=least, maxticks=most)  # type: ignore[no-untyped-call]
    formatter = mdates.ConciseDateFormatter(  # type: ignore[no-untyped-call]
        locator,
        formats=["%Y", "%b", "%d", "%H:%M", "%H:%M", "%S"],
        zero_formats=["", "%Y", "%b", "", "", ""],
        show_offset=False,
    )
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(formatter)
