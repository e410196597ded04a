"""A comparison on the screen: differences in words and numbers, backfill, the largest movers."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from rich.markup import escape
from rich.table import Table

from hedgerow.report import screen
from hedgerow.report.tables import own_rows, state_rows
from hedgerow.runs.compare import Comparison
from hedgerow.runs.summary import headlines
from hedgerow.wording.differences import backfill, change_and_interval
from hedgerow.wording.numbers import amount
from hedgerow.wording.verdicts import directions, pair


def show(comparison: Comparison) -> None:
    """Show a comparison: headline differences, who makes up for what, the largest movers."""
    about, out = comparison.manifest, screen.console()
    for name, scenario in comparison.variants.items():
        base = escape(comparison.base.title)
        out.print(f"\n{screen.bold(scenario.title)}, compared with {base}")
        out.print(escape(scenario.question))
        out.print(f"{about['runs']} pairs of runs of {scenario.months} months, seed {about['seed']}, {about['hash'][:12]}\n")
        rows = headlines(own_rows(comparison.differences, name), list(comparison.donor_names))
        out.print(difference_table(rows))
        for said in backfill(own_rows(comparison.backfill, name), comparison.donor_names):
            out.print(f"\n{said}\n", markup=False)
        if len(comparison.donor_names) > 1:
            out.print(mover_table(state_rows(comparison, name).head(10), comparison.donor_names))
    out.print()
    for line in screen.parameter_lines(about):
        out.print(line, markup=False)
    screen.show_files(comparison.where)


def _table(columns: Sequence[str], right: Sequence[str], caption: str) -> Table:
    """Open a table whose first column gives way where room is short."""
    table = screen.bare_table(*columns, right=right, keep=columns[1:])
    table.caption, table.caption_justify = caption, "left"
    return table


def difference_table(rows: pd.DataFrame) -> Table:
    """Return outcomes: the base, the mean change in words or number, and its interval."""
    columns = ("Outcome", "Base", "Change", "90% interval", "Unit")
    table = _table(columns, columns[1:4], "Base: median. Change: mean over pairs of runs, and its 90% interval.")
    for row in rows.to_dict(orient="records"):
        unit = str(row["unit"])
        base = amount(row["base_median"], unit)
        unit_ = "points" if unit == "share" else unit
        table.add_row(escape(str(row["name"])), base, *change_and_interval(row), escape(unit_))
    return table


def mover_table(rows: pd.DataFrame, names: Mapping[str, str]) -> Table:
    """Return the states that move most between the first two donors."""
    one, two = pair(names)
    caption = f"Change of alignment with {one} minus {two}, last month, mean over pairs of runs."
    columns = ("State", "Change", "Nine in ten runs", "Moves")
    table = _table(columns, columns[1:3], escape(caption))
    for row, direction in zip(rows.to_dict(orient="records"), directions(rows, names), strict=True):
        change, low, high = (f"{row[key]:+.4f}" for key in ("mean", "low", "high"))
        table.add_row(escape(str(row["name"])), change, f"{low} to {high}", escape(direction))
    return table


def as_data(comparison: Comparison, pictures: Sequence[Path]) -> dict[str, Any]:
    """Return a comparison as plain data for ``--json``; what is not known is null."""
    about = comparison.manifest
    tables = {name: getattr(comparison, name) for name in ("differences", "backfill", "movers")}
    return {
        **{key: about[key] for key in ("base", "variants", "seed", "runs", "hash", "code", "drawn", "held") if key in about},
        "months": comparison.base.months,
        "folder": str(comparison.where) if comparison.where else None,
        "pictures": [str(path) for path in pictures],
        **{
            name: table.astype(object).where(table.notna(), None).to_dict(orient="records") for name, table in tables.items()
        },
    }
