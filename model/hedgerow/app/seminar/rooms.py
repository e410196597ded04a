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
from dataclasses import replace
from time import time
from typing import Any, TypeVar

from hedgerow.app.safety import Rate
from hedgerow.app.seminar import debrief, views
from hedgerow.app.seminar.accounts import Plain
from hedgerow.app.seminar.exercise import Exercise
from hedgerow.app.seminar.game import Move, apply, fold
from hedgerow.app.seminar.playing import Playing, Runner
from hedgerow.app.seminar.room import Opened, Pass, Receipt, Room, new_code, tidy
from hedgerow.app.seminar.seats import Refused
from hedgerow.app.seminar.store import Member, RoomRecord, Store, digest

T = TypeVar("T")
log = logging.getLogger(__name__)

IDLE = 12 * 3600.0
KEEP = 30 * 24 * 3600.0
GRACE = 60.0
MOST_MEMBERS = 80
MOST_MOVES = 5000
CLOCK = "the clock"
STALE = "This link leads nowhere any more: the room is closed or you were removed from it."
WRONG = "No open room has this code. Look at the screen again."
FAST = "Too many tries. Wait a few minutes."


class Rooms:
    """All rooms of a server.

    Parameters
    ----------
    store : Store
    run : callable
        Where the model is run.
    most : int
        Most rooms open at once.
    clock : callable
        Seconds since 1970.
    """

    def __init__(
        self, store: Store, run: Runner, most: int = 20, clock: Callable[[], float] = time
    ) -> None:
        self._store, self._most, self._clock = store, most, clock
        self._playing = Playing(store, run, clock)
        self._rooms: dict[str, Room] = {}
        self._passes: dict[str, Pass] = {}
        self._tries = Rate(1000, 600.0)
        self._all_tries = Rate(5000, 600.0)
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
                await self._accept(
                    room,
                    Move("extend", room.state.turn, {"seconds": GRACE}, at=self._clock()),
                    CLOCK,
                    secrets.token_hex(8),
                )
        self._ticking = asyncio.create_task(self._tick())

    async def stop(self) -> None:
        """Let go of all tasks; nothing is lost."""
        tasks = [room.task for room in self._rooms.values() if room.task is not None]
        for task in (*tasks, self._ticking):
            if task is not None:
                task.cancel()
                with suppress(asyncio.CancelledError, Exception):
                    await task

    def _take_up(self, record: RoomRecord) -> Room:
        exercise = Exercise.model_validate(record.exercise)
        moves = self._store.moves(record.room)
        room = Room(
            record, fold(exercise, moves), moves, self._store.numbers(record.room),
            self._store.members(record.room),
        )  # fmt: skip
        self._rooms[record.room] = room
        self._passes[record.host] = Pass(room)
        for member in room.members:
            if not member.gone:
                self._passes[member.token] = Pass(room, member.member, member.seat, member.name)
        room.debrief = self._store.debrief(record.room, len(moves))
        self._playing.see_to(room)
        return room

    # --- who may come in ---------------------------------------------------------------------

    async def open(self, exercise: Exercise, seed: int, address: str) -> Opened:
        """Open a room and return its code and the facilitator's token.

        Raises
        ------
        Refused
            If too many rooms are open, or this address opens them too fast.
        """
        if not self._openings.allow(address):
            raise Refused(FAST)
        return await _whole(self._open(exercise, seed))

    async def _open(self, exercise: Exercise, seed: int) -> Opened:
        async with self._door:
            if len(self._rooms) >= self._most:
                raise Refused(f"{self._most} rooms are open; close one first.")
            token, now = secrets.token_urlsafe(32), self._clock()
            record = RoomRecord(
                secrets.token_hex(8), new_code(), digest(token), exercise.model_dump(mode="json"),
                seed, now, now,
            )  # fmt: skip
            await self._write(self._store.open_room, record)
            self._take_up(record)
            return Opened(record.room, record.code, token)

    async def _write(self, write: Callable[..., None], *values: Any) -> None:
        """Write to disk in a thread of its own, and say so plainly if it cannot be done."""
        try:
            await asyncio.to_thread(write, *values)
        except sqlite3.Error as error:
            log.exception("the rooms' file cannot be written")
            raise Refused(f"This could not be written to disk ({error}); try again.") from None

    def by_code(self, code: str, address: str) -> Room:
        """Return the room of a join code.

        Raises
        ------
        Refused
            If there is none, or this address tries too often.
        """
        if not self._tries.allow(address) or not self._all_tries.allow("all"):
            raise Refused(FAST)
        word = tidy(code)
        for room in self._rooms.values():
            if secrets.compare_digest(room.record.code.encode(), word.encode()):
                return room
        raise Refused(WRONG)

    async def join(self, code: str, name: str, seat: str, address: str) -> str:
        """Take a place in a seat and return the token that stands for it.

        Raises
        ------
        Refused
            If the code is wrong, the seat full, or the name blank.
        """
        room = self.by_code(code, address)
        name = re.sub(r"\s+", " ", "".join(c for c in name if c.isprintable())).strip()[:40]
        if not name:
            raise Refused("Give a name that the others know you by.")
        return await _whole(self._join(room, name, seat))

    async def _join(self, room: Room, name: str, seat: str) -> str:
        async with room.lock:
            free = views.seats_free(room.state, room.members)
            if seat not in free:
                raise Refused("There is no such seat in this exercise.")
            if not free[seat]["free"]:
                raise Refused("This seat is full; take another.")
            if len(room.members) >= MOST_MEMBERS:
                raise Refused("The room is full.")
            token = secrets.token_urlsafe(32)
            member = Member(secrets.token_hex(8), room.record.room, digest(token), name, seat)
            await self._write(self._store.admit, member, self._clock())
            room.members.append(member)
            self._passes[member.token] = Pass(room, member.member, seat, name)
        room.changed()
        return token

    def who(self, token: str) -> Pass:
        """Return what a token stands for.

        Raises
        ------
        Refused
            If it stands for nothing, or nothing any more.
        """
        found = self._passes.get(digest(token))
        if found is None:
            raise Refused(STALE)
        return found

    def still(self, room: Room) -> Room:
        """Return a room that is open.

        Raises
        ------
        Refused
            If it has been closed.
        """
        if self._rooms.get(room.record.room) is not room:
            raise Refused(STALE)
        return room

    def _facilitator(self, token: str) -> Pass:
        found = self.who(token)
        if not found.facilitates:
            raise Refused("Only the facilitator can do this.")
        return found

    # --- moves -------------------------------------------------------------------------------

    async def move(
        self, token: str, kind: str, turn: int, body: Mapping[str, Any], client: str
    ) -> Receipt:
        """Accept a move; it is on disk when this returns.

        Parameters
        ----------
        token : str
            Whose move it is; the seat follows from it and from nothing else.
        kind, turn, body : as of :class:`~hedgerow.app.seminar.game.Move`
        client : str
            The mover's own number for this move: sent twice, it counts once.

        Raises
        ------
        Refused
            In words for the one who made it.
        """
        mover = self.who(token)
        if not re.fullmatch(r"[\w.:-]{1,64}", client):
            raise Refused("A move needs a number of its own of up to 64 letters.")
        move = Move(kind, turn, body, mover.seat, self._clock())
        return await self._accept(mover.room, move, mover.member, client)

    async def _accept(self, room: Room, move: Move, member: str, client: str) -> Receipt:
        return await _whole(self._accept_whole(room, move, member, client))

    async def _accept_whole(self, room: Room, move: Move, member: str, client: str) -> Receipt:
        async with room.lock:
            known = room.numbers.get((member, client))
            if known is not None:
                return Receipt(known, again=True)
            if len(room.moves) >= MOST_MOVES:
                raise Refused("This room has seen too many moves; open another.")
            state = apply(room.state, move)
            number = len(room.moves)
            await self._write(self._store.append, room.record.room, number, member, client, move)
            room.moves.append(move)
            room.numbers[member, client] = number
            room.state = state
            room.accounts = room.accounts[: len(state.closed) + 1]
            room.debrief = None
        self._playing.see_to(room)
        room.changed()
        return Receipt(number)

    async def remove(self, token: str, member: str) -> None:
        """Let the facilitator remove a member; their link is stale from now on."""
        await _whole(self._remove(self._facilitator(token).room, member))

    async def _remove(self, room: Room, member: str) -> None:
        async with room.lock:
            for i, found in enumerate(room.members):
                if found.member == member and not found.gone:
                    await self._write(self._store.remove, member)
                    room.members[i] = replace(found, gone=True)
                    del self._passes[found.token]
        room.changed()

    async def close(self, token: str) -> None:
        """Let the facilitator close the room for good."""
        await self._close(self._facilitator(token).room)

    async def _close(self, room: Room) -> None:
        await self._write(self._store.close_room, room.record.room)
        self._rooms.pop(room.record.room, None)
        self._passes = {k: p for k, p in self._passes.items() if p.room is not room}
        if room.task is not None:
            room.task.cancel()
        room.changed()

    # --- what is shown -----------------------------------------------------------------------

    def view(self, token: str) -> Plain:
        """Return what a token's holder may see, and nothing else."""
        holder = self.who(token)
        room = holder.room
        result = {"room": room.record.room, **self.public(room)}
        if holder.facilitates:
            result["facilitator"] = views.facilitator(room.state, room.accounts, room.members) | {
                "code": room.record.code, "seed": room.record.seed, "trouble": room.trouble,
            }  # fmt: skip
        else:
            result["you"] = views.private(room.state, room.accounts, holder.seat)
            result["you"]["who"] = holder.name
            team = [m.name for m in room.members if m.seat == holder.seat and not m.gone]
            result["you"]["team"] = team
        return result

    def public(self, room: Room) -> Plain:
        """Return what everybody may see of a room."""
        if room.told.get("version") != room.version:
            over = room.state.phase == "over"
            room.told = views.public(room.state, room.accounts, self._clock()) | {
                "free": views.seats_free(room.state, room.members), "version": room.version,
                "progress": room.progress, "debrief": room.debrief if over else None,
            }  # fmt: skip
        return room.told | {"remaining": room.state.remaining(self._clock())}

    async def session(self, token: str) -> Plain:
        """Return the whole session for the facilitator's file."""
        room = self._facilitator(token).room
        return await asyncio.to_thread(
            debrief.session, room.state.exercise, room.record.seed, list(room.moves),
            list(room.accounts), room.debrief,
        )  # fmt: skip

    # --- the clock ---------------------------------------------------------------------------

    async def _tick(self) -> None:
        """Close turns whose time is up, and rooms nobody has used for long."""
        while True:
            await asyncio.sleep(0.5)
            for room in list(self._rooms.values()):
                try:
                    await self._look_at(room)
                except Exception:
                    log.exception("room %s", room.record.room)

    async def _look_at(self, room: Room) -> None:
        now = self._clock()
        last = room.moves[-1].at if room.moves else room.record.touched
        if now - last > IDLE:
            await self._close(room)
            return
        if room.state.due(now):
            turn = room.state.turn
            with suppress(Refused):
                client = f"clock-{turn}-{len(room.moves)}"
                await self._accept(room, Move("step", turn, {}, at=now), CLOCK, client)
        if room.trouble and now > room.again:
            self._playing.see_to(room)


async def _whole(change: Coroutine[Any, Any, T]) -> T:
    """Let a change run to its end even if whoever asked for it goes away meanwhile.

    Otherwise a move could be on disk and missing in memory.
    """
    return await asyncio.shield(asyncio.ensure_future(change))
