"""Runs that differ in what nobody knows: every two runs share a draw of the posterior.

Two and not one, so that what differs within a pair is chance alone and what differs between pairs
is chance and parameters, and a summary can tell the two apart.
"""

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
import pandas as pd

from hedgerow.scenario.schema import Scenario
from hedgerow.study.posterior import shipped
from hedgerow.study.settings import with_settings

TOGETHER = 2
"""Runs that share a draw."""


def scenarios(
    scenario: Scenario, numbers: Sequence[int], seed: int, *, fixed: bool,
    kept: Collection[str] = (),
) -> list[Scenario]:  # fmt: skip
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

    Raises
    ------
    PosteriorError
        If the posterior belongs to another version of the model.
    """
    if fixed:
        return [scenario] * len(numbers)
    groups = sorted({number // TOGETHER for number in numbers})
    drawn = shipped().draws(groups, seed, scenario)
    made = {
        group: with_settings(scenario, {p: v for p, v in settings.items() if p not in kept})
        for group, settings in zip(groups, drawn, strict=True)
    }
    return [made[number // TOGETHER] for number in numbers]


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
