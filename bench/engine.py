"""The engine, raced: runs in this process, sweeps by one process or several, the draws alone."""

from collections import deque
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from bench.fit import Timing, steady
from bench.rival import BASELINE
from hedgerow.core.engine import Batch
from hedgerow.core.numbers import IntArray
from hedgerow.core.tape import Keys, Tape
from hedgerow.runs.ensemble import BATCH, Ensemble, batches
from hedgerow.scenario.place import place
from hedgerow.scenario.schema import Scenario
from hedgerow.study import plan
from hedgerow.study.sweep import sweep

Stream = tuple[str, str, int]
NORMAL = ("alignment", "crime", "experience", "threat")
"""Streams read as standard normal draws; all others are uniform."""

ONCE = ("budget", "held")
"""How the names of streams begin of which one draw is read a month."""

STUDY = """
[study]
name = "bench"
base = "{base}"
months = {months}
replications = {runs}
seed = 1
[design]
method = "grid"
[design.factors]
"policies.leahy.strictness" = {{ values = [1.0] }}
"""
"""The baseline over and over: the factor has the value it has there."""


def here(scenario: Scenario, runs: int, size: int = BATCH) -> Timing:
    """Return how fast this process runs batches of a size, outcomes kept and nothing else."""
    began = perf_counter()
    deque(batches(Ensemble(scenario, range(runs), 1), size=size, ledger=False, panel=False, workers=1), maxlen=0)
    wall = perf_counter() - began
    return Timing(runs, runs / wall, wall)


def swept(months: int, runs: int, workers: int) -> Timing:
    """Return how fast a sweep is, outcomes kept in a store that is thrown away."""
    with TemporaryDirectory(prefix="hedgerow-bench-") as folder:
        text = STUDY.format(base=BASELINE, months=months, runs=runs)
        study = plan.parse(text, Path(folder) / "study.toml", Path(folder))
        moments: list[float] = []
        finished: list[int] = []

        def heard(number: int) -> None:
            if number:
                moments.append(perf_counter())
                finished.append(number)

        began = perf_counter()
        sweep(study, Path(folder) / "results", workers=workers, progress=heard)
        return steady(moments, finished, workers, perf_counter() - began)


def floor(scenario: Scenario, runs: int) -> Timing:
    """Return how fast runs could be if all they did were to draw their random numbers."""
    streams = read(scenario)
    _, world = place([scenario])
    began = perf_counter()
    for first in range(0, runs, BATCH):
        numbers = range(first, min(first + BATCH, runs))
        draw(streams, Tape(1, list(numbers)), world.facts.slot)
    wall = perf_counter() - began
    return Timing(runs, runs / wall, wall)


def read(scenario: Scenario) -> list[Stream]:
    """Return what a run reads from its tape, month by month: owner, stream and month."""
    scene, world = place([scenario])
    batch, tape = Batch(scene, world, 1, [0]), Heard(1, [0])
    batch._tape = tape
    deque(batch, maxlen=0)
    return tape.asked


class Heard(Tape):
    """A tape that remembers what was asked of it."""

    @cached_property
    def asked(self) -> list[Stream]:
        """Owners, streams and months, in the order in which they were asked for."""
        return []

    def keys(self, owner: str, stream: str, month: int) -> Keys:
        """Return the key of a stream in a month, and remember it."""
        self.asked.append((owner, stream, month))
        return super().keys(owner, stream, month)


def draw(streams: list[Stream], tape: Tape, slots: IntArray) -> None:
    """Draw all that runs read from a tape, for every row, and do nothing with it."""
    for owner, stream, month in streams:
        draws = tape.month(month, slots)
        if stream.startswith(ONCE):
            draws.once(stream, owner)
        elif stream in NORMAL:
            draws.normal(stream, owner)
        else:
            draws.uniform(stream, owner)
