"""The rooms on disk: one SQLite file; what is acknowledged has been written and synchronised.

WAL makes a commit one write at the end of a log. ``synchronous=FULL`` makes every commit wait for
the disk, so that neither a killed server nor a power cut loses an acknowledged move; with NORMAL
the last ones could go in a power cut. One server at a time may have the file; a killed one lets go
of it. Tokens are kept as digests only. Nothing is deleted but by :meth:`RoomStore.delete`.
"""

import hashlib
import json
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from hedgerow.app.seminar import roomfile
from hedgerow.app.seminar.rows import LATEST, DamagedError, Holder, Kept, Member, MoveRow, RoomRecord, data, strictly
from hedgerow.seminar.accounts import Plain
from hedgerow.seminar.moves import Move

__all__ = ["DamagedError", "Kept", "Member", "RoomRecord", "RoomStore", "token_digest"]

_RECORD = "room, code, host, exercise, seed, opened, touched, begun_under, closed, closed_at, closed_by"


def token_digest(token: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode("utf-8", "backslashreplace")).hexdigest()


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
        self._path, self._lock = path.absolute(), threading.Lock()
        self._base = roomfile.opened(path)
        self._identity = roomfile.identity(self._path)

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
                self._still_there()
                self._base.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):
                    if self._base.in_transaction:
                        self._base.execute("ROLLBACK")
                raise

    def _still_there(self) -> None:
        """Refuse to write to a file that nobody would find again."""
        try:
            there = roomfile.identity(self._path) == self._identity
        except OSError:
            there = False
        if not there:
            raise sqlite3.OperationalError(f"{self._path.name} was removed or replaced while the server ran")

    def _rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        with self._lock:
            return self._base.execute(query, values).fetchall()

    # --- rooms -------------------------------------------------------------------------------

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
            record.begun_under,
            record.closed,
            record.closed_at,
            record.closed_by,
        )
        with self._writing() as base:
            base.execute(f"INSERT INTO rooms ({_RECORD}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", values)

    def rooms(self) -> list[str]:
        """Return the keys of the open rooms, the oldest first."""
        return [key for (key,) in self._rows("SELECT room FROM rooms WHERE closed = 0 ORDER BY opened")]

    def latest(self) -> float:
        """Return when an open room was last used; 0 if none was."""
        found = self._rows("SELECT max(touched) FROM rooms WHERE closed = 0 AND touched BETWEEN 0 AND ?", LATEST)
        return float(found[0][0] or 0.0)

    def record(self, room: str) -> RoomRecord:
        """Return a room, open or closed.

        Raises
        ------
        DamagedError
            If it is not there, or not as it must be.
        """
        rows = self._rows(f"SELECT {_RECORD} FROM rooms WHERE room = ?", room)
        if not rows:
            raise DamagedError("there is no such room")
        key, code, host, exercise, seed, opened, touched, under, closed, *end = rows[0]
        played = data("its exercise", exercise)
        found: RoomRecord = strictly(
            "the room", RoomRecord, key, code, host, played, seed, opened, touched, under, bool(closed), *end
        )
        return found

    def kept(self, room: str) -> Kept:
        """Return all that is kept of a room.

        Raises
        ------
        DamagedError
            If any of it is not as it must be.
        """
        try:
            return Kept(self.record(room), self.members(room), self._moves(room), self._accounts(room), self._debrief(room))
        except sqlite3.Error as error:
            raise DamagedError(f"the file is damaged ({error})") from None

    def close_room(self, room: str, at: float, by: str) -> None:
        """Close a room; all of it stays, and it can be opened again."""
        with self._writing() as base:
            base.execute("UPDATE rooms SET closed = 1, closed_at = ?, closed_by = ? WHERE room = ?", (at, by, room))

    def reopen_room(self, room: str, at: float) -> None:
        """Open a closed room again."""
        with self._writing() as base:
            base.execute(
                "UPDATE rooms SET closed = 0, closed_at = 0, closed_by = '', touched = ? WHERE room = ?", (at, room)
            )

    def delete(self, room: str) -> None:
        """Delete a room with all names, moves and accounts; not even their bytes stay in the file."""
        with self._writing() as base:
            base.execute("DELETE FROM rooms WHERE room = ?", (room,))
        with self._lock, suppress(sqlite3.Error):  # gone they are; their bytes go from the log at the next one
            self._base.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def room_of_code(self, code: str) -> str:
        """Return the room of a join code, open or closed; blank if there is none."""
        rows = self._rows("SELECT room FROM rooms WHERE code = ?", code)
        return str(rows[0][0]) if rows else ""

    def holder(self, token: str) -> Holder | None:
        """Return what a token's digest stands for, in an open room or a closed one."""
        query = (
            "SELECT room, 1 FROM rooms WHERE host = ?1 UNION ALL SELECT room, 0 FROM members WHERE token = ?1 AND gone = 0"
        )
        rows = self._rows(query, token)
        return Holder(str(rows[0][0]), bool(rows[0][1])) if rows else None

    # --- members -----------------------------------------------------------------------------

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
        return [strictly(f"member {i + 1}", Member, *row[:5], bool(row[5])) for i, row in enumerate(rows)]

    # --- moves -------------------------------------------------------------------------------

    def append(self, room: str, row: MoveRow, turns: int) -> None:
        """Write down an accepted move; on disk when this returns.

        Parameters
        ----------
        room : str
        row : MoveRow
        turns : int
            How many turns are closed after it: accounts of later ones are dropped with it.

        Raises
        ------
        sqlite3.IntegrityError
            If the number or the client's own number of the move is taken.
        """
        values = (room, row.number, row.client, row.member, row.kind, row.seat, row.turn, json.dumps(row.body), row.at)
        with self._writing() as base:
            base.execute("INSERT INTO moves VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", values)
            base.execute("DELETE FROM accounts WHERE room = ? AND turn > ?", (room, turns))
            base.execute("UPDATE rooms SET touched = ? WHERE room = ?", (row.at, room))

    def _moves(self, room: str) -> list[MoveRow]:
        query = "SELECT number, client, member, kind, seat, turn, body, at FROM moves WHERE room = ? ORDER BY number"
        found = []
        for i, (number, *who, body, at) in enumerate(self._rows(query, room)):
            if number != i:
                raise DamagedError(f"move {i + 1} is missing")
            found.append(strictly(f"move {i + 1}", MoveRow, number, *who, data(f"move {i + 1}", body), at))
        return found

    def moves(self, room: str) -> list[Move]:
        """Return the accepted moves of a room, in order."""
        return [row.move for row in self._moves(room)]

    def numbers(self, room: str) -> dict[tuple[str, str], int]:
        """Return the number of each move by member and the client's own number."""
        return {(row.member, row.client): row.number for row in self._moves(room)}

    # --- accounts ----------------------------------------------------------------------------

    def keep_accounts(self, room: str, first: int, accounts: Sequence[tuple[Plain, str]]) -> None:
        """Keep accounts from a turn on, each with the model that made it."""
        rows = [(room, first + i, by, json.dumps(body, allow_nan=False)) for i, (body, by) in enumerate(accounts)]
        with self._writing() as base:
            base.executemany("INSERT INTO accounts VALUES (?, ?, ?, ?)", rows)

    def _accounts(self, room: str) -> list[tuple[Any, str]]:
        rows = self._rows("SELECT turn, made_by, body FROM accounts WHERE room = ? ORDER BY turn", room)
        if [row[0] for row in rows] != list(range(len(rows))):
            raise DamagedError("the account of a turn is missing")
        return [(data(f"the account of turn {turn}", body), by) for turn, by, body in rows]

    def keep_debrief(self, room: str, moves: int, body: Plain, by: str) -> None:
        """Keep a room's debrief, how many moves it tells of, and the model that made it."""
        values = (room, moves, json.dumps(body, allow_nan=False), by)
        with self._writing() as base:
            base.execute("INSERT OR REPLACE INTO debriefs (room, moves, body, made_by) VALUES (?, ?, ?, ?)", values)

    def _debrief(self, room: str) -> tuple[Any, str] | None:
        """Return a room's debrief, if it tells of all its moves."""
        query = "SELECT body, made_by FROM debriefs WHERE room = ?1 AND moves = (SELECT count(*) FROM moves WHERE room = ?1)"
        rows = self._rows(query, room)
        return (data("the debrief", rows[0][0]), str(rows[0][1])) if rows else None
