"""Tables in tables, as TOML and JSON hold them: what is dropped, doubled, moved, or comes from elsewhere."""

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from tests.fuzz.chance import Chance
from tests.fuzz.mutate.values import DEEP, misspelt, near, odd


@dataclass
class Place:
    """A place in a tree: a table or list, and the key or number of an entry of it."""

    above: Any
    key: Any

    @property
    def value(self) -> Any:
        """What is there."""
        return self.above[self.key]

    @value.setter
    def value(self, new: Any) -> None:
        self.above[self.key] = new

    @property
    def named(self) -> bool:
        """Whether it has a name rather than a number."""
        return isinstance(self.above, dict)


@dataclass
class Tree:
    """A tree to be mutated, and others to take parts from."""

    root: Any
    others: Sequence[Any]
    toml: bool
    chance: Chance

    def place(self, root: Any = None) -> Place | None:
        """Return a place, those near the top as likely as the many below them; None where there is none."""
        here, found = (self.root if root is None else root), None
        while isinstance(here, dict | list) and here:
            key = self.chance.one(list(here)) if isinstance(here, dict) else self.chance.randrange(len(here))
            found, here = Place(here, key), here[key]
            if self.chance.often(0.25):
                break
        return found


def mutated(tree: Any, others: Sequence[Any], chance: Chance, *, toml: bool) -> Any:
    """Return a tree with one or a few mutations."""
    made = Tree(copy.deepcopy(tree), others, toml, chance)
    for _ in range(chance.times(60, 20, 10, 4, 2, 2, 1, 1)):
        place = made.place()
        if place is not None:
            chance.weighted(MUTATIONS)(made, place)
    return made.root


def _drop(_: Tree, at: Place) -> None:
    del at.above[at.key]


def _odd(tree: Tree, at: Place) -> None:
    at.value = odd(tree.chance, toml=tree.toml)


def _near(tree: Tree, at: Place) -> None:
    at.value = near(at.value, tree.chance)


def _rename(tree: Tree, at: Place) -> None:
    if at.named:
        name = misspelt(at.key, tree.chance) if tree.chance.often(0.7) else str(odd(tree.chance, toml=tree.toml))
        at.above[name] = at.above.pop(at.key)


def _double(tree: Tree, at: Place) -> None:
    if at.named:
        at.above[misspelt(at.key, tree.chance)] = copy.deepcopy(at.value)
    else:
        at.above.insert(at.key, copy.deepcopy(at.value))


def _move(tree: Tree, at: Place) -> None:
    to = tree.place()
    if to is not None:
        value = copy.deepcopy(at.value)
        to.value = value
        if tree.chance.often(0.5) and at.key in at.above if at.named else False:
            at.above.pop(at.key, None)


def _swap(tree: Tree, at: Place) -> None:
    to = tree.place()
    if to is not None:
        at.value, to.value = copy.deepcopy(to.value), copy.deepcopy(at.value)


def _cross(tree: Tree, at: Place) -> None:
    """Take a part of another tree: what stands under the same name there, or anything."""
    other = tree.place(tree.chance.one(tree.others)) if tree.others else None
    if other is None:
        return
    value = copy.deepcopy(other.value)
    if at.named and other.named and tree.chance.often(0.6):
        at.above[other.key] = value
    else:
        at.value = value


def _deepen(tree: Tree, at: Place) -> None:
    value = at.value
    if tree.chance.often(0.2):
        at.value = tree.chance.one(DEEP)
        return
    for _ in range(tree.chance.one([1, 1, 2, 5, 40])):
        value = [value] if tree.chance.often(0.5) else {tree.chance.one(["a", "lever", "CHN", ""]): value}
    at.value = value


def _widen(tree: Tree, at: Place) -> None:
    many = tree.chance.one([10, 100, 1000])
    if isinstance(at.value, list):
        at.value = at.value * many
    elif isinstance(at.value, dict):
        at.value |= {f"{key}{i}": copy.deepcopy(part) for key, part in list(at.value.items())[:1] for i in range(many)}
    elif isinstance(at.value, str):
        at.value = at.value * many


def _shuffle(tree: Tree, at: Place) -> None:
    if isinstance(at.value, dict):
        entries = list(at.value.items())
        tree.chance.shuffle(entries)
        at.value = dict(entries)
    elif isinstance(at.value, list):
        tree.chance.shuffle(at.value)


def _add(tree: Tree, at: Place) -> None:
    if at.named:
        at.above[tree.chance.one(["", "a", "extends", "lever", "start", "kind", "a.b", "title"])] = odd(
            tree.chance, toml=tree.toml
        )


MUTATIONS: Sequence[tuple[int, Callable[[Tree, Place], None]]] = (
    (6, _near),
    (5, _odd),
    (5, _cross),
    (3, _drop),
    (3, _rename),
    (2, _move),
    (2, _swap),
    (1, _double),
    (1, _deepen),
    (1, _widen),
    (1, _shuffle),
    (1, _add),
)
