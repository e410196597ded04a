"""Selectors: words in a scenario that pick recipients from the country table.

``"all"``, ``"region:Africa"``, ``"subregion:Central Asia"``, ``"org:asean"``, a test such as
``"polyarchy < 0.4"``, codes, parts joined by ``" & "``, or a list of these, which adds up.
"""

import difflib
import operator
import re
from collections.abc import Iterable

import numpy as np
import pandas as pd

from hedgerow.core.donors import Selector
from hedgerow.core.numbers import BoolArray

ORGANISATIONS = (
    "un_member",
    "belt_and_road",
    "asean",
    "lancang_mekong",
    "sco",
    "sco_partner",
    "central_asia_five",
    "pacific_islands_forum",
    "eapcco",
    "african_union",
    "celac",
    "eu",
    "nato",
    "arab_league",
    "us_treaty_ally",
    "us_major_non_nato_ally",
    "us_compact_state",
    "recognises_taiwan",
)
OTHER_ROWS = {"INTERPOL": "Interpol", "UNODC": "UN Office on Drugs and Crime"}
_TESTS = {"<=": operator.le, ">=": operator.ge, "==": operator.eq, "!=": operator.ne, "<": operator.lt, ">": operator.gt}
_TEST = re.compile(r"^\s*(\w+)\s*(<=|>=|==|!=|<|>)\s*(-?\d+(?:\.\d+)?(?:e-?\d+)?)\s*$", re.IGNORECASE)


class SelectorError(ValueError):
    """A selector names something that does not exist, or picks nobody."""


def nearest(word: str, known: Iterable[object]) -> str:
    """Return ``"; did you mean 'x'?"`` for the closest known word, else the first few known."""
    names = [str(k) for k in known]
    lower = {n.lower(): n for n in reversed(names)}
    close = difflib.get_close_matches(str(word).lower(), list(lower), n=1, cutoff=0.55)
    if close:
        return f"; did you mean '{lower[close[0]]}'?"
    shown = ", ".join(names[:8]) + (", ..." if len(names) > 8 else "")
    return f"; known: {shown}" if names else ""


def pick(selector: Selector, table: pd.DataFrame, extra: Iterable[str] = ()) -> BoolArray:
    """Return which rows a selector picks, ``(rows,)``, states first, then ``extra`` codes.

    Parameters
    ----------
    selector : str or tuple of str
    table : country table, indexed by code
    extra : codes of further rows, such as ``INTERPOL``, that only their own code picks

    Raises
    ------
    SelectorError
        If a part names an unknown code, region, organisation or attribute.
    """
    more = list(extra)
    parts = (selector,) if isinstance(selector, str) else tuple(selector)
    chosen = np.zeros(len(table) + len(more), dtype=bool)
    for part in parts:
        both = np.ones_like(chosen)
        for piece in part.split("&"):
            both &= _piece(piece.strip(), table, more)
        chosen |= both
    return chosen


def _piece(piece: str, table: pd.DataFrame, more: list[str]) -> BoolArray:
    states = np.zeros(len(table) + len(more), dtype=bool)
    n = len(table)
    test = _TEST.match(piece)
    if piece == "all":
        states[:] = True
    elif ":" in piece:
        kind, _, name = piece.partition(":")
        states[:n] = _group(kind.strip(), name.strip(), table)
    elif test:
        name, sign, value = test.groups()
        states[:n] = _attribute(name, sign, value, table)
    elif piece in more:
        states[n + more.index(piece)] = True
    elif piece in table.index:
        states[table.index.get_loc(piece)] = True
    elif any(sign in piece for sign in _TESTS):
        raise SelectorError(f"'{piece}' does not compare with a number")
    else:
        raise SelectorError(f"unknown recipient '{piece}'{_like(piece, table, more)}")
    return states


def _like(piece: str, table: pd.DataFrame, more: list[str]) -> str:
    by_name = {str(n).lower(): (str(c), str(n)) for c, n in table["name"].items()}
    close = difflib.get_close_matches(piece.lower(), list(by_name), n=1, cutoff=0.8)
    if close:
        code, name = by_name[close[0]]
        return f"; did you mean '{code}' ({name})?"
    return nearest(piece, [*table.index, *more])


def _group(kind: str, name: str, table: pd.DataFrame) -> BoolArray:
    if kind == "org":
        if name not in ORGANISATIONS:
            raise SelectorError(f"unknown organisation '{name}'{nearest(name, ORGANISATIONS)}")
        return np.asarray(table[name] == 1)
    if kind not in ("region", "subregion"):
        known = ("region", "subregion", "org")
        raise SelectorError(f"unknown kind of selector '{kind}:'{nearest(kind, known)}")
    if name not in set(table[kind]):
        raise SelectorError(f"unknown {kind} '{name}'{nearest(name, sorted(set(table[kind])))}")
    return np.asarray(table[kind] == name)


def _attribute(name: str, sign: str, value: str, table: pd.DataFrame) -> BoolArray:
    numeric = list(table.select_dtypes("number").columns)
    if name not in numeric:
        raise SelectorError(f"unknown attribute '{name}'{nearest(name, numeric)}")
    return np.asarray(_TESTS[sign](table[name], float(value)))
