"""The levers of one page: policies of the scenario, policies nobody pursues yet, assumptions."""

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from nicegui import ui

from hedgerow.app.elements import ControlElement
from hedgerow.app.lab.levers import Block, Control, assumptions, blocks, sources, templates
from hedgerow.app.lab.pair import drawable, opened, resolve
from hedgerow.app.lab.values import toml
from hedgerow.app.lab.whatif import FIXED, RUNS, SEED
from hedgerow.app.text import words
from hedgerow.scenario.schema import Scenario

if TYPE_CHECKING:
    from hedgerow.app.lab.page import Lab

PLAIN = {"runs": RUNS, "seed": SEED, "months": None, "fixed": False}
"""The experiment where nothing is said of it."""
FEW = 40
"""Assumptions listed at once; more are reached by searching."""


class Levers:
    """All controls of one page of the lab.

    A policy's controls are made when it is opened, so that the page comes at once.

    Parameters
    ----------
    lab : Lab
    """

    def __init__(self, lab: "Lab") -> None:
        self._lab = lab
        self._shape: tuple[str, ...] = ()
        self._parts: dict[str, _Part] = {}
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
                    key: ControlElement(partial(self._set_run, key), partial(self._set_run, key, None)) for key in PLAIN
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
        limits = self._lab.settings.limits
        scenario = resolve(self._lab.now, limits).variant
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
        found = opened(self._lab.now, ())
        return found if list(found.donors) == list(scenario.donors) else scenario

    def _build(self, found: Iterable[Block]) -> None:
        self._box.clear()
        self._parts, group = {}, ""
        with self._box:
            for block in found:
                if block.group != group:
                    group = block.group
                    words(group, "h3").classes("lever-group")
                self._parts[block.name] = _Part(self, block)

    def _show_assumptions(self) -> None:
        scenario = resolve(self._lab.now, self._lab.settings.limits).variant
        usual, changed = self._usual(scenario), dict(self._lab.now.changes)
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
        now, limits = self._lab.now, self._lab.settings.limits
        seed = Control(
            "seed",
            "number",
            "Seed",
            low=0,
            high=1000,
            step=1,
            value=now.seed,
            usual=1,
            meaning="the same seed gives the same numbers",
        )
        runs = Control(
            "runs",
            "number",
            "Pairs of runs",
            low=2,
            high=limits.runs,
            step=2,
            value=now.runs,
            usual=RUNS,
            meaning="more runs give narrower intervals",
        )
        months = Control(
            "months",
            "number",
            "Months",
            low=1,
            high=limits.months,
            step=1,
            value=scenario.months,
            usual=opened(replace(now, months=None), ()).months,
            meaning="how long both scenarios run",
        )
        drawn = {"": "drawn from the posterior", FIXED: "kept as they are"}
        fixed = Control(
            "fixed",
            "choice",
            "Parameters",
            value=FIXED if now.fixed else "",
            options=drawn if drawable() else {"": "kept as they are"},
            meaning="the posterior is what calibration left open",
        )
        for control in (runs, seed, months, fixed):
            changed = getattr(now, control.key) != PLAIN[control.key]
            self._experiment[control.key].show(control, changed=changed)

    # --- what is moved ---------------------------------------------------------------------

    def changed(self, control: Control, value: Any, block: Block | None = None) -> None:
        """Ask what happens with a control at another value."""
        now = self._lab.now
        if value is None:
            self.back(control.key)
            return
        pursued = block is None or block.pursued
        kept = dict(now.changes)
        if block is not None and not pursued:
            kept |= {f"policies.{block.name}.{k}": text for k, text in block.extra.items()}
        asked = replace(now, changes=tuple(kept.items()))
        self._lab.move(asked.with_change(control.key, _text(control, value)))

    def back(self, key: str) -> None:
        """Put a control back; a policy of which nothing is left is no longer pursued."""
        asked = self._lab.now.with_change(key, None)
        first, _, rest = key.partition(".")
        name = rest.partition(".")[0]
        _, extra = templates().get(name, ("", {}))
        if first == "policies" and name not in opened(asked, ()).policies:
            start = f"policies.{name}."
            left = {k.removeprefix(start) for k, _ in asked.changes if k.startswith(start)}
            if left <= set(extra):
                asked = asked.without(start)
        self._lab.move(asked)

    def _set_run(self, key: str, value: Any) -> None:
        if key == "fixed":
            self._lab.move(replace(self._lab.now, fixed=value == FIXED))
            return
        if value is not None and value != int(value):
            self._lab.head.fault(f"{key}: {value} must be a whole number")
            self.show()
            return
        limits = self._lab.settings.limits
        most = {"runs": limits.runs, "seed": 2**31 - 1, "months": limits.months}[key]
        least = {"runs": 2, "seed": 0, "months": 1}[key]
        if value is not None and not least <= value <= most:
            self._lab.head.fault(f"{key}: must be from {least} to {most:,}")
            self.show()
            return
        changed: dict[str, Any] = {key: PLAIN[key] if value is None else int(value)}
        self._lab.move(replace(self._lab.now, **changed))

    def is_changed(self, key: str) -> bool:
        """Say whether a key is changed."""
        return key in dict(self._lab.now.changes)


class _Part:
    """One policy: a fold, and its controls once it is opened."""

    def __init__(self, levers: Levers, block: Block) -> None:
        self._levers, self._block = levers, block
        self._controls: dict[str, ControlElement] = {}
        with ui.element("details").classes("lever").props(f'data-policy="{block.name}"') as self._fold:
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
