"""Elements that every page draws alike: sections, buttons, choices, faults.

Whatever a user typed is put in as text (:func:`hedgerow.app.text.words`), never as HTML.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import quote

from nicegui import ui

from hedgerow.app.text import words

Act = Callable[..., Any] | Callable[..., Awaitable[Any]]
VALUE = "(e) => emit(e.target.value)"
"""What a field sends of itself."""


def section(title: str, classes: str = "", part: str = "") -> ui.element:
    """Draw a section with a heading and return it to draw in.

    Parameters
    ----------
    title, classes : str
    part : str
        What tests and style sheets call it.
    """
    box = ui.element("section").classes(f"card {classes}")
    if part:
        box.props["data-part"] = part
    with box:
        words(title, "h2")
    return box


def button(text: str, act: Act, classes: str = "") -> ui.element:
    """Draw a button."""
    made = ui.element("button").props('type="button"').classes(f"button {classes}")
    with made:
        words(text, "span")
    return made.on("click", lambda _: act())


def choice(label: str, name: str, options: Mapping[str, str], act: Act, value: str | None = None) -> ui.element:
    """Draw a choice of one among several.

    Parameters
    ----------
    label, name : str
        What it is called, and its id on the page.
    options : mapping
        Words by value.
    act : callable
        Called with the value chosen.
    value : str, optional
        What is chosen at first; else the first.
    """
    with ui.element("div").classes("field"):
        words(label, "label").props(f'for="{quote(name)}"')
        select = ui.element("select").props(f'id="{quote(name)}"')
        with select:
            for key, text in options.items():
                option = words(text, "option")
                option.props["value"] = key
                if value is not None:
                    option.props["selected"] = key == value
    return select.on("change", lambda e: act(str(e.args)), js_handler=VALUE)


def error(text: str) -> None:
    """Say what went wrong."""
    with ui.element("div").classes("error").props('role="alert"'):
        ui.label(text)


def redraw(place: ui.element, draw: Callable[[], Any]) -> None:
    """Draw anew what stands in an element."""
    place.clear()
    with place:
        draw()
