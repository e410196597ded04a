"""Parts and tables that pages of scenarios and of comparisons share."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from markupsafe import Markup

from hedgerow import figures
from hedgerow.data.load import imputed
from hedgerow.data.start import names
from hedgerow.figures.numerals import clear, the
from hedgerow.report.brief import doubts, pictures, sentences
from hedgerow.report.brief.book import COUNT, Book, Look, look, number_words, plain
from hedgerow.report.brief.page import Column, Part, Picture, Shown
from hedgerow.runs.explain import Explanation
from hedgerow.runs.paired import BOTH
from hedgerow.scenario.schema import Scenario

WORLD = (
    "abuses",
    "pushbacks",
    "cut_offs",
    "capability_change",
    "crime_change",
    "policing_model_change",
    "welfare_loss",
)
"""Outcomes of all states together that a page lists after what donors spend."""
ALIGNMENT = Look(places=4)
FEW = 20
"""Runs below which nine in ten of them is a count of very few."""
NO_TERMS = Markup("The terms behind a state’s change were not computed for this page.")


def answering(donors: Mapping[str, str]) -> str:
    """Return the outcome that answers whom states move closer to."""
    return "alignment_shift_difference" if len(donors) > 1 else f"alignment_shift_{next(iter(donors))}"


def warnings(book: Book) -> list[Markup]:
    """Return what a reader must know before the answer."""
    if float(book.cell("method", "runs", "value")) >= FEW:
        return []
    text = "Made with {} runs: too few to trust its intervals. Ask for more with --runs."
    return [Markup(text).format(book.plain("method", "runs", "value", COUNT))]


def method(book: Book, runs: int, months: int, drawn: int = 0) -> None:
    """Add what a page says of its own method."""
    rows = [
        ("level", 0.9, "level of the intervals"),
        ("runs", runs, "runs of each scenario"),
        ("months", months, "months of each run"),
        ("drawn", drawn, "parameters drawn from the posterior"),
        ("imputed", len(imputed()), "values of the country table that were filled in"),
    ]
    frame = pd.DataFrame(rows, columns=["key", "value", "about"]).astype({"value": float})
    book.add("method", frame, ("key",), "How the page was made")


def counted(book: Book, assumptions: pd.DataFrame | None, answer: float) -> None:
    """Add counts that sentences need: states by direction, and assumptions by what they do."""
    rows: list[tuple[str, float, str]] = []
    states = book.kept["movers"].frame if "movers" in book.kept else pd.DataFrame({"donor": []})
    both = states[states["donor"] == BOTH]
    if len(both):
        sure = clear(both)
        up, down = int((sure & (both["mean"] > 0)).sum()), int((sure & (both["mean"] < 0)).sum())
        rows += [("states", len(both), ""), ("up", up, ""), ("down", down, "")]
        rows += [("rest", len(both) - up - down, "")]
        rows += [("largest", float(both["mean"].iloc[0]), str(both["recipient"].iloc[0]))]
    if assumptions is not None and len(assumptions):
        against = _against(assumptions, answer)
        faint = _faint(assumptions)
        first = assumptions.loc[against, "factor"]
        rows += [
            ("assumptions", len(assumptions), ""),
            ("lowest", assumptions["lowest"].min(), ""),
            ("highest", assumptions["highest"].max(), ""),
        ]
        if assumptions["at_low_low"].notna().any():
            rows += [("turned", int(against.sum()), str(first.iloc[0]) if len(first) else "")]
            rows += [("faded", int((faint & ~against).sum()), "")]
    frame = pd.DataFrame(rows, columns=["key", "value", "first"]).astype({"value": float})
    book.add("counts", frame, ("key",), "Counts named in the text")


def _against(table: pd.DataFrame, answer: float) -> "pd.Series[bool]":
    """Return which assumptions clearly turn the answer round at an end of their range."""
    below = (table["at_low_high"] < 0) | (table["at_high_high"] < 0)
    above = (table["at_low_low"] > 0) | (table["at_high_low"] > 0)
    return below if answer > 0 else above


def _faint(table: pd.DataFrame) -> "pd.Series[bool]":
    """Return which assumptions leave no clear direction at an end of their range."""
    ends = [(table[f"{end}_low"] > 0) | (table[f"{end}_high"] < 0) for end in ("at_low", "at_high")]
    return ~(ends[0] & ends[1])


def why(book: Book, found: Explanation, donors: Mapping[str, str], *, compared: bool) -> Part:
    """Return the part that names the terms behind the change of one state."""
    column = "difference" if compared else "value"
    said = [
        Markup("Alignment is a sum of named terms; here are those of {}, which moves most.").format(the(found.name))
    ]
    said += [sentences.reasons(book, c, d, found.name, column, compared_=compared) for c, d in donors.items()]
    topic = "alignment since the start"
    rows = found.table[found.table["topic"] == topic]
    columns = ["value", "base", "difference"] if compared else ["value"]
    moving = (rows[columns].abs() > sentences.FEWEST).any(axis=1) | (rows["term"] == "total")
    rows = rows[moving].assign(with_=[the(donors[d]) for d in rows.loc[moving, "donor"]])
    heads = {"value": "With the change" if compared else "Mean", "base": "Without", "difference": "Difference"}
    shown = Shown(
        "terms",
        f"Change of {the(found.name)}’s alignment since the start, term by term",
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
    return Part("why", "Why", said, tables=[shown], notes=[note])


def depends(book: Book, donors: Mapping[str, str], said: sentences.Verdict, *, compared: bool) -> Part:
    """Return the part on what an answer leans on."""
    if "assumptions" not in book.kept:
        return Part("depends", "What it depends on", [doubts.leaning(book, donors, said)])
    what = "Shift from the base" if compared else "Change since the start"
    pair = [the(d) for d in list(donors.values())[:2]]
    ends = (f"towards {pair[1]}", f"towards {pair[0]}") if len(pair) > 1 else ("lower", "higher")
    frame = book.kept["assumptions"].frame
    alt = "Swing of the answer by assumption, the largest first: " + "; ".join(frame["words"].head(5))
    picture = pictures.tornado(
        frame, axis=f"{what}, mean over all states, on a scale from 0 to 1", ends=ends, alt=alt + "."
    )
    number = look([float(frame["swing"].max())], "0-1")
    how = Look(places=max(4, number.places))
    ranges = [f"{plain(r['low'])} to {plain(r['high'])} {r['unit']}" for r in frame.to_dict(orient="records")]
    shown = Shown(
        "assumptions",
        "The answer with each key assumption at the ends of its range",
        (
            Column("words", "Assumption"),
            Column("range", "Range"),
            Column("here", "In the scenario"),
            Column("at_low", "At the low end", how, sign=True),
            Column("at_high", "At the high end", how, sign=True),
        ),
        rows=frame.assign(range=ranges, here=[plain(v) for v in frame["value"]]),
    )
    note = Markup(
        "Each end is a mean over {} {}, and all ends share their draws: compare the ends with "
        "one another rather than with the answer. One assumption at a time: two together may do "
        "more. For all numbers of the model at once, sweep a study such as "
        "<code>prior-screen</code>."
    ).format(
        book.plain("assumptions", str(frame["factor"].iloc[0]), "runs", COUNT),
        number_words(int(frame["runs"].iloc[0]), "run", "runs"),
    )
    return Part(
        "depends",
        "What it depends on",
        pictures=[picture],
        tables=[shown],
        notes=[note],
        listed=doubts.swings(book, donors),
    )


def states(rows: pd.DataFrame, donors: Mapping[str, str], what: str) -> Shown:
    """Return where each state moves between the first two donors, as a table a reader may sort."""
    one, two = list(donors.values())[:2]
    sure = clear(rows)
    side = np.where(rows["mean"] > 0, f"towards {the(one)}", f"towards {the(two)}")
    return Shown(
        "movers",
        f"{what} of alignment with {the(one)} less that with {the(two)}, by state",
        (
            Column("name", "State"),
            Column("mean", "Mean", ALIGNMENT, sign=True),
            Column("low", "One run in twenty is below", ALIGNMENT, sign=True),
            Column("high", "One in twenty is above", ALIGNMENT, sign=True),
            Column("moves", "Direction"),
        ),
        sortable=True,
        rows=rows.assign(moves=np.where(sure, side, "no clear direction")),
    )


def states_map(rows: pd.DataFrame, scenario: Scenario, said: Sequence[Markup], when: str, how: str) -> Picture:
    """Return the map of where states move between the first two donors."""
    called, donors = names(), {code: donor.name for code, donor in scenario.donors.items()}
    one, two = list(donors.values())[:2]
    grey = {code: f"{donor} (donor)" for code, donor in donors.items()}
    met = [c for c in scenario.counterparts if c not in grey and len(c) == 3]
    figure = figures.map_difference(
        rows,
        title=f"Where states move by {when}",
        subtitle=how,
        grey=grey | {code: f"{called[code]} (met, not counted)" for code in met},
        legend_low=f"Towards {the(two)}",
        legend_high=f"Towards {the(one)}",
        scale=f"Change in alignment, {one} minus {two} (−1 to 1)",
    )
    words = " ".join(text.striptags() for text in said)
    return pictures.of(
        figure,
        "map",
        f"{words} The table below lists every state.",
        "Colour: mean change in the last month. Pale: no clear direction.",
        "movers",
    )
