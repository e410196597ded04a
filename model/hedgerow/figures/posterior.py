"""The posterior: what was learnt of each parameter, which trade off, and whether it can be trusted.

Tables come from :mod:`hedgerow.fit`: ``posterior.shrinkage``, draws on the scale of their priors,
and ranks of known parameters.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from scipy.stats import binom

from hedgerow.figures import layout, style

MOST_CORNER = 8
"""Parameters a corner plot has room for."""
ROW = 0.27
BINS = 16
DRAWN = 400
"""Draws shown as dots."""
POSTERIOR, PRIOR = style.US, "#C8C8C4"


@style.styled
def learnt(
    rows: pd.DataFrame,
    *,
    title: str = "What the record taught",
    subtitle: str = "Posterior of each parameter on the scale of its prior",
    note: str = "Bars are 90% intervals; the grey band is the prior's. Learnt: share of the prior's variance that is gone.",
) -> Figure:
    """Draw prior and posterior of each parameter, best known first.

    Parameters
    ----------
    rows : pandas.DataFrame
        A row a parameter: ``name``, ``low``, ``median``, ``high`` (0-1, on the prior's scale), ``shrinkage`` (0-1).
    """
    style.require(rows, ["name", "low", "median", "high", "shrinkage"], "the table of parameters")
    rows = rows.sort_values("shrinkage", ascending=True, kind="stable")
    body = ROW * len(rows) + 0.95
    sheet = layout.sheet(body, title, subtitle, note, alt=_told(rows))
    left = 0.35 + max(layout.text_width(str(n), style.TEXT_SIZE) for n in rows["name"])
    axes = sheet.axes(left, sheet.bottom + 0.55, style.WIDTH - left - 0.8, ROW * len(rows))
    y = np.arange(len(rows))
    axes.barh(y, 0.9, left=0.05, height=0.6, color=PRIOR, zorder=1)
    axes.hlines(y, rows["low"], rows["high"], color=POSTERIOR, lw=4, zorder=2)
    axes.plot(rows["median"], y, "o", color="white", mec=POSTERIOR, mew=1.4, ms=5, zorder=3)
    for at, share in enumerate(rows["shrinkage"]):
        axes.text(1.03, at, f"{share:.0%}", va="center", color=style.MUTED)
    axes.set(xlim=(0, 1), ylim=(-0.7, len(rows) - 0.3), xlabel="Place within the prior's range")
    axes.set_yticks(y, rows["name"].astype(str).tolist())
    axes.set_xticks([0, 0.5, 1], ["lowest", "middle", "highest"])
    axes.grid(visible=False, axis="y")
    axes.text(1.03, len(rows) - 0.35, "learnt", va="bottom", color=style.MUTED)
    handles = [Patch(color=PRIOR), Line2D([], [], color=POSTERIOR, lw=4)]
    axes.legend(
        handles, ["prior", "posterior"], ncols=2, loc="lower left", bbox_to_anchor=(0, 1.0, 1, 0.1), borderaxespad=0.1
    )
    return sheet.figure


def _told(rows: pd.DataFrame) -> str:
    best, worst = rows.iloc[-1], rows.iloc[0]
    return (
        f"Most was learnt of {best['name']} ({best['shrinkage']:.0%}), least of {worst['name']} ({worst['shrinkage']:.0%})"
    )


@style.styled
def corner(
    draws: pd.DataFrame,
    *,
    title: str = "Which parameters trade off",
    subtitle: str = "Posterior draws of the parameters of which most was learnt",
    note: str = "Both axes of every panel span the prior's range. A slanted cloud: the record "
    "knows the combination better than either.",
) -> Figure:
    """Draw every pair of up to eight parameters, and each alone on the diagonal.

    Parameters
    ----------
    draws : pandas.DataFrame
        A row a draw, a column a parameter, on the scale of its prior (0-1).
    """
    names = [str(c) for c in draws.columns[:MOST_CORNER]]
    style.require(draws, names, "the table of draws")
    left = 0.3 + max(layout.text_width(n, style.NOTE_SIZE) for n in names)
    side = (style.WIDTH - left - 0.2) / len(names)
    body = side * len(names) + 0.2 + max(layout.text_width(n, style.NOTE_SIZE) for n in names) * 0.7
    sheet = layout.sheet(body, title, subtitle, note, alt=_pairs_told(draws[names]))
    shown = draws[names].iloc[:: max(1, len(draws) // DRAWN)]
    for row, below in enumerate(names):
        for column, across in enumerate(names[: row + 1]):
            top = sheet.top - side * (row + 1)
            axes = sheet.axes(left + side * column, top, side * 0.93, side * 0.93)
            _panel(axes, shown, draws, across, below)
            if column == 0:
                axes.set_ylabel(below, rotation=0, ha="right", va="center", fontsize=style.NOTE_SIZE)
            if row == len(names) - 1:
                axes.set_xlabel(across, rotation=35, ha="right", fontsize=style.NOTE_SIZE)
    return sheet.figure


def _panel(axes: Axes, shown: pd.DataFrame, draws: pd.DataFrame, across: str, below: str) -> None:
    axes.set(xlim=(0, 1), xticks=[], yticks=[])
    axes.grid(visible=False)
    if across == below:
        axes.hist(draws[across], bins=BINS, range=(0, 1), color=POSTERIOR)
        return
    axes.set_ylim(0, 1)
    axes.plot(shown[across], shown[below], ".", color=POSTERIOR, ms=1.8, alpha=0.5, mew=0)


def _pairs_told(draws: pd.DataFrame) -> str:
    if draws.shape[1] < 2:
        return ""
    across = draws.corr().to_numpy(copy=True)
    np.fill_diagonal(across, 0.0)
    i, j = np.unravel_index(np.abs(across).argmax(), across.shape)
    names = draws.columns
    return f"{names[i]} and {names[j]} trade off most (correlation {across[i, j]:+.2f})"


@style.styled
def ranks(
    table: pd.DataFrame,
    *,
    title: str = "Is the inference right where the truth is known?",
    subtitle: str = "Where true parameters rank among draws inferred from simulated records",
    note: str = "Even bars: right. A heap in the middle: intervals too wide; at the ends: too "
    "narrow. The band holds 95 of 100 bars if it is right, taking each record as one case.",
) -> Figure:
    """Draw ranks of simulation-based calibration as a histogram.

    Parameters
    ----------
    table : pandas.DataFrame
        ``record`` and ``rank`` (0-1), a row a parameter of a simulated record.
    """
    style.require(table, ["record", "rank"], "the table of ranks")
    records = int(table["record"].nunique())
    bins = 10
    share = np.histogram(table["rank"], bins, (0.0, 1.0))[0] / len(table)
    low, high = (binom.ppf(q, records, 1 / bins) / records for q in (0.025, 0.975))
    alt = f"Bars lie between {share.min():.0%} and {share.max():.0%}; even would be {1 / bins:.0%}"
    sheet = layout.sheet(3.0, title, subtitle, note, alt=alt)
    axes = sheet.axes(0.85, sheet.bottom + 0.55, style.WIDTH - 1.05, 2.1)
    axes.axhspan(100 * low, 100 * high, color=PRIOR, alpha=0.6, lw=0, zorder=0)
    axes.axhline(100 / bins, color=style.INK, lw=1, zorder=1)
    places = (np.arange(bins) + 0.5) / bins
    axes.bar(places, 100 * share, width=0.9 / bins, color=POSTERIOR, zorder=2)
    axes.set(xlim=(0, 1), xlabel="Rank of the truth among the draws (0 lowest, 1 highest)", ylabel="Share of ranks, %")
    handles = [Patch(color=POSTERIOR), Line2D([], [], color=style.INK), Patch(color=PRIOR)]
    axes.legend(
        handles, ["ranks", "even", "95% band"], ncols=3, loc="lower left", bbox_to_anchor=(0, 1.0, 1, 0.1), borderaxespad=0.1
    )
    return sheet.figure
