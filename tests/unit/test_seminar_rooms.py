"""The rooms: who may do what, and that nothing accepted is lost or counted twice."""

import asyncio
import itertools
import json
import sqlite3

import pytest
from seminar_case import EVEN, EXERCISE, START, Clock, Door, no_model

from hedgerow.app.jobs import Failed
from hedgerow.app.seminar.room import CODE, LETTERS, spaced, tidy
from hedgerow.scenario.errors import ScenarioError
from hedgerow.seminar.seats import NotAllowed

A = {"answers": {"CHN": "accept"}}
REFUSE = {"answers": {"CHN": "refuse"}}


@pytest.fixture
def file(tmp_path):
    return tmp_path / "rooms" / "seminar.sqlite"


@pytest.fixture
def door(file):
    with Door(file) as opened:
        yield opened


@pytest.fixture
def room(door):
    return door.opened()


def test_a_room_is_opened_joined_and_played_to_the_debrief(door, room) -> None:
    usa, east = door.joined(room, "USA"), door.joined(room, "east", "Bo")
    door.move(room.token, "start")
    for _ in range(3):
        door.move(usa, "order", EVEN)
        door.move(east, "order", A)
        door.move(room.token, "step")
    door.settle(room.token)
    view = door.rooms.view(usa)
    assert view["phase"] == "over"
    assert view["debrief"]["seats"]["USA"]["played"] == 3
    assert view["debrief"]["seats"]["CHN"]["played"] == 0


def test_a_wrong_code_opens_nothing_and_says_so(door, room) -> None:
    other = "".join("A" if c != "A" else "B" for c in room.code)
    for wrong in (other, "", "x" * 1000, room.code[:-1], room.room):
        with pytest.raises(NotAllowed, match="No open room has this code"):
            door.joined(type(room)(room.room, wrong, ""), "USA")


def test_a_code_may_be_typed_as_it_is_shown(door, room) -> None:
    for typed in (spaced(room.code), room.code.lower(), f" {room.code[:4]}-{room.code[4:]} "):
        assert door.rooms.by_code(typed, "here") is door.rooms.who(room.token).room
    assert tidy("ab cd-ef") == "ABCDEF"
    assert len(room.code) == CODE == 8
    assert len(set(LETTERS)) == 32


def test_guessing_is_stopped_and_others_still_get_in(door, room) -> None:
    for _ in range(1000):
        with pytest.raises(NotAllowed):
            door.rooms.by_code("WRONGONE", "attacker")
    with pytest.raises(NotAllowed, match="Too many tries"):
        door.rooms.by_code(room.code, "attacker")
    assert door.rooms.by_code(room.code, "student")


def test_submitting_twice_counts_once_and_is_acknowledged_alike(door, room) -> None:
    usa = door.joined(room, "USA")
    door.move(room.token, "start")
    first = door.move(usa, "order", EVEN, client="tap-1")
    again = door.move(usa, "order", EVEN, client="tap-1")
    assert (first.number, first.again) == (again.number, False)
    assert again.again
    assert len(door.store.moves(room.room)) == 2


def test_a_double_submission_after_the_turn_closed_is_still_the_first(door, room) -> None:
    usa = door.joined(room, "USA")
    door.move(room.token, "start")
    first = door.move(usa, "order", EVEN, client="tap-1")
    door.move(room.token, "step")
    assert door.move(usa, "order", EVEN, turn=0, client="tap-1").number == first.number


def test_one_who_floods_a_room_stops_nobody_else(door, room, monkeypatch) -> None:
    monkeypatch.setattr("hedgerow.app.seminar.movelog.MOST_OF_ONE", 3)
    usa, east = door.joined(room, "USA"), door.joined(room, "east", "Bo")
    door.move(room.token, "start")
    for _ in range(3):
        door.move(usa, "order", EVEN)
    with pytest.raises(NotAllowed, match="no more are taken"):
        door.move(usa, "order", EVEN)
    door.move(east, "order", A)
    monkeypatch.setattr("hedgerow.app.seminar.movelog.MOST_ORDERS", 3)
    with pytest.raises(NotAllowed, match="too many decisions"):
        door.move(east, "order", A)
    door.move(room.token, "step")
    assert door.rooms.view(room.token)["turn"] == 1


