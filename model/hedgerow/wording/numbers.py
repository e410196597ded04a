"""Numbers as a reader wants them: rounded to what their interval supports, with their unit."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

MINUS = "\N{MINUS SIGN}"
MOST_PLACES = 6
UNKNOWN = "not known"
COUNT = "count"
"""Unit of a whole number that counts what a sentence names."""
MAGNITUDES = ((1e9, "billion", "bn"), (1e6, "million", "m"), (1e3, "thousand", "k"))


def magnitude(value: float) -> tuple[float, str, str]:
    """Return the size in which a large number is counted, in a word and in letters."""
    return next((m for m in MAGNITUDES if abs(value) >= m[0]), (1.0, "", ""))


def rounded(value: float, figures: int = 3) -> str:
    """Return a number to so many figures, thousands apart, with a true minus.

    Examples
    --------
    >>> rounded(0.0041583), rounded(25312.4), rounded(-1.5e-6)
    ('0.00416', '25,300', '−0.0000015')
    """
    if abs(value) < 1e-12:
        return "0"
    text = f"{float(f'{value:.{figures}g}'):,.12f}".rstrip("0").rstrip(".")
    return text.replace("-", MINUS)


def number(value: float) -> str:
    """Return a number for a sentence: three figures, and from a thousand on whole.

    Examples
    --------
    >>> number(0.0041583), number(25312.4), number(0.0)
    ('0.00416', '25,312', '0')
    """
    return f"{value:,.0f}".replace("-", MINUS) if abs(value) >= 1000 else rounded(value)


def signed(value: float, _: object = None, *, figures: int = 3) -> str:
    """Return a number with its sign to so many figures; zero as 0. Fits as a tick's formatter."""
    return f"{'+' if value > 1e-12 else ''}{rounded(value, figures)}"


def share(value: float) -> str:
    """Return a share in per cent.

    Examples
    --------
    >>> share(0.4561), share(0.0082)
    ('46%', '0.82%')
    """
    hundred = 100 * value
    return f"{hundred:.0f}%" if hundred >= 10 or hundred == 0 else f"{hundred:.2g}%"


def setting(value: object) -> str:
    """Return a value that someone set, as it was set."""
    return f"{value:g}" if isinstance(value, float) else str(value)


def span(low: float, high: float) -> str:
    """Return an interval in words."""
    return f"90% interval {number(low)} to {number(high)}"


def span_of_share(low: float, high: float) -> str:
    """Return the interval of a share in brackets, or nothing where there is none."""
    return "" if math.isnan(low) else f" (90% interval {share(low)} to {share(high)})"


def amount(value: float, unit: str = "") -> str:
    """Return a number as the terminal shows it: three figures, thousands apart, sizes in letters."""
    if unit == "US$" and abs(value) >= 1e3:
        size, _, letters = magnitude(value)
        return f"{value / size:,.3g} {letters}"
    if unit == "share":
        return f"{100 * value:.1f}%"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3f}" if unit in ("0-1", "index", "ideal points") else f"{value:.3g}"


def difference(values: Sequence[float], unit: str) -> list[str]:
    """Return a difference and its interval as the terminal shows them, to two figures.

    Parameters
    ----------
    values : sequence of float
        The difference first, then the ends of its interval; not a number where there is none.
    unit : str
        Its unit, as in the tables; shares become percentage points.
    """
    size, _, letters = magnitude(max(map(abs, _known(values)))) if unit == "US$" else (1.0, "", "")
    scale = 100.0 if unit == "share" else 1.0 / size
    lead = _lead(values) * scale
    places = min(MOST_PLACES, max(0, 1 - math.floor(math.log10(lead)))) if lead > 0 else 0
    after = f" {letters}" if letters else ""
    texts = ["-" if math.isnan(v) else f"{v * scale:+,.{places}f}{after}" for v in values]
    return ["0" if v == 0 else text for v, text in zip(values, texts, strict=True)]


