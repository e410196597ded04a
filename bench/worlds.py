"""Made-up worlds: more or fewer recipients and donors than there are, to see what they cost.

They serve to measure time and nothing else; what happens in them means nothing.
"""

from collections import Counter
from dataclasses import fields, is_dataclass, replace
from typing import Any

import numpy as np

from hedgerow.core.numbers import IntArray
from hedgerow.core.scene import Scene
from hedgerow.core.world import Network, World
from hedgerow.scenario.schema import Scenario

FURTHER = ("TUR", "IND", "FRA", "JPN", "BRA", "ZAF")
"""States that stand as donors where more are wanted than there are."""


def rows(size: int, wanted: int) -> IntArray:
    """Return which rows make a world of so many: some of them evenly, or all over and over."""
    if wanted < size:
        return np.arange(wanted) * size // wanted
    return np.arange(wanted) % size


def with_rows(scene: Scene, world: World, chosen: IntArray) -> tuple[Scene, World]:
    """Return a scene and a world made of some rows, each as often as it is chosen.

    Neighbours stay neighbours within each copy of the world.

    Parameters
    ----------
    scene, world : as placed
    chosen : numpy.ndarray of int, ``(new rows,)``
    """
    scene, facts = _taken(scene, chosen, world.rows), _taken(world.facts, chosen, world.rows)
    names = tuple(f"{world.recipients[row]}-{i}" for i, row in enumerate(chosen))
    arrays = {
        f.name: _taken(getattr(world, f.name), chosen, world.rows)
        for f in fields(World)
        if f.name not in ("facts", "recipients", "donors")
    }
    facts = replace(facts, slot=np.arange(len(chosen)))
    return scene, replace(world, facts=facts, recipients=names, **arrays)


def _taken(value: Any, chosen: IntArray, size: int) -> Any:
    """Return a value with rows chosen wherever its last axis is that of rows."""
    if isinstance(value, Network):
        return _network(value, chosen, size)
    if isinstance(value, np.ndarray) and value.ndim and value.shape[-1] == size:
        return np.ascontiguousarray(value[..., chosen])
    if isinstance(value, tuple):
        return tuple(_taken(part, chosen, size) for part in value)
    if is_dataclass(value) and not isinstance(value, type):
        inner = {f.name: getattr(value, f.name) for f in fields(value) if f.init}
        return replace(value, **{name: _taken(v, chosen, size) for name, v in inner.items()})
    return value


def _network(network: Network, chosen: IntArray, size: int) -> Network:
    seen: Counter[int] = Counter()
    copies = np.zeros(len(chosen), dtype=np.int64)
    for i, row in enumerate(chosen.tolist()):
        copies[i] = seen[row]
        seen[row] += 1
    pairs, land = [], []
    for copy in range(int(copies.max()) + 1):
        place = np.full(size, -1)
        mine = np.flatnonzero(copies == copy)
        place[chosen[mine]] = mine
        ends = np.stack([place[network.one], place[network.other]], axis=1)
        there = (ends >= 0).all(axis=1)
        pairs.append(ends[there])
        land.append(network.land[there])
    return Network.of(np.concatenate(pairs), np.concatenate(land), len(chosen))


def with_donors(scenario: Scenario, number: int) -> Scenario:
    """Return a scenario with so many donors: its own, then copies of them for other states.

    Raises
    ------
    ValueError
        If it has more donors than that, or there are no states left to stand as donors.
    """
    own = list(scenario.donors.items())
    free = [code for code in FURTHER if code not in scenario.donors]
    if not len(own) <= number <= len(own) + len(free):
        raise ValueError(f"{number} donors: must be {len(own)} to {len(own) + len(free)}")
    more = {code: own[i % len(own)][1].model_copy(update={"name": code}) for i, code in enumerate(free[: number - len(own)])}
    return scenario.model_copy(update={"donors": dict(own) | more})
