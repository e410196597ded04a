"""Known answers: the inference on trial where the truth is known.

Simulation-based calibration (Talts et al. 2018, arXiv:1804.06788): draw parameters from the prior,
simulate a record, infer, and see where the truth ranks among the draws. Ranks are even if the
inference is right, heap in the middle if it is too cautious, at the ends if it is too bold.
``python -m hedgerow.fit.known`` does it on a simulator of its own, whose noise is Poisson.
"""

import sys

import numpy as np
from numpy.random import Generator

from hedgerow.core.numbers import FloatArray
from hedgerow.fit.emulator import Emulator
from hedgerow.fit.inference import CHAINS, Evidence, Simulator, infer
from hedgerow.fit.sampling import Density, sample, start

LEVELS = (0.5, 0.8, 0.9)
DRAWS = 199
"""Draws among which a truth is ranked."""
TOY_PARAMETERS = 3


def toy(rng: Generator) -> Simulator:
    """Return a cheap simulator: five Poisson counts of three parameters, on their steady scale."""

    def simulate(cube: FloatArray) -> FloatArray:
        a, b, c = cube.T
        rates = (10 + 40 * a, 60 * np.exp(-b), 15 + 30 * a * b, 20 + 25 * c, 50 - 20 * c + 10 * b)
        counts = rng.poisson(np.column_stack(rates))
        return np.asarray(2.0 * np.sqrt(counts + 0.375))

    return simulate


def ranks_of_toy(records: int, seed: int, *, waves: int = 3, runs: int = 400) -> FloatArray:
    """Return ranks of true parameters of a simulator whose truth is known.

    Parameters
    ----------
    records : int
        How often a truth is drawn and inferred from its record.
    seed : int
    waves, runs : int
        Of each inference.

    Returns
    -------
    ndarray
        ``(records, parameters)``, 0-1.
    """
    found = []
    for number in range(records):
        rng = np.random.default_rng((seed, number))
        truth = rng.random((1, TOY_PARAMETERS))
        told = Evidence(toy(rng)(truth)[0], np.full(5, 1e-3))
        learnt = infer(toy(rng), told, TOY_PARAMETERS, waves=waves, runs=runs, seed=seed + number)
        found.append(_rank(learnt.draw(DRAWS, rng), truth[0]))
    return np.array(found)


def ranks_of_wave(
    cube: FloatArray, steady: FloatArray, error: FloatArray, prior: Density, *, records: int, rng: Generator
) -> FloatArray:
    """Return ranks of the parameters of simulated records, at no cost in runs.

    The last wave of a calibration holds thousands of records whose parameters are known. Some are
    set aside; an emulator is fitted to the others, and the parameters of those set aside are
    inferred under the prior that the wave was drawn from.

    Parameters
    ----------
    cube : (runs, parameters)
    steady : (runs, statistics)
    error : (statistics,)
        Sd of error and discrepancy, added to each record set aside as a draw.
    prior : callable
        Log density that the wave was drawn from.
    records : int
        How many are set aside.
    rng : Generator
    """
    order = rng.permutation(len(cube))
    tried, kept = order[:records], order[records:]
    emulator = Emulator.fit(cube[kept], steady[kept])
    found = []
    for i in tried:
        likely = emulator.likelihood(steady[i] + error * rng.standard_normal(len(error)), error)

        def density(at: FloatArray, likely: Density = likely) -> FloatArray:
            return likely(at) + prior(at)

        first = start(density, CHAINS, cube[kept], rng)
        found.append(_rank(sample(density, first, DRAWS, rng), cube[i]))
    return np.array(found)


def _rank(draws: FloatArray, truth: FloatArray) -> FloatArray:
    return np.asarray((draws < truth).mean(axis=0))


def coverage(ranks: FloatArray) -> list[dict[str, float]]:
    """Return how often central intervals held the truth, beside how often they should.

    Parameters
    ----------
    ranks : (records, parameters)

    Returns
    -------
    list of dict
        ``level``, ``held``, and ``low`` and ``high``: between which ``held`` lies in 95 of 100
        cases if the inference is right, taking the parameters of a record as one case.
    """
    rows = []
    for level in LEVELS:
        inside = np.abs(ranks - 0.5) <= level / 2.0
        slack = 1.96 * np.sqrt(level * (1.0 - level) / len(ranks))
        held = float(inside.mean())
        rows.append({"level": level, "held": held, "low": level - slack, "high": level + slack})
    return rows


def main() -> None:
    """Print the coverage of the inference on the simulator whose truth is known."""
    records = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    for row in coverage(ranks_of_toy(records, seed=1)):
        span = f"{row['low']:.0%} to {row['high']:.0%} would do"
        print(f"{row['level']:.0%} intervals held the truth {row['held']:.0%} of the time ({span})")


if __name__ == "__main__":
    main()
