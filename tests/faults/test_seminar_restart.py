"""Rooms of a real server that is killed in the middle, and of one with many rooms at once."""

import asyncio
import itertools
import json
import random
from dataclasses import replace
from pathlib import Path

import pytest

from hedgerow.app.seminar.roomstore import RoomStore
from hedgerow.seminar.replay import game, replay, session_file
from tests.browser.server import serving
from tests.seminar_player import ORDERS, Class, Player, seated

pytestmark = pytest.mark.slow


def address(site) -> str:
    return f"ws://127.0.0.1:{site.port}/api/seminar/socket"


def log_of(folder: Path) -> list[tuple[str, str, str, int]]:
    """Return room, member, the member's own number and the move's number, of every move on disk."""
    store = RoomStore(folder / "rooms.sqlite")
    try:
        return [
            (record.room, member, client, number)
            for record in store.rooms()
            for (member, client), number in store.numbers(record.room).items()
        ]
    finally:
        store.close()


def check_log(folder: Path, players: list[Player], unsure: set[str] = frozenset()) -> None:
    """Each acknowledged move is on disk once under its number; nothing else but the unsure is."""
    rows = log_of(folder)
    places = [(room, number) for room, _, _, number in rows]
    assert len(places) == len(set(places))
    by_room: dict[str, list[int]] = {}
    for room, number in places:
        by_room.setdefault(room, []).append(number)
    assert all(sorted(numbers) == list(range(len(numbers))) for numbers in by_room.values())
    acknowledged = [(client, n) for p in players for client, n in p.acknowledged.items()]
    kept = [(client, number) for _, _, client, number in rows]
    for move in acknowledged:
        assert kept.count(move) >= acknowledged.count(move) > 0
    extra = {client for client, _ in kept} - {client for client, _ in acknowledged}
    assert extra <= unsure


async def storm(room: Class, turn: int, stop: asyncio.Event, unsure: set[str]) -> None:
    """Let every student send orders one after another until the server is gone."""

    async def student(player: Player, who: int) -> None:
        for k in itertools.count():
            name = f"storm-{turn}-{who}-{k}"
            unsure.add(name)
            try:
                answer = await player.move("order", turn, ORDERS[player.seat], name)
            except (asyncio.CancelledError, OSError, Exception) as gone:
                if isinstance(gone, AssertionError):
                    raise
                return
            if answer["is"] == "accepted":
                unsure.discard(name)
            await asyncio.sleep(0.3)
            if stop.is_set():
                return

    await asyncio.gather(*(student(p, i) for i, p in enumerate(room.students)))


def test_rooms_survive_a_server_that_is_killed_in_the_middle(tmp_path) -> None:
    """Two kills at moments drawn from a fixed seed, each while everybody sends; then the end."""
    options = ("--rooms", str(tmp_path / "rooms.sqlite"), "--workers", "1")
    chance, unsure = random.Random(5), set()

    async def play() -> Class:
        room, port = None, None
        for turn in range(2):
            with serving(tmp_path, *options, port=port) as site:
                port = site.port
                if room is None:
                    room = await seated(address(site), 8, 2)
                    await room.host.move("start", 0)
                else:
                    await asyncio.gather(*(p.come() for p in (room.host, *room.students)))
                    await room.host.until(lambda v, t=turn: v["turn"] == t and v["ready"])
                    student = room.students[0]
                    await student.until(lambda v: v["ready"])
                    assert student.view["you"]["books"][-1]["turn"] == turn
                storming = asyncio.create_task(storm(room, turn, asyncio.Event(), unsure))
                await asyncio.sleep(0.5 + chance.random())
                if turn == 0:
                    await room.host.move("step", turn)
                    await asyncio.sleep(chance.random() * 0.5)
                await asyncio.to_thread(site.kill)
                await asyncio.wait_for(storming, 60)
            await asyncio.gather(*(p.leave() for p in (room.host, *room.students)))
            await asyncio.to_thread(check_log, tmp_path, [room.host, *room.students], unsure)
        return room

    async def finish(room: Class) -> dict:
        with serving(tmp_path, *options, port=None) as site:
            host = Player(address(site), token=room.host.token)
            await host.come()
            await host.until(lambda v: v["turn"] == 1 and v["ready"])
            assert (await host.move("step", 1))["is"] == "accepted"
            await host.until(lambda v: v["debrief"] is not None, 300)
            await host.leave()
            return host.view

    room = asyncio.run(play())
    view = asyncio.run(finish(room))
    assert view["phase"] == "over"
    session_replays(tmp_path, view)


def session_replays(folder: Path, view) -> None:
    """The room's moves on disk, made a session file, replay to what its facilitator was shown."""
    from hedgerow.seminar.exercise import Exercise

    store = RoomStore(folder / "rooms.sqlite")
    record = store.rooms()[0]
    told = view["facilitator"]["accounts"]
    exercise = Exercise.model_validate(record.exercise)
    played = game(exercise, record.seed, store.moves(record.room))
    content = session_file(replace(played, accounts=told, debrief=view["debrief"]))
    store.close()
    file = folder / "session.json"
    file.write_text(json.dumps(content))
    assert replay(file).same


def test_five_rooms_of_thirty_at_once_lose_and_double_no_move(tmp_path) -> None:
    """150 devices, each sending two orders twice in each of two turns; all told of the result."""

    async def play(url: str) -> list[Class]:
        rooms = await asyncio.gather(*(seated(url, 30, 2, seed) for seed in range(5)))
        for room in rooms:
            await room.host.move("start", 0)
        for turn in range(2):
            await asyncio.gather(*(room.turn(turn) for room in rooms))
        for room in rooms:
            seen = [p.view["last"] for p in room.students]
            assert all(view == seen[0] for view in seen)
            assert seen[0]["turn"] == 2
            await asyncio.gather(*(p.leave() for p in (room.host, *room.students)))
        return rooms

    with serving(tmp_path, "--rooms", str(tmp_path / "rooms.sqlite")) as site:
        rooms = asyncio.run(play(address(site)))
        site.stop()
    for room in rooms:
        assert sum(len(p.acknowledged) for p in room.students) == 30 * 2 * 2
    check_log(tmp_path, [p for room in rooms for p in (room.host, *room.students)])
    assert len(log_of(tmp_path)) == 5 * (30 * 2 * 2 + 3)
