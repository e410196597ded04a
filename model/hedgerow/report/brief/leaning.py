"""What an answer leans on: the same runs again, with one key assumption at a time at each end.

The interval of an answer holds chance and the parameters that the calibration leaves open, or, with
those kept, chance alone. How alignment responds to help is not known, so a page that stopped there
would sound surer than anyone can be. Each key assumption is moved to both ends of its range, all
else unchanged, under the same draws; the answer is read each time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from hedgerow.analysis.goals import words as path_words
from hedgerow.core.numbers import FloatArray, Quantity, quantities
from hedgerow.runs.ensemble import BATCH, Ensemble, together
from hedgerow.runs.paired import mean_interval
from hedgerow.runs.posterior import policy
from hedgerow.runs.threads import Progress, in_order
from hedgerow.scenario.schema import Scenario
from hedgerow.scenario.settings import with_settings
from hedgerow.wording.names import the

RULES = {
    "parameters.alignment.help_half": "How soon more help stops counting for more",
    "parameters.alignment.meeting": "What a meeting that help follows is worth",
    "parameters.alignment.meeting_months": "How long a meeting waits for help to follow",
    "parameters.alignment.reversion": "How fast states return to their usual stance",
    "parameters.alignment.rivalry": "How far one donor’s gain is its rival’s loss",
    "parameters.alignment.neighbours": "How much states follow their neighbours",
    "parameters.alignment.confidence": "How unlike a neighbour may be and still be followed",
    "parameters.alignment.noise": "How much alignment moves by chance",
    "parameters.alignment.cut_off": "What being cut off costs in alignment",
    "parameters.acceptance.constant": "How willing states are to take any help",
    "parameters.acceptance.gap": "How much an unmet need weighs in taking help",
    "parameters.delivery.help_memory": "How long help is remembered",
    "parameters.centres.alignment_loss": "What an exposed service centre costs in alignment",
}
"""The numbers an answer on alignment may lean on, in words: how alignment moves, and what help
reaches. Which of them matter is for the runs to say; a study of all numbers is ``prior-screen``."""
RESPONSE = "How alignment responds to help from {}"


def assumptions(scenario: Scenario) -> list[tuple[Quantity, str]]:
    """Return the key assumptions of a scenario, each with its name in words."""
    found = {q.path: q for q in quantities(scenario.parameters, "parameters")}
    chosen = [(found[path], words) for path, words in RULES.items() if path in found]
    for code, donor in list(scenario.donors.items())[:2]:
        own = next(q for q in quantities(donor, f"donors.{code}") if q.path.endswith(".response"))
        chosen.insert(0, (own, RESPONSE.format(the(donor.name))))
    return chosen


def named(path: str, donors: Mapping[str, str]) -> str:
    """Return a factor in words: those of a key assumption, else those of its path."""
    for code, donor in donors.items():
        if path == f"donors.{code}.response":
            return RESPONSE.format(the(donor))
    return RULES.get(path, path_words(path))


def lean(
    scenario: Scenario,
    base: Scenario | None,
    outcome: str,
    *,
    runs: int,
    seed: int,
    fixed: bool = True,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Return an answer with each key assumption at the ends of its range.

    Parameters
    ----------
    scenario : Scenario
    base : Scenario, optional
        What it is compared with, pair of runs by pair of runs.
    outcome : str
        The outcome that answers the question.
    runs, seed : int
        Runs at each end, and seed of the experiment.
    fixed : bool
        Keep the other parameters as they are instead of drawing them from the posterior.
    progress : callable, optional
        Called with the run-months finished since the last call.

    Returns
    -------
    pandas.DataFrame
        A row an assumption: ``factor`` (dotted path), ``words``, ``unit``, ``low``, ``value`` and ``high`` (ends of its
        range and the scenario's value), ``runs`` at each end, ``at_low`` and ``at_high`` (mean outcome, or mean
        difference from the base), with the ends of their 90% intervals, ``at_low_low`` to ``at_high_high``; ``lowest``
        and ``highest`` of the two means; ``swing``, their distance. The largest swing stands first.
    """
    chosen = assumptions(scenario)
    points = [{q.path: end} for q, _ in chosen for end in (q.low, q.high)]
    chance = Chance(outcome, runs, seed, fixed, progress)
    values = _answers(scenario, points, chance)
    if base is not None:
        values = values - _answers(base, points, chance)
    rows = []
    for i, (quantity, words) in enumerate(chosen):
        row: dict[str, object] = {
            "factor": quantity.path,
            "words": words,
            "unit": quantity.unit,
            "low": quantity.low,
            "value": quantity.default,
            "high": quantity.high,
            "runs": runs,
        }
        for name, own in (("at_low", values[2 * i]), ("at_high", values[2 * i + 1])):
            low, high = mean_interval(own)
            row |= {name: float(own.mean()), f"{name}_low": low, f"{name}_high": high}
        rows.append(row)
    table = pd.DataFrame(rows)
    ends = table[["at_low", "at_high"]]
    table["lowest"], table["highest"] = ends.min(axis=1), ends.max(axis=1)
    table["swing"] = table["highest"] - table["lowest"]
    return table.sort_values("swing", ascending=False, kind="stable", ignore_index=True)


@dataclass(frozen=True)
class Chance:
    """What is read from runs, how many there are at a point, and the chance they share."""

    outcome: str
    runs: int
    seed: int
    fixed: bool = True
    progress: Progress | None = None


def _answers(scenario: Scenario, points: Sequence[Mapping[str, float]], chance: Chance) -> FloatArray:
    """Return the outcome by point and run, ``(points, runs)``."""
    draws = policy(fixed=chance.fixed)
    made = [Ensemble(with_settings(scenario, point), range(chance.runs), chance.seed, draws) for point in points]
    each = max(1, BATCH // chance.runs)
    jobs = [partial(_some, made[first : first + each], chance) for first in range(0, len(made), each)]
    parts = list(in_order(jobs, chance.progress, 1 if made[0].only_here else None))
    return np.concatenate(parts).reshape(len(points), chance.runs)


def _some(ensembles: Sequence[Ensemble], chance: Chance, tell: Progress) -> FloatArray:
    batch = together(ensembles)
    for _ in batch:
        tell(len(batch.runs))
    return batch.outcomes()[chance.outcome]


def work(scenario: Scenario, runs: int, *, compared: bool) -> int:
    """Return how many run-months :func:`lean` takes."""
    return 2 * len(assumptions(scenario)) * runs * scenario.months * (2 if compared else 1)
