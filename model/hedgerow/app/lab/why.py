"""Why the chosen state decided as it did: asked of the model for what is looked at, term by term."""

from typing import Any

from nicegui import background_tasks, context, ui

from hedgerow.app.jobs import scheduler
from hedgerow.app.lab import panels, work
from hedgerow.app.lab.faults import FAULTS, said
from hedgerow.app.lab.state import LabState
from hedgerow.app.text import words
from hedgerow.app.widgets import redraw
from hedgerow.data.start import names as row_names

NONE = "Choose a state on the map or in the list to see what moves it, term by term."


class Why:
    """The explanation of one page of the lab; drawn where it is constructed.

    While an explanation is under way the newest wish waits, and those between are dropped.

    Parameters
    ----------
    state : LabState
    asker : str
        Whose simulations these are.
    """

    def __init__(self, state: LabState, asker: str) -> None:
        self._state, self._asker, self._client = state, asker, context.client
        self._place = ui.element("div").props('aria-live="polite"')
        self._wanted: tuple[Any, ...] = ()
        self._working = False

    def show(self) -> None:
        """Explain what is looked at, unless that is explained already."""
        now = self._state.now
        wanted = (*now.question, now.state, now.month)
        if wanted == self._wanted:
            return
        self._wanted = wanted
        if not now.state:
            redraw(self._place, lambda: ui.label(NONE).classes("note"))
        elif not self._working:
            self._working = True
            background_tasks.create(self._explain_all(), name="why")

    async def _explain_all(self) -> None:
        try:
            done: tuple[Any, ...] = ()
            while done != self._wanted and self._state.now.state and not self._client.is_deleted:
                done = self._wanted
                await self._explain(done)
        finally:
            self._working = False

    async def _explain(self, wanted: tuple[Any, ...]) -> None:
        answer, code = self._state.answer, self._state.now.state
        assert answer is not None
        name, day = row_names()[code], answer.months[self._state.month]
        with self._client:
            redraw(self._place, lambda: ui.label(f"Working out what moves {name} ...").classes("note"))
        pair, base = answer.pair, None if answer.same else answer.pair.base
        found, fault = None, ""
        try:
            found = await scheduler().run(
                self._asker, work.why, pair.variant, base, code, day.date(), answer.runs, answer.seed, fixed=pair.fixed
            )
        except FAULTS as error:
            fault = said(error)
        if self._client.is_deleted or wanted != self._wanted:
            return

        def draw() -> None:
            words(f"{name}, {day:%B %Y}", "h3")
            panels.show_explanation(found) if found else ui.label(fault).classes("error")

        with self._client:
            redraw(self._place, draw)
