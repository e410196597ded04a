"""Parts of a sweep's page where policies are ranked over worlds."""

from typing import TYPE_CHECKING

import pandas as pd
from markupsafe import Markup

from hedgerow.figures import style
from hedgerow.figures.numerals import clear, the
from hedgerow.report.brief import boxes, charts, drivers, pictures
from hedgerow.report.brief.book import COUNT, Look, around, look, number_words
from hedgerow.report.brief.page import Column, Part, Picture, Shown
from hedgerow.report.brief.sentences import ALONE, DOWN, SAME, UP, level, name, titled, towards, verdict
from hedgerow.runs.summary import label

if TYPE_CHECKING:
    from hedgerow.report.brief.swept import Told

NO_COSTS = Markup(
    "Costs and side effects are compared only where the sweep kept them (<code>outcomes</code> of "
    "its study names what is kept) and holds the base itself."
)
MOST = 20
"""Policies that a picture has room for."""
BALANCE = "alignment_shift_difference"
REGION = f"{BALANCE}_in_"
ENDS = ("low", "high")


def signs(told: "Told") -> pd.DataFrame:
    """Return each policy against the base by the outcome that answers."""
    frame = told.book.kept["signs"].frame
    return frame[frame["outcome"] == told.outcome]


def _best(told: "Told") -> str:
    return str(told.found.tables["regret"].query("outcome == @told.outcome")["policy"].iloc[0])


def counts(told: "Told") -> list[tuple[str, float]]:
    """Return counts of policies that sentences name."""
    if not told.ranked:
        return []
    rows = told.found.tables["signs"].query("outcome == @told.outcome")
    way = _way(told)
    sure = clear(rows)
    better, worse = (int((sure & (s * way * rows["mean"] > 0)).sum()) for s in (1, -1))
    return [
        ("policies", len(rows) + 1),
        ("worlds", float(rows["worlds"].iloc[0])),
        ("better", better),
        ("worse", worse),
        ("unclear", len(rows) - better - worse),
    ]


def _way(told: "Told") -> int:
    from hedgerow.analysis import better

    return better(told.outcome, told.found.side, list(told.donors))


def change(told: "Told", policy: str, outcome: str | None = None) -> Markup:
    """Return how a policy differs from the base in an outcome, with its interval."""
    one = outcome or told.outcome
    key, book = f"{one}/{policy}", told.book
    row, unit = book.row("signs", key), label(one, told.donors)[1]
    how = look([row["mean"], row["low"], row["high"]], unit, change=True)
    size = around(how, book.number("signs", key, "mean", how, size=True))
    said = verdict(row["low"], row["high"], always_zero=row["share_same"] == 1)
    if said == SAME:
        return Markup("the same in every world")
    if said == ALONE:
        return Markup("a difference of {}, from too few worlds to say more").format(size)
    if said not in (UP, DOWN):
        between = book.span("signs", key, "low", "high", how)
        text = "no clear difference ({} interval {}, which includes zero)"
        return Markup(text).format(level(book), between)
    between = book.span("signs", key, *(ENDS if said == UP else ENDS[::-1]), how, size=True)
    moved = Markup("{} by {}").format(said, size)
    if one.startswith(BALANCE) and len(told.donors) > 1:
        moved = Markup("{} towards {}").format(size, towards(book, told.donors, ("signs", key, "mean")))
    return Markup("{} ({} interval {})").format(moved, level(book), between)


def answer(told: "Told") -> list[Markup]:
    """Return which policy does best, and how sure its place is."""
    book, best = told.book, _best(told)
    base = str(signs(told)["base"].iloc[0])
    side = the(told.donors[told.found.side])
    rows = book.kept["regret"].frame
    share = book.plain("ranks", f"{best}/1", "share", "share")
    text = "Of {} policies, {} does best for {} on average, and is best in {} of {} worlds"
    head = Markup(text).format(
        book.plain("counts", "policies", "value", COUNT),
        name(told.title(best)),
        side,
        share,
        book.plain("counts", "worlds", "value", COUNT),
    )
    if best == base:
        first = Markup("{}; it is the base that the others are compared with.").format(head)
    else:
        first = Markup("{}; compared with {}, the {}: {}.").format(
            head, name(told.title(base)), _what(told), change(told, best)
        )
    return [first, _sure(told, rows), *boxes.weakness(told, best)]


