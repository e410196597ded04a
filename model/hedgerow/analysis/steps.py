"""The analyses that may fit a sweep: each looks at the design, and adds what fits.

Each step adds tables by name and sentences; what does not fit, but a reader may look for, adds a
note that says why. A new analysis is a function ``(job) -> None`` and a place in :data:`STEPS`.
"""

from collections.abc import Callable
from typing import Any

import pandas as pd

from hedgerow.analysis import discovery, findings, fronts, grids, indices, robustness, samples
from hedgerow.analysis.goals import goals
from hedgerow.analysis.job import Job
from hedgerow.analysis.phrases import DOES_BETTER, DOES_WORSE
from hedgerow.analysis.reading import POLICY, world_numbers, worlds
from hedgerow.analysis.thresholds import effect_map, with_base
from hedgerow.core.numbers import FloatArray
from hedgerow.runs.folder import FolderError
from hedgerow.study.design import POWERS, block
from hedgerow.study.plan import SCENARIO

MOST_POLICIES = 40
MIXED = (0.1, 0.9)
"""Shares of worlds between which a policy's sign is worth explaining."""
ENOUGH = 40
"""Points below which no scenario is discovered."""
MOST_TARGETS = 2
CELLS = 400
WORST = 0.25


def _chance(job: Job) -> None:
    for outcome in job.outcomes:
        table = job.add("chance", grids.chance(job.frame, outcome, job.reading.donors))
        job.findings += findings.of_chance(table, job.name(outcome))


def _grid(job: Job) -> None:
    reading = job.reading
    if reading.sampled:
        return
    full = job.frame.join(reading.points, on="point")
    for outcome in job.outcomes:
        found = job.add("levels", grids.levels(full, reading.factors, outcome))
        if reading.method == "grid":
            table = job.add("effects", grids.effects(full, reading.factors, outcome))
            job.findings += findings.of_effects(table, job.name(outcome))
        job.findings += findings.of_levels(found, job.name(outcome))


def _sample(job: Job) -> None:
    reading = job.reading
    numbers = [f for f in reading.drawn if f in reading.numeric]
    if not reading.sampled or not numbers:
        return
    if reading.listed:
        job.notes.append("Effects of sampled factors are averaged over the listed values.")
    for outcome in job.outcomes:
        table = reading.by_sample(job.frame, outcome)
        if len(table) < 4:
            raise FolderError(f"{len(table)} whole points are too few for the effects of factors")
        if reading.method == "morris":
            found = job.add("morris", indices.morris(table, numbers, outcome))
            job.findings += findings.of_morris(found, job.name(outcome))
            continue
        if reading.method == "saltelli":
            table = _unrelated(table, len(reading.drawn))
        ranges = {f: reading.range_of(f) for f in numbers}
        runs = _replicated(job, table.index, outcome)
        found = job.add("regression", samples.regression(table, numbers, outcome, ranges, runs))
        job.findings += findings.of_regression(found, job.name(outcome), len(table))
        job.add("pairs", samples.pairs(table, numbers, outcome, runs))


def _replicated(job: Job, kept: pd.Index, outcome: str) -> FloatArray:
    """Return an outcome by sampled point and replication, of replications that all of them have."""
    sample = job.frame["point"].map(job.reading.samples).rename("sample")
    cells = job.frame.groupby([sample, "replication"])[outcome].agg(["mean", "size"])
    whole = cells["mean"].where(cells["size"] == cells["size"].max())
    return whole.unstack().loc[kept].dropna(axis=1).to_numpy(float)


def _unrelated(table: pd.DataFrame, dimensions: int) -> pd.DataFrame:
    """Return the first and last point of each block after Saltelli; the others copy these."""
    place = table.index % block("saltelli", dimensions)
    return table[(place == 0) | (place == dimensions + 1)]


def _sobol(job: Job) -> None:
    reading = job.reading
    numbers = [f for f in reading.factors if f in reading.numeric and f not in reading.policy]
    for outcome in job.outcomes:
        if reading.method == "list" and len(numbers) == len(reading.factors):
            table = reading.means(job.frame, outcome)
            if not indices.saltelli(table[numbers].to_numpy(float)):
                continue
        elif reading.method in POWERS and reading.drawn:
            numbers = reading.drawn
            each = block(reading.method, len(numbers))
            table = indices.whole(reading.by_sample(job.frame, outcome), each)
        else:
            continue
        found = job.add("sobol", indices.sobol(table, numbers, outcome))
        job.findings += findings.of_sobol(found, job.name(outcome))


