"""The rooms: opening, joining, moving, and letting the model play a quarter out.

The one place that joins the rules of the game, the file on disk, the model and the clock. A move
is folded in only after it has been written; every right is checked here, whatever the way in. It
runs in one event loop; the disk and the model are waited for, not blocked on.
"""

import asyncio
import logging
import re
import secrets
import sqlite3
from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from copy import deepcopy
from dataclasses import replace
from time import time
from typing import Any, TypeVar

from hedgerow.app.safety import Rate
from hedgerow.app.seminar.playing import Playing, Runner
from hedgerow.app.seminar.register import FAST, Register
from hedgerow.app.seminar.room import Opened, Receipt, Room, new_code
from hedgerow.app.seminar.roomstore import Member, RoomRecord, RoomStore, token_digest
from hedgerow.seminar.accounts import Plain
from hedgerow.seminar.exercise import Exercise
from hedgerow.seminar.moves import Move
from hedgerow.seminar.replay import game, session_file
from hedgerow.seminar.seats import NotAllowed

T = TypeVar("T")
log = logging.getLogger(__name__)

IDLE = 12 * 3600.0
KEEP = 30 * 24 * 3600.0
GRACE = 60.0
MOST_MEMBERS = 80
MOST_ORDERS, MOST_OF_ONE = 5000, 1000
"""Moves after which a room takes no more orders, and one person's no more moves."""
CLOCK = "the clock"


