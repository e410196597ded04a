"""The world as paths for the browser: the map of the figures, in whole numbers and as one file.

Outlines and projection are those of :mod:`hedgerow.figures.geometry`, so a page and a printed
figure show the same world. States too small to outline are dots, moved apart where they crowd.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from hedgerow.data.load import countries
from hedgerow.figures import geometry
from hedgerow.figures.geometry import Floats, Rings

WIDTH = 1000.0
DOT = 5.0
"""Radius of a dot."""
LEAST = 1.0
"""Pieces of land that measure less both ways are left out: they would be specks."""


@cache
def shapes() -> dict[str, Any]:
    """Return the drawing: its size, the sea, lands by code, and dots.

    Returns
    -------
    dict
        ``width``, ``height``, ``sea`` (a path), ``lands`` (``code``, ``name`` and ``path``), ``dots`` (``code``,
        ``name``, ``x``, ``y``) and ``radius``. Lands that are no state of the model have no code.
    """
    edge = geometry.outline()
    scale = WIDTH / float(np.ptp(edge[:, 0]))
    left, top = edge[:, 0].min(), edge[:, 1].max()

    def placed(points: Floats) -> Floats:
        return np.column_stack([(points[:, 0] - left) * scale, (top - points[:, 1]) * scale])

    table = countries()
    by_number = {f"{int(n):03d}": str(c) for c, n in table["iso_numeric"].items() if str(n).isdigit()}
    names = table["name"].to_dict()
    rings: dict[str, Rings] = {}
    for number, own in geometry.world():
        code = str(number) if number in names else by_number.get(number, f"({number})")
        if number != "010":
            rings.setdefault(code, []).extend(own)
    lands = [
        {"code": code if code in names else "", "name": str(names.get(code, "")), "path": _path(own, placed)}
        for code, own in rings.items()
    ]
    small = table.loc[[code for code in table.index if code not in rings]]
    points = placed(geometry.project(small["lon"].to_numpy(float), small["lat"].to_numpy(float)))
    points = geometry.move_apart(points, 2 * DOT + 1)
    dots = [
        {"code": str(code), "name": str(names[code]), "x": round(float(x), 1), "y": round(float(y), 1)}
        for code, (x, y) in zip(small.index, points, strict=True)
    ]
    height = round(float(np.ptp(edge[:, 1])) * scale, 1)
    return {"width": WIDTH, "height": height, "sea": _closed(placed(edge)), "lands": lands, "dots": dots, "radius": DOT}


def _path(rings: Rings, placed: Callable[[Floats], Floats]) -> str:
    """Return the path of a land, without what lies off the map."""
    paths = []
    for ring in rings:
        if ring[:, 1].max() < geometry.SOUTH:
            continue
        for piece in geometry.pieces(ring):
            points = placed(np.column_stack(geometry.equal_earth(piece[:, 0], piece[:, 1])))
            if np.ptp(points, axis=0).max() >= LEAST:
                paths.append(_closed(points))
    return "".join(paths)


def _closed(points: Floats) -> str:
    """Return a ring as a path of steps, in tenths, without steps of nothing."""
    tenths = np.round(points * 10).astype(int)
    steps = np.diff(tenths, axis=0)
    steps = steps[np.any(steps != 0, axis=1)]
    start = tenths[0]
    moves = "".join(f"l{dx / 10:g},{dy / 10:g}" for dx, dy in steps)
    return f"M{start[0] / 10:g},{start[1] / 10:g}{moves}Z"
