"""The head of the lab: what is asked, of what, and what to do with it."""

from dataclasses import replace

from nicegui import ui

from hedgerow.app.elements import TextFile
from hedgerow.app.lab.answer import Answer
from hedgerow.app.lab.pair import titles
from hedgerow.app.lab.sentences import headline, rests
from hedgerow.app.lab.state import LabState
from hedgerow.app.lab.whatif import OWN, UNCHANGED, WhatIf
from hedgerow.app.text import words
from hedgerow.app.widgets import button, choice

DOWNLOADS = {"scenario": "Scenario (TOML)", "tables": "Tables (Parquet and CSV)", "figures": "Figures", "report": "Report"}
_BASE, _SAME = "whatever suits it", "the same, without the changes"


class LabHead:
    """The head of one page of the lab.

    Parameters
    ----------
    state : LabState
    """

    def __init__(self, state: LabState) -> None:
        self._state = state
        with ui.element("div").classes("lab-head"):
            with ui.element("div").classes("lab-title"):
                self._title = words("", "h1")
                self._question = words("", "p").style("margin: 0")
            self._choices()
            self._fault = ui.element("div").classes("error").props('role="alert"')
            self._fault.set_visibility(False)
            with self._fault:
                self._fault_text = ui.label("")
            with ui.element("div").classes("status").props('role="status"') as self._status:
                self._told = words("", "strong").props('data-part="headline"')
            self._rests = words("", "p").classes("note").style("margin: 0")

    def _choices(self) -> None:
        state = self._state
        with ui.element("div").classes("row-wrap"):
            own = {OWN: "Your own file"} if state.now.text else {}
            self._scenario = choice("Scenario", "scenario", {**titles(), **own}, self._to_scenario)
            bases = {"": _BASE, **titles(), UNCHANGED: _SAME}
            self._base = choice("Compared with", "base", bases, self._to_base)
            first = next(iter(self._base.default_slot.children))
            assert isinstance(first, ui.label)
            self._suits = first
            self._undo = button("Undo", self._take_back)
            self._reset = button("Reset", state.reset)
            button("Copy link", self._copy, "main-act")
            with ui.element("details").classes("menu"):
                words("Save and open", "summary").classes("button")
                with ui.element("div").classes("menu-inside card"):
                    self._links = {
                        what: ui.link(text, "#").props(f'download data-what="{what}"') for what, text in DOWNLOADS.items()
                    }
                    TextFile("Open a scenario file", state.limits.upload, self._opened, self.fault)

    def show(self) -> None:
        """Show what is asked."""
        now, pair = self._state.now, self._state.pair
        self._title.set_text(pair.variant.title)
        self._question.set_text(pair.variant.question)
        for select, value in ((self._scenario, now.scenario), (self._base, now.base)):
            select.props["value"] = value
            select.update()
        self._suits.set_text(_BASE if now.base else titles().get(pair.base_name, _SAME))
        for press, able in ((self._undo, bool(self._state.past)), (self._reset, bool(now.changes))):
            press.props["disabled"] = not able
            press.update()
        for what, link in self._links.items():
            link.props["href"] = f"/lab/{what}?{now.query()}"
            link.update()

    def fault(self, why: str) -> None:
        """Say why something cannot be done; nothing, where all can."""
        self._fault_text.set_text(why)
        self._fault.set_visibility(bool(why))

    def working(self, on: bool) -> None:
        """Say that a simulation is under way."""
        self._status.classes(add="working" if on else "", remove="" if on else "working")
        if on and self._state.answer is None:
            self._told.set_text("Simulating ...")

    def answered(self, answer: Answer) -> None:
        """Show the headline of an answer, and what it rests on."""
        self._told.set_text(headline(answer))
        self._title.set_text(answer.pair.variant.title)
        self._rests.set_text(rests(answer))

    def _take_back(self) -> None:
        self._state.undo()
        self.show()

    def _to_scenario(self, name: str) -> None:
        text = self._state.now.text if name == OWN else ""
        kept = replace(WhatIf(), runs=self._state.now.runs, seed=self._state.now.seed)
        self._state.move(replace(kept, scenario=name, text=text))

    def _to_base(self, name: str) -> None:
        self._state.move(replace(self._state.now, base=name))

    def _opened(self, text: str) -> None:
        most = self._state.limits.upload
        if len(text.encode()) > most:
            self.fault(f"a scenario file may have {most:,} bytes at most")
            return
        if self._state.move(replace(WhatIf(), scenario=OWN, text=text)):
            ui.navigate.to("/?" + self._state.now.query())

    def _copy(self) -> None:
        ui.run_javascript("navigator.clipboard && navigator.clipboard.writeText(location.href)")
        ui.notify("The link is copied; it holds the whole what-if.", type="positive")
