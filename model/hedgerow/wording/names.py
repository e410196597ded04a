"""Names inside a sentence: donors, outcomes, and lists of them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from hedgerow.runs.summary import label

DIFFERENCE = "alignment_shift_difference"
Text = TypeVar("Text", bound=str)


def the(name: str) -> str:
    """Return a country's name as it reads after a preposition."""
    return f"the {name}" if name.startswith("United") else name


def capital(text: str) -> str:
    """Return a text that begins a sentence."""
    return text[:1].upper() + text[1:]


def noun(count: float, one: str, many: str) -> str:
    """Return the noun, or the verb, that goes with a count."""
    return one if count == 1 else many


def listed(parts: Sequence[Text]) -> Text:
    """Return parts joined by commas and *and*, as markup where they are.

    Examples
    --------
    >>> listed(["a"]), listed(["a", "b", "c"])
    ('a', 'a, b and c')
    """
    if len(parts) == 1:
        return parts[0]
    kind = type(parts[0])
    return kind(kind(" and ").join([kind(", ").join(parts[:-1]), parts[-1]]))


def several(names: Iterable[object], most: int = 6) -> str:
    """Return the first few names, and how many more there are."""
    shown = [str(n) for n in names]
    if len(shown) > most:
        return f"{', '.join(shown[:most])} and {len(shown) - most} more"
    return listed(shown)


def outcome(code: str, donors: Mapping[str, str]) -> str:
    """Return an outcome's name as it reads inside a sentence."""
    if code.startswith(DIFFERENCE) and len(donors) > 1:
        one, two = (the(name) for name in list(donors.values())[:2])
        rest = code.removeprefix(DIFFERENCE).replace("_", " ")
        return f"change of alignment with {one} less that with {two}{rest}"
    name = label(code, dict(donors))[0].removeprefix("... ")
    return name[:1].lower() + name[1:]


def titled(name: str) -> str:
    """Return the name of an outcome as it stands in the prose of a page."""
    text = re.sub(r"\b(by|with|of|to|for) (?=United)", r"\1 the ", name)
    text = text.replace(", 1 = at the start", " (one at the start)")
    return re.sub(r"^([Ss])pent by", r"\1pending by", text)
