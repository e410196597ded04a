"""Words that findings are made of: numbers, shares, intervals and lists as a reader wants them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from hedgerow.analysis.goals import DIFFERENCE
from hedgerow.runs.summary import label

SPANS = "the interval spans zero"
DOES_BETTER, DOES_WORSE = " does better than ", " does worse than "
"""Between two policies, in the name of what is looked for."""


@dataclass(frozen=True)
class Finding:
    """A sentence and what it rests on.

    Attributes
    ----------
    kind : str
        The table it comes from.
    outcome : str
    text : str
    firm : bool
        False where the interval spans zero, or there is none; the text then says so.
    numbers : dict of str to float
        The numbers in the text, unrounded.
    """

    kind: str
    outcome: str
    text: str
    firm: bool
    numbers: dict[str, float] = field(default_factory=dict)


def number(value: float) -> str:
    """Return a number as a reader wants it: three figures, thousands apart.

    Examples
    --------
    >>> number(0.0041583), number(25312.4), number(0.0), number(-1.5e-6)
    ('0.00416', '25,312', '0', '−0.0000015')
    """
    if abs(value) >= 1000:
        return f"{value:,.0f}".replace("-", "\N{MINUS SIGN}")
    text = np.format_float_positional(float(f"{value:.3g}"), trim="-")
    return text.replace("-", "\N{MINUS SIGN}")


def share(value: float) -> str:
    """Return a share in per cent.

    Examples
    --------
    >>> share(0.4561), share(0.0082)
    ('46%', '0.82%')
    """
    hundred = 100 * value
    return f"{hundred:.0f}%" if hundred >= 10 or hundred == 0 else f"{hundred:.2g}%"


def span(low: float, high: float) -> str:
    """Return an interval in words."""
    return f"90% interval {number(low)} to {number(high)}"


def spoken(outcome: str, donors: Mapping[str, str]) -> str:
    """Return an outcome's name as it reads inside a sentence."""
    if outcome.startswith(DIFFERENCE) and len(donors) > 1:
        one, two = (the(name) for name in list(donors.values())[:2])
        rest = outcome.removeprefix(DIFFERENCE).replace("_", " ")
        return f"change of alignment with {one} less that with {two}{rest}"
    name = label(outcome, dict(donors))[0].removeprefix("... ")
    return name[:1].lower() + name[1:]


def the(name: str) -> str:
    """Return a country's name as it reads after a preposition."""
    return f"the {name}" if name.startswith("United") else name


def finding(kind: str, outcome: str, text: str, firm: bool, numbers: Mapping[str, float]) -> Finding:
    """Return a finding with its numbers as plain floats."""
    return Finding(kind, str(outcome), text, firm, {k: float(v) for k, v in numbers.items()})


def interval(low: float, high: float) -> str:
    """Return an interval in brackets, which says so where it spans zero or there is none."""
    if np.isnan(low):
        return " (run once: no interval)"
    told = f" ({span(low, high)}"
    return f"{told}: it spans zero)" if low <= 0 <= high else f"{told})"


def ends(low: float, high: float) -> str:
    """Return the interval of a share in brackets, or nothing where there is none."""
    return "" if np.isnan(low) else f" (90% interval {share(low)} to {share(high)})"


def level(value: object) -> str:
    """Return a level of a factor."""
    return f"{value:g}" if isinstance(value, float) else str(value)


def both(told: Sequence[str]) -> str:
    """Return names joined by commas and *and*."""
    return told[0] if len(told) == 1 else f"{', '.join(told[:-1])} and {told[-1]}"


def several(names: Iterable[object], most: int = 6) -> str:
    """Return the first few names, and how many more there are."""
    told = [str(n) for n in names]
    if len(told) > most:
        return f"{', '.join(told[:most])} and {len(told) - most} more"
    return both(told)
