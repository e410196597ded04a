"""The map of alignment: every state coloured by which side it stands nearer to."""

from __future__ import annotations

import math
from collections.abc import Mapping
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

from hedgerow.report import geometry, layout, style

Look = dict[str, Any]

DOT = 5.0
DOTS_LABEL = "Small state"
EMPTY_LABEL = "No value"
SCALE_LABEL = "Alignment with China minus alignment with the United States"
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
    for number, rings in geometry.world():
        path = _path(rings) if number != "010" else None
        if path is None:
            continue
        iso3 = codes.get(number, "")
        look = looks.get(iso3, {"facecolor": style.LAND, "hatch": None, "edgecolor": "white"})
        # Hatching takes the edge's colour, so the white border is drawn as a second patch.
        if look["hatch"]:
            axes.add_patch(PathPatch(path, linewidth=0, **look))
        border = {**look, "hatch": None, "edgecolor": "#8C8C8C"}
        face = {"facecolor": "none"} if look["hatch"] else {}
        patch = PathPatch(path, linewidth=0.35, **{**border, **face})
        patch.set_gid(f"land-{iso3 or number}")
        axes.add_patch(patch)
        drawn.add(iso3 if iso3 in looks else "")
    return drawn


def _draw_dots(axes: Axes, places: pd.DataFrame, looks: Mapping[str, Look], inch: float) -> None:
    """Draw states missing from the map as dots; ``inch`` is map units per inch."""
    points = geometry.project(places["lon"].to_numpy(float), places["lat"].to_numpy(float))
    points = geometry.move_apart(points, (DOT + 0.7) / 72 * inch)
    for iso3, (x, y) in zip(places.index, points, strict=True):
        look = looks[str(iso3)]
        face = look["edgecolor"] if look["hatch"] else look["facecolor"]
        axes.plot(x, y, "o", ms=DOT, mfc=face, mec=style.INK, mew=0.6, gid=f"dot-{iso3}", zorder=5)


def _map_axes(sheet: layout.Page, bottom: float) -> tuple[Axes, float]:
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


def _colour_bar(
    sheet: layout.Page, bound: float, values: pd.Series[float], ends: tuple[str, str], scale: str
) -> None:
    """Draw the scale under the map, its two ends named in words."""
    low, high = ends
    left, width, bottom = style.MARGIN + 0.15, 3.75, sheet.bottom + 0.45
    axes = sheet.axes(left, bottom, width, 0.16)
    below, above = values.min() < -bound, values.max() > bound
    extend = {(True, True): "both", (True, False): "min", (False, True): "max"}
    bar = sheet.figure.colorbar(
        shades(bound),
        cax=axes,
        orientation="horizontal",
        extend=extend.get((bool(below), bool(above)), "neither"),
        ticks=[-bound, -bound / 2, 0, bound / 2, bound],
        format=lambda value, _: f"{value:+.2g}".replace("-", "\N{MINUS SIGN}") if value else "0",
    )
    bar.outline.set(linewidth=0.5)
    axes.set_xlabel(scale, fontsize=style.NOTE_SIZE, labelpad=3)
    axes.tick_params(labelsize=style.NOTE_SIZE, length=3)
    wide = [layout.text_width(text, style.TEXT_SIZE, bold=True) for text in (low, high)]
    half = width if sum(wide) < width - 0.15 else width / 2 - 0.1
    for x, text, side, colour in ((0, low, "left", style.US), (1, high, "right", style.CHINA)):
        words = layout.wrap(text, style.TEXT_SIZE, half, bold=True)
        axes.text(
            x, 1.35, words, ha=side, va="bottom", color=colour, weight="bold",
            transform=axes.transAxes,
        )  # fmt: skip


def _handles(looks: Mapping[str, Look], *, dots: bool, empty: bool) -> list[Artist]:
    """List the legend entries: grey labels, states without a value, dots."""
    handles: list[Artist] = [
        Patch(label=layout.wrap(label, style.TEXT_SIZE, 2.2), linewidth=0.5, **look)
        for label, look in looks.items()
    ]
    if empty:
        handles.append(Patch(facecolor=style.LAND, edgecolor="#8C8C8C", lw=0.5, label=EMPTY_LABEL))
    if dots:
        handles.append(
            Line2D([], [], ls="", marker="o", ms=DOT + 1, mfc="white", mec=style.INK,
                   label=DOTS_LABEL)
        )  # fmt: skip
    return handles


def _known(values: pd.DataFrame, grey: Mapping[str, str], places: pd.DataFrame) -> pd.Series[float]:
    """Keep the states to colour; refuse codes the country table lacks and an empty map."""
    known = values.dropna(subset=["value"]).set_index("iso3")["value"].astype(float)
    known = known.drop(index=[iso3 for iso3 in grey if iso3 in known.index])
    unknown = sorted({*known.index, *grey} - {str(iso3) for iso3 in places.index})
    if unknown:
        raise ValueError(f"the country table has no {unknown}")
    if known.empty:
        raise ValueError("no state has a value, so there is nothing to colour")
    return known


