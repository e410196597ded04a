"""What an outcome depends on: shares of variance, effects of factors, and responses to levels."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MaxNLocator

from hedgerow.analysis.goals import words as path_words
from hedgerow.analysis.grids import CROSS
from hedgerow.figures import layout, rows, style
from hedgerow.wording.numbers import rounded, share, signed, with_interval
from hedgerow.wording.verdicts import UNCLEAR_LABEL

RAISES, LOWERS = style.OTHER_COLOURS[0], style.OTHER_COLOURS[1]
MOST_FACTORS = 12


def term_words(term: str) -> str:
    """Return a factor, or a pair of factors, in words."""
    return " with ".join(path_words(part) for part in term.split(CROSS))


def per_cent(axes: Axes, label: str) -> None:
    """Show the horizontal axis in per cent, from 0."""
    axes.xaxis.set_major_formatter(FuncFormatter(lambda v, _: f"{100 * v:.0f}%"))
    axes.xaxis.set_major_locator(MaxNLocator(6))
    axes.set_xlabel(label)


@style.styled
def shares(
    effects: pd.DataFrame,
    *,
    title: str = "Which factors matter",
    subtitle: str = "Share of what the factors do to the outcome, over the whole grid.",
    note: str = "",
) -> Figure:
    """Draw the share of an outcome's variance that each factor of a grid, and each pair, causes.

    A bar a term, largest first; twelve at most.

    Parameters
    ----------
    effects : pandas.DataFrame
        Columns ``term``, ``kind`` (main, interaction, rest), ``share``, ``low``, ``high``, of one
        outcome, as ``analysis.effects`` gives it.
    """
    style.require(effects, ("term", "kind", "share", "low", "high"), "the effects")
    top = effects.sort_values("share", ascending=False, kind="stable").head(MOST_FACTORS)
    known = "Chance is taken out. Lines: 90% interval over replications."
    note = note or (known if top["low"].notna().any() else "No interval: shares may be luck.")
    main = np.where(top["kind"] == "main", style.US, style.OTHER_COLOURS[4])
    legend = [
        Patch(color=style.US, label="A factor by itself"),
        Patch(color=style.OTHER_COLOURS[4], label="Factors together"),
    ]
    labels = [term_words(t) for t in top["term"]]
    alt = f"{labels[0]} causes {share(top['share'].iloc[0])} of it"
    sheet, axes = rows.row_sheet(labels, (title, subtitle, note, alt), legend)
    place = np.arange(len(top))
    axes.barh(place, top["share"], color=list(main), height=0.6, alpha=rows.BAR)
    axes.hlines(place, top["low"], top["high"], color=style.INK, lw=1.4)
    end = top[["share", "high"]].max(axis=1).to_numpy()
    for y, (x, part) in enumerate(zip(end, top["share"], strict=True)):
        axes.annotate(share(part), (x, y), (5, 0), textcoords="offset points", va="center", fontsize=9)
    axes.set_xlim(0, 1.12 * max(0.05, float(end.max())))
    per_cent(axes, "Share of variance")
    return sheet.figure


@style.styled
def tornado(
    regression: pd.DataFrame,
    *,
    unit: str = "",
    title: str = "What the outcome depends on",
    subtitle: str = "Change as each factor goes from its lowest to its highest value",
    note: str = "",
) -> Figure:
    """Draw what each sampled factor does to an outcome over its whole range, largest first.

    A bar a factor; twelve at most.

    Parameters
    ----------
    regression : pandas.DataFrame
        Columns ``factor``, ``coefficient``, ``low``, ``high`` and ``firm``, of one outcome, as
        ``analysis.regression`` gives it.
    unit : str
        The outcome's unit.
    """
    style.require(regression, ("factor", "coefficient", "low", "high", "firm"), "the regression")
    top = regression.loc[regression["coefficient"].abs().sort_values(ascending=False).index]
    top = top.head(MOST_FACTORS)
    firm, rise = top["firm"].to_numpy(bool), top["coefficient"].to_numpy() > 0
    colours = np.where(~firm, rows.UNCLEAR_INK, np.where(rise, RAISES, LOWERS))
    tried, sure = len(regression), int(regression["firm"].sum())
    note = note or (
        f"{sure} of {tried} factors tried move the outcome more than luck would; grey ones do not. Lines: 90% interval."
    )
    labels = [path_words(f) for f in top["factor"]]
    told = with_interval([float(top[c].iloc[0]) for c in ("coefficient", "low", "high")], sign=True)
    legend = [
        Patch(color=RAISES, alpha=rows.BAR, label="Raises it"),
        Patch(color=LOWERS, alpha=rows.BAR, label="Lowers it"),
        Patch(color=rows.UNCLEAR_INK, alpha=rows.BAR, label="May be luck"),
    ]
    alt = f"The longest bar is {labels[0]}, {told}"
    sheet, axes = rows.row_sheet(labels, (title, subtitle, note, alt), legend)
    place = np.arange(len(top))
    axes.barh(place, top["coefficient"], color=list(colours), height=0.6, alpha=rows.BAR)
    axes.hlines(place, top["low"], top["high"], color=style.INK, lw=1.4)
    rows.around_zero(axes, top[["coefficient", "low", "high"]], least=1e-12)
    axes.xaxis.set_major_locator(MaxNLocator(6, symmetric=True))
    axes.set_xlabel(rows.with_unit("Change of the outcome", unit))
    return sheet.figure


@style.styled
def indices(
    sobol: pd.DataFrame,
    *,
    title: str = "How much of the spread each factor causes",
    subtitle: str = "Sobol indices: share of the outcome's variance over all points.",
    note: str = "",
) -> Figure:
    """Draw Sobol's indices, by itself and with interactions, with their intervals.

    Parameters
    ----------
    sobol : pandas.DataFrame
        Columns ``factor``, ``first``, ``total``, their ``_low`` and ``_high``, and ``estimator``,
        of one outcome, as ``analysis.sobol`` gives it.
    """
    style.require(sobol, ("factor", "first", "total", "first_low", "total_high"), "the indices")
    top = sobol.head(MOST_FACTORS)
    labels = [path_words(f) for f in top["factor"]]
    kinds = [("first", style.US, "o", "By itself"), ("total", style.CHINA, "D", "With interactions")]
    drawn = [k for k in kinds if top[k[0]].notna().any()]
    legend = [Line2D([], [], color=c, marker=m, ms=7, lw=2, label=t) for _, c, m, t in drawn]
    note = note or f"Estimated by {top['estimator'].iloc[0]}. Lines: 90% interval by bootstrap."
    alt = f"{labels[0]} causes most, {share(float(top[drawn[-1][0]].iloc[0]))}" if drawn else ""
    sheet, axes = rows.row_sheet(labels, (title, subtitle, note, alt), legend)
    for i, (name, colour, marker, _) in enumerate(drawn):
        place = np.arange(len(top)) + (0.16 * (2 * i - 1) if len(drawn) > 1 else 0.0)
        axes.hlines(place, top[f"{name}_low"], top[f"{name}_high"], color=colour, lw=2)
        axes.plot(top[name], place, ls="", marker=marker, ms=7, color=colour)
    axes.axvline(0, color=style.INK, lw=1.0)
    per_cent(axes, "Share of variance")
    return sheet.figure


@style.styled
def screening(
    morris: pd.DataFrame,
    *,
    unit: str = "",
    title: str = "Which factors move the outcome most",
    subtitle: str = "Mean size of the effect of each factor over its whole range (mu*).",
    note: str = "",
) -> Figure:
    """Draw Morris' elementary effects, largest first, coloured by their direction.

    A mark a factor; twelve at most.

    Parameters
    ----------
    morris : pandas.DataFrame
        Columns ``factor``, ``mu_star``, ``mu_star_low``, ``mu_star_high``, ``mu_low``,
        ``mu_high`` and ``trajectories``, of one outcome, as ``analysis.morris`` gives it.
    unit : str
        The outcome's unit.
    """
    style.require(morris, ("factor", "mu_star", "mu_low", "mu_high", "trajectories"), "the effects")
    top = morris.head(MOST_FACTORS)
    colours = np.where(top["mu_low"] > 0, RAISES, np.where(top["mu_high"] < 0, LOWERS, rows.UNCLEAR_INK))
    labels = [path_words(f) for f in top["factor"]]
    note = note or (
        f"The first {len(top)} of {len(morris)} factors, by {int(top['trajectories'].iloc[0])} "
        "trajectories. Lines: 90% interval. Grey: the direction changes, or is not sure."
    )
    legend = [
        Line2D([], [], ls="", marker="o", ms=7, color=c, label=t)
        for c, t in ((RAISES, "Raises it"), (LOWERS, "Lowers it"), (rows.UNCLEAR_INK, UNCLEAR_LABEL))
    ]
    alt = f"{labels[0]} moves it most, by {rounded(float(top['mu_star'].iloc[0]))} on average"
    sheet, axes = rows.row_sheet(labels, (title, subtitle, note, alt), legend)
    place = np.arange(len(top))
    axes.hlines(place, top["mu_star_low"], top["mu_star_high"], color=list(colours), lw=2)
    axes.scatter(top["mu_star"], place, color=list(colours), s=50, zorder=3)
    axes.set_xlim(left=0)
    rows.measured(axes, "Mean absolute change of the outcome", unit)
    return sheet.figure


@style.styled
def responses(
    levels: pd.DataFrame,
    *,
    unit: str = "",
    title: str = "What each step of a factor does",
    subtitle: str = "Change of the outcome from the first level of each factor.",
    note: str = "Points: paired means over replications. Lines: 90% interval, often short.",
) -> Figure:
    """Draw how an outcome changes from the first level of each factor of a grid, a panel a factor.

    Panels side by side, three a row, on one scale.

    Parameters
    ----------
    levels : pandas.DataFrame
        Columns ``factor``, ``level``, ``difference``, ``difference_low``, ``difference_high``, of
        one outcome, as ``analysis.levels`` gives it.
    unit : str
        The outcome's unit.
    """
    style.require(levels, ("factor", "level", "difference", "difference_low"), "the levels")
    factors = list(dict.fromkeys(levels["factor"]))
    many = min(3, len(factors))
    lines = -(-len(factors) // many)
    tall, left, gap = 2.0, 1.0, 0.3
    width = (style.WIDTH - left - style.MARGIN - (many - 1) * gap) / many
    last = levels.groupby("factor", sort=False).tail(1)
    row = last.iloc[int(last["difference"].abs().to_numpy().argmax())]
    size = signed(row["difference"])
    alt = f"The largest change is that of {path_words(row['factor'])}, {size}"
    sheet = layout.sheet(lines * (tall + 0.75), title, subtitle, note, alt)
    span = levels[["difference", "difference_low", "difference_high"]].to_numpy(float)
    low, high = min(0.0, float(np.nanmin(span))), max(0.0, float(np.nanmax(span)))
    pad = 0.1 * (high - low) or 1.0
    panels = sheet.panels(len(factors), many, left=left, tall=tall, over=0.75, under=0.5, between=gap)
    for i, (factor, axes) in enumerate(zip(factors, panels, strict=True)):
        _response(axes, levels[levels["factor"] == factor])
        axes.set_ylim(low - pad, high + pad)
        axes.set_xlabel(layout.wrap(path_words(factor), style.TEXT_SIZE, width))
        axes.yaxis.set_major_formatter(signed)
        if i % many:
            axes.tick_params(labelleft=False)
        else:
            axes.set_ylabel(rows.with_unit("Change", unit))
    return sheet.figure


def _response(axes: Axes, own: pd.DataFrame) -> None:
    numbers = pd.api.types.is_numeric_dtype(own["level"].infer_objects())
    x = own["level"].to_numpy(float) if numbers else np.arange(len(own), dtype=float)
    axes.axhline(0, color=style.INK, lw=1.0, ls=(0, (4, 2)))
    axes.vlines(x, own["difference_low"], own["difference_high"], color=style.US, lw=2)
    axes.plot(x, own["difference"], marker="o", ms=5, color=style.US, lw=1.2 if numbers else 0)
    if not numbers:
        axes.set_xticks(x, [layout.wrap(str(v), style.TEXT_SIZE, 0.9) for v in own["level"]])
    axes.margins(x=0.08)
