"""Text on pages: whatever it says, it is shown as text and never as HTML."""

from collections.abc import Sequence

from nicegui import ui


def words(text: str, tag: str) -> ui.label:
    """Put text, as text, into an element."""
    label = ui.label(text)
    label.tag = tag
    return label


def table(caption: str, head: Sequence[tuple[str, bool]], rows: Sequence[Sequence[str]], first_is_head: bool = True) -> None:
    """Draw a table.

    Parameters
    ----------
    caption : str
    head : sequence of (str, bool)
        Names of the columns, and whether they hold numbers.
    rows : sequence of sequence of str
    first_is_head : bool
        Whether the first cell names its row.
    """
    with ui.element("div").classes("scroll"), ui.element("table").classes("table"):
        if caption:
            words(caption, "caption")
        with ui.element("thead"), ui.element("tr"):
            for name, number in head:
                words(name, "th").props('scope="col"').classes("num" if number else "")
        with ui.element("tbody"):
            for row in rows:
                with ui.element("tr"):
                    for i, (cell, (_, number)) in enumerate(zip(row, head, strict=True)):
                        one = words(cell, "th" if first_is_head and i == 0 else "td")
                        one.classes("num" if number else "")
                        if first_is_head and i == 0:
                            one.props('scope="row"').style("font-weight: 400")


def signed(value: float, digits: int) -> str:
    """Return a difference with its sign, to so many digits; 0 where nothing is left of it."""
    text = f"{abs(value):,.{digits}f}"
    return "0" if float(text.replace(",", "")) == 0 else f"{'+' if value > 0 else '−'}{text}"
