"""The parts of the lab that show an answer: headline, map, bands, movers, tables, explanation."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd
from nicegui import ui

from hedgerow.app.elements import Chart
from hedgerow.app.lab.answer import Answer
from hedgerow.app.map import WorldMap
from hedgerow.app.text import table, words
from hedgerow.data.start import names as row_names
from hedgerow.figures.numerals import clear, the
from hedgerow.report.differences import in_words, numbers
from hedgerow.runs.summary import headlines

COUNTED = 0.01
"""Least mean change that the headline counts, as on the maps of ``hedgerow compare``."""
SHOWN = 12
COST_NAMES = {
    "spent_usd": "Spent",
    "officers": "Officers trained",
    "equipment_usd": "Equipment given",
    "officers_denied": "Officers denied",
}
UNITS = {"0-1": ", 0 to 1", "US$": ", US$", "share": ", points"}
"""What follows an outcome whose name does not say what is counted."""
TOPICS = (
    "alignment since the start",
    "alignment this month",
    "training",
    "small kit",
    "surveillance system",
    "score",
    "share",
)
"""Topics of an explanation in the order in which a reader wants them."""
COLOURS = {"CHN": "#b34a00", "USA": "#0063a0"}
OTHERS = ("#00795b", "#8a3389", "#7a5f00", "#444444", "#2a7fb0", "#7a1f4f")


def colour(code: str, donors: Sequence[str]) -> str:
    """Return the colour of a donor."""
    others = [d for d in donors if d not in COLOURS]
    return COLOURS.get(code) or OTHERS[others.index(code) % len(OTHERS)]


def ends(answer: Answer) -> tuple[str, str]:
    """Return the words at the two ends of the map's scale."""
    donors = [the(name) for name in answer.names.values()]
    return (
        (f"Towards {donors[1]}", f"Towards {donors[0]}")
        if len(donors) > 1
        else (f"Away from {donors[0]}", f"Towards {donors[0]}")
    )


def headline(answer: Answer) -> str:
    """Say in a sentence how many states shift which way."""
    if answer.same:
        return "Nothing is changed yet: the what-if and its base are the same. Move a lever."
    table = answer.view("difference", len(answer.months) - 1)
    moved = table.loc[clear(table), "mean"]
    low, high = ((word[0].lower() + word[1:]) for word in ends(answer))
    sides = [(int((moved >= COUNTED).sum()), high), (int((moved <= -COUNTED).sum()), low)]
    (most, to), (fewer, other) = sorted(sides, key=lambda side: -side[0])
    last = f"By {answer.months[-1]:%B %Y}"
    if most == 0:
        return f"{last}, no state shifts clearly by {COUNTED} or more."
    verb = "state shifts" if most == 1 else "states shift"
    return f"{last}, {most} {verb} clearly {to} by {COUNTED} or more, {fewer or 'none'} {other}."


def rests(answer: Answer) -> str:
    """Say what an answer rests on, and what its intervals hold."""
    held = (
        "Parameters are kept as they are, so intervals hold chance alone."
        if answer.pair.fixed
        else "Every two runs draw parameters of their own from the calibrated posterior, so "
        "intervals hold chance and what is not known."
    )
    return (
        f"{answer.runs} pairs of runs with the same chance events, {len(answer.months)} months, "
        f"seed {answer.seed}. {held}"
    )


