"""From simulated waves to a posterior: emulate, weigh against the record, draw.

Knows nothing of states or meetings, so that the same code is tried on simulators whose answer is
known (:mod:`hedgerow.fit.known`).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from hedgerow.core.numbers import FloatArray
from hedgerow.fit.emulator import Emulator, Likelihood
from hedgerow.fit.sampling import Density, cube_points, sample, start

TEMPER = 2.0
"""How much flatter than the posterior a wave is drawn, so that it surrounds what it looks for."""
POOL = 4000
"""Points of the prior among which chains start, besides those already simulated."""
CHAINS = 256
STEPS = 25
"""Steps of a chain for each parameter, and for five more."""

Simulator = Callable[[FloatArray], FloatArray]
"""Steady statistics of one run at each point of the cube."""


@dataclass(frozen=True)
class Evidence:
    """The record on the steady scale: statistics and the sd of error and discrepancy."""

    observed: FloatArray
    error: FloatArray


@dataclass(frozen=True)
class Inference:
    """What some waves say of the parameters.

    Attributes
    ----------
    emulator : Emulator
    log_density : callable
        Log posterior density up to a constant, as the prior is even in the cube.
    pool : (points, parameters)
        Where chains may start.
    """

    emulator: Emulator
    log_density: Likelihood
    pool: FloatArray

    @classmethod
    def of(cls, cubes: list[FloatArray], steady: list[FloatArray], evidence: Evidence, rng: Generator) -> "Inference":
        """Learn from waves, the last of which knows best.

        Only the last two are kept, so that from the third on the first, drawn from the whole prior,
        is let go: a quadratic that fits far from the record would fit badly near it.
        """
        kept = slice(-2, None)
        points, values = np.concatenate(cubes[kept]), np.concatenate(steady[kept])
        pool = np.concatenate([points, cube_points(POOL, points.shape[1], rng)])
        emulator = Emulator.fit(points, values)
        return cls(emulator, emulator.likelihood(evidence.observed, evidence.error), pool)

    def draw(self, draws: int, rng: Generator, temper: float = 1.0) -> FloatArray:
        """Return draws from the posterior, or from a flatter one, ``(draws, parameters)``."""
        density = self.tempered(temper)
        first = start(density, CHAINS, self.pool, rng)
        return sample(density, first, draws, rng, STEPS * (first.shape[1] + 5))

    def tempered(self, temper: float = TEMPER) -> Density:
        """Return the log density of a flatter posterior, which waves are drawn from."""
        return lambda cube: np.asarray(self.log_density(cube) / temper)


def next_points(number: int, runs: int, dimensions: int, learnt: Callable[[], Inference], rng: Generator) -> FloatArray:
    """Return where wave ``number`` looks: everywhere first, then around the posterior."""
    if number == 0:
        return cube_points(runs, dimensions, rng)
    return learnt().draw(runs, rng, TEMPER)


def infer(simulator: Simulator, evidence: Evidence, dimensions: int, *, waves: int, runs: int, seed: int) -> Inference:
    """Infer the parameters of any simulator from one record of it.

    Parameters
    ----------
    simulator : callable
    evidence : Evidence
    dimensions : int
        Number of parameters, each uniform in the unit cube.
    waves, runs : int
        Number of waves and the runs of each.
    seed : int
    """
    cubes: list[FloatArray] = []
    steady: list[FloatArray] = []
    for number in range(waves):
        rng = np.random.default_rng((seed, number))
        learnt = _learner(cubes, steady, evidence, rng)
        cubes.append(next_points(number, runs, dimensions, learnt, rng))
        steady.append(simulator(cubes[-1]))
    return Inference.of(cubes, steady, evidence, np.random.default_rng((seed, waves)))


def _learner(
    cubes: list[FloatArray], steady: list[FloatArray], evidence: Evidence, rng: Generator
) -> Callable[[], Inference]:
    return lambda: Inference.of(cubes, steady, evidence, rng)
