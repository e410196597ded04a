"""A comparison as pictures: chooses the figures, titles them and saves them."""

import re
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from hedgerow import figures
from hedgerow.data.start import names as row_names
from hedgerow.figures.numerals import CLEAR_NOTE, clear, the
from hedgerow.report.differences import in_words, numbers, own_rows, state_rows
from hedgerow.runs.compare import Comparison

COUNTED = 0.01
"""Least mean change of alignment that a title counts: without it, mere traces would fill it."""


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


def _sides(comparison: Comparison) -> dict[str, Any]:
    """Name the ends of a scale between the first two donors, and the scale."""
    one, two = list(comparison.donor_names.values())[:2]
    return {
        "legend_low": f"Towards {the(two)}",
        "legend_high": f"Towards {the(one)}",
        "scale": f"Change in alignment, {one} minus {two} (−1 to 1)",
    }


def difference_map(comparison: Comparison, name: str) -> Figure:
    """Draw where a variant moves states between the first two donors."""
    called = row_names()
    grey = {code: f"{donor} (donor)" for code, donor in comparison.donor_names.items()}
    others = [c for c in comparison.base.counterparts if c not in grey and len(c) == 3]
    return figures.map_difference(
        state_rows(comparison, name),
        title=f"{comparison.variants[name].title}: {_count(comparison, name)}",
        subtitle=f"{_paired(comparison)} Colours show the mean change in the last month.",
        grey=grey | {code: f"{called[code]} (met, not counted)" for code in others},
        **_sides(comparison),
    )


def top(comparison: Comparison, name: str) -> Figure:
    """Draw the states a variant moves most between the first two donors."""
    return figures.who_moves(
        state_rows(comparison, name),
        title=f"{comparison.variants[name].title}: {_count(comparison, name)}",
        subtitle=f"The states with the largest mean change either way. {_paired(comparison)}",
        note=f"Simulated, last month. {CLEAR_NOTE}",
        **_sides(comparison),
    )