def show_map(world: WorldMap, answer: Answer, show: str, month: int, state: str) -> None:
    """Colour the map."""
    table = answer.view(show, month)
    donors = list(answer.names.values())
    what = f"{donors[0]} minus {donors[1]}" if len(donors) > 1 else donors[0]
    changed = show == "difference"
    scale = f"{'Change in alignment' if changed else 'Alignment'}, {what} (−1 to 1)"
    low, high = ends(answer)
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
        words = f"Difference in {where} (−1 to 1)"
    else:
        bands = answer.bands(state)
        series += [_series(answer, code, bands["variant"][code]) for code in codes]
        for code in [] if answer.same else codes:
            mid = [round(v, 6) for v in bands["base"][code]["median"]]
            series.append(
                {"name": f"{the(answer.names[code])}, base", "dash": "5 4", "mid": mid, "colour": colour(code, codes)}
            )
        words = f"{where[0].upper()}{where[1:]} (0 to 1)"
    years = [(i, f"{m:%Y}") for i, m in enumerate(months) if m.month == 1]
    every = max(1, len(years) // 8)
    chart.show(
        range(len(months)),
        series,
        ylabel=words,
        names=[f"{m:%B %Y}" for m in months],
        xticks=[(0.0, f"{months[0]:%b %Y}")] if not years else years[::every],
        mark=float(month),
        label=f"{words}, month by month, with each donor. Arrow keys read it month by month.",
    )


def _series(answer: Answer, code: str, rows: pd.DataFrame) -> dict[str, Any]:
    parts = {"low": "low", "mid": "median", "high": "high"}
    values = {k: [round(float(v), 6) for v in rows[c]] for k, c in parts.items()}
    return {"name": the(answer.names[code]), "colour": colour(code, list(answer.names)), **values}


def movers(answer: Answer, state: str, on_pick: Callable[[str], Any]) -> None:
    """List the states that move most, each a button."""
    table = answer.movers
    first = table["donor"].iloc[0]
    rows = table[table["donor"] == first].head(SHOWN)
    reach = max(0.001, float(rows[["low", "high"]].abs().to_numpy().max()))
    low, high = ends(answer)
    with ui.element("div").classes("map-ends movers-ends"):
        ui.element("b").classes("us").add_slot("default", _escaped(low))
        ui.element("b").classes("china").add_slot("default", _escaped(high))
    with ui.element("ol").classes("list"):
        for row, sure in zip(rows.to_dict(orient="records"), clear(rows), strict=True):
            _mover(row, bool(sure), reach, str(row["recipient"]) == state, on_pick)
    ui.label("Mean of all runs; the line holds nine in ten runs; grey: no clear direction.").classes("note")


def _escaped(text: str) -> str:
    from html import escape

    return escape(text)


def _mover(row: dict[str, Any], sure: bool, reach: float, chosen: bool, on_pick: Callable[[str], Any]) -> None:
    code = str(row["recipient"])
    tone = ("#b34a00" if row["mean"] > 0 else "#0063a0") if sure else "#767676"
    with ui.element("li").classes("mover"):
        button = ui.element("button").props('type="button"').classes("plain mover-name")
        button.props(f'aria-pressed="{str(chosen).lower()}" data-code="{code}"')
        with button:
            words(str(row["name"]), "span")
        button.on("click", lambda: on_pick(code))
        left, right, middle = (50 + 48 * float(row[k]) / reach for k in ("low", "high", "mean"))
        ui.html(
            f'<svg class="bar" viewBox="0 0 100 16" preserveAspectRatio="none" aria-hidden="true">'
            f'<line x1="50" x2="50" y1="0" y2="16" stroke="#222"/>'
            f'<line x1="{left:.2f}" x2="{right:.2f}" y1="8" y2="8" stroke="{tone}" '
            f'stroke-width="5" opacity="0.35"/><rect x="{middle - 1.6:.2f}" y="2" width="3.2" '
            f'height="12" fill="{tone}"/></svg>',
            sanitize=False,
        )
        words(signed(row["mean"]), "span").classes("num").props(
            f'title="{signed(row["low"])} to {signed(row["high"])}"'
        )


def signed(value: float) -> str:
    """Return a difference with its sign, to three places."""
    text = f"{abs(value):.3f}"
    return "0" if float(text) == 0 else f"{'+' if value > 0 else '−'}{text}"


def differences(answer: Answer) -> None:
    """Show the outcomes: base, change in words or number, interval."""
    rows = headlines(answer.differences, list(answer.names))
    _outcomes(rows, "Base: median. Change: mean over pairs of runs, with its 90% interval.")
    for line in backfill(answer):
        words(line, "p").classes("note")


def costs(answer: Answer) -> None:
    """Show what each donor spends and gives, and how that changes."""
    with ui.element("div").classes("beside"):
        for code, name in answer.names.items():
            with ui.element("div"):
                words(name, "h3")
                _cost(answer, code)
    ui.label("Whole period. Base: median. Change: mean over pairs of runs, and its 90% interval.").classes("note")


def _cost(answer: Answer, code: str) -> None:
    rows = answer.costs.set_index("outcome")
    shown = []
    for item, text in COST_NAMES.items():
        if f"{item}_{code}" in rows.index:
            row = rows.loc[f"{item}_{code}"].to_dict()
            unit = str(row["unit"])
            name = f"{text}, {unit}" if unit == "US$" else text
            shown.append([name, amount(row["base_median"], unit), *_change(row)])
    head = [("Item", False), ("Base", True), ("Change", True), ("90% interval", True)]
    table("", head, shown)


def _change(row: Mapping[Any, Any]) -> tuple[str, str]:
    """Return a change in words or number, and its interval."""
    values = [row["mean_difference"], row["mean_low"], row["mean_high"]]
    change, low, high = (minus(text) for text in numbers(values, str(row["unit"])))
    told = in_words(row)
    interval = "" if row["share_zero"] == 1 else f"{low} to {high}"
    return change if told in ("higher", "lower") else told, interval


def _outcomes(rows: pd.DataFrame, caption: str) -> None:
    shown = []
    for row in rows.to_dict(orient="records"):
        unit = str(row["unit"])
        name = str(row["name"]).removeprefix("... ")
        shown.append(
            [name[0].upper() + name[1:] + UNITS.get(unit, ""), amount(row["base_median"], unit), *_change(row)]
        )
    head = [("Outcome", False), ("Base", True), ("Change", True), ("90% interval", True)]
    table(caption, head, shown)


def amount(value: float, unit: str) -> str:
    """Return a number as the terminal shows it, with a true minus."""
    from hedgerow.report.screen import amount as shown

    return minus(shown(value, unit))


def minus(text: str) -> str:
    """Return a number in one piece, with a true minus unless nothing but zeros follows it."""
    signed = text.replace("-", "−") if re.search(r"[1-9]", text) else text.lstrip("+-")
    return signed.replace(" ", "\u00a0")


def backfill(answer: Answer) -> list[str]:
    """Return a sentence for each donor whose denials clearly change."""
    rows = answer.backfill[answer.backfill["low"].notna()]
    lines = []
    for row in rows.to_dict(orient="records"):
        ratio, low, high = (minus(f"{row[key]:.2g}") for key in ("ratio", "low", "high"))
        donor, rival = the(answer.names[row["donor"]]), the(answer.names[row["rival"]])
        lines.append(
            f"Backfill {ratio} ({low} to {high}): officers {rival} adds for each officer more that "
            f"{donor} denies. It is a response to denial only where denial is what changes."
        )
    return lines


def explanation(found: dict[str, Any]) -> None:
    """Show why a state and its donors decided as they did: sentences, and the terms behind them."""
    ui.label("Each decision is a sum of named terms. Terms are means over runs and add up to the total.").classes(
        "note"
    )
    for topic in sorted(found["sentences"], key=TOPICS.index):
        meaning = str(found["topics"][topic])
        words(f"{meaning[0].upper()}{meaning[1:]}", "h3")
        with ui.element("ul").style("margin: 0; padding-left: 1.2rem"):
            for sentence in found["sentences"][topic]:
                words(sentence.replace(" -", " −"), "li")
        rows = [r for r in found["terms"] if r["topic"] == topic]
        with ui.element("details"):
            words(f"All terms: {meaning}", "summary").classes("note")
            _terms(rows, compared=found["versus"] is not None)


def _terms(rows: Sequence[dict[str, Any]], *, compared: bool) -> None:
    donors = list(dict.fromkeys(r["donor"] for r in rows))
    columns = ["value", "difference"] if compared else ["value"]
    by_cell = {(r["donor"], r["term"]): r for r in rows}
    shown = []
    for term in dict.fromkeys(r["term"] for r in rows):
        cells = [by_cell[d, term][c] if (d, term) in by_cell else 0.0 for d in donors for c in columns]
        if term == "total" or any(abs(c) > 5e-5 for c in cells):
            shown.append([term, *(minus(f"{c:+.4f}") for c in cells)])
    head = [("Term", False)]
    head += [(d if c == "value" else f"{d}, difference", True) for d in donors for c in columns]
    table("", head, shown)
