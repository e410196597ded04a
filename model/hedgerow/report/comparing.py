"""A comparison on the screen: differences in words and numbers, backfill, the largest movers."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from rich.markup import escape
from rich.table import Table

from hedgerow.figures.numerals import UNCLEAR_LABEL, clear, the
from hedgerow.report import screen
from hedgerow.report.differences import in_words, numbers, own_rows, state_rows
from hedgerow.runs.compare import Comparison
from hedgerow.runs.summary import headlines


def show(comparison: Comparison) -> None:
    """Show a comparison: headline differences, who makes up for what, the largest movers."""
    about, out = comparison.manifest, screen.console()
    for name, scenario in comparison.variants.items():
        base = escape(comparison.base.title)
        out.print(f"\n{screen.bold(scenario.title)}, compared with {base}")
        out.print(escape(scenario.question))
        out.print(
            f"{about['runs']} pairs of runs of {scenario.months} months, seed {about['seed']}, {about['hash'][:12]}\n"
        )
        rows = headlines(own_rows(comparison.differences, name), list(comparison.donor_names))
        out.print(difference_table(rows))
        for line in backfill_lines(own_rows(comparison.backfill, name), comparison.donor_names):
            out.print(line, markup=False)
        if len(comparison.donor_names) > 1:
            out.print(mover_table(state_rows(comparison, name).head(10), comparison.donor_names))
    held = "chance and parameters drawn from the fitted posterior; --fixed keeps the parameters"
    if "posterior" not in about:
        held = "chance alone: every run has the same parameters"
    out.print(f"\nIntervals hold {held}.")
    if comparison.where is not None:
        out.print(f"Tables and pictures in {screen.bold(comparison.where)}:", soft_wrap=True)
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
    sides = {"Outcome": "left", "Base": "right", "Change": "right", "90% interval": "right", "Unit": "left"}
    table = _table(sides, "Base: median. Change: mean over pairs of runs, and its 90% interval.")
    for row in rows.to_dict(orient="records"):
        unit = str(row["unit"])
        values = [row["mean_difference"], row["mean_low"], row["mean_high"]]
        change, low, high = numbers(values, unit)
        words = in_words(row)
        clear_ = words in ("higher", "lower")
        table.add_row(
            escape(str(row["name"])),
            screen.amount(row["base_median"], unit),
            change if clear_ else words,
            "" if row["share_zero"] == 1 else f"{low} to {high}",
            "points" if unit == "share" else unit,
        )
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
    caption = escape(caption)
    table = _table(sides, caption)
    for row, sure in zip(rows.to_dict(orient="records"), clear(rows), strict=True):
        words = f"towards {one if row['mean'] > 0 else two}" if sure else UNCLEAR_LABEL.lower()
        change, low, high = (f"{row[key]:+.4f}" for key in ("mean", "low", "high"))
        table.add_row(str(row["name"]), change, f"{low} to {high}", escape(words))
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
