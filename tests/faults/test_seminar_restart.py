"""Rooms of a real server: killed, upgraded, paused for two days, on a full disk; and many rooms at once."""

import asyncio
import copy
import itertools
import json
import os
import random
import resource
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from hedgerow.app.seminar.roomstore import RoomStore
from hedgerow.runs.digest import PACKAGE
from hedgerow.seminar.game import game
from hedgerow.seminar.replay import replay, session_file
from tests.browser.server import COMMAND, LISTENING, Site, free_port, serving
from tests.seminar_player import ORDERS, Class, Player, seated

pytestmark = pytest.mark.slow


def address(site) -> str:
    return f"ws://127.0.0.1:{site.port}/api/seminar/socket"


def log_of(folder: Path) -> list[tuple[str, str, str, int]]:
    """Return room, member, the member's own number and the move's number, of every move on disk."""
    store = RoomStore(folder / "rooms.sqlite")
    try:
        return [
            (room, member, client, number)
            for room in store.rooms()
            for (member, client), number in store.numbers(room).items()
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
    kept = store.kept(store.rooms()[0])
    told = view["facilitator"]["accounts"]
    assert [account for account, _ in kept.accounts] == told
    played = game(Exercise.model_validate(kept.record.exercise), kept.record.seed, store.moves(kept.record.room))
    content = session_file(played.told(told, kept.record.begun_under))
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


# --- everything that may happen to a class -------------------------------------------------------

ROOMS = int(os.environ.get("HEDGEROW_ROOMS", "2"))
STUDENTS = int(os.environ.get("HEDGEROW_STUDENTS", "5"))
"""How many rooms of how many: five of thirty by hand."""
LATER = "__import__('os').path.exists('two-days-later')"
OTHER = {
    "hedgerow.seminar.accounts": ('"crime": _mean(world.crime, mask),', '"crime": 1.5 * _mean(world.crime, mask),'),
    "hedgerow.seminar.identity": ("version('hedgerow')", "'99.0.0'"),
    "hedgerow.app.seminar.clock": (
        "self._ticks()",
        "self._ticks() + 172800.0 * __import__('os').path.exists('two-days-later')",
    ),
}
"""What another version has otherwise: its crime, its name, and a clock that a file moves on by two days."""
CUSTOM = """
import sys
from importlib.util import spec_from_file_location
from pathlib import Path

class Other:
    def find_spec(self, name, path=None, target=None):
        file = Path(__file__).parent / f"{name}.py"
        return spec_from_file_location(name, file) if file.exists() else None

sys.meta_path.insert(0, Other())
"""


def upgrade(folder: Path) -> str:
    """Write the modules of another version; return the path on which Python finds them first, in every process."""
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(CUSTOM)
    for name, (old, new) in OTHER.items():
        text = (PACKAGE.parent / name.replace(".", "/")).with_suffix(".py").read_text()
        assert old in text
        (folder / f"{name}.py").write_text(text.replace(old, new))
    return os.pathsep.join(filter(None, [str(folder), os.environ.get("PYTHONPATH")]))


def shown(room: Class) -> list:
    return copy.deepcopy(room.host.view["facilitator"]["accounts"])


async def back(rooms: list[Class], site: Site) -> None:
    """Let everybody come back to a server, and see what they saw."""
    for player in (p for room in rooms for p in (room.host, *room.students)):
        player.url, player.view = address(site), {}
        await player.come()
        await player.until(lambda view: view["ready"])


async def left(rooms: list[Class]) -> None:
    for player in (p for room in rooms for p in (room.host, *room.students)):
        await player.leave()


async def same(rooms: list[Class], before: list[list]) -> None:
    """Everybody sees the accounts that were shown, and a student the books that follow from them."""
    for room, accounts in zip(rooms, before, strict=True):
        assert shown(room)[: len(accounts)] == accounts
        for student in room.students:
            books = student.view["you"]["books"]
            mine = [a["donors"] if student.seat in ("USA", "CHN") else a["blocs"] for a in accounts]
            told = [b.get("blocs") or b["own"] for b in books]
            assert told[: len(mine)] == [one[student.seat] for one in mine]


async def kill_while_all_send(where: Path, options: tuple[str, ...], unsure: set[str]) -> list[Class]:
    """Play a turn, then kill the server while everybody sends."""
    with serving(where, *options) as site:
        rooms = [await seated(address(site), STUDENTS, 4, seed) for seed in range(ROOMS)]
        for room in rooms:
            await room.host.move("start", 0)
        await asyncio.gather(*(room.turn(0) for room in rooms))
        storming = [asyncio.create_task(storm(room, 1, asyncio.Event(), unsure)) for room in rooms]
        await asyncio.sleep(1)
        await asyncio.to_thread(site.kill)
        await asyncio.gather(*storming)
    await left(rooms)
    return rooms


async def go_on_upgraded(where: Path, options: tuple[str, ...], rooms: list[Class]) -> None:
    """Come back to another model, play a turn of it, and leave all rooms paused for two days."""
    with serving(where, *options) as site:
        before = [shown(room) for room in rooms]
        await back(rooms, site)
        await same(rooms, before)
        for room in rooms:
            assert "The model changed after turn 1" in room.students[0].view["changes"][0]
        await asyncio.gather(*(room.turn(1) for room in rooms))
        for room in rooms:
            assert (await room.host.move("pause", 2))["is"] == "accepted"
            await room.host.until(lambda view: view["paused"])
        now, still = [shown(room) for room in rooms], rooms[0].host.view["remaining"]
        (where / "two-days-later").touch()
        await asyncio.sleep(2)
        assert (await rooms[0].host.move("extend", 2, {"seconds": 1}))["is"] == "accepted"
        await rooms[0].host.until(lambda view: view["remaining"] == still + 1)
        await same(rooms, now)
        site.stop()
    await left(rooms)


async def fill_up(where: Path, options: tuple[str, ...], rooms: list[Class]) -> None:
    """Let the disk be full while everybody sends; then there is room again, and the next turn is played."""
    with serving(where, *options) as site:
        before = [shown(room) for room in rooms]
        await back(rooms, site)
        await same(rooms, before)
        most = (where / "rooms.sqlite-wal").stat().st_size + 20_000
        limit(site, most)
        sent = [s.move("order", 2, ORDERS[s.seat], f"full-{i}") for r in rooms for s in r.students for i in range(5)]
        answers = await asyncio.gather(*sent)
        assert {a["is"] for a in answers} >= {"refused"}
        assert all("written to disk" in a["why"] for a in answers if a["is"] == "refused")
        limit(site, resource.RLIM_INFINITY)
        for room in rooms:
            assert (await room.host.move("go", 2))["is"] == "accepted"
        await asyncio.gather(*(room.turn(2) for room in rooms))
        await same(rooms, before)
        await asyncio.to_thread(site.kill)
    await left(rooms)


def limit(site: Site, size: int) -> None:
    """Let a server write no file larger than this."""
    resource.prlimit(site.process.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


@pytest.mark.skipif(sys.platform != "linux", reason="sets limits on another process")
def test_rooms_outlive_a_kill_an_upgrade_two_days_paused_and_a_full_disk(tmp_path, monkeypatch) -> None:
    """No move that was acknowledged is lost, and no account that was shown is told otherwise."""
    options = ("--rooms", str(tmp_path / "rooms.sqlite"), "--workers", "2")
    unsure: set[str] = set()

    async def play() -> None:
        rooms = await kill_while_all_send(tmp_path, options, unsure)
        players = [p for room in rooms for p in (room.host, *room.students)]
        for turns, part in ((2, None), (3, go_on_upgraded), (4, fill_up)):
            if part is not None:
                await part(tmp_path, options, rooms)
            await asyncio.to_thread(check_log, tmp_path, players, unsure)
            assert [len(shown(room)) for room in rooms] == [turns] * ROOMS
            if part is None:
                monkeypatch.setenv("PYTHONPATH", upgrade(tmp_path / "other"))

    asyncio.run(play())


@pytest.mark.parametrize("content", [b"no database", None], ids=["no database", "a folder"])
def test_a_rooms_file_that_will_not_do_costs_the_seminar_not_the_server(tmp_path, content) -> None:
    file = tmp_path / "rooms.sqlite"
    file.mkdir() if content is None else file.write_bytes(content)
    port = free_port()
    order = [str(COMMAND), "serve", "--port", str(port), "--rooms", str(file), "--workers", "1"]
    server = subprocess.Popen(order, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert LISTENING.search(server.stdout.readline())
        site = f"http://127.0.0.1:{port}"
        for place in ("/seminar", "/seminar/host/0123456789abcdef"):
            page = urllib.request.urlopen(f"{site}{place}").read().decode()
            assert "There are no seminar rooms on this server now" in page
        assert urllib.request.urlopen(f"{site}/").status == 200
    finally:
        server.kill()
        _, told = server.communicate()
    assert told.count("there are no seminar rooms:") == 1
    assert "Traceback" not in told
    if content is not None:
        assert file.read_bytes() == content
