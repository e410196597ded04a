"""The sitting: everything is measured round after round, to and fro, and gathered in a report.

Every second round goes backwards, so that a machine that slows down or speeds up meanwhile favours
nobody, and a figure is that of the best round, which other work has disturbed least.
"""

from dataclasses import dataclass
from typing import Any

from bench import growth
from bench.contests import BATCHES, DEFAULT, FLOOR, ONE_BY_ONE, SWEEP, Contest, contests, size
from bench.engine import here
from bench.growth import Growth
from bench.machine import cores, machine
from bench.memory import Watch
from bench.rival import BASELINE
from hedgerow.runs.ensemble import BATCH
from hedgerow.runs.threads import Progress
from hedgerow.scenario.load import load
from hedgerow.scenario.schema import Scenario


@dataclass(frozen=True)
class Report:
    """What a bench found; ``as_data`` is all of it."""

    settings: dict[str, Any]
    machine: dict[str, Any]
    contests: list[Contest]
    growth: list[Growth]
    peak: int
    method: str

    def rate(self, name: str, processes: int = 1) -> float:
        """Return runs a second of a contest.

        Raises
        ------
        KeyError
            If there is none of that name with so many processes.
        """
        for contest in self.contests:
            if (contest.name, contest.processes) == (name, processes):
                return contest.rate
        raise KeyError(f"{name} with {processes} processes")

    def as_data(self) -> dict[str, Any]:
        """Return every figure as plain data."""
        many = self.machine["cores"]
        return {
            "settings": self.settings,
            "machine": self.machine,
            "contests": [c.as_data() | self._ratios(c) for c in self.contests],
            "times_the_floor": self.rate(FLOOR) / self.rate(BATCHES),
            "all_cores_to_one": self.rate(SWEEP, many) / self.rate(SWEEP),
            "memory": {"peak_bytes": self.peak, "method": self.method},
            "growth": [g.as_data() for g in self.growth],
        }

    def _ratios(self, contest: Contest) -> dict[str, float]:
        """Return how many times faster it is than Mesa with as many processes."""
        return {
            "times_one_by_one": contest.rate / self.rate(ONE_BY_ONE, contest.processes),
            "times_mesa": contest.rate / self.rate(DEFAULT, contest.processes),
        }


def bench(
    *,
    seconds: float = 3.0,
    rounds: int = 3,
    months: int | None = None,
    runs: int | None = None,
    progress: Progress | None = None,
) -> Report:
    """Measure everything on the machine at hand.

    Parameters
    ----------
    seconds : float
        About how long one measurement may take; each does one run a process at least.
    rounds : int
        How often each is taken.
    months : int, optional
        Months of a run, those of the baseline by default.
    runs : int, optional
        Runs that no measurement may exceed, but for one a process.
    progress : callable, optional
        Called with the measurements finished since the last call.

    Raises
    ------
    ScenarioError
        If there cannot be so many months.
    """
    where = machine()
    scenario = load(BASELINE, (), months)
    raced, grown = contests(scenario, cores()), _grown(scenario, seconds, runs)
    size(raced, scenario, seconds, runs)
    with Watch() as watch:
        for number in range(rounds):
            one_round(raced, grown, watch, number % 2 == 1, progress or (lambda _: None))
    settings = {
        "scenario": BASELINE,
        "months": scenario.months,
        "batch": BATCH,
        "seconds": seconds,
        "rounds": rounds,
        "most_runs": runs,
    }
    return Report(settings, where, raced, grown, watch.peak, watch.method)


def measurements(rounds: int) -> int:
    """Return how many measurements a bench takes."""
    return rounds * (len(contests(load(BASELINE), cores())) + len(growth.NAMES))


def _grown(scenario: Scenario, seconds: float, runs: int | None) -> list[Growth]:
    batch = min(BATCH, runs or BATCH)
    pilot = min(scenario.months, 6)
    short = scenario.model_copy(update={"months": pilot})
    here(short, 1)
    a_month = here(short, batch, batch).wall / pilot
    return growth.factors(scenario, batch, growth.months_within(seconds, scenario.months, a_month))


def one_round(raced: list[Contest], grown: list[Growth], watch: Watch, backwards: bool, progress: Progress) -> None:
    """Take every measurement once, in order or the other way round."""
    for contest in reversed(raced) if backwards else raced:
        watch.lap()
        contest.timings.append(contest.run(contest.runs))
        contest.peak = max(contest.peak, watch.lap())
        progress(1)
    for one in reversed(grown) if backwards else grown:
        one.measure(backwards)
        progress(1)
