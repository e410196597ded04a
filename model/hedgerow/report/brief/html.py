"""A page as one HTML file: no request leaves it, and whatever a scenario file says is text.

Jinja2 writes it, with autoescaping on for everything: names and titles come from files that others
wrote, and a template engine that escapes unless told otherwise cannot forget one. A policy in the
page's head forbids every request and every script but the page's own, known by its hash.
"""

import base64
import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup

from hedgerow.disk import whole
from hedgerow.report.brief.page import Page, Picture, cells
from hedgerow.report.brief.workbook import Worksheet
from hedgerow.runs import identity
from hedgerow.runs.folder import FolderError, claimed_file

MARK = '<meta name="generator" content="hedgerow brief'
"""What tells a page that this room wrote from any other file."""
LOOKED_AT = 2000


def render(page: Page) -> str:
    """Return a page as HTML."""
    css, script = _text("page.css"), _text("page.js")
    allowed = f"default-src 'none'; img-src data:; style-src '{_hash(css)}'; "
    allowed += f"script-src '{_hash(script)}'; base-uri 'none'; form-action 'none'"
    return str(
        _environment()
        .get_template("page")
        .render(
            page=page,
            css=Markup(css),
            script=Markup(script),
            allowed=allowed,
            release=identity.code_version(),
            cells=lambda view: cells(view, page.workbook),
            source=_source,
            csv=_csv,
            sheets=page.workbook.sheets,
            inline=_inline,
        )
    )


@contextmanager
def hold(path: Path) -> Iterator[Callable[[Page], int]]:
    """Hold the file of a page while it is made, and give what writes it, whole or not at all, and returns its bytes.

    Raises
    ------
    FolderError
        If the file is not a brief, another process is writing it, or it cannot be written.
    """
    with claimed_file(path):
        if path.exists() and not _ours(path):
            raise FolderError(f"{path}: holds something else than a brief; give --out another name")

        def put(page: Page) -> int:
            content = render(page).encode()
            whole.write(path, content)
            return len(content)

        yield put


def _ours(path: Path) -> bool:
    with path.open("rb") as handle:
        start = handle.read(LOOKED_AT)
    return not start or MARK.encode() in start


def write(page: Page, path: Path) -> int:
    """Write a page, whole or not at all, and return its bytes."""
    with hold(path) as put:
        return put(page)


@cache
def _environment() -> Environment:
    loader = DictLoader({"page": _text("page.html")})
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


@cache
def _text(name: str) -> str:
    return files("hedgerow.report.brief").joinpath(name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _source(picture: Picture) -> str:
    """Return a picture as an address that holds it."""
    return f"data:image/svg+xml;base64,{base64.b64encode(picture.svg.encode()).decode()}"


def _inline(picture: Picture) -> Markup:
    """Return a picture drawn by :mod:`~hedgerow.report.brief.strip`, which escapes its texts."""
    named = Markup('<svg role="img" aria-label="{}" ').format(picture.alt)
    return named + Markup(picture.svg.removeprefix("<svg "))


def _csv(sheet: Worksheet) -> Any:
    return f"data:text/csv;charset=utf-8;base64,{base64.b64encode(sheet.csv().encode()).decode()}"
