"""The sheet of a world map: lands, dots for small states, colour scale and legend.

A map is a ``Colouring``, which says what each state looks like, drawn by ``draw_states``; the
figures that choose the looks are in ``maps``.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, PathPatch
from matplotlib.path import Path

from hedgerow.figures import geometry, layout, style
from hedgerow.wording.numbers import signed

Look = dict[str, Any]

DOT = 5.0
BAR = 3.75
"""Length of the colour scale, inches."""
DOTS_LABEL = "Small state"
EMPTY_LABEL = "No value"
MAP_NOTE = (
    "Dots stand for states too small to outline; crowded dots are moved apart. "
    "Borders: Natural Earth; they imply no view on any territory."
)
DONOR_HATCH = "////"
_HATCHES = ("....", "xxxx", "||||", "----")


def _codes(places: pd.DataFrame) -> dict[str, str]:
    """Match the map's feature numbers to country codes."""
    codes = {str(iso3): str(iso3) for iso3 in places.index}
    for iso3, number in places["iso_numeric"].items():
        text = "" if pd.isna(number) else str(number).strip()
        if text.replace(".0", "").isdigit():
            codes[f"{int(float(text)):03d}"] = str(iso3)
    return codes


def looks_of(grey: Mapping[str, str]) -> dict[str, Look]:
    """Give each grey legend label one look; a donor on its own is hatched in its colour."""
    looks: dict[str, Look] = {}
    for label in dict.fromkeys(grey.values()):
        members = [iso3 for iso3, own in grey.items() if own == label]
        colour = style.DONOR_COLOURS.get(members[0]) if len(members) == 1 else None
        plain = colour is None and not any(look["hatch"] is None for look in looks.values())
        used = sum(look["hatch"] not in (None, DONOR_HATCH) for look in looks.values())
        hatch = DONOR_HATCH if colour else None if plain else _HATCHES[used % len(_HATCHES)]
        face = "#8F8F8F" if plain else "white"
        looks[label] = {"facecolor": face, "hatch": hatch, "edgecolor": colour or "#6E6E6E"}
    return looks


@dataclass(frozen=True)
class Colouring:
    """What each state looks like, and what the legend and the scale say of it.

    Attributes
    ----------
    values : pandas.Series
        Values shown in colour, by iso3.
    by_state : dict
        Look of every state that has one, by iso3.
    looks : dict
        Legend entries by their words.
    bound : float
        End of the colour scale, above 0.
    ends : tuple of str
        Words at the low and the high end of the scale.
    scale : str
        Name of the scale, with its unit.
    """

    values: pd.Series[float]
    by_state: dict[str, Look]
    looks: dict[str, Look]
    bound: float
    ends: tuple[str, str]
    scale: str


@functools.cache
def lands() -> tuple[tuple[str, Path], ...]:
    """Return each country the map shows: its number and its projected outline."""
    found = ((number, _path(rings)) for number, rings in geometry.world() if number != "010")
    return tuple((number, path) for number, path in found if path is not None)


def _path(rings: geometry.Rings) -> Path | None:
    """Project a country's rings into one drawable path, without what lies off the map."""
    paths: list[Path] = []
    for ring in rings:
        if ring[:, 1].max() < geometry.SOUTH:
            continue
        for piece in geometry.pieces(ring):
            points = np.column_stack(geometry.equal_earth(piece[:, 0], piece[:, 1]))
            paths.append(Path(np.vstack([points, points[:1]]), closed=True))
    return Path.make_compound_path(*paths) if paths else None


def _draw_lands(axes: Axes, codes: Mapping[str, str], looks: Mapping[str, Look]) -> set[str]:
    """Draw all countries the map has; return the codes it has, and "" for the unlooked-for."""
    drawn: set[str] = set()
    for number, path in lands():
        iso3 = codes.get(number, "")
        look = looks.get(iso3, {"facecolor": style.LAND, "hatch": None, "edgecolor": "white"})
        # Added as artists, not patches, for the view is fixed: measuring each outline is slow.
        # Hatching takes the edge's colour, so the white border is drawn as a second patch.
        if look["hatch"]:
            axes.add_artist(PathPatch(path, linewidth=0, **look))
        border = {**look, "hatch": None, "edgecolor": "#8C8C8C"}
        face = {"facecolor": "none"} if look["hatch"] else {}
        patch = PathPatch(path, linewidth=0.35, **{**border, **face})
        patch.set_gid(f"land-{iso3 or number}")
        axes.add_artist(patch)
        drawn.add(iso3 if iso3 in looks else "")
    return drawn


def _draw_dots(axes: Axes, places: pd.DataFrame, looks: Mapping[str, Look], inch: float) -> None:
    """Draw states missing from the map as dots; ``inch`` is map units per inch."""
    points = geometry.project(places["lon"].to_numpy(float), places["lat"].to_numpy(float))
    points = geometry.move_apart(points, (DOT + 0.7) / 72 * inch)
    for iso3, (x, y) in zip(places.index, points, strict=True):
        look = looks[str(iso3)]
        face = look["edgecolor"] if look["hatch"] else look["facecolor"]
        dot = Line2D([x], [y], ls="", marker="o", ms=DOT, mfc=face, mec=style.INK, mew=0.6)
        dot.set(gid=f"dot-{iso3}", zorder=5)
        axes.add_artist(dot)


