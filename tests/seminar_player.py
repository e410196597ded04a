"""A class at its devices: real WebSocket clients of a real server, each with moves of its own.

``python -m tests.seminar_player --rooms 5 --students 30 --turns 6`` starts a server, plays, and
prints how long turns took and what the server held in memory.
"""

import argparse
import asyncio
import itertools
import json
import os
import statistics
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

EXERCISE = "leahy-dilemma"
SEATS = ("USA", "CHN", "east", "sahel", "coast")
ORDERS = {
    "USA": {"training": {"east": 3, "sahel": 3}, "meetings": {"coast": 1}},
    "CHN": {"training": {"coast": 6}, "equipment": {"sahel": 2}},
    **{b: {"answers": {"USA": "accept", "CHN": "hedge"}} for b in ("east", "sahel", "coast")},
}


@dataclass
class Player:
    """One device: what it holds, what it has been told, what was acknowledged to it."""

    url: str
    seat: str = ""
    token: str = ""
    view: dict[str, Any] = field(default_factory=dict)
    acknowledged: dict[str, int] = field(default_factory=dict)
    _socket: ClientConnection | None = None
    _waiting: dict[str, "list[asyncio.Future[dict[str, Any]]]"] = field(default_factory=dict)
    _changed: asyncio.Event = field(default_factory=asyncio.Event)
    _listening: "asyncio.Task[None] | None" = None
    _numbers: Any = field(default_factory=itertools.count)

    async def come(self) -> None:
        """Connect, as soon as the server is there, and watch the room if it has been joined."""
        self._socket = await self._connected()
        self._listening = asyncio.create_task(self._listen())
        if self.token:
            await self.ask(do="watch", token=self.token)

    async def _connected(self) -> ClientConnection:
        for _ in range(300):
            try:
                return await connect(self.url, max_size=4_000_000, open_timeout=60)
            except OSError:
                await asyncio.sleep(0.2)
        raise AssertionError("the server does not answer")

    async def leave(self) -> None:
        """Disconnect."""
        if self._listening is not None:
            self._listening.cancel()
        if self._socket is not None:
            await self._socket.close()

    async def _listen(self) -> None:
        assert self._socket is not None
        try:
            async for text in self._heard(self._socket):
                told = json.loads(text)
                if told["is"] == "view":
                    self.view = told
                    self._changed.set()
                elif self._waiting.get(told.get("id")):
                    self._waiting[told["id"]].pop(0).set_result(told)
        finally:
            for future in itertools.chain(*self._waiting.values()):
                future.cancel()
            self._waiting.clear()

    @staticmethod
    async def _heard(socket: ClientConnection) -> AsyncIterator[Any]:
        """Give what is heard until the line ends, however it does."""
        with suppress(ConnectionClosed):
            async for text in socket:
                yield text

    async def ask(self, **told: Any) -> dict[str, Any]:
        """Send one message and return its answer."""
        assert self._socket is not None
        told.setdefault("id", f"ask-{next(self._numbers)}")
        answer = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(told["id"], []).append(answer)
        await self._socket.send(json.dumps(told))
        return await answer

    async def join(self, code: str, seat: str, name: str) -> None:
        """Take a seat."""
        self.seat = seat
        answer = await self.ask(do="join", code=code, name=name, seat=seat)
        assert answer["is"] == "joined", answer
        self.token = answer["token"]
        await self.ask(do="watch", token=self.token)

    async def move(self, kind: str, turn: int, body: Any = None, name: str = "") -> dict[str, Any]:
        """Make a move and keep what was acknowledged."""
        name = name or f"move-{next(self._numbers)}"
        answer = await self.ask(do="move", kind=kind, turn=turn, body=body or {}, id=name)
        if answer["is"] == "accepted":
            self.acknowledged[name] = answer["number"]
        return answer

    async def until(self, comes_true: Any, seconds: float = 120) -> None:
        """Wait until what is seen fits."""
        async with asyncio.timeout(seconds):
            while not (self.view and comes_true(self.view)):
                self._changed.clear()
                await self._changed.wait()


