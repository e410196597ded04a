"""The rooms' file: what is not one, is damaged, older, newer or another's; who may read it; one bad room in it."""

import json
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from hedgerow.app.seminar import roomfile
from hedgerow.app.seminar.roomstore import RoomStore
from hedgerow.scenario.errors import ScenarioError
from hedgerow.seminar.seats import NotAllowed
from tests.unit.seminar_case import EVEN, NEW, OLD, START, Door

ROOT = Path(__file__).parents[2]
ours = pytest.mark.skipif(os.name != "posix", reason="owners and modes of files are POSIX's")


def played(file: Path, rooms: int = 1):
    """Write rooms in which a turn was played; return what was opened in each, and a student's token."""
    with Door(file) as door:
        found = [(room, door.joined(room, "USA")) for room in (door.opened() for _ in range(rooms))]
        for room, usa in found:
            door.move(room.token, "start")
            door.move(usa, "order", EVEN)
            door.move(room.token, "pause")
            door.move(room.token, "step")
            door.settle(room.token)
    return found


def change(file: Path, *statements: str) -> None:
    """Change a file of rooms by hand."""
    base = sqlite3.connect(file, isolation_level=None)
    for statement in statements:
        base.execute(statement)
    base.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    base.close()


def contents(folder: Path) -> dict[str, bytes]:
    return {place.name: place.read_bytes() for place in folder.iterdir() if place.is_file()}


def text(file: Path) -> None:
    file.write_text("not a database, but long enough to be taken for one" * 100)


def short(file: Path) -> None:
    file.write_bytes(b"SQLite format 3\0")


def anothers(file: Path) -> None:
    change(file, "CREATE TABLE guests (name TEXT)", "INSERT INTO guests VALUES ('Ada')")


def a_hotels(file: Path) -> None:
    change(file, "CREATE TABLE rooms (number INTEGER, guest TEXT)")


def marked(file: Path) -> None:
    change(file, "CREATE TABLE t (x)", "PRAGMA application_id = 7")


def newer(file: Path) -> None:
    played(file)
    change(file, f"PRAGMA user_version = {roomfile.SCHEMA + 1}")


def without_a_table(file: Path) -> None:
    played(file)
    change(file, "DROP TABLE accounts")


def tripped(file: Path) -> None:
    played(file)
    change(file, "CREATE TRIGGER trip AFTER INSERT ON rooms BEGIN DELETE FROM rooms; END")


def cut(file: Path) -> None:
    played(file)
    os.truncate(file, file.stat().st_size // 2)


def cut_in_the_head(file: Path) -> None:
    played(file)
    os.truncate(file, 60)


def holed(file: Path) -> None:
    """Overwrite every page but the first."""
    played(file)
    with file.open("r+b") as found:
        found.seek(4096)
        found.write(b"\xa5" * (file.stat().st_size - 4096))


def emptied(file: Path) -> None:
    """Empty a file whose last moves are in the log, as a killed server leaves them."""
    file.write_bytes(b"")
    file.with_name(file.name + "-wal").write_bytes(b"moves")


def lost(file: Path) -> None:
    file.with_name(file.name + "-wal").write_bytes(b"moves")


def linked(file: Path) -> None:
    file.symlink_to(file.parent / "elsewhere")


def linked_log(file: Path) -> None:
    played(file)
    file.with_name(file.name + "-wal").symlink_to(file.parent / "elsewhere")


def folder(file: Path) -> None:
    file.mkdir()


BAD = {
    text: "not a database",
    short: "not a database",
    anothers: "another program",
    a_hotels: "another program",
    marked: "another program",
    newer: "newer hedgerow",
    without_a_table: "lacks a table",
    tripped: "views or triggers",
    cut: "damaged|malformed",
    cut_in_the_head: "not a database",
    holed: "damaged|malformed",
    emptied: "moves of rooms are in",
    lost: "moves of rooms are in",
    linked: "is a link",
    linked_log: "is a link",
    folder: "no plain file",
}


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.__name__)
def test_a_file_that_will_not_do_is_refused_in_one_line_and_left_as_it_is(tmp_path, bad) -> None:
    file = tmp_path / "seminar.sqlite"
    bad(file)
    before = contents(tmp_path)
    with pytest.raises(ScenarioError, match=BAD[bad]) as refused:
        RoomStore(file)
    assert "\n" not in str(refused.value)
    assert contents(tmp_path) == before


@ours
@pytest.mark.skipif(os.name == "posix" and os.geteuid() != 0, reason="only root may give a file away")
def test_another_users_file_is_refused(tmp_path) -> None:
    file = tmp_path / "seminar.sqlite"
    played(file)
    os.chown(file, 12345, 12345)
    with pytest.raises(ScenarioError, match="belongs to another user"):
        RoomStore(file)