def _limit(values: pd.Series[float], limit: float | None) -> float:
    """Round the largest absolute value up to a tenth, unless a limit is given."""
    if limit is None:
        return max(0.1, math.ceil(float(values.abs().max()) * 10 - 1e-9) / 10)
    if not limit > 0:
        raise ValueError(f"limit must be above 0, got {limit}")
    return limit


@style.styled
def alignment_map(
    values: pd.DataFrame,
    *,
    title: str,
    subtitle: str = "",
    legend_low: str = "Closer to the United States",
    legend_high: str = "Closer to China",
    grey: Mapping[str, str] | None = None,
    limit: float | None = None,
    note: str = MAP_NOTE,
    places: pd.DataFrame | None = None,
) -> Figure:
    """Draw a world map of how near each state stands to China or the United States.

    Parameters
    ----------
    values : pandas.DataFrame
        Columns ``iso3`` (str) and ``value`` (alignment with China minus alignment with
        the United States, -1 to 1; blank means no value), one row a state.
    title, subtitle, note : str
        Texts above and below the map.
    legend_low, legend_high : str
        Words at the two ends of the colour scale.
    grey : mapping of str to str, optional
        Code of each state shown without a value (donors, counterparts) to its legend
        label; a label with one donor only is hatched in that donor's colour.
    limit : float, optional
        End of the colour scale, above 0; by default the largest value, rounded up.
    places : pandas.DataFrame, optional
        Country table indexed by iso3 with ``lat``, ``lon`` (degrees) and ``iso_numeric``;
        by default the packaged one.

    Returns
    -------
    matplotlib.figure.Figure
        The map.

    Raises
    ------
    ValueError
        If columns are missing, a code is unknown, or the limit is not above 0.
    """
    style.require(values, ("iso3", "value"), "the map's values")
    grey = grey or {}
    places = packaged_places() if places is None else places
    known = _known(values, grey, places)
    bound = _limit(known, limit)
    looks = looks_of(grey)
    by_state = {iso3: looks[label] for iso3, label in grey.items()}
    colours = shades(bound).to_rgba(known.to_numpy())
    for iso3, colour in zip(known.index, colours, strict=True):
        by_state[str(iso3)] = {"facecolor": colour, "hatch": None, "edgecolor": "white"}

    return draw_states(
        known, by_state, looks, bound=bound, ends=(legend_low, legend_high),
        sheet_texts=(title, subtitle, note), places=places,
    )  # fmt: skip


def draw_states(
    known: pd.Series[float], by_state: Mapping[str, Look], looks: Mapping[str, Look], *,
    bound: float, ends: tuple[str, str], sheet_texts: tuple[str, str, str],
    places: pd.DataFrame, scale: str = SCALE_LABEL,
) -> Figure:  # fmt: skip
    """Draw the map from looks already chosen.

    Parameters
    ----------
    known : pandas.Series
        Values shown in colour, by iso3.
    by_state, looks : mapping
        Look of every state with one, by iso3, and legend entries by their words.
    bound : float
        End of the colour scale, above 0.
    ends : tuple of str
        Words at the low and the high end of the scale.
    sheet_texts : tuple of str
        Title, subtitle and note.
    places : pandas.DataFrame
        Country table.
    scale : str
        Name of the scale, with its unit.
    """
    below = max(1.3, 0.25 + 0.21 * (sum(k.count("\n") + 1 for k in looks) + 2))
    edge = geometry.outline()
    tall = float(np.ptp(edge[:, 1]) / np.ptp(edge[:, 0])) * (style.WIDTH - 2 * style.MARGIN)
    sheet = layout.page(tall + below, *sheet_texts)
    axes, inch = _map_axes(sheet, sheet.bottom + below)
    drawn = _draw_lands(axes, _codes(places), by_state)
    small = places.loc[[iso3 for iso3 in places.index if iso3 in set(by_state) - drawn]]
    _draw_dots(axes, small, by_state, inch)
    _colour_bar(sheet, bound, known, ends, scale)
    handles = _handles(looks, dots=len(small) > 0, empty="" in drawn)
    if handles:
        corner = (4.35 / style.WIDTH, (sheet.bottom + below - 0.12) / sheet.height)
        axes.legend(
            handles=handles, loc="upper left", bbox_to_anchor=corner, borderaxespad=0,
            bbox_transform=sheet.figure.transFigure, handlelength=1.6, labelspacing=0.35,
        )  # fmt: skip
    return sheet.figure


def packaged_places() -> pd.DataFrame:
    """Read the packaged country table."""
    from hedgerow.data.load import countries

    return countries()
