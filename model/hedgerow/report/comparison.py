"""A comparison as pictures, as tables on the screen, and as plain data."""

import math
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from rich.table import Table

from hedgerow.data.start import names as row_names
from hedgerow.report import figures, layout, maps, screen, style
from hedgerow.study.compare import BOTH, Comparison
from hedgerow.study.summary import headlines

UNCLEAR = {"facecolor": "#FAF8F4", "hatch": None, "edgecolor": "#8C8C8C"}
UNCLEAR_LABEL = "No clear direction"
UNCLEAR_INK = "#8F8F8F"
CLEAR_NOTE = "A direction is clear where no more than one run in twenty goes the other way."
COUNTED = 0.01
"""Least mean change of alignment that a title counts: without it, mere traces would fill it."""
SHOWN = 15


def clear(rows: pd.DataFrame, low: str = "low", high: str = "high") -> "pd.Series[bool]":
    """Return which rows have an interval without zero in it."""
    return (rows[low] > 0) | (rows[high] < 0)


def the(name: str) -> str:
    """Return a donor's name as it stands in a sentence."""
    return f"the {name}" if name.startswith("United") else name


def numbers(values: Sequence[float], unit: str) -> list[str]:
    """Return a difference and its interval with signs, to two figures; shares as points."""
    scaled, word = np.array(values, dtype=np.float64), ""
    biggest = float(np.nanmax(np.abs(scaled), initial=0.0))
    if unit == "share":
        scaled = 100 * scaled
    if unit == "US$":
        sizes = ((1e9, " bn"), (1e6, " m"), (1e3, " k"))
        size, word = next(((s, w) for s, w in sizes if biggest >= s), (1.0, ""))
        scaled = scaled / size
    # Beside an interval as wide as itself, further figures of a mean say nothing.
    spans = np.nanmin(scaled) <= 0 <= np.nanmax(scaled)
    lead = float(np.nanmax(np.abs(scaled))) if spans else abs(float(scaled[0]))
    places = min(6, max(0, 1 - math.floor(math.log10(lead)))) if lead > 0 else 0
    texts = ["-" if math.isnan(v) else f"{v:+,.{places}f}{word}" for v in scaled]
    return ["0" if v == 0 else text for v, text in zip(scaled, texts, strict=True)]


def in_words(row: Mapping[Any, Any]) -> str:
    """Return what the interval of a mean difference supports, and no more."""
    if row["share_zero"] == 1:
        return "the same in every run"
    if row["mean_low"] > 0:
        return "higher"
    if row["mean_high"] < 0:
        return "lower"
    return "no clear difference"


def draw(comparison: Comparison, where: Path) -> list[Path]:
    """Draw the pictures of every variant into a folder and return their paths."""
    paths: list[Path] = []
    for i, name in enumerate(comparison.variants):
        slug = re.sub(r"[^\w.-]+", "-", name).strip("-.") or "variant"
        if len(comparison.variants) > 1:
            slug = f"{i + 1}-{slug}"
        pictures = {"months": fan(comparison, name)}
        if len(comparison.base.donors) > 1:
            pictures |= {"map": difference_map(comparison, name), "movers": top(comparison, name)}
        for kind, figure in pictures.items():
            paths += figures.save(figure, where / f"{slug}-{kind}.png")
    return paths


def _own(table: pd.DataFrame, name: str) -> pd.DataFrame:
    return table[table["variant"] == name].drop(columns="variant")


def _states(comparison: Comparison, name: str) -> pd.DataFrame:
    """Return the difference rows of a variant's movers, the largest first."""
    rows = _own(comparison.movers, name)
    return rows[rows["donor"] == BOTH]


def _paired(comparison: Comparison) -> str:
    runs = comparison.manifest["runs"]
    base = comparison.base.title
    pairs = f"{runs} pair{'s' * (runs > 1)} of runs"
    return f"Compared with “{base}”, over {pairs} with the same chance events."


def _last(comparison: Comparison) -> str:
    return f"by {comparison.monthly['month'].max():%B %Y}"


def fan(comparison: Comparison, name: str) -> Figure:
    """Draw a variant's difference in mean alignment over months."""
    rows = _own(comparison.differences, name).set_index("outcome")
    known, parts = comparison.donor_names, []
    verbs = {"higher": "is higher by {}", "lower": "is lower by {}"}
    for code, donor in known.items():
        row = rows.loc[f"alignment_{code}"].to_dict()
        amount = numbers([abs(row["mean_difference"])], "0-1")[0].lstrip("+")
        verb = verbs.get(in_words(row), "shows " + in_words(row)).replace("shows the", "is the")
        parts.append(f"alignment with {the(donor)} {verb.format(amount)}")
    words = "; ".join(parts)
    return figures.difference_over_time(
        _own(comparison.monthly, name),
        names={code: the(donor) for code, donor in known.items()},
        title=f"{comparison.variants[name].title}: {_last(comparison)}, {words}",
        subtitle=_paired(comparison),
        note="Simulated. Alignment is averaged over all states: 0 means none, 1 means full. "
        "Numbers in the title are means over runs; “no clear difference” means that the 90% "
        "interval of the mean holds zero.",
    )


