"""What a table supports, in sentences, and no more.

Every function reads the cells it speaks of from a :class:`Book`. Where an interval holds zero the
sentence says so; where there is none it says that too. No sentence holds a number of its own.
"""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date

from markupsafe import Markup

from hedgerow.analysis import phrases
from hedgerow.figures.numerals import the
from hedgerow.report.brief.book import COUNT, Book, Look, around, listed, look, number_words

Verdict = str
UP, DOWN, UNCLEAR, SAME, ALONE = "higher", "lower", "no clear difference", "the same", "one run"
TERMS = {
    "help": "the help it gets",
    "meetings": "meetings that help followed",
    "usual stance": "the pull back to its usual stance",
    "neighbours": "what its neighbours do",
    "exposure, cut-off and backlash": "exposure, cut-off and backlash",
    "chance": "chance",
    "rivals": "what its rivals gain or lose",
    "bounds": "the ends of the scale",
}
"""The terms of alignment, as they stand in a sentence."""
TABLE = "differences"
FEWEST = 5e-5
"""Least size of a term that a sentence names."""


def name(text: str) -> Markup:
    """Return a title or a name as it was given, in quotation marks and set apart."""
    return Markup("“<i class='name'>{}</i>”").format(text)


def month(day: date) -> Markup:
    """Return a month in words."""
    return Markup('<time datetime="{}">{}</time>').format(f"{day:%Y-%m}", f"{day:%B %Y}")


def verdict(low: float, high: float, *, always_zero: bool = False) -> Verdict:
    """Return what an interval supports: which side of zero, or neither."""
    if always_zero:
        return SAME
    if math.isnan(low) or math.isnan(high):
        return ALONE
    return UP if low > 0 else DOWN if high < 0 else UNCLEAR


def level(book: Book) -> Markup:
    """Return the level of the intervals, such as ``90%``."""
    return book.plain("method", "level", "value", "share")


def difference(book: Book, outcome: str) -> tuple[Verdict, Look]:
    """Return what a comparison supports about an outcome, and how its numbers are written."""
    row = book.row(TABLE, outcome)
    said = verdict(row["mean_low"], row["mean_high"], always_zero=row["share_zero"] == 1)
    values = [row["mean_difference"], row["mean_low"], row["mean_high"]]
    return said, look(values, str(row["unit"]), change=True)


def effect(book: Book, outcome: str, *, interval: bool = True) -> Markup:
    """Return what a policy does to an outcome: ``lower by ...``, with its interval."""
    said, how = difference(book, outcome)
    size = around(how, book.number(TABLE, outcome, "mean_difference", how, size=True))
    if said == SAME:
        return Markup("the same in every run")
    if said == ALONE:
        return Markup("differs by {} in the one pair of runs, too few to say more").format(size)
    words = Markup(said) if said == UNCLEAR else Markup("{} by {}").format(said, size)
    if not interval:
        return words
    return Markup("{} ({})").format(words, bounds(book, outcome, said, how))


def bounds(book: Book, outcome: str, said: Verdict, how: Look) -> Markup:
    """Return the interval of a difference: sizes where its side is clear, else with signs."""
    ends = ("mean_low", "mean_high")
    if said == UNCLEAR:
        text = "{} interval {}, which includes zero"
        return Markup(text).format(level(book), book.span(TABLE, outcome, *ends, how))
    ends = ends if said == UP else ("mean_high", "mean_low")
    return Markup("{} interval {}").format(level(book), book.span(TABLE, outcome, *ends, how, size=True))


def clause(book: Book, outcome: str, *, interval: bool = True) -> Markup:
    """Return what a policy does to an outcome, as the end of a sentence that begins with it."""
    said = difference(book, outcome)[0]
    verb = {UNCLEAR: "shows ", ALONE: ""}.get(said, "is ")
    return Markup("{}{}").format(verb, effect(book, outcome, interval=interval))


