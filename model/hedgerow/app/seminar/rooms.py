"""The rooms: opening, joining, moving, and letting the model play a quarter out.

The one place that joins the rules of the game, the file on disk, the model and the clock. A move
is folded in only after it has been written; every right is checked here, whatever the way in. It
runs in one event loop; the disk and the model are waited for, not blocked on.
"""

import asyncio
import logging
import re
import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from copy import deepcopy
from dataclasses import replace
from typing import Any

from hedgerow.app.safety import Rate
from hedgerow.app.seminar.clock import Steady
from hedgerow.app.seminar.lifetime import Lifetime
from hedgerow.app.seminar.movelog import CLOCK, MoveLog, uninterrupted
from hedgerow.app.seminar.playing import AGAIN, Model, Playing, Runner
from hedgerow.app.seminar.register import FAST, Register
from hedgerow.app.seminar.room import Opened, Receipt, Room
from hedgerow.app.seminar.roomstore import Member, RoomStore, token_digest
from hedgerow.seminar.accounts import Plain
from hedgerow.seminar.exercise import Exercise
from hedgerow.seminar.identity import made_by
from hedgerow.seminar.moves import Move
from hedgerow.seminar.replay import session_file
from hedgerow.seminar.seats import NotAllowed

log = logging.getLogger(__name__)

MOST_MEMBERS = 80


class Rooms:
    """All rooms of a server.

    Parameters
    ----------
    store : RoomStore
    run : callable
        Where the model is run.
    most : int
        Most rooms open at once.
    clock : callable, optional
        Seconds since 1970 that never jump; by default they go on from the last move on disk.
    model : callable
        Names the model that plays an exercise now.
    """

    def __init__(
        self, store: RoomStore, run: Runner, most: int = 20, clock: Callable[[], float] | None = None, model: Model = made_by
    ) -> None:
        self._store, self._clock = store, clock or Steady(store.latest())
        self._register = Register(store)
        self._playing = Playing(store, run, self._clock, model)
        self._moves = MoveLog(store, self._register, self._playing)
        self._lifetime = Lifetime(
            store, self._register, self._moves, self._playing, most=most, clock=self._clock, model=model
        )
        self.by_code, self.who = self._register.by_code, self._register.who
        self.still = self._register.still
        self._openings = Rate(20, 600.0)
        self._ticking: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Take up the open rooms on disk and let their clocks run."""
        await self._lifetime.take_up()
        self._ticking = asyncio.create_task(self._tick())

    async def stop(self) -> None:
        """Let go of all tasks; nothing is lost."""
        tasks = [room.task for room in self._register.rooms if room.task is not None]
        for task in (*tasks, self._ticking):
            if task is not None:
                task.cancel()
                with suppress(asyncio.CancelledError, Exception):
                    await task

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
        return await uninterrupted(self._lifetime.open(exercise, seed))

    async def join(self, code: str, name: str, seat: str, address: str) -> str:
        """Take a place in a seat and return the token that stands for it.

        Raises
        ------
        NotAllowed
            If the code is wrong, the seat full, or the name blank.
        """
        room = self.by_code(code, address)
        name = re.sub(r"\s+", " ", "".join(c for c in name if c.isprintable())).strip()[:40].strip()
        if not name:
            raise NotAllowed("Give a name that the others know you by.")
        return await uninterrupted(self._join(room, name, seat))

    async def _join(self, room: Room, name: str, seat: str) -> str:
        async with room.lock:
            self.still(room)  # it may have been closed meanwhile
            free = room.places
            if seat not in free:
                raise NotAllowed("There is no such seat in this exercise.")
            if not free[seat]["free"]:
                raise NotAllowed("This seat is full; take another.")
            if len(room.members) >= MOST_MEMBERS:
                raise NotAllowed("The room is full.")
            token = secrets.token_urlsafe(32)
            member = Member(secrets.token_hex(8), room.record.room, token_digest(token), name, seat)
            room.used = self._clock()
            await self._moves.write(self._store.admit, member, room.used)
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
        return await self._moves.accept(mover.room, move, mover.member, client)

    async def remove(self, token: str, member: str) -> None:
        """Let the facilitator remove a member; their link is stale from now on."""
        await uninterrupted(self._remove(self._register.facilitator(token).room, member))

    async def _remove(self, room: Room, member: str) -> None:
        async with room.lock:
            for i, found in enumerate(room.members):
                if found.member == member and not found.gone:
                    await self._moves.write(self._store.remove, member)
                    room.members[i] = replace(found, gone=True)
                    self._register.dismiss(found)
        room.changed()

    # --- closing, reopening, deleting --------------------------------------------------------

    async def close(self, token: str) -> None:
        """Let the facilitator close the room; all of it is kept, and it can be opened again."""
        await uninterrupted(self._lifetime.close(token))

    async def reopen(self, token: str) -> None:
        """Let the facilitator open a closed room again: all links work, its clock stands.

        Raises
        ------
        NotAllowed
            If it is not closed, not the asker's, cannot be read, or too many rooms are open.
        """
        await uninterrupted(self._lifetime.reopen(token))

    async def delete(self, token: str) -> None:
        """Let the facilitator delete a closed room with all names and moves; nothing else ever does.

        Raises
        ------
        NotAllowed
            If it is open or not the asker's.
        """
        await uninterrupted(self._lifetime.delete(token))

    # --- what is shown -----------------------------------------------------------------------

    def view(self, token: str) -> Plain:
        """Return what a token's holder may see, and nothing else."""
        return self.who(token).view(self._clock())

    def public(self, room: Room) -> Plain:
        """Return what everybody may see of a room."""
        return room.public(self._clock())

    async def session(self, token: str) -> Plain:
        """Return the whole session for the facilitator's file, of a closed room too."""
        room = await self._lifetime.facilitated(token)
        return await asyncio.to_thread(session_file, room.game, room.model)

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
        if now < room.again:
            return
        try:
            if await self._lifetime.close_if_idle(room):
                return
            if room.state.due(now):
                turn = room.state.turn
                client = f"clock-{turn}-{len(room.game.moves)}"
                await self._moves.accept(room, Move("step", turn, {}, at=now), CLOCK, client)
        except NotAllowed:  # a disk that is full, or a move that came first
            room.again = now + AGAIN
        if room.trouble:
            self._playing.see_to(room)
