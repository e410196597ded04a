"""Sentences on what an answer leans on: what becomes of it when its assumptions move."""

from collections.abc import Mapping

from markupsafe import Markup

from hedgerow.report.brief.book import COUNT, Book, Look, exact, look
from hedgerow.report.brief.sentences import DOWN, UP, Verdict, name, towards

ENDS = ("lowest", "highest")


def held(book: Book) -> Markup:
    """Return what the interval of an answer holds: chance, and parameters where they are drawn."""
    if book.cell("method", "drawn", "value") == 0:
        return Markup("That interval holds chance alone")
    text = "That interval holds chance, and {} numbers as far as the calibration leaves them open"
    return Markup(text).format(book.plain("method", "drawn", "value", COUNT))


def leaning(book: Book, donors: Mapping[str, str], said: Verdict, head: Markup | None = None) -> Markup:
    """Return what becomes of an answer when its key assumptions are moved, one at a time."""
    head = head or held(book)
    if not book.has("counts", "assumptions"):
        text = "{}; the model’s assumptions were not varied for this page, and may matter more."
        return Markup(text).format(head)
    ends = [float(book.cell("counts", k, "value")) for k in ("lowest", "highest")]
    how = look([max(ends, key=abs), *ends], "0-1")
    lowest, highest = (pointed(book, donors, ("counts", k, "value"), how) for k in ENDS)
    text = (
        "{}; with {} key assumptions moved to the ends of their ranges, one at a time, the mean runs from {} to {}{}."
    )
    number = book.plain("counts", "assumptions", "value", COUNT)
    return Markup(text).format(head, number, lowest, highest, _kept(book, said))


def _kept(book: Book, said: Verdict) -> Markup:
    """Return whether an answer keeps its direction when its assumptions move."""
    if said not in (UP, DOWN) or not book.has("counts", "turned"):
        return Markup("")
    turned, faded = (int(book.cell("counts", k, "value")) for k in ("turned", "faded"))
    if turned:
        first = str(book.cell("counts", "turned", "first"))
        return Markup(", and its direction turns round with {} of them, above all {}").format(
            book.plain("counts", "turned", "value", COUNT), name(str(book.cell("assumptions", first, "words")))
        )
    if faded:
        text = ", and its direction is no longer clear with {} of them"
        return Markup(text).format(book.plain("counts", "faded", "value", COUNT))
    return Markup(", and its direction stays the same")


def pointed(book: Book, donors: Mapping[str, str], cell: tuple[str, str, str], how: Look) -> Markup:
    """Return a shift with the donor it points to, such as ``0.01 towards China``."""
    if len(donors) < 2:
        return book.number(*cell, how, sign=True)
    size = book.number(*cell, how, size=True)
    return Markup("{} towards {}").format(size, towards(book, donors, cell))


def swings(book: Book, donors: Mapping[str, str], most: int = 3) -> list[Markup]:
    """Return what the answer is at the ends of the assumptions it swings most with."""
    frame = book.kept["assumptions"].frame
    said = []
    for row in frame.head(most).to_dict(orient="records"):
        key = row["factor"]
        how = look([max(row["at_low"], row["at_high"], key=abs)], "0-1")
        low, high = (pointed(book, donors, ("assumptions", key, c), how) for c in ("at_low", "at_high"))
        own = book.number("assumptions", key, "low", exact(row["low"]))
        top = book.number("assumptions", key, "high", exact(row["high"]))
        said.append(
            Markup("{}: the mean is {} at the low end of its range ({}), {} at the high end ({}).").format(
                name(row["words"]), low, own, high, top
            )
        )
    return said
