"""Weights of strategic value, fitted inside the model.

The gravity fit (:mod:`hedgerow.fit.gravity`) takes meetings as independent; in the model a
partner is met once a month at most by a tier, forums crowd a month, and other terms weigh too. So
the weights are moved until the model's mean meetings, not the gravity's, agree best with the
record: simulate, take the log of the mean meetings as an offset, fit the change of the weights by
the same censored likelihood and the same prior, and repeat; two or three rounds settle it. Regions
whose share the record gives (C5) enter besides: what their named states leave, the others hold.
``python -m hedgerow.fit.weights`` prints them. Weights belong to covariates, never to a state.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.optimize import minimize
from scipy.special import gammaincc

from hedgerow.core.numbers import BoolArray, FloatArray
from hedgerow.data.covariates import weigh
from hedgerow.data.load import countries
from hedgerow.fit import gravity
from hedgerow.fit import targets as records
from hedgerow.fit.gravity import CENSORED_AT, RIDGE, Observed, few_moments
from hedgerow.runs.ensemble import Ensemble
from hedgerow.scenario.load import load
from hedgerow.scenario.schema import Scenario
from hedgerow.scenario.settings import with_settings

DONOR = "CHN"
COLUMNS = {
    "log_china_elite_engagements": "china_elite_engagements",
    "log_china_finance": "china_finance_usd",
    "log_trade_china": "trade_china_musd",
}
"""Names of the logs in the gravity fit, as the scenario's weights call them."""
NEVER = 0.02
"""Meetings taken for a state that was never met, whose logarithm there would be none."""


@dataclass(frozen=True)
class Weights:
    """Weights of strategic value by covariate, and the slope of log meetings on it.

    ``slope`` is the standard deviation of the weighted sum over states: strategic value is in
    standard deviations, so ``parameters.diplomacy.value`` must be this for the weights to hold.
    """

    by_covariate: dict[str, float]
    slope: float


def fit(scenario: Scenario, rounds: int = 3, runs: int = 256, seed: int = 1) -> list[Weights]:
    """Return the weights after each round, the last of which are the fitted ones.

    Parameters
    ----------
    scenario : Scenario
        Where the donor's other numbers come from; its own weights are replaced.
    rounds, runs, seed : int
    """
    observed, _ = gravity.observe()
    beta, _ = gravity.estimate(observed)
    names = [str(c) for c in observed.design.columns]
    found = []
    for _ in range(rounds):
        weights = _weights(names, beta)
        mean = meetings(with_weights(scenario, weights), runs, seed)
        offset = np.log(mean.reindex(observed.design.index).to_numpy(dtype=np.float64) + NEVER)
        beta = beta + _change(observed, offset, beta)
        found.append(_weights(names, beta))
    return found


def with_weights(scenario: Scenario, weights: Weights) -> Scenario:
    """Return a scenario in which the donor weighs strategic value so."""
    donor = scenario.donors[DONOR].model_copy(update={"value": weights.by_covariate})
    changed = scenario.model_copy(update={"donors": {**scenario.donors, DONOR: donor}})
    return with_settings(changed, {"parameters.diplomacy.value": weights.slope})


def meetings(scenario: Scenario, runs: int, seed: int) -> "pd.Series[float]":
    """Return mean bilateral meetings of the donor by row, over some runs."""
    total: FloatArray = np.zeros(0)
    codes: tuple[str, ...] = ()
    for part in Ensemble(scenario, range(runs), seed).parts():
        batch = part.batch()
        for _ in batch:
            pass
        world = batch.world
        held = world.meetings[:, world.donors.index(DONOR)].sum(axis=0)
        total, codes = held if not codes else total + held, world.recipients
    return pd.Series(total / runs, index=list(codes))


def _weights(names: list[str], beta: FloatArray) -> Weights:
    by = {COLUMNS.get(n, n): float(b) for n, b in zip(names, beta, strict=True)}
    by = {n: b for n, b in by.items() if n not in ("intercept", "recognises_taiwan")}
    table = countries()
    worth = weigh(by, table, DONOR)[table.index != DONOR]
    return Weights(by, float(worth.std()))


def _unnamed(observed: Observed) -> list[tuple[BoolArray, float]]:
    """Return groups of states without a count and the meetings they hold together.

    A region whose share the record gives is a group of its own; the others are one.
    """
    targets = records.read()
    region = countries()["subregion"].reindex(observed.design.index).to_numpy()
    left, held = np.isnan(observed.counts), observed.unnamed_total
    groups = []
    for target in targets.fitted:
        if target.statistic == "share_of_subregion":
            there = region == target.of
            named = float(observed.counts[there & ~np.isnan(observed.counts)].sum())
            rest = max(round(float(target.value) * target.base) - named, 0.0)
            groups.append((there & left, rest))
            left, held = left & ~there, held - rest
    return [*groups, (left, held)]


def _change(observed: Observed, offset: FloatArray, beta: FloatArray) -> FloatArray:
    """Return how the weights should change, given the model's mean meetings as they are."""
    design = observed.design.to_numpy(dtype=np.float64)
    named = ~np.isnan(observed.counts)
    groups = _unnamed(observed)

    def loss(step: FloatArray) -> float:
        mu = np.exp(offset + design @ step)
        few = few_moments(mu)[0]
        value = (mu[named] - observed.counts[named] * np.log(mu[named])).sum()
        value -= np.log(gammaincc(CENSORED_AT + 1, mu[~named])).sum()
        for rows, held in groups:
            value += few[rows].sum() - held * np.log(few[rows].sum())
        return float(value + RIDGE * ((beta[1:] + step[1:]) ** 2).sum() / 2.0)

    return np.asarray(minimize(loss, np.zeros(len(beta)), method="BFGS").x, dtype=np.float64)


def main() -> None:
    """Print the weights round by round."""
    for number, weights in enumerate(fit(load("baseline-2022-25")), 1):
        words = ", ".join(f"{n} {w:.3f}" for n, w in weights.by_covariate.items())
        print(f"round {number}: {words}; slope {weights.slope:.3f}")


if __name__ == "__main__":
    main()
