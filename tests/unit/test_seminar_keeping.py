"""What has been shown stands: over a restart, an upgrade, an undo, a long pause, and a clock set wrong."""

import asyncio
import copy
from dataclasses import replace

import pytest
from seminar_case import EVEN, NEW, OLD, Clock, Door, no_model, opening_account

from hedgerow.app.seminar.clock import Steady
from hedgerow.seminar.accounts import quarters_played
from hedgerow.seminar.game import UNKNOWN, changes, game
from hedgerow.seminar.moves import Move

MONTH, DAY = 30 * 24 * 3600.0, 24 * 3600.0


async def another_model(client, function, *arguments):
    """Tell every quarter otherwise than the stand-in does."""
    told = await no_model(client, function, *arguments)
    if function is quarters_played:
        told = copy.deepcopy(told)
        for account in told:
            account["blocs"]["east"]["crime"] += 1 + account["turn"]
    return told


@pytest.fixture
def file(tmp_path):
    return tmp_path / "seminar.sqlite"


def two_turns(door: Door):
    room = door.opened()
    usa = door.joined(room, "USA")
    door.move(room.token, "start")
    for _ in range(2):
        door.move(usa, "order", EVEN)
        door.move(room.token, "step")
        door.settle(room.token)
    return room, usa


def accounts(door: Door, room) -> list:
    return copy.deepcopy(door.rooms.view(room.token)["facilitator"]["accounts"])


def test_an_upgrade_changes_no_account_shown_and_is_told_to_everybody(file) -> None:
    with Door(file) as door:
        room, usa = two_turns(door)
        shown = accounts(door, room)
        assert door.rooms.view(usa)["changes"] == []
    with Door(file, run=another_model, model=NEW) as door:
        assert accounts(door, room) == shown
        said = "The model changed after turn 2: what was shown up to then stands"
        for view in (door.rooms.view(usa), door.rooms.view(room.token), door.rooms.public(door.rooms.who(usa).room)):
            assert said in view["changes"][0]
            assert f"(code {OLD} then, {NEW} since)" in view["changes"][0]
        door.move(room.token, "step")
        door.settle(room.token)
        after = accounts(door, room)
        assert after[:3] == shown
        assert after[3]["blocs"]["east"]["crime"] == opening_account()["blocs"]["east"]["crime"] + 4
        session = door(door.rooms.session(room.token))
        assert session["made_by"] == [OLD, OLD, OLD, NEW]
        assert said in session["changes"][0]
        assert (session["begun_under"], session["debrief_by"]) == (OLD, NEW)
    with Door(file, run=None, model="0.3.0+newest") as door:
        assert accounts(door, room) == after
        assert len(door.rooms.view(usa)["changes"]) == 1


def test_undoing_drops_the_accounts_of_undone_turns_alone(file) -> None:
    with Door(file) as door:
        room, usa = two_turns(door)
        shown = accounts(door, room)
    with Door(file, run=another_model, model=NEW) as door:
        door.move(room.token, "undo")
        assert accounts(door, room) == shown[:2]
        assert "after turn 1" in door.rooms.view(usa)["changes"][0]
        door.move(room.token, "step")
        door.settle(room.token)
        assert accounts(door, room)[:2] == shown[:2]
        assert accounts(door, room)[2] != shown[2]
        assert door.rooms.who(usa).room.game.made_by == (OLD, OLD, NEW)
        after = accounts(door, room)
    with Door(file, run=None, model=NEW) as door:
        assert accounts(door, room) == after


def test_a_debrief_that_was_shown_stands(file) -> None:
    with Door(file) as door:
        room, usa = two_turns(door)
        door.move(room.token, "finish")
        door.settle(room.token)
        told = door.rooms.view(usa)["debrief"]
    with Door(file, run=None, model=NEW) as door:
        assert door.rooms.view(usa)["debrief"] == told
        assert door.rooms.view(usa)["changes"] == []


def test_a_model_that_gives_no_numbers_is_told_and_nothing_of_it_is_kept(file) -> None:
    async def broken(client, function, *arguments):
        told = await no_model(client, function, *arguments)
        told[-1]["blocs"]["east"]["crime"] = float("nan")
        return told

    with Door(file, run=broken) as door:
        room = door.opened()
        assert "crime" in door.rooms.view(room.token)["facilitator"]["trouble"]
        assert accounts(door, room) == []
    with Door(file) as door:
        door.settle(room.token)
        assert len(accounts(door, room)) == 1


