"""What a table supports, in sentences, and no more.

Every function reads the cells it speaks of from a :class:`Workbook`. Where an interval holds zero
the sentence says so; where there is none it says that too. No sentence holds a number of its own.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd
from markupsafe import Markup

from hedgerow.report.brief.workbook import Workbook
from hedgerow.wording.names import capital, listed, noun, the, titled
from hedgerow.wording.numbers import NumberFormat, number_format
from hedgerow.wording.terms import largest, term_phrase
from hedgerow.wording.verdicts import HIGHER, ONE_RUN, SAME, SIDED, UNCLEAR, Verdict, pair, verdict

RUNS = ("low", "high")
"""Columns of what nine in ten runs lie between."""
SPANS_ZERO = ", which includes zero"


@dataclass(frozen=True)
class Estimate:
    """Where the estimates of outcomes stand: their table, and the columns of middle and interval."""

    table: str
    middle: str
    ends: tuple[str, str]

    @property
    def columns(self) -> tuple[str, str, str]:
        """The columns of the middle and both ends."""
        return (self.middle, *self.ends)


CHANGE = Estimate("outcomes", "median", RUNS)
"""What one scenario changes from its start to its end."""
DIFFERENCE = Estimate("differences", "mean_difference", ("mean_low", "mean_high"))
"""What a scenario differs by from its base."""


def name(text: str) -> Markup:
    """Return a title or a name as it was given, in quotation marks and set apart."""
    return Markup("“<i class='name'>{}</i>”").format(text)


def month(day: date) -> Markup:
    """Return a month in words."""
    return Markup('<time datetime="{}">{}</time>').format(f"{day:%Y-%m}", f"{day:%B %Y}")


def supported(workbook: Workbook, outcome: str, estimate: Estimate = DIFFERENCE) -> tuple[Verdict, NumberFormat]:
    """Return what is known of the change of an outcome, and how its numbers are written."""
    row = workbook.row(estimate.table, outcome)
    middle, low, high = (row[c] for c in estimate.columns)
    same = row["share_zero"] == 1 if "share_zero" in row else low == high == 0
    return verdict(low, high, same=same), number_format([middle, low, high], str(row["unit"]), change=True)


def effect(workbook: Workbook, outcome: str, *, interval: bool = True) -> Markup:
    """Return what a policy does to an outcome: ``lower by ...``, with its interval."""
    said, how = supported(workbook, outcome)
    size = workbook.sized(DIFFERENCE.table, outcome, DIFFERENCE.middle, how, size=True)
    if said == SAME:
        return Markup(SAME)
    if said == ONE_RUN:
        return Markup("differs by {} in the one pair of runs, too few to say more").format(size)
    words = Markup(said) if said == UNCLEAR else Markup("{} by {}").format(said, size)
    if not interval:
        return words
    return Markup("{} ({})").format(words, bounds(workbook, (DIFFERENCE.table, outcome), DIFFERENCE.ends, said, how))


def bounds(workbook: Workbook, place: tuple[str, str], ends: Sequence[str], said: Verdict, how: NumberFormat) -> Markup:
    """Return the interval of a difference: sizes where its side is clear, else with signs."""
    if said not in SIDED:
        return workbook.interval(*place, ends, how) + SPANS_ZERO
    return workbook.interval(*place, ends if said == HIGHER else ends[::-1], how, size=True)


def clause(workbook: Workbook, outcome: str, *, interval: bool = True) -> Markup:
    """Return what a policy does to an outcome, as the end of a sentence that begins with it."""
    said = supported(workbook, outcome)[0]
    verb = {UNCLEAR: "shows ", ONE_RUN: ""}.get(said, "is ")
    return Markup("{}{}").format(verb, effect(workbook, outcome, interval=interval))


def clauses(workbook: Workbook, donors: Mapping[str, str]) -> list[Markup]:
    """Return what a policy does to alignment with each donor, without intervals."""
    text = Markup("alignment with {} {}").format
    return [text(the(d), clause(workbook, f"alignment_{code}", interval=False)) for code, d in donors.items()]


def towards(workbook: Workbook, donors: Mapping[str, str], cell: tuple[str, str, str]) -> str:
    """Return the donor a difference points to: the first above zero, the second below."""
    first, second = pair(donors)
    return first if float(workbook.cell(*cell)) > 0 else second


def compared(workbook: Workbook, donors: Mapping[str, str], outcome: str, names: tuple[str, str], last: date) -> Markup:
    """Return the answer of a comparison, with the interval that chance leaves."""
    variant, base = (name(text) for text in names)
    if len(donors) < 2:
        (only,) = donors.values()
        text = "Compared with {}, with {} alignment with {} {} by {}, on a scale from zero to one."
        return Markup(text).format(base, variant, the(only), clause(workbook, outcome), month(last))
    said, how = supported(workbook, outcome)
    size = workbook.sized(DIFFERENCE.table, outcome, DIFFERENCE.middle, how, size=True)
    between = bounds(workbook, (DIFFERENCE.table, outcome), DIFFERENCE.ends, said, how)
    to = towards(workbook, donors, (DIFFERENCE.table, outcome, DIFFERENCE.middle))
    texts: dict[str, Callable[[], Markup]] = {
        SAME: lambda: Markup("changes nothing, in any run, about whom states stand closer to"),
        ONE_RUN: lambda: Markup(
            "shifts the average state by {} towards {} in the one pair of runs, too few to say more"
        ).format(size, to),
        UNCLEAR: lambda: Markup("makes no clear difference to whether states move towards {} or {} ({})").format(
            *pair(donors), between
        ),
    }
    moved = texts.get(said, lambda: Markup("shifts the average state towards {} by {} ({})").format(to, size, between))
    return Markup("Compared with {}, {} {} by {}, on a scale from zero to one: {}.").format(
        base, variant, moved(), month(last), listed(clauses(workbook, donors))
    )


def movers(workbook: Workbook, donors: Mapping[str, str]) -> list[Markup]:
    """Return how many states move which way, and which moves most."""
    first, second = pair(donors)
    states, up, down, rest = (workbook.count(k) for k in ("states", "up", "down", "rest"))
    text = "Of {} states, {} {} clearly towards {} and {} towards {}; for {} the direction differs between runs."
    verb = noun(workbook.value("up"), "moves", "move")
    said = Markup(text).format(states, up, verb, first, down, second, rest)
    return [said, _largest(workbook, donors, f"difference/{workbook.cell('counts', 'largest', 'first')}")]


def _largest(workbook: Workbook, donors: Mapping[str, str], row: str) -> Markup:
    cells = workbook.row("movers", row)
    how = number_format([cells["mean"], cells["low"], cells["high"]], "0-1")
    if verdict(cells["low"], cells["high"]) in SIDED:
        text = "The largest mean move is that of {}, {} towards {} (nine in ten runs: {})."
    else:
        text = (
            "The largest mean move is that of {}, {} towards {}, but its direction differs between "
            f"runs (nine in ten runs: {{}}{SPANS_ZERO})."
        )
    size = workbook.number("movers", row, "mean", how, size=True)
    to = towards(workbook, donors, ("movers", row, "mean"))
    return Markup(text).format(the(cells["name"]), size, to, workbook.span("movers", row, RUNS, how))


def over_time(workbook: Workbook, donors: Mapping[str, str], months: Sequence[date]) -> list[Markup]:
    """Return from which month on runs agree on the direction, a sentence a donor."""
    return [_since(workbook, code, the(donor), months) for code, donor in donors.items()]


def _since(workbook: Workbook, code: str, donor: str, months: Sequence[date]) -> Markup:
    rows = [workbook.row("monthly", f"{code}/{day}") for day in months]
    sides = [verdict(row["low"], row["high"]) for row in rows]
    if sides[-1] not in SIDED:
        return Markup("For alignment with {}, runs do not agree on the direction in the last month.").format(donor)
    start = len(sides)
    while start and sides[start - 1] == sides[-1]:
        start -= 1
    row = f"{code}/{months[-1]}"
    how = number_format([rows[-1][c] for c in ("median", *RUNS)], "0-1")
    return Markup(
        "From {} on, at least nine in ten runs agree that alignment with {} is {}; in {} the "
        "middle run differs by {} (nine in ten runs: {})."
    ).format(
        month(months[start]),
        donor,
        sides[-1],
        month(months[-1]),
        workbook.number("monthly", row, "median", how, size=True),
        workbook.span("monthly", row, RUNS, how),
    )


def reasons(workbook: Workbook, code: str, donor: str, state: str, *, paired: bool) -> Markup:
    """Return the largest terms of a state's change of alignment with a donor, in words."""
    column, topic = "difference" if paired else "value", f"alignment since the start/{code}/"
    keys = [key for key in workbook.sheets["terms"].rows if key.startswith(topic)]
    values = pd.Series({key.removeprefix(topic): float(workbook.cell("terms", key, column)) for key in keys})
    total = float(values["total"])
    how = NumberFormat(places=max(3, number_format([total], "0-1").places))
    chosen = largest(values, 0.5 * 10**-how.places)
    if not chosen:
        what = "no term differs between the two" if paired else "no term counts"
        return Markup("Towards {}: {}.").format(the(donor), what)
    why = [
        Markup("{} {} from {}").format(
            workbook.number("terms", topic + term, column, how, size=True),
            "more" if values[term] > 0 else "less",
            term_phrase(term),
        )
        for term in chosen
    ]
    size = workbook.number("terms", f"{topic}total", column, how, size=True)
    nearer, than = ("closer to", "than without the change") if paired else ("nearer", "than it began")
    side = nearer if total > 0 else "further from"
    return Markup("{} ends {} {} {} {}, on average: {}.").format(
        capital(the(state)), size, side, the(donor), than, listed(why)
    )


def cost_sentences(workbook: Workbook, rows: Sequence[str]) -> list[Markup]:
    """Return what costs change, a sentence an outcome."""
    return [
        Markup("{}: {}.").format(titled(str(workbook.cell(DIFFERENCE.table, row, "name"))), effect(workbook, row))
        for row in rows
    ]


def backfill(workbook: Workbook, donors: Mapping[str, str]) -> list[Markup]:
    """Return how far rivals make up for help denied, where that has bounds."""
    said = []
    for key in workbook.sheets["backfill"].rows:
        row = workbook.row("backfill", key)
        if math.isnan(row["ratio"]) or math.isnan(row["low"]):
            continue
        how = number_format([row["ratio"], row["low"], row["high"]], "")
        said.append(
            Markup("For each officer {} denies, {} trains {} more ({}{}).").format(
                the(donors[row["donor"]]),
                the(donors[row["rival"]]),
                workbook.number("backfill", key, "ratio", how, sign=True),
                workbook.interval("backfill", key, RUNS, how),
                SPANS_ZERO if row["low"] <= 0 <= row["high"] else "",
            )
        )
    return said
