"""Sections of a sweep's page where policies are ranked over worlds."""

import pandas as pd
from markupsafe import Markup

from hedgerow.disk.plain import command
from hedgerow.figures import style
from hedgerow.report.brief import boxes, charts, drivers, pictures
from hedgerow.report.brief.findings import SweepFindings
from hedgerow.report.brief.page import Column, Picture, Section, TableView, interval_columns
from hedgerow.report.brief.sentences import RUNS, bounds, towards
from hedgerow.runs.summary import label
from hedgerow.wording.names import DIFFERENCE, noun, the, titled
from hedgerow.wording.numbers import NumberFormat, number_format
from hedgerow.wording.verdicts import ONE_RUN, SAME, SIDED, clear, leads, pair, verdict

NO_COSTS = Markup(
    "Costs and side effects are compared only where the sweep kept them (<code>outcomes</code> of "
    "its study names what is kept) and holds the base itself."
)
MOST_DRAWN = 20
"""Policies that a picture has room for."""
REGION = f"{DIFFERENCE}_in_"
ENDS = ("mean", *RUNS)


def policy_counts(findings: SweepFindings) -> list[tuple[str, float]]:
    """Return counts of policies that sentences name."""
    if not findings.ranked:
        return []
    rows = findings.found.tables["signs"].query("outcome == @findings.outcome")
    sure = clear(rows)
    better, worse = (int((sure & (s * findings.better * rows["mean"] > 0)).sum()) for s in (1, -1))
    return [
        ("policies", len(rows) + 1),
        ("worlds", float(rows["worlds"].iloc[0])),
        ("better", better),
        ("worse", worse),
        ("unclear", len(rows) - better - worse),
    ]


def change(findings: SweepFindings, policy: str, outcome: str | None = None) -> Markup:
    """Return how a policy differs from the base in an outcome, with its interval."""
    one = outcome or findings.outcome
    place, workbook = ("signs", f"{one}/{policy}"), findings.workbook
    row, unit = workbook.row(*place), label(one, findings.donors)[1]
    how = number_format([row[c] for c in ENDS], unit, change=True)
    size = workbook.sized(*place, "mean", how, size=True)
    said = verdict(row["low"], row["high"], same=row["share_same"] == 1)
    if said == SAME:
        return Markup("the same in every world")
    if said == ONE_RUN:
        return Markup("a difference of {}, from too few worlds to say more").format(size)
    moved = Markup("{} by {}").format(said, size) if said in SIDED else Markup(said)
    if said in SIDED and one.startswith(DIFFERENCE) and len(findings.donors) > 1:
        moved = Markup("{} towards {}").format(size, towards(workbook, findings.donors, (*place, "mean")))
    return Markup("{} ({})").format(moved, bounds(workbook, place, RUNS, said, how))


def answer(findings: SweepFindings) -> list[Markup]:
    """Return which policy does best, and how sure its place is."""
    workbook, best, base = findings.workbook, findings.best, findings.base
    text = "Of {} policies, {} does best for {} on average, and is best in {} of {} worlds"
    head = Markup(text).format(
        workbook.count("policies"),
        findings.called(best),
        the(findings.donors[findings.found.side]),
        workbook.quantity("ranks", f"{best}/1", "share", "share"),
        workbook.count("worlds"),
    )
    if best == base:
        first = Markup("{}; it is the base that the others are compared with.").format(head)
    else:
        what = "average state moves" if findings.balance else findings.outcome_name
        first = Markup("{}; compared with {}, the {}: {}.").format(head, findings.called(base), what, change(findings, best))
    return [first, _lead(findings), *boxes.weakness(findings, best)]


def _lead(findings: SweepFindings) -> Markup:
    """Say whether the lead is sure, and how the rest stand to the base."""
    workbook = findings.workbook
    rows = workbook.frame("regret")
    ahead = "is clear" if leads(rows) else "is not clear, for their intervals overlap"
    text = f"Its lead over the next, {{}}, {ahead}; in all, {{}} {{}} clearly better than {{}}, {{}} clearly worse, and "
    better, worse, unclear = (workbook.count(k) for k in ("better", "worse", "unclear"))
    verb = noun(workbook.value("better"), "does", "do")
    return Markup(text + "{} neither.").format(
        findings.called(str(rows["policy"].iloc[1])), better, verb, findings.called(findings.base), worse, unclear
    )


def first_picture(findings: SweepFindings) -> Picture:
    """Return every policy against the base."""
    rows = findings.against_base()
    good, bad = _inks(findings)
    drawn = [
        (
            r["title"],
            *(r[c] for c in ENDS),
            (good if findings.better * r["mean"] > 0 else bad) if sure else pictures.UNCLEAR_INK,
        )
        for r, sure in zip(rows.to_dict(orient="records"), clear(rows), strict=True)
    ][:MOST_DRAWN]
    ends = ("less", "more")
    if findings.balance:
        one, two = pair(findings.donors)
        ends = (f"towards {two}", f"towards {one}")
    once = ", under the one draw of chance that all share" if findings.found.replications < 2 else ""
    return pictures.intervals(
        drawn,
        axis=f"Difference from the base in {findings.measured}",
        ends=ends,
        table="signs",
        alt=f"Each policy’s difference from the base in {findings.outcome_name}, best first: from {drawn[0][0]} to "
        f"{drawn[-1][0]}. The table under Who does best has the numbers.",
        caption="Dots: mean over worlds, each a draw of everything the study varies. Bars: 90% "
        f"interval of that mean{once}. Grey: no clear difference.",
    )