def with_interval(values: Sequence[float], *, sign: bool = False, figures: int = 3) -> str:
    """Write a number and its interval, all rounded where the largest has so many figures.

    Parameters
    ----------
    values : sequence of float
        The number and the ends of its interval.
    sign : bool
        Whether to write signs.
    figures : int
        Figures of the largest.

    Returns
    -------
    str
        Such as ``331 (169 to 762)``.
    """
    largest = max(abs(float(value)) for value in values)
    places = figures - 1 - math.floor(math.log10(largest)) if largest > 0 else 0
    middle, low, high = (_never_zero(float(value), places, "+" if sign else "") for value in values)
    return f"{middle} ({low} to {high})"


def _never_zero(value: float, places: int, sign: str) -> str:
    """Write a number to so many places after the point, and never as 0 what is not 0."""
    short = round(value, places)
    if short == 0:
        return "0" if value == 0 else "just above 0" if value > 0 else "just below 0"
    return f"{short:{sign},.{max(0, places)}f}".replace("-", MINUS)


@dataclass(frozen=True)
class NumberFormat:
    """How a number and its interval are written on a page.

    Attributes
    ----------
    scale : float
        What numbers are multiplied by before they are shown.
    places : int
        Digits after the point; below zero, figures before it that are rounded away.
    before, after : str
        What stands before and after them, such as ``US$`` and ``million``.
    """

    scale: float = 1.0
    places: int = 0
    before: str = ""
    after: str = ""

    @property
    def unit(self) -> str:
        """The unit in words, for the head of a column or a row."""
        return f"{self.before} {self.after}".strip() or "0-1"

    def text(self, value: float, *, sign: bool = False) -> str:
        """Return a number as shown, without what stands before and after."""
        if not math.isfinite(value):
            return UNKNOWN
        shown = round(value * self.scale, self.places)
        digits = f"{abs(shown):,.{max(0, self.places)}f}"
        if shown == 0:
            return digits
        return (MINUS if shown < 0 else "+" if sign else "") + digits


def number_format(values: Sequence[float], unit: str, *, change: bool = False, largest: float = 0.0) -> NumberFormat:
    """Choose how a number and the ends of its interval are written: to two figures.

    Parameters
    ----------
    values : sequence of float
        The number first, then the ends of its interval.
    unit : str
        Its unit, as in the tables.
    change : bool
        Whether it is a difference, so that shares become percentage points.
    largest : float
        A larger number that is written in the same unit.
    """
    known = _known(values)
    lead = _lead(values)
    scale, before, after = 1.0, "", ""
    if unit == "share":
        scale, after = 100.0, "percentage points" if change else "%"
    elif unit == "US$":
        size, after, _ = magnitude(max(lead, largest))
        scale, before = 1.0 / size, "US$"
    elif unit == COUNT:
        return NumberFormat()
    elif unit not in ("0-1", "index", ""):
        after = unit
    places = _places(lead * scale)
    nonzero = [abs(v * scale) for v in known if v != 0]
    while nonzero and 0 <= places < MOST_PLACES and round(min(nonzero), places) == 0:
        places += 1
    low, high = min(known) * scale, max(known) * scale
    while low < high and 0 <= places < MOST_PLACES and round(low, places) == round(high, places):
        places += 1
    return NumberFormat(scale, places, before, after)


def setting_format(value: float) -> NumberFormat:
    """Choose how a number that someone set is written: as it was set."""
    digits = f"{value:.6f}".rstrip("0").partition(".")[2]
    return NumberFormat(places=len(digits))


def _known(values: Sequence[float]) -> list[float]:
    return [float(v) for v in values if math.isfinite(v)] or [0.0]


def _lead(values: Sequence[float]) -> float:
    """Return the size whose figures count: beside an interval as wide as itself, a mean's say nothing."""
    known = _known(values)
    return max(map(abs, known)) if min(known) <= 0 <= max(known) else abs(known[0])


def _places(lead: float) -> int:
    """Return places for two figures, three where thousands are counted."""
    if lead <= 0:
        return 0
    size = math.floor(math.log10(lead))
    return min(MOST_PLACES, max(0, 1 - size)) if size < 3 else min(0, 2 - size)
