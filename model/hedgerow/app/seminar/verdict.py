"""Telling the debrief: what drove the result, each seat against the model's own policy."""

from collections.abc import Mapping, Sequence
from typing import Any

from nicegui import ui

from hedgerow.app.seminar.telling import name_of, order_in_words
from hedgerow.app.text import signed, table, words
from hedgerow.app.widgets import section
from hedgerow.seminar.accounts import Plain

MEASURES: dict[str, tuple[str, float, int]] = {
    "alignment": ("Alignment with {}, hundredths", 100, 2),
    "officers": ("Officers trained by {}", 1, 0),
    "trust": ("Trust in {}, hundredths", 100, 2),
    "lock_in": ("Installed technology of {}", 1, 2),
    "denied": ("Officers barred by {}", 1, 0),
    "spent_usd": ("Spent by {}, US$ million", 1e-6, 1),
    "capability": ("Police capability, hundredths", 100, 2),
    "crime": ("Crime index, hundredths", 100, 2),
    "abuses": ("Gross violations", 1, 1),
    "sovereignty": ("Sensitivity, hundredths", 100, 2),
    "entanglement": ("Entangled officials, hundredths", 100, 2),
}
"""Name of a measure, what to multiply it by, and its decimals."""


def measure_label(key: str) -> tuple[str, float, int]:
    """Return a measure's name in words, what to multiply it by, and its decimals."""
    for stem, (text, times, digits) in MEASURES.items():
        if key == stem or key.startswith(f"{stem}_"):
            return text.format(name_of(key[len(stem) + 1 :])), times, digits
    return key, 1, 2


def debrief(told: Plain, seats: Mapping[str, Any], questions: Sequence[str]) -> None:
    """Tell the debrief: what drove the result, each seat against the model, the questions."""
    with section("What drove the result", part="drivers"):
        words(
            "The session without one thing at a time, all else as you played it, with the same "
            "chance. Shown is what that thing added over all blocs: the mean of "
            f"{told['runs']} runs of your choices, below it the 90% interval. Grey: it may well be "
            "nothing.",
            "p",
        ).classes("note")
        _drivers(told)
    with section("Each seat against the model's own policy", part="seats"):
        words(
            "What the results would have been had the model decided for this seat alone. "
            "The room is the one run you played; the means tell choice from luck.",
            "p",
        ).classes("note")
        for seat, lines in told["seats"].items():
            _seat(seat, lines, told["turns"], seats)
    if questions:
        with section("Questions"), ui.element("ol").classes("news"):
            for question in questions:
                words(question, "li")


def clear(band: Plain) -> bool:
    """Say whether an interval leaves out zero."""
    return band["low"] is not None and (band["low"] > 0 or band["high"] < 0)


def interval_text(band: Plain, times: float, digits: int) -> str:
    """Return an interval in words; blank where there is none, or none to be seen."""
    if band["low"] is None:
        return ""
    low, high = (signed(band[end] * times, digits) for end in ("low", "high"))
    return "" if low == high == "0" else f"{low} to {high}"


def _drivers(told: Plain) -> None:
    if not told["drivers"]:
        words("Nobody chose anything, so the model's own rules made the whole result.", "p")
        return
    keys = list(told["drivers"][0]["effects"])
    with ui.element("div").classes("scroll"), ui.element("table").classes("table drivers"):
        with ui.element("thead"), ui.element("tr"):
            words("Added by", "th").props('scope="col"')
            for key in keys:
                words(measure_label(key)[0], "th").props('scope="col"').classes("num")
        with ui.element("tbody"):
            for driver in told["drivers"]:
                with ui.element("tr"):
                    what = driver["what"]
                    words(what[:1].upper() + what[1:], "th").props('scope="row"')
                    for key in keys:
                        _effect(driver["effects"][key], *measure_label(key)[1:])


def _effect(band: Plain, times: float, digits: int) -> None:
    mean = signed(band["mean"] * times, digits)
    with ui.element("td").classes("num" if clear(band) and mean != "0" else "num unclear-text"):
        words(mean, "div")
        words(interval_text(band, times, digits), "div").classes("interval")


def _seat(seat: str, lines: Plain, turns: Sequence[str], seats: Mapping[str, Any]) -> None:
    with ui.element("details").classes("seat-told").props(f'data-seat="{seat}"'):
        with ui.element("summary"):
            words(lines["name"], "strong")
            words(f"decided in {lines['played']} of {len(turns)} turns", "span").classes("note")
        rows = [
            (turn, "; ".join(order_in_words(order, seats)), _usual(usual, seats))
            for turn, order, usual in zip(turns, lines["choices"], lines["usual"], strict=True)
        ]
        table("Choices", [("Quarter", False), ("Chosen", False), ("The model's own", False)], rows)
        if not lines["against_the_model"]:
            words("The model played this seat throughout.", "p").classes("note")
            return
        table(
            "Change since the opening",
            [
                ("", False),
                ("The room", True),
                ("Mean as played", True),
                ("Mean by the model", True),
                ("Difference", True),
                ("90% interval", True),
            ],
            [_against(key, three) for key, three in lines["against_the_model"].items()],
        )


def _against(key: str, three: Plain) -> tuple[str, ...]:
    text, times, digits = measure_label(key)
    difference = three["difference"]
    unclear = "" if clear(difference) or not interval_text(difference, times, digits) else " (unclear)"
    return (
        text,
        signed(three["played"]["here"] * times, digits),
        *(signed(three[k]["mean"] * times, digits) for k in ("played", "model", "difference")),
        f"{interval_text(difference, times, digits) or 'none'}{unclear}",
    )


def _usual(usual: Mapping[str, float], seats: Mapping[str, Any]) -> str:
    """Return what the model would have chosen: shares of help, or chances of accepting."""
    if not usual:
        return "its own cover"
    if all(key in seats and seats[key]["kind"] == "bloc" for key in usual):
        parts = [f"{seats[key]['name']} {share:.0%}" for key, share in usual.items()]
        return "Help: " + ", ".join(parts)
    return "Accepts: " + ", ".join(f"{name_of(k)} {share:.0%}" for k, share in usual.items())
