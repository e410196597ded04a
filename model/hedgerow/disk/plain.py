"""Plain text and plain data: what may stand in them, and how the rest is shown.

Whatever a file, a link or a form says ends in terminals, logs, tables and pages. Characters that move a
cursor, end a line or turn the direction of reading have no place there: they are refused where data comes
in (:func:`checked`) and shown by their number wherever a text may not have come through there
(:func:`visible`); :func:`message` does so for all that a user is told.
"""

import math
import os
import re
import shlex
from collections.abc import Mapping
from typing import Any, TypeAlias

DEPTH = 32
"""Most tables and lists within one another."""
LONGEST = 200
"""Most letters of a key."""
MESSAGE = 1_000
"""Most letters of a message."""
LARGEST = 2**63
"""Whole numbers lie below it, as TOML has them."""
PROSE = frozenset({"question", "look_at", "surprise", "finding", "brief", "aim", "study"})
"""Keys whose texts may have lines and tabs."""
Place: TypeAlias = tuple[str, "Place | None"]
_MOVING = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff"
_IN_PROSE, _IN_LINE = re.compile(f"[{_MOVING}]"), re.compile(f"[{_MOVING}\t\n\r]")


class UnfitError(ValueError):
    """Data that is not plain; ``key`` says where, ``fault`` what is wrong with it."""

    def __init__(self, key: str, fault: str) -> None:
        self.key, self.fault = key, fault
        super().__init__(f"{key}: {fault}" if key else fault)

    @property
    def fault_at(self) -> str:
        """The fault as what follows "it", with where it is."""
        return f"{self.fault}, at '{self.key}'" if self.key else self.fault


def visible(text: object) -> str:
    r"""Return a text on one line, with every character that is not to be seen by its number.

    Examples
    --------
    >>> print(visible("a\x1b[2Jb"))
    a\u001b[2Jb
    """
    return _IN_LINE.sub(_number, str(text))


def message(text: object) -> str:
    """Return what a user is told: on one line, with nothing hidden, and no longer than a person reads.

    What is wrong stands at its beginning and what helps at its end, so the middle goes.
    """
    words = visible(text)
    return words if len(words) <= MESSAGE else f"{words[: MESSAGE - 403]}...{words[-400:]}"


def _number(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"


def escaped(text: str) -> str:
    """Return JSON or TOML with every character that is not to be seen by its number, which both turn back."""
    return _IN_PROSE.sub(_number, text)


def command(*words: object, **options: object) -> str:
    """Return a command as one types it into a shell, which does just what it says whatever its words hold.

    Parameters
    ----------
    *words : object
        The command of hedgerow and what it is about: names, paths, numbers.
    **options : object
        What follows ``--`` by name, a list as often as it is long; what is None or False is left out.

    Examples
    --------
    >>> command("report", "a; rm b.toml", versus="-x", fixed=True)
    "hedgerow report 'a; rm b.toml' --versus=-x --fixed"
    >>> command("run", "-x.toml", seed=1)
    'hedgerow run --seed 1 -- -x.toml'
    """
    name, *about = map(str, words)
    given: list[str] = []
    for key, value in options.items():
        for one in value if isinstance(value, list | tuple) else (value,):
            flag, text = f"--{key.replace('_', '-')}", str(one)
            if one is not None and one is not False:
                given += [flag] if one is True else [f"{flag}={text}"] if text.startswith("-") else [flag, text]
    ordered = [*given, "--", *about] if any(word.startswith("-") for word in about) else [*about, *given]
    return " ".join(quoted(word) for word in ("hedgerow", name, *ordered))


def quoted(word: str) -> str:
    """Return one word as a shell takes it; see :func:`command`."""
    if not _IN_LINE.search(word):
        return shlex.quote(word)
    # What is not to be seen goes by its bytes, which bash and zsh turn back.
    codes = (chr(b) if 0x20 <= b < 0x7F and b not in b"'\\" else f"\\x{b:02x}" for b in os.fsencode(word))
    return f"$'{''.join(codes)}'"


def checked(value: Any, *, finite: bool = False) -> None:
    """Make sure that nested data is plain, however deep it is.

    Parameters
    ----------
    value : object
        Tables, lists, texts, numbers, dates.
    finite : bool
        Whether every number must be one.

    Raises
    ------
    UnfitError
        If it is nested too deeply, or holds a key, text or number that may not be.
    """
    # A place is its name and the place that holds it: paths are put together only where one is to be told.
    waiting: list[tuple[Any, int, Place]] = [(value, 0, ("", None))]
    while waiting:
        here, depth, place = waiting.pop()
        if depth > DEPTH:
            raise UnfitError(_key(place)[:40] + "...", f"is nested more than {DEPTH} deep")
        if isinstance(here, Mapping):
            inside = [(_name(key, place), one) for key, one in here.items()]
        elif isinstance(here, list | tuple):
            inside = [(place[0], one) for one in here]
        else:
            inside = [("", here)]
        for name, one in inside:
            if isinstance(one, Mapping | list | tuple):
                waiting.append((one, depth + 1, (name, place)))
            elif fault := _fault(one, name, finite=finite):
                raise UnfitError(_key((name, place)), fault)


def _name(key: object, place: Place) -> str:
    word = str(key)
    if len(word) > LONGEST:
        raise UnfitError(_key((word[:40], place)) + "...", f"is a key of more than {LONGEST} letters")
    if found := _IN_LINE.search(word):
        raise UnfitError(_key((word, place)), _control(found[0]))
    return word


def _fault(value: Any, name: str, *, finite: bool) -> str:
    if isinstance(value, str):
        found = (_IN_PROSE if name in PROSE else _IN_LINE).search(value)
        return _control(found[0]) if found else ""
    if isinstance(value, int) and abs(value) >= LARGEST:
        return "is a whole number of more than 18 digits"
    return "is not a finite number" if finite and isinstance(value, float) and not math.isfinite(value) else ""


def _control(letter: str) -> str:
    names = {"\n": "a line break", "\r": "a line break", "\t": "a tab"}
    return f"holds {names.get(letter, 'a control character')} (U+{ord(letter):04X}), which may not be here"


def _key(place: Place | None) -> str:
    """Return the dotted key of a place; what stands in a list has the key of the list."""
    parts: list[str] = []
    while place is not None:
        name, above = place
        if name and (not above or name != above[0]):
            parts.append(name)
        place = above
    return visible(".".join(reversed(parts)))
