"""The register: which rooms are open, and what a join code or a token opens.

Guessing is limited here, whatever the way in. Closed rooms are not held in memory but looked up on
disk; a room that cannot be read is known by the reason, which its code and its tokens are told.
"""

import secrets
import sqlite3
from datetime import datetime

from hedgerow.app.safety import Rate
from hedgerow.app.seminar.room import Pass, Room, tidy
from hedgerow.app.seminar.roomstore import DamagedError, Member, RoomRecord, RoomStore, token_digest
from hedgerow.seminar.seats import NotAllowed

FAST = "Too many tries. Wait a few minutes."
STALE = "This link leads nowhere any more: you were removed from the room, or the room was deleted."
WRONG = "No open room has this code. Look at the screen again."
UNREAD = "The rooms' file cannot be read just now; try again."
FACILITATOR, IDLENESS = "facilitator", "idleness"
"""Who closed a room."""


class Unavailable(NotAllowed):
    """A room that is there and cannot be entered: it is closed, or damaged.

    Parameters
    ----------
    why : str
        In words for the one who asked.
    room : str
    facilitates : bool
        Whether its facilitator asked.
    record : RoomRecord, optional
        None if it is damaged.
    """

    def __init__(self, why: str, room: str, facilitates: bool, record: RoomRecord | None) -> None:
        super().__init__(why)
        self.room, self.facilitates, self.record = room, facilitates, record


class Register:
    """The open rooms of a server and the tokens that stand for something in them."""

    def __init__(self, store: RoomStore) -> None:
        self._store = store
        self._rooms: dict[str, Room] = {}
        self._passes: dict[str, Pass] = {}
        self._damaged: dict[str, str] = {}
        self._tries = Rate(1000, 600.0)
        self._all_tries = Rate(5000, 600.0)

    @property
    def rooms(self) -> list[Room]:
        """The open rooms."""
        return list(self._rooms.values())

    def enter(self, room: Room) -> None:
        """Enter a room with its facilitator and its members."""
        self._rooms[room.record.room] = room
        self._passes[room.record.host] = Pass(room)
        for member in room.here:
            self.admit(room, member)

    def set_aside(self, room: str, why: str) -> None:
        """Note that an open room cannot be read, and why."""
        self._damaged[room] = why

    def admit(self, room: Room, member: Member) -> None:
        """Let a member's token stand for their seat."""
        self._passes[member.token] = Pass(room, member.member, member.seat, member.name)

    def dismiss(self, member: Member) -> None:
        """Let a member's token stand for nothing."""
        self._passes.pop(member.token, None)

    def strike(self, room: str) -> None:
        """Strike a room out: its code and all its tokens open nothing."""
        self._damaged.pop(room, None)
        self._rooms.pop(room, None)
        self._passes = {k: p for k, p in self._passes.items() if p.room.record.room != room}

    def by_code(self, code: str, address: str) -> Room:
        """Return the room of a join code.

        Raises
        ------
        NotAllowed
            If there is none that is open, or this address tries too often.
        """
        if not self._tries.allow(address) or not self._all_tries.allow("all"):
            raise NotAllowed(FAST)
        word = tidy(code)
        for room in self._rooms.values():
            if secrets.compare_digest(room.record.code.encode(), word.encode()):
                return room
        try:
            found = self._store.room_of_code(word)
        except sqlite3.Error:
            raise NotAllowed(UNREAD) from None
        raise self._unavailable(found, "The room with this code") if found else NotAllowed(WRONG)

    def who(self, token: str) -> Pass:
        """Return what a token stands for.

        Raises
        ------
        Unavailable
            If its room is closed or damaged.
        NotAllowed
            If it stands for nothing, or nothing any more.
        """
        found = self._passes.get(token_digest(token))
        if found is not None:
            return found
        try:
            holder = self._store.holder(token_digest(token))
        except sqlite3.Error:
            raise NotAllowed(UNREAD) from None
        if holder is None:
            raise NotAllowed(STALE)
        raise self._unavailable(holder.room, "This room", facilitates=holder.facilitates)

    def facilitator(self, token: str) -> Pass:
        """Return what a facilitator's token stands for in an open room.

        Raises
        ------
        NotAllowed
            If it is none.
        """
        found = self.who(token)
        if not found.facilitates:
            raise NotAllowed("Only the facilitator can do this.")
        return found

    def behind(self, token: str) -> Unavailable:
        """Return the closed or damaged room of its facilitator's token.

        Raises
        ------
        NotAllowed
            If it is none, or its room is open.
        """
        try:
            self.facilitator(token)
        except Unavailable as found:
            if not found.facilitates:
                raise NotAllowed("Only the facilitator can do this.") from None
            return found
        raise NotAllowed("The room is open; close it first.")

    def still(self, room: Room) -> Room:
        """Return a room that is open.

        Raises
        ------
        NotAllowed
            If it has been closed.
        """
        if self._rooms.get(room.record.room) is not room:
            raise self._unavailable(room.record.room, "This room")
        return room

    def _unavailable(self, room: str, which: str, *, facilitates: bool = False) -> NotAllowed:
        """Return why a room that is on disk cannot be entered."""
        damage = self._damaged.get(room)
        try:
            record = None if damage else self._store.record(room)
        except DamagedError as error:
            record, damage = None, str(error)
        except sqlite3.Error:
            return NotAllowed(UNREAD)
        if record is None:
            if damage == "there is no such room":
                return NotAllowed(STALE)
            why = f"{which} cannot be read, because {damage}. It was left on disk as it is; other rooms go on."
        elif not record.closed:
            return NotAllowed(STALE)
        else:
            after = "Nothing was deleted." if facilitates else "When its facilitator opens it again, this works again."
            why = f"{which} is closed{_by_whom(record)}. {after}"
        return Unavailable(why, room, facilitates, record)


def _by_whom(record: RoomRecord) -> str:
    """Return who closed a room, and when, within a sentence."""
    if not record.closed_at:
        return ""
    at = datetime.fromtimestamp(record.closed_at).astimezone()
    when = f"{at.day} {at:%B %Y at %H:%M %Z}".strip()
    if record.closed_by == IDLENESS:
        return f": nobody used it for twelve hours, and on {when} the server closed it"
    return f": its facilitator closed it on {when}"
