"""Sentences on where what matters is found (PRIM), in plain words."""

from markupsafe import Markup

from hedgerow.analysis.findings import DOES_BETTER, DOES_WORSE
from hedgerow.report.brief.findings import SweepFindings
from hedgerow.report.brief.sentences import name
from hedgerow.wording.names import listed
from hedgerow.wording.numbers import setting_format
from hedgerow.wording.verdicts import confirmed

UNCONFIRMED = Markup("Points not used to find that region do not confirm it, so it may be luck: take it as no finding.")


def regions(findings: SweepFindings) -> list[Markup]:
    """Return where what matters is found (PRIM), in plain words, a sentence a box."""
    return [_region(findings, key) for key in _boxes(findings)]


def weakness(findings: SweepFindings, policy: str) -> list[Markup]:
    """Return where a policy does worse than the base, if that is found and confirmed."""
    rows = {key: findings.workbook.row("boxes", key) for key in _boxes(findings)}
    worse = f"{policy}{DOES_WORSE}"
    return [_region(findings, key) for key, row in rows.items() if str(row["target"]).startswith(worse) and confirmed(row)]


def _boxes(findings: SweepFindings) -> list[str]:
    """Return the boxes that restrict a factor."""
    sheets = findings.workbook.sheets
    limits = list(sheets["limits"].rows) if "limits" in sheets else []
    boxes = sheets["boxes"].rows if "boxes" in sheets else ()
    return [key for key in boxes if any(limit.startswith(f"{key}/") for limit in limits)]


def _region(findings: SweepFindings, key: str) -> Markup:
    workbook = findings.workbook
    row = workbook.row("boxes", key)
    spans = [k for k in workbook.sheets["limits"].rows if k.startswith(f"{key}/")]
    where = listed([_limit(findings, k) for k in spans])
    shares = (workbook.quantity("boxes", key, c, "share") for c in ("density", "base_rate", "coverage"))
    target = str(row["target"])
    word = next((word for word in (DOES_BETTER, DOES_WORSE) if word in target), "")
    if word:
        target = Markup(word).join(findings.called(part) for part in target.split(word))
    text = "Where {}, {} in {} of the worlds, against {} of all; {} of these cases lie there."
    said = Markup(text).format(where, target, *shares)
    return said if confirmed(row) else Markup("{} {}").format(said, UNCONFIRMED)


def _limit(findings: SweepFindings, key: str) -> Markup:
    workbook = findings.workbook
    row = workbook.row("limits", key)
    low, high = (workbook.number("limits", key, end, setting_format(float(f"{row[end]:.3g}"))) for end in ("low", "high"))
    what = name(findings.factor(str(row["factor"])))
    if row["low"] <= row["range_low"]:
        return Markup("{} is at most {}").format(what, high)
    if row["high"] >= row["range_high"]:
        return Markup("{} is at least {}").format(what, low)
    return Markup("{} lies between {} and {}").format(what, low, high)
