"""Telling what happened: the public board, the news, a seat's own books, an order in words."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from nicegui import ui

from hedgerow.app.text import signed, table, words
from hedgerow.data.start import names
from hedgerow.seminar.accounts import Plain
from hedgerow.seminar.seats import ANSWERS, CAMPAIGNS, CONDITIONS

INCIDENTS = {
    "pushback": "pushed back",
    "pause": "suspended cooperation",
    "resume": "resumed cooperation",
    "exposure": "found a foreign police service centre",
    "statement": "declared support for a donor's initiative",
    "leadership_change": "changed leaders",
    "cut_off": "lost help by a cut-off",
    "war": "went to war",
    "peace": "made peace",
    "agreement": "signed an agreement",
}
CAPTIONS = {"meetings": "Meetings of ministers", "officers": "Officers trained"}
CAPABILITY = {
    "investigation": "Investigation",
    "public_order": "Public order",
    "border": "Borders, narcotics and terror",
    "technology": "Technology",
}


def name_of(code: str) -> str:
    """Return the name of a donor."""
    return {"USA": "United States"}.get(code) or names().get(code, code)


def count(value: float) -> str:
    """Return a count in words of digits."""
    return f"{value:,.0f}"


def so_far(value: float) -> str:
    """Return a count since the opening, in one piece."""
    return f"({count(value)}\u00a0so\u00a0far)"


def dollars(value: float) -> str:
    """Return US$ in millions."""
    return f"{value / 1e6:,.1f}" if value else "0"


def hundredths(value: float) -> str:
    """Return a change of an index from 0 to 1, in hundredths, with its sign."""
    return signed(value * 100, 1)


def board(view: Plain) -> None:
    """Tell what everybody may know of the last quarter and since the opening."""
    last, totals, seats = view["last"], view["totals"], view["seats"]
    if last is None or not last["turn"]:
        words("Meetings and training will be told here, quarter by quarter.", "p").classes("note")
        return
    head = [("", False), *((name_of(donor), True) for donor in last["donors"])]
    with ui.element("div").classes("tables"):
        for what, caption in CAPTIONS.items():
            rows = [
                (
                    seats[bloc]["name"],
                    *(
                        f"{count(here[bloc][what])} {so_far(totals[donor][bloc][what])}"
                        for donor, here in last["donors"].items()
                    ),
                )
                for bloc in last["crime"]
            ]
            table(f"{caption}, {last['quarter']}", head, rows)


def news(view: Plain) -> None:
    """Tell the news of the last quarter, the same kind of several states in one line."""
    last = view["last"]
    if last is None or not last["turn"]:
        return
    lines: dict[tuple[str, str], list[str]] = {}
    for incident in last["incidents"]:
        told = INCIDENTS.get(incident["kind"], incident["kind"])
        lines.setdefault((incident["month"], told), []).append(incident["name"])
    with ui.element("ul").classes("news"):
        for title in view["announced"]:
            words(title, "li")
        for (month, told), who in sorted(lines.items()):
            words(f"{month_name(month)}: {', '.join(dict.fromkeys(who))} {told}", "li")
        for forum in last["forums"]:
            signed = f", {forum['signed']} signed" if forum["signs"] else ""
            came = f"{forum['came']} of {forum['asked']} came{signed}"
            words(f"{month_name(forum['month'])}: {forum['name']}: {came}", "li")
        if not (view["announced"] or lines or last["forums"]):
            words("Nothing that made the papers.", "li")


def month_name(month: str) -> str:
    """Return ``Mar 2023`` for ``2023-03``."""
    return f"{date.fromisoformat(f'{month}-01'):%b %Y}"


def books(you: Plain, seats: Mapping[str, Any]) -> None:
    """Tell a seat what it alone knows."""
    if not you["books"]:
        words("Your books are being opened.", "p").classes("note")
        return
    now = you["books"][-1]
    before = you["books"][-2] if len(you["books"]) > 1 else None
    if you["kind"] == "donor":
        _donor_books(now, seats)
    elif you["kind"] == "bloc":
        _bloc_books(now, before)
    else:
        _needs(now, seats)


def _donor_books(now: Plain, seats: Mapping[str, Any]) -> None:
    blocs = now["blocs"]
    head = [("", False), *((seats[bloc]["name"], True) for bloc in blocs)]
    lines: list[tuple[str, Callable[[Plain], str]]] = [
        ("Alignment with you, 0 to 1", lambda b: f"{b['alignment']:.3f}"),
        ("its change since the opening, hundredths", lambda b: hundredths(b["change"])),
        ("Officers offered a place", lambda b: count(b["offered"])),
        ("barred by your conditions", lambda b: count(b["blocked"])),
        ("trained", lambda b: count(b["officers"])),
        ("Equipment taken, US$ million", lambda b: dollars(b["equipment_usd"])),
        ("Meetings of ministers", lambda b: count(b["meetings"])),
    ]
    rows = [(text, *(say(b) for b in blocs.values())) for text, say in lines]
    table(f"Your books, {quarter_of(now)}; alignment as your diplomats report it", head, rows)


def _bloc_books(now: Plain, before: Plain | None) -> None:
    own, given = now["own"], now["given"]
    head = [("", False), *((name_of(d), True) for d in given)]
    lines: list[tuple[str, Callable[[str], str]]] = [
        ("Officers offered a place", lambda d: count(given[d]["offered"])),
        ("barred by the donor", lambda d: count(given[d]["blocked"])),
        ("trained", lambda d: count(given[d]["officers"])),
        ("Equipment taken, US$ million", lambda d: dollars(given[d]["equipment_usd"])),
        ("Meetings of ministers", lambda d: count(given[d]["meetings"])),
        ("Your trust in it, 0 to 1", lambda d: f"{own['trust'][d]:.2f}"),
        ("How well you think its help works, 0 to 1", lambda d: f"{own['belief'][d]:.2f}"),
    ]
    table(f"What you were offered, {quarter_of(now)}", head, [(text, *(say(d) for d in given)) for text, say in lines])
    _own_books(own, before["own"] if before else own)


def _own_books(own: Plain, then: Plain) -> None:
    lines = [(CAPABILITY[k], f"{v:.3f}", hundredths(v - then["capability"][k])) for k, v in own["capability"].items()]
    lines += [
        (text, f"{own[k]:.2f}", hundredths(own[k] - then[k]))
        for k, text in (
            ("crime", "Crime, 1 = at the start"),
            ("threat", "Threat to the regime"),
            ("sovereignty", "Sensitivity about sovereignty"),
        )
    ]
    lines.append(("Units under credible allegation", count(own["flagged"]), ""))
    table(
        "Your police and your streets; change on the quarter in hundredths",
        [("", False), ("Now", True), ("Change", True)],
        lines,
    )


def _needs(now: Plain, seats: Mapping[str, Any]) -> None:
    head = [("", False), *((seats[bloc]["name"], True) for bloc in now["needs"])]
    rows = [(text, *(f"{needs[k]:.2f}" for needs in now["needs"].values())) for k, text in CAPABILITY.items()]
    table(f"Police capability, 0 to 1, {quarter_of(now)}", head, rows)


def quarter_of(account: Plain) -> str:
    """Return an account's quarter within a sentence."""
    return "before the first turn" if not account["turn"] else str(account["quarter"])


