"""The tables of a brief, and numbers on their way from a cell into a sentence.

A sentence takes a number from a :class:`Book` by table, row and column, and gets it as a ``data``
element that names the cell and carries the number unrounded, so that a test can read the page and
look every number up.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from markupsafe import Markup

MINUS = "\N{MINUS SIGN}"
MOST_PLACES = 6
UNKNOWN = "not known"
COUNT = "count"
"""Unit of a whole number that counts what a sentence names."""
MONEY = ((1e9, "billion"), (1e6, "million"), (1e3, "thousand"))


@dataclass(frozen=True)
class Look:
    """How a number and its interval are written.

    Attributes
    ----------
    scale : float
        What numbers are multiplied by before they are shown.
    places : int
        Digits after the point; below zero, figures before it that are rounded away.
    before, after : str
        What stands before and after them, such as ``US$`` and ``million``.
    """

    scale: float = 1.0
    places: int = 0
    before: str = ""
    after: str = ""

    @property
    def words(self) -> str:
        """The unit in words, for the head of a column or a row."""
        return f"{self.before} {self.after}".strip() or "0-1"

    def text(self, value: float, *, sign: bool = False) -> str:
        """Return a number as shown, without what stands before and after."""
        if not math.isfinite(value):
            return UNKNOWN
        shown = round(value * self.scale, self.places)
        digits = f"{abs(shown):,.{max(0, self.places)}f}"
        if shown == 0:
            return digits
        return (MINUS if shown < 0 else "+" if sign else "") + digits


def look(values: Sequence[float], unit: str, *, change: bool = False, beside: float = 0.0) -> Look:
    """Choose how a number and the ends of its interval are written: to two figures.

    Parameters
    ----------
    values : sequence of float
        The number first, then the ends of its interval.
    unit : str
        Its unit, as in the tables.
    change : bool
        Whether it is a difference, so that shares become percentage points.
    beside : float
        A larger number that is written in the same unit.
    """
    known = [v for v in values if math.isfinite(v)] or [0.0]
    lead = max(map(abs, known)) if min(known) <= 0 <= max(known) else abs(known[0])
    scale, before, after = 1.0, "", ""
    if unit == "share":
        scale, after = 100.0, "percentage points" if change else "%"
    elif unit == "US$":
        size, after = next(((s, w) for s, w in MONEY if max(lead, beside) >= s), (1.0, ""))
        scale, before = 1.0 / size, "US$"
    elif unit == COUNT:
        return Look()
    elif unit not in ("0-1", "index", ""):
        after = unit
    places = _places(lead * scale)
    nonzero = [abs(v * scale) for v in known if v != 0]
    while nonzero and 0 <= places < MOST_PLACES and round(min(nonzero), places) == 0:
        places += 1
    low, high = min(known) * scale, max(known) * scale
    while low < high and 0 <= places < MOST_PLACES and round(low, places) == round(high, places):
        places += 1
    return Look(scale, places, before, after)


def exact(value: float) -> Look:
    """Choose how a number that someone set is written: as it was set."""
    digits = f"{value:.6f}".rstrip("0").partition(".")[2]
    return Look(places=len(digits))


def plain(value: float) -> str:
    """Return a number that someone set, as it was set, in text."""
    return f"{value:g}".replace("-", MINUS)


def _places(lead: float) -> int:
    """Return places for two figures, three where thousands are counted."""
    if lead <= 0:
        return 0
    size = math.floor(math.log10(lead))
    return min(MOST_PLACES, max(0, 1 - size)) if size < 3 else min(0, 2 - size)


@dataclass(frozen=True)
class Kept:
    """One table of a book: its frame, the columns that name a row, and what it holds."""

    name: str
    frame: pd.DataFrame
    keys: tuple[str, ...]
    about: str
    rows: Mapping[str, int]

    def csv(self) -> str:
        """Return the table as CSV, numbers in full."""
        return self.frame.to_csv(index=False, lineterminator="\n")


class Book:
    """Tables by name, and their numbers as elements of a page."""

    def __init__(self) -> None:
        self.kept: dict[str, Kept] = {}

    def add(self, name: str, frame: pd.DataFrame, keys: Sequence[str], about: str) -> pd.DataFrame:
        """Keep a table under a name.

        Parameters
        ----------
        name : str
        frame : pandas.DataFrame
        keys : sequence of str
            Columns whose values, joined by ``/``, name a row.
        about : str
            What it holds, in a few words.
        """
        labels = frame[list(keys)].astype(str).agg("/".join, axis=1) if len(frame) else ()
        rows = {label: i for i, label in enumerate(labels)}
        self.kept[name] = Kept(name, frame, tuple(keys), about, rows)
        return frame

    def has(self, table: str, row: str) -> bool:
        """Say whether there is such a row."""
        return table in self.kept and row in self.kept[table].rows

    def cell(self, table: str, row: str, column: str) -> Any:
        """Return what a cell holds."""
        kept = self.kept[table]
        return kept.frame[column].iloc[kept.rows[row]]

    def row(self, table: str, row: str) -> dict[str, Any]:
        """Return a row by column."""
        kept = self.kept[table]
        return {str(k): v for k, v in kept.frame.iloc[kept.rows[row]].items()}

    def number(self, table: str, row: str, column: str, how: Look, *, sign: bool = False, size: bool = False) -> Markup:
        """Return a number as an element that names its cell; ``size`` leaves its sign out."""
        value = float(self.cell(table, row, column))
        text = how.text(abs(value), sign=False) if size else how.text(value, sign=sign)
        key = f"{table}:{row}:{column}"
        element = '<data value="{}" data-key="{}" data-scale="{}" data-places="{}">{}</data>'
        return Markup(element).format(repr(value), key, f"{how.scale:g}", how.places, text)

    def plain(self, table: str, row: str, column: str, unit: str = "") -> Markup:
        """Return a number that stands alone, with its unit."""
        how = look([float(self.cell(table, row, column))], unit)
        return around(how, self.number(table, row, column, how))

    def span(self, table: str, row: str, low: str, high: str, how: Look, *, size: bool = False) -> Markup:
        """Return an interval, ``low to high``, each end with its sign or, if asked, its size."""
        ends = (self.number(table, row, end, how, sign=True, size=size) for end in (low, high))
        return around(how, Markup("{} to {}").format(*ends))


def around(how: Look, shown: Markup) -> Markup:
    """Return what is shown with its unit before and after."""
    before = f"{how.before} " if how.before else ""
    glue = "" if how.after in ("", "%") else " "
    return Markup("{}{}{}{}").format(before, shown, glue, how.after)


def listed(parts: Sequence[Markup | str]) -> Markup:
    """Return parts as a list in a sentence: ``a, b and c``."""
    if len(parts) < 2:
        return Markup("").join(parts)
    return Markup("{} and {}").format(Markup(", ").join(parts[:-1]), parts[-1])


def number_words(count: int, one: str, many: str) -> str:
    """Return the noun that goes with a count."""
    return one if count == 1 else many
