"""The debrief: what each seat's choices did, against the model's own policy in the same world.

A world differs from the one played in one thing: a seat, a kind of a donor's choices, or the
injected events are taken out, and the model's own rules stand in. Run ``k`` of both draws the same
chance, so a difference is that choice's alone. Shown are the room's own run, and mean and 90%
interval over further paired runs: what the same choices would have done with other luck.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from scipy.special import stdtrit

import hedgerow
from hedgerow.scenario.errors import ScenarioError
from hedgerow.seminar.accounts import Plain, ends, quarters_played
from hedgerow.seminar.exercise import BlocSeat, DonorSeat, Exercise, checked
from hedgerow.seminar.moves import Move, Quarter, State, fold
from hedgerow.seminar.policies import scenario_of

RUNS = 16
"""Paired runs of a debrief; the first is the room's own."""
FORMAT = "hedgerow seminar session 1"
LARGEST = 4_000_000
"""Most bytes of a session file that is read."""
HELP = "training and equipment"
CHOICES: dict[str, tuple[str, ...]] = {
    HELP: ("training", "equipment", "gaps"),
    "meetings": ("meetings", "open"),
    "conditions": ("conditions",),
    "campaigns": ("campaigns",),
}
"""Kinds of a donor's choices that are taken out one at a time."""


@dataclass(frozen=True)
class World:
    """A world to compare with: what is left out of the session, in words, and the rest."""

    key: str
    words: str
    quarters: tuple[Quarter, ...]


def worlds(state: State) -> list[World]:
    """Return the world as played, then one for each thing a session may do without."""
    exercise, played = state.exercise, state.closed
    result = [World("played", "as played", played)]
    for seat, chair in exercise.seats.items():
        mine = [q for q in played if seat in q.orders]
        if not mine:
            continue
        without = tuple(_without_seat(q, seat) for q in played)
        result.append(World(f"seat {seat}", f"{owned(chair.name)} choices", without))
        if isinstance(chair, DonorSeat):
            result += _by_choice(seat, chair, played)
    if any(q.cards for q in played):
        calm = tuple(replace(q, cards=()) for q in played)
        result.append(World("events", "the injected events", calm))
    return result


def owned(name: str) -> str:
    """Return the possessive of a name."""
    return f"{name}'" if name.endswith("s") else f"{name}'s"


def _without_seat(quarter: Quarter, seat: str) -> Quarter:
    return replace(quarter, orders={s: o for s, o in quarter.orders.items() if s != seat})


def _by_choice(seat: str, chair: DonorSeat, played: Sequence[Quarter]) -> list[World]:
    """Return worlds without one kind of a donor's choices, where it chose of several kinds."""
    orders = [q.orders[seat] for q in played if seat in q.orders]
    chosen = [what for what, names in CHOICES.items() if any(o.get(n) for o in orders for n in names)]
    if len(chosen) < 2:
        return []
    return [
        World(f"{what} {seat}", f"{owned(chair.name)} {what}", tuple(_without_choice(q, seat, what) for q in played))
        for what in chosen
    ]


def _without_choice(quarter: Quarter, seat: str, what: str) -> Quarter:
    """Take one kind of choice out of a donor's order; the model divides help in its stead."""
    if seat not in quarter.orders:
        return quarter
    order = {n: v for n, v in quarter.orders[seat].items() if n not in CHOICES[what]}
    if what == HELP:
        order["usual_help"] = True
    return replace(quarter, orders={**quarter.orders, seat: order})


def end_of(exercise: Exercise, seed: int, world: World, runs: int = RUNS) -> Plain:
    """Return where a world ends; for a worker process or a test."""
    plain = [q.plain() for q in world.quarters]
    return ends(exercise.model_dump(mode="json"), seed, plain, runs)


def drawn_up(state: State, found: Mapping[str, Plain]) -> Plain:
    """Return the debrief of a session from where its worlds end, as plain data.

    Parameters
    ----------
    state : State
        The room at its end.
    found : mapping
        What :func:`end_of` gave for each of :func:`worlds`, by key.
    """
    played = found["played"]["changes"]
    runs = len(next(iter(next(iter(played.values())).values())))
    compared = {world.key: world for world in worlds(state) if world.key != "played"}
    return {
        "runs": runs,
        "turns": [state.exercise.quarter(turn) for turn in range(len(state.closed))],
        "seats": {seat: _seat(state, seat, found, f"seat {seat}" in compared) for seat in state.exercise.seats},
        "drivers": [
            {
                "key": key,
                "what": world.words,
                "effects": {
                    measure: _difference(played[measure]["all"], other[measure]["all"])
                    for measure in headline(state.exercise)
                    for other in (found[key]["changes"],)
                },
            }
            for key, world in compared.items()
        ],
        "changes": {measure: {place: _band(values) for place, values in played[measure].items()} for measure in played},
    }


def headline(exercise: Exercise) -> tuple[str, ...]:
    """Return the measures in which all seats meet."""
    donors = tuple(exercise.donors)
    return (*(f"alignment_{d}" for d in donors), *(f"officers_{d}" for d in donors), "capability", "abuses")


