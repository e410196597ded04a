"""A month in progress: the scene, the world, the draws, and what its phases hand on.

:class:`Rules` holds the three decisions a user may replace; each is a function of a
:class:`~hedgerow.core.scene.Situation`, so it decides for one row or for all.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from hedgerow.core.compiled import kernel
from hedgerow.core.ledger import Ledger
from hedgerow.core.numbers import BoolArray, FloatArray, IntArray
from hedgerow.core.rules import acceptance, allocation, vetting
from hedgerow.core.rules.delivery import Delivered
from hedgerow.core.rules.provision import EquipmentOffer, Offer, TrainingOffer
from hedgerow.core.scene import Scene, Situation
from hedgerow.core.tape import Draws
from hedgerow.core.world import World

Allocation = Callable[[Situation, int], FloatArray]
Decision = Callable[[Situation, int, Offer], FloatArray]


@dataclass(frozen=True)
class Rules:
    """The decisions of a month, each ``(situation, donor number, ...) -> (runs, rows)``.

    ``plan`` gives shares of a donor's effort, ``vet`` the share of an offer blocked, ``respond``
    the chance of acceptance.
    """

    plan: Allocation = allocation.plan
    vet: Decision = vetting.vet
    respond: Decision = acceptance.respond


@dataclass
class Deal:
    """One donor's offers of the month and what became of them, ``(runs, rows)``."""

    training: TrainingOffer
    equipment: EquipmentOffer
    training_blocked: FloatArray
    equipment_blocked: FloatArray
    training_accepted: BoolArray
    equipment_accepted: BoolArray


@dataclass
class Month:
    """What the phases of one month share."""

    index: int
    scene: Scene
    world: World
    draws: Draws
    rules: Rules = field(default_factory=Rules)
    ledger: Ledger | None = None
    tally: dict[str, FloatArray] = field(default_factory=dict)
    gap: FloatArray = field(init=False)
    shares: list[FloatArray] = field(default_factory=list)
    deals: list[Deal] = field(default_factory=list)
    delivered: list[Delivered] = field(default_factory=list)
    capability_before: FloatArray = field(init=False)
    loss: FloatArray = field(init=False)

    def __post_init__(self) -> None:
        self.loss = np.zeros_like(self.world.alignment)

    @property
    def date(self) -> np.datetime64:
        """First day of the month."""
        return self.scene.date(self.index)

    @property
    def months_since(self) -> int:
        """Months since June 2022, when the record starts."""
        return self.scene.opening + self.index

    @property
    def situation(self) -> Situation:
        """What rules see at this point of the month."""
        return Situation(self.world, self.scene, self.index, self.gap)

    def donors(self) -> range:
        """Return the numbers of the donors."""
        return range(len(self.scene.donors))

    def record(self, table: str, where: BoolArray, **columns: FloatArray | IntArray | BoolArray | str | bool) -> None:
        """Enter something in the ledger, where one is kept."""
        number = counts(where)
        if not number.any():
            return
        if table == "incidents":
            self.count(f"incidents {columns['kind']}", number)
        if self.ledger is not None:
            self.ledger.add(table, self.date, where, columns)

    def count(self, name: str, number: FloatArray) -> None:
        """Add to a count of each run, ``(runs,)``."""
        self.tally[name] = self.tally.get(name, np.zeros(self.world.runs)) + number


@kernel
def counts(where: BoolArray) -> FloatArray:
    """Return the number of true cells of each run, ``(runs,)``, of ``(runs, rows)``."""
    number = np.zeros(where.shape[0])
    for run in range(where.shape[0]):
        for i in range(where.shape[1]):
            if where[run, i]:
                number[run] += 1.0
    return number
