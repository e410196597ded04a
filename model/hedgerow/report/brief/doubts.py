"""Sentences on what an answer leans on: what becomes of it when its assumptions move."""

from collections.abc import Mapping

from markupsafe import Markup

from hedgerow.report.brief.sentences import name, towards
from hedgerow.report.brief.workbook import Workbook
from hedgerow.wording.numbers import NumberFormat, number_format, setting_format
from hedgerow.wording.verdicts import SIDED, Verdict

EXTREMES = ("lowest", "highest")


def held(workbook: Workbook) -> Markup:
    """Return what the interval of an answer holds: chance, and parameters where they are drawn."""
    if workbook.value("drawn", "method") == 0:
        return Markup("That interval holds chance alone")
    text = "That interval holds chance, and {} numbers as far as the calibration leaves them open"
    return Markup(text).format(workbook.count("drawn", "method"))


def leaning(workbook: Workbook, donors: Mapping[str, str], said: Verdict, head: Markup | None = None) -> Markup:
    """Return what becomes of an answer when its key assumptions are moved, one at a time."""
    head = head or held(workbook)
    if not workbook.has("counts", "assumptions"):
        text = "{}; the model’s assumptions were not varied for this page, and may matter more."
        return Markup(text).format(head)
    ends = [workbook.value(k) for k in EXTREMES]
    how = number_format([max(ends, key=abs), *ends], "0-1")
    lowest, highest = (pointed(workbook, donors, ("counts", k, "value"), how) for k in EXTREMES)
    text = "{}; with {} key assumptions moved to the ends of their ranges, one at a time, the mean runs from {} to {}{}."
    return Markup(text).format(head, workbook.count("assumptions"), lowest, highest, _direction(workbook, said))


def _direction(workbook: Workbook, said: Verdict) -> Markup:
    """Return whether an answer keeps its direction when its assumptions move."""
    if said not in SIDED or not workbook.has("counts", "turned"):
        return Markup("")
    if workbook.value("turned"):
        first = str(workbook.cell("counts", "turned", "first"))
        return Markup(", and its direction turns round with {} of them, above all {}").format(
            workbook.count("turned"), name(str(workbook.cell("assumptions", first, "words")))
        )
    if workbook.value("faded"):
        return Markup(", and its direction is no longer clear with {} of them").format(workbook.count("faded"))
    return Markup(", and its direction stays the same")


def pointed(workbook: Workbook, donors: Mapping[str, str], cell: tuple[str, str, str], how: NumberFormat) -> Markup:
    """Return a shift with the donor it points to, such as ``0.01 towards China``."""
    if len(donors) < 2:
        return workbook.number(*cell, how, sign=True)
    size = workbook.number(*cell, how, size=True)
    return Markup("{} towards {}").format(size, towards(workbook, donors, cell))


def swings(workbook: Workbook, donors: Mapping[str, str], most: int = 3) -> list[Markup]:
    """Return what the answer is at the ends of the assumptions it swings most with."""
    said = []
    for row in workbook.frame("assumptions").head(most).to_dict(orient="records"):
        key = row["factor"]
        how = number_format([max(row["at_low"], row["at_high"], key=abs)], "0-1")
        low, high = (pointed(workbook, donors, ("assumptions", key, c), how) for c in ("at_low", "at_high"))
        own, top = (workbook.number("assumptions", key, end, setting_format(row[end])) for end in ("low", "high"))
        text = Markup("{}: the mean is {} at the low end of its range ({}), {} at the high end ({}).")
        said.append(text.format(name(row["words"]), low, own, high, top))
    return said
