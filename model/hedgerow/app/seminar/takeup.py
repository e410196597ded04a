"""Taking a room up from what the file holds of it: all of it must fit together, or none of it is used."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

from pydantic import ValidationError

from hedgerow.app.seminar.playing import Model
from hedgerow.app.seminar.room import Room
from hedgerow.app.seminar.rows import DamagedError, Kept
from hedgerow.seminar import records
from hedgerow.seminar.exercise import Exercise, printable
from hedgerow.seminar.game import Game, game

LONGEST = 300
"""Most letters of a reason that is told."""


def taken_up(kept: Kept, clock: Callable[[], float], model: Model) -> Room:
    """Return a room as it was, with the accounts it had shown.

    Parameters
    ----------
    kept : Kept
        What the file holds of it.
    clock : callable
        Seconds since 1970.
    model : callable
        Names the model that plays an exercise now.

    Raises
    ------
    DamagedError
        If something of it cannot be read.
    """
    try:
        played = _played(kept)
        strangers = {member.seat for member in kept.members} - played.state.exercise.seats.keys()
        if strangers:
            raise ValueError(f"someone sits in a seat the exercise has not: {min(strangers)}")
    except ValueError as error:
        raise DamagedError(reason(error)) from None
    record, now = kept.record, clock()
    plays = record.begun_under
    with suppress(ValueError):  # whoever plays the next quarter will say what is wrong with the scenario
        plays = model(played.state.exercise)
    room = Room(record, played, kept.numbers, list(kept.members), clock, plays, now, len(played.accounts))
    room.debrief_written = played.debrief is not None
    return room


def _played(kept: Kept) -> Game:
    exercise = Exercise.model_validate(kept.record.exercise)
    log = game(exercise, kept.record.seed, [row.move for row in kept.moves])
    accounts = [records.account(body, exercise, turn) for turn, (body, _) in enumerate(kept.accounts)]
    if len(accounts) > len(log.state.closed) + 1:
        raise ValueError("it has accounts of turns that were not played")
    told = replace(log, accounts=tuple(accounts), made_by=tuple(by for _, by in kept.accounts))
    if kept.debrief is not None and log.state.phase == "over":
        body, by = kept.debrief
        told = replace(told, debrief=records.debrief(body, exercise), debrief_by=by)
    return replace(told, begun_under=kept.record.begun_under)


def reason(error: Exception) -> str:
    """Return a reason in one line, for logs and pages."""
    text = records.because(error) if isinstance(error, ValidationError) else str(error)
    return str(printable(text))[:LONGEST].rstrip(".")
