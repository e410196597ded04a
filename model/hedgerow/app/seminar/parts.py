"""Small parts of the room's pages: buttons, choices, points, and words for numbers.

Whatever a user typed is put in as text (:func:`hedgerow.app.text.words`), never as HTML.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from nicegui import ui

from hedgerow.app.text import table, words

__all__ = [
    "Points",
    "button",
    "choice",
    "clock",
    "error",
    "hundredths",
    "radio",
    "section",
    "table",
    "tick",
    "typed",
    "words",
]

Act = Callable[..., Any] | Callable[..., Awaitable[Any]]
_VALUE = "(e) => emit(e.target.value)"
_CHECKED = "(e) => emit(e.target.checked)"


def button(text: str, act: Act, classes: str = "") -> ui.element:
    """Draw a button."""
    made = ui.element("button").props('type="button"').classes(f"button {classes}")
    with made:
        words(text, "span")
    return made.on("click", lambda _: act())


def section(title: str, part: str = "") -> ui.element:
    """Draw a card with a heading and return it to draw in."""
    card = ui.element("section").classes("card")
    if part:
        card.props(f'data-part="{part}"')
    with card:
        words(title, "h2")
    return card


def error(text: str) -> None:
    """Say what went wrong."""
    with ui.element("div").classes("error").props('role="alert"'):
        ui.label(text)


def typed(label: str, name: str, act: Act, *, value: str = "", classes: str = "") -> ui.element:
    """Draw a field for a line of text."""
    with ui.element("div").classes("field").style("flex: 1 1 100%"):
        words(label, "label").props(f'for="{name}"')
        field = ui.element("input").props(
            f'id="{name}" type="text" autocomplete="off" autocapitalize="off" spellcheck="false"'
        )
    field.props["value"] = value
    return field.classes(classes).on("input", lambda e: act(str(e.args)), js_handler=_VALUE)


def choice(label: str, name: str, options: Mapping[str, str], value: str, act: Act) -> ui.element:
    """Draw a choice of one among several."""
    with ui.element("div").classes("field"):
        words(label, "label").props(f'for="{name}"')
        select = ui.element("select").props(f'id="{name}"')
        with select:
            for key, text in options.items():
                option = words(text, "option")
                option.props["value"] = key
                option.props["selected"] = key == value
    return select.on("change", lambda e: act(str(e.args)), js_handler=_VALUE)


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


def clock(seconds: float | None, *, exact: bool = False) -> str:
    """Return the time that is left, in minutes until the last one."""
    if seconds is None:
        return ""
    whole = round(seconds)
    if exact or whole < 60:
        return f"{whole // 60}:{whole % 60:02d}"
    return f"{whole / 60:.0f} min left"


def hundredths(value: float | None) -> str:
    """Return a change of an index from 0 to 1, in hundredths, with its sign."""
    if value is None:
        return "·"
    text = f"{abs(value) * 100:.1f}"
    return "0" if float(text) == 0 else f"{'+' if value > 0 else '−'}{text}"