def _inks(findings: SweepFindings) -> tuple[str, str]:
    """Return the colours of what is better and worse: of the donor whose side is taken, and not."""
    codes, side = list(findings.donors), findings.found.side
    other = next((code for code in codes if code != side), "")
    mine = pictures.colour(side, codes.index(side))
    return mine, pictures.colour(other, codes.index(other)) if other else style.MUTED


def sections(findings: SweepFindings) -> list[Section]:
    """Return the sections of a page that ranks policies."""
    kept = findings.workbook.frame("signs")["outcome"]
    regions = [_regions(findings)] if kept.str.startswith(REGION).any() else []
    return [_who_does_best(findings), *regions, _elsewhere(findings), drivers.depends(findings), _costs(findings)]


def _who_does_best(findings: SweepFindings) -> Section:
    rows = findings.against_base()
    values = rows[list(ENDS)].to_numpy(float)
    how = number_format([float(values[0, 0]), *values[:, 0].tolist()], findings.unit, change=True)
    how = NumberFormat(how.scale, max(how.places, 4 if findings.unit == "0-1" else 0), how.before, how.after)
    view = TableView(
        "signs",
        f"Each policy’s difference from the base in {findings.outcome_name} ({how.unit})",
        (
            Column("title", "Policy"),
            *interval_columns("Mean", ENDS, how),
            Column("q05", "One world in twenty is below", how, sign=True),
            Column("q95", "One in twenty is above", how, sign=True),
            Column("share_below", "Worlds below zero, %", NumberFormat(scale=100.0)),
        ),
        sortable=True,
        rows=rows,
    )
    some = pd.concat([rows.head(2), rows.tail(1)])["policy"].drop_duplicates()
    items = [Markup("{}: {}.").format(findings.called(policy), change(findings, policy)) for policy in some]
    note = Markup(
        "The first interval is of the mean over worlds. Single worlds differ more, as the next two "
        "columns say: a policy may do well on average and badly in some."
    )
    opening = Markup("Compared with the base, the {} of the best two and the last:").format(findings.outcome_name)
    drawn = [*charts.threshold(findings), *charts.ranks(findings)]
    return Section("who", "Who does best", [opening], drawn, [view], items, [note])


def _regions(findings: SweepFindings) -> Section:
    best, frame = findings.best, findings.workbook.frame("signs")
    rows = frame[frame["outcome"].str.startswith(REGION) & (frame["policy"] == best)]
    if rows.empty:
        return Section("regions", "Who moves", [Markup("The best policy is the base itself.")])
    items = [
        Markup("{}: {}.").format(o.removeprefix(REGION).capitalize(), change(findings, best, o)) for o in rows["outcome"]
    ]
    text = Markup("With {}, against the base, the average state of each region moves:")
    return Section("regions", "Who moves", [text.format(findings.called(best))], items=items)


def _elsewhere(findings: SweepFindings) -> Section:
    base, resolved = findings.base, findings.found.manifest["resolved"]
    other = findings.best if findings.best != base else str(findings.found.tables["signs"]["policy"].iloc[0])
    other = other if other in resolved else next(iter(resolved))
    text = Markup(drivers.ELSEWHERE + "<code>{}</code>.").format(command("report", other, versus=base))
    return Section("time", "Over time, and why", [text])


def _costs(findings: SweepFindings) -> Section:
    best, frame = findings.best, findings.workbook.frame("signs")
    others = frame[(frame["outcome"] != findings.outcome) & ~frame["outcome"].str.startswith(REGION)]
    if others.empty:
        return Section("costs", "What it costs", [NO_COSTS])
    names = {o: titled(label(o, findings.donors)[0]) for o in others["outcome"].unique()}
    mine = others[others["policy"] == best]["outcome"]
    items = [Markup("{}: {}.").format(names[o], change(findings, best, o)) for o in mine]
    opening = Markup("With {}, against the base, means over worlds:").format(findings.called(best))
    most = others.groupby("outcome")["mean"].agg(lambda mean: mean.abs().max())
    formats = tuple(
        number_format(
            [row[c] for c in ENDS],
            label(row["outcome"], findings.donors)[1],
            change=True,
            largest=float(most[row["outcome"]]),
        )
        for row in others.to_dict(orient="records")
    )
    view = TableView(
        "signs",
        "Costs and side effects of every policy, difference from the base",
        (Column("title", "Policy"), Column("what", "Outcome"), Column("in_", "Unit"), *interval_columns("Mean", ENDS)),
        sortable=True,
        rows=others.assign(what=others["outcome"].map(names), in_=[how.unit for how in formats]),
        formats=formats,
    )
    return Section("costs", "What it costs", [opening] if items else [], charts.front(findings), [view], items)
