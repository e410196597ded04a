"""Playing out what a room has closed, and drawing up its debrief, outside the event loop."""

import asyncio
import logging
import sqlite3
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from hedgerow.app.jobs import Busy, Failed
from hedgerow.app.seminar.room import Room
from hedgerow.app.seminar.roomstore import RoomStore
from hedgerow.seminar import debrief
from hedgerow.seminar.accounts import Plain, quarters_played
from hedgerow.seminar.replay import model_input

log = logging.getLogger(__name__)

AGAIN = 5.0
"""Seconds after which what failed is tried again."""
Runner = Callable[..., Awaitable[Any]]
"""Calls a function elsewhere: ``await run(client, function, *arguments)``."""


class Playing:
    """Sees to it that rooms are played out.

    Parameters
    ----------
    store : RoomStore
    run : callable
        Where the model is run.
    clock : callable
        Seconds since 1970.
    """

    def __init__(self, store: RoomStore, run: Runner, clock: Callable[[], float]) -> None:
        self._store, self._run, self._clock = store, run, clock

    def see_to(self, room: Room) -> None:
        """See to it that what is closed is played out, and the debrief drawn up at the end."""
        if room.task is not None and not room.task.done():
            return
        if not room.game.complete:
            room.task = asyncio.create_task(self._play_out(room))

    async def _play_out(self, room: Room) -> None:
        try:
            while not room.game.complete:
                await (self._debrief(room) if room.game.ready else self._quarters(room))
                room.trouble = ""
                room.changed()
        except (Busy, Failed, ValueError, sqlite3.Error) as error:
            room.trouble, room.again = str(error), self._clock() + AGAIN
            log.warning("room %s: %s", room.record.room, error)
            room.changed()

    async def _quarters(self, room: Room) -> None:
        game = room.game
        accounts = await self._run(room.record.room, quarters_played, *model_input(game))
        if room.state.closed == game.state.closed:
            room.game = replace(room.game, accounts=accounts)

    async def _debrief(self, room: Room) -> None:
        """Draw up the debrief and keep it, if it still tells of the room as it is."""
        game = room.game
        cases = debrief.counterfactuals(game.state)
        found: dict[str, Plain] = {}
        for i, case in enumerate(cases):
            room.progress = (i, len(cases))
            room.changed()
            found[case.key] = await self._run(room.record.room, debrief.end_of, game.state.exercise, game.seed, case)
            if len(room.game.moves) != len(game.moves):
                return
        room.game = replace(room.game, debrief=debrief.drawn_up(game.state, found))
        await asyncio.to_thread(self._store.keep_debrief, room.record.room, len(game.moves), room.game.debrief or {})
