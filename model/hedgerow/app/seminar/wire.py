"""The room over a WebSocket, as JSON: for programs, and for tests of many players at once.

Each message says what to ``do``; each answer says what it ``is``. There is no way round the checks
of :class:`~hedgerow.app.seminar.rooms.Rooms`, which every way in uses.

===========  ==================================  =====================================
do           with                                answer
===========  ==================================  =====================================
``open``     ``exercise``, ``turns``, ``seed``   ``opened``: ``room``, ``code``, ``token``
``seats``    ``code``                            ``seats``: title and free places
``join``     ``code``, ``name``, ``seat``        ``joined``: ``token``
``watch``    ``token``                           ``view``, now and after every change
``move``     ``kind``, ``turn``, ``body``, ``id``  ``accepted``: ``number``, ``again``
``close``    ``token``                           ``closed``; all is kept
``reopen``   ``token``                           ``reopened``; its clock stands
``delete``   ``token``                           ``deleted``; only a closed room
===========  ==================================  =====================================

Whatever is not allowed is answered by ``refused`` and ``why``.
"""

import asyncio
from collections import Counter
from contextlib import suppress
from typing import Any

from fastapi import WebSocket, WebSocketDisconnect

from hedgerow.app.safety import Rate
from hedgerow.app.seminar.rooms import Rooms
from hedgerow.disk import reading
from hedgerow.scenario.errors import ScenarioError
from hedgerow.seminar.exercise import asked, seed_of
from hedgerow.seminar.seats import NotAllowed

PATH = "/api/seminar/socket"
LARGEST = 16_384
MOST_SOCKETS, MOST_OF_ONE = 500, 300
"""Sockets of all, and of one address: a class may share one."""
PAUSE = 0.2
"""Seconds between two views, so that thirty who send at once are told once."""


class Wire:
    """The sockets of a server."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms
        self._open: Counter[str] = Counter()

    async def __call__(self, socket: WebSocket) -> None:
        """Serve one socket until it closes."""
        address = socket.client.host if socket.client else ""
        if self._open.total() >= MOST_SOCKETS or self._open[address] >= MOST_OF_ONE:
            await socket.close(1013, "too many sockets are open")
            return
        await socket.accept()
        self._open[address] += 1
        try:
            await _Line(socket, self._rooms, address).serve()
        except WebSocketDisconnect:
            pass
        finally:
            self._open -= Counter([address])


class _Line:
    """One socket: whose it is, and what is sent to it."""

    def __init__(self, socket: WebSocket, rooms: Rooms, address: str) -> None:
        self._socket, self._rooms, self._address = socket, rooms, address
        self._pace = Rate(60, 10.0)
        self._token = ""
        self._watching: asyncio.Task[None] | None = None

    async def serve(self) -> None:
        """Answer messages until the socket closes."""
        try:
            while True:
                try:
                    text = await self._socket.receive_text()
                except KeyError:
                    await self._socket.close(1003, "messages are text")
                    return
                if len(text) > LARGEST or not self._pace.allow(""):
                    await self._socket.close(1008, "too much")
                    return
                await self._answer(text)
        finally:
            if self._watching is not None:
                self._watching.cancel()

    async def _answer(self, text: str) -> None:
        message: dict[str, Any] = {}
        try:
            message = _read(text)
            answer = await self._do(message)
        except NotAllowed as error:
            answer = {"is": "refused", "why": str(error)}
        await self._socket.send_json(answer | {k: message[k] for k in ("id",) if k in message})

    async def _do(self, message: dict[str, Any]) -> dict[str, Any]:
        match message.get("do"):
            case "open":
                return await self._open(message)
            case "seats":
                room = self._rooms.by_code(_text(message, "code"), self._address)
                return {"is": "seats", "title": room.state.exercise.title, "seats": room.places}
            case "join":
                code, name, seat = (_text(message, key) for key in ("code", "name", "seat"))
                token = await self._rooms.join(code, name, seat, self._address)
                return {"is": "joined", "token": token}
            case "watch":
                self._token = _text(message, "token")
                self._rooms.who(self._token)
                if self._watching is not None:
                    self._watching.cancel()
                self._watching = asyncio.create_task(self._watch(self._token))
                return {"is": "watching"}
            case "move":
                return await self._move(message)
            case "close" | "reopen" | "delete" as act:
                return await self._end(str(act), _text(message, "token"))
        raise NotAllowed("There is no such request.")

    async def _end(self, act: str, token: str) -> dict[str, Any]:
        """Close, reopen or delete a facilitator's room."""
        rooms = self._rooms
        asked = {"close": (rooms.close, "closed"), "reopen": (rooms.reopen, "reopened"), "delete": (rooms.delete, "deleted")}
        do, done = asked[act]
        await do(token)
        return {"is": done}

    async def _open(self, message: dict[str, Any]) -> dict[str, Any]:
        name, turns, seed = (_text(message, key) for key in ("exercise", "turns", "seed"))
        try:
            chosen = await asyncio.to_thread(asked, name, turns)
            room = await self._rooms.open(chosen, seed_of(seed), self._address)
        except ScenarioError as error:
            raise NotAllowed(str(error)) from None
        return {"is": "opened", "room": room.room, "code": room.code, "token": room.token}

    async def _move(self, message: dict[str, Any]) -> dict[str, Any]:
        turn, body = message.get("turn"), message.get("body", {})
        if type(turn) is not int or not isinstance(body, dict):
            raise NotAllowed("A move needs a turn and a body.")
        receipt = await self._rooms.move(self._token, _text(message, "kind"), turn, body, _text(message, "id"))
        return {"is": "accepted", "number": receipt.number, "again": receipt.again}

    async def _watch(self, token: str) -> None:
        with suppress(WebSocketDisconnect, RuntimeError):
            while True:
                try:
                    news = self._rooms.who(token).room.news
                    view = self._rooms.view(token)
                except NotAllowed as refused:
                    await self._socket.send_json({"is": "refused", "why": str(refused)})
                    return
                await self._socket.send_json({"is": "view", **view})
                await news.wait()
                await asyncio.sleep(PAUSE)


def _read(text: str) -> dict[str, Any]:
    try:
        return reading.json_object(text)
    except reading.UnreadableError as error:
        raise NotAllowed(f"This message {error.fault_at}.") from None


def _text(message: dict[str, Any], key: str) -> str:
    value = message.get(key)
    if not isinstance(value, str) or len(value) > 200:
        raise NotAllowed(f"'{key}' must be a short text.")
    return value
