"""The tables of a brief, and numbers on their way from a cell into a sentence.

A sentence takes a number from a :class:`Workbook` by table, row and column, and gets it as a
``data`` element that names the cell and carries the number unrounded, so that a test can read the
page and look every number up.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from markupsafe import Markup

from hedgerow.wording.csv import csv
from hedgerow.wording.numbers import COUNT, NumberFormat, number_format


@dataclass(frozen=True)
class Worksheet:
    """One table of a workbook: its frame, the columns that name a row, and what it holds."""

    name: str
    frame: pd.DataFrame
    keys: tuple[str, ...]
    about: str
    rows: Mapping[str, int]

    def csv(self) -> str:
        """Return the table as CSV, numbers in full."""
        return csv(self.frame)


class Workbook:
    """Tables by name, and their numbers as elements of a page."""

    def __init__(self) -> None:
        self.sheets: dict[str, Worksheet] = {}

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
        self.sheets[name] = Worksheet(name, frame, tuple(keys), about, rows)
        return frame

    def add_counts(self, rows: Sequence[tuple[Any, ...]], name: str = "counts", *more: str) -> None:
        """Keep numbers that sentences name; a row is a key, a value and what ``more`` calls the rest."""
        frame = pd.DataFrame(rows, columns=["key", "value", *more]).astype({"value": float})
        about = "How the page was made" if name == "method" else "Counts named in the text"
        self.add(name, frame, ("key",), about)

    def has(self, table: str, row: str) -> bool:
        """Say whether there is such a row."""
        return table in self.sheets and row in self.sheets[table].rows

    def frame(self, table: str) -> pd.DataFrame:
        """Return a table."""
        return self.sheets[table].frame

    def cell(self, table: str, row: str, column: str) -> Any:
        """Return what a cell holds."""
        sheet = self.sheets[table]
        return sheet.frame[column].iloc[sheet.rows[row]]

    def row(self, table: str, row: str) -> dict[str, Any]:
        """Return a row by column."""
        sheet = self.sheets[table]
        return {str(k): v for k, v in sheet.frame.iloc[sheet.rows[row]].items()}

    def value(self, key: str, table: str = "counts") -> float:
        """Return one of the numbers that sentences name."""
        return float(self.cell(table, key, "value"))

    def count(self, key: str, table: str = "counts") -> Markup:
        """Return one of the counts that sentences name, as an element."""
        return self.quantity(table, key, "value", COUNT)

    def number(
        self, table: str, row: str, column: str, how: NumberFormat, *, sign: bool = False, size: bool = False
    ) -> Markup:
        """Return a number as an element that names its cell; ``size`` leaves its sign out."""
        value = float(self.cell(table, row, column))
        text = how.text(abs(value), sign=False) if size else how.text(value, sign=sign)
        key = f"{table}:{row}:{column}"
        element = '<data value="{}" data-key="{}" data-scale="{}" data-places="{}">{}</data>'
        return Markup(element).format(repr(value), key, f"{how.scale:g}", how.places, text)

    def sized(
        self, table: str, row: str, column: str, how: NumberFormat, *, sign: bool = False, size: bool = False
    ) -> Markup:
        """Return a number with its unit."""
        return with_unit(how, self.number(table, row, column, how, sign=sign, size=size))

    def quantity(self, table: str, row: str, column: str, unit: str = "") -> Markup:
        """Return a number that stands alone, with its unit."""
        return self.sized(table, row, column, number_format([float(self.cell(table, row, column))], unit))

    def span(
        self, table: str, row: str, ends: Sequence[str], how: NumberFormat, *, sign: bool = True, size: bool = False
    ) -> Markup:
        """Return an interval, ``low to high``, each end with its sign or, if asked, its size."""
        low, high = (self.number(table, row, end, how, sign=sign, size=size) for end in ends)
        return with_unit(how, Markup("{} to {}").format(low, high))

    def interval(
        self, table: str, row: str, ends: Sequence[str], how: NumberFormat, *, sign: bool = True, size: bool = False
    ) -> Markup:
        """Return an interval with its level, such as ``90% interval +0.1 to +0.2``."""
        level = self.quantity("method", "level", "value", "share")
        return Markup("{} interval {}").format(level, self.span(table, row, ends, how, sign=sign, size=size))


def with_unit(how: NumberFormat, shown: Markup) -> Markup:
    """Return what is shown with its unit before and after."""
    before = f"{how.before} " if how.before else ""
    glue = "" if how.after in ("", "%") else " "
    return Markup("{}{}{}{}").format(before, shown, glue, how.after)
