"""A game in play and its file: the log of moves, what it folds into, and what the model made of it.

A :class:`Game` is a function of its exercise, seed and moves; accounts and debrief are drawn up
elsewhere, because they take the model, and are kept only while the moves they tell of stand.
:func:`session_file` writes a game down and :func:`replay` plays the file again, which is how a class's
result is checked. What else a file should tell is one more key there, read in :func:`replay`.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import hedgerow
from hedgerow.scenario.errors import ScenarioError
from hedgerow.seminar.accounts import Plain, quarters_played
from hedgerow.seminar.exercise import Exercise, checked
from hedgerow.seminar.moves import Move, State, apply, fold
from hedgerow.seminar.policies import scenario_of

FORMAT = "hedgerow seminar session 1"
LARGEST = 4_000_000
"""Most bytes of a session file that is read."""


@dataclass(frozen=True)
class Game:
    """A game in play.

    Attributes
    ----------
    seed : int
        Seed of its one run.
    moves : tuple of Move
        The accepted moves.
    state : State
        What they fold into.
    accounts : sequence of dict
        The opening's account and those of the quarters played out so far.
    debrief : dict or None
        Drawn up once the game is over.
    """

    seed: int
    moves: tuple[Move, ...]
    state: State
    accounts: Sequence[Plain] = ()
    debrief: Plain | None = None

    @property
    def ready(self) -> bool:
        """Whether the quarters closed so far have been played out."""
        return len(self.accounts) > len(self.state.closed)

    @property
    def complete(self) -> bool:
        """Whether the model owes nothing: all is played out, and at the end the debrief is there."""
        return self.ready and (self.state.phase != "over" or self.debrief is not None)

    def after(self, move: Move) -> "Game":
        """Return the game after one more move; accounts of what it undoes are dropped.

        Raises
        ------
        NotAllowed
            If the move is not allowed now.
        """
        state = apply(self.state, move)
        kept = self.accounts[: len(state.closed) + 1]
        return Game(self.seed, (*self.moves, move), state, kept)


def game(exercise: Exercise, seed: int, moves: Iterable[Move]) -> Game:
    """Return the game that a log of accepted moves makes."""
    log = tuple(moves)
    return Game(seed, log, fold(exercise, log))


def model_input(played: Game) -> tuple[dict[str, Any], int, list[Plain]]:
    """Return what :func:`~hedgerow.seminar.accounts.quarters_played` takes: plain data, for a process of its own."""
    state = played.state
    return state.exercise.model_dump(mode="json"), played.seed, [q.plain() for q in state.closed]


def session_file(played: Game) -> Plain:
    """Return a whole game as plain data that :func:`replay` reads; nobody's name is in it."""
    start = played.moves[0].at if played.moves else 0.0
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
        again = game(exercise, int(raw["seed"]), moves)
        told = raw["accounts"]
    except (KeyError, TypeError, AttributeError) as error:
        raise ScenarioError(file, "", f"is not a whole session: {error}") from None
    except ScenarioError:
        raise
    except ValueError as error:
        raise ScenarioError(file, "moves", str(error)) from None
    accounts = quarters_played(*model_input(again))
    same = accounts == told
    return Replay(again.state, accounts, same, "" if same else _why_not(raw, again.state))


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


def _why_not(raw: Mapping[str, Any], state: State) -> str:
    if raw.get("hedgerow") != hedgerow.__version__:
        return f"it was played with hedgerow {raw.get('hedgerow')}; this is {hedgerow.__version__}"
    if raw.get("scenario") != _fingerprint(state):
        return "the scenario it was played on has changed since"
    return "the model has changed since, or the file's accounts were altered"
