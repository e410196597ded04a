"""Elements of pages that NiceGUI does not have: files read in the browser, charts.

Each is a small script in ``parts``; what a user types is shown as text and never as HTML.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from nicegui.element import Element

Picked = Callable[[Any], Any]
BAND = "Bands hold nine in ten runs."


class TextFile(Element, component="parts/file.js"):
    """A button that reads a text file in the browser.

    Parameters
    ----------
    label : str
    most : int
        Most bytes it may have.
    on_text, on_fault : callable
        Called with the text, or with why there is none.
    """

    def __init__(self, label: str, most: int, on_text: Picked, on_fault: Picked) -> None:
        super().__init__()
        self._props.update({"label": label, "most": most})
        self.on("text", lambda event: on_text(str(event.args)))
        self.on("fault", lambda event: on_fault(str(event.args)))


class Chart(Element, component="parts/chart.js"):
    """Lines with bands, or points with intervals.

    Parameters
    ----------
    label : str
        What it shows, for those who hear it.
    """

    def __init__(self, label: str) -> None:
        super().__init__()
        self._props.update({"label": label, "series": [], "xs": [], "bandlabel": BAND})

    def show(
        self,
        xs: Sequence[float],
        series: Sequence[Mapping[str, Any]],
        *,
        ylabel: str,
        xlabel: str = "",
        names: Sequence[str] = (),
        xticks: Sequence[tuple[float, str]] = (),
        mark: float | None = None,
        label: str | None = None,
        bandlabel: str | None = None,
    ) -> None:
        """Draw.

        Parameters
        ----------
        xs : sequence of float
            Places on the axis, ascending.
        series : sequence of mapping
            ``name``, ``colour``, ``mid`` and, with bands, ``low`` and ``high``, a number a place;
            ``points`` for points; ``dash`` for a broken line.
        ylabel, xlabel : str
            What the axes measure.
        names : sequence of str
            What each place is called.
        xticks : sequence of (float, str)
            Where the axis has words.
        mark : float, optional
            Where a line stands.
        label, bandlabel : str, optional
            What it shows; what its bands hold.
        """
        self._props.update(
            {
                "xs": list(xs),
                "series": [dict(s) for s in series],
                "ylabel": ylabel,
                "xlabel": xlabel,
                "names": list(names),
                "mark": mark,
                "xticks": [{"x": x, "text": text} for x, text in xticks],
            }
        )
        for key, value in (("label", label), ("bandlabel", bandlabel)):
            if value is not None:
                self._props[key] = value
        self.update()
