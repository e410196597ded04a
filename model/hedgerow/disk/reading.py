"""Reading within limits: text, TOML and JSON, each refused in a few words where it is not what it should be.

Whoever wants another kind of text read adds a function here that raises :class:`UnreadableError` and gives
nothing that :func:`~hedgerow.disk.plain.checked` refuses.
"""

import json
import re
import stat
import tomllib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from hedgerow.disk.plain import DEPTH, UnfitError, checked

MOST = 1_000_000
"""Most bytes of a file that a person writes."""
PARTS = 32
"""Most parts of a dotted key; a longer one takes the reader a time that grows with its square."""
NO_TOML = "is not valid TOML"
_WORD = r"""(?:[A-Za-z0-9_-]++|"(?:[^"\\\n]|\\.)*+"|'[^'\n]*+')"""
_DOTTED = re.compile(rf"(?m)(?:^|[\[{{,])[ \t]*+(?:{_WORD}[ \t]*+\.[ \t]*+){{{PARTS}}}")
_DIGITS = re.compile(r"(?<![\d_])\d[\d_]{4299,}")
_NESTED = re.compile(r"[\[{]|[\]}]")
VALUES = 500_000
"""Most values of a JSON text; each takes far more memory than its letters."""
_NEWLINE = "Illegal character '\\n'"
"""What the reader says where a closing quote is missing."""


class UnreadableError(UnfitError):
    """A text that cannot be read; ``fault`` says why, as what follows "it"."""


def text(path: Path, most: int = MOST) -> str:
    """Return the text of a file, its lines ended as Python has them.

    Raises
    ------
    UnreadableError
        If it is no regular file, too large, or not UTF-8.
    OSError
        If it cannot be opened.
    """
    told = path.stat()
    if not stat.S_ISREG(told.st_mode) and not stat.S_ISDIR(told.st_mode):
        raise UnreadableError("", "is no regular file")
    with path.open("rb") as handle:
        content = handle.read(most + 1)
    if len(content) > most:
        raise UnreadableError("", f"is larger than {most:,} bytes")
    return decoded(content)


def decoded(content: bytes) -> str:
    """Return bytes as text; see :func:`text`."""
    try:
        found = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableError("", f"is not UTF-8 text (byte {error.start})") from None
    return found.replace("\r\n", "\n").replace("\r", "\n")


def toml(content: str) -> dict[str, Any]:
    """Return what TOML says.

    Raises
    ------
    UnreadableError
        If it is not TOML, or says more than anyone would write by hand.
    """
    if len(content) > MOST:
        raise UnreadableError("", f"is larger than {MOST:,} letters")
    if found := _DOTTED.search(content):
        raise UnreadableError("", f"has a key of more than {PARTS} parts (at line {_line(content, found.start())})")
    try:
        tables = tomllib.loads(content)
    except tomllib.TOMLDecodeError as error:
        words = str(error).replace(_NEWLINE, "the line ends before its text does")
        raise UnreadableError("", f"{NO_TOML}: {words:.300}") from None
    except RecursionError:
        raise _too_deep(content) from None
    except ValueError:
        raise UnreadableError("", f"has a number too long to be read{_where(_DIGITS, content)}") from None
    _plain(tables)
    return tables


def json_object(content: str) -> dict[str, Any]:
    """Return what JSON says where that is one object.

    Raises
    ------
    UnreadableError
        If it is no JSON object, gives a key twice, or holds what may not be.
    """
    if content.count(",") >= VALUES:
        raise UnreadableError("", f"holds more than {VALUES:,} values")
    try:
        found = json.loads(content, object_pairs_hook=_once, parse_constant=_no_number)
    except UnreadableError:
        raise
    except json.JSONDecodeError as error:
        raise UnreadableError("", f"is not JSON: {error.msg} (at line {error.lineno})") from None
    except RecursionError:
        raise _too_deep(content) from None
    except ValueError:
        raise UnreadableError("", f"has a number too long to be read{_where(_DIGITS, content)}") from None
    if not isinstance(found, dict):
        raise UnreadableError("", "is no JSON object")
    _plain(found, finite=True)
    return found


def _once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice, _ = Counter(key for key, _ in pairs).most_common(1)[0]
        raise UnreadableError(f"{twice:.40}", "is given twice")
    return found


def _no_number(word: str) -> Any:
    raise UnreadableError("", f"holds {word}, which is no number")


def _plain(tables: Any, *, finite: bool = False) -> None:
    try:
        checked(tables, finite=finite)
    except UnfitError as error:
        raise UnreadableError(error.key, error.fault) from None


def _too_deep(content: str) -> UnreadableError:
    """Return the fault of brackets too deep to be followed, with the line where they become so."""
    depth = 0
    for found in _NESTED.finditer(content):
        depth += 1 if found[0] in "[{" else -1
        if depth > DEPTH:
            return UnreadableError("", f"is nested more than {DEPTH} deep (at line {_line(content, found.start())})")
    return UnreadableError("", f"is nested more than {DEPTH} deep")


def _where(what: re.Pattern[str], content: str) -> str:
    found = what.search(content)
    return f" (at line {_line(content, found.start())})" if found else ""


def _line(content: str, place: int) -> int:
    return content.count("\n", 0, place) + 1
