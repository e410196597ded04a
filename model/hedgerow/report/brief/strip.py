"""Intervals as small pictures with real text, legible on a telephone as on paper.

A figure drawn for a page of print shrinks beyond reading on a narrow screen; these are drawn at
the width of one, and scale up.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from hedgerow.figures.style import GRID, INK, MUTED
from hedgerow.wording.numbers import signed

WIDTH, PAD, SIZE, LINE = 420, 10, 13, 17
LETTERS = 58
"""Letters of a label that fit a line."""
NOTHING = 0.01
"""Reach of an axis on which everything is zero."""


@dataclass(frozen=True)
class Mark:
    """One interval: its label, its ends and what stands in the middle, in the unit of the axis.

    ``first`` and ``last`` are places of a hollow and a filled end mark, where it has them.
    """

    label: str
    low: float
    high: float
    colour: str
    middle: float | None = None
    first: float | None = None
    last: float | None = None


def draw(marks: Sequence[Mark], *, axis: str, ends: tuple[str, str] = ("", "")) -> str:
    """Return intervals one under another, around zero, as SVG.

    Parameters
    ----------
    marks : sequence of Mark
    axis : str
        What the axis measures, with its unit.
    ends : tuple of str
        Words for the side below zero and the side above.
    """
    values = [v for m in marks for v in (m.low, m.high, m.middle, m.first, m.last) if v is not None and math.isfinite(v)]
    if not any(values):
        values += [-NOTHING, NOTHING]
    ticks = _ticks(min([*values, 0.0]), max([*values, 0.0]))
    left, right = min(ticks[0], *values, 0.0), max(ticks[-1], *values, 0.0)
    room = WIDTH - 2 * PAD - 24

    def x(value: float) -> float:
        return round(PAD + 12 + room * (value - left) / (right - left), 2)

    parts: list[Markup] = []
    top = LINE + 8 if any(ends) else 4
    y = top
    for mark in marks:
        lines = _wrapped(mark.label)
        for text in lines:
            y += LINE
            parts.append(_text(PAD, y - 4, text))
        parts.append(_bar(mark, x, y + 7))
        y += 20
    frame = [_ends(ends)] if any(ends) else []
    for tick in ticks:
        colour, wide = (INK, 1.2) if tick == 0 else (GRID, 1)
        frame.append(_upright(x(tick), top, y + 2, colour, wide))
        parts.append(_text(x(tick), y + 17, signed(tick), anchor="middle", colour=MUTED, size=12))
    for text in _wrapped(axis):
        y += LINE
        parts.append(_text(PAD, y + 19, text, colour=MUTED, size=12))
    return _sheet(y + 28, [*frame, *parts])


def _sheet(height: float, parts: Sequence[Markup]) -> str:
    head = Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {0} {1}" width="{0}" height="{1}" '
        'font-family="system-ui, -apple-system, Segoe UI, Roboto, Arial, sans-serif">'
        '<rect width="{0}" height="{1}" fill="white"/>'
    ).format(WIDTH, round(height))
    return str(head + Markup("").join(parts) + Markup("</svg>"))


def _ends(ends: tuple[str, str]) -> Markup:
    low, high = ends
    return _text(PAD, 15, f"\N{LEFTWARDS ARROW} {low}", size=12, bold=True) + _text(
        WIDTH - PAD, 15, f"{high} \N{RIGHTWARDS ARROW}", anchor="end", size=12, bold=True
    )


def _bar(mark: Mark, x: Callable[[float], float], y: float) -> Markup:
    parts = Markup("")
    if math.isfinite(mark.low) and math.isfinite(mark.high):
        wide = max(1.5, x(mark.high) - x(mark.low))
        parts += Markup('<rect x="{}" y="{}" width="{}" height="8" fill="{}" fill-opacity="0.4"/>').format(
            x(mark.low), y - 4, round(wide, 2), mark.colour
        )
    for place, fill in ((mark.first, "white"), (mark.last, mark.colour), (mark.middle, mark.colour)):
        if place is not None:
            parts += Markup('<circle cx="{}" cy="{}" r="5" fill="{}" stroke="{}" stroke-width="1.5"/>').format(
                x(place), y, fill, mark.colour
            )
    return parts


def _upright(x: float, top: float, bottom: float, colour: str, wide: float) -> Markup:
    return Markup('<line x1="{}" y1="{}" x2="{}" y2="{}" stroke="{}" stroke-width="{}"/>').format(
        x, top, x, bottom, colour, wide
    )


def _text(
    x: float, y: float, text: str, *, anchor: str = "start", colour: str = INK, size: int = SIZE, bold: bool = False
) -> Markup:
    weight = "bold" if bold else "normal"
    return Markup(
        '<text x="{}" y="{}" font-size="{}" font-weight="{}" text-anchor="{}" fill="{}" '
        'stroke="white" stroke-width="4" stroke-linejoin="round" paint-order="stroke">{}</text>'
    ).format(x, y, size, weight, anchor, colour, text)


def _wrapped(text: str) -> list[str]:
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if len(longer) <= LETTERS or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _ticks(low: float, high: float) -> list[float]:
    """Return three to six round numbers across a range, zero among them."""
    span = max(high - low, 1e-9)
    power = 10.0 ** math.floor(math.log10(span / 4))
    step = next(power * n for n in (1, 2, 5, 10) if span / (power * n) <= 4)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [round(i * step, 12) + 0.0 for i in range(first, last + 1)]
