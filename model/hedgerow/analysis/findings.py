"""Headline sentences: what a table supports, with its uncertainty, and no more.

Every number in a sentence comes from the table and is kept beside it. Where an interval spans
zero the sentence says so and the finding is not firm.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from hedgerow.analysis.goals import words
from hedgerow.analysis.grids import CROSS
from hedgerow.analysis.reading import POLICY
from hedgerow.wording.names import capital, listed, several
from hedgerow.wording.numbers import number, setting, share, span, span_of_share
from hedgerow.wording.verdicts import SPANS, bracketed, clear, confirmed, leads

MANY = 3
DOES_BETTER, DOES_WORSE = " does better than ", " does worse than "
"""Between two policies, in the name of what is looked for."""


@dataclass(frozen=True)
class Finding:
    """A sentence and what it rests on.

    Attributes
    ----------
    kind : str
        The table it comes from.
    outcome : str
    text : str
    firm : bool
        False where the interval spans zero, or there is none; the text then says so.
    numbers : dict of str to float
        The numbers in the text, unrounded.
    """

    kind: str
    outcome: str
    text: str
    firm: bool
    numbers: dict[str, float] = field(default_factory=dict)


def finding(kind: str, outcome: str, text: str, firm: bool, numbers: Mapping[str, float]) -> Finding:
    """Return a finding with its numbers as plain floats."""
    return Finding(kind, str(outcome), text, firm, {k: float(v) for k, v in numbers.items()})


def of_regret(regret: pd.DataFrame, ranks: pd.DataFrame, name: str) -> list[Finding]:
    """Say which policy is regretted least, and how often it is best."""
    first, second = regret.iloc[0], regret.iloc[1]
    top = ranks[(ranks[POLICY] == first[POLICY]) & (ranks["rank"] == 1)].iloc[0]
    sure = leads(regret)
    worlds = int(first["worlds"])
    text = (
        f"{first[POLICY]} is regretted least in {name}: on average it stays {number(first['mean'])}"
        f" behind the best policy of each world, at most {number(first['worst'])}; it is best in "
        f"{share(top['share'])} of {worlds} worlds{span_of_share(top['low'], top['high'])}. "
    )
    text += (
        f"Next is {second[POLICY]}, {number(second['mean'])} behind."
        if sure
        else f"Its lead over {second[POLICY]} is not sure: their intervals overlap."
    )
    numbers = {
        "regret": first["mean"],
        "worst": first["worst"],
        "best_share": top["share"],
        "worlds": worlds,
        **({"next": second["mean"]} if sure else {}),
    }
    return [finding("regret", first["outcome"], text, sure, numbers)]


def of_signs(signs: pd.DataFrame, name: str, better: int) -> list[Finding]:
    """Say which policies do better and worse than the base, and which no one can tell."""
    base, outcome = signs["base"].iloc[0], signs["outcome"].iloc[0]
    sure = signs[clear(signs)]
    found = []
    for way, word in ((better, "better"), (-better, "worse")):
        side = sure[np.sign(sure["mean"]) == way]
        if len(side):
            row = side.iloc[int(side["mean"].abs().argmax())]
            found.append(_sign(row, name, word, len(side)))
    unclear = signs.drop(index=sure.index)
    if len(unclear):
        known = unclear["low"].notna().all()
        why = SPANS if known else "there is no interval, or it spans zero"
        text = f"Against {base}, no direction is claimed for {several(unclear[POLICY])}: {why}."
        found.append(finding("signs", outcome, text, False, {}))
    return found


def _sign(row: pd.Series, name: str, word: str, many: int) -> Finding:
    above = row["mean"] > 0
    times = row["share_above"] if above else row["share_below"]
    verb = "raises" if above else "lowers"
    size, ends = abs(row["mean"]), sorted((abs(row["low"]), abs(row["high"])))
    text = (
        f"{row[POLICY]} {verb} {name} by {number(size)} against {row['base']} ({span(*ends)}), "
        f"which is {word}, in {share(times)} of {int(row['worlds'])} worlds"
    )
    text += f"; {many - 1} more do {word}." if many > 1 else "."
    numbers = {"mean": row["mean"], "low": row["low"], "high": row["high"], "share": times}
    return finding("signs", row["outcome"], text, True, numbers)


def of_effects(effects: pd.DataFrame, name: str) -> list[Finding]:
    """Say which factor of a grid causes most, and how much interactions do."""
    if effects["share"].isna().all():
        text = f"No factor of the grid moves {name}."
        return [finding("effects", effects["outcome"].iloc[0], text, False, {})]
    top = effects.iloc[int(effects["share"].argmax())]
    more = float(effects.loc[effects["kind"] != "main", "share"].sum())
    told = _term(top["term"])
    around = span_of_share(top["low"], top["high"]) or " (no interval: it may be luck)"
    text = (
        f"Of what the factors do to {name}, {told} causes {share(top['share'])}{around}; "
        f"interactions cause {share(more)} in all."
    )
    numbers = {"share": top["share"], "interactions": more}
    return [finding("effects", top["outcome"], text, bool(top["low"] > 0), numbers)]


def of_levels(levels: pd.DataFrame, name: str) -> list[Finding]:
    """Say what the factor that moves the outcome most does from its first level to its last."""
    ends = levels.groupby("factor", sort=False).agg({"level": ["first", "last"]})
    last = levels.groupby("factor", sort=False).tail(1)
    row = last.iloc[int(last["difference"].abs().argmax())]
    first = ends.loc[row["factor"]].iloc[0]
    sure = bool(row["difference_low"] > 0 or row["difference_high"] < 0)
    text = (
        f"From {words(row['factor'])} {setting(first)} to {setting(row['level'])}, {name} changes by "
        f"{number(row['difference'])}{bracketed(row['difference_low'], row['difference_high'])}."
    )
    numbers = {"difference": row["difference"], "low": row["difference_low"], "high": row["difference_high"]}
    return [finding("levels", row["outcome"], text, sure, numbers)]


def of_regression(table: pd.DataFrame, name: str, points: int) -> list[Finding]:
    """Say which sampled factors move an outcome, as far as luck can be ruled out."""
    outcome, tried = table["outcome"].iloc[0], len(table)
    sure = table[table["firm"]]
    how = "one at a time" if bool(table["alone"].iloc[0]) else "together"
    if sure.empty:
        text = (
            f"None of {tried} factors moves {name} more than luck would at {points} points: for "
            f"the strongest, {words(table['factor'].iloc[0])}, "
            f"the effect is {number(table['coefficient'].iloc[0])}"
            f"{bracketed(table['low'].iloc[0], table['high'].iloc[0])}, one of {tried} tried."
        )
        return [finding("regression", outcome, text, False, {})]
    told = [
        f"{words(r['factor'])} ({number(r['coefficient'])}, {span(r['low'], r['high'])})"
        for _, r in sure.head(MANY).iterrows()
    ]
    verb = "s" if len(sure) == 1 else ""
    text = (
        f"{len(sure)} of {tried} factors, fitted {how} to {points} points, move{verb} {name} more "
        f"than luck would; over their whole range: {listed(told)}."
    )
    numbers = {f"coefficient {r['factor']}": r["coefficient"] for _, r in sure.head(MANY).iterrows()}
    return [finding("regression", outcome, text, True, {**numbers, "firm": len(sure)})]


def of_sobol(table: pd.DataFrame, name: str) -> list[Finding]:
    """Say which factor causes most of the variance."""
    row = table.iloc[0]
    key, how = ("total", "with its interactions") if not np.isnan(row["total"]) else ("first", "by itself")
    value, low, high = row[key], row[f"{key}_low"], row[f"{key}_high"]
    if np.isnan(value):
        text = f"{capital(name)} does not vary, or points are too few for indices."
        return [finding("sobol", row["outcome"], text, False, {})]
    sure = bool(low > 0)
    text = (
        f"{words(row['factor'])} causes {share(value)} of the variance of {name} between points "
        f"{how} (90% interval {share(max(low, 0))} to {share(min(high, 1))}; {row['estimator']})."
    )
    unclear = table[table[f"{key}_low"] <= 0]["factor"]
    if len(unclear):
        text += f" For {several(map(words, unclear))} {SPANS}."
    return [finding("sobol", row["outcome"], text, sure, {key: value, "low": low, "high": high})]


def of_morris(table: pd.DataFrame, name: str) -> list[Finding]:
    """Say which factors move an outcome most, one at a time."""
    total = float(table["mu_star"].sum())
    top = table.head(MANY)
    told = [f"{words(r['factor'])} ({number(r['mu_star'])}, {_way(r)})" for _, r in top.iterrows()]
    idle = int((table["mu_star"] == 0).sum())
    ten = float(table["mu_star"].head(10).sum()) / total if total else float("nan")
    text = (
        f"Over their whole ranges, {listed(told)} move {name} most; ten of {len(table)} factors "
        f"hold {share(ten)} of all effects, {idle} have none. {int(table['trajectories'].iloc[0])} "
        "trajectories give a rough order."
    )
    sure = bool(top["mu_star_low"].iloc[0] > 0)
    numbers = {f"mu_star {r['factor']}": r["mu_star"] for _, r in top.iterrows()}
    return [finding("morris", table["outcome"].iloc[0], text, sure, {**numbers, "ten": ten})]


def of_pareto(table: pd.DataFrame, goals: Sequence[str]) -> list[Finding]:
    """Say which policies no other beats in everything."""
    best, beaten = table[table["on_front"]], table[~table["on_front"]]
    text = f"Weighing {listed(goals)} at once, "
    if beaten.empty:
        text += f"each of {len(table)} policies gains in one what it loses in another."
    else:
        text += (
            f"{len(best)} of {len(table)} policies are on average beaten by no other: "
            f"{several(best[POLICY])}. Another is no worse in any and better in one than "
            f"{several(beaten[POLICY])}."
        )
    numbers = {"on_front": len(best), "policies": len(table)}
    return [finding("pareto", ", ".join(goals), text, True, numbers)]


def of_satisficing(table: pd.DataFrame, base: str) -> list[Finding]:
    """Say which policy does no harm most often."""
    others = table[table[POLICY] != base]
    if others.empty:
        return []
    row = others.iloc[0]
    if row["share"] == 0:
        text = f"{row['criterion']}: no policy meets this in any of {int(row['worlds'])} worlds."
        return [finding("satisficing", row["criterion"], text, True, {"share": 0.0})]
    text = (
        f"{row['criterion']}: {row[POLICY]} meets this most often, in {share(row['share'])} of "
        f"{int(row['worlds'])} worlds{span_of_share(row['low'], row['high'])}."
    )
    return [finding("satisficing", row["criterion"], text, True, {"share": row["share"]})]


def of_box(boxes: pd.DataFrame) -> list[Finding]:
    """Say in words where cases of interest lie, and whether the box holds on other points."""
    found = []
    for _, row in boxes.iterrows():
        tested, low, sure = row["density_tested"], row["density_low"], confirmed(row)
        text = (
            f"Where {row['words']}, {share(row['density'])} of points are cases of "
            f'"{row["target"]}" (everywhere: {share(row["base_rate"])}), and the box holds '
            f"{share(row['coverage'])} of them. "
        )
        if sure:
            text += f"On points not used to draw it: {share(tested)}{span_of_share(low, row['density_high'])}."
        elif not np.isnan(tested):
            text += (
                f"Do not rely on it: on points not used to draw it, it holds {share(tested)}"
                f"{span_of_share(low, row['density_high'])}, no surer than chance."
            )
        else:
            text += "Cases are too few to test it on points not used to draw it."
        numbers = {k: row[k] for k in ("density", "base_rate", "coverage", "density_tested")}
        found.append(finding("boxes", row["outcome"], text, sure, numbers))
    return found


def of_map(table: pd.DataFrame, name: str, base: str) -> list[Finding]:
    """Say in how many cells of a map a policy pays."""
    count = table["sign"].value_counts()
    pays, costs, open_ = (int(count.get(s, 0)) for s in ("better", "worse", "uncertain"))
    best = table.iloc[int(table["effect"].abs().argmin())]
    text = (
        f"Against {base}, {name} is better in {pays} of {len(table)} cells, worse in {costs}; in "
        f"{open_} {SPANS}. The smallest effect of any cell is {number(best['effect'])}"
        f"{bracketed(best['low'], best['high'])}."
    )
    numbers = {"better": pays, "worse": costs, "uncertain": open_, "smallest": best["effect"]}
    return [finding("threshold", table["outcome"].iloc[0], text, open_ < len(table), numbers)]


def of_chance(table: pd.DataFrame, name: str) -> list[Finding]:
    """Say how much of the spread of single runs is chance, and how much of that is shared."""
    row = table.iloc[0]
    if np.isnan(row["share_factors"]):
        text = (
            f"How much of the spread of {name} is chance cannot be told: each point ran once, and "
            "all points share that chance."
        )
        return [finding("chance", row["outcome"], text, False, {})]
    chance = row["share_common"] + row["share_own"]
    text = (
        f"Of the variance of single runs in {name}, {share(row['share_factors'])} is due to the "
        f"factors and {share(chance)} to chance, of which all points share "
        f"{share(row['share_common'] / chance) if chance else '0%'}; pairing removes that part."
    )
    numbers = {k: row[k] for k in ("share_factors", "share_common", "share_own")}
    return [finding("chance", row["outcome"], text, True, numbers)]


def _way(row: pd.Series) -> str:
    if row["mu_low"] > 0:
        return "upwards"
    return "downwards" if row["mu_high"] < 0 else "in no sure direction"


def _term(term: str) -> str:
    return " with ".join(words(t) for t in term.split(CROSS))
