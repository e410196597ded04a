"""Cases: a seed and a number that say which kind of input is read, and how it is made."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.fuzz.chance import Chance
from tests.fuzz.kinds.base import Kind


@dataclass(frozen=True)
class Cases:
    """All cases of a seed.

    Attributes
    ----------
    seed : int
    kinds : sequence of Kind
    """

    seed: int
    kinds: Sequence[Kind]

    def kind(self, number: int) -> tuple[Kind, Chance]:
        """Return the kind of a case, and the chance that makes it."""
        chance = Chance.of(self.seed, number)
        return chance.weighted([(kind.weight, kind) for kind in self.kinds]), chance

    def make(self, number: int, where: Path) -> tuple[Kind, Any]:
        """Put the input of a case into an empty folder; return its kind, and how it is to be read."""
        kind, chance = self.kind(number)
        return kind, kind.make(chance, where)

    def numbers(self, count: int, only: str = "") -> Iterator[int]:
        """Yield the numbers of so many cases, of one kind where it is named."""
        number = 0
        while count:
            if not only or self.kind(number)[0].name == only:
                yield number
                count -= 1
            number += 1
