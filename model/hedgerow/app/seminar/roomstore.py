"""The rooms on disk: one SQLite file; what is acknowledged has been written and synchronised.

WAL makes a commit one write at the end of a log. ``synchronous=FULL`` makes every commit wait for
the disk, so that neither a killed server nor a power cut loses an acknowledged move; with NORMAL
the last ones could go in a power cut. One server at a time may have the file; a killed one lets go
of it. Tokens are kept as digests only.
"""

import hashlib
import json
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hedgerow.scenario.errors import ScenarioError
from hedgerow.seminar.moves import Move

SCHEMA = """
CREATE TABLE IF NOT EXISTS rooms (
  room TEXT PRIMARY KEY, code TEXT NOT NULL UNIQUE, host TEXT NOT NULL UNIQUE,
  exercise TEXT NOT NULL, seed INTEGER NOT NULL, opened REAL NOT NULL, touched REAL NOT NULL,
  closed INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE IF NOT EXISTS members (
  member TEXT PRIMARY KEY, room TEXT NOT NULL REFERENCES rooms ON DELETE CASCADE,
  token TEXT NOT NULL UNIQUE, name TEXT NOT NULL, seat TEXT NOT NULL, joined REAL NOT NULL,
  gone INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE IF NOT EXISTS moves (
  room TEXT NOT NULL REFERENCES rooms ON DELETE CASCADE, number INTEGER NOT NULL,
  client TEXT NOT NULL, member TEXT NOT NULL, kind TEXT NOT NULL, seat TEXT NOT NULL,
  turn INTEGER NOT NULL, body TEXT NOT NULL, at REAL NOT NULL,
  PRIMARY KEY (room, number), UNIQUE (room, member, client)
) STRICT;
CREATE TABLE IF NOT EXISTS debriefs (
  room TEXT PRIMARY KEY REFERENCES rooms ON DELETE CASCADE, moves INTEGER NOT NULL,
  body TEXT NOT NULL
) STRICT;
"""


@dataclass(frozen=True)
class RoomRecord:
    """A room as it was opened; ``exercise`` is plain data."""

    room: str
    code: str
    host: str
    exercise: dict[str, Any]
    seed: int
    opened: float
    touched: float


@dataclass(frozen=True)
class Member:
    """Someone who took a seat; ``gone`` if the facilitator removed them."""

    member: str
    room: str
    token: str
    name: str
    seat: str
    gone: bool = False


