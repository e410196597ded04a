"""Sentences on one scenario by itself: what changes from its start to its end, over all runs."""

from collections.abc import Mapping
from datetime import date

from markupsafe import Markup

from hedgerow.disk.plain import command
from hedgerow.report.brief.doubts import leaning
from hedgerow.report.brief.sentences import CHANGE, RUNS, month, name, supported
from hedgerow.report.brief.workbook import Workbook
from hedgerow.wording.names import listed, the, titled
from hedgerow.wording.numbers import number_format
from hedgerow.wording.verdicts import HIGHER, ONE_RUN, SAME, SIDED, pair


def _clause(workbook: Workbook, outcome: str) -> Markup:
    """Return how an outcome changes, as the end of a sentence that begins with it."""
    said, how = supported(workbook, outcome, CHANGE)
    size = workbook.sized(CHANGE.table, outcome, CHANGE.middle, how, size=True)
    between = workbook.span(CHANGE.table, outcome, CHANGE.ends, how)
    if said == SAME:
        return Markup("stays as it was in nearly every run")
    if said == ONE_RUN:
        return Markup("changes by {} in the one run, too few to say more").format(size)
    if said in SIDED:
        verb = "rises" if said == HIGHER else "falls"
        return Markup("{} by {} (nine in ten runs: {})").format(verb, size, between)
    return Markup("rises in some runs and falls in others (nine in ten runs: {})").format(between)


def answer(workbook: Workbook, donors: Mapping[str, str], title: str, last: date) -> Markup:
    """Return the answer of a scenario: how alignment with each donor changes."""
    text = Markup("alignment with {} {}").format
    each = [text(the(donor), _clause(workbook, f"alignment_shift_{code}")) for code, donor in donors.items()]
    whole = "In {}, by {} and averaged over all states, {}, on a scale from zero to one."
    return Markup(whole).format(name(title), month(last), listed(each))


def balance(workbook: Workbook, donors: Mapping[str, str], outcome: str) -> Markup:
    """Return whom the balance moves towards, and what becomes of that under other assumptions."""
    said = supported(workbook, outcome, CHANGE)[0]
    if len(donors) < 2:
        return leaning(workbook, donors, said)
    first, second = pair(donors)
    if said in SIDED:
        text = "At least nineteen runs of twenty move the balance towards {}"
        head = Markup(text).format(first if said == HIGHER else second)
    elif said == ONE_RUN:
        head = Markup("One run does not show whom the balance moves towards")
    elif said == SAME:
        head = Markup("The balance stays as it was in nearly every run")
    else:
        text = "Runs differ on whether the balance moves towards {} or {}"
        head = Markup(text).format(first, second)
    return leaning(workbook, donors, said, head)


def comparison_needed(scenario: str, base: str) -> Markup:
    """Return what one scenario by itself cannot show, and how to see it."""
    text = "One scenario by itself does not show what its policy changes. For that: <code>{}</code>."
    return Markup(text).format(command("report", scenario, versus=base))


def final_alignment(workbook: Workbook, donors: Mapping[str, str], last: date) -> list[Markup]:
    """Return where alignment stands at the end, a sentence a donor."""
    said = []
    for code, donor in donors.items():
        key = f"{code}/{last}"
        how = number_format([workbook.cell("monthly", key, c) for c in CHANGE.columns], "0-1")
        text = Markup("In {}, mean alignment with {} is {} in the middle run (nine in ten runs: {}).")
        middle = workbook.number("monthly", key, CHANGE.middle, how)
        said.append(text.format(month(last), the(donor), middle, workbook.span("monthly", key, RUNS, how, sign=False)))
    return said


def middle_run(workbook: Workbook, outcome: str) -> Markup:
    """Return an outcome with its interval over runs, in a sentence."""
    row = workbook.row(CHANGE.table, outcome)
    how = number_format([row[c] for c in CHANGE.columns], str(row["unit"]))
    middle = workbook.sized(CHANGE.table, outcome, CHANGE.middle, how)
    ends = (workbook.number(CHANGE.table, outcome, end, how) for end in RUNS)
    text = Markup("{}: {} in the middle run (nine in ten runs: {} to {}).")
    return text.format(titled(str(row["name"])), middle, *ends)
