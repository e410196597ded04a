"""Policies weighed under uncertainty: effects, regret, ranks and the front."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, MaxNLocator

from hedgerow.figures import layout, rows, style
from hedgerow.wording.numbers import magnitude, number, rounded, share, with_interval
from hedgerow.wording.verdicts import UNCLEAR_LABEL, clear

BETTER, WORSE = style.OTHER_COLOURS[0], style.OTHER_COLOURS[1]
NAMED = 20
"""Policies on the front that are named."""
PALE = 0.12
"""Share of a rank below which a cell is not labelled."""


@style.styled
def policies(
    signs: pd.DataFrame,
    *,
    better: int = 1,
    unit: str = "",
    title: str = "What each policy changes",
    subtitle: str = "",
    note: str = "",
) -> Figure:
    """Draw how each policy differs from the base, and how that varies over worlds.

    A row a policy, best first; grey where the mean's interval spans zero.

    Parameters
    ----------
    signs : pandas.DataFrame
        Columns ``policy``, ``base``, ``mean``, ``low``, ``high``, ``q05``, ``q95`` and
        ``worlds``, of one outcome, as ``analysis.signs`` gives it.
    better : {1, -1}
        1 if more of the outcome is better; it sets the colours.
    unit : str
        The outcome's unit.
    """
    style.require(signs, ("policy", "base", "mean", "low", "high", "q05", "q95"), "the policies")
    table = signs.loc[(better * signs["mean"]).sort_values(ascending=False, kind="stable").index]
    sure = clear(table).to_numpy()
    good = better * table["mean"].to_numpy() > 0
    colours = np.where(~sure, rows.UNCLEAR_INK, np.where(good, BETTER, WORSE))
    base, worlds = table["base"].iloc[0], int(table["worlds"].iloc[0])
    subtitle = subtitle or f"Difference from {base} in the same world, over {worlds} worlds."
    note = note or ("Bars: nine in ten worlds. Grey: the 90% interval of the mean spans zero, so no direction is claimed.")
    legend = [
        Line2D([], [], color=c, marker="o", ms=7, lw=5, alpha=0.8, label=t)
        for c, t in ((BETTER, "Better"), (WORSE, "Worse"), (rows.UNCLEAR_INK, UNCLEAR_LABEL))
    ]
    first = table.iloc[0]
    told = with_interval([first["mean"], first["low"], first["high"]], sign=True)
    alt = f"{first['policy']} does best, {told}; {int((~sure).sum())} have no clear direction"
    sheet, axes = rows.row_sheet(list(table["policy"]), (title, subtitle, note, alt), legend)
    rows.intervals(axes, table["q05"], table["q95"], list(colours))
    axes.scatter(table["mean"], np.arange(len(table)), color=list(colours), s=50, zorder=3)
    ends = np.append(table[["mean", "q05", "q95"]].to_numpy(float).ravel(), 0.0)
    pad = 0.06 * float(np.ptp(ends)) or 1.0
    axes.set_xlim(ends.min() - pad, ends.max() + pad)
    axes.axvline(0, color=style.INK, lw=1.0)
    rows.measured(axes, f"Difference from {base}", unit, sign=True)
    return sheet.figure


@style.styled
def regrets(
    regret: pd.DataFrame,
    *,
    unit: str = "",
    title: str = "What choosing wrongly costs",
    subtitle: str = "How far each policy stays behind the best policy of the same world.",
    note: str = "Least on average first. Lines on means: 90% interval.",
) -> Figure:
    """Draw the regret of each policy: on average, in nine worlds of ten, and at worst.

    A row a policy.

    Parameters
    ----------
    regret : pandas.DataFrame
        Columns ``policy``, ``mean``, ``low``, ``high``, ``q90`` and ``worst``, of one outcome, as
        ``analysis.regret`` gives it.
    unit : str
        The outcome's unit.
    """
    style.require(regret, ("policy", "mean", "low", "high", "q90", "worst"), "the regrets")
    legend = [
        Line2D([], [], ls="", marker="o", ms=7, color=style.INK, label="Mean"),
        Line2D([], [], lw=5, alpha=0.35, color=style.INK, label="Less than this in 90%"),
        Line2D([], [], ls="", marker="x", color=style.INK, label="Worst seen"),
    ]
    first = regret.iloc[0]
    alt = f"{first['policy']} is regretted least, {number(float(first['mean']))} on average"
    sheet, axes = rows.row_sheet(list(regret["policy"]), (title, subtitle, note, alt), legend)
    place = np.arange(len(regret))
    rows.intervals(axes, np.zeros(len(regret)), regret["q90"], style.INK)
    axes.hlines(place, regret["low"], regret["high"], color=style.INK, lw=1.4)
    axes.scatter(regret["mean"], place, color=style.INK, s=40, zorder=3, clip_on=False)
    axes.scatter(regret["worst"], place, color=style.INK, s=40, marker="x", lw=2, zorder=3, clip_on=False)
    most = float(regret["worst"].max()) or 1.0
    axes.set_xlim(-0.02 * most, 1.05 * most)
    rows.measured(axes, "Regret", unit)
    return sheet.figure


@style.styled
def acceptability(
    ranks: pd.DataFrame,
    *,
    title: str = "How often each policy takes each rank",
    subtitle: str = "Per cent of worlds; rank 1 is best.",
    note: str = "Policies that tie share their ranks evenly.",
) -> Figure:
    """Draw in what share of worlds each policy takes each rank.

    A row a policy, best mean rank first, and a column a rank.

    Parameters
    ----------
    ranks : pandas.DataFrame
        Columns ``policy``, ``rank`` and ``share``, of one outcome, as ``analysis.ranks`` gives it.
    """
    style.require(ranks, ("policy", "rank", "share"), "the ranks")
    table = ranks.pivot(index="policy", columns="rank", values="share")
    mean = table.mul(np.asarray(table.columns, float), axis=1).sum(axis=1)
    table = table.loc[mean.sort_values(kind="stable").index]
    first = float(table[1].iloc[0])
    alt = f"{table.index[0]} has the best mean rank and is first in {share(first)} of worlds"
    sheet, axes = rows.row_sheet(list(table.index), (title, subtitle, note, alt), [])
    values = table.to_numpy(float)
    shade = LinearSegmentedColormap.from_list("share", ["#FFFFFF", style.US])
    edges = np.arange(values.shape[1] + 1) + 0.5
    axes.pcolormesh(edges, np.arange(len(values) + 1) - 0.5, values, cmap=shade, vmin=0, vmax=1)
    for (i, j), value in np.ndenumerate(values):
        if value >= PALE and values.shape[1] <= 16:
            ink = "white" if value > 0.6 else style.INK
            axes.text(j + 1, i, f"{100 * value:.0f}", ha="center", va="center", color=ink, fontsize=style.NOTE_SIZE)
    axes.grid(visible=False)
    axes.xaxis.set_major_locator(MaxNLocator(16, integer=True))
    axes.set_xlabel("Rank")
    return sheet.figure


@style.styled
def front(
    pareto: pd.DataFrame,
    *,
    across: str = "",
    up: str = "",
    labels: tuple[str, str] = ("", ""),
    title: str = "What is gained for what",
    subtitle: str = "",
    note: str = "",
) -> Figure:
    """Draw policies by two of their goals, and mark those that no other beats in all of them.

    A numbered mark a policy, with their names beside the drawing.

    Parameters
    ----------
    pareto : pandas.DataFrame
        Columns ``policy``, the goals, ``on_front`` and ``share_on_front``, as ``analysis.pareto`` gives it.
    across, up : str
        Goals on the two axes; the first two by default.
    labels : tuple of str
        What to call them, with units.
    """
    style.require(pareto, ("policy", "on_front", "share_on_front"), "the front")
    fixed = {"policy", "on_front", "share_on_front", "low", "high"}
    goals = [c for c in pareto.columns if c not in fixed]
    across, up = across or goals[0], up or goals[1]
    table = pareto.sort_values("on_front", ascending=False, kind="stable", ignore_index=True)
    inside = table["on_front"].to_numpy(bool)
    many = int(inside.sum())
    subtitle = subtitle or (f"Filled: on average no other is as good in all {len(goals)} goals and better in one.")
    alt = f"{many} of {len(pareto)} policies are beaten by no other in all of {len(goals)} goals"
    numbered = table["policy"][inside].head(NAMED)
    key = [layout.wrap(f"{i + 1}  {name}", style.NOTE_SIZE, 2.2) for i, name in enumerate(numbered)]
    lines = sum(text.count("\n") + 1 for text in key)
    tall = max(3.4, 0.17 * lines + 0.2)
    sheet = layout.sheet(tall + 0.6, title, subtitle, note, alt)
    axes = sheet.axes(0.95, sheet.bottom + 0.55, style.WIDTH - 0.95 - 2.5, tall)
    x, y = table[across].to_numpy(float), table[up].to_numpy(float)
    colours = np.where(inside, style.US, "white")
    # Those on the front last, so that no other covers their numbers.
    size = np.where(inside, 170, 60)[::-1]
    axes.scatter(x[::-1], y[::-1], s=size, c=list(colours)[::-1], edgecolors=style.US, lw=1.2)
    for i in range(len(numbered)):
        axes.annotate(str(i + 1), (x[i], y[i]), ha="center", va="center", fontsize=8, color="white")
    axes.text(1.04, 1, "\n".join(key), transform=axes.transAxes, fontsize=style.NOTE_SIZE, va="top", linespacing=1.25)
    for axis, name, told in ((axes.xaxis, across, labels[0]), (axes.yaxis, up, labels[1])):
        axis.set_major_locator(MaxNLocator(5))
        axis.set_major_formatter(FuncFormatter(lambda v, _: _tick(v)))
        axis.set_label_text(told or name.replace("_", " "))
    axes.margins(0.1)
    return sheet.figure


def _tick(value: float) -> str:
    """Return a number short enough for a tick."""
    size, _, letters = magnitude(value)
    return f"{rounded(value / size)} {letters}" if size >= 1e6 else rounded(value)
