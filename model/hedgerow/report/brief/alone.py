"""Sentences on one scenario: what changes from its start to its end, over all runs."""

from collections.abc import Mapping
from datetime import date

from markupsafe import Markup

from hedgerow.figures.numerals import the
from hedgerow.report.brief.book import Book, around, listed, look
from hedgerow.report.brief.doubts import leaning
from hedgerow.report.brief.sentences import ALONE, DOWN, SAME, UP, month, name, titled, verdict

TABLE = "outcomes"


def _clause(book: Book, outcome: str) -> Markup:
    """Return how an outcome changes, as the end of a sentence that begins with it."""
    row = book.row(TABLE, outcome)
    said = verdict(row["low"], row["high"], always_zero=row["low"] == row["high"] == 0)
    how = look([row["median"], row["low"], row["high"]], str(row["unit"]), change=True)
    size = around(how, book.number(TABLE, outcome, "median", how, size=True))
    between = book.span(TABLE, outcome, "low", "high", how)
    if said == SAME:
        return Markup("stays as it was in nearly every run")
    if said == ALONE:
        return Markup("changes by {} in the one run, too few to say more").format(size)
    if said in (UP, DOWN):
        verb = "rises" if said == UP else "falls"
        return Markup("{} by {} (nine in ten runs: {})").format(verb, size, between)
    return Markup("rises in some runs and falls in others (nine in ten runs: {})").format(between)


def changed(book: Book, donors: Mapping[str, str], title: str, last: date) -> Markup:
    """Return the answer of a scenario: how alignment with each donor changes."""
    each = [
        Markup("alignment with {} {}").format(the(donor), _clause(book, f"alignment_shift_{code}"))
        for code, donor in donors.items()
    ]
    text = "In {}, by {} and averaged over all states, {}, on a scale from zero to one."
    return Markup(text).format(name(title), month(last), listed(each))


def balance(book: Book, donors: Mapping[str, str], outcome: str) -> Markup:
    """Return whom the balance moves towards, and what becomes of that under other assumptions."""
    row = book.row(TABLE, outcome)
    said = verdict(row["low"], row["high"])
    if len(donors) < 2:
        return leaning(book, donors, said)
    first, second = (the(d) for d in list(donors.values())[:2])
    if said in (UP, DOWN):
        text = "At least nineteen runs of twenty move the balance towards {}"
        head = Markup(text).format(first if said == UP else second)
    elif said == ALONE:
        head = Markup("One run does not show whom the balance moves towards")
    else:
        text = "Runs differ on whether the balance moves towards {} or {}"
        head = Markup(text).format(first, second)
    return leaning(book, donors, said, head)


def beside(scenario: str, base: str) -> Markup:
    """Return what one scenario by itself cannot show, and how to see it."""
    text = (
        "One scenario by itself does not show what its policy changes. For that: "
        "<code>hedgerow report {} --versus {}</code>."
    )
    return Markup(text).format(scenario, base)


def over_time(book: Book, donors: Mapping[str, str], last: date) -> list[Markup]:
    """Return where alignment stands at the end, a sentence a donor."""
    said = []
    for code, donor in donors.items():
        key = f"{code}/{last}"
        row = book.row("monthly", key)
        how = look([row["median"], row["low"], row["high"]], "0-1")
        said.append(
            Markup("In {}, mean alignment with {} is {} in the middle run (nine in ten runs: {}).").format(
                month(last),
                the(donor),
                book.number("monthly", key, "median", how),
                Markup("{} to {}").format(*(book.number("monthly", key, end, how) for end in ("low", "high"))),
            )
        )
    return said


def amount(book: Book, outcome: str) -> Markup:
    """Return an outcome with its interval over runs, in a sentence."""
    row = book.row(TABLE, outcome)
    how = look([row["median"], row["low"], row["high"]], str(row["unit"]))
    middle = around(how, book.number(TABLE, outcome, "median", how))
    ends = (book.number(TABLE, outcome, end, how) for end in ("low", "high"))
    return Markup("{}: {} in the middle run (nine in ten runs: {} to {}).").format(
        titled(str(row["name"])), middle, *ends
    )