def _map_axes(sheet: layout.Sheet, bottom: float) -> tuple[Axes, float]:
    """Open the axes of the map with its ocean; also return map units per inch."""
    edge = geometry.outline()
    width = style.WIDTH - 2 * style.MARGIN
    inch = float(np.ptp(edge[:, 0])) / width
    axes = sheet.axes(style.MARGIN, bottom, width, float(np.ptp(edge[:, 1])) / inch)
    axes.set_xlim(edge[:, 0].min(), edge[:, 0].max())
    axes.set_ylim(edge[:, 1].min(), edge[:, 1].max())
    axes.set_axis_off()
    axes.fill(edge[:, 0], edge[:, 1], facecolor=style.OCEAN, edgecolor="none", zorder=0)
    return axes, inch


def shades(bound: float) -> ScalarMappable:
    """Map values from -bound to bound onto the diverging colours."""
    return ScalarMappable(Normalize(-bound, bound), style.diverging())


def _colour_bar(sheet: layout.Sheet, colouring: Colouring) -> None:
    """Draw the scale under the map, its two ends named in words."""
    bound, values = colouring.bound, colouring.values
    axes = sheet.axes(style.MARGIN + 0.15, sheet.bottom + 0.45, BAR, 0.16)
    below, above = values.min() < -bound, values.max() > bound
    extend = {(True, True): "both", (True, False): "min", (False, True): "max"}
    bar = sheet.figure.colorbar(
        shades(bound),
        cax=axes,
        orientation="horizontal",
        extend=extend.get((bool(below), bool(above)), "neither"),
        ticks=[-bound, -bound / 2, 0, bound / 2, bound],
        format=lambda value, _: signed(value, figures=2),
    )
    bar.outline.set(linewidth=0.5)
    axes.set_xlabel(colouring.scale, fontsize=style.NOTE_SIZE, labelpad=3)
    axes.tick_params(labelsize=style.NOTE_SIZE, length=3)
    _name_ends(axes, *colouring.ends)


def _name_ends(axes: Axes, low: str, high: str) -> None:
    """Write what the two ends of the scale mean over it."""
    wide = [layout.text_width(text, style.TEXT_SIZE, bold=True) for text in (low, high)]
    half = BAR if sum(wide) < BAR - 0.15 else BAR / 2 - 0.1
    for x, text, side, colour in ((0, low, "left", style.US), (1, high, "right", style.CHINA)):
        wrapped = layout.wrap(text, style.TEXT_SIZE, half, bold=True)
        axes.text(x, 1.35, wrapped, ha=side, va="bottom", color=colour, weight="bold", transform=axes.transAxes)


def _handles(looks: Mapping[str, Look], *, dots: bool, empty: bool) -> list[Artist]:
    """List the legend entries: grey labels, states without a value, dots."""
    handles: list[Artist] = [
        Patch(label=layout.wrap(label, style.TEXT_SIZE, 2.2), linewidth=0.5, **look) for label, look in looks.items()
    ]
    if empty:
        handles.append(Patch(facecolor=style.LAND, edgecolor="#8C8C8C", lw=0.5, label=EMPTY_LABEL))
    if dots:
        handles.append(Line2D([], [], ls="", marker="o", ms=DOT + 1, mfc="white", mec=style.INK, label=DOTS_LABEL))
    return handles


def _legend(sheet: layout.Sheet, axes: Axes, handles: list[Artist], top: float) -> None:
    """Set the legend beside the scale; ``top`` is its upper edge, inches."""
    corner = (4.35 / style.WIDTH, top / sheet.height)
    axes.legend(
        handles=handles,
        loc="upper left",
        bbox_to_anchor=corner,
        borderaxespad=0,
        bbox_transform=sheet.figure.transFigure,
        handlelength=1.6,
        labelspacing=0.35,
    )


def draw_states(colouring: Colouring, places: pd.DataFrame, texts: tuple[str, str, str], alt: str) -> Figure:
    """Draw the map from looks already chosen.

    Parameters
    ----------
    colouring : Colouring
        What each state looks like.
    places : pandas.DataFrame
        Country table.
    texts : tuple of str
        Title, subtitle and note.
    alt : str
        What the map shows, in words.
    """
    looks, by_state = colouring.looks, colouring.by_state
    below = max(1.3, 0.25 + 0.21 * (sum(k.count("\n") + 1 for k in looks) + 2))
    edge = geometry.outline()
    tall = float(np.ptp(edge[:, 1]) / np.ptp(edge[:, 0])) * (style.WIDTH - 2 * style.MARGIN)
    sheet = layout.sheet(tall + below, *texts, alt)
    axes, inch = _map_axes(sheet, sheet.bottom + below)
    drawn = _draw_lands(axes, _codes(places), by_state)
    small = places.loc[[iso3 for iso3 in places.index if iso3 in set(by_state) - drawn]]
    _draw_dots(axes, small, by_state, inch)
    _colour_bar(sheet, colouring)
    handles = _handles(looks, dots=len(small) > 0, empty="" in drawn)
    if handles:
        _legend(sheet, axes, handles, sheet.bottom + below - 0.12)
    return sheet.figure


def packaged_places() -> pd.DataFrame:
    """Read the packaged country table."""
    from hedgerow.data.load import countries

    return countries()
