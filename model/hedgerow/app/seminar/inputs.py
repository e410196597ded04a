"""What a player or a facilitator fills in: lines of text, boxes to tick, answers, points."""

from collections.abc import Callable

from nicegui import ui

from hedgerow.app.text import words
from hedgerow.app.widgets import VALUE, Act

_CHECKED = "(e) => emit(e.target.checked)"


def typed(label: str, name: str, act: Act, *, value: str = "", classes: str = "") -> ui.element:
    """Draw a field for a line of text."""
    with ui.element("div").classes("field").style("flex: 1 1 100%"):
        words(label, "label").props(f'for="{name}"')
        field = ui.element("input").props(
            f'id="{name}" type="text" autocomplete="off" autocapitalize="off" spellcheck="false"'
        )
    field.props["defaultValue"] = value  # ``value`` would come back over what was typed whenever the page is redrawn
    return field.classes(classes).on("input", lambda e: act(str(e.args)), js_handler=VALUE)


def tick(label: str, value: bool, act: Act) -> ui.element:
    """Draw a box to tick."""
    with ui.element("label").classes("tick"):
        box = ui.element("input").props('type="checkbox"')
        box.props["checked"] = value
        words(label, "span")
    return box.on("change", lambda e: act(bool(e.args)), js_handler=_CHECKED)


def radio(group: str, key: str, text: str, note: str, *, chosen: bool, act: Act) -> None:
    """Draw one answer of a group."""
    with ui.element("label").classes("answer"):
        dot = ui.element("input").props(f'type="radio" name="{group}"')
        dot.props["value"], dot.props["checked"] = key, chosen
        words(text, "span")
        words(note, "span").classes("note")
    dot.on("change", lambda _: act(key))


class Points:
    """Points that are put on one thing, more or fewer at a press.

    Parameters
    ----------
    what, whom : str
        What they buy, and for whom; the latter is only heard.
    value : int
    change : callable
        Called with the new number; says whether it may be.
    """

    def __init__(self, what: str, whom: str, value: int, change: Callable[[int], bool]) -> None:
        self._value, self._change = value, change
        with ui.element("div").classes("stepper"):
            words(what, "span").classes("what")
            self._press("−", f"Less {what} for {whom}", -1)
            self._shown = words(str(value), "output")
            self._press("+", f"More {what} for {whom}", 1)

    def _press(self, sign: str, label: str, step: int) -> None:
        press = ui.element("button").props('type="button"')
        press.props["aria-label"] = label
        with press:
            words(sign, "span").props('aria-hidden="true"')
        press.on("click", lambda _: self._move(step))

    def _move(self, step: int) -> None:
        wanted = self._value + step
        if wanted >= 0 and self._change(wanted):
            self._value = wanted
            self._shown.set_text(str(wanted))
