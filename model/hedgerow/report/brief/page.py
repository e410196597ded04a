"""What a page is made of: parts with sentences, pictures and tables."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
from markupsafe import Markup

from hedgerow.report.brief.book import Book, Look


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
    """A column shown: where its numbers stand in the book's table, its heading, and its look."""

    source: str
    heading: str
    look: Look | None = None
    sign: bool = False


@dataclass(frozen=True)
class Shown:
    """A table of the book as a page shows it.

    Attributes
    ----------
    table : str
        Name in the book.
    caption : str
    columns : tuple of Column
        The first is the heading of each row.
    sortable : bool
        Whether the reader may sort it.
    rows : pandas.DataFrame or None
        The rows to show; all by default.
    looks : tuple of Look
        Look of each row, where rows differ in unit.
    """

    table: str
    caption: str
    columns: tuple[Column, ...]
    sortable: bool = False
    rows: pd.DataFrame | None = None
    looks: tuple[Look, ...] = ()


@dataclass(frozen=True)
class Part:
    """One part of a page under a heading of its own."""

    anchor: str
    title: str
    said: Sequence[Markup] = ()
    pictures: Sequence[Picture] = ()
    tables: Sequence[Shown] = ()
    listed: Sequence[Markup] = ()
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
    parts: Sequence[Part]
    origin: Origin
    book: Book
    warnings: Sequence[Markup] = ()

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return every table a number of the page was read from."""
        return {name: kept.frame for name, kept in self.book.kept.items()}


def cells(shown: Shown, book: Book) -> list[dict[str, Any]]:
    """Return a table row by row: ``key`` of the row in the book, and its ``cells``."""
    kept = book.kept[shown.table]
    frame = kept.frame if shown.rows is None else shown.rows
    out = []
    for place, row in enumerate(frame.to_dict(orient="records")):
        own = shown.looks[place] if shown.looks else None
        key = "/".join(str(row[k]) for k in kept.keys)
        out.append({"key": key, "cells": [_cell(row[c.source], c, own) for c in shown.columns]})
    return out


def _cell(value: Any, column: Column, own: Look | None) -> dict[str, Any]:
    how = column.look or own
    if how is None or isinstance(value, str):
        return {"text": str(value), "sort": str(value), "column": column.source, "number": False}
    number = float(value)
    text = how.text(number, sign=column.sign)
    return {
        "text": text,
        "sort": repr(number),
        "column": column.source,
        "number": True,
        "scale": f"{how.scale:g}",
        "places": how.places,
    }