@ours
@pytest.mark.parametrize("umask", [0o000, 0o022, 0o777])
def test_nobody_else_may_read_the_file_whatever_the_umask(tmp_path, umask) -> None:
    file, before = tmp_path / "seminar.sqlite", os.umask(umask)
    try:
        store = RoomStore(file)
        modes = {place.name: stat.S_IMODE(place.stat().st_mode) for place in tmp_path.iterdir()}
        store.close()
    finally:
        os.umask(before)
    assert file.name in modes
    assert set(modes.values()) == {0o600}


@ours
def test_a_file_that_others_could_read_is_closed_to_them_with_one_word(tmp_path, caplog) -> None:
    file = tmp_path / "seminar.sqlite"
    played(file)
    file.chmod(0o644)
    RoomStore(file).close()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert len([line for line in caplog.messages if "closed to them" in line]) == 1


# --- older files ---------------------------------------------------------------------------------


def as_of_schema_0(file: Path) -> None:
    """Take a file back to the layout before accounts were kept."""
    statements = [s.replace("IF NOT EXISTS ", "") for s in roomfile._FIRST]
    old = file.with_name("old")
    base = sqlite3.connect(old, isolation_level=None)
    base.execute("PRAGMA journal_mode = WAL")
    base.executescript(";".join(statements))
    base.execute("ATTACH ? AS new", (str(file),))
    for table in ("rooms", "members", "moves", "debriefs"):
        names = ", ".join(row[1] for row in base.execute(f"PRAGMA main.table_info({table})"))
        base.execute(f"INSERT INTO main.{table} SELECT {names} FROM new.{table}")
    base.close()
    old.replace(file)


def test_rooms_of_the_first_layout_come_over_and_say_what_was_not_kept(tmp_path) -> None:
    file = tmp_path / "seminar.sqlite"
    (room, usa), (other, _) = played(file, 2)
    with Door(file) as door:
        moves, shown = door.store.moves(room.room), door.rooms.view(usa)
        door(door.rooms.close(other.token))
    as_of_schema_0(file)
    with Door(file, model=NEW) as door:
        assert door.store.moves(room.room) == moves
        door.settle(room.token)
        view = door.rooms.view(usa)
        assert view["you"] == shown["you"]
        assert "begun under an earlier version" in view["changes"][0]
        door(door.rooms.reopen(other.token))
        assert door.rooms.view(other.token)["turn"] == 1
    before = contents(tmp_path)[file.name]
    with Door(file, model=NEW) as door:
        assert door.rooms.view(usa)["you"] == shown["you"]
    assert before[:16] == roomfile.MAGIC


def test_a_file_whose_log_another_program_put_away_is_taken_up(tmp_path) -> None:
    file = tmp_path / "seminar.sqlite"
    ((room, usa),) = played(file)
    change(file, "PRAGMA journal_mode = DELETE")
    with Door(file) as door:
        assert door.rooms.view(usa)["turn"] == 1
        assert door.move(room.token, "extend", {"seconds": 60}).number


def test_bringing_up_is_all_or_nothing(tmp_path, monkeypatch) -> None:
    file = tmp_path / "seminar.sqlite"
    played(file)
    as_of_schema_0(file)
    with monkeypatch.context() as broken:
        steps = (roomfile._FIRST, (*roomfile._ACCOUNTS, "SELECT no_such_function()"))
        broken.setattr(roomfile, "STEPS", steps)
        with pytest.raises(ScenarioError, match="no_such_function"):
            RoomStore(file)
    base = sqlite3.connect(file)
    assert base.execute("PRAGMA user_version").fetchone() == (0,)
    assert "accounts" not in {name for (name,) in base.execute("SELECT name FROM sqlite_master")}
    base.close()
    store = RoomStore(file)
    assert len(store.rooms()) == 1
    store.close()


# --- one bad room --------------------------------------------------------------------------------

