"""The lifetime of rooms: opened or taken up from disk, closed, opened again, deleted.

A room is closed by its facilitator, or after a long time that the server itself has seen pass in which
nobody used it; never while its clock is stopped. A closed room keeps all it had. Only its facilitator
deletes it.
"""

import asyncio
import logging
import secrets
from collections.abc import Callable
from contextlib import suppress

from hedgerow.app.seminar.movelog import CLOCK, MoveLog, uninterrupted
from hedgerow.app.seminar.playing import Model, Playing
from hedgerow.app.seminar.register import FACILITATOR, IDLENESS, Register, Unavailable
from hedgerow.app.seminar.room import Opened, Room, new_code
from hedgerow.app.seminar.roomstore import DamagedError, RoomRecord, RoomStore, token_digest
from hedgerow.app.seminar.takeup import reason, taken_up
from hedgerow.seminar.exercise import Exercise, printable
from hedgerow.seminar.moves import Move
from hedgerow.seminar.seats import NotAllowed

log = logging.getLogger(__name__)

IDLE = 12 * 3600.0
"""Seconds seen to pass after which a room nobody uses is closed."""
GRACE = 60.0
"""Seconds that an open turn has left at least when a server comes back."""


class Lifetime:
    """Opens, closes and deletes the rooms of a register.

    Parameters
    ----------
    store, register, moves, playing
    most : int
        Most rooms open at once.
    clock : callable
        Seconds since 1970 that never jump.
    model : callable
        Names the model that plays an exercise now.
    """

    def __init__(
        self,
        store: RoomStore,
        register: Register,
        moves: MoveLog,
        playing: Playing,
        *,
        most: int,
        clock: Callable[[], float],
        model: Model,
    ) -> None:
        self._store, self._register, self._moves, self._playing = store, register, moves, playing
        self._most, self._clock, self._model = most, clock, model
        self._door = asyncio.Lock()

    async def take_up(self) -> None:
        """Take up the open rooms on disk, each for itself."""
        for key in self._store.rooms():
            try:
                room = taken_up(self._store.kept(key), self._clock, self._model)
            except Exception as error:  # whatever is wrong with one, the others are taken up
                self._set_aside(key, error)
                continue
            self._enter(room)
            if room.state.due(self._clock() + GRACE):
                more = Move("extend", room.state.turn, {"seconds": GRACE}, at=self._clock())
                with suppress(NotAllowed):  # no room keeps the others from being taken up
                    await self._moves.accept(room, more, CLOCK, secrets.token_hex(8))

    def _set_aside(self, key: str, error: Exception) -> None:
        why = reason(error) if isinstance(error, DamagedError) else f"it does not fit this version ({reason(error)})"
        self._register.set_aside(key, why)
        log.warning("room %s cannot be read and is left on disk as it is: %s", printable(key), why)

    def _enter(self, room: Room) -> None:
        self._register.enter(room)
        self._playing.see_to(room)

    async def open(self, exercise: Exercise, seed: int) -> Opened:
        """Open a room and return its code and the facilitator's token."""
        async with self._door:
            self._make_way()
            token, now = secrets.token_urlsafe(32), self._clock()
            played = exercise.model_dump(mode="json")
            model = await asyncio.to_thread(self._model, exercise)
            record = RoomRecord(secrets.token_hex(8), new_code(), token_digest(token), played, seed, now, now, model)
            await self._moves.write(self._store.open_room, record)
            self._enter(taken_up(self._store.kept(record.room), self._clock, self._model))
            return Opened(record.room, record.code, token)

    def _make_way(self) -> None:
        if len(self._register.rooms) >= self._most:
            raise NotAllowed(f"{self._most} rooms are open; close one first.")

    async def close(self, token: str) -> None:
        """Close a facilitator's room."""
        await self._close(self._register.facilitator(token).room, FACILITATOR)

    async def close_if_idle(self, room: Room) -> bool:
        """Close a room that nobody uses; say whether it was one."""
        idle = self._clock() - room.used > IDLE and not room.state.paused
        if idle:
            await uninterrupted(self._close(room, IDLENESS))
        return idle

    async def _close(self, room: Room, by: str) -> None:
        """Close a room with its clock stopped, so that opened again it is as it was."""
        async with room.lock:
            now, key, turn = self._clock(), room.record.room, room.state.turn
            self._register.still(room)
            if room.state.deadline is not None:
                stop = Move("pause", turn, {}, at=now)
                await self._moves.take_down(room, stop, CLOCK, f"close-{len(room.game.moves)}")
            await self._moves.settle_up(room)
            await self._moves.write(self._store.close_room, key, now, by)
            self._register.strike(key)
        if room.task is not None:
            room.task.cancel()
        room.changed()

    async def reopen(self, token: str) -> None:
        """Open a facilitator's closed room again: all links work, its clock stands."""
        async with self._door:
            closed = self._register.behind(token)
            if closed.record is None:
                raise closed
            self._make_way()
            room = await self._from_disk(closed.room)
            await self._moves.write(self._store.reopen_room, closed.room, self._clock())
            self._enter(room)

    async def delete(self, token: str) -> None:
        """Delete a facilitator's closed room."""
        async with self._door:
            key = self._register.behind(token).room
            await self._moves.write(self._store.delete, key)
            self._register.strike(key)

    async def facilitated(self, token: str) -> Room:
        """Return a facilitator's room, a closed one from disk."""
        try:
            return self._register.facilitator(token).room
        except Unavailable as closed:
            if not closed.facilitates or closed.record is None:
                raise
            return await self._from_disk(closed.room)

    async def _from_disk(self, key: str) -> Room:
        try:
            kept = await asyncio.to_thread(self._store.kept, key)
            return taken_up(kept, self._clock, self._model)
        except DamagedError as error:
            raise NotAllowed(f"This room cannot be read, because {error}. It was left on disk as it is.") from None
