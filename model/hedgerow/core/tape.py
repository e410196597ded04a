"""The shock tape: every random draw of the model, keyed by what it is for.

A draw is a function of (seed, run, owner, stream, recipient, month) and of nothing else. It does
not depend on which runs share a batch, on the number of workers, or on what a policy did before,
so two scenarios with one seed differ by policy alone (common random numbers) and any run can be
replayed by itself.

An *owner* is the world or a donor; its streams are drawn for all recipients together, month after
month, from a generator of its own. To add a draw, add a stream name to the owner's tuple.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
from numpy.random import SFC64, Generator, SeedSequence

from hedgerow.core.numbers import FloatArray, IntArray

WORLD = "world"
MAX_TIERS = 4
WORLD_UNIFORM = (
    "leadership", "regime", "centre_opening", "centre_exposure", "attendance",
    "abuse", "flag_clearing", "pushback", "statement",
)  # fmt: skip
WORLD_NORMAL = ("threat", "crime")
DONOR_UNIFORM = (
    "courses", "venue", "training_acceptance", "equipment", "equipment_acceptance", "cutoff",
    *(f"tier_{i}" for i in range(MAX_TIERS)),
)  # fmt: skip
DONOR_NORMAL = ("experience", "alignment")

_MONTHS_AT_ONCE = 4


def _name_key(name: str) -> int:
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "little")


def derive(uniform: FloatArray, name: str) -> FloatArray:
    """Turn uniform draws into further ones, independent for every name.

    For draws needed too rarely to deserve a stream. Mixes the bits with the finaliser of
    SplitMix64 (Steele, Lea and Flood 2014, doi:10.1145/2660193.2660195).

    Parameters
    ----------
    uniform : array, any shape
        Draws from a stream, in [0, 1).
    name : str
        What the new draw is for.
    """
    bits = np.ascontiguousarray(uniform, dtype=np.float64).view(np.uint64) ^ np.uint64(
        _name_key(name)
    )
    bits = (bits ^ (bits >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    bits = (bits ^ (bits >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    bits ^= bits >> np.uint64(31)
    return (bits >> np.uint64(11)).astype(np.float64) * 2.0**-53


class _Owner:
    """The streams of one owner, read forward a few months at a time."""

    def __init__(self, seed: int, runs: Sequence[int], name: str, slots: int) -> None:
        world = name == WORLD
        uniform = WORLD_UNIFORM if world else DONOR_UNIFORM
        normal = WORLD_NORMAL if world else DONOR_NORMAL
        self.index = {s: (0, i) for i, s in enumerate(uniform)}
        self.index |= {s: (1, i) for i, s in enumerate(normal)}
        shapes = [(len(runs), _MONTHS_AT_ONCE, len(s), slots) for s in (uniform, normal)]
        self.blocks = [np.empty(shape) for shape in shapes]
        key = _name_key(name)
        seeds = [SeedSequence((seed, run, key)).spawn(2) for run in runs]
        self.generators = [tuple(Generator(SFC64(s)) for s in pair) for pair in seeds]
        self.filled = 0

    def at(self, stream: str, month: int) -> FloatArray:
        while month >= self.filled:
            for i, (uniform, normal) in enumerate(self.generators):
                uniform.random(out=self.blocks[0][i])
                normal.standard_normal(out=self.blocks[1][i])
            self.filled += _MONTHS_AT_ONCE
        if month < self.filled - _MONTHS_AT_ONCE:
            raise ValueError(f"the tape only runs forward: month {month} has gone by")
        kind, i = self.index[stream]
        return self.blocks[kind][:, month % _MONTHS_AT_ONCE, i]


class Tape:
    """All draws of a batch of runs.

    Parameters
    ----------
    seed : int
        Seed of the experiment.
    runs : sequence of int
        Number of each run in the batch; run 7 draws the same alone or among others.
    owners : sequence of str
        Donor codes, besides the world.
    slots : int
        Number of recipients in the full table; a recipient keeps its slot in every scenario.
    """

    def __init__(self, seed: int, runs: Sequence[int], owners: Sequence[str], slots: int) -> None:
        names = (WORLD, *owners)
        self._owners = {name: _Owner(seed, runs, name, slots) for name in names}

    def month(self, month: int, slots: IntArray | None = None) -> "Draws":
        """Return the draws of one month, counted from the start at 0."""
        return Draws(self, month, slots)

    def read(self, owner: str, stream: str, month: int) -> FloatArray:
        """Return one stream in one month, ``(runs, slots)``."""
        return self._owners[owner].at(stream, month)


@dataclass(frozen=True)
class Draws:
    """The draws of one month, in the order of the world's rows."""

    tape: Tape
    index: int
    slots: IntArray | None = None

    def __call__(self, stream: str, owner: str = WORLD) -> FloatArray:
        """Return ``(runs, rows)`` draws: uniform in [0, 1) or standard normal."""
        values = self.tape.read(owner, stream, self.index)
        return values if self.slots is None else values[:, self.slots]

    def once(self, stream: str, name: str, owner: str = WORLD) -> FloatArray:
        """Return one uniform draw a run, ``(runs, 1)``, for what happens once a month."""
        return derive(self.tape.read(owner, stream, self.index)[:, :1], name)
