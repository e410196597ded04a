"""One scenario by itself as a page."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import pandas as pd

from hedgerow import figures
from hedgerow.figures.numerals import the
from hedgerow.report.brief import alone, limits, origin, pictures, sentences, shared
from hedgerow.report.brief.book import Book, look
from hedgerow.report.brief.page import Column, Origin, Page, Part, Picture, Shown
from hedgerow.report.tables import alignment_bands
from hedgerow.runs import paired
from hedgerow.runs.ensemble import Ensemble
from hedgerow.runs.explain import Explanation
from hedgerow.runs.paired import BOTH
from hedgerow.runs.run import Run

SPENT = ("spent_usd_{}", "officers_{}", "officers_denied_{}", "equipment_usd_{}", "meetings_{}")


@dataclass(frozen=True)
class Told:
    """What the page of a scenario is made of.

    Attributes
    ----------
    run : Run
    name : str
        Name or path of the scenario, as a command takes it.
    states : pandas.DataFrame
        How each state's alignment changes; see :func:`movers`.
    assumptions : pandas.DataFrame or None
        The answer with each key assumption moved.
    why : Explanation or None
        The terms of the state that moves most.
    origin : Origin
    """

    run: Run
    name: str
    states: pd.DataFrame
    assumptions: pd.DataFrame | None
    why: Explanation | None
    origin: Origin

    @property
    def donors(self) -> dict[str, str]:
        """Donor names by code."""
        return self.run.donor_names

    @property
    def outcome(self) -> str:
        """The outcome that answers."""
        return shared.answering(self.donors)

    @property
    def last(self) -> date:
        """The last month."""
        start, months = self.run.scenario.start, self.run.scenario.months
        return (pd.Timestamp(start) + pd.DateOffset(months=months - 1)).date()

    @cached_property
    def book(self) -> Book:
        """The tables of the page."""
        return _book(self)


def movers(kept: Run) -> pd.DataFrame:
    """Return how each state's alignment changes from the start to the last month.

    Returns
    -------
    pandas.DataFrame
        As :func:`hedgerow.runs.paired.movers` gives it, a difference in time.
    """
    donors = list(kept.donor_names)
    columns = [f"alignment_{code}" for code in donors]
    panel = kept.table("panel", ["run", "month", "recipient", *columns])
    last = panel[panel["month"] == panel["month"].max()].astype({"recipient": str})
    recipients = list(dict.fromkeys(last["recipient"]))
    runs = last["run"].nunique()
    final = last[columns].to_numpy(np.float64).reshape(runs, len(recipients), len(donors))
    world = Ensemble(kept.scenario, [0], 0).batch().first
    rows = [world.recipients.index(code) for code in recipients]
    own = [world.donors.index(code) for code in donors]
    first = world.alignment[0][own][:, rows]
    return paired.movers(final.transpose(0, 2, 1) - first[None], donors, recipients)


def page(told: Told) -> Page:
    """Return the page of a scenario."""
    book, donors, scenario = told.book, told.donors, told.run.scenario
    row = book.row("outcomes", told.outcome)
    said = sentences.verdict(row["low"], row["high"])
    answer = [alone.changed(book, donors, scenario.title, told.last), alone.balance(book, donors, told.outcome)]
    parts = [_who(told)] if len(donors) > 1 else []
    parts += [_time(told), _why(told)]
    parts += [shared.depends(book, donors, said, compared=False)]
    parts += [_costs(told), limits.part(book)]
    base = told.origin.against.strip("“”")
    compare = [alone.beside(told.name, base)] if base else []
    return Page(
        "one scenario",
        scenario.title,
        scenario.question,
        answer,
        _first(told),
        parts,
        told.origin,
        book,
        [*shared.warnings(book), *compare],
    )


def _book(told: Told) -> Book:
    book, runs = Book(), told.run.manifest["runs"]
    states = told.states.assign(low=np.nan, high=np.nan) if runs < 2 else told.states
    bands = alignment_bands(told.run)
    bands = bands.assign(month=[m.date() for m in pd.DatetimeIndex(bands["month"])])
    summary = told.run.summary()
    if runs < 2:
        summary = summary.assign(low=np.nan, high=np.nan)
    book.add("outcomes", summary, ("outcome",), "Outcomes over all runs")
    book.add("movers", states, ("donor", "recipient"), "Alignment of each state, change")
    book.add("monthly", bands, ("donor", "month"), "Mean alignment by month")
    drawn = origin.drawn(told.run.manifest)
    shared.method(book, runs, told.run.scenario.months, drawn)
    if told.assumptions is not None:
        book.add("assumptions", told.assumptions, ("factor",), "The answer, key assumptions moved")
    if told.why is not None:
        book.add("terms", told.why.table, ("topic", "donor", "term"), f"Terms for {told.why.name}")
    shared.counted(book, told.assumptions, float(book.cell("outcomes", told.outcome, "median")))
    return book


def _first(told: Told) -> Picture:
    book, rows = told.book, []
    wanted = [
        (f"alignment_shift_{c}", f"Alignment with {the(d)}", pictures.colour(c, i))
        for i, (c, d) in enumerate(told.donors.items())
    ]
    if len(told.donors) > 1:
        one, two = list(told.donors.values())[:2]
        wanted.append((told.outcome, f"{one} less {two}", "#222222"))
    words = {
        sentences.UP: "rises",
        sentences.DOWN: "falls",
        sentences.ALONE: "one run",
        sentences.UNCLEAR: "rises in some runs, falls in others",
    }
    for outcome, label, ink in wanted:
        row = book.row("outcomes", outcome)
        said = sentences.verdict(row["low"], row["high"])
        shade = ink if said in (sentences.UP, sentences.DOWN) else pictures.UNCLEAR_INK
        text = f"{label}: {words[said]}"
        rows.append((text, row["median"], row["low"], row["high"], shade))
    alt = "; ".join(label for label, *_ in rows)
    return pictures.intervals(
        rows,
        axis="Change since the start, mean over all states, on a scale from 0 to 1",
        ends=("lower", "higher"),
        table="outcomes",
        alt=f"Change of mean alignment since the start, middle run and nine in ten runs. {alt}.",
        caption="Dots: the middle run. Bars: nine in ten runs. Grey: runs differ in direction.",
    )


def _who(told: Told) -> Part:
    both = told.book.kept["movers"].frame.query(f"donor == '{BOTH}'")
    said = sentences.movers(told.book, told.donors)
    how = "Mean change since the start, over all runs."
    picture = shared.states_map(both, told.run.scenario, said, f"{told.last:%B %Y}", how)
    shown = shared.states(both, told.donors, "Change since the start")
    return Part("who", "Who moves", said, [picture], [shown])


def _time(told: Told) -> Part:
    said = alone.over_time(told.book, told.donors, told.last)
    rows = told.book.kept["monthly"].frame.assign(month=lambda t: pd.to_datetime(t["month"]))
    picture = pictures.of(
        figures.alignment_over_time(rows, names=told.donors),
        "months",
        "Mean alignment with each donor, month by month. " + " ".join(text.striptags() for text in said),
        "Mean alignment by month. Lines: the middle run; bands: nine in ten runs.",
        "monthly",
    )
    return Part("time", "Over time", said, [picture])


def _why(told: Told) -> Part:
    if told.why is None:
        return Part("why", "Why", [shared.NO_TERMS])
    return shared.why(told.book, told.why, told.donors, compared=False)


def _costs(told: Told) -> Part:
    book = told.book
    wanted = [text.format(code) for text in SPENT for code in told.donors] + list(shared.WORLD)
    wanted = [w for w in wanted if book.has("outcomes", w)]
    rows = book.kept["outcomes"].frame.set_index("outcome", drop=False).loc[wanted]
    looks = tuple(look([r["median"], r["low"], r["high"]], r["unit"]) for r in rows.to_dict(orient="records"))
    shown = Shown(
        "outcomes",
        "Costs and side effects over all runs",
        (
            Column("name", "Outcome"),
            Column("in_", "Unit"),
            Column("median", "Middle run"),
            Column("low", "Low (one in twenty runs below)"),
            Column("high", "High (one in twenty above)"),
        ),
        rows=rows.assign(in_=[h.words for h in looks]),
        looks=looks,
    )
    spent = [alone.amount(book, w) for w in wanted if w.startswith(("spent_usd", "officers_"))]
    return Part("costs", "What it costs", tables=[shown], listed=spent)
