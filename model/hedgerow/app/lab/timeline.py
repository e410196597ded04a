"""The month the lab shows and what its map shows of it; and the cards answers stand in."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from nicegui import ui

from hedgerow.app.lab.answer import Answer
from hedgerow.app.text import words

if TYPE_CHECKING:
    from hedgerow.app.lab.page import Lab

LOOKS = {"difference": "Change from the base", "standing": "Whom states stand closer to"}


class Timeline:
    """The month shown, and what the map shows of it."""

    def __init__(self, lab: "Lab") -> None:
        self._lab = lab
        with ui.element("div").classes("timeline"):
            words("Month", "label").props('for="month"')
            self._slider = ui.element("input").props('type="range" id="month" min="1" max="1" step="1" class="range"')
            self._day = words("", "span").style("min-width: 9.5rem")
        self._slider.on(
            "input", lambda e: self._to(e.args), js_handler="(e) => emit(Number(e.target.value))", throttle=0.08
        )
        with ui.element("div").classes("row-wrap").props('role="group" aria-label="Map shows"'):
            self._shows = {show: _toggle(text, partial(self._show, show)) for show, text in LOOKS.items()}

    def _to(self, month: int) -> None:
        last = len(self._lab.answer.months) if self._lab.answer else 1
        whole = max(1, min(int(month), last))
        self._lab.move(replace(self._lab.now, month=None if whole == last else whole), undoable=False)

    def _show(self, show: str) -> None:
        self._lab.move(replace(self._lab.now, show=show), undoable=False)

    def show(self, answer: Answer) -> None:
        """Show the month and what the map shows."""
        day = answer.months[self._lab.month]
        self._slider.props["max"] = len(answer.months)
        self._slider.props["value"] = self._lab.month + 1
        self._slider.props["aria-valuetext"] = f"{day:%B %Y}"
        self._slider.update()
        self._day.set_text(f"{day:%B %Y}")
        for show, button in self._shows.items():
            button.props(f'aria-pressed="{str(show == self._lab.now.show).lower()}"')
            button.classes(
                add="main-act" if show == self._lab.now.show else "",
                remove="" if show == self._lab.now.show else "main-act",
            )


def _toggle(text: str, act: Callable[[], Any]) -> ui.element:
    button = ui.element("button").props('type="button"').classes("button")
    with button:
        words(text, "span")
    return button.on("click", act)


def card(title: str, place: str = "") -> ui.element:
    """Return a card with a title to draw in."""
    box = ui.element("section").classes(f"card {place}").props(f'aria-label="{title}"')
    with box:
        words(title, "h2")
    return box


def redraw(where: ui.element, draw: Callable[[], Any]) -> None:
    """Draw anew what stands in an element."""
    where.clear()
    with where:
        draw()