def order_in_words(order: Mapping[str, Any] | None, seats: Mapping[str, Any]) -> list[str]:
    """Return what an order says, a line each."""
    if not order:
        return ["Nothing sent: the model decides."]
    lines = []
    for what in ("training", "equipment", "meetings", "cover"):
        points = {bloc: n for bloc, n in (order.get(what) or {}).items() if n}
        if points and not (order.get("usual_help") and what in ("training", "equipment")):
            shown = ", ".join(f"{seats[bloc]['name']} {n}" for bloc, n in points.items())
            lines.append(f"{what.capitalize()}: {shown}")
    if order.get("usual_help"):
        lines.append("Training and equipment: left to the model")
    for what, say in (("conditions", CONDITIONS), ("campaigns", CAMPAIGNS)):
        for bloc, chosen in (order.get(what) or {}).items():
            lines.append(f"{seats[bloc]['name']}: {say[chosen]}")
    if order.get("open"):
        lines.append("Convened in public: " + ", ".join(seats[b]["name"] for b in order["open"]))
    if order.get("gaps"):
        lines.append("To the largest gaps: " + ", ".join(seats[b]["name"] for b in order["gaps"]))
    for donor, answer in (order.get("answers") or {}).items():
        lines.append(f"{name_of(donor)}: {ANSWERS[answer]}")
    return lines or ["Sent, with nothing in it."]
