"""The state of a game as a fold over its accepted moves; pure, without clock, disk or model.

``state = fold(exercise, moves)``. A move is accepted if :func:`apply` does not raise; it is then
written down, and nothing else ever changes a game. Undoing a turn is a move too, so the log only
grows. The world of a game is a function of its state alone (:attr:`State.closed`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any, Literal

from pydantic import ValidationError

from hedgerow.seminar.exercise import Card, Exercise, card_of
from hedgerow.seminar.seats import NotAllowed, order_of

Phase = Literal["lobby", "open", "over"]
KINDS = ("start", "order", "inject", "withdraw", "pause", "go", "extend", "step", "undo", "finish")
FACILITATORS = frozenset(KINDS) - {"order"}
MOST_EXTENSION = 3600.0
MOST_CARDS = 8


@dataclass(frozen=True)
class Move:
    """One accepted move: what, by which seat (blank: the facilitator), for which turn, when.

    ``turn`` is the turn the mover believed to be open; ``at`` is in seconds since 1970.
    """

    kind: str
    turn: int
    body: Mapping[str, Any]
    seat: str = ""
    at: float = 0.0


@dataclass(frozen=True)
class Quarter:
    """What was chosen for one quarter: orders by seat, as plain data, and injected events."""

    orders: Mapping[str, Mapping[str, Any]]
    cards: tuple[Mapping[str, Any], ...] = ()

    def plain(self) -> dict[str, Any]:
        """Return plain data that :func:`quarter` reads."""
        return {
            "orders": {seat: dict(order) for seat, order in self.orders.items()},
            "cards": [dict(card) for card in self.cards],
        }


def quarter(raw: Mapping[str, Any]) -> Quarter:
    """Return a quarter from plain data."""
    return Quarter(dict(raw["orders"]), tuple(dict(card) for card in raw["cards"]))


EMPTY = Quarter({})


@dataclass(frozen=True)
class State:
    """A game at one moment.

    ``turn`` is the open turn, counted from 0. ``closed`` are the quarters already played;
    ``draft`` is the open one. ``deadline`` is when the turn closes by itself, in seconds since
    1970; while paused, ``left`` holds the seconds left instead.
    """

    exercise: Exercise
    phase: Phase = "lobby"
    turn: int = 0
    closed: tuple[Quarter, ...] = ()
    draft: Quarter = EMPTY
    deadline: float | None = None
    left: float | None = None

    @property
    def paused(self) -> bool:
        """Whether the clock stands."""
        return self.phase == "open" and self.deadline is None

    @property
    def seconds(self) -> float:
        """Length of a turn."""
        return self.exercise.minutes * 60.0

    def remaining(self, now: float) -> float | None:
        """Return the seconds left of the open turn, None if none is open."""
        if self.phase != "open":
            return None
        return self.left if self.deadline is None else max(self.deadline - now, 0.0)

    def due(self, now: float) -> bool:
        """Say whether the clock of the open turn has run out."""
        return self.phase == "open" and self.deadline is not None and now >= self.deadline


def fold(exercise: Exercise, moves: Iterable[Move]) -> State:
    """Return the state that a list of accepted moves leads to."""
    return reduce(apply, moves, State(exercise))


def apply(state: State, move: Move) -> State:
    """Return the state after a move.

    Raises
    ------
    NotAllowed
        If the move is not allowed now, in words for the one who made it.
    """
    if move.kind not in KINDS:
        raise NotAllowed("There is no such move.")
    if (move.seat == "") != (move.kind in FACILITATORS):
        raise NotAllowed("This is not yours to do.")
    if type(move.turn) is not int:  # False would pass for turn 0
        raise NotAllowed("A move needs the number of its turn.")
    if move.turn != state.turn:
        raise NotAllowed(f"This was meant for turn {move.turn + 1}; the room is at {state.turn + 1}.")
    step = _STEPS[move.kind]
    return step(state, move)


def _open(state: State) -> None:
    if state.phase == "lobby":
        raise NotAllowed("The game has not started.")
    if state.phase == "over":
        raise NotAllowed("The game is over.")


def _start(state: State, move: Move) -> State:
    if state.phase != "lobby":
        raise NotAllowed("The game has started already.")
    return replace(state, phase="open", deadline=move.at + state.seconds)


def _order(state: State, move: Move) -> State:
    _open(state)
    order = order_of(state.exercise, move.seat, move.body)
    orders = {**state.draft.orders, move.seat: order.model_dump(mode="json")}
    return replace(state, draft=replace(state.draft, orders=orders))


def _inject(state: State, move: Move) -> State:
    _open(state)
    if len(state.draft.cards) >= MOST_CARDS:
        raise NotAllowed(f"At most {MOST_CARDS} events a quarter.")
    try:
        card: Card = card_of(dict(move.body), state.exercise)
    except ValidationError as error:
        raise NotAllowed(f"This event cannot be read ({error.errors()[0]['msg']}).") from None
    except ValueError as error:
        raise NotAllowed(f"This event cannot be injected: {error}.") from None
    cards = (*state.draft.cards, card.model_dump(mode="json"))
    return replace(state, draft=replace(state.draft, cards=cards))


def _withdraw(state: State, move: Move) -> State:
    _open(state)
    place = move.body.get("place")
    if not isinstance(place, int) or not 0 <= place < len(state.draft.cards):
        raise NotAllowed("There is no such event in this quarter.")
    cards = state.draft.cards[:place] + state.draft.cards[place + 1 :]
    return replace(state, draft=replace(state.draft, cards=cards))


def _pause(state: State, move: Move) -> State:
    _open(state)
    if state.deadline is None:
        raise NotAllowed("The clock stands already.")
    return replace(state, deadline=None, left=max(state.deadline - move.at, 0.0))


def _go(state: State, move: Move) -> State:
    _open(state)
    if state.deadline is not None:
        raise NotAllowed("The clock is running.")
    return replace(state, deadline=move.at + (state.left or 0.0), left=None)


def _extend(state: State, move: Move) -> State:
    _open(state)
    seconds = move.body.get("seconds")
    if not isinstance(seconds, int | float) or not 0 < seconds <= MOST_EXTENSION:
        raise NotAllowed("Time is extended by up to an hour.")
    if state.deadline is None:
        return replace(state, left=(state.left or 0.0) + seconds)
    return replace(state, deadline=max(state.deadline, move.at) + seconds)


def _step(state: State, move: Move) -> State:
    _open(state)
    closed = (*state.closed, state.draft)
    over = len(closed) >= state.exercise.turns
    return replace(
        state,
        closed=closed,
        draft=EMPTY,
        turn=state.turn + 1,
        phase="over" if over else "open",
        left=None if over or not state.paused else state.seconds,
        deadline=None if over or state.paused else move.at + state.seconds,
    )


def _undo(state: State, _: Move) -> State:
    """Reopen the last turn with its orders, its clock standing."""
    if not state.closed:
        raise NotAllowed("No turn has been played yet.")
    return replace(
        state,
        phase="open",
        turn=state.turn - 1,
        closed=state.closed[:-1],
        draft=state.closed[-1],
        deadline=None,
        left=state.seconds,
    )


def _finish(state: State, _: Move) -> State:
    _open(state)
    if not state.closed:
        raise NotAllowed("Play at least one turn before the debrief.")
    return replace(state, phase="over", draft=EMPTY, deadline=None, left=None)


_STEPS = {
    "start": _start,
    "order": _order,
    "inject": _inject,
    "withdraw": _withdraw,
    "pause": _pause,
    "go": _go,
    "extend": _extend,
    "step": _step,
    "undo": _undo,
    "finish": _finish,
}
