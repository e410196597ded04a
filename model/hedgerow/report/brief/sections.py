"""Sections and tables that pages of scenarios and of comparisons share."""

from collections.abc import Mapping, Sequence

import pandas as pd
from markupsafe import Markup
from matplotlib.figure import Figure

from hedgerow import figures
from hedgerow.data.load import imputed
from hedgerow.report.brief import doubts, pictures, sentences
from hedgerow.report.brief.findings import ScenarioFindings
from hedgerow.report.brief.page import Column, Picture, Section, TableView, interval_columns
from hedgerow.report.brief.workbook import Workbook
from hedgerow.report.maps import change_map
from hedgerow.runs.explain import Explanation
from hedgerow.runs.paired import BOTH
from hedgerow.wording.names import noun, the
from hedgerow.wording.numbers import MINUS, NumberFormat, number_format, setting
from hedgerow.wording.verdicts import SIDED, Verdict, clear, directions, pair

WORLDWIDE = ("abuses", "pushbacks", "cut_offs", "capability_change", "crime_change", "policing_model_change", "welfare_loss")
"""Outcomes of all states together that a page lists after what donors spend."""
SPENT = ("spent_usd_{}", "officers_{}", "officers_denied_{}", "equipment_usd_{}")
ALIGNMENT = NumberFormat(places=4)
FEW = 20
"""Runs below which nine in ten of them is a count of very few."""
FAINTEST = 5e-5
"""Least size of a term that the table of terms holds."""


def warnings(workbook: Workbook) -> list[Markup]:
    """Return what a reader must know before the answer."""
    if workbook.value("runs", "method") >= FEW:
        return []
    text = "Made with {} runs: too few to trust its intervals. Ask for more with --runs."
    return [Markup(text).format(workbook.count("runs", "method"))]


def add_method(workbook: Workbook, runs: int, months: int, drawn: int = 0) -> None:
    """Add what a page says of its own method."""
    rows = [
        ("level", 0.9, "level of the intervals"),
        ("runs", runs, "runs of each scenario"),
        ("months", months, "months of each run"),
        ("drawn", drawn, "parameters drawn from the posterior"),
        ("imputed", len(imputed()), "values of the country table that were filled in"),
    ]
    workbook.add_counts(rows, "method", "about")


def add_reasons(workbook: Workbook, assumptions: pd.DataFrame | None, why: Explanation | None, answer: float) -> Workbook:
    """Add what an answer leans on, why the state moves that moves most, and counts of both."""
    if assumptions is not None:
        workbook.add("assumptions", assumptions, ("factor",), "The answer, key assumptions moved")
    if why is not None:
        workbook.add("terms", why.table, ("topic", "donor", "term"), f"Terms for {why.name}")
    add_scenario_counts(workbook, assumptions, answer)
    return workbook


def add_scenario_counts(workbook: Workbook, assumptions: pd.DataFrame | None, answer: float) -> None:
    """Add counts that sentences need: states by direction, and assumptions by what they do."""
    rows: list[tuple[str, float, str]] = []
    both = balance_rows(workbook) if "movers" in workbook.sheets else pd.DataFrame()
    if len(both):
        sure = clear(both)
        up, down = int((sure & (both["mean"] > 0)).sum()), int((sure & (both["mean"] < 0)).sum())
        rows += [("states", len(both), ""), ("up", up, ""), ("down", down, ""), ("rest", len(both) - up - down, "")]
        rows += [("largest", float(both["mean"].iloc[0]), str(both["recipient"].iloc[0]))]
    if assumptions is not None and len(assumptions):
        against, faint = _against(assumptions, answer), _faint(assumptions)
        first = assumptions.loc[against, "factor"]
        rows += [
            ("assumptions", len(assumptions), ""),
            ("lowest", assumptions["lowest"].min(), ""),
            ("highest", assumptions["highest"].max(), ""),
        ]
        if assumptions["at_low_low"].notna().any():
            rows += [("turned", int(against.sum()), str(first.iloc[0]) if len(first) else "")]
            rows += [("faded", int((faint & ~against).sum()), "")]
    workbook.add_counts(rows, "counts", "first")


