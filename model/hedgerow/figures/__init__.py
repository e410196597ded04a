"""Figures: one function a figure, from a tidy table to a ``matplotlib.figure.Figure``.

This room owns every picture hedgerow draws and nothing else. It runs no model and reads no
results: callers hand it data frames. Each function is imported when it is first used, so that
``import hedgerow.figures`` costs next to nothing.

- ``maps`` (on ``atlas`` and ``geometry``), ``lines``, ``regions``, ``meetings``, ``movers``,
  ``terms`` and ``spending`` draw; ``sensitivity``, ``tradeoffs`` and ``discovery`` draw the
  tables of ``hedgerow.analysis``.
- ``output`` gives a figure as alternative text, PNG, SVG and files, and its table as CSV.
- ``style`` holds sizes, colours and the style sheet; ``layout`` sets title, subtitle and
  footnote, and measures and wraps text; ``rows`` names rows.

Every figure takes a ``title``, a ``subtitle`` and a ``note`` (str), the texts above and below the
drawing; one left empty is written from the table where there is something to say. It raises
``ValueError`` where columns are missing, the table is empty or holds nothing that can be drawn.

To add a figure, write one function under ``@style.styled``: check the columns with
``style.require``, open a sheet with ``layout.sheet`` and tell it what the drawing shows, place
axes in inches with its ``axes`` or ``panels``, put units on the axis labels and a legend on every
figure; numbers and verdicts come from ``hedgerow.wording``. Then name it in ``_HOMES`` below and add
a case to ``tests/unit/test_figures.py``. Never use pyplot: it keeps state between figures. No
function may have the name of a file here.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Figure

    from hedgerow.figures.discovery import box, threshold_map
    from hedgerow.figures.lines import alignment_over_time, difference_over_time
    from hedgerow.figures.maps import alignment_map, map_difference
    from hedgerow.figures.meetings import meetings_by_month, meetings_by_partner
    from hedgerow.figures.movers import who_moves
    from hedgerow.figures.output import as_csv, as_png, as_svg, describe, save
    from hedgerow.figures.regions import alignment_by_region
    from hedgerow.figures.sensitivity import indices, responses, screening, shares, tornado
    from hedgerow.figures.spending import costs
    from hedgerow.figures.terms import explain_terms
    from hedgerow.figures.tradeoffs import acceptability, front, policies, regrets

_HOMES = {
    "acceptability": "tradeoffs",
    "alignment_by_region": "regions",
    "alignment_map": "maps",
    "alignment_over_time": "lines",
    "as_csv": "output",
    "as_png": "output",
    "as_svg": "output",
    "box": "discovery",
    "costs": "spending",
    "describe": "output",
    "difference_over_time": "lines",
    "explain_terms": "terms",
    "front": "tradeoffs",
    "indices": "sensitivity",
    "map_difference": "maps",
    "meetings_by_month": "meetings",
    "meetings_by_partner": "meetings",
    "policies": "tradeoffs",
    "regrets": "tradeoffs",
    "responses": "sensitivity",
    "save": "output",
    "screening": "sensitivity",
    "shares": "sensitivity",
    "threshold_map": "discovery",
    "tornado": "sensitivity",
    "who_moves": "movers",
}

__all__ = [
    "acceptability",
    "alignment_by_region",
    "alignment_map",
    "alignment_over_time",
    "as_csv",
    "as_png",
    "as_svg",
    "box",
    "costs",
    "describe",
    "difference_over_time",
    "explain_terms",
    "front",
    "indices",
    "map_difference",
    "meetings_by_month",
    "meetings_by_partner",
    "policies",
    "regrets",
    "responses",
    "save",
    "screening",
    "shares",
    "threshold_map",
    "tornado",
    "who_moves",
]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"hedgerow.figures.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'hedgerow.figures' has no attribute '{name}'")


def __dir__() -> list[str]:
    return sorted(__all__)
