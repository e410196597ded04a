"""What is raced: each contest is one way of running the baseline, with some processes.

To add one, add a line to :func:`contests` and, if it is another kind of work, a function that
returns a :class:`~bench.fit.Timing` for a number of runs.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from bench import engine, rival
from bench.fit import Timing
from hedgerow.runs.ensemble import BATCH
from hedgerow.scenario.schema import Scenario

ONE_BY_ONE, DEFAULT = "mesa-one-by-one", "mesa"
BATCHES, SWEEP, FLOOR = "batches", "sweep", "floor"
PILOT = 6
"""Months of the run that tells how many runs a measurement can have."""
PIECES = 4
"""Chunks a process must have in a sweep for a steady rate."""


@dataclass
class Contest:
    """One way of running the baseline.

    Attributes
    ----------
    name : str
        What it is called in the data.
    what : str
        What it is called on the screen.
    processes : int
    run : callable
        Times a number of runs.
    runs : int
        Runs of one measurement.
    timings : list of Timing
        One a round.
    peak : int
        Largest memory of the process tree meanwhile, bytes.
    """

    name: str
    what: str
    processes: int
    run: Callable[[int], Timing] = field(repr=False)
    runs: int = 1
    timings: list[Timing] = field(default_factory=list)
    peak: int = 0

    @property
    def rate(self) -> float:
        """Runs a second in the best round, as whatever else a machine does only slows it down."""
        return max(timing.rate for timing in self.timings)

    def as_data(self) -> dict[str, Any]:
        """Return it as plain data."""
        rates = [timing.rate for timing in self.timings]
        return {
            "name": self.name,
            "what": self.what,
            "processes": self.processes,
            "runs": self.runs,
            "runs_a_second": self.rate,
            "median": median(rates),
            "rounds": rates,
            "steady": all(timing.steady for timing in self.timings),
            "startup_seconds": median(timing.startup for timing in self.timings),
            "wall_seconds": median(timing.wall for timing in self.timings),
            "peak_bytes": self.peak,
        }


def contests(scenario: Scenario, cores: int) -> list[Contest]:
    """Return all contests: by one process, then by as many as there are processors."""
    alone = [
        *_mesa(scenario, 1),
        Contest("one-run-worlds", "worlds of one run, no Mesa", 1, lambda n: engine.here(scenario, n, 1)),
        Contest(BATCHES, f"batches of {BATCH} runs", 1, lambda n: engine.here(scenario, n)),
        Contest(FLOOR, "random draws alone: the floor", 1, lambda n: engine.floor(scenario, n)),
        _sweep(scenario.months, 1),
    ]
    if cores == 1:
        return alone
    return [*alone, *_mesa(scenario, cores), _sweep(scenario.months, cores)]


def _mesa(scenario: Scenario, processes: int) -> list[Contest]:
    def run(one_by_one: bool) -> Callable[[int], Timing]:
        return lambda n: rival.mesa(scenario, n, processes, one_by_one=one_by_one)

    return [
        Contest(ONE_BY_ONE, "Mesa, agents asked one by one", processes, run(True)),
        Contest(DEFAULT, "Mesa, its default step", processes, run(False)),
    ]


def _sweep(months: int, processes: int) -> Contest:
    return Contest(SWEEP, "hedgerow sweep, outcomes on disk", processes, lambda n: engine.swept(months, n, processes))


def size(found: list[Contest], scenario: Scenario, seconds: float, most: int | None) -> None:
    """Set how many runs each contest has, so that a measurement takes about so many seconds.

    Parameters
    ----------
    found : list of Contest
    scenario : Scenario
    seconds : float
    most : int, optional
        Runs that no measurement may exceed, but for one run a process, without which there is
        nothing to measure.
    """
    known = _pilot(scenario)
    for contest in found:
        affordable = int(known[contest.name] * seconds * contest.processes)
        if contest.name == SWEEP:
            affordable = max(affordable, PIECES * BATCH * contest.processes)
        if most is not None:
            affordable = min(affordable, most)
        contest.runs = max(affordable, contest.processes)


def _pilot(scenario: Scenario) -> dict[str, float]:
    """Return about how many runs a second one process does, by contest, and warm this one up."""
    months = min(scenario.months, PILOT)
    short = scenario.model_copy(update={"months": months})
    jobs = {c.name: c for c in contests(short, 1) if c.name != SWEEP}
    found = {}
    for name, contest in jobs.items():
        runs = BATCH if name in (BATCHES, FLOOR) else 1
        if name != ONE_BY_ONE:
            contest.run(1)
        found[name] = contest.run(runs).rate * months / scenario.months
    return found | {SWEEP: found[BATCHES]}
