"""The analyses that may fit a sweep: each looks at the design, and adds what fits.

Each step adds tables by name and sentences; what does not fit, but a reader may look for, adds a
note that says why. A new analysis is a function ``(draft) -> None`` and a place in :data:`STEPS`.
"""

from collections.abc import Callable
from typing import Any

import pandas as pd

from hedgerow.analysis import discovery, findings, fronts, grids, indices, robustness, samples
from hedgerow.analysis.draft import Draft
from hedgerow.analysis.findings import DOES_BETTER, DOES_WORSE
from hedgerow.analysis.goals import goals
from hedgerow.analysis.reading import POLICY, world_numbers, worlds
from hedgerow.analysis.thresholds import effect_map, with_base
from hedgerow.core.numbers import FloatArray
from hedgerow.runs.folder import FolderError
from hedgerow.runs.manifest import SCENARIO
from hedgerow.study.design import POWERS, block

MOST_POLICIES = 40
MIXED = (0.1, 0.9)
"""Shares of worlds between which a policy's sign is worth explaining."""
ENOUGH = 40
"""Points below which no scenario is discovered."""
MOST_TARGETS = 2
CELLS = 400
WORST = 0.25


def _chance(draft: Draft) -> None:
    for outcome in draft.outcomes:
        table = draft.add("chance", grids.chance(draft.frame, outcome, draft.reading.donors))
        draft.findings += findings.of_chance(table, draft.name(outcome))


def _grid(draft: Draft) -> None:
    reading = draft.reading
    if reading.sampled:
        return
    full = draft.frame.join(reading.points, on="point")
    for outcome in draft.outcomes:
        found = draft.add("levels", grids.levels(full, reading.factors, outcome))
        if reading.method == "grid":
            table = draft.add("effects", grids.effects(full, reading.factors, outcome))
            draft.findings += findings.of_effects(table, draft.name(outcome))
        draft.findings += findings.of_levels(found, draft.name(outcome))


def _sample(draft: Draft) -> None:
    reading = draft.reading
    numbers = [f for f in reading.drawn if f in reading.numeric]
    if not reading.sampled or not numbers:
        return
    if reading.listed:
        draft.notes.append("Effects of sampled factors are averaged over the listed values.")
    for outcome in draft.outcomes:
        table = reading.by_sample(draft.frame, outcome)
        if len(table) < 4:
            raise FolderError(f"{len(table)} whole points are too few for the effects of factors")
        if reading.method == "morris":
            found = draft.add("morris", indices.morris(table, numbers, outcome))
            draft.findings += findings.of_morris(found, draft.name(outcome))
            continue
        if reading.method == "saltelli":
            table = _unrelated(table, len(reading.drawn))
        ranges = {f: reading.range_of(f) for f in numbers}
        runs = _replicated(draft, table.index, outcome)
        found = draft.add("regression", samples.regression(table, numbers, outcome, ranges, runs))
        draft.findings += findings.of_regression(found, draft.name(outcome), len(table))
        draft.add("pairs", samples.pairs(table, numbers, outcome, runs))


def _replicated(draft: Draft, kept: pd.Index, outcome: str) -> FloatArray:
    """Return an outcome by sampled point and replication, of replications that all of them have."""
    sample = draft.frame["point"].map(draft.reading.samples).rename("sample")
    cells = draft.frame.groupby([sample, "replication"])[outcome].agg(["mean", "size"])
    whole = cells["mean"].where(cells["size"] == cells["size"].max())
    return whole.unstack().loc[kept].dropna(axis=1).to_numpy(float)


def _unrelated(table: pd.DataFrame, dimensions: int) -> pd.DataFrame:
    """Return the first and last point of each block after Saltelli; the others copy these."""
    place = table.index % block("saltelli", dimensions)
    return table[(place == 0) | (place == dimensions + 1)]


def _sobol(draft: Draft) -> None:
    reading = draft.reading
    numbers = [f for f in reading.factors if f in reading.numeric and f not in reading.policy]
    for outcome in draft.outcomes:
        if reading.method == "list" and len(numbers) == len(reading.factors):
            table = reading.means(draft.frame, outcome)
            if not indices.saltelli(table[numbers].to_numpy(float)):
                continue
        elif reading.method in POWERS and reading.drawn:
            numbers = reading.drawn
            each = block(reading.method, len(numbers))
            table = indices.complete_blocks(reading.by_sample(draft.frame, outcome), each)
        else:
            continue
        found = draft.add("sobol", indices.sobol(table, numbers, outcome))
        draft.findings += findings.of_sobol(found, draft.name(outcome))


def _policies(draft: Draft) -> None:
    reading = draft.reading
    if not reading.policy:
        why = "no factor is a policy: none is named scenario, nor lists values of policies.*"
        draft.notes.append(f"Policies are not ranked: {why}.")
        return
    table = with_base(draft.reading, draft.frame, draft.columns, draft.base, draft.base_frame)
    policies = table[POLICY].nunique()
    if not 2 <= policies <= MOST_POLICIES or table.empty:
        draft.notes.append(f"Policies are not ranked: {policies} are there, of 2 to {MOST_POLICIES}.")
        return
    for outcome in draft.outcomes:
        way = draft.better(outcome)
        lost = draft.add("regret", robustness.regret(table, outcome, way))
        rank = draft.add("ranks", robustness.ranks(table, outcome, way))
        draft.findings += findings.of_regret(lost, rank, draft.name(outcome))
        if draft.base:
            sign = draft.add("signs", robustness.signs(table, outcome, draft.base))
            draft.findings += findings.of_signs(sign, draft.name(outcome), way)
            met = robustness.satisficing(table, {outcome: (way, draft.base)}, f"{outcome} no worse than {draft.base}")
            draft.add("satisficing", met)
    _weighed(draft, table)