def _sure(told: "Told", rows: pd.DataFrame) -> Markup:
    """Say whether the lead is sure, and how the rest stand to the base."""
    book, second = told.book, str(rows["policy"].iloc[1])
    lead = bool(rows["high"].iloc[0] < rows["low"].iloc[1])
    ahead = (
        "Its lead over the next, {}, is clear"
        if lead
        else "Its lead over the next, {}, is not clear, for their intervals overlap"
    )
    numbers = [book.plain("counts", k, "value", COUNT) for k in ("better", "worse", "unclear")]
    tail = "in all, {} {} clearly better than {}, {} clearly worse, and {} neither."
    text = Markup(f"{ahead}; {tail}")
    verb = number_words(int(book.cell("counts", "better", "value")), "does", "do")
    base = name(told.title(str(signs(told)["base"].iloc[0])))
    return text.format(name(told.title(second)), numbers[0], verb, base, *numbers[1:])


def first(told: "Told") -> Picture:
    """Return every policy against the base."""
    rows = signs(told)
    rows = rows if _way(told) < 0 else rows.iloc[::-1]
    good, bad = _inks(told)
    drawn = [
        (
            r["title"],
            r["mean"],
            r["low"],
            r["high"],
            (good if _way(told) * r["mean"] > 0 else bad) if sure else pictures.UNCLEAR_INK,
        )
        for r, sure in zip(rows.to_dict(orient="records"), clear(rows), strict=True)
    ][:MOST]
    best, worst = drawn[0][0], drawn[-1][0]
    ends = ("less", "more")
    if _balance(told):
        pair = [the(d) for d in list(told.donors.values())[:2]]
        ends = (f"towards {pair[1]}", f"towards {pair[0]}")
    once = ", under the one draw of chance that all share" if told.found.replications < 2 else ""
    return pictures.intervals(
        drawn,
        axis=f"Difference from the base in {told.spoken} ({told.unit or 'no unit'})",
        ends=ends,
        table="signs",
        alt=f"Each policy’s difference from the base in {told.spoken}, best first: from {best} to "
        f"{worst}. The table under Who does best has the numbers.",
        caption="Dots: mean over worlds, each a draw of everything the study varies. Bars: 90% "
        f"interval of that mean{once}. Grey: no clear difference.",
    )


def _inks(told: "Told") -> tuple[str, str]:
    """Return the colours of what is better and worse: of the donor whose side is taken, and not."""
    codes, side = list(told.donors), told.found.side
    other = next((code for code in codes if code != side), "")
    mine = pictures.colour(side, codes.index(side))
    return mine, pictures.colour(other, codes.index(other)) if other else style.MUTED


def _what(told: "Told") -> str:
    """Return what differs: for the balance of two donors, where the average state moves."""
    return "average state moves" if _balance(told) else told.spoken


def _balance(told: "Told") -> bool:
    return told.outcome.startswith(BALANCE) and len(told.donors) > 1


def parts(told: "Told") -> list[Part]:
    """Return the parts of a page that ranks policies."""
    made = [_best_part(told)]
    if any(o.startswith(REGION) for o in told.book.kept["signs"].frame["outcome"].unique()):
        made.append(_regions(told))
    made.append(_elsewhere(told))
    return [*made, drivers.depends(told), _costs(told)]


