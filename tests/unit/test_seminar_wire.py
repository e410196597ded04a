"""The room's socket: what it answers, and what it does not fall over."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from seminar_case import EXERCISE, Door
from starlette.websockets import WebSocketDisconnect

from hedgerow.app.seminar.wire import LARGEST, Wire

HOURS = Path(__file__).parent / "seminar_hours.py"


class Socket:
    """One end of a socket whose other end the wire serves."""

    client = None

    def __init__(self, door: Door) -> None:
        self._door, self.closed = door, False
        self._in, self._out = asyncio.Queue(), asyncio.Queue()
        self._serving = door(self._serve(Wire(door.rooms)))

    async def _serve(self, wire: Wire) -> "asyncio.Task[None]":
        return asyncio.ensure_future(wire(self))

    async def accept(self) -> None:
        pass

    async def close(self, code: int, reason: str) -> None:
        self.closed = True
        await self._out.put(None)

    async def receive_text(self) -> str:
        text = await self._in.get()
        if text is None:
            raise WebSocketDisconnect
        if isinstance(text, bytes):
            raise KeyError("text")  # as of Starlette's
        return text

    async def send_json(self, answer) -> None:
        await self._out.put(json.dumps(answer))

    def send(self, told) -> None:
        self._in.put_nowait(told if isinstance(told, str | bytes) else json.dumps(told))

    def hear(self):
        """Return the next answer; None at the end of the line."""
        text = self._door(asyncio.wait_for(self._out.get(), 30))
        return None if text is None else json.loads(text)

    def leave(self) -> None:
        self._in.put_nowait(None)
        self._door(asyncio.wait_for(self._serving, 30))


@pytest.fixture
def socket(tmp_path):
    with Door(tmp_path / "rooms.sqlite") as door:
        opened = Socket(door)
        yield opened
        opened.leave()


def ask(socket, **told):
    socket.send(told)
    while (answer := socket.hear()) and answer["is"] == "view":
        pass
    return answer


def test_a_room_is_opened_joined_and_watched(socket) -> None:
    opened = ask(socket, do="open", exercise="pacific-pact", turns="2", seed="3")
    seats = ask(socket, do="seats", code=opened["code"])
    assert seats["title"] == "The Pacific pact"
    assert ask(socket, do="join", code=opened["code"], name="Ada", seat="USA")["is"] == "joined"
    assert ask(socket, do="watch", token=opened["token"])["is"] == "watching"
    assert socket.hear()["turns"] == 2
    assert ask(socket, do="move", kind="start", turn=0, id="a") == {"is": "accepted", "number": 0, "again": False, "id": "a"}
    assert ask(socket, do="move", kind="start", turn=0, id="a")["again"]


def test_a_room_is_closed_opened_again_and_deleted(socket) -> None:
    opened = ask(socket, do="open", exercise="pacific-pact", turns="2", seed="3")
    joined = ask(socket, do="join", code=opened["code"], name="Ada", seat="USA")
    ask(socket, do="watch", token=joined["token"])
    for do, is_ in (("close", "closed"), ("reopen", "reopened"), ("close", "closed")):
        assert ask(socket, do=do, token=joined["token"])["is"] == "refused"
        assert ask(socket, do=do, token=opened["token"]) == {"is": is_}
    assert "is closed" in ask(socket, do="watch", token=joined["token"])["why"]
    assert ask(socket, do="delete", token=opened["token"]) == {"is": "deleted"}
    assert "leads nowhere any more" in ask(socket, do="watch", token=joined["token"])["why"]


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"do": "watch", "token": "guess"}, "leads nowhere"),
        ({"do": "move", "kind": "step", "turn": 0, "id": "a"}, "leads nowhere"),
        ({"do": "move", "kind": "step", "turn": "0", "id": "a"}, "needs a turn"),
        ({"do": "move", "kind": "start", "turn": False, "id": "a"}, "needs a turn"),
        ({"do": "move", "kind": "step", "turn": 0.0, "id": "a"}, "needs a turn"),
        ({"do": "join", "code": "ABCDEFGH", "name": "x", "seat": "USA"}, "No open room"),
        ({"do": "join", "code": 5}, "must be a short text"),
        ({"do": "open", "exercise": "../secret", "turns": "", "seed": "1"}, "none is called"),
        ({"do": "open", "exercise": "pacific-pact", "turns": "12", "seed": "1"}, "do not fit"),
        ({"do": "open", "exercise": "pacific-pact", "turns": "", "seed": "-1"}, "whole number"),
        ({"do": "explode"}, "no such request"),
        ([], "is no JSON object"),
    ],
)
def test_what_is_wrong_is_refused_in_words(socket, told, words) -> None:
    socket.send(told)
    answer = socket.hear()
    assert answer["is"] == "refused"
    assert words in answer["why"]


def test_what_is_no_json_is_refused(socket) -> None:
    for text in ("{", "\x00", '{"id": NaN}', '{"id": 1e999}', '{"id": "\\ud800"}', '{"id": 1, "id": 2}', "[" * 9000):
        socket.send(text)
        answer = socket.hear()
        assert answer["is"] == "refused"
        assert answer["why"].startswith("This message ")


def test_a_message_too_large_ends_the_line(socket) -> None:
    socket.send("x" * (LARGEST + 1))
    assert socket.hear() is None
    assert socket.closed


def test_bytes_end_the_line(socket) -> None:
    socket.send(b"{}")
    assert socket.hear() is None
    assert socket.closed


def test_too_many_messages_end_the_line(socket) -> None:
    answers = [ask(socket, do="seats", code="ABCDEFGH") for _ in range(61)]
    assert answers[-1] is None
    assert all(answers[:-1])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=8), inside),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(["USA", "AUS", "east", ""]),
    st.sampled_from(["order", "inject", "extend"]),
    JSON
    | st.dictionaries(st.sampled_from(["training", "answers", "cover", "open", "title", "recipients", "seconds"]), JSON),
)
def test_whatever_a_move_holds_it_is_accepted_or_refused_in_words(seat, kind, body) -> None:
    from hedgerow.seminar.moves import Move, State, apply
    from hedgerow.seminar.seats import NotAllowed

    started = apply(State(EXERCISE), Move("start", 0, {}))
    try:
        state = apply(started, Move(kind, 0, body if isinstance(body, dict) else {}, seat))
    except NotAllowed:
        return
    json.dumps(state.draft.plain(), allow_nan=False)


def test_memory_is_flat_over_many_hours_of_play(tmp_path) -> None:
    played = subprocess.run([sys.executable, HOURS, tmp_path], check=True, stdout=subprocess.PIPE, text=True)
    held = json.loads(played.stdout)
    assert held[-1] - held[1] < 100_000, held
