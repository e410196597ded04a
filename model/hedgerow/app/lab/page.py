"""The lab's page: what is asked, on the left; the answer, on the right; the link, above.

The page keeps one what-if. Whatever is moved makes a new one, which is put in the address bar and
asked of the desk; while an answer is under way the newest question waits and those between are
dropped, so the page stays at hand and the last move wins.
"""

import asyncio
from dataclasses import replace
from typing import Any

from fastapi import Request
from nicegui import background_tasks, context, ui

from hedgerow.app.elements import Chart
from hedgerow.app.frame import frame
from hedgerow.app.jobs import Busy, Failed, Refused, crew
from hedgerow.app.lab import panels, work
from hedgerow.app.lab.answer import Answer
from hedgerow.app.lab.controls import Levers
from hedgerow.app.lab.desk import Desk
from hedgerow.app.lab.head import Head
from hedgerow.app.lab.pair import resolve
from hedgerow.app.lab.timeline import Timeline, card, redraw
from hedgerow.app.lab.whatif import LinkError, WhatIf, from_query, version
from hedgerow.app.map import WorldMap
from hedgerow.app.settings import Settings
from hedgerow.app.text import words
from hedgerow.data.start import names as row_names
from hedgerow.scenario.errors import ScenarioError

FAULTS = (LinkError, ScenarioError, Busy, Failed, Refused)
UNDONE = 100
"""Moves that can be undone."""


def mount(settings: Settings, desk: Desk) -> None:
    """Offer the lab at the root of the site."""

    @ui.page("/")
    def lab(request: Request) -> None:
        with frame("Lab", here="/"):
            try:
                asked = from_query(request.query_params.multi_items(), settings.limits)
                resolve(asked, settings.limits)
            except (LinkError, ScenarioError) as error:
                _unfollowed(str(error))
                return
            stale = request.query_params.get("v", version()) != version()
            Lab(settings, desk, asked, stale=stale)


def _unfollowed(fault: str) -> None:
    """Say why a link cannot be followed, and where to go instead."""
    words("This link cannot be followed", "h1")
    with ui.element("div").classes("error").props('role="alert"'):
        ui.label(fault[:1].upper() + fault[1:])
    ui.label("It may come from another version of hedgerow, or a part of it was lost in copying. Nothing was run.")
    ui.link("Start the lab from the baseline", "/").classes("button")