class Rooms:
    """All rooms of a server.

    Parameters
    ----------
    store : RoomStore
    run : callable
        Where the model is run.
    most : int
        Most rooms open at once.
    clock : callable
        Seconds since 1970.
    """

    def __init__(self, store: RoomStore, run: Runner, most: int = 20, clock: Callable[[], float] = time) -> None:
        self._store, self._most, self._clock = store, most, clock
        self._playing = Playing(store, run, clock)
        self._register = Register()
        self.by_code, self.who = self._register.by_code, self._register.who
        self.still = self._register.still
        self._openings = Rate(20, 600.0)
        self._door = asyncio.Lock()
        self._ticking: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Take up the rooms on disk and let their clocks run."""
        self._store.forget(self._clock() - KEEP)
        for record in self._store.rooms():
            try:
                room = self._take_up(record)
            except ValueError:
                log.exception("room %s cannot be taken up and is left on disk", record.room)
                continue
            if room.state.due(self._clock() + GRACE):
                more = Move("extend", room.state.turn, {"seconds": GRACE}, at=self._clock())
                with suppress(NotAllowed):  # no room keeps the others from being taken up
                    await self._accept(room, more, CLOCK, secrets.token_hex(8))
        self._ticking = asyncio.create_task(self._tick())

    async def stop(self) -> None:
        """Let go of all tasks; nothing is lost."""
        tasks = [room.task for room in self._register.rooms if room.task is not None]
        for task in (*tasks, self._ticking):
            if task is not None:
                task.cancel()
                with suppress(asyncio.CancelledError, Exception):
                    await task

    def _take_up(self, record: RoomRecord) -> Room:
        exercise = Exercise.model_validate(record.exercise)
        log = game(exercise, record.seed, self._store.moves(record.room))
        played = replace(log, debrief=self._store.debrief(record.room, len(log.moves)))
        room = Room(record, played, self._store.numbers(record.room), self._store.members(record.room))
        self._register.enter(room)
        self._playing.see_to(room)
        return room

    # --- who may come in ---------------------------------------------------------------------

    async def open(self, exercise: Exercise, seed: int, address: str) -> Opened:
        """Open a room and return its code and the facilitator's token.

        Raises
        ------
        NotAllowed
            If too many rooms are open, or this address opens them too fast.
        """
        if not self._openings.allow(address):
            raise NotAllowed(FAST)
        return await _uninterrupted(self._open(exercise, seed))

    async def _open(self, exercise: Exercise, seed: int) -> Opened:
        async with self._door:
            if len(self._register.rooms) >= self._most:
                raise NotAllowed(f"{self._most} rooms are open; close one first.")
            token, now = secrets.token_urlsafe(32), self._clock()
            record = RoomRecord(
                secrets.token_hex(8), new_code(), token_digest(token), exercise.model_dump(mode="json"), seed, now, now
            )
            await self._write(self._store.open_room, record)
            self._take_up(record)
            return Opened(record.room, record.code, token)

    async def _write(self, write: Callable[..., None], *values: Any) -> None:
        """Write to disk in a thread of its own, and say so plainly if it cannot be done."""
        try:
            await asyncio.to_thread(write, *values)
        except sqlite3.Error as error:
            log.exception("the rooms' file cannot be written")
            raise NotAllowed(f"This could not be written to disk ({error}); try again.") from None

    async def join(self, code: str, name: str, seat: str, address: str) -> str:
        """Take a place in a seat and return the token that stands for it.

        Raises
        ------
        NotAllowed
            If the code is wrong, the seat full, or the name blank.
        """
        room = self.by_code(code, address)
        name = re.sub(r"\s+", " ", "".join(c for c in name if c.isprintable())).strip()[:40]
        if not name:
            raise NotAllowed("Give a name that the others know you by.")
        return await _uninterrupted(self._join(room, name, seat))

    async def _join(self, room: Room, name: str, seat: str) -> str:
        async with room.lock:
            free = room.places
            if seat not in free:
                raise NotAllowed("There is no such seat in this exercise.")
            if not free[seat]["free"]:
                raise NotAllowed("This seat is full; take another.")
            if len(room.members) >= MOST_MEMBERS:
                raise NotAllowed("The room is full.")
            token = secrets.token_urlsafe(32)
            member = Member(secrets.token_hex(8), room.record.room, token_digest(token), name, seat)
            await self._write(self._store.admit, member, self._clock())
            room.members.append(member)
            self._register.admit(room, member)
        room.changed()
        return token

    # --- moves -------------------------------------------------------------------------------

    async def move(self, token: str, kind: str, turn: int, body: Mapping[str, Any], client: str) -> Receipt:
        """Accept a move; it is on disk when this returns.

        Parameters
        ----------
        token : str
            Whose move it is; the seat follows from it and from nothing else.
        kind, turn, body : as of :class:`~hedgerow.seminar.moves.Move`
        client : str
            The mover's own number for this move: sent twice, it counts once.

        Raises
        ------
        NotAllowed
            In words for the one who made it.
        """
        mover = self.who(token)
        if not re.fullmatch(r"[\w.:-]{1,64}", client):
            raise NotAllowed("A move needs a number of its own of up to 64 letters.")
        # A copy: a page may go on changing what it sent, and the log must not change with it.
        move = Move(kind, turn, deepcopy(dict(body)), mover.seat, self._clock())
        return await self._accept(mover.room, move, mover.member, client)

    async def _accept(self, room: Room, move: Move, member: str, client: str) -> Receipt:
        return await _uninterrupted(self._accept_locked(room, move, member, client))

    async def _accept_locked(self, room: Room, move: Move, member: str, client: str) -> Receipt:
        async with room.lock:
            known = room.numbers.get((member, client))
            if known is not None:
                return Receipt(known, again=True)
            _bounded(room, move, member)
            room.game.after(move)  # refused here, before it is written, if it is not allowed
            number = len(room.game.moves)
            await self._write(self._store.append, room.record.room, number, member, client, move)
            room.numbers[member, client] = number
            room.game = room.game.after(move)  # anew, because accounts may have come meanwhile
        self._playing.see_to(room)
        room.changed()
        return Receipt(number)

    async def remove(self, token: str, member: str) -> None:
        """Let the facilitator remove a member; their link is stale from now on."""
        await _uninterrupted(self._remove(self._register.facilitator(token).room, member))

    async def _remove(self, room: Room, member: str) -> None:
        async with room.lock:
            for i, found in enumerate(room.members):
                if found.member == member and not found.gone:
                    await self._write(self._store.remove, member)
                    room.members[i] = replace(found, gone=True)
                    self._register.dismiss(found)
        room.changed()

    async def close(self, token: str) -> None:
        """Let the facilitator close the room for good."""
        await self._close(self._register.facilitator(token).room)

    async def _close(self, room: Room) -> None:
        await self._write(self._store.close_room, room.record.room)
        self._register.strike(room)
        if room.task is not None:
            room.task.cancel()
        room.changed()

    # --- what is shown -----------------------------------------------------------------------

    def view(self, token: str) -> Plain:
        """Return what a token's holder may see, and nothing else."""
        return self.who(token).view(self._clock())

    def public(self, room: Room) -> Plain:
        """Return what everybody may see of a room."""
        return room.public(self._clock())

    async def session(self, token: str) -> Plain:
        """Return the whole session for the facilitator's file."""
        return await asyncio.to_thread(session_file, self._register.facilitator(token).room.game)

    # --- the clock ---------------------------------------------------------------------------

    async def _tick(self) -> None:
        """Close turns whose time is up, and rooms nobody has used for long."""
        while True:
            await asyncio.sleep(0.5)
            for room in self._register.rooms:
                try:
                    await self._look_at(room)
                except Exception:
                    log.exception("room %s", room.record.room)

    async def _look_at(self, room: Room) -> None:
        now = self._clock()
        moves = room.game.moves
        last = moves[-1].at if moves else room.record.touched
        if now - last > IDLE:
            await self._close(room)
            return
        if room.state.due(now):
            turn = room.state.turn
            with suppress(NotAllowed):
                client = f"clock-{turn}-{len(moves)}"
                await self._accept(room, Move("step", turn, {}, at=now), CLOCK, client)
        if room.trouble and now > room.again:
            self._playing.see_to(room)


def _bounded(room: Room, move: Move, member: str) -> None:
    """Refuse the move of someone who floods a room; the clock may always close a turn."""
    if move.kind == "order" and len(room.game.moves) >= MOST_ORDERS:
        raise NotAllowed("This room has seen too many decisions; open another.")
    mine = sum(by == member for by, _ in room.numbers)
    if member != CLOCK and mine >= MOST_OF_ONE:
        raise NotAllowed(f"You have made {MOST_OF_ONE:,} moves in this room; no more are taken.")


async def _uninterrupted(change: Coroutine[Any, Any, T]) -> T:
    """Let a change run to its end even if whoever asked for it goes away meanwhile.

    Otherwise a move could be on disk and missing in memory.
    """
    return await asyncio.shield(asyncio.ensure_future(change))
