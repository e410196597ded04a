"""A comparison of two scenarios as a page."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import pandas as pd

from hedgerow import figures
from hedgerow.figures.numerals import the
from hedgerow.report.brief import doubts, limits, origin, pictures, sentences, shared
from hedgerow.report.brief.book import Book, look
from hedgerow.report.brief.page import Column, Origin, Page, Part, Picture, Shown
from hedgerow.report.differences import own_rows
from hedgerow.runs.compare import Comparison
from hedgerow.runs.explain import Explanation
from hedgerow.runs.paired import BOTH
from hedgerow.scenario.schema import Scenario

SPENT = ("spent_usd_{}", "officers_{}", "officers_denied_{}", "equipment_usd_{}")


@dataclass(frozen=True)
class Compared:
    """What the page of a comparison is made of.

    Attributes
    ----------
    comparison : Comparison
    name : str
        The variant it tells of.
    assumptions : pandas.DataFrame or None
        The answer with each key assumption moved; see :mod:`~hedgerow.report.brief.leaning`.
    why : Explanation or None
        The terms of the state that moves most.
    origin : Origin
    """

    comparison: Comparison
    name: str
    assumptions: pd.DataFrame | None
    why: Explanation | None
    origin: Origin

    @property
    def variant(self) -> Scenario:
        """The scenario compared with the base."""
        return self.comparison.variants[self.name]

    @property
    def donors(self) -> dict[str, str]:
        """Donor names by code."""
        return self.comparison.donor_names

    @property
    def outcome(self) -> str:
        """The outcome that answers."""
        return shared.answering(self.donors)

    @cached_property
    def months(self) -> list[date]:
        """Months of the scenarios."""
        rows = own_rows(self.comparison.monthly, self.name)
        return [m.date() for m in pd.DatetimeIndex(rows["month"].unique())]

    @cached_property
    def book(self) -> Book:
        """The tables of the page."""
        return _book(self)


def page(told: Compared) -> Page:
    """Return the page of a comparison."""
    book, donors = told.book, told.donors
    names = (told.variant.title, told.comparison.base.title)
    said = sentences.difference(book, told.outcome)[0]
    answer = [
        sentences.compared(book, donors, told.outcome, names, told.months[-1]),
        doubts.leaning(book, donors, said),
    ]
    parts = [_who(told)] if len(donors) > 1 else []
    parts += [_time(told), _why(told), _depends(told), _costs(told), limits.part(book)]
    return Page(
        "comparison",
        told.variant.title,
        told.variant.question,
        answer,
        _first(told),
        parts,
        told.origin,
        book,
        shared.warnings(book),
    )


def _book(told: Compared) -> Book:
    book, about = Book(), told.comparison.manifest
    own = {
        key: own_rows(getattr(told.comparison, key), told.name)
        for key in ("differences", "movers", "monthly", "backfill")
    }
    if about["runs"] < 2:
        own["movers"] = own["movers"].assign(low=np.nan, high=np.nan)
    months = [m.date() for m in pd.DatetimeIndex(own["monthly"]["month"])]
    own["monthly"] = own["monthly"].assign(month=months)
    book.add("differences", own["differences"], ("outcome",), "Outcomes, difference from the base")
    book.add("movers", own["movers"], ("donor", "recipient"), "Alignment of each state, difference")
    book.add("monthly", own["monthly"], ("donor", "month"), "Mean alignment by month, difference")
    book.add("backfill", own["backfill"], ("donor", "rival"), "Officers added per officer denied")
    shared.method(book, about["runs"], len(told.months), origin.drawn(about))
    if told.assumptions is not None:
        book.add("assumptions", told.assumptions, ("factor",), "The answer, key assumptions moved")
    if told.why is not None:
        book.add("terms", told.why.table, ("topic", "donor", "term"), f"Terms for {told.why.name}")
    row = book.row("differences", told.outcome)
    shared.counted(book, told.assumptions, row["mean_difference"])
    return book


def _first(told: Compared) -> Picture:
    book, rows = told.book, []
    wanted = [
        (f"alignment_{c}", f"Alignment with {the(d)}", pictures.colour(c, i))
        for i, (c, d) in enumerate(told.donors.items())
    ]
    if len(told.donors) > 1:
        one, two = list(told.donors.values())[:2]
        wanted.append((told.outcome, f"{one} less {two}", "#222222"))
    for outcome, label, ink in wanted:
        row, (said, _) = book.row("differences", outcome), sentences.difference(book, outcome)
        words = {sentences.UP: "higher", sentences.DOWN: "lower", sentences.ALONE: "one pair of runs"}
        low, high = row["mean_low"], row["mean_high"]
        shade = ink if said in (sentences.UP, sentences.DOWN) else pictures.UNCLEAR_INK
        rows.append((f"{label}: {words.get(said, said)}", row["mean_difference"], low, high, shade))
    alt = "; ".join(label for label, *_ in rows)
    return pictures.intervals(
        rows,
        axis="Difference from the base, mean over all states, on a scale from 0 to 1",
        ends=("lower", "higher"),
        table="differences",
        alt=f"Difference from the base, with its interval. {alt}. Numbers: the first table below.",
        caption="Dots: mean difference. Bars: 90% interval of the mean over pairs of runs with the "
        "same chance events. Grey: no clear difference.",
    )


def _who(told: Compared) -> Part:
    both = told.book.kept["movers"].frame.query(f"donor == '{BOTH}'")
    said = sentences.movers(told.book, told.donors)
    pairs = "Mean change within pairs of runs that share their chance events."
    when = f"{told.months[-1]:%B %Y}"
    picture = shared.states_map(both, told.variant, said, when, pairs)
    return Part("who", "Who moves", said, [picture], [shared.states(both, told.donors, "Change")])


def _time(told: Compared) -> Part:
    said = sentences.over_time(told.book, told.donors, told.months)
    rows = told.book.kept["monthly"].frame.assign(month=lambda t: pd.to_datetime(t["month"]))
    figure = figures.difference_over_time(
        rows,
        names={code: the(donor) for code, donor in told.donors.items()},
        title="Difference in mean alignment, month by month",
        note="Simulated. Alignment is averaged over all states: 0 means none, 1 means full.",
    )
    words = " ".join(text.striptags() for text in said)
    picture = pictures.of(
        figure,
        "months",
        f"Difference in mean alignment by month. {words}",
        "A panel a donor. Bands hold half of all runs, and nine in ten.",
        "monthly",
    )
    return Part("time", "Over time", said, [picture])


def _why(told: Compared) -> Part:
    if told.why is None:
        return Part("why", "Why", [shared.NO_TERMS])
    return shared.why(told.book, told.why, told.donors, compared=True)


def _depends(told: Compared) -> Part:
    said = sentences.difference(told.book, told.outcome)[0]
    return shared.depends(told.book, told.donors, said, compared=True)


def _costs(told: Compared) -> Part:
    book = told.book
    wanted = [text.format(code) for text in SPENT for code in told.donors] + list(shared.WORLD)
    rows = book.kept["differences"].frame
    rows = rows.set_index("outcome", drop=False).loc[[w for w in wanted if book.has("differences", w)]]
    moved = [
        w for w in rows.index if sentences.difference(book, w)[0] in (sentences.UP, sentences.DOWN, sentences.ALONE)
    ]
    still = [w for w in rows.index if w not in moved and w.startswith("spent_usd")]
    looks = tuple(
        look([r["mean_difference"], r["mean_low"], r["mean_high"]], r["unit"], change=True, beside=r["base_median"])
        for r in rows.to_dict(orient="records")
    )
    words = [sentences.difference(book, w)[0] for w in rows.index]
    shown = Shown(
        "differences",
        "Costs and side effects: the base, and the difference from it",
        (
            Column("name", "Outcome"),
            Column("in_", "Unit"),
            Column("base_median", "Base, median"),
            Column("mean_difference", "Mean difference", sign=True),
            Column("mean_low", "90% interval, low", sign=True),
            Column("mean_high", "high", sign=True),
            Column("reading", "Reading"),
        ),
        rows=rows.assign(in_=[h.words for h in looks], reading=words),
        looks=looks,
    )
    said = sentences.costs(book, still + moved) + sentences.backfill(book, told.donors)
    return Part("costs", "What it costs", tables=[shown], listed=said)