def towards(book: Book, donors: Mapping[str, str], cell: tuple[str, str, str]) -> str:
    """Return the donor a difference points to: the first above zero, the second below."""
    first, second = list(donors.values())[:2]
    return the(first) if float(book.cell(*cell)) > 0 else the(second)


def compared(book: Book, donors: Mapping[str, str], outcome: str, names: tuple[str, str], last: date) -> Markup:
    """Return the answer of a comparison, with the interval that chance leaves."""
    variant, base = (name(text) for text in names)
    if len(donors) < 2:
        (only,) = donors.values()
        text = "Compared with {}, with {} alignment with {} {} by {}, on a scale from zero to one."
        return Markup(text).format(base, variant, the(only), clause(book, outcome), month(last))
    said, how = difference(book, outcome)
    size = around(how, book.number("differences", outcome, "mean_difference", how, size=True))
    between = bounds(book, outcome, said, how)
    to = towards(book, donors, (TABLE, outcome, "mean_difference"))
    first, second = (the(d) for d in list(donors.values())[:2])
    effects: dict[str, Callable[[], Markup]] = {
        SAME: lambda: Markup("changes nothing, in any run, about whom states stand closer to"),
        ALONE: lambda: Markup(
            "shifts the average state by {} towards {} in the one pair of runs, too few to say more"
        ).format(size, to),
        UNCLEAR: lambda: Markup("makes no clear difference to whether states move towards {} or {} ({})").format(
            first, second, between
        ),
    }
    moved = effects.get(
        said, lambda: Markup("shifts the average state towards {} by {} ({})").format(to, size, between)
    )()
    each = [
        Markup("alignment with {} {}").format(the(d), clause(book, f"alignment_{c}", interval=False))
        for c, d in donors.items()
    ]
    return Markup("Compared with {}, {} {} by {}, on a scale from zero to one: {}.").format(
        base, variant, moved, month(last), listed(each)
    )


def movers(book: Book, donors: Mapping[str, str]) -> list[Markup]:
    """Return how many states move which way, and which moves most."""
    first, second = (the(d) for d in list(donors.values())[:2])
    states, up, down = (book.plain("counts", k, "value", COUNT) for k in ("states", "up", "down"))
    rest = book.plain("counts", "rest", "value", COUNT)
    said = Markup(
        "Of {} states, {} {} clearly towards {} and {} towards {}; for {} the direction differs between runs."
    ).format(
        states, up, number_words(int(book.cell("counts", "up", "value")), "moves", "move"), first, down, second, rest
    )
    row = "difference/" + str(book.cell("counts", "largest", "first"))
    return [said, _largest(book, donors, row)]


def _largest(book: Book, donors: Mapping[str, str], row: str) -> Markup:
    cells = book.row("movers", row)
    how = look([cells["mean"], cells["low"], cells["high"]], "0-1")
    between = book.span("movers", row, "low", "high", how)
    size = book.number("movers", row, "mean", how, size=True)
    to = towards(book, donors, ("movers", row, "mean"))
    if verdict(cells["low"], cells["high"]) in (UP, DOWN):
        text = "The largest mean move is that of {}, {} towards {} (nine in ten runs: {})."
    else:
        text = (
            "The largest mean move is that of {}, {} towards {}, but its direction differs between "
            "runs (nine in ten runs: {}, which includes zero)."
        )
    return Markup(text).format(the(cells["name"]), size, to, between)


def over_time(book: Book, donors: Mapping[str, str], months: Sequence[date]) -> list[Markup]:
    """Return from which month on runs agree on the direction, a sentence a donor."""
    return [_since(book, code, the(donor), months) for code, donor in donors.items()]