def _against(table: pd.DataFrame, answer: float) -> "pd.Series[bool]":
    """Return which assumptions clearly turn the answer round at an end of their range."""
    below = (table["at_low_high"] < 0) | (table["at_high_high"] < 0)
    above = (table["at_low_low"] > 0) | (table["at_high_low"] > 0)
    return below if answer > 0 else above


def _faint(table: pd.DataFrame) -> "pd.Series[bool]":
    """Return which assumptions leave no clear direction at an end of their range."""
    low, high = (clear(table, f"{end}_low", f"{end}_high") for end in ("at_low", "at_high"))
    return ~(low & high)


def balance_rows(workbook: Workbook) -> pd.DataFrame:
    """Return how each state moves between the first two donors."""
    frame = workbook.frame("movers")
    return frame[frame["donor"] == BOTH]


def answer_picture(found: ScenarioFindings, words: Mapping[Verdict, str], *, axis: str, alt: str, caption: str) -> Picture:
    """Return the picture that answers: alignment with each donor, and the balance of the first two.

    ``words`` says of each verdict what stands beside the name; ``alt`` holds a place for all of them.
    """
    workbook, rows, estimate = found.workbook, [], found.estimate
    stem = "alignment_" if found.paired else "alignment_shift_"
    wanted = [
        (f"{stem}{code}", f"Alignment with {the(donor)}", pictures.colour(code, i))
        for i, (code, donor) in enumerate(found.donors.items())
    ]
    if len(found.donors) > 1:
        one, two = list(found.donors.values())[:2]
        wanted.append((found.outcome, f"{one} less {two}", "#222222"))
    for outcome, label, ink in wanted:
        said, row = sentences.supported(workbook, outcome, estimate)[0], workbook.row(estimate.table, outcome)
        shade = ink if said in SIDED else pictures.UNCLEAR_INK
        rows.append((f"{label}: {words.get(said, said)}", *(row[c] for c in estimate.columns), shade))
    told = "; ".join(label for label, *_ in rows)
    return pictures.intervals(
        rows, axis=axis, ends=("lower", "higher"), table=estimate.table, alt=alt.format(told), caption=caption
    )


def who_moves(found: ScenarioFindings, change: str, how: str) -> Section:
    """Return the section on where states move between the first two donors: a map and a table."""
    both, (one, two) = balance_rows(found.workbook), pair(found.donors)
    said = sentences.movers(found.workbook, found.donors)
    figure = figures.map_difference(
        both,
        title=f"Where states move by {found.last:%B %Y}",
        subtitle=how,
        **change_map(found.donors, found.scenario.counterparts),
    )
    words = " ".join(text.striptags() for text in said)
    picture = pictures.of(
        figure,
        "map",
        f"{words} The table below lists every state.",
        "Colour: mean change in the last month. Pale: no clear direction.",
        "movers",
    )
    ends = ("Mean", "One run in twenty is below", "One in twenty is above")
    view = TableView(
        "movers",
        f"{change} of alignment with {one} less that with {two}, by state",
        (
            Column("name", "State"),
            *interval_columns(ends[0], ("mean", "low", "high"), ALIGNMENT, ends[1:]),
            Column("moves", "Direction"),
        ),
        sortable=True,
        rows=both.assign(moves=directions(both, found.donors)),
    )
    return Section("who", "Who moves", said, [picture], [view])


def over_time(said: Sequence[Markup], figure: Figure, what: str, caption: str) -> Section:
    """Return the section on the course over months."""
    words = " ".join(text.striptags() for text in said)
    return Section("time", "Over time", said, [pictures.of(figure, "months", f"{what} {words}", caption, "monthly")])