@dataclass
class Class:
    """A room full: a facilitator and students."""

    host: Player
    code: str
    room: str
    students: list[Player]

    async def turn(self, turn: int, orders: int = 2) -> float:
        """Play a turn: everybody sends, each move twice; return seconds to play it out."""
        sent = [
            s.move("order", turn, ORDERS[s.seat], f"{turn}-{i}")
            for s in self.students
            for i in range(orders)
            for _ in range(2)
        ]
        answers = await asyncio.gather(*sent)
        assert {a["is"] for a in answers} == {"accepted"}, answers
        started = time.perf_counter()
        assert (await self.host.move("step", turn))["is"] == "accepted"
        await asyncio.gather(*(s.until(lambda v: _played(v, turn)) for s in self.students))
        return time.perf_counter() - started


def _played(view: dict[str, Any], turn: int) -> bool:
    return bool(view["turn"] == turn + 1 and view["ready"])


async def seated(url: str, students: int, turns: int, seed: int = 1) -> Class:
    """Open a room and seat a class in it."""
    host = Player(url)
    await host.come()
    opened = await host.ask(do="open", exercise=EXERCISE, turns=str(turns), seed=str(seed))
    assert opened["is"] == "opened", opened
    host.token = opened["token"]
    await host.ask(do="watch", token=host.token)
    players = [Player(url) for _ in range(students)]
    for i, player in enumerate(players):
        await player.come()
        await player.join(opened["code"], SEATS[i % len(SEATS)], f"Student {i}")
    await host.until(lambda view: view["ready"])
    return Class(host, opened["code"], opened["room"], players)


def resident(pid: int) -> float:
    """Return the memory a process holds, MB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return float("nan")


def processor(pid: int) -> float:
    """Return the seconds of processor that a process and its children have used."""
    here = Path(f"/proc/{pid}")
    ticks = here.joinpath("stat").read_text().rpartition(")")[2].split()
    children = [c for t in here.glob("task/*/children") for c in t.read_text().split()]
    used = (int(ticks[11]) + int(ticks[12])) / os.sysconf("SC_CLK_TCK")
    return used + sum(processor(int(child)) for child in children)


async def measure(url: str, pid: int, rooms: int, students: int, turns: int) -> None:
    """Play whole sessions in several rooms at once and print what it took."""
    before = resident(pid)
    classes = await asyncio.gather(*(seated(url, students, turns, i) for i in range(rooms)))
    for room in classes:
        await room.host.move("start", 0)
    print(f"{rooms} rooms of {students}: {before:.0f} MB before, {resident(pid):.0f} MB seated")
    for turn in range(turns):
        used = processor(pid)
        took = await asyncio.gather(*(room.turn(turn) for room in classes))
        shown = f"median {statistics.median(took):.2f} s, slowest {max(took):.2f} s"
        used = processor(pid) - used
        print(f"turn {turn + 1}: {shown}; {used:.1f} s of processor; {resident(pid):.0f} MB")
    started = time.perf_counter()
    await asyncio.gather(*(room.host.until(lambda v: v["debrief"] is not None, 600) for room in classes))
    print(f"debriefs: {time.perf_counter() - started:.1f} s; {resident(pid):.0f} MB")
    for room in classes:
        for player in (room.host, *room.students):
            await player.leave()


def main() -> None:
    """Start a server, play, print."""
    from tests.browser.server import serving

    asked = argparse.ArgumentParser(description=__doc__)
    for name, default in (("rooms", 5), ("students", 30), ("turns", 6)):
        asked.add_argument(f"--{name}", type=int, default=default)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as where, serving(Path(where)) as site:
        url = f"ws://127.0.0.1:{site.port}/api/seminar/socket"
        asyncio.run(measure(url, site.process.pid, given.rooms, given.students, given.turns))


if __name__ == "__main__":
    main()
