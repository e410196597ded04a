"""Playing out what a room has closed, and drawing up its debrief, outside the event loop.

What the model made is checked, written to disk and then shown; it is never made again.
"""

import asyncio
import logging
import sqlite3
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from hedgerow.app.jobs import Busy, Failed
from hedgerow.app.seminar.room import Room
from hedgerow.app.seminar.roomstore import RoomStore
from hedgerow.seminar import debrief, records
from hedgerow.seminar.accounts import Plain, quarters_played
from hedgerow.seminar.exercise import Exercise, printable
from hedgerow.seminar.game import Game, model_input

log = logging.getLogger(__name__)

AGAIN = 5.0
"""Seconds after which what failed is tried again."""
Runner = Callable[..., Awaitable[Any]]
"""Calls a function elsewhere: ``await run(client, function, *arguments)``."""
Model = Callable[[Exercise], str]
"""Names the model that plays an exercise now."""


class Playing:
    """Sees to it that rooms are played out.

    Parameters
    ----------
    store : RoomStore
    run : callable
        Where the model is run.
    clock : callable
        Seconds since 1970.
    model : callable
        Names the model that is run.
    """

    def __init__(self, store: RoomStore, run: Runner, clock: Callable[[], float], model: Model) -> None:
        self._store, self._run, self._clock, self._model = store, run, clock, model

    def see_to(self, room: Room) -> None:
        """See to it that what is closed is played out, and the debrief drawn up at the end."""
        if room.task is not None and not room.task.done():
            return
        if room.settled:
            room.trouble = ""
        else:
            room.task = asyncio.create_task(self._play_out(room))

    async def write(self, room: Room, game: Game) -> None:
        """Write to disk what a room's game tells and is not there yet; the room's lock must be held."""
        key = room.record.room
        if room.written < len(game.accounts):
            new = list(zip(game.accounts, game.made_by, strict=True))[room.written :]
            await asyncio.to_thread(self._store.keep_accounts, key, room.written, new)
            room.written = len(game.accounts)
        if game.debrief is not None and not room.debrief_written:
            await asyncio.to_thread(self._store.keep_debrief, key, len(game.moves), game.debrief, game.debrief_by)
            room.debrief_written = True

    async def _play_out(self, room: Room) -> None:
        try:
            while not room.settled:
                if not room.game.complete:
                    await (self._debrief(room) if room.game.ready else self._quarters(room))
                async with room.lock:
                    await self.write(room, room.game)
                room.trouble = ""
                room.changed()
        except sqlite3.Error as error:
            self._trouble(room, f"What was played could not be written to disk yet ({error}). It is kept and tried again.")
        except (Busy, Failed, ValueError) as error:
            self._trouble(room, f"The quarter could not be played yet: {error}. It is tried again; no move is lost.")
        except Exception as error:  # one room's trouble is no other's
            log.exception("room %s", room.record.room)
            self._trouble(room, f"The quarter could not be played yet: {error!r}. It is tried again; no move is lost.")

    def _trouble(self, room: Room, why: str) -> None:
        room.trouble, room.again = str(printable(why)), self._clock() + AGAIN
        log.warning("room %s: %s", room.record.room, room.trouble)
        room.changed()

    async def _quarters(self, room: Room) -> None:
        game = room.game
        model = await asyncio.to_thread(self._model, game.state.exercise)
        accounts = await self._run(room.record.room, quarters_played, *model_input(game))
        for turn in range(len(game.accounts), len(accounts)):
            records.account(accounts[turn], game.state.exercise, turn)
        async with room.lock:
            if room.state.closed != game.state.closed:
                return
            told = room.game.told(accounts, model)
            try:
                await self.write(room, told)
            finally:  # what cannot be written is shown all the same, and tried again
                room.game, room.model = told, model

    async def _debrief(self, room: Room) -> None:
        """Draw up the debrief, if it still tells of the room as it is."""
        game = room.game
        model = await asyncio.to_thread(self._model, game.state.exercise)
        cases = debrief.counterfactuals(game.state)
        found: dict[str, Plain] = {}
        for i, case in enumerate(cases):
            room.progress = (i, len(cases))
            room.changed()
            found[case.key] = await self._run(room.record.room, debrief.end_of, game.state.exercise, game.seed, case)
            if len(room.game.moves) != len(game.moves):
                return
        told = records.debrief(debrief.drawn_up(game.state, found), game.state.exercise)
        async with room.lock:
            if len(room.game.moves) == len(game.moves):
                room.game, room.model = replace(room.game, debrief=told, debrief_by=model), model