def _ends(comparison: Comparison) -> tuple[str, str]:
    one, two = list(comparison.donor_names.values())[:2]
    return f"Towards {the(two)}", f"Towards {the(one)}"


def _count(comparison: Comparison, name: str) -> str:
    """Say how many states move which way, clearly and by more than a trace."""
    rows = _states(comparison, name)
    moved = rows.loc[clear(rows), "mean"]
    down, up = int((moved <= -COUNTED).sum()), int((moved >= COUNTED).sum())
    one, two = (the(donor) for donor in list(comparison.donor_names.values())[:2])
    (most, to), (fewer, other) = sorted([(up, one), (down, two)], key=lambda side: -side[0])
    if most == 0:
        return f"no state shifts clearly by {COUNTED} or more"
    word = "state shifts" if most == 1 else "states shift"
    first = f"{most} {word} clearly towards {to} by {COUNTED} or more"
    return f"{first}, {fewer or 'none'} towards {other}"


def _round_up(value: float) -> float:
    """Return the next round number, to one figure; at least 0.01."""
    value = max(value, 0.01)
    power = 10.0 ** math.floor(math.log10(value) + 1e-9)
    return round(math.ceil(value / power - 1e-9) * power, 10)


@style.styled
def difference_map(comparison: Comparison, name: str) -> Figure:
    """Draw where a variant moves states between the first two donors."""
    rows = _states(comparison, name).set_index("recipient")
    known = rows.loc[clear(rows), "mean"]
    donors, called = comparison.donor_names, row_names()
    grey = {code: f"{donor} (donor)" for code, donor in donors.items()}
    others = [c for c in comparison.base.counterparts if c not in grey and len(c) == 3]
    grey |= {code: f"{called[code]} (met, not counted)" for code in others}
    looks = {UNCLEAR_LABEL: UNCLEAR} | maps.looks_of(grey)
    by_state = {code: looks[text] for code, text in grey.items()}
    by_state |= {str(code): UNCLEAR for code in rows.index}
    bound = _round_up(float(known.abs().max()) if len(known) else 0.0)
    shades = maps.shades(bound).to_rgba(known.to_numpy())
    for code, colour in zip(known.index, shades, strict=True):
        by_state[str(code)] = {"facecolor": colour, "hatch": None, "edgecolor": "white"}
    one, two = list(donors.values())[:2]
    texts = (
        f"{comparison.variants[name].title}: {_count(comparison, name)}",
        f"{_paired(comparison)} Colours show the mean change in the last month.",
        f"{CLEAR_NOTE} {maps.MAP_NOTE}",
    )
    return maps.draw_states(
        known, by_state, looks, bound=bound, ends=_ends(comparison), sheet_texts=texts,
        places=maps.packaged_places(), scale=f"Change in alignment, {one} minus {two} (−1 to 1)",
    )  # fmt: skip


@style.styled
def top(comparison: Comparison, name: str) -> Figure:
    """Draw the states a variant moves most between the first two donors."""
    rows = _states(comparison, name).head(SHOWN)
    sure = clear(rows)
    side = np.where(rows["mean"] > 0, style.CHINA, style.US)
    colours = np.where(sure, side, UNCLEAR_INK)
    labels = [layout.wrap(str(text), style.TEXT_SIZE, 1.9) for text in rows["name"]]
    parts = [part for text in labels for part in text.split("\n")]
    left = max(layout.text_width(part, style.TEXT_SIZE) for part in parts) + 0.4
    tall = 0.27 * len(rows) + 0.1 * sum("\n" in text for text in labels) + 0.1
    sheet = layout.page(
        tall + 1.25, f"{comparison.variants[name].title}: {_count(comparison, name)}",
        f"The {len(rows)} states with the largest mean change. {_paired(comparison)}",
        f"Simulated, last month. {CLEAR_NOTE}",
    )  # fmt: skip
    axes = sheet.axes(left, sheet.bottom + 0.6, style.WIDTH - left - 0.3, tall)
    places = np.arange(len(rows))
    axes.axvline(0, color=style.INK, lw=1.0)
    axes.hlines(places, rows["low"], rows["high"], color=colours, lw=5, alpha=0.35)
    axes.scatter(rows["mean"], places, s=46, c=colours, zorder=3)
    axes.set_yticks(places, labels)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    reach = 1.08 * max(0.005, float(rows[["low", "high"]].abs().to_numpy().max()))
    axes.set_xlim(-reach, reach)
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="y", visible=False)
    axes.xaxis.set_major_formatter(figures.signed)
    one, two = list(comparison.donor_names.values())[:2]
    axes.set_xlabel(f"Change in alignment, {one} minus {two} (−1 to 1)")
    low, high = _ends(comparison)
    end: dict[str, Any] = {"transform": axes.transAxes, "va": "bottom", "weight": "bold"}
    axes.text(0, 1.01, low, ha="left", color=style.US, **end)
    axes.text(1, 1.01, high, ha="right", color=style.CHINA, **end)
    axes.legend(handles=_top_legend(), loc="lower right", bbox_to_anchor=(1, 1.0 + 0.24 / tall),
                ncols=3, borderaxespad=0, columnspacing=1.5)  # fmt: skip
    return sheet.figure


