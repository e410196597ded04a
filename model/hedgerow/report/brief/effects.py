"""Sentences of a sweep's page on how an outcome is spread, and which factor moves it most."""

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from markupsafe import Markup

from hedgerow.analysis.grids import CROSS
from hedgerow.analysis.intervals import of_mean
from hedgerow.report.brief.book import COUNT, around, look
from hedgerow.report.brief.sentences import ALONE, DOWN, UNCLEAR, UP, level, name, verdict

if TYPE_CHECKING:
    from hedgerow.report.brief.swept import Told

ONCE = "each point ran once, so what chance would change is not known"
NO_FACTOR = Markup("No factor of the grid moves it.")


def counts(told: "Told") -> list[tuple[str, float]]:
    """Return how the outcome is spread over points and over chance, for sentences."""
    low, middle, high = np.quantile(told.means, [0.05, 0.5, 0.95])
    runs = told.runs.mean(axis=1)
    ends = of_mean(runs)
    return [
        ("spread_low", low),
        ("spread_middle", middle),
        ("spread_high", high),
        ("mean", float(runs.mean())),
        ("mean_low", float(ends[0])),
        ("mean_high", float(ends[1])),
        ("factors", _factors(told)),
    ]


def _factors(told: "Told") -> int:
    """Return how many factors are told apart by their effect."""
    tables = told.found.tables
    counted = next((tables[t] for t in ("regression", "morris") if t in tables), None)
    return len(told.found.factors) if counted is None else counted["factor"].nunique()


def answer(told: "Told") -> list[Markup]:
    """Return how an outcome is spread over the points, and what moves it most."""
    book = told.book
    ends = [float(book.cell("counts", f"spread_{k}", "value")) for k in ("middle", "low", "high")]
    how = look(ends, told.unit, change=True)
    low, middle, high = (
        book.number("counts", f"spread_{k}", "value", how, sign=True) for k in ("low", "middle", "high")
    )
    text = "Over {} points, the {} lies between {} in nine of ten, in the middle {}; {}."
    first = Markup(text).format(
        book.plain("counts", "points", "value", COUNT),
        told.spoken,
        around(how, Markup("{} and {}").format(low, high)),
        middle,
        _sign(told, ends[1], ends[2]),
    )
    return [first, strongest(told)]


def _sign(told: "Told", low: float, high: float) -> Markup:
    """Return on which side of zero the points lie, as far as chance leaves that sure."""
    book = told.book
    ends = [float(book.cell("counts", f"mean{k}", "value")) for k in ("", "_low", "_high")]
    sides = {UP: "above", DOWN: "below"}
    where = sides.get(verdict(low, high))
    side = f"nineteen points of twenty are {where} zero" if where else ""
    if not side and (told.means < 0).any() and (told.means > 0).any():
        side = "its sign depends on the factors"
    said = verdict(*ends[1:])
    if said == ALONE:
        return Markup(f"{side}; {ONCE}" if side else ONCE)
    how = look(ends, told.unit, change=True)
    mean = Markup("averaged over all points it is {} ({} interval {}").format(
        around(how, book.number("counts", "mean", "value", how, sign=True)),
        level(book),
        around(
            how,
            Markup("{} to {}").format(
                *(book.number("counts", k, "value", how, sign=True) for k in ("mean_low", "mean_high"))
            ),
        ),
    )
    if said == UNCLEAR:
        return Markup("{}, which includes zero), so that chance leaves its sign open").format(mean)
    return Markup("{}); {}").format(mean, side) if side else Markup("{})").format(mean)


def strongest(told: "Told") -> Markup:
    """Return which factor moves the outcome most, and what is known of it."""
    book = told.book
    if "regression" in book.kept:
        return _slope(told, book.row("regression", next(iter(book.kept["regression"].rows))))
    if "morris" in book.kept:
        row = book.kept["morris"].frame.sort_values("mu_star", ascending=False).iloc[0]
        how = look([row["mu_star"]], told.unit, change=True)
        text = (
            "Of {} factors, {} moves it most: by {} in size, on average, from one end of its range "
            "to the other; other factors decide how much."
        )
        number = around(how, book.number("morris", row["factor"], "mu_star", how))
        return Markup(text).format(_count(told), _named(told, str(row["factor"])), number)
    if "effects" in book.kept:
        rows = book.kept["effects"].frame
        row = rows[rows["kind"] != "rest"].sort_values("share", ascending=False).iloc[0]
        if pd.isna(row["share"]):
            return NO_FACTOR
        share = book.plain("effects", str(row["term"]), "share", "share")
        text = "Of {} factors, {} accounts for more than any other: {} of the variance between points{}."
        return Markup(text).format(_count(told), _named(told, str(row["term"])), share, _ends(told, row))
    if "levels" in book.kept:
        return _level(told)
    return Markup("Too few points are done to say which factor moves it.")


def _count(told: "Told") -> Markup:
    return told.book.plain("counts", "factors", "value", COUNT)


def _named(told: "Told", term: str) -> Markup:
    return name(" and ".join(told.factor(path) for path in term.split(CROSS)))


def _ends(told: "Told", row: Any) -> Markup:
    """Return the interval of a share, or why there is none; a share of nothing is luck."""
    if pd.isna(row["low"]):
        return Markup(f" ({ONCE})" if told.found.replications < 2 else ", which may be luck")
    how = look([row["share"], row["low"], row["high"]], "share")
    key = str(row["term"])
    low, high = (told.book.number("effects", key, end, how) for end in ("low", "high"))
    luck = ", so that it may be luck" if row["low"] <= 0 else ""
    return Markup(" ({} interval {} to {}%{})").format(level(told.book), low, high, luck)


def _slope(told: "Told", row: dict[str, Any]) -> Markup:
    book, key = told.book, str(row["factor"])
    how = look([row["coefficient"], row["low"], row["high"]], told.unit, change=True)
    between = book.span("regression", key, "low", "high", how)
    if not row["firm"] or verdict(row["low"], row["high"]) not in (UP, DOWN):
        text = (
            "No one of {} factors moves it clearly; the nearest to doing so is {} (from one end of "
            "its range to the other, {} interval {}), which may be luck."
        )
        return Markup(text).format(_count(told), _named(told, key), level(book), between)
    size = around(how, book.number("regression", key, "coefficient", how, sign=True))
    text = "Of {} factors, {} moves it most: by {} from the low end of its range to the high end ({} interval {})."
    return Markup(text).format(_count(told), _named(told, key), size, level(book), between)


def _level(told: "Told") -> Markup:
    book = told.book
    rows = book.kept["levels"].frame.dropna(subset=["difference"])
    if rows.empty:
        return Markup("The points do not show which factor moves it.")
    row = rows.iloc[int(rows["difference"].abs().to_numpy().argmax())]
    key = f"{row['factor']}/{row['level']}"
    said = verdict(row["difference_low"], row["difference_high"])
    how = look([row["difference"], row["difference_low"], row["difference_high"]], told.unit, change=True)
    size = around(how, book.number("levels", key, "difference", how, sign=True))
    ends = Markup(ONCE)
    if said != ALONE:
        between = book.span("levels", key, "difference_low", "difference_high", how)
        clear_ = ", which includes zero: no clear difference" if said == UNCLEAR else ""
        ends = Markup("{} interval {}{}").format(level(book), between, clear_)
    text = "It moves most with {}: at {}, by {} from the first level ({})."
    return Markup(text).format(_named(told, str(row["factor"])), name(str(row["level"])), size, ends)
