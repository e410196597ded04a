"""What the model cannot say, in words for whoever acts on a page."""

from markupsafe import Markup

from hedgerow.report.brief.page import Section
from hedgerow.report.brief.workbook import Workbook

ALWAYS = (
    "It is no forecast of any one state: its votes, leaders, wars or agreements. A state’s path "
    "here is what the assumptions make of it.",
    "It does not show how much alignment help buys. Activity (meetings, officers, packages) is set "
    "to the order of the record; how alignment responds to it is fitted to nothing.",
    "Levels of alignment are ranks of nearness in UN voting at the start. Differences between "
    "scenarios can be read; levels should not be.",
    "The United States’ volume of help is an assumption. Only that China trains a fraction of it has a source.",
    "Other donors only narrow gaps, and have no alignment of their own unless a scenario names them.",
    "Crime and policing are stylised, relative to each state’s own start. They are no guide to operations.",
)
"""After section 9 of the model's description; a change there belongs here too."""


def section(workbook: Workbook, extra: tuple[Markup, ...] = ()) -> Section:
    """Return the part of a page that says what it cannot say."""
    said = Markup(
        "Where the country table had no figure for a state, one was filled in from states like it "
        "({} values in all; <code>hedgerow countries --imputed</code> lists them)."
    ).format(workbook.count("imputed", "method"))
    return Section(
        "limits", "What the model cannot say", items=[*extra, *(Markup("{}").format(text) for text in ALWAYS), said]
    )
