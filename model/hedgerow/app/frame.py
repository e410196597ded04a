"""The frame of every page: title, way around, main part, and the one style sheet."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nicegui import ui

PARTS = Path(__file__).parent / "parts"
STYLE = "/assets/app.css"
PLACES = {"/": "Lab", "/studies": "Studies", "/seminar": "Seminar room", "/docs": "API"}


@contextmanager
def frame(title: str, *, here: str, css: Path | None = None, bare: bool = False) -> Iterator[ui.element]:
    """Draw the frame of a page and give its main part to draw in.

    Parameters
    ----------
    title : str
        What the page is called.
    here : str
        The entry of the navigation the page belongs to.
    css : Path, optional
        A style sheet of the page's own.
    bare : bool
        Whether to leave out the navigation, for projectors and students' devices.
    """
    ui.page_title(f"{title} · hedgerow")
    ui.add_head_html(f'<link rel="stylesheet" href="{STYLE}">')
    if css is not None:
        ui.add_css(css)
    ui.query(".nicegui-content").classes("page")
    if not bare:
        _navigation(here)
    main = ui.element("main").classes("main")
    if not bare:
        ui.skip_link("Skip to the page itself", target=main)
    with main:
        yield main


def _navigation(here: str) -> None:
    with ui.element("header").classes("top"):
        ui.link("hedgerow", "/").classes("brand").props('aria-label="hedgerow, to the lab"')
        with ui.element("nav").props('aria-label="Parts of hedgerow"').classes("places"):
            for where, name in PLACES.items():
                link = ui.link(name, where).classes("place")
                if where == here:
                    link.props('aria-current="page"')