def _top_legend() -> list[Line2D]:
    return [
        Line2D([], [], ls="", marker="o", ms=7, color=style.INK, label="Mean of all runs"),
        Line2D([], [], lw=5, alpha=0.35, color=style.INK, label="Nine in ten runs"),
        Line2D([], [], lw=5, marker="o", ms=7, color=UNCLEAR_INK, label=UNCLEAR_LABEL),
    ]


def show(comparison: Comparison) -> None:
    """Show a comparison: headline differences, who makes up for what, the largest movers."""
    about, out = comparison.manifest, screen.console()
    for name, scenario in comparison.variants.items():
        out.print(f"\n[bold]{scenario.title}[/bold], compared with {comparison.base.title}")
        out.print(scenario.question)
        out.print(
            f"{about['runs']} pairs of runs of {scenario.months} months, seed {about['seed']}, "
            f"{about['hash'][:12]}\n"
        )
        rows = headlines(_own(comparison.differences, name), list(comparison.donor_names))
        out.print(difference_table(rows))
        for line in backfill_lines(_own(comparison.backfill, name), comparison.donor_names):
            out.print(line)
        if len(comparison.donor_names) > 1:
            out.print(mover_table(_states(comparison, name).head(10), comparison.donor_names))
    out.print("\nIntervals hold chance alone: every run has the same parameters.")
    if comparison.where is not None:
        out.print(f"Tables and pictures in [bold]{comparison.where}[/bold]:", soft_wrap=True)
        files = sorted(p.name for p in comparison.where.iterdir())
        out.print("  " + "  ".join(files), soft_wrap=True)


def _table(columns: Mapping[str, str], caption: str) -> Table:
    """Open a table whose first column gives way where room is short."""
    table = Table(box=None, pad_edge=False, header_style="bold", caption=caption)
    table.caption_justify = "left"
    for i, (name, side) in enumerate(columns.items()):
        table.add_column(name, justify=side, no_wrap=i > 0)  # type: ignore[arg-type]
    return table


def difference_table(rows: pd.DataFrame) -> Table:
    """Return outcomes: the base, the mean change in words or number, and its interval."""
    sides = {"Outcome": "left", "Base": "right", "Change": "right", "90% interval": "right",
             "Unit": "left"}  # fmt: skip
    table = _table(sides, "Base: median. Change: mean over pairs of runs, and its 90% interval.")
    for row in rows.to_dict(orient="records"):
        unit = str(row["unit"])
        values = [row["mean_difference"], row["mean_low"], row["mean_high"]]
        change, low, high = numbers(values, unit)
        words = in_words(row)
        clear_ = words in ("higher", "lower")
        table.add_row(
            str(row["name"]), screen.amount(row["base_median"], unit), change if clear_ else words,
            "" if row["share_zero"] == 1 else f"{low} to {high}",
            "points" if unit == "share" else unit,
        )  # fmt: skip
    return table


def backfill_lines(rows: pd.DataFrame, names: Mapping[str, str]) -> list[str]:
    """Return a sentence for each donor whose denials a variant clearly changes."""
    lines = []
    for row in rows[rows["low"].notna()].to_dict(orient="records"):
        ratio, low, high = (f"{row[key]:.2g}" for key in ("ratio", "low", "high"))
        donor, rival = the(names[row["donor"]]), the(names[row["rival"]])
        lines.append(
            f"\nBackfill ratio {ratio} (90% interval {low} to {high}): officers {rival} adds for "
            f"each officer more that {donor} denies.\n"
            "It is a response to denial only where denial is what the variant changes.\n"
        )
    return lines


def mover_table(rows: pd.DataFrame, names: Mapping[str, str]) -> Table:
    """Return the states that move most between the first two donors."""
    one, two = (the(name) for name in list(names.values())[:2])
    sides = {"State": "left", "Change": "right", "Nine in ten runs": "right", "Moves": "left"}
    caption = f"Change of alignment with {one} minus {two}, last month, mean over pairs of runs."
    table = _table(sides, caption)
    for row, sure in zip(rows.to_dict(orient="records"), clear(rows), strict=True):
        words = f"towards {one if row['mean'] > 0 else two}" if sure else UNCLEAR_LABEL.lower()
        change, low, high = (f"{row[key]:+.4f}" for key in ("mean", "low", "high"))
        table.add_row(str(row["name"]), change, f"{low} to {high}", words)
    return table


def as_data(comparison: Comparison, pictures: Sequence[Path]) -> dict[str, Any]:
    """Return a comparison as plain data for ``--json``; what is not known is null."""
    about = comparison.manifest
    tables = {name: getattr(comparison, name) for name in ("differences", "backfill", "movers")}
    return {
        **{key: about[key] for key in ("base", "variants", "seed", "runs", "hash", "code")},
        "months": comparison.base.months,
        "folder": str(comparison.where) if comparison.where else None,
        "pictures": [str(path) for path in pictures],
        **{
            name: table.astype(object).where(table.notna(), None).to_dict(orient="records")
            for name, table in tables.items()
        },
    }
