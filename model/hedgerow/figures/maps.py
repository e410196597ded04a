"""Maps: where every state stands, and where a change of policy moves it."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pandas as pd
from matplotlib.figure import Figure

from hedgerow.figures import atlas, style
from hedgerow.figures.atlas import Colouring, Look
from hedgerow.wording.numbers import signed
from hedgerow.wording.verdicts import CLEAR_NOTE, UNCLEAR_LABEL, clear

SCALE_LABEL = "Alignment with China minus alignment with the United States"
UNCLEAR: Look = {"facecolor": "#FAF8F4", "hatch": None, "edgecolor": "#8C8C8C"}


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


def _round_up(values: pd.Series[float], limit: float | None) -> float:
    """Return the next round number to one figure, at least 0.01, unless a limit is given."""
    if limit is not None or values.empty:
        return _limit(values, limit or 0.01)
    value = max(float(values.abs().max()), 0.01)
    power = 10.0 ** math.floor(math.log10(value) + 1e-9)
    return round(math.ceil(value / power - 1e-9) * power, 10)


def _coloured(known: pd.Series[float], bound: float) -> dict[str, Look]:
    """Give each state the colour of its value."""
    colours = atlas.shades(bound).to_rgba(known.to_numpy())
    return {
        str(iso3): {"facecolor": colour, "hatch": None, "edgecolor": "white"}
        for iso3, colour in zip(known.index, colours, strict=True)
    }


def _extremes(known: pd.Series[float], places: pd.DataFrame, ends: tuple[str, str]) -> str:
    """Name the states at either end, and how many lie on either side."""
    names = places["name"] if "name" in places.columns else pd.Series(dtype=str)
    parts = []
    for sign, end in zip((1, -1), reversed(ends), strict=True):
        side = (sign * known[sign * known > 0]).nlargest(3)
        most = ", ".join(f"{names.get(code, code)} {signed(known[code], figures=2)}" for code in side.index)
        count = int((sign * known > 0).sum())
        parts.append(f"{end}: {count} states{', most of all ' + most if most else ''}")
    return "World map. " + "; ".join(parts)


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
    note: str = atlas.MAP_NOTE,
    places: pd.DataFrame | None = None,
) -> Figure:
    """Draw a world map of how near each state stands to China or the United States.

    The map.

    Parameters
    ----------
    values : pandas.DataFrame
        Columns ``iso3`` (str) and ``value`` (alignment with China minus alignment with
        the United States, -1 to 1; blank means no value), one row a state.
    legend_low, legend_high : str
        Words at the two ends of the colour scale.
    grey : mapping of str to str, optional
        Code of each state shown without a value (donors, counterparts) to its legend
        label; a label with one donor only is hatched in that donor's colour.
    limit : float, optional
        End of the colour scale, above 0; by default the largest value, rounded up.
    places : pandas.DataFrame, optional
        Country table indexed by iso3 with ``lat``, ``lon`` (degrees) and ``iso_numeric``; by default the packaged one.
    """
    style.require(values, ("iso3", "value"), "the map's values")
    grey, ends = grey or {}, (legend_low, legend_high)
    places = atlas.packaged_places() if places is None else places
    known = _known(values, grey, places)
    bound, looks = _limit(known, limit), atlas.looks_of(grey)
    by_state = {iso3: looks[label] for iso3, label in grey.items()} | _coloured(known, bound)
    colouring = Colouring(known, by_state, looks, bound, ends, SCALE_LABEL)
    return atlas.draw_states(colouring, places, (title, subtitle, note), _extremes(known, places, ends))


@style.styled
def map_difference(
    changes: pd.DataFrame,
    *,
    title: str,
    subtitle: str = "",
    legend_low: str = "Towards the United States",
    legend_high: str = "Towards China",
    scale: str = "Change in alignment, China minus United States (−1 to 1)",
    grey: Mapping[str, str] | None = None,
    limit: float | None = None,
    note: str = f"{CLEAR_NOTE} {atlas.MAP_NOTE}",
    places: pd.DataFrame | None = None,
) -> Figure:
    """Draw a world map of where a change of policy moves each state; the unclear stay pale.

    The map.

    Parameters
    ----------
    changes : pandas.DataFrame
        Columns ``recipient`` (iso3), ``mean``, ``low`` and ``high`` (change of alignment with
        China minus alignment with the United States within pairs of runs, 5th and 95th
        percentile), one row a state; a state whose interval holds zero has no clear direction.
    legend_low, legend_high, scale : str
        Words at the two ends of the colour scale, and its name with its unit.
    grey, limit, places
        As in ``alignment_map``; by default the limit is the largest clear change, rounded up.
    """
    style.require(changes, ("recipient", "mean", "low", "high"), "the changes")
    grey, ends = grey or {}, (legend_low, legend_high)
    places = atlas.packaged_places() if places is None else places
    rows = changes.rename(columns={"recipient": "iso3", "mean": "value"})
    shown = _known(rows, grey, places)
    sure = clear(rows.set_index("iso3").loc[shown.index])
    known, bound = shown[sure], _round_up(shown[sure], limit)
    looks = {UNCLEAR_LABEL: UNCLEAR} | atlas.looks_of(grey)
    by_state = {iso3: looks[label] for iso3, label in grey.items()}
    by_state |= {str(iso3): UNCLEAR for iso3 in shown.index} | _coloured(known, bound)
    colouring = Colouring(known, by_state, looks, bound, ends, scale)
    unsure = f"no clear direction: {len(shown) - len(known)} states"
    alt = f"{_extremes(known, places, ends)}; {unsure}"
    return atlas.draw_states(colouring, places, (title, subtitle, note), alt)
