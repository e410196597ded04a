"""The rival: ``mesa.batch_run`` over ``hedgerow.Model``, as a Mesa user would run it."""

import os
from collections import defaultdict
from functools import cache
from time import perf_counter

from mesa.batchrunner import batch_run

from bench.fit import Timing
from hedgerow.mesa import Model
from hedgerow.scenario.load import load
from hedgerow.scenario.schema import Scenario
from hedgerow.workers.pool import without_main

BASELINE = "baseline-2022-25"
SPAN = "span"


@cache
def _warm(one_by_one: bool) -> None:
    """Let a process read and compile what it needs, once, before its first run is timed."""
    Model(load(BASELINE, (), 1), one_by_one=one_by_one).step()


class Timed(Model):
    """A model that notes, among its data, the process it ran in and when it began and ended."""

    def __init__(self, scenario: Scenario, *, run: int = 0, one_by_one: bool = False) -> None:
        _warm(one_by_one)
        began = perf_counter()
        super().__init__(scenario, run=run, one_by_one=one_by_one)
        self.began = began

    def step(self) -> None:
        """Take everybody through one month, and after the last note the time."""
        super().step()
        if not self.running:
            span = (os.getpid(), self.began, perf_counter())
            self.datacollector.model_vars[SPAN] = [span] * self.steps


def mesa(scenario: Scenario, runs: int, processes: int, *, one_by_one: bool) -> Timing:
    """Return how fast Mesa's runner is.

    The rate is the sum over processes of the runs of each over the time from the beginning of its
    first to the end of its last, so neither start-up nor a process that has run out of work counts
    against Mesa.
    """
    given = {"scenario": [scenario], "run": list(range(runs)), "one_by_one": [one_by_one]}
    began = perf_counter()
    with without_main():
        rows = batch_run(Timed, given, number_processes=processes, display_progress=False)
    wall = perf_counter() - began
    spans = {row["RunId"]: row[SPAN] for row in rows}
    return Timing(runs, sum_of_rates(list(spans.values())), wall)


def sum_of_rates(spans: list[tuple[int, float, float]]) -> float:
    """Return runs a second from the process, beginning and end of each run."""
    by_process: dict[int, list[tuple[float, float]]] = defaultdict(list)
    for process, began, ended in spans:
        by_process[process].append((began, ended))
    return sum(len(own) / (max(end for _, end in own) - min(start for start, _ in own)) for own in by_process.values())
