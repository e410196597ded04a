"""Figures: one function a figure, from a tidy table to a ``matplotlib.figure.Figure``.

This room owns every picture hedgerow draws and nothing else. It runs no model and reads no results: callers hand it
data frames. Each function is imported when it is first used, so that ``import hedgerow.figures`` costs next to nothing.

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
figure; numbers and verdicts come from ``hedgerow.wording``. Then name it in ``__init__.pyi`` and add
a case to ``tests/unit/test_figures.py``. Never use pyplot: it keeps state between figures. No
function may have the name of a file here.
"""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