class Lab:
    """One open page of the lab.

    Parameters
    ----------
    settings : Settings
    desk : Desk
    asked : WhatIf
        What its link asks.
    stale : bool
        Whether the link was made with other code.
    """

    def __init__(self, settings: Settings, desk: Desk, asked: WhatIf, *, stale: bool) -> None:
        self.settings, self.desk, self.now = settings, desk, asked
        self.past: list[WhatIf] = []
        self.answer: Answer | None = None
        self.client = context.client
        self._asker = f"{self.client.ip}/{self.client.id}"
        self._asking = self._explaining = False
        self._explained: tuple[Any, ...] = ()
        if stale:
            with ui.element("div").classes("warn").props('role="status"'):
                ui.label(
                    "This link was made with another version of hedgerow. The question is the "
                    "same; the numbers may differ from those its sender saw."
                )
        self.head = Head(self)
        with ui.element("div").classes("lab"):
            with ui.element("section").classes("card levers").props('aria-label="Levers"'):
                self.levers = Levers(self)
            self.results = ui.element("div").classes("results")
        with self.results:
            self._results()
        self.levers.show()
        self.client.on_connect(self._connected)

    # --- the page --------------------------------------------------------------------------

    def _results(self) -> None:
        with card("Where states move", "first") as first:
            first.props('data-part="map"')
            self.world = WorldMap(on_pick=self.pick)
            self.time = Timeline(self)
        with card("Who moves most"):
            self.movers = ui.element("div")
        with card("Over the months", "wide"):
            self.chart = Chart("Alignment over the months")
        with card("What donors spend and give", "wide"):
            self.costs = ui.element("div")
        with card("What differs from the base", "wide"):
            self.table = ui.element("div")
        with card("Why", "wide") as last:
            last.props('data-part="why"')
            self.why = ui.element("div").props('aria-live="polite"')

    def _connected(self) -> None:
        if self.answer is None:
            self.address()
            self._ask()

    def address(self) -> None:
        """Put the what-if in the address bar."""
        ui.navigate.history.replace("/?" + self.now.query())
        self.head.show()

    # --- moves -----------------------------------------------------------------------------

    def move(self, asked: WhatIf, *, undoable: bool = True) -> bool:
        """Ask another what-if, or look at another part of the same; say whether it can be asked."""
        if asked == self.now:
            return True
        fault = self._fault(asked)
        self.head.fault(fault)
        if fault:
            self.levers.show()
            return False
        if undoable:
            self.past = [*self.past, self.now][-UNDONE:]
        before, self.now = self.now, asked
        self.address()
        if asked.question != before.question:
            self.levers.show()
            self._ask()
        else:
            self._show_looks()
        return True

    def _fault(self, asked: WhatIf) -> str:
        try:
            resolve(asked, self.settings.limits)
        except (LinkError, ScenarioError) as error:
            return str(error)
        return ""

    def undo(self) -> None:
        """Take back the last move."""
        if self.past:
            last = self.past[-1]
            self.past = self.past[:-1]
            now = self.now
            asked = replace(last, state=now.state, month=now.month, show=now.show)
            self.move(asked, undoable=False)
            self.head.show()

    def reset(self) -> None:
        """Take back all changes to the scenario at hand."""
        self.move(replace(self.now, changes=(), months=None))

    def pick(self, state: str) -> None:
        """Look at a state; the same again, at none."""
        self.move(replace(self.now, state="" if state == self.now.state else state), undoable=False)

    # --- answers ---------------------------------------------------------------------------

    def _ask(self) -> None:
        if not self._asking:
            self._asking = True
            background_tasks.create(self._asked(), name="lab")

    async def _asked(self) -> None:
        """Get answers until the newest question is answered."""
        try:
            answered: WhatIf | None = None
            while answered is None or answered.question != self.now.question:
                answered = self.now
                with self.client:
                    self._working(True)
                fault, found = "", None
                try:
                    found = await self.desk.answer(self._asker, answered)
                except FAULTS as error:
                    fault = str(error)
                if self.client.is_deleted:
                    return
                if answered.question == self.now.question:
                    await self._arrived(found, fault)
        finally:
            self._asking = False

    async def _arrived(self, found: Answer | None, fault: str) -> None:
        """Show an answer: the map at once, the tables when they are worked out."""
        with self.client:
            self.head.fault(fault)
            if found is None:
                self._working(False)
                return
            self.answer = found
            if self.now.state not in found.variant.states:
                self.now = replace(self.now, state="")
            self._show_looks()
        await asyncio.to_thread(found.work_out_tables)
        if self.client.is_deleted or found is not self.answer:
            return
        with self.client:
            redraw(self.costs, lambda: panels.costs(found))
            redraw(self.table, lambda: panels.differences(found))
            self._working(False)

    def _working(self, on: bool) -> None:
        self.head.working(on)
        self.results.classes(add="waiting" if on else "", remove="" if on else "waiting")

    @property
    def month(self) -> int:
        """The month shown, counted from 0."""
        last = len(self.answer.months) - 1 if self.answer else 0
        return last if self.now.month is None else min(self.now.month - 1, last)

    def _show_looks(self) -> None:
        """Show the answer at hand as it is to be looked at."""
        answer = self.answer
        if answer is None:
            return
        self.head.answered(answer)
        panels.show_map(self.world, answer, self.now.show, self.month, self.now.state)
        panels.show_bands(self.chart, answer, self.now.show, self.month, self.now.state)
        redraw(self.movers, lambda: panels.movers(answer, self.now.state, self.pick))
        self.time.show(answer)
        self._show_why()

    def _show_why(self) -> None:
        wanted = (*self.now.question, self.now.state, self.now.month)
        if wanted == self._explained:
            return
        self._explained = wanted
        if not self.now.state:
            redraw(
                self.why,
                lambda: ui.label(
                    "Choose a state on the map or in the list to see what moves it, term by term."
                ).classes("note"),
            )
            return
        if not self._explaining:
            self._explaining = True
            background_tasks.create(self._explain_all(), name="why")

    async def _explain_all(self) -> None:
        """Explain what is looked at until the newest is explained; those between are dropped."""
        try:
            told: tuple[Any, ...] = ()
            while told != self._explained and self.now.state and not self.client.is_deleted:
                told = self._explained
                await self._explain(told)
        finally:
            self._explaining = False

    async def _explain(self, wanted: tuple[Any, ...]) -> None:
        answer, state = self.answer, self.now.state
        assert answer is not None
        name = row_names()[state]
        day = answer.months[self.month]
        with self.client:
            redraw(self.why, lambda: ui.label(f"Working out what moves {name} ...").classes("note"))
        base = None if answer.same else answer.pair.base
        found, fault = None, ""
        try:
            found = await crew().run(
                self._asker,
                work.why,
                answer.pair.variant,
                base,
                state,
                day.date(),
                answer.runs,
                answer.seed,
                fixed=answer.pair.fixed,
            )
        except FAULTS as error:
            fault = str(error)
        if self.client.is_deleted or wanted != self._explained:
            return

        def draw() -> None:
            words(f"{name}, {day:%B %Y}", "h3")
            panels.explanation(found) if found else ui.label(fault).classes("error")

        with self.client:
            redraw(self.why, draw)