DAMAGE = {
    "exercise is no JSON": "UPDATE rooms SET exercise = '{' WHERE room = :room",
    "exercise is a list": "UPDATE rooms SET exercise = '[]' WHERE room = :room",
    "exercise lacks its seats": "UPDATE rooms SET exercise = json_remove(exercise, '$.seats') WHERE room = :room",
    "a title with a control character": "UPDATE rooms SET exercise = json_set(exercise, '$.title', 'x' || char(27)) "
    "WHERE room = :room",
    "opened never": "UPDATE rooms SET opened = 9e999 WHERE room = :room",
    "used in ten thousand years": "UPDATE rooms SET touched = 3e11 WHERE room = :room",
    "a negative seed": "UPDATE rooms SET seed = -1 WHERE room = :room",
    "a move's body is no JSON": "UPDATE moves SET body = 'x' WHERE room = :room AND number = 1",
    "a move's body is a number": "UPDATE moves SET body = '5' WHERE room = :room AND number = 1",
    "a move's body is deep": f"UPDATE moves SET body = '{'[' * 30_000}' WHERE room = :room AND number = 1",
    "bytes that are no text": "UPDATE moves SET body = CAST(x'7b22ff223a317d' AS TEXT) WHERE room = :room AND number = 1",
    "a move of no kind": "UPDATE moves SET kind = 'dance' WHERE room = :room AND number = 1",
    "a move of another seat": "UPDATE moves SET seat = 'FRA' WHERE room = :room AND number = 1",
    "a move is gone": "DELETE FROM moves WHERE room = :room AND number = 1",
    "a move at no time": "UPDATE moves SET at = 9e999 WHERE room = :room AND number = 1",
    "a member without a name": "UPDATE members SET name = '' WHERE room = :room",
    "a name in two lines": "UPDATE members SET name = 'x' || char(10) || 'y' WHERE room = :room",
    "a member of no seat": "UPDATE members SET seat = 'FRA' WHERE room = :room",
    "an account is no JSON": "UPDATE accounts SET body = '' WHERE room = :room AND turn = 1",
    "an account without donors": "UPDATE accounts SET body = json_remove(body, '$.donors') WHERE room = :room AND turn = 1",
    "an account without a seat": "UPDATE accounts SET body = json_remove(body, '$.blocs.east') "
    "WHERE room = :room AND turn = 1",
    "an account with words for numbers": "UPDATE accounts SET body = json_set(body, '$.blocs.east.crime', 'much') "
    "WHERE room = :room AND turn = 1",
    "an account of another turn": "UPDATE accounts SET body = json_set(body, '$.turn', 7) WHERE room = :room AND turn = 1",
    "an account is gone": "DELETE FROM accounts WHERE room = :room AND turn = 0",
    "an account too many": "INSERT INTO accounts SELECT room, 2, made_by, json_set(body, '$.turn', 2) FROM accounts "
    "WHERE room = :room AND turn = 1",
}


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    """A file of two rooms, to be copied."""
    file = tmp_path_factory.mktemp("two") / "seminar.sqlite"
    return file, played(file, 2)


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_a_damaged_room_stays_one_bad_room(tmp_path, two, damage, caplog) -> None:
    file = tmp_path / "seminar.sqlite"
    shutil.copy(two[0], file)
    (bad, student), (good, other) = two[1]
    base = sqlite3.connect(file, isolation_level=None)
    base.execute(damage, {"room": bad.room})
    before = rows(base, bad.room)
    base.close()
    with Door(file) as door:
        for token in (bad.token, student):
            with pytest.raises(NotAllowed, match=r"This room cannot be read, because .*left on disk as it is"):
                door.rooms.who(token)
        with pytest.raises(NotAllowed, match="The room with this code cannot be read, because"):
            door.rooms.by_code(bad.code, "here")
        assert [line for line in caplog.messages if bad.room in line and "cannot be read" in line and "\n" not in line]
        assert door.rooms.view(other)["turn"] == 1
        door.move(good.token, "go")
        door.move(other, "order", EVEN)
        door.move(good.token, "step")
        door.settle(good.token)
        assert door.rooms.view(other)["ready"]
        assert door.clock.now == START
    base = sqlite3.connect(file)
    assert rows(base, bad.room) == before
    base.close()


def rows(base: sqlite3.Connection, room: str) -> list:
    base.text_factory = bytes
    tables = ("rooms", "members", "moves", "accounts", "debriefs")
    return [base.execute(f"SELECT * FROM {table} WHERE room = ? ORDER BY 1, 2", (room,)).fetchall() for table in tables]


def test_a_damaged_room_that_is_closed_is_no_trouble_and_its_facilitator_may_delete_it(tmp_path, two) -> None:
    file = tmp_path / "seminar.sqlite"
    shutil.copy(two[0], file)
    (bad, student), (_, other) = two[1]
    change(file, "UPDATE rooms SET closed = 1, exercise = '{' WHERE room = '" + bad.room + "'")
    with Door(file) as door:
        with pytest.raises(NotAllowed, match="cannot be read, because its exercise is no JSON"):
            door(door.rooms.reopen(bad.token))
        with pytest.raises(NotAllowed, match="Only the facilitator"):
            door(door.rooms.delete(student))
        door(door.rooms.delete(bad.token))
        with pytest.raises(NotAllowed, match="leads nowhere"):
            door.rooms.who(bad.token)
        assert door.rooms.view(other)["turn"] == 1