def test_two_facilitators_who_step_together_step_once(door, room) -> None:
    door.move(room.token, "start")

    async def both():
        steps = (door.rooms.move(room.token, "step", 0, {}, c) for c in ("left", "right"))
        return await asyncio.gather(*steps, return_exceptions=True)

    done = door(both())
    assert sorted(type(d).__name__ for d in done) == ["NotAllowed", "Receipt"]
    assert door.rooms.view(room.token)["turn"] == 1


def test_the_facilitator_of_one_room_has_no_say_in_another(door, room) -> None:
    other = door.opened()
    door.move(other.token, "start")
    assert door.rooms.view(room.token)["phase"] == "lobby"
    assert door.rooms.view(other.token)["phase"] == "open"
    with pytest.raises(NotAllowed, match="leads nowhere"):
        door.rooms.view("guess")


@pytest.mark.parametrize("kind", ["start", "step", "undo", "pause", "inject", "extend", "finish"])
def test_a_student_reaches_no_control_of_the_facilitator(door, room, kind) -> None:
    usa = door.joined(room, "USA")
    door.move(room.token, "start")
    with pytest.raises(NotAllowed, match="not yours"):
        door.move(usa, kind, {"seconds": 60})
    for what in (door.rooms.close, door.rooms.session):
        with pytest.raises(NotAllowed, match="Only the facilitator"):
            door(what(usa))
    with pytest.raises(NotAllowed, match="Only the facilitator"):
        door(door.rooms.remove(usa, "anybody"))


def test_a_student_cannot_act_for_another_seat(door, room) -> None:
    """The seat follows from the token: nothing in the body can name another."""
    usa = door.joined(room, "USA")
    door.move(room.token, "start")
    for body in (A, {**EVEN, "seat": "CHN"}, {"seat": "CHN"}):
        with pytest.raises(NotAllowed):
            door.move(usa, "order", body)
    door.move(usa, "order", EVEN)
    assert set(door.rooms.who(usa).room.state.draft.orders) == {"USA"}


def test_a_student_sees_no_other_seats_private_information(door, room) -> None:
    tokens = {seat: door.joined(room, seat) for seat in EXERCISE.seats}
    door.move(room.token, "start")
    marks = {"USA": 5, "CHN": 4}
    for seat, points in marks.items():
        door.move(tokens[seat], "order", {"training": {"east": points}})
    door.move(tokens["east"], "order", REFUSE)
    for seat, token in tokens.items():
        view = door.rooms.view(token)
        text = json.dumps(view)
        for other, chair in EXERCISE.seats.items():
            assert (chair.brief in text) == (other == seat)
        assert "facilitator" not in view
        assert view["you"]["order"] == door.rooms.who(token).room.state.draft.orders.get(seat)
        hidden = ["alignment", "trust", "blocked"] if seat == "AUS" else []
        hidden += ["belief", "flagged"] if seat in ("USA", "CHN", "AUS") else []
        assert not [word for word in hidden if f'"{word}"' in text]
    usa = door.rooms.view(tokens["USA"])["you"]["books"]
    everything = door.rooms.view(room.token)["facilitator"]["accounts"]
    chinas = everything[0]["donors"]["CHN"]["east"]["alignment"]
    assert str(chinas) not in json.dumps(usa)
    public = json.dumps(door.rooms.public(door.rooms.who(room.token).room))
    assert not [w for w in ("alignment", "brief", "training", "refuse") if f'"{w}"' in public]


