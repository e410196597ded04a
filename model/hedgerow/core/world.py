"""The world: named arrays in which an agent is a row.

Recipients always stand on the last axis, runs on the first, so that ``array[..., who]`` takes one
agent or all of them from any array: ``(runs, rows)``, ``(runs, donors, rows)`` or
``(runs, capabilities, rows)``. Facts that never change have no run axis. To add a variable, add a
field to :class:`Facts` or :class:`World`, start it in :mod:`hedgerow.data.start`, and list it among
what one phase writes in :mod:`hedgerow.core.phases`.
"""

from dataclasses import dataclass, fields, replace
from enum import IntEnum

import numpy as np
from scipy.sparse import csr_array

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


@dataclass(frozen=True)
class Network:
    """Who borders whom, as undirected pairs of rows.

    ``incidence`` is ``(pairs, rows)`` with +1 at the first and -1 at the second of a pair, so a sum
    over neighbours is a sparse product, identical whatever the size of the batch.
    """

    first: IntArray
    second: IntArray
    land: BoolArray
    incidence: csr_array
    adjacency: csr_array
    degree: FloatArray
    linked: BoolArray

    @classmethod
    def of(cls, pairs: IntArray, land: BoolArray, rows: int) -> "Network":
        """Build the network from ``(pairs, 2)`` row numbers."""
        n = len(pairs)
        first, second = pairs[:, 0], pairs[:, 1]
        ones, line = np.ones(n), np.arange(n)
        to_first = csr_array((ones, (line, first)), shape=(n, rows))
        to_second = csr_array((ones, (line, second)), shape=(n, rows))
        adjacency = csr_array(to_first.T @ to_second + to_second.T @ to_first)
        degree: FloatArray = np.asarray(adjacency.sum(axis=1), dtype=np.float64).ravel()
        incidence = csr_array(to_first - to_second)
        return cls(
            first, second, land, incidence, adjacency, np.maximum(degree, 1.0), degree > 0
        )  # fmt: skip

    def mean(self, values: FloatArray) -> FloatArray:
        """Return the mean of the neighbours' values, ``(runs, rows)``; 0 without neighbours."""
        return np.ascontiguousarray((self.adjacency @ values.T).T) / self.degree

    def difference(self, values: FloatArray) -> FloatArray:
        """Return the mean difference to all neighbours, ``(runs, rows)``; 0 without any."""
        return self.mean(values) - values * self.linked

    def pull(self, values: FloatArray, confidence: FloatArray | float) -> FloatArray:
        """Return the mean difference to neighbours no further off than ``confidence``.

        Bounded confidence as in Deffuant et al. and Hegselmann and Krause: a neighbour whose value
        differs by ``confidence`` or more is ignored. ``(runs, rows)``.
        """
        gap = values.take(self.second, axis=1) - values.take(self.first, axis=1)
        gap *= np.abs(gap) < confidence
        return np.ascontiguousarray((self.incidence.T @ gap.T).T) / self.degree


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
    def states(self) -> BoolArray:
        """Which rows are recipient states, ``(rows,)``."""
        return np.asarray(self.facts.kind == Kind.STATE)

    def at(self, who: slice) -> "World":
        """Return the same world narrowed to some rows; its arrays are views of these."""
        facts = replace(
            self.facts, **{f.name: getattr(self.facts, f.name)[..., who] for f in fields(Facts)}
        )
        return replace(self, facts=facts, **{n: getattr(self, n)[..., who] for n in VARIABLES})

    def copy(self) -> "World":
        """Return a world that shares nothing that changes."""
        return replace(self, **{n: getattr(self, n).copy() for n in VARIABLES})


VARIABLES = tuple(f.name for f in fields(World) if f.name not in ("recipients", "donors", "facts"))
