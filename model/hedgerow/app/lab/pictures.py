"""The pictures of an answer: the map of a month, and alignment over the months."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from hedgerow.app.elements import Chart
from hedgerow.app.lab.answer import Answer
from hedgerow.app.lab.sentences import scale_ends
from hedgerow.app.map import WorldMap
from hedgerow.data.start import names as row_names
from hedgerow.wording.names import the
from hedgerow.wording.verdicts import clear

DONOR_COLOURS = {"CHN": "#b34a00", "USA": "#0063a0"}
OTHER_COLOURS = ("#00795b", "#8a3389", "#7a5f00", "#444444", "#2a7fb0", "#7a1f4f")


def donor_colour(code: str, donors: Sequence[str]) -> str:
    """Return the colour of a donor."""
    others = [d for d in donors if d not in DONOR_COLOURS]
    return DONOR_COLOURS.get(code) or OTHER_COLOURS[others.index(code) % len(OTHER_COLOURS)]


def show_map(world: WorldMap, answer: Answer, show: str, month: int, state: str) -> None:
    """Colour the map."""
    table = answer.view(show, month)
    donors = list(answer.names.values())
    what = f"{donors[0]} minus {donors[1]}" if len(donors) > 1 else donors[0]
    changed = show == "difference"
    scale = f"{'Change in alignment' if changed else 'Alignment'}, {what} (−1 to 1)"
    low, high = scale_ends(answer)
    if not changed:
        low, high = (word.replace("Towards", "Closer to") for word in (low, high))
    grey = {code: f"{name} (donor)" for code, name in answer.names.items()}
    known = row_names()
    met = [c for c in answer.pair.variant.counterparts if c not in grey and len(c) == 3]
    grey |= {code: f"{known[code]} (met, not counted)" for code in met}
    unclear = list(table.index[~clear(table)]) if changed else []
    order = table["mean"].abs().sort_values(ascending=False, kind="stable").index
    day = f"{answer.months[month]:%B %Y}"
    world.show(
        {str(k): float(v) for k, v in table["mean"].items()},
        bound=answer.bound(show),
        low=low,
        high=high,
        scale=scale,
        unclear=[str(c) for c in unclear],
        chosen=state,
        grey=grey,
        order=[str(c) for c in order],
        label=f"Map of the world, {day}: {scale}. Arrow keys go from the state that moves most to "
        "the one that moves least; Enter chooses.",
    )


def show_bands(chart: Chart, answer: Answer, show: str, month: int, state: str) -> None:
    """Draw alignment over the months, over all states or in the chosen one."""
    months = answer.months
    codes = list(answer.names)
    where = f"alignment of {row_names()[state]}" if state else "mean alignment of all states"
    series: list[dict[str, Any]] = []
    if show == "difference" and not state:
        for code in codes:
            rows = answer.monthly[answer.monthly["donor"] == code]
            series.append(_series(answer, code, rows))
        ylabel = f"Difference in {where} (−1 to 1)"
    else:
        bands = answer.bands(state)
        series += [_series(answer, code, bands["variant"][code]) for code in codes]
        for code in [] if answer.same else codes:
            mid = [round(v, 6) for v in bands["base"][code]["median"]]
            series.append(
                {"name": f"{the(answer.names[code])}, base", "dash": "5 4", "mid": mid, "colour": donor_colour(code, codes)}
            )
        ylabel = f"{where[0].upper()}{where[1:]} (0 to 1)"
    years = [(i, f"{m:%Y}") for i, m in enumerate(months) if m.month == 1]
    every = max(1, len(years) // 8)
    chart.show(
        range(len(months)),
        series,
        ylabel=ylabel,
        names=[f"{m:%B %Y}" for m in months],
        xticks=[(0.0, f"{months[0]:%b %Y}")] if not years else years[::every],
        mark=float(month),
        label=f"{ylabel}, month by month, with each donor. Arrow keys read it month by month.",
    )


def _series(answer: Answer, code: str, rows: pd.DataFrame) -> dict[str, Any]:
    parts = {"low": "low", "mid": "median", "high": "high"}
    values = {k: [round(float(v), 6) for v in rows[c]] for k, c in parts.items()}
    return {"name": the(answer.names[code]), "colour": donor_colour(code, list(answer.names)), **values}
