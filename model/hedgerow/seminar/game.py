"""A game in play: the log of moves, what it folds into, and what the model made of it.

A :class:`Game` is a function of its exercise, seed and moves. Accounts and debrief are drawn up
elsewhere, because they take the model, and bear the name of the model that made them. What has been
shown stands: it is dropped only with the turn it tells of, and never drawn up anew.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from hedgerow.seminar.accounts import Plain
from hedgerow.seminar.exercise import Exercise
from hedgerow.seminar.moves import Move, State, apply, fold

UNKNOWN = "unknown"
"""Stands for the model of a game begun before its name was kept."""


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
    made_by : sequence of str
        The model that made each account.
    debrief : dict or None
        Drawn up once the game is over.
    debrief_by : str
        The model that made the debrief.
    begun_under : str
        The model it was begun under.
    """

    seed: int
    moves: tuple[Move, ...]
    state: State
    accounts: Sequence[Plain] = ()
    made_by: Sequence[str] = ()
    debrief: Plain | None = None
    debrief_by: str = ""
    begun_under: str = ""

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
        kept = len(state.closed) + 1
        return replace(
            self,
            moves=(*self.moves, move),
            state=state,
            accounts=self.accounts[:kept],
            made_by=self.made_by[:kept],
            debrief=None,
            debrief_by="",
        )

    def told(self, accounts: Sequence[Plain], by: str) -> "Game":
        """Return the game with the accounts of what had none; those it has stand as they were shown."""
        new = tuple(accounts[len(self.accounts) :])
        return replace(self, accounts=(*self.accounts, *new), made_by=(*self.made_by, *(by for _ in new)))


def game(exercise: Exercise, seed: int, moves: Iterable[Move]) -> Game:
    """Return the game that a log of accepted moves makes."""
    log = tuple(moves)
    return Game(seed, log, fold(exercise, log))


def model_input(played: Game) -> tuple[dict[str, Any], int, list[Plain]]:
    """Return what :func:`~hedgerow.seminar.accounts.quarters_played` takes: plain data, for a process of its own."""
    state = played.state
    return state.exercise.model_dump(mode="json"), played.seed, [q.plain() for q in state.closed]


def changes(played: Game, now: str) -> list[str]:
    """Say where the model changed under a game, a sentence each; nothing if it never did.

    Parameters
    ----------
    played : Game
    now : str
        The model that will make what is still to come.
    """
    told = []
    if played.begun_under == UNKNOWN:
        told.append(
            "This game was begun under an earlier version of hedgerow, which did not keep what it had shown. "
            f"Its first quarters were played again by code {(*played.made_by, now)[0]}, and may tell otherwise."
        )
    coming = () if played.complete and played.state.phase == "over" else (now,)
    for turn, (then, since) in enumerate(pairwise((*played.made_by, *coming))):
        if then != since:
            when = f"after turn {turn}" if turn else "before the first turn was played"
            told.append(
                f"The model changed {when}: what was shown up to then stands, and what came later is by the new one "
                f"(code {then} then, {since} since)."
            )
    last = played.made_by[-1] if played.made_by else ""
    if played.debrief is not None and played.debrief_by not in (last, UNKNOWN):
        told.append(
            f"The model changed before the debrief, which is by code {played.debrief_by}; the last turn is by {last}."
        )
    return told
