"""The world map: decode topojson, cut it at the map's edge and project it."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Rings = list[Floats]

# With this middle meridian the map's edge runs through the Bering Strait, so no country
# but Antarctica is cut and the Pacific islands stay together on the right.
MIDDLE = 11.0
SOUTH, NORTH = -58.0, 84.0
MAP_FILE = "natural_earth_110m.topojson"
# Natural Earth draws these apart but gives them no country number.
UNNUMBERED = {"N. Cyprus": "196", "Somaliland": "706", "Kosovo": "XKX"}
_A1, _A2, _A3, _A4 = 1.340264, -0.081106, 0.000893, 0.003796


def equal_earth(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Project places with the Equal Earth projection (Šavrič, Patterson and Jenny 2018).

    Parameters
    ----------
    lon, lat : numpy.ndarray
        Degrees east of the map's middle and degrees north, same shape.

    Returns
    -------
    tuple of numpy.ndarray
        x and y on a globe of radius 1.
    """
    t = np.arcsin(np.sqrt(3) / 2 * np.sin(np.radians(lat)))
    t2 = t * t
    t6 = t2**3
    slope = _A1 + 3 * _A2 * t2 + t6 * (7 * _A3 + 9 * _A4 * t2)
    x = 2 * np.sqrt(3) / 3 * np.radians(lon) * np.cos(t) / slope
    y = t * (_A1 + _A2 * t2 + t6 * (_A3 + _A4 * t2))
    return np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)


def _arcs(topology: Mapping[str, Any]) -> Rings:
    """Turn the file's stepwise integers into longitudes and latitudes, degrees."""
    scale = np.asarray(topology["transform"]["scale"])
    shift = np.asarray(topology["transform"]["translate"])
    return [np.cumsum(np.asarray(arc), axis=0) * scale + shift for arc in topology["arcs"]]


def _ring(numbers: list[int], arcs: Rings) -> Floats:
    """Join arcs end to end; a number below zero means the arc ~number, reversed."""
    parts = [arcs[i] if i >= 0 else arcs[~i][::-1] for i in numbers]
    return np.concatenate([parts[0], *(part[1:] for part in parts[1:])])


def decode(topology: Mapping[str, Any], layer: str = "countries") -> list[tuple[str, Rings]]:
    """Decode one layer of a topojson map.

    Parameters
    ----------
    topology : mapping
        The parsed file.
    layer : str
        Name of the layer.

    Returns
    -------
    list of (str, list of numpy.ndarray)
        For each feature its ISO 3166 number (three digits; ``XKX`` for Kosovo) and its
        rings, each of shape (points, 2): longitude and latitude, degrees.

    Raises
    ------
    ValueError
        If a feature has neither a number nor a known name.
    """
    arcs = _arcs(topology)
    features: list[tuple[str, Rings]] = []
    for shape in topology["objects"][layer]["geometries"]:
        name = shape.get("properties", {}).get("name", "")
        number = shape.get("id") or UNNUMBERED.get(name)
        if number is None:
            raise ValueError(f"the map feature {name!r} has no country number")
        polygons = [shape["arcs"]] if shape["type"] == "Polygon" else shape["arcs"]
        rings = [_ring(ring, arcs) for polygon in polygons for ring in polygon]
        features.append((str(number), rings))
    return features


@functools.cache
def world() -> tuple[tuple[str, Rings], ...]:
    """Read the packaged world map.

    Returns
    -------
    tuple of (str, list of numpy.ndarray)
        The 177 features, as ``decode`` gives them.

    Raises
    ------
    FileNotFoundError
        If the package lacks its map file.
    """
    text = files("hedgerow.data").joinpath(MAP_FILE).read_text(encoding="utf-8")
    return tuple(decode(json.loads(text)))


def _clip(ring: Floats, edge: float, side: int) -> Floats:
    """Keep the part of a ring on one side of a meridian (Sutherland and Hodgman)."""
    kept: list[Floats] = []
    for a, b in zip(ring, np.roll(ring, -1, axis=0), strict=True):
        a_in, b_in = side * (a[0] - edge) >= 0, side * (b[0] - edge) >= 0
        if a_in:
            kept.append(a)
        if a_in != b_in:
            kept.append(a + (b - a) * (edge - a[0]) / (b[0] - a[0]))
    return np.array(kept).reshape(-1, 2)


def pieces(ring: Floats, middle: float = MIDDLE) -> Rings:
    """Cut a ring where it crosses the edge of the map.

    Parameters
    ----------
    ring : numpy.ndarray
        Shape (points, 2): longitude and latitude, degrees.
    middle : float
        Longitude of the map's middle, degrees east.

    Returns
    -------
    list of numpy.ndarray
        Rings with longitude counted from the middle, all within -180 to 180.
    """
    # Unwrapping first turns a jump from 180 to -180 into a ring that runs past 180.
    whole = np.column_stack([np.unwrap(ring[:, 0], period=360.0) - middle, ring[:, 1]])
    found: Rings = []
    for turn in (-360.0, 0.0, 360.0):
        moved = whole + np.array([turn, 0.0])
        if moved[:, 0].max() <= -180 or moved[:, 0].min() >= 180:
            continue
        inside = moved[:, 0].min() >= -180 and moved[:, 0].max() <= 180
        cut = moved if inside else _clip(_clip(moved, -180.0, 1), 180.0, -1)
        if len(cut) >= 3:
            found.append(cut)
    return found


def project(lon: Floats, lat: Floats, middle: float = MIDDLE) -> Floats:
    """Project places given by true longitude and latitude.

    Parameters
    ----------
    lon, lat : numpy.ndarray
        Degrees east and north, shape (places,).
    middle : float
        Longitude of the map's middle, degrees east.

    Returns
    -------
    numpy.ndarray
        Shape (places, 2), x and y on a globe of radius 1.
    """
    turned = (np.asarray(lon, dtype=np.float64) - middle + 180) % 360 - 180
    return np.column_stack(equal_earth(turned, np.asarray(lat, dtype=np.float64)))


def outline() -> Floats:
    """Trace the edge of the map between its southern and northern limits.

    Returns
    -------
    numpy.ndarray
        Shape (points, 2), x and y on a globe of radius 1.
    """
    lat = np.linspace(SOUTH, NORTH, 80)
    right = np.column_stack(equal_earth(np.full(80, 180.0), lat))
    return np.concatenate([right, right[::-1] * np.array([-1.0, 1.0])])


def move_apart(points: Floats, gap: float, rounds: int = 60) -> Floats:
    """Push crowded points apart until none covers another.

    Parameters
    ----------
    points : numpy.ndarray
        Shape (points, 2), any unit.
    gap : float
        Least distance wanted between two points, same unit.
    rounds : int
        Number of small pushes.

    Returns
    -------
    numpy.ndarray
        The moved points, same shape; the same input always gives the same output.
    """
    # A tiny fixed offset parts points that share one place.
    step = np.arange(len(points), dtype=np.float64)[:, None]
    moved = points + gap * 1e-3 * np.hstack([np.cos(step), np.sin(step)])
    for _ in range(rounds):
        away = moved[:, None, :] - moved[None, :, :]
        far = np.hypot(away[..., 0], away[..., 1])
        np.fill_diagonal(far, np.inf)
        short = np.clip(gap - far, 0.0, None)
        moved = moved + (away / far[..., None] * short[..., None] / 2).sum(axis=1)
    return moved
