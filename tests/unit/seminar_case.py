"""A small exercise, and a room whose model is not run, for tests of the seminar room."""

import asyncio
import copy
from datetime import date
from functools import cache

from hedgerow.app.seminar.rooms import Rooms
from hedgerow.app.seminar.roomstore import RoomStore
from hedgerow.seminar.accounts import quarters_played
from hedgerow.seminar.exercise import checked

EXERCISE = checked(
    {
        "name": "small",
        "title": "A small exercise",
        "aim": "To test.",
        "scenario": "baseline-2022-25",
        "opening": date(2022, 8, 1),
        "turns": 3,
        "minutes": 5,
        "seats": {
            "CHN": {"kind": "donor", "name": "China", "brief": "secret of China"},
            "USA": {
                "kind": "donor",
                "name": "United States",
                "brief": "secret of the United States",
                "campaigns": 1,
                "conditions": ["units", "none", "country", "remedy", "threat"],
            },
            "AUS": {"kind": "background", "name": "Australia", "policy": "australia", "brief": "secret of Australia"},
            "east": {
                "kind": "bloc",
                "name": "East Africa",
                "members": ["KEN", "UGA", "TZA"],
                "brief": "secret of East Africa",
            },
            "mekong": {
                "kind": "bloc",
                "name": "The Mekong",
                "members": ["KHM", "LAO", "THA"],
                "brief": "secret of the Mekong",
            },
        },
        "cards": [{"title": "A coup", "kind": "leadership_change", "recipients": ["KEN"]}],
    }
)
PLAIN = EXERCISE.model_dump(mode="json")
EVEN = {"training": {"east": 3, "mekong": 3}, "equipment": {"east": 3, "mekong": 3}}
START = 1_000_000.0
OLD, NEW = "0.1.0+old", "0.2.0+new"
"""Names of models."""


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> float:
        return self.now


@cache
def opening_account():
    """Return the account of the opening, run once for all tests."""
    return quarters_played(PLAIN, 1, [])[0]


async def no_model(client, function, *arguments):
    """Stand in for the model: quarters like the opening, worlds that end alike."""
    await asyncio.sleep(0)
    if function is quarters_played:
        return [{**copy.deepcopy(opening_account()), "turn": i} for i in range(len(arguments[2]) + 1)]
    measures = [
        f"{name}_{d}"
        for d in ("CHN", "USA")
        for name in ("alignment", "trust", "lock_in", "officers", "equipment_usd", "spent_usd", "denied")
    ]
    measures += ["capability", "crime", "threat", "sovereignty", "policing_model", "entanglement", "abuses"]
    places = ("all", "east", "mekong")
    return {"changes": {m: {p: [0.0, 0.1] for p in places} for m in measures}, "usual": {}}


class Door:
    """The rooms of one server: ``with Door(path) as door: door(door.rooms.open(...))``."""

    def __init__(self, path, clock=None, run=no_model, most=20, model=OLD) -> None:
        self.clock = clock or Clock()
        self.store = RoomStore(path)
        self._loop = asyncio.new_event_loop()
        self.rooms = Rooms(self.store, run, most, self.clock, lambda exercise: model)

    def __enter__(self) -> "Door":
        self(self.rooms.start())
        return self

    def __exit__(self, *_) -> None:
        self(self.rooms.stop())
        self(self._loop.shutdown_default_executor())
        self._loop.close()
        self.store.close()

    def __call__(self, coroutine):
        """Do something in the server's event loop."""
        return self._loop.run_until_complete(coroutine)

    def opened(self, exercise=EXERCISE, seed=1):
        """Open a room and wait until it is ready."""
        room = self(self.rooms.open(exercise, seed, "here"))
        self.settle(room.token)
        return room

    def settle(self, token) -> None:
        """Wait for the model."""
        task = self.rooms.who(token).room.task
        if task is not None:
            self(asyncio.wait_for(asyncio.shield(task), 60))

    def until(self, comes_true) -> None:
        """Let the server go on until something comes true; fail after a minute."""

        async def wait() -> None:
            for _ in range(1200):
                if comes_true():
                    return
                await asyncio.sleep(0.05)
            raise AssertionError("waited in vain")

        self(wait())

    def joined(self, room, seat, name="Ada"):
        """Join a room and return the token."""
        return self(self.rooms.join(room.code, name, seat, "here"))

    def move(self, token, kind, body=None, turn=None, client=None):
        """Make a move, at the turn the room is at, with a number of its own."""
        room = self.rooms.who(token).room
        turn = room.state.turn if turn is None else turn
        client = client or f"m{len(room.game.moves)}"
        return self(self.rooms.move(token, kind, turn, body or {}, client))