def test_what_is_said_of_a_change() -> None:
    from seminar_case import EXERCISE

    log = [Move("start", 0, {}), Move("step", 0, {}), Move("step", 1, {})]
    told = replace(game(EXERCISE, 1, log), accounts=({}, {}, {}), begun_under="a")
    assert changes(replace(told, made_by=("a", "a", "a")), "a") == []
    assert "before the first turn was played" in changes(replace(told, made_by=("a", "b", "b")), "b")[0]
    assert len(changes(replace(told, made_by=("a", "b", "c")), "d")) == 3
    assert "did not keep" in changes(replace(told, begun_under=UNKNOWN, made_by=("b", "b", "b")), "b")[0]
    over = replace(game(EXERCISE, 1, [*log, Move("finish", 2, {})]), accounts=({}, {}, {}), made_by=("a", "a", "a"))
    assert "before the debrief" in changes(replace(over, debrief={}, debrief_by="b"), "c")[0]
    assert changes(replace(over, debrief={}, debrief_by="a"), "c") == []


# --- time ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("long", [2 * DAY, 2 * MONTH])
def test_a_paused_room_lives_as_long_as_it_is_paused(file, long) -> None:
    clock = Clock()
    with Door(file, clock) as door:
        room, usa = two_turns(door)
        clock.now += 100
        door.move(room.token, "pause")
        before = (door.rooms.view(usa)["remaining"], accounts(door, room), door.store.moves(room.room))
        clock.now += long / 2
        door(asyncio.sleep(1.2))
        assert door.rooms.view(usa)["paused"]
    clock.now += long / 2
    with Door(file, clock) as door:
        door(asyncio.sleep(1.2))
        assert (door.rooms.view(usa)["remaining"], accounts(door, room), door.store.moves(room.room)) == before
        door.move(room.token, "go")
        assert door.rooms.view(usa)["remaining"] == before[0]


@pytest.mark.parametrize("jump", [MONTH, -MONTH], ids=["a month ahead", "a month back"])
@pytest.mark.parametrize("when", ["while it runs", "between two runs"])
def test_a_clock_set_wrong_closes_deletes_and_ends_nothing(file, jump, when) -> None:
    """A lobby, an open turn, a paused one and an end: all there, and the open turn as long as it was, or a minute."""
    date = Clock()

    def door(after: float) -> Door:
        ticking = Clock()
        found = Door(file, Steady(after, date, ticking))
        found.ticking = ticking
        return found

    with door(0.0) as first:
        lobby, (running, usa), (paused, _), (over, _) = (
            first.opened(),
            two_turns(first),
            two_turns(first),
            two_turns(first),
        )
        first.move(paused.token, "pause")
        first.move(over.token, "finish")
        first.settle(over.token)
        rooms = (lobby, running, paused, over)
        moves = {room.room: first.store.moves(room.room) for room in rooms}
        left, after = first.rooms.view(usa)["remaining"], first.store.latest()
        if when == "while it runs":
            date.now += jump
            first(asyncio.sleep(1.2))
            assert first.rooms.view(usa)["remaining"] == left
            assert {room.room: first.store.moves(room.room) for room in rooms} == moves
            first.ticking.now += 10
            assert first.rooms.view(usa)["remaining"] == left - 10
    if when == "between two runs":
        date.now += jump
    with door(after) as second:
        second(asyncio.sleep(1.2))
        assert {*second.store.rooms()} == {room.room for room in rooms}
        assert second.rooms.view(usa)["phase"] == "open"
        assert 60 <= second.rooms.view(usa)["remaining"] <= left + 60
        for room in rooms:
            kept = second.store.moves(room.room)
            assert kept[: len(moves[room.room])] == moves[room.room]
            assert {move.kind for move in kept[len(moves[room.room]) :]} <= {"extend"}
        second.move(usa, "order", EVEN)


def test_idleness_counts_only_what_the_server_itself_saw_pass(file) -> None:
    """Ten restarts, eleven hours up each time and a week down between: nothing is closed."""
    clock = Clock()
    with Door(file, clock) as door:
        room = door.opened()
    for _ in range(3):
        clock.now += 7 * DAY
        with Door(file, clock) as door:
            clock.now += 11 * 3600
            door(asyncio.sleep(0.7))
            assert door.rooms.view(room.token)["phase"] == "lobby"
