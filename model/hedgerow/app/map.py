"""The map as an element of a page: states to colour, to point at and to choose."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from nicegui.element import Element

SHAPES = "/assets/world.json"
"""Where the server offers :func:`hedgerow.app.shapes.shapes`."""


class WorldMap(Element, component="parts/map.js"):
    """A map of states coloured by a number each.

    Parameters
    ----------
    on_pick : callable, optional
        Called with the code of a state that is clicked, or chosen by keyboard.
    label : str
        What the map shows, for those who hear it.
    """

    def __init__(self, on_pick: Callable[[str], Any] | None = None, label: str = "Map of the world") -> None:
        super().__init__()
        self._props.update({"source": SHAPES, "label": label, "values": {}, "bound": 1.0})
        if on_pick is not None:
            self.on("pick", lambda event: on_pick(str(event.args)))

    def show(
        self,
        values: Mapping[str, float],
        *,
        bound: float,
        low: str,
        high: str,
        scale: str,
        unclear: Iterable[str] = (),
        chosen: str = "",
        grey: Mapping[str, str] | None = None,
        label: str | None = None,
        order: Sequence[str] = (),
    ) -> None:
        """Colour the states.

        Parameters
        ----------
        values : mapping
            Number of each state, by code.
        bound : float
            Number at which the colour is full, above 0; its negative likewise.
        low, high, scale : str
            Words at the two ends of the scale, and what it measures.
        unclear : iterable of str
            States whose direction is not clear, which are left pale.
        chosen : str
            The state that is marked.
        grey : mapping, optional
            Why a state has no number, by code.
        label : str, optional
            What the map shows, for those who hear it.
        order : sequence of str
            States in the order in which arrow keys reach them; by code if none.
        """
        rounded = {code: round(float(value), 5) for code, value in values.items()}
        self._props.update(
            {
                "values": rounded,
                "bound": float(bound),
                "low": low,
                "high": high,
                "scale": scale,
                "unclear": sorted(unclear),
                "chosen": chosen,
                "grey": dict(grey or {}),
                "order": list(order),
            }
        )
        if label is not None:
            self._props["label"] = label
        self.update()
