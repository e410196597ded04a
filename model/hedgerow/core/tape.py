"""The shock tape: every random draw of the model, keyed by what it is for.

A draw is a function of (seed, run, owner, stream, month, slot) and of nothing else: not of which runs share a batch, of
the number of workers, nor of what a policy did before. So two scenarios with one seed differ by policy alone (common
random numbers), any run can be replayed by itself, and a draw nobody needs costs nothing.

The first five make a *key*; the slot-th output of SplitMix64 (Steele, Lea and Flood 2014,
doi:10.1145/2660193.2660195) seeded with the key is the draw. An owner is the world or a donor. To
add a draw, name a new stream.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from hashlib import blake2b

import numpy as np
from numba import uint64
from numpy.random import SeedSequence
from numpy.typing import NDArray
from scipy.special import ndtri

from hedgerow.core.compiled import elementwise, kernel, rule
from hedgerow.core.numbers import FloatArray, IntArray

WORLD = "world"
Keys = NDArray[np.uint64]
"""One key a run, ``(runs,)``."""

_STEP = 0x9E3779B97F4A7C15


@cache
def _name(owner: str, stream: str) -> int:
    return int.from_bytes(blake2b(f"{owner}\n{stream}".encode(), digest_size=8).digest(), "little")


@rule
def _mix(bits: np.uint64) -> np.uint64:
    """Return the output of SplitMix64 at a state."""
    bits = (bits ^ (bits >> uint64(30))) * uint64(0xBF58476D1CE4E5B9)
    bits = (bits ^ (bits >> uint64(27))) * uint64(0x94D049BB133111EB)
    return bits ^ (bits >> uint64(31))


@rule
def uniform(key: np.uint64, slot: int) -> float:
    """Return one draw in [0, 1)."""
    bits = _mix(key + uint64(slot + 1) * uint64(_STEP))
    return float(bits >> uint64(11)) * 2.0**-53


@rule
def _polynomial(x: float, c: tuple[float, ...]) -> float:
    upper = (((c[0] * x + c[1]) * x + c[2]) * x + c[3]) * x + c[4]
    return ((upper * x + c[5]) * x + c[6]) * x + c[7]  # spelled out: a loop is three times slower


@rule
def _ratio(x: float, top: tuple[float, ...], bottom: tuple[float, ...]) -> float:
    return _polynomial(x, top) / _polynomial(x, bottom)


_CENTRE = (
    (2.5090809287301226727e3, 3.3430575583588128105e4, 6.7265770927008700853e4, 4.5921953931549871457e4,
     1.3731693765509461125e4, 1.9715909503065514427e3, 1.3314166789178437745e2, 3.3871328727963666080),
    (5.2264952788528545610e3, 2.8729085735721942674e4, 3.9307895800092710610e4, 2.1213794301586595867e4,
     5.3941960214247511077e3, 6.8718700749205790830e2, 4.2313330701600911252e1, 1.0),
)  # fmt: skip
_TAIL = (
    (7.74545014278341407640e-4, 2.27238449892691845833e-2, 2.41780725177450611770e-1, 1.27045825245236838258,
     3.64784832476320460504, 5.76949722146069140550, 4.63033784615654529590, 1.42343711074968357734),
    (1.05075007164441684324e-9, 5.47593808499534494600e-4, 1.51986665636164571966e-2, 1.48103976427480074590e-1,
     6.89767334985100004550e-1, 1.67638483018380384940, 2.05319162663775882187, 1.0),
)  # fmt: skip
_FAR_TAIL = (
    (2.01033439929228813265e-7, 2.71155556874348757815e-5, 1.24266094738807843860e-3, 2.65321895265761230930e-2,
     2.96560571828504891230e-1, 1.78482653991729133580, 5.46378491116411436990, 6.65790464350110377720),
    (2.04426310338993978564e-15, 1.42151175831644588870e-7, 1.84631831751005468180e-5, 7.86869131145613259100e-4,
     1.48753612908506148525e-2, 1.36929880922735805310e-1, 5.99832206555887937690e-1, 1.0),
)  # fmt: skip


@elementwise
def normal_quantile(p: float) -> float:
    """Return the standard normal quantile of ``p`` in (0, 1), to 16 digits.

    Rational approximation of Wichura 1988 (AS 241, doi:10.2307/2347330).
    """
    q = p - 0.5
    if abs(q) <= 0.425:
        return q * _ratio(0.180625 - q * q, _CENTRE[0], _CENTRE[1])
    r = np.sqrt(-np.log(min(p, 1.0 - p)))
    far = _ratio(r - 1.6, _TAIL[0], _TAIL[1]) if r <= 5.0 else _ratio(r - 5.0, _FAR_TAIL[0], _FAR_TAIL[1])
    return far if q > 0 else -far


_EDGE, _CELLS = 1.0 / 32.0, 256


def _cells() -> FloatArray:
    """Return a cubic for each cell of the middle of the normal quantile, ``(cells, 4)``."""
    ends = np.linspace(_EDGE, 1.0 - _EDGE, _CELLS + 1)
    z = ndtri(ends)
    slope = np.sqrt(2.0 * np.pi) * np.exp(z * z / 2.0) * (ends[1] - ends[0])
    rise, before, after = np.diff(z), slope[:-1], slope[1:]
    terms = [after + before - 2.0 * rise, 3.0 * rise - 2.0 * before - after, before, z[:-1]]
    return np.ascontiguousarray(np.stack(terms, axis=1))


_CUBICS = _cells()


@rule
def normal(key: np.uint64, slot: int) -> float:
    """Return one standard normal draw, by inversion of a uniform one.

    All but the tails come from a table of cubics, within 2e-6 of the quantile: four times as fast.
    """
    bits = _mix(key + uint64(slot + 1) * uint64(_STEP))
    u = (float(bits >> uint64(12)) + 0.5) * 2.0**-52
    x = (u - _EDGE) * (_CELLS / (1.0 - 2.0 * _EDGE))
    if not 0.0 <= x < _CELLS:
        return normal_quantile(u)
    k = int(x)
    t = x - k
    return float(((_CUBICS[k, 0] * t + _CUBICS[k, 1]) * t + _CUBICS[k, 2]) * t + _CUBICS[k, 3])


@kernel
def _keys(states: Keys, name: np.uint64, month: int) -> Keys:
    keys = np.empty_like(states)
    for run in range(len(states)):
        keys[run] = _mix(_mix(states[run] ^ name) + uint64(month) * uint64(_STEP))
    return keys


@kernel
def _fill_uniform(keys: Keys, slots: IntArray) -> FloatArray:
    out = np.empty((len(keys), len(slots)))
    for run in range(len(keys)):
        for i in range(len(slots)):
            out[run, i] = uniform(keys[run], slots[i])
    return out


@kernel
def _fill_normal(keys: Keys, slots: IntArray) -> FloatArray:
    out = np.empty((len(keys), len(slots)))
    for run in range(len(keys)):
        for i in range(len(slots)):
            out[run, i] = normal(keys[run], slots[i])
    return out


@dataclass(frozen=True)
class Tape:
    """All draws of a batch of runs.

    Parameters
    ----------
    seed : int
        Seed of the experiment.
    runs : sequence of int
        Number of each run in the batch; run 7 draws the same alone or among others.
    """

    seed: int
    runs: Sequence[int]
    _states: Keys = field(init=False, repr=False)

    def __post_init__(self) -> None:
        states = [SeedSequence((self.seed, run)).generate_state(1, np.uint64) for run in self.runs]
        object.__setattr__(self, "_states", np.concatenate(states))

    def keys(self, owner: str, stream: str, month: int) -> Keys:
        """Return the key of a stream in a month, counted from the start at 0, ``(runs,)``."""
        return _keys(self._states, np.uint64(_name(owner, stream)), month)

    def month(self, month: int, slots: IntArray) -> "Draws":
        """Return the draws of one month for rows with these slots."""
        return Draws(self, month, slots)


@dataclass(frozen=True)
class Draws:
    """The draws of one month, in the order of the world's rows.

    ``slots`` names each row's place on the tape, ``(rows,)``; it stays with the row.
    """

    tape: Tape
    index: int
    slots: IntArray

    def keys(self, stream: str, owner: str = WORLD) -> Keys:
        """Return the key of a stream, for kernels that draw where they need to."""
        return self.tape.keys(owner, stream, self.index)

    def uniform(self, stream: str, owner: str = WORLD) -> FloatArray:
        """Return draws in [0, 1), ``(runs, rows)``."""
        return _fill_uniform(self.keys(stream, owner), self.slots)

    def normal(self, stream: str, owner: str = WORLD) -> FloatArray:
        """Return standard normal draws, ``(runs, rows)``."""
        return _fill_normal(self.keys(stream, owner), self.slots)

    def once(self, stream: str, owner: str = WORLD) -> FloatArray:
        """Return one draw a run, in [0, 1), ``(runs, 1)``, for what happens once a month."""
        return _fill_uniform(self.keys(stream, owner), np.zeros(1, dtype=np.int64))
