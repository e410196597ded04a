"""A scene: everything a batch of runs is told beforehand and never changes.

:class:`Situation` is what a rule sees: the rows it decides for, the scene, the month and the gaps.
"""

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

import numpy as np
from pydantic import BaseModel, Field

from hedgerow.core.compiled import Record, record
from hedgerow.core.donors import Donor, Forum, Selector
from hedgerow.core.numbers import BoolArray, Family, FloatArray, Number, number
from hedgerow.core.outcome import Outcome
from hedgerow.core.parameters import Parameters
from hedgerow.core.schedule import Schedule
from hedgerow.core.world import Network, World


class Event(Family):
    """Something that happens in a given month whatever the donors do."""

    month: date = Field(description="first of the month")
    kind: Literal["war", "peace", "leadership_change", "agreement", "pause", "resume", "exposure"]
    recipients: Selector
    donor: str = Field("", description="donor concerned; blank: every donor")
    size: Number = number(1, 0, 5, "times the usual effect", "assumption: scenario")


@dataclass(frozen=True)
class DatedEvent:
    """An event placed on a month (from 0) and on rows."""

    event: Event
    month: int
    rows: FloatArray


@dataclass(frozen=True)
class Gathering:
    """A forum placed: its member rows and the months (from 0) in which it meets.

    ``recurring`` where it has no set dates.
    """

    key: str
    forum: Forum
    members: BoolArray
    months: frozenset[int]
    hostile: FloatArray
    recurring: bool


@dataclass(frozen=True)
class Scene:
    """What a batch of runs is told beforehand; ``outcomes`` are those of the user's own."""

    start: np.datetime64
    months: int
    parameters: Parameters
    donors: tuple[tuple[str, Donor], ...]
    rivals: BoolArray
    schedule: Schedule
    gatherings: tuple[Gathering, ...]
    events: tuple[DatedEvent, ...]
    network: Network
    opening: int
    runs: int
    outcomes: tuple[Outcome, ...] = ()
    records: dict[int, tuple[BaseModel, Record]] = field(default_factory=dict, repr=False)

    def record(self, family: BaseModel) -> Record:
        """Return the numbers of a family as kernels read them, one record a run, ``(runs,)``."""
        known, found = self.records.get(id(family), (None, None))
        if found is None or known is not family:
            found = record(family, self.runs)
            self.records[id(family)] = family, found
        return found

    def donor(self, d: int) -> Donor:
        """Return donor number ``d``."""
        return self.donors[d][1]

    def code(self, d: int) -> str:
        """Return the code of donor number ``d``."""
        return self.donors[d][0]

    def date(self, month: int) -> np.datetime64:
        """Return the first day of a month counted from the start at 0."""
        return np.datetime64(self.start.astype("datetime64[M]") + month, "D")


@dataclass(frozen=True)
class Situation:
    """What a rule is shown when it decides for some rows."""

    world: World
    scene: Scene
    month: int
    gap: FloatArray

    @property
    def parameters(self) -> Parameters:
        """The numbers of the rules, as columns ``(runs, 1)``."""
        return self.scene.parameters

    def at(self, who: slice) -> "Situation":
        """Return the same situation as seen by some rows alone."""
        scene = replace(self.scene, schedule=self.scene.schedule.at(who))
        return Situation(self.world.at(who), scene, self.month, self.gap[..., who].copy())
