"""Runs that differ in what nobody knows: each takes a draw of the posterior.

Where the spread over runs is told apart into chance and parameters, every two runs share a draw:
what differs within a pair is chance alone. Where means are compared each run has a draw of its own,
since runs that share one are not independent.
"""

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
import pandas as pd

from hedgerow.runs.posterior import shipped
from hedgerow.scenario.schema import Scenario
from hedgerow.scenario.settings import with_settings

TOGETHER = 2
"""Runs that share a draw where variance is split."""


def scenarios(
    scenario: Scenario, numbers: Sequence[int], seed: int, *, fixed: bool, kept: Collection[str] = (), together: int = 1
) -> list[Scenario]:
    """Return the scenario of each run, its parameters drawn from the posterior.

    Parameters
    ----------
    scenario : Scenario
        What it sets otherwise than the calibrated baseline stays as it sets it.
    numbers : sequence of int
        Numbers of the runs.
    seed : int
        Seed of the experiment; with the number of a run it decides the draw.
    fixed : bool
        Whether to draw nothing.
    kept : collection of str
        Paths that a study varies and that stay as they are.
    together : int
        How many runs share a draw.

    Raises
    ------
    PosteriorError
        If the posterior belongs to another version of the model.
    """
    if fixed:
        return [scenario] * len(numbers)
    groups = sorted({number // together for number in numbers})
    drawn = shipped().draws(groups, seed, scenario)
    made = {
        group: with_settings(scenario, {p: v for p, v in settings.items() if p not in kept})
        for group, settings in zip(groups, drawn, strict=True)
    }
    return [made[number // together] for number in numbers]


def entry(*, fixed: bool) -> dict[str, Any]:
    """Return what a manifest says of the parameters."""
    return {"parameters": "fixed at the scenario's"} if fixed else {"posterior": shipped().entry()}


def share_of_chance(outcomes: pd.DataFrame) -> "pd.Series[float]":
    """Return the share of each outcome's variance that is chance, not parameters, 0-1.

    One-way analysis of variance over the pairs of runs that share a draw; not a number where there
    are fewer than two whole pairs or nothing varies.

    Parameters
    ----------
    outcomes : DataFrame
        Column ``run``, and a column an outcome.
    """
    pair = outcomes["run"] // TOGETHER
    whole = outcomes[pair.map(pair.value_counts()) == TOGETHER]
    groups = whole.drop(columns=["run"]).groupby(whole["run"] // TOGETHER)
    within = groups.var().mean()
    between = np.maximum(groups.mean().var() - within / TOGETHER, 0.0)
    return within / (within + between).where(within + between > 0)
