"""How cost grows with runs, months, recipients and donors, and how closely it follows a power.

One factor grows while the others stay; each size is timed once a round. A power of the size is
fitted to the least times, and to each round, so that its spread shows the noise of the machine.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

import numpy as np

from bench.engine import here
from bench.fit import exponent
from bench.worlds import rows, with_donors, with_rows
from hedgerow.core.engine import Batch
from hedgerow.core.scene import Scene
from hedgerow.core.world import World
from hedgerow.scenario.place import place
from hedgerow.scenario.schema import Scenario

STEPS = (1, 2, 4, 8)
DONORS = (2, 4, 8)
NAMES = ("runs", "months", "recipients", "donors")
LONGEST = 600
"""Months that a scenario may have."""
LEAST = 6
"""Months that show something, if there are so many."""
Job = Callable[[], float]
"""Does something and returns the seconds it took."""


@dataclass
class Growth:
    """How cost grows with one factor.

    Attributes
    ----------
    name : str
    varied : str
        What was varied, and what was timed.
    sizes : tuple of int
    prepare : callable
        Gives the job of a size; what it does beforehand is not timed.
    seconds : list of list of float
        Seconds by round and size.
    """

    name: str
    varied: str
    sizes: tuple[int, ...]
    prepare: Callable[[int], Job] = field(repr=False)
    seconds: list[list[float]] = field(default_factory=list)

    def measure(self, backwards: bool) -> None:
        """Time every size once more, in order or the other way round."""
        jobs = [self.prepare(size) for size in self.sizes]
        order = range(len(jobs))
        taken = {i: jobs[i]() for i in (reversed(order) if backwards else order)}
        self.seconds.append([taken[i] for i in order])

    @property
    def exponents(self) -> list[float]:
        """The exponent of each round."""
        return [exponent(self.sizes, seconds) for seconds in self.seconds]

    def as_data(self) -> dict[str, Any]:
        """Return it as plain data: the least times of all rounds, and their exponent."""
        least = [min(one) for one in zip(*self.seconds, strict=True)]
        best = exponent(self.sizes, least)
        found = [best, *self.exponents]
        return {
            "name": self.name,
            "varied": self.varied,
            "sizes": list(self.sizes),
            "seconds": least,
            "exponent": best,
            "low": min(found),
            "high": max(found),
            "rounds": self.seconds,
        }


def factors(scenario: Scenario, batch: int, months: int) -> list[Growth]:
    """Return what may grow, at sizes that suit a machine.

    Parameters
    ----------
    scenario : Scenario
    batch : int
        Runs in a batch.
    months : int
        Months of the runs in which something else grows.
    """
    short = scenario.model_copy(update={"months": months})
    size = place([short])[1].rows
    least = max(1, min(scenario.months // 4, LONGEST // STEPS[-1]))
    each = f"{batch} runs of {months} months"
    return [
        Growth(
            "runs",
            f"runs of {months} months in batches of {batch}, placing included",
            tuple(batch * n for n in STEPS),
            lambda n: lambda: here(short, n, batch).wall,
        ),
        Growth(
            "months",
            f"months of {batch} runs, placing included",
            tuple(least * n for n in STEPS),
            lambda n: _of_months(scenario, n, batch),
        ),
        Growth(
            "recipients",
            f"rows of the world, {each}: half of the {size} taken evenly, all, then "
            "two and four copies, each with its neighbours in its own copy; placing left out",
            (size // 2, size, 2 * size, 4 * size),
            lambda n: _of_rows(short, n, batch),
        ),
        Growth(
            "donors",
            f"donors, {each}, placing included: those there are, then copies of them "
            "for other states, which are recipients no more",
            DONORS,
            lambda n: _of_donors(short, n, batch),
        ),
    ]


def _of_months(scenario: Scenario, months: int, batch: int) -> Job:
    longer = scenario.model_copy(update={"months": months})
    return lambda: here(longer, batch, batch).wall


def _of_donors(scenario: Scenario, number: int, batch: int) -> Job:
    more = with_donors(scenario, number)
    return lambda: here(more, batch, batch).wall


def _of_rows(scenario: Scenario, number: int, batch: int) -> Job:
    scene, world = place([scenario] * batch)
    made = with_rows(scene, world, rows(world.rows, number))
    return lambda: _run(*made)


def _run(scene: Scene, world: World) -> float:
    runs = list(range(world.runs))
    began = perf_counter()
    batch = Batch(scene, world, 1, runs)
    for _ in batch:
        pass
    batch.outcomes()
    return perf_counter() - began


def months_within(seconds: float, months: int, a_month: float) -> int:
    """Return how many months the largest job may have so that it takes so many seconds.

    Parameters
    ----------
    seconds : float
    months : int
        The most that is of use.
    a_month : float
        Seconds that one batch takes for one month.
    """
    return int(np.clip(seconds / (STEPS[-1] * a_month), min(LEAST, months), months))
