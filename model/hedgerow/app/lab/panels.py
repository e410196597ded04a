"""The lists and tables of an answer: who moves most, costs, outcomes, and the terms of an explanation."""

from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any

from nicegui import ui

from hedgerow.app.lab.answer import Answer
from hedgerow.app.lab.sentences import minus, scale_ends
from hedgerow.app.text import signed, table, words
from hedgerow.runs.summary import headlines
from hedgerow.wording.differences import backfill, change_and_interval
from hedgerow.wording.numbers import amount
from hedgerow.wording.verdicts import clear

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


def show_movers(answer: Answer, state: str, on_pick: Callable[[str], Any]) -> None:
    """List the states that move most, each a button."""
    table = answer.movers
    first = table["donor"].iloc[0]
    rows = table[table["donor"] == first].head(SHOWN)
    reach = max(0.001, float(rows[["low", "high"]].abs().to_numpy().max()))
    low, high = scale_ends(answer)
    with ui.element("div").classes("map-ends movers-ends"):
        ui.element("b").classes("us").add_slot("default", escape(low))
        ui.element("b").classes("china").add_slot("default", escape(high))
    with ui.element("ol").classes("list"):
        for row, sure in zip(rows.to_dict(orient="records"), clear(rows), strict=True):
            _mover(row, bool(sure), reach, str(row["recipient"]) == state, on_pick)
    ui.label("Mean of all runs; the line holds nine in ten runs; grey: no clear direction.").classes("note")


def _mover(row: dict[str, Any], sure: bool, reach: float, chosen: bool, on_pick: Callable[[str], Any]) -> None:
    code = str(row["recipient"])
    tone = ("#b34a00" if row["mean"] > 0 else "#0063a0") if sure else "#767676"
    with ui.element("li").classes("mover"):
        button = ui.element("button").props('type="button"').classes("plain mover-name")
        button.props["aria-pressed"], button.props["data-code"] = str(chosen).lower(), code
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
        words(signed(row["mean"], 3), "span").classes("num").props(
            f'title="{signed(row["low"], 3)} to {signed(row["high"], 3)}"'
        )


def show_differences(answer: Answer) -> None:
    """Show the outcomes: base, change in words or number, interval."""
    rows = []
    for row in headlines(answer.differences, list(answer.names)).to_dict(orient="records"):
        name = str(row["name"]).removeprefix("... ")
        rows.append((name[0].upper() + name[1:] + UNITS.get(str(row["unit"]), ""), row))
    _table("Base: median. Change: mean over pairs of runs, with its 90% interval.", "Outcome", rows)
    for line in backfill(answer.backfill, answer.names):
        words(line, "p").classes("note")


def show_costs(answer: Answer) -> None:
    """Show what each donor spends and gives, and how that changes."""
    found = {str(row["outcome"]): row for row in answer.costs.to_dict(orient="records")}
    with ui.element("div").classes("beside"):
        for code, name in answer.names.items():
            items = {text: found[f"{item}_{code}"] for item, text in COST_NAMES.items() if f"{item}_{code}" in found}
            with ui.element("div"):
                words(name, "h3")
                rows = [(f"{text}, US$" if row["unit"] == "US$" else text, row) for text, row in items.items()]
                _table("", "Item", rows)
    ui.label("Whole period. Base: median. Change: mean over pairs of runs, and its 90% interval.").classes("note")


def _table(caption: str, first: str, rows: Sequence[tuple[str, Mapping[Any, Any]]]) -> None:
    head = [(first, False), ("Base", True), ("Change", True), ("90% interval", True)]
    cells = [
        (name, minus(amount(row["base_median"], str(row["unit"]))), *change_and_interval(row, minus)) for name, row in rows
    ]
    table(caption, head, cells)


def show_explanation(found: dict[str, Any]) -> None:
    """Show why a state and its donors decided as they did: sentences, and the terms behind them."""
    ui.label("Each decision is a sum of named terms. Terms are means over runs and add up to the total.").classes("note")
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