def _since(book: Book, code: str, donor: str, months: Sequence[date]) -> Markup:
    rows = [book.row("monthly", f"{code}/{day}") for day in months]
    sides = [verdict(row["low"], row["high"]) for row in rows]
    if sides[-1] not in (UP, DOWN):
        return Markup("For alignment with {}, runs do not agree on the direction in the last month.").format(donor)
    start = len(sides)
    while start and sides[start - 1] == sides[-1]:
        start -= 1
    row = f"{code}/{months[-1]}"
    how = look([rows[-1]["median"], rows[-1]["low"], rows[-1]["high"]], "0-1")
    return Markup(
        "From {} on, at least nine in ten runs agree that alignment with {} is {}; in {} the "
        "middle run differs by {} (nine in ten runs: {})."
    ).format(
        month(months[start]),
        donor,
        sides[-1],
        month(months[-1]),
        book.number("monthly", row, "median", how, size=True),
        book.span("monthly", row, "low", "high", how),
    )


def reasons(book: Book, code: str, donor: str, state: str, column: str, *, compared_: bool) -> Markup:
    """Return the largest terms of a state's change of alignment with a donor, in words."""
    topic = f"alignment since the start/{code}"
    terms = [key for key in book.kept["terms"].rows if key.startswith(topic + "/")]
    values = {key: float(book.cell("terms", key, column)) for key in terms}
    total = f"{topic}/total"
    how = Look(places=max(3, look([values[total]], "0-1").places))
    parts = {k: v for k, v in values.items() if k != total and round(abs(v), how.places) > 0}
    if not parts:
        what = "no term differs between the two" if compared_ else "no term counts"
        return Markup("Towards {}: {}.").format(the(donor), what)
    chosen = sorted(parts, key=lambda k: -abs(parts[k]))[:3]
    why = [
        Markup("{} {} from {}").format(
            book.number("terms", k, column, how, size=True),
            "more" if values[k] > 0 else "less",
            TERMS.get(k.split("/", 2)[2], k.split("/", 2)[2]),
        )
        for k in chosen
    ]
    size = book.number("terms", total, column, how, size=True)
    ends = ("closer to", "further from") if compared_ else ("nearer", "further from")
    side = ends[0] if values[total] > 0 else ends[1]
    than = "than without the change" if compared_ else "than it began"
    state = the(state)
    return Markup("{} ends {} {} {} {}, on average: {}.").format(
        state[:1].upper() + state[1:], size, side, the(donor), than, listed(why)
    )


def costs(book: Book, rows: Sequence[str]) -> list[Markup]:
    """Return what costs change, a sentence an outcome."""
    return [
        Markup("{}: {}.").format(titled(str(book.cell(TABLE, row, "name"))), effect(book, row))
        for row in rows
        if book.has(TABLE, row)
    ]


def spoken(outcome: str, donors: Mapping[str, str]) -> str:
    """Return the name of an outcome as it stands in a sentence, after ``the``."""
    return titled(phrases.spoken(outcome, donors))


def titled(label: str) -> str:
    """Return the name of an outcome as it stands at the head of a sentence."""
    text = re.sub(r"\b(by|with|of|to|for) (?=United)", r"\1 the ", label)
    text = text.replace(", 1 = at the start", " (one at the start)")
    return re.sub(r"^([Ss])pent by", r"\1pending by", text)


def backfill(book: Book, donors: Mapping[str, str]) -> list[Markup]:
    """Return how far rivals make up for help denied, where that has bounds."""
    said = []
    for key in book.kept["backfill"].rows:
        row = book.row("backfill", key)
        if math.isnan(row["ratio"]) or math.isnan(row["low"]):
            continue
        how = look([row["ratio"], row["low"], row["high"]], "")
        spans = ", which includes zero" if row["low"] <= 0 <= row["high"] else ""
        said.append(
            Markup("For each officer {} denies, {} trains {} more ({} interval {}{}).").format(
                the(donors[row["donor"]]),
                the(donors[row["rival"]]),
                book.number("backfill", key, "ratio", how, sign=True),
                level(book),
                book.span("backfill", key, "low", "high", how),
                spans,
            )
        )
    return said
