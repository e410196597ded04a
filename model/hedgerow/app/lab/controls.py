"""The levers of one page: policies of the scenario, policies nobody pursues yet, assumptions."""

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from typing import Any

from nicegui import ui

from hedgerow.app.lab.control import ControlElement
from hedgerow.app.lab.levers import Block, Control, assumptions, blocks, sources, templates
from hedgerow.app.lab.pair import drawable, opened
from hedgerow.app.lab.state import LabState
from hedgerow.app.lab.values import toml
from hedgerow.app.lab.whatif import FIXED, RUNS, SEED
from hedgerow.app.text import words
from hedgerow.scenario.schema import Scenario

DEFAULTS = {"runs": RUNS, "seed": SEED, "months": None, "fixed": False}
"""The experiment where nothing is said of it."""
FEW = 40
"""Assumptions listed at once; more are reached by searching."""


class LeverControls:
    """All controls of one page of the lab.

    A policy's controls are made when it is opened, so that the page comes at once.

    Parameters
    ----------
    state : LabState
    """

    def __init__(self, state: LabState) -> None:
        self._state = state
        self._shape: tuple[str, ...] = ()
        self._parts: dict[str, _PolicyControls] = {}
        self._search = ""
        self._shown_numbers: dict[str, ControlElement] = {}
        words("Levers", "h2")
        words("A lever changes the what-if alone. An assumption changes the base too.", "p").classes("note")
        self._box = ui.element("div")
        with ui.element("details").classes("lever") as details:
            words("Assumptions", "summary")
            with ui.element("div").classes("inside"):
                self._find()
                self._numbers = ui.element("div").classes("inside").style("padding: 0")
        details.on("toggle", self._show_assumptions)
        with ui.element("details").classes("lever"):
            words("Runs, seed and months", "summary")
            with ui.element("div").classes("inside"):
                self._experiment = {
                    key: ControlElement(partial(self._set_run, key), partial(self._set_run, key, None)) for key in DEFAULTS
                }

    def _find(self) -> None:
        words("Search by name, unit or key", "label").props('for="search"')
        field = ui.element("input").props('type="text" id="search" autocomplete="off"')
        field.on(
            "input",
            lambda e: self._searched(str(e.args)),
            js_handler="(e) => emit(e.target.value)",
            throttle=0.3,
            leading_events=False,
        )

    def _searched(self, text: str) -> None:
        self._search = text.strip().lower()
        self._show_assumptions()

    # --- what is shown ---------------------------------------------------------------------

    def show(self) -> None:
        """Show all controls as they stand."""
        scenario = self._state.pair.variant
        usual = self._usual(scenario)
        found = blocks(scenario, usual)
        shape = tuple(f"{b.group} {b.name}" for b in found)
        if shape != self._shape:
            self._shape = shape
            self._build(found)
        for block in found:
            self._parts[block.name].show(block)
        self._show_experiment(scenario)
        if self._shown_numbers:
            self._show_assumptions()

    def _usual(self, scenario: Scenario) -> Scenario:
        """Return the scenario without changes; as it is, where it cannot be read so."""
        found = opened(self._state.now, ())
        return found if list(found.donors) == list(scenario.donors) else scenario

    def _build(self, found: Iterable[Block]) -> None:
        self._box.clear()
        self._parts, group = {}, ""
        with self._box:
            for block in found:
                if block.group != group:
                    group = block.group
                    words(group, "h3").classes("lever-group")
                self._parts[block.name] = _PolicyControls(self, block)

    def _show_assumptions(self) -> None:
        scenario = self._state.pair.variant
        usual, changed = self._usual(scenario), dict(self._state.now.changes)
        wanted = [
            c
            for c in assumptions(scenario, usual)
            if c.key in changed or all(w in f"{c.label} {c.unit} {c.key}".lower() for w in self._search.split())
        ]
        wanted.sort(key=lambda c: c.key not in changed)
        if [c.key for c in wanted[:FEW]] != list(self._shown_numbers):
            self._numbers.clear()
            with self._numbers:
                self._shown_numbers = {c.key: self._control(c) for c in wanted[:FEW]}
                if len(wanted) > FEW:
                    ui.label(f"{len(wanted) - FEW} more: search for them.").classes("note")
        for control in wanted[:FEW]:
            self._shown_numbers[control.key].show(control, changed=control.key in changed)

    def _control(self, control: Control) -> ControlElement:
        return ControlElement(partial(self.changed, control), partial(self.back, control.key))

    def _show_experiment(self, scenario: Scenario) -> None:
        now, limits = self._state.now, self._state.limits
        usual = opened(replace(now, months=None), ()).months
        whole_numbers = [
            ("runs", "Pairs of runs", (2, limits.runs, 2), now.runs, RUNS, "more runs give narrower intervals"),
            ("seed", "Seed", (0, 1000, 1), now.seed, SEED, "the same seed gives the same numbers"),
            ("months", "Months", (1, limits.months, 1), scenario.months, usual, "how long both scenarios run"),
        ]
        controls = [
            Control(key, "number", label, low=low, high=high, step=step, value=value, usual=before, meaning=meaning)
            for key, label, (low, high, step), value, before, meaning in whole_numbers
        ]
        drawn = {"": "drawn from the posterior", FIXED: "kept as they are"}
        fixed = Control(
            "fixed",
            "choice",
            "Parameters",
            value=FIXED if now.fixed else "",
            options=drawn if drawable() else {"": "kept as they are"},
            meaning="the posterior is what calibration left open",
        )
        for control in (*controls, fixed):
            changed = getattr(now, control.key) != DEFAULTS[control.key]
            self._experiment[control.key].show(control, changed=changed)

    # --- what is moved ---------------------------------------------------------------------

    def changed(self, control: Control, value: Any, block: Block | None = None) -> None:
        """Ask what happens with a control at another value."""
        now = self._state.now
        if value is None:
            self.back(control.key)
            return
        pursued = block is None or block.pursued
        kept = dict(now.changes)
        if block is not None and not pursued:
            kept |= {f"policies.{block.name}.{k}": text for k, text in block.extra.items()}
        asked = replace(now, changes=tuple(kept.items()))
        self._state.move(asked.with_change(control.key, _text(control, value)))

    def back(self, key: str) -> None:
        """Put a control back; a policy of which nothing is left is no longer pursued."""
        asked = self._state.now.with_change(key, None)
        first, _, rest = key.partition(".")
        name = rest.partition(".")[0]
        _, extra = templates().get(name, ("", {}))
        if first == "policies" and name not in opened(asked, ()).policies:
            start = f"policies.{name}."
            left = {k.removeprefix(start) for k, _ in asked.changes if k.startswith(start)}
            if left <= set(extra):
                asked = asked.without(start)
        self._state.move(asked)

    def _set_run(self, key: str, value: Any) -> None:
        if key == "fixed":
            self._state.move(replace(self._state.now, fixed=value == FIXED))
            return
        if value is not None and value != int(value):
            self._state.refuse(f"{key}: {value} must be a whole number")
            return
        limits = self._state.limits
        most = {"runs": limits.runs, "seed": 2**31 - 1, "months": limits.months}[key]
        least = {"runs": 2, "seed": 0, "months": 1}[key]
        if value is not None and not least <= value <= most:
            self._state.refuse(f"{key}: must be from {least} to {most:,}")
            return
        changed: dict[str, Any] = {key: DEFAULTS[key] if value is None else int(value)}
        self._state.move(replace(self._state.now, **changed))

    def is_changed(self, key: str) -> bool:
        """Say whether a key is changed."""
        return key in dict(self._state.now.changes)


