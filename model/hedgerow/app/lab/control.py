"""One control of the lab as an element of a page: a number, a choice, a switch, a month or a selector."""

from collections.abc import Callable
from datetime import date
from typing import Any

from nicegui.element import Element

from hedgerow.app.lab.levers import Control, sources


class ControlElement(Element, component="control.js"):
    """A control of the lab.

    Parameters
    ----------
    on_change : callable
        Called with the new value: a number, text, truth, or a list of texts.
    on_back : callable
        Called when it is to be put back.
    """

    def __init__(self, on_change: Callable[[Any], Any], on_back: Callable[[], Any]) -> None:
        super().__init__()
        self._turn = 0
        self.on("change", lambda event: on_change(event.args))
        self.on("back", lambda _: on_back())

    def show(self, control: Control, *, changed: bool) -> None:
        """Show a control as it stands; called again it takes back what was only dragged."""
        value = control.value
        if isinstance(value, date):
            value = value.isoformat()
        self._turn += 1
        self._props.update(
            {
                "name": control.key,
                "kind": control.kind,
                "label": control.label,
                "unit": control.unit,
                "low": control.low,
                "high": control.high,
                "step": control.step,
                "value": list(value) if isinstance(value, tuple) else value,
                "options": dict(control.options or {}),
                "blank": control.blank,
                "changed": changed,
                "about": about(control),
                "turn": self._turn,
            }
        )
        self.update()


def about(control: Control) -> list[str]:
    """Return what a control means and where its numbers come from, a line each."""
    lines = [f"{control.meaning[0].upper()}{control.meaning[1:]}."] if control.meaning else []
    if control.kind == "number":
        usual = f"{control.usual:g}" if control.usual is not None else control.blank
        lines.append(f"From {control.low:g} to {control.high:g} {control.unit}; usually {usual}.")
    if control.kind == "selector":
        lines.append(
            "A choice of the list, country codes such as KEN, ETH, or a test such as "
            "polyarchy < 0.4; several with commas between."
        )
    if control.status:
        lines.append(f"How it is known: {control.status}. {control.source}.")
    lines += sources(control.source)
    return [*lines, f"In a file: {control.key}"]
