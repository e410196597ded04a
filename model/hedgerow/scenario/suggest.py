"""The nearest valid choice to what a file says, for the end of a message."""

import difflib
from collections.abc import Iterable, Sequence

from hedgerow.data.load import countries
from hedgerow.data.select import nearest

MANY = 30
"""More choices than this are not listed in full."""


def near_only(word: str, known: Iterable[str]) -> str:
    """Return ``"; did you mean 'x'?"``, or nothing where no choice is near."""
    near = nearest(word, known)
    return near if near.startswith("; did") else ""


def suggestion(word: str, known: Sequence[str]) -> str:
    """Return the nearest choice, or all of them where none is near and they are few."""
    near = near_only(word, known)
    if near or not known:
        return near
    if len(known) > MANY:
        return nearest(word, known)
    return f"; the choices are {', '.join(known)}"


def country_like(word: str, first: Sequence[str] = ()) -> str:
    """Return the nearest country code: of those given first, then by name, then of all."""
    by_name = {str(name).lower(): str(code) for code, name in countries()["name"].items()}
    close = difflib.get_close_matches(word.lower(), list(by_name), n=1, cutoff=0.8)
    named = f"; did you mean '{by_name[close[0]]}'?" if close else ""
    return near_only(word, first) or named or nearest(word, countries().index)