def why(found: ScenarioFindings) -> Section:
    """Return the section that names the terms behind the change of one state."""
    reasons, paired = found.why, found.paired
    if reasons is None:
        return Section("why", "Why", [Markup("The terms behind a state’s change were not computed for this page.")])
    state = the(reasons.name)
    said = [Markup("Alignment is a sum of named terms; here are those of {}, which moves most.").format(state)]
    said += [sentences.reasons(found.workbook, c, d, reasons.name, paired=paired) for c, d in found.donors.items()]
    rows = reasons.table[reasons.table["topic"] == "alignment since the start"]
    columns = ["value", "base", "difference"] if paired else ["value"]
    moving = (rows[columns].abs() > FAINTEST).any(axis=1) | (rows["term"] == "total")
    rows = rows[moving].assign(with_=[the(found.donors[d]) for d in rows.loc[moving, "donor"]])
    heads = {"value": "With the change" if paired else "Mean", "base": "Without", "difference": "Difference"}
    view = TableView(
        "terms",
        f"Change of {state}’s alignment since the start, term by term",
        (
            Column("term", "Term"),
            Column("with_", "Alignment with"),
            *(Column(c, heads[c], ALIGNMENT, sign=True) for c in columns),
        ),
        rows=rows,
    )
    note = Markup(
        "Means over runs. Terms of the model add up to the total; terms of zero are left out. "
        "They say why the model moves this state, not why the state would move."
    )
    return Section("why", "Why", said, tables=[view], notes=[note])


def depends(found: ScenarioFindings) -> Section:
    """Return the section on what an answer leans on."""
    workbook, donors = found.workbook, found.donors
    if "assumptions" not in workbook.sheets:
        return Section("depends", "What it depends on", [doubts.leaning(workbook, donors, found.said)])
    what = "Shift from the base" if found.paired else "Change since the start"
    ends = tuple(f"towards {d}" for d in reversed(pair(donors))) if len(donors) > 1 else ("lower", "higher")
    frame = workbook.frame("assumptions")
    alt = "Swing of the answer by assumption, the largest first: " + "; ".join(frame["words"].head(5))
    picture = pictures.assumption_bars(
        frame, axis=f"{what}, mean over all states, on a scale from 0 to 1", ends=(ends[0], ends[1]), alt=alt + "."
    )
    how = NumberFormat(places=max(4, number_format([float(frame["swing"].max())], "0-1").places))
    low, high, here = ([setting(float(v)).replace("-", MINUS) for v in frame[c]] for c in ("low", "high", "value"))
    ranges = [f"{a} to {b} {unit}" for a, b, unit in zip(low, high, frame["unit"], strict=True)]
    view = TableView(
        "assumptions",
        "The answer with each key assumption at the ends of its range",
        (
            Column("words", "Assumption"),
            Column("range", "Range"),
            Column("here", "In the scenario"),
            Column("at_low", "At the low end", how, sign=True),
            Column("at_high", "At the high end", how, sign=True),
        ),
        rows=frame.assign(range=ranges, here=here),
    )
    note = Markup(
        "Each end is a mean over {} {}, and all ends share their draws: compare the ends with "
        "one another rather than with the answer. One assumption at a time: two together may do "
        "more. For all numbers of the model at once, sweep a study such as "
        "<code>prior-screen</code>."
    ).format(
        workbook.quantity("assumptions", str(frame["factor"].iloc[0]), "runs", "count"),
        noun(int(frame["runs"].iloc[0]), "run", "runs"),
    )
    items = doubts.swings(workbook, donors)
    return Section("depends", "What it depends on", pictures=[picture], tables=[view], notes=[note], items=items)


def priced(found: ScenarioFindings, *more: str) -> pd.DataFrame:
    """Return the outcomes that say what a scenario costs and does besides, those that there are."""
    table = found.estimate.table
    wanted = [text.format(code) for text in (*SPENT, *more) for code in found.donors] + list(WORLDWIDE)
    rows = found.workbook.frame(table).set_index("outcome", drop=False)
    return rows.loc[[w for w in wanted if found.workbook.has(table, w)]]


def costs_view(
    found: ScenarioFindings, rows: pd.DataFrame, caption: str, columns: Sequence[Column], largest: str = ""
) -> TableView:
    """Return costs and side effects as a table, each row in its own unit; ``largest`` is a column."""
    formats = tuple(
        number_format(
            [r[c] for c in found.estimate.columns], r["unit"], change=found.paired, largest=r[largest] if largest else 0.0
        )
        for r in rows.to_dict(orient="records")
    )
    head = (Column("name", "Outcome"), Column("in_", "Unit"))
    units = rows.assign(in_=[how.unit for how in formats])
    return TableView(found.estimate.table, caption, (*head, *columns), rows=units, formats=formats)
