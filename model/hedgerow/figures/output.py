"""A figure as text, bytes and files: the one way out of this room.

The same figure always gives the same bytes: no date, no program name, and ids in an SVG that come
from a fixed salt. Letters in an SVG are drawn as paths, so that it looks the same where the font
is missing and no text runs into another; its words are in the alternative text and the CSV.
"""

from __future__ import annotations

import io
import re
from pathlib import Path
from xml.sax.saxutils import quoteattr

import pandas as pd
from matplotlib.figure import Figure as Figure  # noqa: PLC0414  # for those who may not import Matplotlib

from hedgerow.disk import whole
from hedgerow.figures import style
from hedgerow.wording.csv import csv

DPI = 150
_DRAWN = re.compile(r' d="[^"]*"')
_DIGITS = re.compile(r"(?<=\.\d\d)\d+")


def describe(fig: Figure) -> str:
    """Return a figure's alternative text: its title and what it shows, in words.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        A figure of this package.

    Returns
    -------
    str
        One paragraph without markup; escape it before it goes into HTML.
    """
    return str(fig.get_label())


def as_png(fig: Figure, dpi: int = DPI) -> bytes:
    """Return a figure as PNG, at ``dpi`` dots an inch."""
    file = io.BytesIO()
    with style.rc():
        # Level 3 halves the time of the default 6 for nearly the same size.
        fig.savefig(file, format="png", dpi=dpi, metadata={"Software": None}, pil_kwargs={"compress_level": 3})
    return file.getvalue()


def as_svg(fig: Figure) -> str:
    """Return a figure as an ``<svg>`` element that carries its alternative text."""
    file = io.StringIO()
    with style.rc():
        fig.savefig(file, format="svg", metadata={"Date": None, "Creator": None})
    # A hundredth of a point cannot be seen, and without more digits a map is a fifth smaller.
    text = _DRAWN.sub(lambda path: _DIGITS.sub("", path[0]), file.getvalue())
    label = f'<svg role="img" aria-label={quoteattr(describe(fig))} '
    return text[text.index("<svg ") :].replace("<svg ", label, 1)


def as_csv(table: pd.DataFrame) -> str:
    """Return a figure's table as CSV, numbers in full."""
    return csv(table)


def save(fig: Figure, path: str | Path, *, svg: bool = False, data: pd.DataFrame | None = None) -> list[Path]:
    """Write a figure as PNG at 150 dots an inch, and as SVG and its data as CSV if asked.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        The figure.
    path : str or pathlib.Path
        File to write; its ending is replaced by ``.png``, ``.svg`` and ``.csv``.
    svg : bool
        Whether to write the SVG too.
    data : pandas.DataFrame, optional
        The tidy table handed to the figure.

    Returns
    -------
    list of pathlib.Path
        The files written; the same figure always gives the same bytes.

    Raises
    ------
    OSError
        If a file cannot be written.
    """
    path = Path(path)
    stem = path.with_suffix("") if path.suffix in {".png", ".svg", ".csv"} else path
    parts = {".png": as_png(fig)}
    if svg:
        parts[".svg"] = as_svg(fig).encode()
    if data is not None:
        parts[".csv"] = as_csv(data).encode()
    files = [stem.with_name(stem.name + ending) for ending in parts]
    for file, content in zip(files, parts.values(), strict=True):
        whole.write(file, content)
    return files
