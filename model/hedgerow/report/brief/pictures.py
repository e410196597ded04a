"""Figures of the library as pictures of a page."""

from collections.abc import Sequence

import pandas as pd
from matplotlib.figure import Figure

from hedgerow import figures
from hedgerow.figures import style
from hedgerow.report.brief.page import Picture
from hedgerow.report.brief.strip import Mark, draw
from hedgerow.wording.numbers import MINUS, setting

UNCLEAR_INK = "#767676"


def of(figure: Figure, name: str, alt: str, caption: str, table: str) -> Picture:
    """Return a figure as a picture of a page; ``alt`` stands before what the figure says."""
    return Picture(name, figures.as_svg(figure), f"{alt} {figures.describe(figure)}", caption, table)


def colour(code: str, place: int) -> str:
    """Return the colour of a donor."""
    return style.DONOR_COLOURS.get(code, style.OTHER_COLOURS[place % len(style.OTHER_COLOURS)])


def intervals(
    rows: Sequence[tuple[str, float, float, float, str]],
    *,
    axis: str,
    ends: tuple[str, str] = ("", ""),
    alt: str,
    caption: str,
    table: str,
    name: str = "answer",
) -> Picture:
    """Return intervals around zero; a row is label, middle, low, high and colour."""
    marks = [Mark(label, low, high, ink, middle) for label, middle, low, high, ink in rows]
    return Picture(name, draw(marks, axis=axis, ends=ends), alt, caption, table, inline=True)


def assumption_bars(table: pd.DataFrame, *, axis: str, ends: tuple[str, str], alt: str) -> Picture:
    """Return how an answer moves with each key assumption, the largest swing first.

    Parameters
    ----------
    table : pandas.DataFrame
        As :func:`~hedgerow.report.brief.leaning.lean` gives it.
    """
    marks = [
        Mark(
            f"{row['words']}: {setting(row['low'])} to {setting(row['high'])}".replace("-", MINUS),
            row["lowest"],
            row["highest"],
            style.MUTED,
            first=row["at_low"],
            last=row["at_high"],
        )
        for row in table.to_dict(orient="records")
    ]
    caption = (
        "Each bar joins the mean answer with one assumption at the low end of its range (open "
        "circle) and at the high end (filled circle), all else as in the scenario."
    )
    return Picture("assumptions", draw(marks, axis=axis, ends=ends), alt, caption, "assumptions", inline=True)
