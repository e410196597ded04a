"""The seminar: exercises, session files, moves, messages of the socket, and the file of the rooms."""

import asyncio
import json
import logging
import shutil
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any
from unittest.mock import patch

from starlette.websockets import WebSocketDisconnect

from hedgerow.app.seminar.wire import Wire
from hedgerow.seminar import exercise
from hedgerow.seminar.moves import Move, State, apply
from hedgerow.seminar.replay import game, model_input, replay, session_file
from tests.fuzz import judge
from tests.fuzz.chance import Chance
from tests.fuzz.judge import Wrong
from tests.fuzz.kinds.base import Kind, TreeFile, tables
from tests.fuzz.kinds.scenarios import plain
from tests.fuzz.mutate import bases, files, texts, trees
from tests.fuzz.mutate.written import js
from tests.fuzz.seeds import MOVES
from tests.unit.seminar_case import EVEN, EXERCISE, PLAIN, Door

SHIPPED = "model/hedgerow/seminar/exercises/*.toml"
ANSWERS = {"opened", "seats", "joined", "watching", "accepted", "view", "refused"}


class ExerciseFile(TreeFile):
    """An exercise, in the place of those that ship."""

    name, weight, file = "exercise", 5, "fuzzed.toml"

    def seeds(self) -> Sequence[Any]:
        return (*tables(SHIPPED), {k: v for k, v in EXERCISE.model_dump(exclude_none=True).items() if k != "name"})

    def read(self, where: Path, how: Any) -> None:
        with patch.object(exercise, "FOLDER", where):
            for name in exercise.names():
                found = exercise.load(name)
                exercise.facilitators_page(name)
                found.quarter(0)
                model_input(game(found, 1, [Move("start", 0, {})]))


class SessionFile(TreeFile):
    """A session, played again."""

    name, weight, file = "session", 4, "session.json"

    def seeds(self) -> Sequence[Any]:
        return (json.loads((self.held / "session.json").read_text()),)

    def more(self) -> Sequence[Any]:
        return (*self.seeds(), *map(plain, tables(SHIPPED)))

    def read(self, where: Path, how: Any) -> None:
        found = replay(where / self.file)
        if not found.same:
            judge.clear(found.why_not)


class Moves(Kind):
    """Moves of a game, one after another; whatever is accepted can be written down and read back."""

    name, weight = "moves", 6

    def good(self, where: Path) -> Any:
        return [list(move) for move in MOVES]

    def make(self, chance: Chance, where: Path) -> Any:
        told, tree = [], trees.mutated(self.good(where), [PLAIN, self.good(where)], chance, toml=False)
        for move in tree if isinstance(tree, list) else [tree]:
            with suppress(ValueError, RecursionError):  # what is no JSON never becomes a move
                told.append(json.loads(js(move)))
        return told

    def read(self, where: Path, how: Any) -> None:
        state, accepted, refused = State(EXERCISE), [], None
        for at, given in enumerate(how if isinstance(how, list) else []):
            if not (isinstance(given, list) and len(given) == 4 and isinstance(given[2], dict)):
                continue
            kind, turn, body, seat = given
            if not (isinstance(kind, str) and isinstance(turn, int) and isinstance(seat, str)):
                continue
            move = Move(kind, turn, body, seat, float(at))
            try:
                state = apply(state, move)
            except judge.REFUSALS as error:
                judge.clear(str(error))
                refused = error
                continue
            accepted.append(move)
        text = json.dumps(session_file(game(EXERCISE, 1, accepted)), allow_nan=False)
        text.encode()
        if refused is not None:
            raise refused


class RoomsFile(Kind):
    """The file of the rooms, as a server takes it up."""

    name, weight, left = "rooms", 7, False

    def good(self, where: Path) -> Any:
        shutil.copy(self.held / "rooms.sqlite", where)
        return None

    def make(self, chance: Chance, where: Path) -> Any:
        self.good(where)
        bases.damage(where / "rooms.sqlite", chance)
        if chance.often(0.05):
            files.spoil(where / "rooms.sqlite", chance)
        return None

    def read(self, where: Path, how: Any) -> None:
        logging.disable(logging.CRITICAL)
        with Door(where / "rooms.sqlite") as door:
            for record in door.rooms._register.rooms:
                json.dumps(door.rooms.public(record), allow_nan=False).encode()
            room = door.opened()
            token = door.joined(room, "USA")
            door.move(room.token, "start")
            door.move(token, "order", EVEN)
            json.dumps(door.rooms.view(token), allow_nan=False)


class Socket:
    """One end of a socket, whose other end the wire serves."""

    client = None

    def __init__(self, told: Sequence[str]) -> None:
        self._told, self.heard = list(told), list[Any]()

    async def accept(self) -> None:
        """Be open."""

    async def close(self, code: int, reason: str) -> None:
        """Be closed."""
        self._told.clear()

    async def receive_text(self) -> str:
        """Say the next message."""
        await asyncio.sleep(0)
        if not self._told:
            raise WebSocketDisconnect
        return self._told.pop(0)

    async def send_json(self, answer: Any) -> None:
        """Hear an answer."""
        self.heard.append(json.loads(json.dumps(answer, allow_nan=False, ensure_ascii=False).encode()))


class Messages(Kind):
    """Messages of the seminar's socket, in a room that is open."""

    name, weight, left = "wire", 5, False

    def good(self, where: Path) -> Any:
        shutil.copy(self.held / "rooms.sqlite", where)
        return [json.dumps(message) for message in self._messages()]

    def _messages(self) -> list[dict[str, Any]]:
        return [
            {"do": "open", "exercise": "pacific-pact", "turns": "2", "seed": "3"},
            {"do": "seats", "code": "CODE"},
            {"do": "join", "code": "CODE", "name": "Ada", "seat": "USA", "id": "j"},
            {"do": "watch", "token": "HOST"},
            *(
                {"do": "move", "kind": k, "turn": t, "body": b, "id": f"m{i}"}
                for i, (k, t, b, s) in enumerate(MOVES)
                if not s
            ),
            {"do": "watch", "token": "USA"},
            {"do": "move", "kind": "order", "turn": 1, "body": EVEN, "id": "o"},
        ]

    def make(self, chance: Chance, where: Path) -> Any:
        shutil.copy(self.held / "rooms.sqlite", where)
        messages = self._messages()
        mutated = trees.mutated(messages, [messages, PLAIN], chance, toml=False)
        told = [js(message) for message in (mutated if isinstance(mutated, list) else [mutated])]
        return [texts.mutated(t, chance)[:40_000] if chance.often(0.1) else t[:40_000] for t in told][:60]

    def read(self, where: Path, how: Any) -> None:
        logging.disable(logging.CRITICAL)
        with Door(where / "rooms.sqlite") as door:
            room = door.opened()
            usa = door.joined(room, "USA")
            told = [
                text.replace("CODE", room.code).replace("HOST", room.token).replace('"USA"}', f'"{usa}"}}') for text in how
            ]
            socket = Socket(told)
            with suppress(WebSocketDisconnect):
                door(Wire(door.rooms)(socket))
            for answer in socket.heard:
                if answer.get("is") not in ANSWERS:
                    raise Wrong("an answer of the socket that is none")
                if answer["is"] == "refused":
                    judge.clear(answer["why"])
