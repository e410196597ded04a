"""Taking moves down: a move is on disk, and then in memory, or it is in neither and refused in words."""

import asyncio
import logging
import sqlite3
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from hedgerow.app.seminar.playing import Playing
from hedgerow.app.seminar.register import Register
from hedgerow.app.seminar.room import Receipt, Room
from hedgerow.app.seminar.roomstore import RoomStore
from hedgerow.app.seminar.rows import MoveRow
from hedgerow.seminar.moves import Move
from hedgerow.seminar.seats import NotAllowed

T = TypeVar("T")
log = logging.getLogger(__name__)

MOST_ORDERS, MOST_OF_ONE = 5000, 1000
"""Moves after which a room takes no more orders, and one person's no more moves."""
CLOCK = "the clock"


class MoveLog:
    """Where every move of every room passes.

    Parameters
    ----------
    store : RoomStore
    register : Register
    playing : Playing
        Told of each room that moved.
    """

    def __init__(self, store: RoomStore, register: Register, playing: Playing) -> None:
        self._store, self._register, self._playing = store, register, playing

    async def write(self, write: Callable[..., None], *values: Any) -> None:
        """Write to disk in a thread of its own, and say so plainly if it cannot be done."""
        try:
            await asyncio.to_thread(write, *values)
        except (sqlite3.Error, OSError) as error:
            log.warning("the rooms' file cannot be written: %s", error)
            raise NotAllowed(f"This could not be written to disk ({error}); try again.") from None

    async def accept(self, room: Room, move: Move, member: str, client: str) -> Receipt:
        """Accept a move, if it is allowed; it is on disk when this returns."""
        return await uninterrupted(self._accept(room, move, member, client))

    async def _accept(self, room: Room, move: Move, member: str, client: str) -> Receipt:
        async with room.lock:
            receipt = await self.take_down(room, move, member, client)
        self._playing.see_to(room)
        return receipt

    async def take_down(self, room: Room, move: Move, member: str, client: str) -> Receipt:
        """Write a move down and fold it in; the room's lock must be held."""
        self._register.still(room)  # it may have been closed while this waited
        known = room.numbers.get((member, client))
        if known is not None:
            return Receipt(known, again=True)
        _bounded(room, move, member)
        game = room.game.after(move)  # refused here, before it is written, if it is not allowed
        row = MoveRow(len(room.game.moves), client, member, move.kind, move.seat, move.turn, dict(move.body), move.at)
        await self.write(self._store.append, room.record.room, row, len(game.state.closed))
        room.numbers[member, client] = row.number
        room.game, room.used, room.debrief_written = game, room.clock(), False
        room.written = min(room.written, len(game.accounts))
        room.changed()
        return Receipt(row.number)

    async def settle_up(self, room: Room) -> None:
        """Write down what the model made and is not on disk yet; the room's lock must be held."""
        try:
            await self._playing.write(room, room.game)
        except sqlite3.Error as error:
            raise NotAllowed(f"What was played could not be written to disk ({error}); try again.") from None


def _bounded(room: Room, move: Move, member: str) -> None:
    """Refuse the move of someone who floods a room; the clock may always close a turn."""
    if move.kind == "order" and len(room.game.moves) >= MOST_ORDERS:
        raise NotAllowed("This room has seen too many decisions; open another.")
    mine = sum(by == member for by, _ in room.numbers)
    if member != CLOCK and mine >= MOST_OF_ONE:
        raise NotAllowed(f"You have made {MOST_OF_ONE:,} moves in this room; no more are taken.")


async def uninterrupted(change: Coroutine[Any, Any, T]) -> T:
    """Let a change run to its end even if whoever asked for it goes away meanwhile.

    Otherwise a move could be on disk and missing in memory.
    """
    return await asyncio.shield(asyncio.ensure_future(change))
