"""A comparison as pictures, as tables on the screen, and as plain data."""

import math
import re
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from hedgerow.data.start import names as row_names
from hedgerow.report import figures, layout, maps, style
from hedgerow.report.words import UNCLEAR_LABEL, clear, in_words, numbers, own_rows, state_rows, the
from hedgerow.study.compare import Comparison

UNCLEAR = {"facecolor": "#FAF8F4", "hatch": None, "edgecolor": "#8C8C8C"}
UNCLEAR_INK = "#8F8F8F"
CLEAR_NOTE = "A direction is clear where no more than one run in twenty goes the other way."
COUNTED = 0.01
"""Least mean change of alignment that a title counts: without it, mere traces would fill it."""
SHOWN = 15


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


def _paired(comparison: Comparison) -> str:
    runs = comparison.manifest["runs"]
    base = comparison.base.title
    pairs = f"{runs} pair{'s' * (runs > 1)} of runs"
    return f"Compared with “{base}”, over {pairs} with the same chance events."


def _last(comparison: Comparison) -> str:
    return f"by {comparison.monthly['month'].max():%B %Y}"


def fan(comparison: Comparison, name: str) -> Figure:
    """Draw a variant's difference in mean alignment over months."""
    rows = own_rows(comparison.differences, name).set_index("outcome")
    known, parts = comparison.donor_names, []
    verbs = {"higher": "is higher by {}", "lower": "is lower by {}"}
    for code, donor in known.items():
        row = rows.loc[f"alignment_{code}"].to_dict()
        amount = numbers([abs(row["mean_difference"])], "0-1")[0].lstrip("+")
        verb = verbs.get(in_words(row), "shows " + in_words(row)).replace("shows the", "is the")
        parts.append(f"alignment with {the(donor)} {verb.format(amount)}")
    words = "; ".join(parts)
    return figures.difference_over_time(
        own_rows(comparison.monthly, name),
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
    rows = state_rows(comparison, name)
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
    rows = state_rows(comparison, name).set_index("recipient")
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
    rows = state_rows(comparison, name).head(SHOWN)
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
