"""One look for every figure: colours, sizes and the style sheet."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any, ParamSpec, cast

import matplotlib
import pandas as pd
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

P = ParamSpec("P")

CHINA = "#D55E00"
US = "#0072B2"
INK = "#222222"
MUTED = "#595959"
GRID = "#DDDDDD"
LAND = "#CFCFCC"
OCEAN = "#EEF4F8"
FORUM = "#F0E442"
DONOR_COLOURS = {"CHN": CHINA, "CN": CHINA, "CHINA": CHINA, "USA": US, "US": US}
OTHER_COLOURS = ("#009E73", "#AA4499", "#8C6D00", "#555555", "#56B4E9", "#882255", "#44AA99")
DASHES = ("solid", (0, (5, 2)), (0, (1.5, 1.5)), (0, (6, 2, 1.5, 2)))

# The figures are drawn at the width of a printed A4 page, so these points are print points.
WIDTH = 7.2
MARGIN = 0.15
TITLE_SIZE = 14.0
TEXT_SIZE = 10.0
NOTE_SIZE = 9.0
LINE = 1.3


def stylesheet() -> dict[str, Any]:
    """Give the matplotlib settings shared by all figures.

    Returns
    -------
    dict of str to Any
        Settings for ``matplotlib.rc_context``; sizes in points.
    """
    return {
        "font.family": "DejaVu Sans",
        "font.size": TEXT_SIZE,
        "text.color": INK,
        "text.parse_math": False,
        "axes.labelsize": TEXT_SIZE,
        "axes.labelcolor": INK,
        "axes.edgecolor": MUTED,
        "axes.linewidth": 0.8,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.axisbelow": True,
        "axes.unicode_minus": True,
        "axes.grid": True,
        "grid.color": GRID,
        "grid.linewidth": 0.7,
        "xtick.labelsize": TEXT_SIZE,
        "ytick.labelsize": TEXT_SIZE,
        "xtick.color": INK,
        "ytick.color": INK,
        "legend.fontsize": TEXT_SIZE,
        "legend.frameon": False,
        "hatch.linewidth": 1.0,
        "figure.facecolor": "white",
        "savefig.facecolor": "white",
        "svg.fonttype": "path",
        "svg.hashsalt": "hedgerow",
    }


def rc() -> AbstractContextManager[None]:
    """Open a context in which the style sheet holds.

    Returns
    -------
    context manager
        It restores the caller's matplotlib settings at its end.
    """
    # matplotlib types the keys as literals, which a plain dict cannot meet.
    return matplotlib.rc_context(cast(Any, stylesheet()))


def styled(draw: Callable[P, Figure]) -> Callable[P, Figure]:
    """Run a drawing function under the style sheet and restore the settings after it.

    Parameters
    ----------
    draw : callable
        Function that returns a figure.

    Returns
    -------
    callable
        The same function, styled.
    """

    @functools.wraps(draw)
    def inner(*args: P.args, **kwargs: P.kwargs) -> Figure:
        with rc():
            return draw(*args, **kwargs)

    return inner


def diverging() -> LinearSegmentedColormap:
    """Give the map colours, from blue (United States) through near-white to orange (China).

    Returns
    -------
    matplotlib.colors.LinearSegmentedColormap
        Colours for values scaled to 0 to 1; 0.5 is near-white.
    """
    stops = ["#004B7A", US, "#8DBEDD", "#F7F5F0", "#F2B183", CHINA, "#953F00"]
    return LinearSegmentedColormap.from_list("us_to_china", stops)


def require(frame: pd.DataFrame, columns: Sequence[str], what: str) -> None:
    """Check that a table has the columns a figure needs and at least one row.

    Parameters
    ----------
    frame : pandas.DataFrame
        Table to check.
    columns : sequence of str
        Names that must be among its columns.
    what : str
        Name of the table in the error message.

    Raises
    ------
    ValueError
        If a column is missing or the table is empty.
    """
    missing = [name for name in columns if name not in frame.columns]
    if missing:
        raise ValueError(f"{what} lacks the columns {missing}; it has {list(frame.columns)}")
    if frame.empty:
        raise ValueError(f"{what} has no rows, so there is nothing to draw")