def _weighed(draft: Draft, table: pd.DataFrame) -> None:
    """Weigh cost, alignment, rights and capability against each other."""
    told = goals(draft.side)
    kept = {goal: o for goal, o in told.items() if o in table}
    lost = [f"{goal} ({o})" for goal, o in told.items() if o not in table]
    if lost:
        draft.notes.append(f"The sweep kept no {', '.join(lost)}; the front leaves it out.")
    if len(kept) < 2:
        return
    found = draft.add("pareto", fronts.pareto(table, {o: draft.better(o) for o in kept.values()}))
    draft.findings += findings.of_pareto(found, list(kept))
    rest = {o: (draft.better(o), draft.base) for goal, o in kept.items() if goal != "cost"}
    if draft.base and len(rest) > 1:
        name = f"{', '.join(g for g in kept if g != 'cost')}: none worse than {draft.base}"
        met = draft.add("satisficing", robustness.satisficing(table, rest, name))
        draft.findings += findings.of_satisficing(met, draft.base)


def _discover(draft: Draft) -> None:
    """Find where a policy turns out better or worse, or where an outcome is worst."""
    reading = draft.reading
    if reading.method in ("morris", "saltelli", "list"):
        return
    free = [f for f in reading.numeric if not draft.base or f not in reading.policy]
    if reading.sampled:
        free = [f for f in free if f in reading.drawn]
    if len(free) < 2:
        return
    for outcome in draft.outcomes:
        for target, table, interest in _targets(draft, outcome, free):
            if len(table) < ENOUGH:
                draft.notes.append(f"No scenario is searched for: {len(table)} worlds are fewer than {ENOUGH}.")
                return
            given: dict[str, Any] = {"target": target, "outcome": outcome}
            boxes, limits = discovery.prim(table, free, interest, **given)
            draft.add("boxes", boxes)
            draft.add("limits", limits)
            draft.add("leaves", discovery.cart(table, free, interest, **given))
            draft.findings += findings.of_box(boxes)


def _targets(draft: Draft, outcome: str, free: list[str]) -> list[tuple[str, pd.DataFrame, Any]]:
    """Return what to look for: a name, the worlds with their factors, and which are of interest."""
    way, reading = draft.better(outcome), draft.reading
    if not (reading.policy and draft.base):
        means = reading.by_sample if reading.sampled else reading.means
        table = means(draft.frame, outcome)
        worst = way * table[outcome] < (way * table[outcome]).quantile(WORST)
        return [(f"the worst quarter of {draft.name(outcome)}", table, worst.to_numpy())]
    found = worlds(reading, draft.frame, [outcome])
    if not reading.sampled or draft.base_frame is not None or found.empty:
        return []
    gaps = found.pivot_table(index="world", columns=POLICY, values=outcome)
    gaps = gaps.drop(columns=draft.base).sub(gaps[draft.base], axis=0)
    share = (way * gaps > 0).mean()
    mixed = share[(share >= MIXED[0]) & (share <= MIXED[1])].index
    # What it is worth to know the sign: a choice by the mean alone loses the smaller side.
    sides = pd.concat([gaps.clip(lower=0).mean(), (-gaps).clip(lower=0).mean()], axis=1)
    stake = sides.min(axis=1)
    explained = stake[mixed].sort_values(ascending=False, kind="stable").index[:MOST_TARGETS]
    number = world_numbers(reading)
    first = number[~number.duplicated()]
    place = reading.points.loc[first.index, free].set_index(pd.Index(first))
    if not len(mixed):
        draft.notes.append(
            "No scenario decides a policy's sign: each does better, or worse, than "
            f"{draft.base} in at least nine worlds of ten."
        )
    signed = {p: -way * gaps[p] if share[p] > 0.5 else way * gaps[p] for p in explained}
    return [
        (f"{p}{DOES_WORSE if share[p] > 0.5 else DOES_BETTER}{draft.base}", place.loc[gaps.index], (rarer > 0).to_numpy())
        for p, rarer in signed.items()
    ]


def _map(draft: Draft) -> None:
    """Map, over a grid, where policies pay against the base."""
    reading = draft.reading
    if reading.sampled or reading.method != "grid" or not reading.policy:
        return
    frame = draft.frame.join(reading.points, on="point")
    if draft.base_frame is None and reading.policy != [SCENARIO]:
        draft.notes.append("A map of where the policy pays needs a base: --versus and a scenario without it.")
        return
    if len(reading.points) > CELLS:
        draft.notes.append(f"No map: {len(reading.points)} cells are more than {CELLS}.")
        return
    for outcome in draft.outcomes:
        if draft.base_frame is not None:
            base, axes = draft.base_frame, reading.factors
        else:
            base = frame[frame[SCENARIO] == draft.base].drop(columns=SCENARIO)
            frame, axes = frame[frame[SCENARIO] != draft.base], reading.factors
        way = draft.better(outcome)
        table = draft.add("threshold", effect_map(frame, base, axes, outcome, way))
        draft.findings += findings.of_map(table, draft.name(outcome), draft.base)


STEPS: tuple[Callable[[Draft], None], ...] = (_policies, _map, _grid, _sample, _sobol, _discover, _chance)
