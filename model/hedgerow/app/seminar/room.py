"""A room in memory, what tokens stand for, and join codes."""

import asyncio
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field

from hedgerow.app.seminar.roomstore import Member, RoomRecord
from hedgerow.seminar import views
from hedgerow.seminar.accounts import Plain
from hedgerow.seminar.game import Game, changes
from hedgerow.seminar.moves import State

LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
CODE = 8
"""Letters of a join code: 32**8 codes, so that at the rate allowed a day of guessing at twenty
rooms succeeds with a chance below one in 50,000."""


@dataclass(frozen=True)
class Opened:
    """A room that was opened: its key, its join code and the facilitator's token."""

    room: str
    code: str
    token: str


@dataclass(frozen=True)
class Receipt:
    """What is acknowledged: the number of the move; ``again`` if it had been accepted before."""

    number: int
    again: bool = False


@dataclass(frozen=True)
class Pass:
    """What a token stands for: a facilitator (blank seat and member) or a member of a seat."""

    room: "Room"
    member: str = ""
    seat: str = ""
    name: str = ""

    @property
    def facilitates(self) -> bool:
        """Whether the token is a facilitator's."""
        return self.seat == ""

    def view(self, now: float) -> Plain:
        """Return what the holder may see, and nothing else."""
        room = self.room
        result = {"room": room.record.room, **room.public(now)}
        if self.facilitates:
            members = [{"member": m.member, "name": m.name, "seat": m.seat} for m in room.here]
            mine = {"code": room.record.code, "seed": room.record.seed, "trouble": room.trouble, "members": members}
            return result | {"facilitator": views.facilitator(room.game) | mine}
        team = [m.name for m in room.here if m.seat == self.seat]
        return result | {"you": views.private(room.game, self.seat) | {"who": self.name, "team": team}}


@dataclass
class Room:
    """A room in memory: all of it can be had again from the store.

    ``model`` is what plays it from now on. ``written`` says how many of its accounts are on disk, and
    ``debrief_written`` whether its debrief is. ``used`` is when it was last used or taken up.
    """

    record: RoomRecord
    game: Game
    numbers: dict[tuple[str, str], int]
    members: list[Member]
    clock: Callable[[], float]
    model: str = ""
    used: float = 0.0
    written: int = 0
    debrief_written: bool = False
    progress: tuple[int, int] = (0, 0)
    trouble: str = ""
    again: float = 0.0
    version: int = 0
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    task: "asyncio.Task[None] | None" = None
    news: asyncio.Event = field(default_factory=asyncio.Event)
    _public: Plain = field(default_factory=dict)

    @property
    def state(self) -> State:
        """The state of its game."""
        return self.game.state

    @property
    def settled(self) -> bool:
        """Whether nothing is left to be played out or to be written."""
        written = self.written >= len(self.game.accounts) and (self.game.debrief is None or self.debrief_written)
        return self.game.complete and written

    def remaining(self) -> float | None:
        """Return the seconds left of the open turn, None if none is open."""
        return self.state.remaining(self.clock())

    def changed(self) -> None:
        """Tell those who watch."""
        self.version += 1
        self.news.set()
        self.news = asyncio.Event()

    @property
    def here(self) -> list[Member]:
        """Who has joined and was not removed."""
        return [member for member in self.members if not member.gone]

    @property
    def places(self) -> dict[str, Plain]:
        """The seats, and how many places of each are taken and free."""
        return views.places(self.state.exercise, [member.seat for member in self.here])

    def public(self, now: float) -> Plain:
        """Return what everybody may see of the room; worked out once for each of its versions."""
        if self._public.get("version") != self.version:
            more = {"free": self.places, "version": self.version, "progress": self.progress}
            more["changes"] = changes(self.game, self.model)
            self._public = views.public(self.game, now) | more
        return self._public | {"remaining": self.state.remaining(now)}


def new_code() -> str:
    """Return a join code nobody can guess."""
    return "".join(secrets.choice(LETTERS) for _ in range(CODE))


def tidy(code: str) -> str:
    """Return a join code as it is kept: capitals and digits alone."""
    return re.sub(r"[^0-9A-Z]", "", code.upper())[: 2 * CODE]


def spaced(code: str) -> str:
    """Return a join code as it is shown, in two groups."""
    return f"{code[:4]} {code[4:]}"
