"""Sentences on where what matters is found (PRIM), in plain words."""

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from hedgerow.analysis.phrases import DOES_BETTER, DOES_WORSE
from hedgerow.report.brief.book import Look, exact, listed
from hedgerow.report.brief.sentences import name

if TYPE_CHECKING:
    from hedgerow.report.brief.swept import Told

UNCONFIRMED = Markup("Points not used to find that region do not confirm it, so it may be luck: take it as no finding.")


def regions(told: "Told") -> list[Markup]:
    """Return where what matters is found (PRIM), in plain words, a sentence a box."""
    kept = told.book.kept
    if "boxes" not in kept or "limits" not in kept:
        return []
    return [_region(told, key) for key in kept["boxes"].rows]


def weakness(told: "Told", policy: str) -> list[Markup]:
    """Return where a policy does worse than the base, if that is found and confirmed."""
    kept = told.book.kept
    if "boxes" not in kept or "limits" not in kept:
        return []
    rows = {key: told.book.row("boxes", key) for key in kept["boxes"].rows}
    found = [
        key for key, row in rows.items() if str(row["target"]).startswith(f"{policy}{DOES_WORSE}") and _confirmed(row)
    ]
    return [_region(told, key) for key in found]


def _confirmed(row: dict[str, Any]) -> bool:
    """Say whether points not used to find a region hold more cases than chance would."""
    return bool(row["density_low"] > row["base_rate"])


def _region(told: "Told", key: str) -> Markup:
    book = told.book
    row = book.row("boxes", key)
    spans = [k for k in book.kept["limits"].rows if k.startswith(f"{key}/")]
    where = listed([_limit(told, k) for k in spans])
    percent = {c: book.plain("boxes", key, c, "share") for c in ("density", "base_rate", "coverage")}
    target = next(
        (_compared(told, str(row["target"]), word) for word in (DOES_BETTER, DOES_WORSE) if word in str(row["target"])),
        row["target"],
    )
    text = "Where {}, {} in {} of the worlds, against {} of all; {} of these cases lie there."
    said = Markup(text).format(where, target, *percent.values())
    if _confirmed(row):
        return said
    return Markup("{} {}").format(said, UNCONFIRMED)


def _compared(told: "Told", target: str, word: str) -> Markup:
    return Markup(word).join(name(told.title(part)) for part in target.split(word))


def _limit(told: "Told", key: str) -> Markup:
    book = told.book
    row = book.row("limits", key)
    low, high = (book.number("limits", key, end, _short(row[end])) for end in ("low", "high"))
    what = name(told.factor(str(row["factor"])))
    if row["low"] <= row["range_low"]:
        return Markup("{} is at most {}").format(what, high)
    if row["high"] >= row["range_high"]:
        return Markup("{} is at least {}").format(what, low)
    return Markup("{} lies between {} and {}").format(what, low, high)


def _short(value: float) -> Look:
    return exact(float(f"{value:.3g}"))
