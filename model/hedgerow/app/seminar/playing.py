"""Playing out what a room has closed, and drawing up its debrief, outside the event loop."""

import asyncio
import logging
import sqlite3
from collections.abc import Awaitable, Callable
from typing import Any

from hedgerow.app.jobs import Busy, Failed
from hedgerow.app.seminar.room import Room
from hedgerow.app.seminar.store import Store
from hedgerow.seminar import debrief
from hedgerow.seminar.accounts import Plain, quarters_played
from hedgerow.seminar.moves import State

log = logging.getLogger(__name__)

AGAIN = 5.0
"""Seconds after which what failed is tried again."""
Runner = Callable[..., Awaitable[Any]]
"""Calls a function elsewhere: ``await run(client, function, *arguments)``."""


class Playing:
    """Sees to it that rooms are played out.

    Parameters
    ----------
    store : Store
    run : callable
        Where the model is run.
    clock : callable
        Seconds since 1970.
    """

    def __init__(self, store: Store, run: Runner, clock: Callable[[], float]) -> None:
        self._store, self._run, self._clock = store, run, clock

    def see_to(self, room: Room) -> None:
        """See to it that what is closed is played out, and the debrief drawn up at the end."""
        if room.task is not None and not room.task.done():
            return
        if not room.ready or (room.state.phase == "over" and room.debrief is None):
            room.task = asyncio.create_task(self._play_out(room))

    async def _play_out(self, room: Room) -> None:
        try:
            while not room.ready or (room.state.phase == "over" and room.debrief is None):
                state, moves = room.state, len(room.moves)
                if not room.ready:
                    await self._quarters(room, state)
                elif await self._debrief(room, state, moves):
                    told = room.debrief or {}
                    await asyncio.to_thread(self._store.keep_debrief, room.record.room, moves, told)
                room.trouble = ""
                room.changed()
        except (Busy, Failed, ValueError, sqlite3.Error) as error:
            room.trouble, room.again = str(error), self._clock() + AGAIN
            log.warning("room %s: %s", room.record.room, error)
            room.changed()

    async def _quarters(self, room: Room, state: State) -> None:
        plain = [q.plain() for q in state.closed]
        accounts = await self._run(
            room.record.room, quarters_played, state.exercise.model_dump(mode="json"), room.record.seed, plain
        )
        if room.state.closed == state.closed:
            room.accounts = accounts

    async def _debrief(self, room: Room, state: State, moves: int) -> bool:
        """Draw up the debrief; say whether it still tells of the room as it is."""
        worlds = debrief.worlds(state)
        found: dict[str, Plain] = {}
        for i, world in enumerate(worlds):
            room.progress = (i, len(worlds))
            room.changed()
            found[world.key] = await self._run(
                room.record.room, debrief.end_of, state.exercise, room.record.seed, world
            )
            if len(room.moves) != moves:
                return False
        room.debrief = debrief.drawn_up(state, found)
        return True