def token_digest(token: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


class RoomStore:
    """The file of the rooms; safe to call from several threads.

    Parameters
    ----------
    path : Path
        Made, with its folders, if it is not there.

    Raises
    ------
    ScenarioError
        If it cannot be opened, is no such file, or another server has it.
    """

    def __init__(self, path: Path) -> None:
        self._lock = threading.Lock()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._base = sqlite3.connect(path, timeout=1.0, check_same_thread=False, isolation_level=None)
        except (OSError, sqlite3.Error) as error:
            raise ScenarioError(path, "", f"the rooms cannot be kept here: {error}") from None
        try:
            self._base.execute("PRAGMA locking_mode = EXCLUSIVE")
            self._base.execute("PRAGMA journal_mode = WAL")
            self._base.execute("PRAGMA synchronous = FULL")
            self._base.execute("PRAGMA foreign_keys = ON")
            self._base.executescript(SCHEMA)
        except sqlite3.Error as error:
            self._base.close()
            fault = "is in use by another server" if "locked" in str(error) else str(error)
            raise ScenarioError(path, "", fault) from None

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._base.close()

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """Write all of a block or nothing, on disk when the block is left."""
        with self._lock:
            self._base.execute("BEGIN IMMEDIATE")
            try:
                yield self._base
            except BaseException:
                self._base.execute("ROLLBACK")
                raise
            self._base.execute("COMMIT")

    def _rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        with self._lock:
            return self._base.execute(query, values).fetchall()

    def open_room(self, record: RoomRecord) -> None:
        """Write down a new room."""
        values = (
            record.room,
            record.code,
            record.host,
            json.dumps(record.exercise),
            record.seed,
            record.opened,
            record.touched,
        )
        with self._writing() as base:
            base.execute("INSERT INTO rooms VALUES (?, ?, ?, ?, ?, ?, ?, 0)", values)

    def rooms(self) -> list[RoomRecord]:
        """Return the open rooms, the oldest first."""
        rows = self._rows(
            "SELECT room, code, host, exercise, seed, opened, touched FROM rooms WHERE closed = 0 ORDER BY opened"
        )
        return [
            RoomRecord(room, code, host, json.loads(exercise), seed, opened, touched)
            for room, code, host, exercise, seed, opened, touched in rows
        ]

    def close_room(self, room: str) -> None:
        """Close a room for good: its code and links lead nowhere, its log stays."""
        with self._writing() as base:
            base.execute("UPDATE rooms SET closed = 1 WHERE room = ?", (room,))

    def forget(self, before: float) -> None:
        """Delete rooms, with names and moves, untouched since a time."""
        with self._writing() as base:
            base.execute("DELETE FROM rooms WHERE touched < ?", (before,))

    def admit(self, member: Member, at: float) -> None:
        """Write down a new member."""
        values = (member.member, member.room, member.token, member.name, member.seat, at)
        with self._writing() as base:
            base.execute("INSERT INTO members VALUES (?, ?, ?, ?, ?, ?, 0)", values)
            base.execute("UPDATE rooms SET touched = ? WHERE room = ?", (at, member.room))

    def remove(self, member: str) -> None:
        """Mark a member as gone; their token opens nothing any more."""
        with self._writing() as base:
            base.execute("UPDATE members SET gone = 1 WHERE member = ?", (member,))

    def members(self, room: str) -> list[Member]:
        """Return who joined a room, in order."""
        rows = self._rows("SELECT member, room, token, name, seat, gone FROM members WHERE room = ? ORDER BY joined", room)
        return [Member(member, room, token, name, seat, bool(gone)) for member, room, token, name, seat, gone in rows]

    def append(self, room: str, number: int, member: str, client: str, move: Move) -> None:
        """Write down an accepted move; on disk when this returns.

        Raises
        ------
        sqlite3.IntegrityError
            If the number or the client's own number of the move is taken.
        """
        values = (room, number, client, member, move.kind, move.seat, move.turn, json.dumps(dict(move.body)), move.at)
        with self._writing() as base:
            base.execute("INSERT INTO moves VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", values)
            base.execute("UPDATE rooms SET touched = ? WHERE room = ?", (move.at, room))

    def moves(self, room: str) -> list[Move]:
        """Return the accepted moves of a room, in order."""
        rows = self._rows("SELECT kind, turn, body, seat, at FROM moves WHERE room = ? ORDER BY number", room)
        return [Move(row[0], row[1], json.loads(row[2]), row[3], row[4]) for row in rows]

    def numbers(self, room: str) -> dict[tuple[str, str], int]:
        """Return the number of each move by member and the client's own number."""
        rows = self._rows("SELECT member, client, number FROM moves WHERE room = ?", room)
        return {(member, client): number for member, client, number in rows}

    def keep_debrief(self, room: str, moves: int, body: Mapping[str, Any]) -> None:
        """Keep a room's debrief and how many moves it tells of."""
        with self._writing() as base:
            base.execute("INSERT OR REPLACE INTO debriefs VALUES (?, ?, ?)", (room, moves, json.dumps(body)))

    def debrief(self, room: str, moves: int) -> dict[str, Any] | None:
        """Return a room's debrief, if it tells of that many moves."""
        rows = self._rows("SELECT body FROM debriefs WHERE room = ? AND moves = ?", room, moves)
        return dict(json.loads(rows[0][0])) if rows else None
