"""What a page is made of: sections with sentences, pictures and tables."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
from markupsafe import Markup

from hedgerow.report.brief.workbook import Workbook
from hedgerow.wording.numbers import NumberFormat


@dataclass(frozen=True)
class Picture:
    """A picture as SVG, with what it shows in words and the table it was drawn from.

    ``inline`` pictures hold real text and stand in the page itself; others are images.
    """

    name: str
    svg: str
    alt: str
    caption: str
    table: str
    inline: bool = False


@dataclass(frozen=True)
class Column:
    """A column shown: where its numbers stand in the worksheet, its heading, and its format."""

    source: str
    heading: str
    format: NumberFormat | None = None
    sign: bool = False


def interval_columns(
    heading: str, ends: Sequence[str], how: NumberFormat | None = None, names: Sequence[str] = ()
) -> tuple[Column, ...]:
    """Return the columns of an estimate and the ends of its interval, with signs."""
    texts = (heading, *(names or ("90% interval, low", "high")))
    return tuple(Column(source, text, how, sign=True) for source, text in zip(ends, texts, strict=True))


@dataclass(frozen=True)
class TableView:
    """A worksheet as a page shows it.

    Attributes
    ----------
    table : str
        Name in the workbook.
    caption : str
    columns : tuple of Column
        The first is the heading of each row.
    sortable : bool
        Whether the reader may sort it.
    rows : pandas.DataFrame or None
        The rows to show; all by default.
    formats : tuple of NumberFormat
        Format of each row, where rows differ in unit.
    """

    table: str
    caption: str
    columns: tuple[Column, ...]
    sortable: bool = False
    rows: pd.DataFrame | None = None
    formats: tuple[NumberFormat, ...] = ()


@dataclass(frozen=True)
class Section:
    """One part of a page under a heading of its own."""

    anchor: str
    title: str
    sentences: Sequence[Markup] = ()
    pictures: Sequence[Picture] = ()
    tables: Sequence[TableView] = ()
    items: Sequence[Markup] = ()
    notes: Sequence[Markup] = ()


@dataclass(frozen=True)
class Origin:
    """Where the numbers of a page come from.

    Attributes
    ----------
    facts : list of (str, str)
        What a reader needs to repeat it: seed, runs, hash, versions.
    command : str
        The command that makes the page again.
    against : str
        What the scenario is told apart from, in words.
    changes : list of (str, str, str)
        Dotted path, value there, value here.
    """

    facts: list[tuple[str, str]]
    command: str
    against: str = ""
    changes: list[tuple[str, str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Page:
    """A whole brief, before it is written as HTML."""

    kind: str
    title: str
    question: str
    answer: Sequence[Markup]
    picture: Picture
    sections: Sequence[Section]
    origin: Origin
    workbook: Workbook
    warnings: Sequence[Markup] = ()

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return every table a number of the page was read from."""
        return {name: sheet.frame for name, sheet in self.workbook.sheets.items()}


def cells(view: TableView, workbook: Workbook) -> list[dict[str, Any]]:
    """Return a table row by row: ``key`` of the row in the workbook, and its ``cells``."""
    sheet = workbook.sheets[view.table]
    frame = sheet.frame if view.rows is None else view.rows
    out = []
    for place, row in enumerate(frame.to_dict(orient="records")):
        own = view.formats[place] if view.formats else None
        key = "/".join(str(row[k]) for k in sheet.keys)
        out.append({"key": key, "cells": [_cell(row[c.source], c, own) for c in view.columns]})
    return out


def _cell(value: Any, column: Column, own: NumberFormat | None) -> dict[str, Any]:
    how = column.format or own
    if how is None or isinstance(value, str):
        return {"text": str(value), "sort": str(value), "column": column.source, "number": False}
    text = how.text(float(value), sign=column.sign)
    shown = {"text": text, "sort": repr(float(value)), "column": column.source, "number": True}
    return shown | {"scale": f"{how.scale:g}", "places": how.places}
