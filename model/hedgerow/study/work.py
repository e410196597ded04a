"""What a worker does: runs of many points, in batches, and what went wrong with which."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np

from hedgerow.core.numbers import FloatArray, IntArray
from hedgerow.runs.ensemble import BATCH, Ensemble, compile_rules, together
from hedgerow.runs.manifest import FACTOR
from hedgerow.runs.posterior import policy
from hedgerow.scenario.schema import Scenario
from hedgerow.scenario.settings import with_settings
from hedgerow.workers.process import restart_clock

LONGEST = 500
"""Letters of an error that are kept."""


@dataclass(frozen=True)
class Task:
    """Runs to do, with all that is needed to do them anywhere.

    Attributes
    ----------
    chunk : str
        Name of the chunk the runs belong to.
    scenarios : dict
        Scenarios by name, with a value in place for every factor.
    names : tuple of str
        Name of the scenario of each run.
    groups : tuple
        What runs of one batch must have in common, by run.
    values : tuple of dict
        Values by path, by run.
    place, replications : numpy.ndarray
        Where each run stands in its chunk, and its number, ``(runs,)``.
    seed : int
    outcomes : tuple of str
    fixed : bool
        Whether parameters no factor varies stay as the scenario has them, or are drawn.
    attempts : int
        How often a process was lost while it did these runs.
    """

    chunk: str
    scenarios: dict[str, Scenario]
    names: tuple[str, ...]
    groups: tuple[Any, ...]
    values: tuple[dict[str, Any], ...]
    place: IntArray
    replications: IntArray
    seed: int
    outcomes: tuple[str, ...]
    fixed: bool
    attempts: int = 0

    def __len__(self) -> int:
        return len(self.place)

    def part(self, keep: slice) -> "Task":
        """Return some of the runs as a task of their own."""
        return replace(
            self,
            names=self.names[keep],
            groups=self.groups[keep],
            values=self.values[keep],
            place=self.place[keep],
            replications=self.replications[keep],
            attempts=0,
        )

    def pieces(self, number: int) -> list["Task"]:
        """Return the runs as up to so many tasks."""
        each = -(-len(self) // number)
        return [self.part(slice(i, i + each)) for i in range(0, len(self), each)]

    def ensembles(self) -> list[Ensemble]:
        """Return the runs as ensembles, one a stretch of runs of the same point."""
        draws = policy(fixed=self.fixed)
        starts = [i for i in range(len(self)) if not i or self.values[i] is not self.values[i - 1]]
        return [
            Ensemble(self.scenario(first), self.replications[first:last].tolist(), self.seed, draws)
            for first, last in pairwise([*starts, len(self)])
        ]

    def scenario(self, run: int) -> Scenario:
        """Return the scenario of a run."""
        return with_settings(self.scenarios[self.names[run]], self.values[run], FACTOR)


@dataclass(frozen=True)
class Answer:
    """What runs left: outcomes by name, ``(runs,)``, and errors by run, None where all went well.

    A run with an error has outcomes that are not a number.
    """

    place: IntArray
    outcomes: dict[str, FloatArray]
    errors: list[str | None]


def warm_up(*, fixed: bool) -> None:
    """Load and compile what every batch needs, so that no time limit counts it."""
    compile_rules()
    policy(fixed=fixed)


def work(task: Task) -> Answer:
    """Do the runs of a task, a batch at a time; a time limit is for each batch."""
    return join([_safely(part) for part in _batches(task)])


def join(parts: Sequence[Answer]) -> Answer:
    """Return answers as one, in order of place."""
    place_ = np.concatenate([p.place for p in parts])
    order = np.argsort(place_)
    outcomes = {name: np.concatenate([p.outcomes[name] for p in parts])[order] for name in parts[0].outcomes}
    errors = [error for p in parts for error in p.errors]
    return Answer(place_[order], outcomes, [errors[i] for i in order])


def failed(task: Task, error: str) -> Answer:
    """Return the answer of runs of which nothing is left."""
    nothing = np.full(len(task), np.nan)
    return Answer(task.place, dict.fromkeys(task.outcomes, nothing), [error] * len(task))


def _batches(task: Task) -> list[Task]:
    """Cut a task where the structure changes, and to the size of a batch."""
    cuts = [i for i in range(1, len(task)) if task.groups[i] != task.groups[i - 1]]
    ends = [0, *cuts, len(task)]
    return [task.part(slice(i, min(i + BATCH, last))) for first, last in pairwise(ends) for i in range(first, last, BATCH)]


def _safely(task: Task) -> Answer:
    """Do one batch; where it raises, halve it until the guilty run stands alone."""
    restart_clock()
    try:
        return _batch(task)
    except Exception as error:
        if len(task) == 1:
            return failed(task, _told(error))
    return join([_safely(half) for half in task.pieces(2)])


def _batch(task: Task) -> Answer:
    batch = together(task.ensembles())
    for _ in batch:
        pass
    found, faults = batch.measured(task.outcomes)
    nothing = np.full(len(task), np.nan)
    kept = {name: np.array(found.get(name, nothing), dtype=np.float64) for name in task.outcomes}
    return Answer(task.place, kept, [None if fault is None else _told(fault) for fault in faults])


def _told(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:LONGEST]