class _PolicyControls:
    """One policy: a fold, and its controls once it is opened."""

    def __init__(self, levers: LeverControls, block: Block) -> None:
        self._levers, self._block = levers, block
        self._controls: dict[str, ControlElement] = {}
        with ui.element("details").classes("lever") as self._fold:
            self._fold.props["data-policy"] = block.name
            with ui.element("summary"):
                words(block.title, "span")
                self._mark = words("", "span").classes("mark")
            self._inside = ui.element("div").classes("inside")
        self._fold.on("toggle", self._open)

    def _open(self) -> None:
        if self._controls:
            return
        with self._inside:
            words(self._block.meaning, "p").classes("note").style("margin: 0")
            for line in sources(self._block.meaning):
                words(line, "p").classes("note").style("margin: 0")
            for control in self._block.controls:
                self._controls[control.key] = ControlElement(
                    partial(self._changed, control.key), partial(self._levers.back, control.key)
                )
        self.show(self._block)

    def _changed(self, key: str, value: Any) -> None:
        control = next(c for c in self._block.controls if c.key == key)
        self._levers.changed(control, value, self._block)

    def show(self, block: Block) -> None:
        """Show the policy as it stands."""
        self._block = block
        touched = any(self._levers.is_changed(c.key) for c in block.controls)
        self._mark.set_text("changed" if touched else "" if block.pursued else "not pursued")
        self._fold.classes(add="touched" if touched else "", remove="" if touched else "touched")
        for control in block.controls:
            if control.key in self._controls:
                changed = self._levers.is_changed(control.key)
                self._controls[control.key].show(control, changed=changed)


def _text(control: Control, value: Any) -> str:
    """Return a value as it stands in a file."""
    if control.kind == "month":
        return str(value)
    return toml(float(value) if control.kind == "number" else value)
