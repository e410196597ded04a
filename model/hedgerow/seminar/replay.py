"""A game's file: written for its facilitator, and played again, which is how a class's result is checked.

:func:`session_file` writes a game down and :func:`replay` plays the file again. What else a file should
tell is one more key in both it and :class:`_Session`.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

import hedgerow
from hedgerow.disk import reading
from hedgerow.scenario.errors import ScenarioError
from hedgerow.seminar.accounts import Plain, quarters_played
from hedgerow.seminar.exercise import checked
from hedgerow.seminar.game import Game, changes, game, model_input
from hedgerow.seminar.identity import made_by
from hedgerow.seminar.moves import Move, State
from hedgerow.seminar.policies import scenario_of
from hedgerow.seminar.records import because

FORMAT = "hedgerow seminar session 1"
LARGEST = 4_000_000
"""Most bytes of a session file that is read."""


def session_file(played: Game, now: str = "") -> Plain:
    """Return a whole game as plain data that :func:`replay` reads; nobody's name is in it.

    Parameters
    ----------
    played : Game
    now : str
        The model that would play on; by default the one that played last.
    """
    start = played.moves[0].at if played.moves else 0.0
    now = now or (played.made_by[-1] if played.made_by else "")
    return {
        "format": FORMAT,
        "hedgerow": hedgerow.__version__,
        "exercise": played.state.exercise.model_dump(mode="json"),
        "seed": played.seed,
        "scenario": _fingerprint(played.state),
        "moves": [
            {"kind": m.kind, "turn": m.turn, "seat": m.seat, "body": dict(m.body), "after_seconds": round(m.at - start, 3)}
            for m in played.moves
        ],
        "accounts": list(played.accounts),
        "debrief": played.debrief,
        "begun_under": played.begun_under,
        "made_by": list(played.made_by),
        "debrief_by": played.debrief_by,
        "changes": changes(played, now),
    }


def _fingerprint(state: State) -> str:
    """Return a digest of the scenario that the choices made."""
    scenario = scenario_of(state.exercise, state.closed)
    return hashlib.sha256(scenario.model_dump_json().encode()).hexdigest()


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore", frozen=True)


class _Moved(_Strict):
    kind: str
    turn: int
    seat: str
    body: dict[str, Any]
    after_seconds: Annotated[float, Field(allow_inf_nan=False)]


class _Session(_Strict):
    """A session's file as it must be; a key that a later version adds is passed over."""

    hedgerow: str
    exercise: dict[str, Any]
    seed: Annotated[int, Field(ge=0)]
    scenario: str
    moves: list[_Moved]
    accounts: list[dict[str, Any]]
    made_by: list[str] = []


@dataclass(frozen=True)
class Replay:
    """A session played again: its end state, its accounts, and whether all is as it was told.

    ``differ`` names the turns that are told otherwise, 0 for the opening, and ``why_not`` says why.
    """

    state: State
    accounts: list[Plain]
    same: bool
    why_not: str
    differ: tuple[int, ...] = ()


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
    told = _read(Path(file))
    try:
        exercise = checked(told.exercise)
        moves = [Move(m.kind, m.turn, m.body, m.seat, m.after_seconds) for m in told.moves]
        again = game(exercise, told.seed, moves)
    except ScenarioError:
        raise
    except ValueError as error:
        raise ScenarioError(file, "moves", str(error)) from None
    accounts = quarters_played(*model_input(again))
    differ = tuple(turn for turn, (a, b) in enumerate(zip_longest(accounts, told.accounts)) if a != b)
    why = "; ".join(_why(told, again.state, differ, len(accounts)))
    return Replay(again.state, accounts, not differ, why, differ)


def _read(file: Path) -> _Session:
    try:
        raw = reading.json_object(reading.text(file, LARGEST))
    except reading.UnreadableError as error:
        raise ScenarioError(file, error.key, error.fault) from None
    except OSError as error:
        raise ScenarioError(file, "", f"cannot be read: {error.strerror}") from None
    if raw.get("format") != FORMAT:
        raise ScenarioError(file, "format", f"must be '{FORMAT}'")
    try:
        return _Session.model_validate(raw)
    except ValidationError as error:
        raise ScenarioError(file, "", f"is not a whole session: {because(error)}") from None


def _why(told: _Session, state: State, differ: Sequence[int], turns: int) -> list[str]:
    """Say why turns are told otherwise, those with one reason together."""
    reasons: dict[str, list[int]] = {}
    for turn in differ:
        reasons.setdefault(_reason(told, state, turn, turns), []).append(turn)
    return [f"{_turns(which)}: {reason}" for reason, which in reasons.items()]


def _reason(told: _Session, state: State, turn: int, turns: int) -> str:
    if turn >= len(told.accounts):
        return "not in the file, which was written before this was played"
    if turn >= turns:
        return "in the file, though its moves do not come so far"
    if turn < len(told.made_by):
        return _by_code(told.made_by[turn], made_by(state.exercise))
    if told.hedgerow != hedgerow.__version__:
        return f"played with hedgerow {told.hedgerow}; this is {hedgerow.__version__}"
    if told.scenario != _fingerprint(state):
        return "the scenario it was played on has changed since"
    return "the model has changed since, or the file's accounts were altered"


def _by_code(then: str, now: str) -> str:
    if then != now:
        return f"made by code {then}; this is code {now}, which tells it otherwise"
    return "made by this very code, so the file's accounts were altered, or another machine or package rounds otherwise"


def _turns(which: Sequence[int]) -> str:
    named = ["the opening" if turn == 0 else f"turn {turn}" for turn in which]
    return " and ".join([", ".join(named[:-1]), named[-1]]) if len(named) > 1 else named[0]
