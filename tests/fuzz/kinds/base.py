"""What kinds have in common."""

import shutil
import tomllib
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

from hedgerow.runs.ensemble import Ensemble
from hedgerow.runs.posterior import policy
from hedgerow.runs.run import results
from hedgerow.scenario.rules import rules_of
from hedgerow.scenario.schema import Scenario
from tests.fuzz import judge
from tests.fuzz.chance import Chance
from tests.fuzz.mutate import files, texts, trees
from tests.fuzz.mutate.written import js, toml

ROOT = Path(__file__).parents[3]


class Kind(ABC):
    """One thing that hedgerow reads.

    ``weight`` is its share of the cases. ``left`` says that reading leaves the input as it was. ``held`` are the
    seeds made once for all cases (:mod:`tests.fuzz.seeds`).
    """

    name: ClassVar[str]
    weight: ClassVar[int] = 10
    left: ClassVar[bool] = True

    def __init__(self, held: Path) -> None:
        self.held = held

    @abstractmethod
    def good(self, where: Path) -> Any:
        """Put a good input into an empty folder, and return how it is to be read."""

    @abstractmethod
    def make(self, chance: Chance, where: Path) -> Any:
        """Put a mutated input into an empty folder, and return how it is to be read, as plain data."""

    @abstractmethod
    def read(self, where: Path, how: Any) -> None:
        """Do what a user would do with it."""


class TreeFile(Kind):
    """A file of tables in tables: TOML or JSON."""

    file: ClassVar[str]

    @abstractmethod
    def seeds(self) -> Sequence[Any]:
        """Return good trees."""

    def more(self) -> Sequence[Any]:
        """Return trees to take parts from; the good ones by default."""
        return self.seeds()

    def how(self, _: Chance) -> Any:
        """Draw how it is read."""
        return None

    @property
    def _toml(self) -> bool:
        return self.file.endswith(".toml")

    def good(self, where: Path) -> Any:
        self._write(where, self.seeds()[0])
        return self.how(Chance.of(0, 0))

    def _write(self, where: Path, tree: Any) -> None:
        (where / self.file).write_text(toml(tree) if self._toml else js(tree), encoding="utf-8")

    def make(self, chance: Chance, where: Path) -> Any:
        (where / self.file).write_bytes(self.content(chance))
        if chance.often(0.03):
            files.spoil(where / self.file, chance)
        return self.how(chance)

    def content(self, chance: Chance) -> bytes:
        """Return a good tree, mutated as a tree, as text, or both."""
        tree = chance.one(self.seeds())
        by_text = chance.often(0.15)
        if not by_text or chance.often(0.3):
            tree = trees.mutated(tree, self.more(), chance, toml=self._toml)
        text = toml(tree) if self._toml else js(tree)
        return texts.coded(texts.mutated(text, chance) if by_text else text, chance)


@dataclass
class Folder:
    """A folder of seeds, copied for each case."""

    where: Path
    names: list[Path] = field(init=False)

    def __post_init__(self) -> None:
        self.names = sorted(p.relative_to(self.where) for p in self.where.rglob("*") if p.is_file())

    def copy(self, to: Path) -> Path:
        """Copy it into another folder, under its own name."""
        shutil.copytree(self.where, to / self.where.name)
        return to / self.where.name


@cache
def tables(*patterns: str) -> tuple[dict[str, Any], ...]:
    """Return the tables of TOML files of the repository."""
    found = [path for pattern in patterns for path in sorted(ROOT.glob(pattern))]
    return tuple(tomllib.loads(path.read_text(encoding="utf-8")) for path in found)


def one_month(scenario: Scenario, seed: int = 1, *, fixed: bool = True) -> None:
    """Run a scenario once, as ``run`` does, and make sure that it gives numbers."""
    rules_of(scenario)
    left = results(Ensemble(scenario, [0], seed, policy(fixed=fixed)), "fuzzed")
    judge.finite({name: column.to_numpy() for name, column in left.outcomes.items()})
