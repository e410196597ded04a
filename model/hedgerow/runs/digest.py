"""The digest of the model, which a posterior belongs to.

It reads code as the interpreter does: comments, docstrings and layout do not count, nor does anything
that only reads results.
"""

import hashlib
import io
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parents[1]
MODEL = ("core", "data")
"""Rooms that say what happens in a month and where it begins."""
TABLES = ("countries.csv", "borders.csv")
SILENT = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENCODING}
OPENING = {tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT}
"""After these a string is a docstring; after the end of a line inside brackets it is not."""


@cache
def model_digest() -> str:
    """Return a digest of the model: the code of the core and of the start, and its tables."""
    found = hashlib.sha256()
    for path in files(MODEL, (".py",)):
        found.update(path.relative_to(PACKAGE).as_posix().encode())
        found.update(bare(path.read_text(encoding="utf-8")).encode())
    for name in TABLES:
        found.update((PACKAGE / "data" / name).read_bytes())
    return found.hexdigest()[:12]


def files(rooms: tuple[str, ...], kinds: tuple[str, ...]) -> list[Path]:
    """Return the files of some rooms of the package, in one order."""
    return sorted(p for room in rooms for p in (PACKAGE / room).rglob("*") if p.suffix in kinds)


def bare(code: str) -> str:
    """Return Python code without comments, docstrings and layout."""
    kept: list[str] = []
    fresh = True
    for kind, text in _tokens(code):
        if kind in SILENT:
            fresh = fresh or kind in OPENING
            continue
        if not (fresh and kind == tokenize.STRING):
            kept.append("".join(text.split()))
        fresh = False
    return " ".join(kept)


def _tokens(code: str) -> Iterator[tuple[int, str]]:
    """Yield kinds and texts of tokens, an f-string as one, which Python 3.12 takes apart."""
    lines, depth, start = code.splitlines(keepends=True), 0, (1, 0)
    for token in tokenize.generate_tokens(io.StringIO(code).readline):
        name = tokenize.tok_name[token.type]
        if name == "FSTRING_START":
            start = start if depth else token.start
            depth += 1
        elif name == "FSTRING_END":
            depth -= 1
            if not depth:
                yield tokenize.STRING, _between(lines, start, token.end)
        elif not depth:
            yield token.type, token.string


def _between(lines: list[str], start: tuple[int, int], end: tuple[int, int]) -> str:
    """Return the text from one place, a line from 1 and a column from 0, to another."""
    rows = lines[start[0] - 1 : end[0]]
    rows[-1] = rows[-1][: end[1]]
    return "".join(rows)[start[1] :]
