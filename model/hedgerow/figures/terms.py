"""Why: the named terms a decision or a change of alignment is the sum of, as signed bars."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from hedgerow.figures import layout, rows, style
from hedgerow.figures.lines import donor_looks
from hedgerow.runs.explain import TOTAL
from hedgerow.wording.numbers import signed
from hedgerow.wording.terms import term_label
from hedgerow.wording.verdicts import BAND_LABEL

TRACE = 0.005
"""Share of the largest value below which a term is a mere trace and left out."""
ACROSS = 2
"""Donors side by side."""
ROOM = 1.22
"""Height over and under a row of panels for legend and scale, inches."""
ENDS = ["value", "low", "high"]


def terms_shown(terms: pd.DataFrame) -> list[str]:
    """Return the terms to show, the largest first and the total last; traces are left out."""
    size = terms["value"].abs().groupby(terms["term"]).max().drop(TOTAL, errors="ignore")
    kept = size[size > TRACE * size.max()]
    ordered = kept.sort_values(ascending=False, kind="stable").index
    total = [TOTAL] if (terms["term"] == TOTAL).any() else []
    return [*(str(term) for term in ordered), *total]


@style.styled
def explain_terms(
    terms: pd.DataFrame,
    *,
    names: Mapping[str, str] | None = None,
    title: str = "What it is the sum of",
    subtitle: str = "",
    scale: str = "Contribution",
    note: str = "Means over runs. Terms add up to the last row; mere traces are left out.",
) -> Figure:
    """Draw the terms of one topic of an explanation, a panel a donor.

    One row a term, the largest on top and the sum of all at the bottom.

    Parameters
    ----------
    terms : pandas.DataFrame
        Columns ``donor`` (code), ``term``, ``value`` (in the unit ``scale`` names) and, where
        there are intervals, ``low`` and ``high``: rows of ``Explanation.table`` of one topic.
    names : mapping of str to str, optional
        Donor code to the name shown.
    scale : str
        What the bars measure, with its unit.
    """
    style.require(terms, ("donor", "term", "value"), "the terms")
    shown = terms_shown(terms)
    if shown in ([], [TOTAL]):
        raise ValueError("every term is zero, so there is nothing to draw")
    looks = donor_looks([str(donor) for donor in terms["donor"].unique()])
    called = {donor: (names or {}).get(donor, donor) for donor in looks}
    labels, wide, tall = rows.wrapped([term_label(term) for term in shown], 2.1)
    across = min(ACROSS, len(looks))
    down = -(-len(looks) // across)
    alt = _in_words(terms, shown, called)
    sheet = layout.sheet(down * (tall + ROOM), title, subtitle, note, alt)
    left, width = wide + 0.4, (style.WIDTH - wide - 0.35 - 0.25 * across) / across
    panels = sheet.panels(len(looks), across, left=left, tall=tall, over=ROOM, under=0.66, right=0.2)
    for i, ((donor, look), axes) in enumerate(zip(looks.items(), panels, strict=True)):
        own = terms[terms["donor"].astype(str) == donor].set_index("term").reindex(shown)
        _draw_terms(axes, own, colour=look["color"], name=called[donor])
        rows.ruled(axes, labels)
        rows.around_zero(axes, terms[terms.columns.intersection(ENDS)], least=1e-9)
        axes.tick_params(labelleft=i % across == 0)
        axes.set_xlabel(layout.wrap(scale, style.TEXT_SIZE, width))
    return sheet.figure


def _draw_terms(axes: Axes, own: pd.DataFrame, *, colour: str, name: str) -> None:
    """Draw one donor's bars and intervals, the total in ink."""
    places = np.arange(len(own))
    dark = [style.MUTED if term == TOTAL else colour for term in own.index]
    axes.barh(places, own["value"], height=0.6, color=dark, alpha=rows.BAR)
    handles: list[Any] = [Patch(fc=colour, ec="none", alpha=rows.BAR)]
    texts = [name]
    if {"low", "high"} <= set(own.columns):
        axes.hlines(places, own["low"], own["high"], color=style.INK, lw=1.6)
        handles.append(Line2D([], [], color=style.INK, lw=1.6))
        texts.append(BAND_LABEL)
    if own.index[-1] == TOTAL:
        axes.axhline(len(own) - 1.5, color=style.MUTED, lw=0.8)
    axes.legend(handles, texts, loc="lower left", bbox_to_anchor=(0, 1.0), borderaxespad=0.2, handlelength=1.5)


def _in_words(terms: pd.DataFrame, shown: Sequence[str], called: Mapping[str, str]) -> str:
    """Say each donor's terms, in the order shown."""
    parts = []
    for donor, name in called.items():
        own = terms[terms["donor"].astype(str) == donor].set_index("term")["value"]
        told = (f"{term_label(t)} {signed(float(own[t]), figures=2)}" for t in shown if t in own.index)
        parts.append(f"{name}: {', '.join(told)}")
    return "Bar chart. " + "; ".join(parts)
