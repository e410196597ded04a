"""An explanation on the screen: terms side by side, and the largest of them in words."""

from typing import Any

import numpy as np
import pandas as pd
from rich.markup import escape
from rich.table import Table

from hedgerow.core.rules.common import logistic
from hedgerow.report.screen import bare_table, bold, console
from hedgerow.runs.explain import TOPICS, TOTAL, Explanation
from hedgerow.wording.names import capital
from hedgerow.wording.terms import largest

SMALL = 5e-4
SHOWN = 5e-5


def show(why: Explanation) -> None:
    """Show an explanation: a sentence and a table for each topic."""
    out = console()
    against = f", beside {why.versus.title}" if why.versus else ""
    head = bold(f"{why.name}, {why.month:%B %Y}")
    out.print(f"\n{head}: {escape(why.scenario.title + against)}\n")
    for topic, words in TOPICS.items():
        rows = why.table[why.table["topic"] == topic]
        if rows.empty:
            continue
        out.print(f"[bold]{capital(words)}[/bold]")
        for sentence in sentences(why, topic):
            out.print(sentence, markup=False)
        out.print(_table(why, rows))
        out.print()
    out.print("Terms are means over runs and add up to the total; those that are zero are left out.")


def sentences(why: Explanation, topic: str) -> list[str]:
    """Return what the largest terms of a topic say, a sentence a donor."""
    rows = why.table[why.table["topic"] == topic]
    return [
        _sentence(why, topic, name, rows[rows["donor"] == code])
        for code, name in {c: d.name for c, d in why.scenario.donors.items()}.items()
        if (rows["donor"] == code).any()
    ]


def _sentence(why: Explanation, topic: str, donor: str, rows: pd.DataFrame) -> str:
    column = "difference" if why.versus else "value"
    values = rows.set_index("term")[column]
    total, named = float(values[TOTAL]), largest(values, SMALL)
    if not named:
        return f"{donor}: no term {'differs' if why.versus else 'counts'}."
    reasons = ", ".join(f"{term} {values[term]:+.3f}" for term in named)
    if why.versus:
        more = "more" if total > 0 else "less"
        return f"{donor}: {abs(total):.3f} {more} than in the other scenario; most of it: {reasons}."
    opening = f"{donor}: {total:+.3f}"
    if topic in ("training", "small kit", "surveillance system"):
        scale = float(why.scenario.parameters.acceptance.scale)
        chance = float(logistic(np.array([total / scale]))[0])
        opening += f", a chance of about {100 * chance:.0f}% of accepting"
    return f"{opening}; most of it: {reasons}."


def _table(why: Explanation, rows: pd.DataFrame) -> Table:
    donors = [c for c in why.scenario.donors if (rows["donor"] == c).any()]
    table = bare_table("", keep=("",))
    columns = ["value", "difference"] if why.versus else ["value"]
    for code in donors:
        for column in columns:
            name = escape(why.scenario.donors[code].name)
            table.add_column(name if column == "value" else "difference", justify="right")
    moving = rows[columns].abs().max(axis=1).groupby(rows["term"]).max() > SHOWN
    for term in [t for t in dict.fromkeys(rows["term"]) if moving[t] or t == TOTAL]:
        cells = []
        for code in donors:
            row = rows[(rows["donor"] == code) & (rows["term"] == term)]
            cells += [f"{float(row[column].iloc[0]):+.4f}" for column in columns]
        table.add_row(term, *cells, style="bold" if term == TOTAL else "")
    return table


def as_data(why: Explanation) -> dict[str, Any]:
    """Return an explanation as plain data for ``--json``."""
    return {
        "recipient": why.recipient,
        "name": why.name,
        "month": str(why.month),
        "scenario": why.scenario.title,
        "versus": why.versus.title if why.versus else None,
        "topics": TOPICS,
        "terms": why.table.to_dict(orient="records"),
    }
