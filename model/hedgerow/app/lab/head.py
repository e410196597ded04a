"""The head of the lab: what is asked, of what, and what to do with it."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from nicegui import ui

from hedgerow.app.elements import TextFile
from hedgerow.app.lab import panels
from hedgerow.app.lab.answer import Answer
from hedgerow.app.lab.pair import resolve, titles
from hedgerow.app.lab.whatif import OWN, UNCHANGED, WhatIf
from hedgerow.app.text import words

if TYPE_CHECKING:
    from hedgerow.app.lab.page import Lab

DOWNLOADS = {
    "scenario": "Scenario (TOML)",
    "tables": "Tables (Parquet and CSV)",
    "figures": "Figures",
    "report": "Report",
}
_BASE, _SAME = "whatever suits it", "the same, without the changes"


class Head:
    """The head of one page of the lab.

    Parameters
    ----------
    lab : Lab
    """

    def __init__(self, lab: "Lab") -> None:
        self._lab = lab
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
        lab = self._lab
        with ui.element("div").classes("row-wrap"):
            shipped = titles()
            own = {OWN: "Your own file"} if lab.now.text else {}
            self._scenario = _select("scenario", "Scenario", {**shipped, **own}, self._to_scenario)
            bases = {"": _BASE, **shipped, UNCHANGED: _SAME}
            self._base = _select("base", "Compared with", bases, self._to_base)
            first = next(iter(self._base.default_slot.children))
            assert isinstance(first, ui.label)
            self._suits = first
            self._undo = _button("Undo", lab.undo)
            self._reset = _button("Reset", lab.reset)
            _button("Copy link", self._copy).classes("main-act")
            with ui.element("details").classes("menu"):
                words("Save and open", "summary").classes("button")
                with ui.element("div").classes("menu-inside card"):
                    self._links = {
                        what: ui.link(text, "#").props(f'download data-what="{what}"')
                        for what, text in DOWNLOADS.items()
                    }
                    TextFile("Open a scenario file", lab.settings.limits.upload, self._opened, self.fault)

    def show(self) -> None:
        """Show what is asked."""
        now = self._lab.now
        pair = resolve(now, self._lab.settings.limits)
        self._title.set_text(pair.variant.title)
        self._question.set_text(pair.variant.question)
        for select, value in ((self._scenario, now.scenario), (self._base, now.base)):
            select.props["value"] = value
            select.update()
        words = titles().get(pair.base_name, _SAME)
        self._suits.set_text(words if not now.base else _BASE)
        for button, able in ((self._undo, bool(self._lab.past)), (self._reset, bool(now.changes))):
            button.props["disabled"] = not able
            button.update()
        for what, link in self._links.items():
            link.props["href"] = f"/lab/{what}?{now.query()}"
            link.update()

    def fault(self, words: str) -> None:
        """Say what cannot be done; nothing, where all can."""
        self._fault_text.set_text(words)
        self._fault.set_visibility(bool(words))

    def working(self, on: bool) -> None:
        """Say that a simulation is under way."""
        self._status.classes(add="working" if on else "", remove="" if on else "working")
        if on and self._lab.answer is None:
            self._told.set_text("Simulating ...")

    def answered(self, answer: Answer) -> None:
        """Show the headline of an answer, and what it rests on."""
        self._told.set_text(panels.headline(answer))
        self._title.set_text(answer.pair.variant.title)
        self._rests.set_text(panels.rests(answer))

    def _to_scenario(self, name: str) -> None:
        text = self._lab.now.text if name == OWN else ""
        kept = replace(WhatIf(), runs=self._lab.now.runs, seed=self._lab.now.seed)
        self._lab.move(replace(kept, scenario=name, text=text))

    def _to_base(self, name: str) -> None:
        self._lab.move(replace(self._lab.now, base=name))

    def _opened(self, text: str) -> None:
        most = self._lab.settings.limits.upload
        if len(text.encode()) > most:
            self.fault(f"a scenario file may have {most:,} bytes at most")
            return
        if self._lab.move(replace(WhatIf(), scenario=OWN, text=text)):
            ui.navigate.to("/?" + self._lab.now.query())

    def _copy(self) -> None:
        ui.run_javascript("navigator.clipboard && navigator.clipboard.writeText(location.href)")
        ui.notify("The link is copied; it holds the whole what-if.", type="positive")


def _button(text: str, act: Any) -> ui.element:
    button = ui.element("button").props('type="button"').classes("button")
    with button:
        words(text, "span")
    return button.on("click", act)


def _select(key: str, label: str, options: dict[str, str], act: Any) -> ui.element:
    with ui.element("div").classes("field"):
        words(label, "label").props(f'for="{key}"')
        select = ui.element("select").props(f'id="{key}"')
        with select:
            for value, text in options.items():
                option = words(text, "option")
                option.props["value"] = value
        select.on("change", lambda e: act(str(e.args)), js_handler="(e) => emit(e.target.value)")
    return select