def test_a_removed_students_link_is_stale(door, room) -> None:
    usa = door.joined(room, "USA")
    member = door.rooms.who(usa).member
    door(door.rooms.remove(room.token, member))
    for _ in range(2):
        with pytest.raises(NotAllowed, match="leads nowhere any more"):
            door.rooms.view(usa)
        with pytest.raises(NotAllowed, match="leads nowhere any more"):
            door.move(usa, "order", EVEN, turn=0)
        if door.rooms.still(door.rooms.who(room.token).room):
            door(door.rooms.close(room.token))
            door(door.rooms.reopen(room.token))


def test_a_closed_room_says_so_and_works_again_once_its_facilitator_opens_it(door, room) -> None:
    usa = door.joined(room, "USA")
    door.move(room.token, "start")
    door.move(usa, "order", EVEN, client="tap")
    door.move(room.token, "step")
    door.settle(room.token)
    door.clock.now += 100
    before = door.rooms.view(usa)
    door(door.rooms.close(room.token))
    for ask in (door.rooms.view, door.rooms.who, lambda t: door.move(t, "order", EVEN, turn=1)):
        with pytest.raises(NotAllowed, match="closed: its facilitator closed it on 12 January 1970"):
            ask(usa)
    with pytest.raises(NotAllowed, match="The room with this code is closed"):
        door.rooms.by_code(room.code, "here")
    with pytest.raises(NotAllowed, match="Only the facilitator"):
        door(door.rooms.reopen(usa))
    kept = door(door.rooms.session(room.token))
    assert [m["kind"] for m in kept["moves"]] == ["start", "order", "step", "pause"]
    assert len(kept["accounts"]) == 2
    door.clock.now += 40 * 24 * 3600
    door(door.rooms.reopen(room.token))
    after = door.rooms.view(usa)
    assert after["remaining"] == before["remaining"] == pytest.approx(200)
    assert after["paused"]
    assert after["you"] == before["you"]
    assert door.rooms.by_code(room.code, "here")
    door.move(room.token, "go")
    assert door.rooms.view(usa)["remaining"] == pytest.approx(200)


def test_a_room_is_deleted_by_its_facilitator_alone_with_every_name(file) -> None:
    with Door(file) as door:
        room, other = door.opened(), door.opened()
        token = door.joined(room, "USA", "Somebody")
        door.move(room.token, "start")
        with pytest.raises(NotAllowed, match="close it first"):
            door(door.rooms.delete(room.token))
        door(door.rooms.close(room.token))
        with pytest.raises(NotAllowed, match="Only the facilitator"):
            door(door.rooms.delete(token))
        door(door.rooms.delete(room.token))
        for gone in (room.token, token):
            with pytest.raises(NotAllowed, match="leads nowhere any more"):
                door.rooms.who(gone)
        assert door.store.moves(room.room) == []
        assert door.rooms.view(other.token)["phase"] == "lobby"
        for place in file.parent.iterdir():
            assert b"Somebody" not in place.read_bytes()


def test_closed_rooms_take_no_place_and_reopening_needs_one(file) -> None:
    with Door(file, most=1) as door:
        first = door.opened()
        door(door.rooms.close(first.token))
        second = door.opened()
        with pytest.raises(NotAllowed, match="1 rooms are open"):
            door(door.rooms.reopen(first.token))
        door(door.rooms.close(second.token))
        door(door.rooms.reopen(first.token))
        assert door.rooms.view(first.token)["phase"] == "lobby"


def test_a_seat_and_the_server_take_so_many_and_no_more(file) -> None:
    small = EXERCISE.model_copy(
        update={"seats": {**EXERCISE.seats, "USA": EXERCISE.seats["USA"].model_copy(update={"places": 2})}}
    )
    with Door(file, most=2) as door:
        room = door.opened(small)
        door.joined(room, "USA"), door.joined(room, "USA")
        with pytest.raises(NotAllowed, match="full"):
            door.joined(room, "USA")
        door.opened()
        with pytest.raises(NotAllowed, match="2 rooms are open"):
            door.opened()