def _best_part(told: "Told") -> Part:
    rows = signs(told)
    rows = rows if _way(told) < 0 else rows.iloc[::-1]
    values = rows[["mean", "low", "high"]].to_numpy(float)
    how = look([float(values[0, 0]), *values[:, 0].tolist()], told.unit, change=True)
    how = Look(how.scale, max(how.places, 4 if told.unit == "0-1" else 0), how.before, how.after)
    percent = Look(scale=100.0)
    unit = f" ({how.words})" if how.words else ""
    shown = Shown(
        "signs",
        f"Each policy’s difference from the base in {told.spoken}{unit}",
        (
            Column("title", "Policy"),
            Column("mean", "Mean", how, sign=True),
            Column("low", "90% interval, low", how, sign=True),
            Column("high", "high", how, sign=True),
            Column("q05", "One world in twenty is below", how, sign=True),
            Column("q95", "One in twenty is above", how, sign=True),
            Column("share_below", "Worlds below zero, %", percent),
        ),
        sortable=True,
        rows=rows,
    )
    said = [
        Markup("{}: {}.").format(name(row["title"]), change(told, row["policy"]))
        for row in pd.concat([rows.head(2), rows.tail(1)]).drop_duplicates("policy").to_dict(orient="records")
    ]
    note = Markup(
        "The first interval is of the mean over worlds. Single worlds differ more, as the next two "
        "columns say: a policy may do well on average and badly in some."
    )
    opening = Markup("Compared with the base, the {} of the best two and the last:").format(told.spoken)
    return Part(
        "who", "Who does best", [opening], [*charts.threshold(told), *charts.ranks(told)], [shown], said, [note]
    )


def _regions(told: "Told") -> Part:
    best, book = _best(told), told.book
    frame = book.kept["signs"].frame
    rows = frame[frame["outcome"].str.startswith(REGION) & (frame["policy"] == best)]
    if rows.empty:
        return Part("regions", "Who moves", [Markup("The best policy is the base itself.")])
    said = [
        Markup("{}: {}.").format(o.removeprefix(REGION).capitalize(), change(told, best, o)) for o in rows["outcome"]
    ]
    opening = Markup("With {}, against the base, the average state of each region moves:").format(
        name(told.title(best))
    )
    return Part("regions", "Who moves", [opening], listed=said)


def _elsewhere(told: "Told") -> Part:
    base = str(signs(told)["base"].iloc[0])
    best = _best(told)
    other = best if best != base else str(signs(told)["policy"].iloc[0])
    if other not in told.found.manifest["resolved"]:
        other = next(iter(told.found.manifest["resolved"]))
    text = Markup(
        "A sweep keeps outcomes at the end, not single states, months or terms. For those: "
        "<code>hedgerow report {} --versus {}</code>."
    ).format(other, base)
    return Part("time", "Over time, and why", [text])


def _costs(told: "Told") -> Part:
    best, book = _best(told), told.book
    frame = book.kept["signs"].frame
    others = frame[(frame["outcome"] != told.outcome) & ~frame["outcome"].str.startswith(REGION)]
    if others.empty:
        return Part("costs", "What it costs", [NO_COSTS])
    mine = others[others["policy"] == best]
    said = [Markup("{}: {}.").format(titled(label(o, told.donors)[0]), change(told, best, o)) for o in mine["outcome"]]
    opening = Markup("With {}, against the base, means over worlds:").format(name(told.title(best)))
    looks, rows = [], others.assign(what=[titled(label(o, told.donors)[0]) for o in others["outcome"]])
    most = rows.groupby("outcome")["mean"].agg(lambda mean: mean.abs().max())
    for row in rows.to_dict(orient="records"):
        unit, beside = label(row["outcome"], told.donors)[1], float(most[row["outcome"]])
        looks.append(look([row["mean"], row["low"], row["high"]], unit, change=True, beside=beside))
    shown = Shown(
        "signs",
        "Costs and side effects of every policy, difference from the base",
        (
            Column("title", "Policy"),
            Column("what", "Outcome"),
            Column("in_", "Unit"),
            Column("mean", "Mean", sign=True),
            Column("low", "90% interval, low", sign=True),
            Column("high", "high", sign=True),
        ),
        sortable=True,
        rows=rows.assign(in_=[h.words for h in looks]),
        looks=tuple(looks),
    )
    drawn = charts.front(told)
    return Part("costs", "What it costs", [opening] if said else [], drawn, [shown], said)
