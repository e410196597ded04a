"""The register: which rooms are open, and what a join code or a token opens.

Guessing is limited here, whatever the way in.
"""

import secrets

from hedgerow.app.safety import Rate
from hedgerow.app.seminar.room import Pass, Room, tidy
from hedgerow.app.seminar.roomstore import Member, token_digest
from hedgerow.seminar.seats import NotAllowed

FAST = "Too many tries. Wait a few minutes."
STALE = "This link leads nowhere any more: the room is closed or you were removed from it."
WRONG = "No open room has this code. Look at the screen again."


class Register:
    """The open rooms of a server and the tokens that stand for something in them."""

    def __init__(self) -> None:
        self._rooms: dict[str, Room] = {}
        self._passes: dict[str, Pass] = {}
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

    def admit(self, room: Room, member: Member) -> None:
        """Let a member's token stand for their seat."""
        self._passes[member.token] = Pass(room, member.member, member.seat, member.name)

    def dismiss(self, member: Member) -> None:
        """Let a member's token stand for nothing."""
        self._passes.pop(member.token, None)

    def strike(self, room: Room) -> None:
        """Strike a room out: its code and all its tokens open nothing."""
        self._rooms.pop(room.record.room, None)
        self._passes = {k: p for k, p in self._passes.items() if p.room is not room}

    def by_code(self, code: str, address: str) -> Room:
        """Return the room of a join code.

        Raises
        ------
        NotAllowed
            If there is none, or this address tries too often.
        """
        if not self._tries.allow(address) or not self._all_tries.allow("all"):
            raise NotAllowed(FAST)
        word = tidy(code)
        for room in self._rooms.values():
            if secrets.compare_digest(room.record.code.encode(), word.encode()):
                return room
        raise NotAllowed(WRONG)

    def who(self, token: str) -> Pass:
        """Return what a token stands for.

        Raises
        ------
        NotAllowed
            If it stands for nothing, or nothing any more.
        """
        found = self._passes.get(token_digest(token))
        if found is None:
            raise NotAllowed(STALE)
        return found

    def facilitator(self, token: str) -> Pass:
        """Return what a facilitator's token stands for.

        Raises
        ------
        NotAllowed
            If it is none.
        """
        found = self.who(token)
        if not found.facilitates:
            raise NotAllowed("Only the facilitator can do this.")
        return found

    def still(self, room: Room) -> Room:
        """Return a room that is open.

        Raises
        ------
        NotAllowed
            If it has been closed.
        """
        if self._rooms.get(room.record.room) is not room:
            raise NotAllowed(STALE)
        return room
