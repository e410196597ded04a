"""The month the lab shows, and what its map shows of it."""

from dataclasses import replace
from functools import partial

from nicegui import ui

from hedgerow.app.lab.answer import Answer
from hedgerow.app.lab.state import LabState
from hedgerow.app.text import words
from hedgerow.app.widgets import button

LOOKS = {"difference": "Change from the base", "standing": "Whom states stand closer to"}


class Timeline:
    """The month shown, and what the map shows of it.

    Parameters
    ----------
    state : LabState
    """

    def __init__(self, state: LabState) -> None:
        self._state = state
        with ui.element("div").classes("timeline"):
            words("Month", "label").props('for="month"')
            self._slider = ui.element("input").props('type="range" id="month" min="1" max="1" step="1" class="range"')
            self._day = words("", "span").style("min-width: 9.5rem")
        self._slider.on("input", lambda e: self._to(e.args), js_handler="(e) => emit(Number(e.target.value))", throttle=0.08)
        with ui.element("div").classes("row-wrap").props('role="group" aria-label="Map shows"'):
            self._shows = {show: button(text, partial(self._show, show)) for show, text in LOOKS.items()}

    def _to(self, month: int) -> None:
        last = len(self._state.answer.months) if self._state.answer else 1
        chosen = max(1, min(int(month), last))
        self._state.move(replace(self._state.now, month=None if chosen == last else chosen), undoable=False)

    def _show(self, show: str) -> None:
        self._state.move(replace(self._state.now, show=show), undoable=False)

    def show(self, answer: Answer) -> None:
        """Show the month and what the map shows."""
        day = answer.months[self._state.month]
        self._slider.props["max"] = len(answer.months)
        self._slider.props["value"] = self._state.month + 1
        self._slider.props["aria-valuetext"] = f"{day:%B %Y}"
        self._slider.update()
        self._day.set_text(f"{day:%B %Y}")
        for show, press in self._shows.items():
            on = show == self._state.now.show
            press.props(f'aria-pressed="{str(on).lower()}"')
            press.classes(add="main-act" if on else "", remove="" if on else "main-act")
