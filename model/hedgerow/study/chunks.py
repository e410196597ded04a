"""What is run in what order: rounds of replications, cut into chunks, the same on every machine.

A chunk is the unit that is lost in a crash and kept in a part of the store. How a study is cut
depends on the study alone, never on workers or on what was done before.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from hedgerow.core.numbers import IntArray
from hedgerow.runs.manifest import SCENARIO
from hedgerow.study.plan import Study, groups
from hedgerow.study.studyfile import Stop
from hedgerow.study.work import Task

LEAST, LARGEST = 64, 512
"""Runs in a chunk."""
SHARES = 32
"""A study that is small is cut into about so many chunks, so that processes can share it."""
LEVEL = 0.95


@dataclass(frozen=True)
class Chunk:
    """Runs that are done and kept together: their points and replications, ``(runs,)``."""

    name: str
    points: IntArray
    replications: IntArray

    def __len__(self) -> int:
        return len(self.points)


def ends(stop: Stop, first: int, last: int) -> list[int]:
    """Return after how many replications each round from one number to another ends."""
    if not stop.outcome:
        return [last]
    return [*range(first + stop.every, last, stop.every), last]


def cut(study: Study, number: int, first: int, last: int, active: IntArray) -> list[Chunk]:
    """Return the chunks of a round.

    Parameters
    ----------
    study : Study
    number : int
        Number of the round.
    first, last : int
        Replications from the first to the one before the last.
    active : numpy.ndarray
        Points that still need runs.
    """
    points = np.repeat(_grouped(study, active), last - first)
    replications = np.tile(np.arange(first, last), len(active))
    each = int(np.clip(LEAST * -(-len(points) // (LEAST * SHARES)), LEAST, LARGEST))
    return [
        Chunk(f"{number:03d}-{i // each:06d}", points[i : i + each], replications[i : i + each])
        for i in range(0, len(points), each)
    ]


def _grouped(study: Study, active: IntArray) -> IntArray:
    """Return points so that those which one batch can hold stand together."""
    alike: dict[object, list[int]] = {}
    kinds = groups(study)
    for point in active.tolist():
        alike.setdefault(kinds[point], []).append(point)
    return np.array([p for points in alike.values() for p in points], dtype=np.int64)


def task(study: Study, chunk: Chunk) -> Task:
    """Return a chunk with all that is needed to run it anywhere."""
    kinds = groups(study) if study.fixed else None
    values = {int(p): study.values(int(p)) for p in np.unique(chunk.points)}
    base = study.head.base
    names = {p: v.pop(SCENARIO, base) for p, v in values.items()}
    order = chunk.points.tolist()
    return Task(
        chunk.name,
        {n: study.scenarios[n] for n in dict.fromkeys(names.values())},
        tuple(names[p] for p in order),
        tuple(kinds[p] if kinds else () for p in order),
        tuple(values[p] for p in order),
        np.arange(len(chunk)),
        chunk.replications,
        study.head.seed,
        study.outcomes,
        study.head.fixed,
    )


def unsettled(stop: Stop, done: pd.DataFrame, active: Sequence[int]) -> list[int]:
    """Return the points whose interval is still wider than the study asks for.

    Parameters
    ----------
    stop : Stop
    done : pandas.DataFrame
        Columns ``point``, ``replication`` and the outcome, for the runs that went well.
    active : sequence of int
        Points that ran in the last round.
    """
    values = done.sort_values(["point", "replication"]).groupby("point")[stop.outcome]
    count, spread = values.count(), values.std()
    times = pd.Series(stdtrit(np.maximum(count - 1, 1), (1 + LEVEL) / 2), index=count.index)
    half: pd.Series[float] = times * spread / np.sqrt(count)
    settled: set[int] = set(half.index[(half <= stop.half_width) & (count > 1)])
    return [p for p in active if p not in settled]