def measures(exercise: Exercise, seat: str) -> dict[str, str]:
    """Return the measures a seat is judged by and the places they are read at."""
    chair, donors = exercise.seats[seat], tuple(exercise.donors)
    if isinstance(chair, BlocSeat):
        own = ("capability", "crime", "abuses", "sovereignty", "entanglement")
        more = [f"{name}_{d}" for d in donors for name in ("alignment", "officers", "lock_in")]
        return dict.fromkeys((*own, *more), seat)
    if isinstance(chair, DonorSeat):
        own = (f"alignment_{seat}", f"trust_{seat}", f"officers_{seat}", f"denied_{seat}", f"spent_usd_{seat}")
        rivals = tuple(f"alignment_{d}" for d in donors if d != seat)
        return dict.fromkeys((*own, *rivals, "capability", "abuses"), "all")
    named = [f"{name}_{d}" for d in donors for name in ("alignment", "officers")]
    return dict.fromkeys((*named, "capability"), "all")


def _seat(state: State, seat: str, found: Mapping[str, Plain], chose: bool) -> Plain:
    orders = [q.orders.get(seat) for q in state.closed]
    usual = found["played"]["usual"]
    result: Plain = {
        "name": state.exercise.seats[seat].name,
        "played": sum(order is not None for order in orders),
        "choices": orders,
        "usual": [usual.get(str(turn), {}).get(seat, {}) for turn in range(len(orders))],
        "against_the_model": {},
    }
    if chose:
        mine, other = found["played"]["changes"], found[f"seat {seat}"]["changes"]
        result["against_the_model"] = {
            measure: {
                "played": _band(mine[measure][place]),
                "model": _band(other[measure][place]),
                "difference": _difference(mine[measure][place], other[measure][place]),
            }
            for measure, place in measures(state.exercise, seat).items()
        }
    return result


def _difference(mine: Sequence[float], other: Sequence[float]) -> Plain:
    return _band([a - b for a, b in zip(mine, other, strict=True)])


def _band(values: Sequence[float]) -> Plain:
    """Return the room's own run, and mean and 90% interval of the mean over all runs."""
    mean, n = float(np.mean(values)), len(values)
    if n < 2:
        return {"here": values[0], "mean": mean, "low": None, "high": None}
    reach = float(stdtrit(n - 1, 0.95) * np.std(values, ddof=1) / np.sqrt(n))
    return {"here": values[0], "mean": mean, "low": mean - reach, "high": mean + reach}


def session(
    exercise: Exercise, seed: int, moves: Sequence[Move], accounts: Sequence[Plain], debrief: Plain | None
) -> Plain:
    """Return a whole session as plain data that :func:`replay` reads; nobody's name is in it."""
    state = fold(exercise, moves)
    start = moves[0].at if moves else 0.0
    return {
        "format": FORMAT,
        "hedgerow": hedgerow.__version__,
        "exercise": exercise.model_dump(mode="json"),
        "seed": seed,
        "scenario": _fingerprint(state),
        "moves": [
            {
                "kind": m.kind,
                "turn": m.turn,
                "seat": m.seat,
                "body": dict(m.body),
                "after_seconds": round(m.at - start, 3),
            }
            for m in moves
        ],
        "accounts": list(accounts),
        "debrief": debrief,
    }


def _fingerprint(state: State) -> str:
    """Return a digest of the scenario that the choices made."""
    scenario = scenario_of(state.exercise, state.closed)
    return hashlib.sha256(scenario.model_dump_json().encode()).hexdigest()


@dataclass(frozen=True)
class Replay:
    """A session played again: its end state, its accounts, and whether all is as it was."""

    state: State
    accounts: list[Plain]
    same: bool
    why_not: str


def replay(file: str | Path) -> Replay:
    """Play a session again from its file.

    Parameters
    ----------
    file : str or Path
        A session downloaded by a facilitator.

    Raises
    ------
    ScenarioError
        If it is not such a file, or holds a move that is not allowed.
    """
    raw = _read(Path(file))
    try:
        exercise = checked(raw["exercise"])
        moves = [Move(m["kind"], m["turn"], m["body"], m["seat"], float(m["after_seconds"])) for m in raw["moves"]]
        state = fold(exercise, moves)
        told = raw["accounts"]
        seed = int(raw["seed"])
    except (KeyError, TypeError, AttributeError) as error:
        raise ScenarioError(file, "", f"is not a whole session: {error}") from None
    except ScenarioError:
        raise
    except ValueError as error:
        raise ScenarioError(file, "moves", str(error)) from None
    plain = [q.plain() for q in state.closed]
    accounts = quarters_played(exercise.model_dump(mode="json"), seed, plain)
    same = accounts == told
    return Replay(state, accounts, same, "" if same else _why(raw, state))


def _read(file: Path) -> dict[str, Any]:
    try:
        if file.stat().st_size > LARGEST:
            raise ScenarioError(file, "", f"is larger than {LARGEST:,} bytes")
        raw = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise ScenarioError(file, "", f"cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError):
        raise ScenarioError(file, "", "is not JSON") from None
    if not isinstance(raw, dict) or raw.get("format") != FORMAT:
        raise ScenarioError(file, "format", f"must be '{FORMAT}'")
    return raw


def _why(raw: Mapping[str, Any], state: State) -> str:
    if raw.get("hedgerow") != hedgerow.__version__:
        return f"it was played with hedgerow {raw.get('hedgerow')}; this is {hedgerow.__version__}"
    if raw.get("scenario") != _fingerprint(state):
        return "the scenario it was played on has changed since"
    return "the model has changed since, or the file's accounts were altered"
