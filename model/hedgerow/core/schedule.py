"""Levers placed in time and on rows: which policies apply to whom this month."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TypeVar

from hedgerow.core.levers import Lever
from hedgerow.core.numbers import FloatArray, Value

LeverT = TypeVar("LeverT", bound=Lever)


@dataclass(frozen=True)
class Placed:
    """A lever with the months (from 0) and the rows, ``(rows,)`` of 0 and 1, it applies to."""

    lever: Lever
    rows: FloatArray
    first: int
    last: int
    inner: tuple[FloatArray, ...] = ()


@dataclass(frozen=True)
class Schedule:
    """All levers of a scenario, in the order of the file; what it extends comes first."""

    placed: tuple[Placed, ...] = ()

    def now(self, kind: type[LeverT], month: int, donor: str = "") -> Iterator[tuple[LeverT, Placed]]:
        """Yield each active lever of a kind, of one donor where a donor is named."""
        for placed in self.placed:
            lever = placed.lever
            if not isinstance(lever, kind) or not placed.first <= month <= placed.last:
                continue
            if not donor or getattr(lever, "donor", "") == donor:
                yield lever, placed

    def holds(self, kind: type[Lever]) -> bool:
        """Say whether a scenario has a lever of a kind at all."""
        return any(isinstance(placed.lever, kind) for placed in self.placed)

    def level(self, kind: type[Lever], field: str, month: int, default: Value, donor: str = "") -> Value:
        """Return a number as the active levers set it, the default elsewhere.

        Where two levers reach the same row, the later in the file holds.
        """
        value = default
        for lever, placed in self.now(kind, month, donor):
            chosen = getattr(lever, field)
            if chosen is not None:
                value = value * (1.0 - placed.rows) + chosen * placed.rows
        return value

    def at(self, who: slice) -> "Schedule":
        """Return the schedule narrowed to some rows."""
        return Schedule(tuple(replace(p, rows=p.rows[who], inner=tuple(mask[who] for mask in p.inner)) for p in self.placed))
