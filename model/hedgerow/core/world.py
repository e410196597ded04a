"""The world: named arrays in which an agent is a row.

Recipients always stand on the last axis, runs on the first, so that ``array[..., who]`` takes one
agent or all of them from any array: ``(runs, rows)``, ``(runs, donors, rows)`` or
``(runs, capabilities, rows)``. Facts that never change have no run axis. To add a variable, add a
field to :class:`Facts` or :class:`World`, start it in :mod:`hedgerow.data.start`, and list it among
what one phase writes in :mod:`hedgerow.core.phases`.
"""

from dataclasses import dataclass, fields, replace
from enum import IntEnum
from typing import NamedTuple

import numpy as np

from hedgerow.core.compiled import kernel, rule
from hedgerow.core.numbers import BoolArray, FloatArray, IntArray


class Kind(IntEnum):
    """What a row of the world is."""

    STATE = 0
    PEER = 1
    ORGANISATION = 2
    DONOR = 3


class Regime(IntEnum):
    """Where a state stands on the path of its regime."""

    STABLE = 0
    TRANSITION = 1
    STALLED = 2
    BACKSLIDING = 3


class Agreement(IntEnum):
    """Standing of an agreement between a donor and a recipient."""

    NONE = 0
    ACTIVE = 1
    PAUSED = 2


class Network(NamedTuple):
    """Who borders whom, as pairs of rows ``(pairs,)``, and 1 over each row's number of neighbours.

    Sums over neighbours run over pairs, always in one order, so they are the same in any batch.
    """

    one: IntArray
    other: IntArray
    land: BoolArray
    share: FloatArray

    @classmethod
    def of(cls, pairs: IntArray, land: BoolArray, rows: int) -> "Network":
        """Build the network from ``(pairs, 2)`` row numbers."""
        degree = np.bincount(pairs.ravel(), minlength=rows)
        one, other = np.ascontiguousarray(pairs[:, 0]), np.ascontiguousarray(pairs[:, 1])
        share = np.where(degree > 0, 1.0 / np.maximum(degree, 1), 0.0)
        return cls(one, other, np.ascontiguousarray(land), share)

    def mean(self, values: FloatArray) -> FloatArray:
        """Return the mean of the neighbours' values, ``(runs, rows)``; 0 without neighbours."""
        return _means(np.ascontiguousarray(values), self)


@rule
def mean(values: FloatArray, network: Network, out: FloatArray) -> None:
    """Write the mean of each row's neighbours' values, ``(rows,)``; 0 without neighbours."""
    out[:] = 0.0
    for pair in range(len(network.one)):
        i, j = network.one[pair], network.other[pair]
        out[i] += values[j]
        out[j] += values[i]
    for i in range(len(out)):
        out[i] *= network.share[i]


@rule
def pull(values: FloatArray, confidence: float, network: Network, out: FloatArray) -> None:
    """Write each row's mean difference to neighbours no further off than ``confidence``.

    Bounded confidence as in Deffuant et al. and Hegselmann and Krause: a neighbour whose value
    differs by ``confidence`` or more is ignored; infinite confidence takes all. ``(rows,)``.
    """
    out[:] = 0.0
    for pair in range(len(network.one)):
        i, j = network.one[pair], network.other[pair]
        gap = values[j] - values[i]
        near = gap if abs(gap) < confidence else 0.0
        out[i] += near
        out[j] -= near
    for i in range(len(out)):
        out[i] *= network.share[i]


@kernel
def _means(values: FloatArray, network: Network) -> FloatArray:
    out = np.empty_like(values)
    for run in range(values.shape[0]):
        mean(values[run], network, out[run])
    return out


@dataclass(frozen=True)
class Facts:
    """What is known of each row and stays as it is."""

    kind: IntArray
    slot: IntArray
    population: FloatArray
    gdp_usd: FloatArray
    vote: FloatArray
    region: IntArray
    coalition: FloatArray
    oversight: FloatArray
    press: FloatArray
    force: FloatArray
    hub: FloatArray
    pilot: FloatArray
    installed: FloatArray
    agreed: FloatArray
    ideal_point: FloatArray
    capability: FloatArray
    threat: FloatArray
    sovereignty: FloatArray
    entanglement: FloatArray
    alignment: FloatArray
    trust: FloatArray
    value: FloatArray
    stake: FloatArray
    exposure: FloatArray
    border: FloatArray
    affinity: FloatArray
    pole: FloatArray
    eligible: FloatArray
    counterpart: FloatArray
    core: FloatArray


@dataclass
class World:
    """The state of every row in every run of a batch."""

    recipients: tuple[str, ...]
    donors: tuple[str, ...]
    facts: Facts
    capability: FloatArray
    crime: FloatArray
    threat: FloatArray
    regime: IntArray
    war: FloatArray
    entanglement: FloatArray
    policing_model: FloatArray
    flagged: FloatArray
    sovereignty: FloatArray
    centres: FloatArray
    welfare_loss: FloatArray
    alignment: FloatArray
    belief: FloatArray
    belief_variance: FloatArray
    trust: FloatArray
    lock_in: FloatArray
    uptime: FloatArray
    agreement: IntArray
    pause_left: FloatArray
    scope: FloatArray
    supports: BoolArray
    recent: FloatArray
    pending: FloatArray
    help: FloatArray
    request: FloatArray
    reaction: FloatArray
    first_cover: FloatArray
    first_help: FloatArray
    cut_left: FloatArray
    cut_training: FloatArray
    cut_equipment: FloatArray
    officers: FloatArray
    officer_weeks: FloatArray
    equipment_usd: FloatArray
    spent_usd: FloatArray
    meetings: FloatArray
    denied: FloatArray
    abuses: FloatArray

    @property
    def runs(self) -> int:
        """Number of runs in the batch."""
        return int(self.crime.shape[0])

    @property
    def rows(self) -> int:
        """Number of rows: states, peers, organisations and donors."""
        return int(self.crime.shape[1])

    @property
    def shape(self) -> tuple[int, int]:
        """``(runs, rows)``."""
        return self.runs, self.rows

    @property
    def states(self) -> BoolArray:
        """Which rows are recipient states, ``(rows,)``."""
        return np.asarray(self.facts.kind == Kind.STATE)

    def at(self, who: slice) -> "World":
        """Return the same world as some rows see it; to change it changes nothing here."""
        known = {f.name: getattr(self.facts, f.name)[..., who].copy() for f in fields(Facts)}
        facts = replace(self.facts, **known)
        narrow = {n: getattr(self, n)[..., who].copy() for n in VARIABLES}
        return replace(self, facts=facts, **narrow)

    def copy(self) -> "World":
        """Return a world that shares nothing that changes."""
        return replace(self, **{n: getattr(self, n).copy() for n in VARIABLES})


VARIABLES = tuple(f.name for f in fields(World) if f.name not in ("recipients", "donors", "facts"))