def _policies(job: Job) -> None:
    reading = job.reading
    if not reading.policy:
        why = "no factor is a policy: none is named scenario, nor lists values of policies.*"
        job.notes.append(f"Policies are not ranked: {why}.")
        return
    table = with_base(job.reading, job.frame, job.columns, job.base, job.base_frame)
    policies = table[POLICY].nunique()
    if not 2 <= policies <= MOST_POLICIES or table.empty:
        job.notes.append(f"Policies are not ranked: {policies} are there, of 2 to {MOST_POLICIES}.")
        return
    for outcome in job.outcomes:
        way = job.better(outcome)
        lost = job.add("regret", robustness.regret(table, outcome, way))
        rank = job.add("ranks", robustness.ranks(table, outcome, way))
        job.findings += findings.of_regret(lost, rank, job.name(outcome))
        if job.base:
            sign = job.add("signs", robustness.signs(table, outcome, job.base))
            job.findings += findings.of_signs(sign, job.name(outcome), way)
            met = robustness.satisficing(table, {outcome: (way, job.base)}, f"{outcome} no worse than {job.base}")
            job.add("satisficing", met)
    _weighed(job, table)


def _weighed(job: Job, table: pd.DataFrame) -> None:
    """Weigh cost, alignment, rights and capability against each other."""
    told = goals(job.side)
    kept = {goal: o for goal, o in told.items() if o in table}
    lost = [f"{goal} ({o})" for goal, o in told.items() if o not in table]
    if lost:
        job.notes.append(f"The sweep kept no {', '.join(lost)}; the front leaves it out.")
    if len(kept) < 2:
        return
    found = job.add("pareto", fronts.pareto(table, {o: job.better(o) for o in kept.values()}))
    job.findings += findings.of_pareto(found, list(kept))
    rest = {o: (job.better(o), job.base) for goal, o in kept.items() if goal != "cost"}
    if job.base and len(rest) > 1:
        name = f"{', '.join(g for g in kept if g != 'cost')}: none worse than {job.base}"
        met = job.add("satisficing", robustness.satisficing(table, rest, name))
        job.findings += findings.of_satisficing(met, job.base)


def _discover(job: Job) -> None:
    """Find where a policy turns out better or worse, or where an outcome is worst."""
    reading = job.reading
    if reading.method in ("morris", "saltelli", "list"):
        return
    free = [f for f in reading.numeric if not job.base or f not in reading.policy]
    if reading.sampled:
        free = [f for f in free if f in reading.drawn]
    if len(free) < 2:
        return
    for outcome in job.outcomes:
        for target, table, interest in _targets(job, outcome, free):
            if len(table) < ENOUGH:
                job.notes.append(f"No scenario is searched for: {len(table)} worlds are fewer than {ENOUGH}.")
                return
            given: dict[str, Any] = {"target": target, "outcome": outcome}
            boxes, limits = discovery.prim(table, free, interest, **given)
            job.add("boxes", boxes)
            job.add("limits", limits)
            job.add("leaves", discovery.cart(table, free, interest, **given))
            job.findings += findings.of_box(boxes)


def _targets(job: Job, outcome: str, free: list[str]) -> list[tuple[str, pd.DataFrame, Any]]:
    """Return what to look for: a name, the worlds with their factors, and which are of interest."""
    way, reading = job.better(outcome), job.reading
    if not (reading.policy and job.base):
        means = reading.by_sample if reading.sampled else reading.means
        table = means(job.frame, outcome)
        worst = way * table[outcome] < (way * table[outcome]).quantile(WORST)
        return [(f"the worst quarter of {job.name(outcome)}", table, worst.to_numpy())]
    found = worlds(reading, job.frame, [outcome])
    if not reading.sampled or job.base_frame is not None or found.empty:
        return []
    gaps = found.pivot_table(index="world", columns=POLICY, values=outcome)
    gaps = gaps.drop(columns=job.base).sub(gaps[job.base], axis=0)
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
        job.notes.append(
            "No scenario decides a policy's sign: each does better, or worse, than "
            f"{job.base} in at least nine worlds of ten."
        )
    signed = {p: -way * gaps[p] if share[p] > 0.5 else way * gaps[p] for p in explained}
    return [
        (f"{p}{DOES_WORSE if share[p] > 0.5 else DOES_BETTER}{job.base}", place.loc[gaps.index], (rarer > 0).to_numpy())
        for p, rarer in signed.items()
    ]


def _map(job: Job) -> None:
    """Map, over a grid, where policies pay against the base."""
    reading = job.reading
    if reading.sampled or reading.method != "grid" or not reading.policy:
        return
    frame = job.frame.join(reading.points, on="point")
    if job.base_frame is None and reading.policy != [SCENARIO]:
        job.notes.append("A map of where the policy pays needs a base: --versus and a scenario without it.")
        return
    if len(reading.points) > CELLS:
        job.notes.append(f"No map: {len(reading.points)} cells are more than {CELLS}.")
        return
    for outcome in job.outcomes:
        if job.base_frame is not None:
            base, axes = job.base_frame, reading.factors
        else:
            base = frame[frame[SCENARIO] == job.base].drop(columns=SCENARIO)
            frame, axes = frame[frame[SCENARIO] != job.base], reading.factors
        way = job.better(outcome)
        table = job.add("threshold", effect_map(frame, base, axes, outcome, way))
        job.findings += findings.of_map(table, job.name(outcome), job.base)


STEPS: tuple[Callable[[Job], None], ...] = (_policies, _map, _grid, _sample, _sobol, _discover, _chance)