# --- exercises -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content", [b"title = ", b"\xff\xfe", b"title = 'x'\nturns = 'many'", b"a = " + b"[" * 5000, b"x = 1"], ids=range(5)
)
def test_a_bad_exercise_stays_one_bad_exercise(tmp_path, monkeypatch, content) -> None:
    from hedgerow.seminar import exercise

    shutil.copytree(exercise.FOLDER, tmp_path / "exercises")
    monkeypatch.setattr(exercise, "FOLDER", tmp_path / "exercises")
    (tmp_path / "exercises" / "a-bad-one.toml").write_bytes(content)
    (tmp_path / "exercises" / "dangling.toml").symlink_to(tmp_path / "nothing")
    good, bad = exercise.shelf()
    assert sorted(good) == ["gaps-or-words", "leahy-dilemma", "pacific-pact"]
    assert sorted(bad) == ["a-bad-one", "dangling"]
    assert all("\n" not in why for why in bad.values())


# --- disks ---------------------------------------------------------------------------------------

FULL = """
import json, resource, sys
from pathlib import Path
from tests.unit.seminar_case import EVEN, Door
from hedgerow.seminar.seats import NotAllowed
file = Path(sys.argv[1])
acknowledged, refused = [], 0
with Door(file) as door:
    room, other = door.opened(), door.opened()
    usa = door.joined(room, "USA")
    door.move(room.token, "start")
    door.move(room.token, "pause")
    size = file.with_name(file.name + "-wal").stat().st_size
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + 40_000, resource.RLIM_INFINITY))
    for k in range(40):
        try:
            door.move(usa, "order", EVEN, client=f"k{k}")
            acknowledged.append(f"k{k}")
        except NotAllowed as error:
            assert "could not be written to disk" in str(error), error
            refused += 1
    assert door.rooms.view(other.token)["phase"] == "lobby"
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    door.move(usa, "order", EVEN, client="after")
    acknowledged.append("after")
    door.move(room.token, "step")
    door.settle(room.token)
    kept = [client for _, client in door.store.numbers(room.room) if client.startswith(("k", "after"))]
print(json.dumps([acknowledged, kept, refused]))
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="sets limits")
def test_on_a_full_disk_a_move_is_on_disk_or_refused_and_the_rest_goes_on(tmp_path) -> None:
    file = tmp_path / "seminar.sqlite"
    run = subprocess.run([sys.executable, "-c", FULL, file], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    acknowledged, kept, refused = json.loads(run.stdout)
    assert kept == acknowledged
    assert refused
    assert len(acknowledged) > 1


@pytest.mark.parametrize("gone", ["", "-wal"])
def test_a_file_that_is_taken_away_takes_no_more_moves(tmp_path, gone) -> None:
    file = tmp_path / "seminar.sqlite"
    with Door(file) as door:
        room = door.opened()
        usa = door.joined(room, "USA")
        door.move(room.token, "start")
        place, away = file.with_name(file.name + gone), tmp_path / "away"
        place.rename(away)
        with pytest.raises(NotAllowed, match="removed or replaced while the server ran"):
            door.move(usa, "order", EVEN, client="tap")
        assert door.rooms.view(usa)["you"]["order"] is None
        away.rename(place)
        assert not door.move(usa, "order", EVEN, client="tap").again
    with Door(file) as door:
        assert door.rooms.view(usa)["you"]["order"] is not None


def test_accounts_that_cannot_be_written_are_shown_kept_and_tried_again(tmp_path, monkeypatch) -> None:
    file = tmp_path / "seminar.sqlite"
    with Door(file) as door:
        room, other = door.opened(), door.opened()
        door.move(room.token, "start")

        def full(*_):
            raise sqlite3.OperationalError("database or disk is full")

        with monkeypatch.context() as broken:
            broken.setattr(door.store, "keep_accounts", full)
            door.move(room.token, "step")
            door.settle(room.token)
            view = door.rooms.view(room.token)
            assert view["ready"]
            assert "disk is full" in view["facilitator"]["trouble"]
            assert not door.rooms.view(other.token)["facilitator"]["trouble"]
            with pytest.raises(NotAllowed, match="disk is full"):
                door(door.rooms.close(room.token))
        door.clock.now += 6
        door.until(lambda: not door.rooms.view(room.token)["facilitator"]["trouble"])
        shown = door.rooms.view(room.token)["facilitator"]["accounts"]
    with Door(file, model=NEW, run=None) as door:
        assert door.rooms.view(room.token)["facilitator"]["accounts"] == shown
        assert door.rooms.who(room.token).room.game.made_by == (OLD, OLD)
