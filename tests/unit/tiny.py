"""A world of a few rows with plain values, for answers worked by hand."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from hedgerow.core.donors import Donor
from hedgerow.core.levers import Lever
from hedgerow.core.month import Month
from hedgerow.core.numbers import FloatArray, columns
from hedgerow.core.parameters import Parameters
from hedgerow.core.scene import DatedEvent, Gathering, Scene, Situation
from hedgerow.core.schedule import Placed, Schedule
from hedgerow.core.tape import Draws, Keys, Tape
from hedgerow.core.world import Facts, Kind, Network, World

BY_ROW = {
    "population": 1e6,
    "gdp_usd": 1e9,
    "vote": 1.0,
    "region": 0,
    "coalition": 0.5,
    "oversight": 0.5,
    "press": 0.5,
    "force": 10.0,
    "hub": 0.0,
    "ideal_point": 0.0,
    "threat": 0.0,
    "sovereignty": 0.4,
    "entanglement": 0.2,
    "kind": int(Kind.STATE),
}
BY_DONOR = {
    "pilot": 0.0,
    "installed": 0.0,
    "agreed": 0.0,
    "alignment": 0.5,
    "trust": 0.25,
    "value": 0.0,
    "stake": 0.0,
    "exposure": 0.0,
    "border": 0.0,
    "affinity": 0.0,
    "pole": 0.0,
    "eligible": 1.0,
    "counterpart": 1.0,
    "core": 0.0,
}
STATE_BY_ROW = {
    "crime": 1.0,
    "threat": 0.0,
    "regime": 0,
    "war": 0.0,
    "entanglement": 0.2,
    "policing_model": 0.5,
    "flagged": 0.0,
    "sovereignty": 0.4,
    "welfare_loss": 0.0,
    "abuses": 0.0,
}
STATE_BY_DONOR = {
    "alignment": 0.5,
    "belief": 0.5,
    "belief_variance": 0.09,
    "trust": 0.25,
    "lock_in": 0.0,
    "uptime": 0.8,
    "agreement": 0,
    "pause_left": 0.0,
    "scope": 1.0,
    "supports": False,
    "recent": 0.0,
    "pending": 0.0,
    "help": 0.0,
    "request": 0.0,
    "reaction": 0.0,
    "first_cover": 0.0,
    "cut_left": 0.0,
    "cut_training": 0.0,
    "cut_equipment": 0.0,
    "first_help": 0.0,
    "centres": 0.0,
    "officers": 0.0,
    "officer_weeks": 0.0,
    "equipment_usd": 0.0,
    "spent_usd": 0.0,
    "meetings": 0.0,
    "denied": 0.0,
}


def numbers(**families: Mapping[str, float]) -> Parameters:
    """Return the parameters with some changed, as columns of one run."""
    return columns([Parameters.model_validate(families)])


def lever(kind: type[Lever], rows: Sequence[float] = (1.0,), /, **settings: Any) -> Placed:
    """Return a lever in force on some rows in every month."""
    made = columns([kind.model_validate(settings)])
    return Placed(made, np.array(rows, dtype=float), 0, 600)


def network(rows: int, pairs: Sequence[tuple[int, int]] = ()) -> Network:
    """Return land borders between rows."""
    return Network.of(np.array(pairs, dtype=np.int64).reshape(-1, 2), np.ones(len(pairs), dtype=bool), rows)


def one(*values: float) -> FloatArray:
    """Return some rows of one run, ``(1, rows)``."""
    return np.array([values], dtype=float)


def tiny(
    rows: int = 1,
    donors: Sequence[Mapping[str, Any]] = ({},),
    *,
    parameters: Parameters | None = None,
    levers: Sequence[Placed] = (),
    pairs: Sequence[tuple[int, int]] = (),
    gatherings: Sequence[Gathering] = (),
    events: Sequence[DatedEvent] = (),
    opening: int = 0,
    names: Sequence[str] = (),
    **values: Any,
) -> Situation:
    """Return a situation of one run; donors are called AAA, BBB, ... and are all rivals.

    ``values`` replace the plain ones of any fact (``fact_value=...``) or variable, by row or by
    donor and row. All rows draw alike, as all have one slot.
    """
    codes = tuple(letter * 3 for letter in "ABCDEF"[: len(donors)])
    made = [columns([Donor.model_validate({"name": c, **d})]) for c, d in zip(codes, donors, strict=True)]
    n = len(codes)

    def full(name: str, plain: Any, *shape: int) -> Any:
        return _full(values.pop(name, plain), plain, shape)

    facts = {k: full(f"fact_{k}", v, rows) for k, v in BY_ROW.items()}
    facts |= {k: full(f"fact_{k}", v, n, rows) for k, v in BY_DONOR.items()}
    facts |= {"slot": np.zeros(rows, dtype=np.int64)}
    facts["capability"] = full("fact_capability", 0.4, 4, rows)
    state = {k: full(k, v, 1, rows) for k, v in STATE_BY_ROW.items()}
    state |= {k: full(k, v, 1, n, rows) for k, v in STATE_BY_DONOR.items()}
    state["capability"] = full("capability", 0.4, 1, 4, rows)
    gap = full("gap", 0.0, 1, 4, rows)
    assert not values, values
    called = tuple(names) or tuple(f"R{i}" for i in range(rows))
    world = World(recipients=called, donors=codes, facts=Facts(**facts), **state)
    scene = Scene(
        start=np.datetime64("2022-06-01"),
        months=600,
        parameters=parameters or numbers(),
        donors=tuple(zip(codes, made, strict=True)),
        rivals=~np.eye(n, dtype=bool),
        schedule=Schedule(tuple(levers)),
        gatherings=tuple(gatherings),
        events=tuple(events),
        network=network(rows, pairs),
        opening=opening,
        runs=1,
    )
    return Situation(world, scene, 0, gap)


def _full(value: Any, plain: Any, shape: tuple[int, ...]) -> Any:
    """Return a fresh array of a shape; a bare list by row serves every donor alike."""
    return np.broadcast_to(np.asarray(value, dtype=np.asarray(plain).dtype), shape).copy()


@dataclass
class Fixed:
    """A tape on which each stream holds one number, whoever draws from it; 0.5 if none is named.

    The number is uniform: where a normal draw is asked for, it is that quantile, 0.5 the median.
    """

    values: Mapping[str, float]

    def keys(self, owner: str, stream: str, month: int) -> Keys:
        """Return the key whose first draw is the number of the stream."""
        return np.array([key_of(self.values.get(stream, 0.5))], dtype=np.uint64)


_WORD = 2**64 - 1


def key_of(uniform: float) -> int:
    """Return the key that draws a number first: SplitMix64, taken backwards."""
    z = int(uniform * 2.0**53) << 11
    z ^= z >> 31 ^ z >> 62
    z = z * pow(0x94D049BB133111EB, -1, 2**64) & _WORD
    z ^= z >> 27 ^ z >> 54
    z = z * pow(0xBF58476D1CE4E5B9, -1, 2**64) & _WORD
    z ^= z >> 30 ^ z >> 60
    return (z - 0x9E3779B97F4A7C15) & _WORD


def month_of(situation: Situation, draws: Mapping[str, float] | Tape = MappingProxyType({})) -> Month:
    """Return a month in progress in a tiny world, with its draws laid down by stream.

    On a real tape, rows draw for themselves.
    """
    world, real = situation.world, isinstance(draws, Tape)
    tape: Any = draws if real else Fixed(draws)
    slots = np.arange(world.rows) if real else world.facts.slot
    month = Month(0, situation.scene, world, Draws(tape, 0, slots))
    month.gap = situation.gap
    return month


def go(month: Month, *phases: Callable[[Month], None]) -> Month:
    """Take a month through some of its phases."""
    for phase in phases:
        phase(month)
    return month
