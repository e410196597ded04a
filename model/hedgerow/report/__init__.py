"""Figures: tidy tables in, pictures for readers out.

This room owns every picture hedgerow draws and nothing else. It runs no model and reads
no results: callers hand it data frames and get a ``matplotlib.figure.Figure`` back.

- ``style`` holds sizes, colours and the style sheet.
- ``layout`` sets title, subtitle and footnote, and measures and wraps text.
- ``geometry`` decodes the world map and projects it (Equal Earth).
- ``maps`` draws the map of alignment.
- ``meetings`` draws meetings by partner and by month.
- ``figures`` draws alignment over time and saves any figure; it also passes on the
  figures of ``meetings``.

To add a figure, write one function under ``@style.styled``: check the columns with
``style.require``, open a page with ``layout.page``, place axes in inches with its
``axes``, put units on the axis labels and a legend on every axes, then add a case to
``tests/unit/test_figures.py``. Never use pyplot: it keeps state between figures.
"""
