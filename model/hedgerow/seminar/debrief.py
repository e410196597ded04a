"""The debrief: what each seat's choices did, against the model's own policy in the same world.

A counterfactual differs from the session played in one thing: a seat, a kind of a donor's choices,
or the injected events are taken out, and the model's own rules stand in. Run ``k`` of both draws the
same chance, so a difference is that choice's alone. Shown are the room's own run, and mean and 90%
interval over further paired runs: what the same choices would have done with other luck.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import stdtrit

from hedgerow.seminar.accounts import Plain, ends
from hedgerow.seminar.exercise import BlocSeat, DonorSeat, Exercise
from hedgerow.seminar.moves import Quarter, State

RUNS = 16
"""Paired runs of a debrief; the first is the room's own."""
HELP = "training and equipment"
CHOICES: dict[str, tuple[str, ...]] = {
    HELP: ("training", "equipment", "gaps"),
    "meetings": ("meetings", "open"),
    "conditions": ("conditions",),
    "campaigns": ("campaigns",),
}
"""Kinds of a donor's choices that are taken out one at a time."""


@dataclass(frozen=True)
class Counterfactual:
    """A session to compare with: what is left out of the one played, in words, and the rest."""

    key: str
    words: str
    quarters: tuple[Quarter, ...]


def counterfactuals(state: State) -> list[Counterfactual]:
    """Return the session as played, then one for each thing it may do without."""
    exercise, played = state.exercise, state.closed
    result = [Counterfactual("played", "as played", played)]
    for seat, chair in exercise.seats.items():
        mine = [q for q in played if seat in q.orders]
        if not mine:
            continue
        without = tuple(_without_seat(q, seat) for q in played)
        result.append(Counterfactual(f"seat {seat}", f"{owned(chair.name)} choices", without))
        if isinstance(chair, DonorSeat):
            result += _by_choice(seat, chair, played)
    if any(q.cards for q in played):
        calm = tuple(replace(q, cards=()) for q in played)
        result.append(Counterfactual("events", "the injected events", calm))
    return result


def owned(name: str) -> str:
    """Return the possessive of a name."""
    return f"{name}'" if name.endswith("s") else f"{name}'s"


def _without_seat(quarter: Quarter, seat: str) -> Quarter:
    return replace(quarter, orders={s: o for s, o in quarter.orders.items() if s != seat})


def _by_choice(seat: str, chair: DonorSeat, played: Sequence[Quarter]) -> list[Counterfactual]:
    """Return counterfactuals without one kind of a donor's choices, where it chose of several kinds."""
    orders = [q.orders[seat] for q in played if seat in q.orders]
    chosen = [what for what, names in CHOICES.items() if any(o.get(n) for o in orders for n in names)]
    if len(chosen) < 2:
        return []
    left = {what: tuple(_without_choice(q, seat, what) for q in played) for what in chosen}
    return [Counterfactual(f"{what} {seat}", f"{owned(chair.name)} {what}", rest) for what, rest in left.items()]


def _without_choice(quarter: Quarter, seat: str, what: str) -> Quarter:
    """Take one kind of choice out of a donor's order; the model divides help in its stead."""
    if seat not in quarter.orders:
        return quarter
    order = {n: v for n, v in quarter.orders[seat].items() if n not in CHOICES[what]}
    if what == HELP:
        order["usual_help"] = True
    return replace(quarter, orders={**quarter.orders, seat: order})


def end_of(exercise: Exercise, seed: int, case: Counterfactual, runs: int = RUNS) -> Plain:
    """Return where a counterfactual ends; for a worker process."""
    plain = [q.plain() for q in case.quarters]
    return ends(exercise.model_dump(mode="json"), seed, plain, runs)


def drawn_up(state: State, found: Mapping[str, Plain]) -> Plain:
    """Return the debrief of a session from where its counterfactuals end, as plain data.

    Parameters
    ----------
    state : State
        The room at its end.
    found : mapping
        What :func:`end_of` gave for each of :func:`counterfactuals`, by key.
    """
    played = found["played"]["changes"]
    runs = len(next(iter(next(iter(played.values())).values())))
    compared = {case.key: case for case in counterfactuals(state) if case.key != "played"}
    return {
        "runs": runs,
        "turns": [state.exercise.quarter(turn) for turn in range(len(state.closed))],
        "seats": {seat: _seat(state, seat, found, f"seat {seat}" in compared) for seat in state.exercise.seats},
        "drivers": [
            {
                "key": key,
                "what": case.words,
                "effects": {
                    measure: _difference(played[measure]["all"], other[measure]["all"])
                    for measure in shared_measures(state.exercise)
                    for other in (found[key]["changes"],)
                },
            }
            for key, case in compared.items()
        ],
        "changes": {measure: {place: _band(values) for place, values in played[measure].items()} for measure in played},
    }


def shared_measures(exercise: Exercise) -> tuple[str, ...]:
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
