"""Where cases of interest lie: the box that scenario discovery found, and where a policy pays."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle
from matplotlib.ticker import FuncFormatter

from hedgerow.analysis.goals import words as path_words
from hedgerow.figures import layout, rows, style
from hedgerow.figures.tradeoffs import BETTER, WORSE
from hedgerow.wording.numbers import rounded, setting, share, signed
from hedgerow.wording.verdicts import confirmed

CELL = 0.52
"""Width of a cell whose number can be read, inches."""


@style.styled
def box(limits: pd.DataFrame, boxes: pd.DataFrame, *, title: str = "", subtitle: str = "", note: str = "") -> Figure:
    """Draw a box: for each factor that it restricts, the part of the range that lies inside.

    A bar a factor over its whole range.

    Parameters
    ----------
    limits : pandas.DataFrame
        Columns ``factor``, ``low``, ``high``, ``range_low``, ``range_high``, of one target.
    boxes : pandas.DataFrame
        One row: ``target``, ``density``, ``coverage``, ``base_rate``, ``density_tested`` and
        ``density_low``; both as ``analysis.prim`` gives them.
    """
    style.require(limits, ("factor", "low", "high", "range_low", "range_high"), "the limits")
    style.require(boxes, ("target", "density", "coverage", "base_rate"), "the boxes")
    row = boxes.iloc[0]
    title = title or f"When is it true: {row['target']}"
    subtitle = subtitle or (
        f"Inside the box {share(row['density'])} of points are such cases, everywhere "
        f"{share(row['base_rate'])}; it holds {share(row['coverage'])} of them."
    )
    note = note or _tested(row)
    labels = [path_words(f) for f in limits["factor"]]
    width = (limits["range_high"] - limits["range_low"]).to_numpy(float)
    low = ((limits["low"] - limits["range_low"]) / width).to_numpy(float)
    high = ((limits["high"] - limits["range_low"]) / width).to_numpy(float)
    legend = [Patch(color=style.US, alpha=0.7, label="Inside the box"), Patch(color=style.GRID, label="The factor's range")]
    first = limits.iloc[0]
    alt = f"The box holds {labels[0]} between {rounded(float(first['low']))} and {rounded(float(first['high']))}"
    sheet, axes = rows.row_sheet(labels, (title, subtitle, note, alt), legend)
    place = np.arange(len(limits))
    axes.barh(place, 1.0, color=style.GRID, height=0.5)
    axes.barh(place, high - low, left=low, color=style.US, height=0.5, alpha=0.7)
    for y, (_, one) in zip(place, limits.iterrows(), strict=True):
        told = f"{rounded(float(one['low']))} to {rounded(float(one['high']))}"
        axes.text(0.5, float(y), told, ha="center", va="center", fontsize=style.NOTE_SIZE)
    axes.set_xlim(0, 1)
    axes.set_xticks([0, 0.5, 1])
    axes.xaxis.set_major_formatter(FuncFormatter(lambda v, _: {0: "Lowest", 0.5: "Middle", 1: "Highest"}.get(v, "")))
    ends = axes.get_xticklabels()
    ends[0].set_horizontalalignment("left")
    ends[-1].set_horizontalalignment("right")
    axes.set_xlabel("Range of each factor")
    axes.grid(visible=False)
    return sheet.figure


@style.styled
def threshold_map(
    threshold: pd.DataFrame,
    *,
    axes_of: tuple[str, str] | None = None,
    better: int = 1,
    unit: str = "",
    title: str = "Where it pays",
    subtitle: str = "",
    note: str = "",
) -> Figure:
    """Draw, cell by cell, how an outcome differs from a base, and where that is not sure.

    Panels of cells with their effect; uncertain cells are hatched.

    Parameters
    ----------
    threshold : pandas.DataFrame
        Columns ``effect``, ``sign`` (better, worse, uncertain) and a column a factor, of one
        outcome, as ``analysis.effect_map`` gives it.
    axes_of : tuple of str, optional
        Factors across and up; the two with most levels by default. Others give a panel each.
    better : {1, -1}
        1 if more of the outcome is better.
    unit : str
        The outcome's unit.
    """
    style.require(threshold, ("effect", "sign"), "the map")
    fixed = {"outcome", "effect", "low", "high", "sign"}
    factors = [c for c in threshold.columns if c not in fixed]
    across, up = axes_of or _widest(threshold, factors)
    rest = [f for f in factors if f not in (across, up)]
    panels = list(threshold.groupby(rest, sort=True)) if rest else [((), threshold)]
    room = style.WIDTH - 1.15 - style.MARGIN
    many = max(1, min(3, len(panels), int(room / (CELL * threshold[across].nunique() + 0.25))))
    lines = -(-len(panels) // many)
    levels = threshold[up].nunique() if up else 1
    tall, left, gap = max(0.34 * levels, 0.6), 1.15, 0.25
    head = 0.5 if rest else 0.1
    width = (style.WIDTH - left - style.MARGIN - (many - 1) * gap) / many
    count = threshold["sign"].value_counts()
    told = [f"{int(count.get(s, 0))} {s}" for s in ("better", "worse", "uncertain")]
    alt = f"Of {len(threshold)} cells, {', '.join(told[:2])} and {told[2]}"
    note = note or f"{alt}. Numbers: mean effect{f' ({unit})' if unit else ''}."
    sheet = layout.sheet(lines * (tall + head + 0.6) + 0.35, title, subtitle, note, alt)
    reach = float(threshold["effect"].abs().max()) or 1.0
    places = sheet.panels(len(panels), many, left=left, tall=tall, over=head + 0.6, between=gap)
    for i, ((level, own), axes) in enumerate(zip(panels, places, strict=True)):
        _cells(axes, own, across, up, better=better, reach=reach)
        if rest:
            name = ", ".join(f"{path_words(f)} {setting(v)}" for f, v in zip(rest, level, strict=True))
            size = style.NOTE_SIZE
            axes.set_title(layout.wrap(name, size, width), fontsize=size, loc="left", weight="bold")
        axes.set_xlabel(layout.wrap(path_words(across), style.TEXT_SIZE, width))
        if i % many:
            axes.tick_params(labelleft=False)
        elif up:
            axes.set_ylabel(layout.wrap(path_words(up), style.TEXT_SIZE, max(tall, 1.0)))
    _map_legend(sheet)
    return sheet.figure


def _map_legend(sheet: layout.Sheet) -> None:
    names = (("Better", BETTER, ""), ("Worse", WORSE, ""), ("Not sure", "white", "////"))
    handles = [Patch(facecolor=c, edgecolor=style.MUTED, hatch=h, alpha=0.85, label=n) for n, c, h in names]
    anchor = (0.0, (sheet.top - 0.02) / sheet.height)
    sheet.figure.legend(handles=handles, loc="upper left", bbox_to_anchor=anchor, ncols=3)


def _cells(axes: Axes, own: pd.DataFrame, across: str, up: str, *, better: int, reach: float) -> None:
    xs = sorted(own[across].unique())
    ys = sorted(own[up].unique()) if up else [""]
    for row in own.to_dict(orient="records"):
        x, y = xs.index(row[across]), ys.index(row[up]) if up else 0
        sure = row["sign"] != "uncertain"
        good = better * row["effect"] > 0
        strength = 0.15 + 0.65 * abs(row["effect"]) / reach
        colour = (BETTER if good else WORSE) if sure else "white"
        axes.add_patch(
            Rectangle(
                (x - 0.5, y - 0.5),
                1,
                1,
                facecolor=colour,
                alpha=strength if sure else 1.0,
                edgecolor=style.GRID,
                hatch=None if sure else "////",
                lw=0,
            )
        )
        size = 8.0 if len(xs) <= 4 else 7.0
        axes.text(
            x,
            y,
            signed(row["effect"], figures=2),
            ha="center",
            va="center",
            fontsize=size,
            bbox=None if sure else {"facecolor": "white", "edgecolor": "none", "pad": 1.0},
        )
    axes.set_xlim(-0.5, len(xs) - 0.5)
    axes.set_ylim(-0.5, len(ys) - 0.5)
    axes.set_xticks(np.arange(len(xs)), [setting(v) for v in xs])
    axes.set_yticks(np.arange(len(ys)), [setting(v) for v in ys])
    axes.grid(visible=False)
    axes.tick_params(length=0)


def _widest(threshold: pd.DataFrame, factors: Sequence[str]) -> tuple[str, str]:
    order = sorted(factors, key=lambda f: -threshold[f].nunique())
    return order[0], order[1] if len(order) > 1 else ""


def _tested(row: pd.Series) -> str:
    tested = row.get("density_tested", np.nan)
    if np.isnan(tested):
        return "Cases are too few to test the box on points not used to draw it."
    said = f"On points not used to draw it, the box holds {share(tested)}"
    if confirmed(row):
        return f"{said} (90% interval from {share(row['density_low'])})."
    return f"Do not rely on this box: {said[0].lower()}{said[1:]}, no surer than chance."