@pytest.mark.parametrize("name", ["", "   ", "\n\t", "\u202e"])
def test_a_name_must_say_something(door, room, name) -> None:
    with pytest.raises(NotAllowed, match="name"):
        door.joined(room, "USA", name)


def test_names_are_cut_and_cleaned_but_never_interpreted(door, room) -> None:
    token = door.joined(room, "USA", "  <b>Eve</b>\n\u202e" + "x" * 100)
    assert door.rooms.who(token).name == ("<b>Eve</b>" + "x" * 100)[:40]


def test_the_clock_closes_a_turn_once(door, room) -> None:
    door.move(room.token, "start")
    door.clock.now += 299
    door(asyncio.sleep(0.7))
    assert door.rooms.view(room.token)["turn"] == 0
    door.clock.now += 2
    door.until(lambda: door.rooms.view(room.token)["turn"] == 1)
    door(asyncio.sleep(0.7))
    assert [m.kind for m in door.store.moves(room.room)] == ["start", "step"]


def test_a_server_that_stops_at_any_move_comes_back_as_it_was(file) -> None:
    """All that was acknowledged is there; all links work; the clock gives a minute's grace."""
    clock = Clock()
    with Door(file, clock) as door:
        room = door.opened()
        usa = door.joined(room, "USA")
        door.move(room.token, "start")
        door.move(usa, "order", EVEN, client="tap")
        before = door.rooms.who(room.token).room.state
    clock.now = START + 250
    with Door(file, clock) as door:
        assert door.rooms.who(room.token).room.state.closed == before.closed
        assert door.rooms.who(usa).room.state.draft == before.draft
        assert door.rooms.view(usa)["remaining"] == pytest.approx(50 + 60)
        assert door.move(usa, "order", EVEN, turn=0, client="tap").again
        assert door.rooms.by_code(room.code, "here")
        door.move(room.token, "step")
        door.settle(room.token)
        assert door.rooms.view(usa)["ready"]


def test_a_debrief_is_kept_and_not_drawn_up_twice(file) -> None:
    calls = []

    async def counting(client, function, *arguments):
        calls.append(function.__name__)
        return await no_model(client, function, *arguments)

    with Door(file, run=counting) as door:
        room = door.opened()
        usa = door.joined(room, "USA")
        door.move(room.token, "start")
        door.move(usa, "order", EVEN)
        door.move(room.token, "step")
        door.move(room.token, "finish")
        door.settle(room.token)
        told = door.rooms.view(usa)["debrief"]
    assert calls.count("end_of") == 2
    with Door(file, run=counting) as door:
        door.settle(room.token)
        assert door.rooms.view(usa)["debrief"] == told
    assert calls.count("end_of") == 2


def test_undoing_after_the_debrief_reopens_the_last_turn(door, room) -> None:
    usa = door.joined(room, "USA")
    door.move(room.token, "start")
    door.move(usa, "order", EVEN)
    door.move(room.token, "step")
    door.move(room.token, "finish")
    door.settle(room.token)
    door.move(room.token, "undo")
    view = door.rooms.view(usa)
    assert (view["phase"], view["turn"], view["debrief"]) == ("open", 0, None)
    assert view["you"]["order"]["training"] == EVEN["training"]
    assert view["ready"]


def test_a_model_that_fails_costs_no_move_and_is_tried_again(file) -> None:
    failing = itertools.count()

    async def flaky(client, function, *arguments):
        if next(failing) == 1:
            raise Failed("a worker died")
        return await no_model(client, function, *arguments)

    with Door(file, run=flaky) as door:
        room = door.opened()
        door.move(room.token, "start")
        door.move(room.token, "step")
        door.settle(room.token)
        view = door.rooms.view(room.token)
        assert "a worker died" in view["facilitator"]["trouble"]
        assert (view["turn"], view["ready"]) == (1, False)
        door.clock.now += 6
        door.until(lambda: door.rooms.view(room.token)["ready"])


