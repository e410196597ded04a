"""The lab's page: what is asked, on the left; the answer, on the right; the link, above.

The page keeps one what-if. Whatever is moved makes a new one, which is put in the address bar and
asked of the desk; while an answer is under way the newest question waits and those between are
dropped, so the page stays at hand and the last move wins.
"""

import asyncio

from fastapi import Request
from nicegui import background_tasks, context, ui

from hedgerow.app.elements import Chart
from hedgerow.app.frame import frame
from hedgerow.app.lab import panels, pictures
from hedgerow.app.lab.answer import Answer
from hedgerow.app.lab.controls import LeverControls
from hedgerow.app.lab.desk import Desk
from hedgerow.app.lab.faults import FAULTS, said
from hedgerow.app.lab.head import LabHead
from hedgerow.app.lab.pair import resolve
from hedgerow.app.lab.state import LabState
from hedgerow.app.lab.timeline import Timeline
from hedgerow.app.lab.whatif import LinkError, WhatIf, from_query, version
from hedgerow.app.lab.why import Why
from hedgerow.app.map import WorldMap
from hedgerow.app.settings import Limits, Settings
from hedgerow.app.text import words
from hedgerow.app.widgets import error, redraw, section
from hedgerow.scenario.errors import ScenarioError

STALE = (
    "This link was made with another version of hedgerow. The question is the "
    "same; the numbers may differ from those its sender saw."
)


def mount(settings: Settings, desk: Desk) -> None:
    """Offer the lab at the root of the site."""

    @ui.page("/")
    def lab(request: Request) -> None:
        with frame("Lab", here="/"):
            try:
                asked = from_query(request.query_params.multi_items(), settings.limits)
                resolve(asked, settings.limits)
            except (LinkError, ScenarioError) as fault:
                _unfollowed(str(fault))
                return
            stale = request.query_params.get("v", version()) != version()
            LabPage(settings.limits, desk, asked, stale=stale)


def _unfollowed(fault: str) -> None:
    """Say why a link cannot be followed, and where to go instead."""
    words("This link cannot be followed", "h1")
    error(fault[:1].upper() + fault[1:])
    ui.label("It may come from another version of hedgerow, or a part of it was lost in copying. Nothing was run.")
    ui.link("Start the lab from the baseline", "/").classes("button")


class LabPage:
    """One open page of the lab: it builds its parts and is told of every move.

    Parameters
    ----------
    limits : Limits
    desk : Desk
    asked : WhatIf
        What its link asks.
    stale : bool
        Whether the link was made with other code.
    """

    def __init__(self, limits: Limits, desk: Desk, asked: WhatIf, *, stale: bool) -> None:
        self._state = LabState(limits, asked, self._moved, self._refused)
        self._desk, self._client = desk, context.client
        self._asker = f"{self._client.ip}/{self._client.id}"
        self._asking = False
        if stale:
            with ui.element("div").classes("warn").props('role="status"'):
                ui.label(STALE)
        self._head = LabHead(self._state)
        with ui.element("div").classes("lab"):
            with ui.element("section").classes("card levers").props('aria-label="Levers"'):
                self._levers = LeverControls(self._state)
            self._results = ui.element("div").classes("results")
        with self._results:
            self._build_results()
        self._levers.show()
        self._client.on_connect(self._connected)

    def _build_results(self) -> None:
        with _part("Where states move", "first", "map"):
            self._map = WorldMap(on_pick=self._state.pick)
            self._timeline = Timeline(self._state)
        with _part("Who moves most"):
            self._movers = ui.element("div")
        with _part("Over the months", "wide"):
            self._chart = Chart("Alignment over the months")
        with _part("What donors spend and give", "wide"):
            self._costs = ui.element("div")
        with _part("What differs from the base", "wide"):
            self._differences = ui.element("div")
        with _part("Why", "wide", "why"):
            self._why = Why(self._state, self._asker)

    def _connected(self) -> None:
        if self._state.answer is None:
            self._show_address()
            self._ask()

    def _show_address(self) -> None:
        """Put the what-if in the address bar."""
        ui.navigate.history.replace("/?" + self._state.now.query())
        self._head.show()

    # --- moves -----------------------------------------------------------------------------

    def _refused(self, why: str) -> None:
        self._head.fault(why)
        if why:
            self._levers.show()

    def _moved(self, before: WhatIf) -> None:
        self._show_address()
        if self._state.now.question != before.question:
            self._levers.show()
            self._ask()
        else:
            self._show_looks()

    # --- answers ---------------------------------------------------------------------------

    def _ask(self) -> None:
        if not self._asking:
            self._asking = True
            background_tasks.create(self._ask_until_answered(), name="lab")

    async def _ask_until_answered(self) -> None:
        """Get answers until the newest question is answered."""
        try:
            asked: WhatIf | None = None
            while asked is None or asked.question != self._state.now.question:
                asked = self._state.now
                with self._client:
                    self._working(True)
                fault, found = "", None
                try:
                    found = await self._desk.answer(self._asker, asked)
                except FAULTS as why:
                    fault = said(why)
                if self._client.is_deleted:
                    return
                if asked.question == self._state.now.question:
                    await self._arrived(found, fault)
        finally:
            self._asking = False

    async def _arrived(self, found: Answer | None, fault: str) -> None:
        """Show an answer: the map at once, the tables when they are worked out."""
        with self._client:
            self._head.fault(fault)
            if found is None:
                self._working(False)
                return
            self._state.answered(found)
            self._show_looks()
        await asyncio.to_thread(found.work_out_tables)
        if self._client.is_deleted or found is not self._state.answer:
            return
        with self._client:
            redraw(self._costs, lambda: panels.show_costs(found))
            redraw(self._differences, lambda: panels.show_differences(found))
            self._working(False)

    def _working(self, on: bool) -> None:
        self._head.working(on)
        self._results.classes(add="waiting" if on else "", remove="" if on else "waiting")

    def _show_looks(self) -> None:
        """Show the answer at hand as it is to be looked at."""
        state, answer = self._state, self._state.answer
        if answer is None:
            return
        self._head.answered(answer)
        pictures.show_map(self._map, answer, state.now.show, state.month, state.now.state)
        pictures.show_bands(self._chart, answer, state.now.show, state.month, state.now.state)
        redraw(self._movers, lambda: panels.show_movers(answer, state.now.state, state.pick))
        self._timeline.show(answer)
        self._why.show()


def _part(title: str, classes: str = "", part: str = "") -> ui.element:
    made = section(title, classes, part)
    made.props["aria-label"] = title
    return made