def test_a_move_that_cannot_be_written_is_refused_and_changes_nothing(door, room, monkeypatch):
    usa = door.joined(room, "USA")
    door.move(room.token, "start")

    def full(*_):
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(door.store, "append", full)
        with pytest.raises(NotAllowed, match="disk is full"):
            door.move(usa, "order", EVEN, client="tap")
    assert not door.rooms.who(usa).room.state.draft.orders
    assert not door.move(usa, "order", EVEN, client="tap").again


def test_someone_who_leaves_in_the_middle_of_a_move_leaves_disk_and_memory_alike(door, room):
    usa = door.joined(room, "USA")
    door.move(room.token, "start")

    async def leave():
        task = asyncio.ensure_future(door.rooms.move(usa, "order", 0, EVEN, "tap"))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await asyncio.sleep(0.2)

    door(leave())
    assert door.rooms.who(usa).room.game.moves == tuple(door.store.moves(room.room))
    door.move(usa, "order", EVEN, client="tap-2")
    assert door.rooms.who(usa).room.game.moves == tuple(door.store.moves(room.room))


def test_the_log_does_not_change_with_what_the_page_that_sent_a_move_does_next(door, room) -> None:
    usa = door.joined(room, "USA")
    door.move(room.token, "start")
    draft = {what: dict(points) for what, points in EVEN.items()}
    door.move(usa, "order", draft)
    draft["training"]["east"] = 1
    assert door.rooms.who(usa).room.game.moves == tuple(door.store.moves(room.room))


def test_no_move_of_thirty_students_at_once_is_lost_or_doubled(door, room) -> None:
    """Each sends ten moves, each of them twice, all at once; the log on disk has each once."""
    seats = itertools.cycle(["USA", "CHN", "east", "mekong"])
    students = [(door.joined(room, seat, f"s{i}"), seat) for i, seat in zip(range(30), seats, strict=False)]
    door.move(room.token, "start")

    async def all_at_once():
        tasks = [
            door.rooms.move(token, "order", 0, EVEN if seat in ("USA", "CHN") else A, f"n{k}")
            for k in range(10)
            for token, seat in students
            for _ in range(2)
        ]
        return await asyncio.gather(*tasks)

    receipts = door(all_at_once())
    fresh = [r.number for r in receipts if not r.again]
    assert sorted(fresh) == list(range(1, 301))
    assert len(door.store.moves(room.room)) == 301
    numbers = door.store.numbers(room.room)
    assert len(numbers) == 301


def test_the_file_is_in_wal_and_waits_for_the_disk(door, file) -> None:
    base = door.store._base
    assert base.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert base.execute("PRAGMA synchronous").fetchone() == (2,)


def test_a_second_server_on_the_same_file_is_refused_in_words(door, file) -> None:
    with pytest.raises(ScenarioError, match="in use by another server"):
        Door(file)


def test_a_file_that_is_no_database_is_refused_in_words(tmp_path) -> None:
    file = tmp_path / "seminar.sqlite"
    file.write_text("not a database, but long enough to be taken for one" * 100)
    with pytest.raises(ScenarioError, match="not a database"):
        Door(file)


def test_tokens_are_not_kept(door, room) -> None:
    token = door.joined(room, "USA", "Somebody")
    kept = "".join(door.store._base.iterdump())
    assert "Somebody" in kept
    assert token not in kept
    assert room.token not in kept


def test_a_room_nobody_uses_closes_by_itself_and_can_be_opened_again(door, room) -> None:
    door.clock.now += 13 * 3600
    door.until(lambda: not door.store.rooms())
    with pytest.raises(NotAllowed, match="nobody used it for twelve hours"):
        door.rooms.view(room.token)
    door(door.rooms.reopen(room.token))
    assert door.rooms.view(room.token)["phase"] == "lobby"


def test_memory_does_not_grow_with_closed_rooms(door) -> None:
    for _ in range(5):
        room = door.opened()
        door.joined(room, "USA")
        door(door.rooms.close(room.token))
    register = door.rooms._register
    assert (register._rooms, register._passes) == ({}, {})
