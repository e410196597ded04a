"""The file of the rooms: whose it is, how it is laid out, and how an older one is brought up to date.

It is looked at before SQLite opens it, since that alone may change a file. What is no file of rooms,
belongs to someone else, is damaged or comes from a newer hedgerow is refused and left as it is. To
change the layout, add statements to ``STEPS``: each step brings a file up from the schema before.
"""

import logging
import os
import sqlite3
import stat
from pathlib import Path

from hedgerow.scenario.errors import ScenarioError

log = logging.getLogger(__name__)

APPLICATION = 0x68656467
"""Marks a file as hedgerow's rooms (``hedg``); SQLite keeps it in the file's head."""
MAGIC = b"SQLite format 3\0"
HEAD = 100
"""Bytes of the head of an SQLite file."""
BESIDE = ("-wal", "-shm", "-journal")
"""What SQLite keeps beside the file: what was written last may be there alone."""
_FIRST = (
    """CREATE TABLE IF NOT EXISTS rooms (
  room TEXT PRIMARY KEY, code TEXT NOT NULL UNIQUE, host TEXT NOT NULL UNIQUE,
  exercise TEXT NOT NULL, seed INTEGER NOT NULL, opened REAL NOT NULL, touched REAL NOT NULL,
  closed INTEGER NOT NULL DEFAULT 0
) STRICT""",
    """CREATE TABLE IF NOT EXISTS members (
  member TEXT PRIMARY KEY, room TEXT NOT NULL REFERENCES rooms ON DELETE CASCADE,
  token TEXT NOT NULL UNIQUE, name TEXT NOT NULL, seat TEXT NOT NULL, joined REAL NOT NULL,
  gone INTEGER NOT NULL DEFAULT 0
) STRICT""",
    """CREATE TABLE IF NOT EXISTS moves (
  room TEXT NOT NULL REFERENCES rooms ON DELETE CASCADE, number INTEGER NOT NULL,
  client TEXT NOT NULL, member TEXT NOT NULL, kind TEXT NOT NULL, seat TEXT NOT NULL,
  turn INTEGER NOT NULL, body TEXT NOT NULL, at REAL NOT NULL,
  PRIMARY KEY (room, number), UNIQUE (room, member, client)
) STRICT""",
    """CREATE TABLE IF NOT EXISTS debriefs (
  room TEXT PRIMARY KEY REFERENCES rooms ON DELETE CASCADE, moves INTEGER NOT NULL,
  body TEXT NOT NULL
) STRICT""",
)
_ACCOUNTS = (
    "ALTER TABLE rooms ADD COLUMN begun_under TEXT NOT NULL DEFAULT 'unknown'",
    "ALTER TABLE rooms ADD COLUMN closed_at REAL NOT NULL DEFAULT 0",
    "ALTER TABLE rooms ADD COLUMN closed_by TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE debriefs ADD COLUMN made_by TEXT NOT NULL DEFAULT 'unknown'",
    """CREATE TABLE accounts (
  room TEXT NOT NULL REFERENCES rooms ON DELETE CASCADE, turn INTEGER NOT NULL,
  made_by TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (room, turn)
) STRICT""",
    # Where no quarter had been played there is nothing that could have been shown otherwise.
    """UPDATE rooms SET begun_under = '' WHERE NOT EXISTS
  (SELECT 1 FROM moves WHERE moves.room = rooms.room AND moves.kind = 'step')""",
)
STEPS = (_FIRST, _ACCOUNTS)
"""Schema 0 and what each later one adds; a file of schema 0 may lack tables, and bears no mark."""
SCHEMA = len(STEPS) - 1
LEFT = "it was left as it is. Restore a copy of it, or name another file with --rooms"
Layout = dict[str, list[str]]


class _RefusedError(Exception):
    """The file will not do; the message says why."""


def opened(path: Path) -> sqlite3.Connection:
    """Open the file of the rooms, made if it is not there, brought up to date if it is older.

    Raises
    ------
    ScenarioError
        If it will not do; it is then as it was.
    """
    path = path.absolute()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _plain_and_ours(path)
        _looks_right(path)
        return _connected(path)
    except _RefusedError as refused:
        raise ScenarioError(path, "", str(refused)) from None
    except OSError as error:
        raise ScenarioError(path, "", f"the rooms cannot be kept here: {error.strerror or error}") from None
    except sqlite3.Error as error:
        raise ScenarioError(path, "", _in_words(error)) from None


def identity(path: Path) -> tuple[tuple[int, int], ...]:
    """Return what tells a file and its log on disk from others that take their names."""
    return tuple((found.st_dev, found.st_ino) for found in (path.stat(), _beside(path, "-wal").stat()))


def _beside(path: Path, what: str) -> Path:
    return path.with_name(path.name + what)


def _in_words(error: sqlite3.Error) -> str:
    if "locked" in str(error):
        return "is in use by another server"
    if isinstance(error, sqlite3.OperationalError):
        return f"the rooms cannot be kept here: {error}"
    return f"cannot be read as a database ({error}); {LEFT}"


def _plain_and_ours(path: Path) -> None:
    """Refuse links and others' files, which whoever made them could read or change; make the file if it is not there."""
    for place in (path, *(_beside(path, what) for what in BESIDE)):
        try:
            found = place.lstat()
        except FileNotFoundError:
            continue
        if not stat.S_ISREG(found.st_mode):
            raise _RefusedError(f"{place.name} is a link or no plain file; rooms are kept in a plain file of your own")
        if os.name == "posix" and found.st_uid != os.geteuid():
            raise _RefusedError(f"{place.name} belongs to another user; rooms are kept in a plain file of your own")
    written = _beside(path, "-wal")
    if (not path.exists() or not path.stat().st_size) and written.exists() and written.stat().st_size:
        # SQLite would delete what is left of them.
        raise _RefusedError(f"is missing or empty, but moves of rooms are in {written.name}; put it back, or move that away")
    if not path.exists():
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        path.chmod(0o600)  # also where the umask takes more away


def _looks_right(path: Path) -> None:
    """Refuse what is no file of rooms that this version reads, before SQLite touches it."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    if not head:
        return
    if len(head) < HEAD or not head.startswith(MAGIC):
        raise _RefusedError(f"is not a database; {LEFT}")
    _known(int.from_bytes(head[68:72], "big"), int.from_bytes(head[60:64], "big"))
    if head[68:72] == bytes(4):
        base = sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)
        try:
            _laid_out(base, 0)
        finally:
            base.close()


def _known(application: int, schema: int) -> None:
    if application != APPLICATION and (application or schema):
        raise _RefusedError("is a database of another program; " + LEFT)
    if schema > SCHEMA:
        raise _RefusedError(f"was written by a newer hedgerow (schema {schema}; this one reads up to {SCHEMA}); " + LEFT)


def _laid_out(base: sqlite3.Connection, schema: int) -> None:
    """Refuse a file whose tables are not those of a schema."""
    fresh = sqlite3.connect(":memory:")
    try:
        for statement in (s for step in STEPS[: schema + 1] for s in step):
            fresh.execute(statement)
        wanted, found = _layout(fresh), _layout(base)
    finally:
        fresh.close()
    if base.execute("SELECT 1 FROM sqlite_master WHERE type IN ('trigger', 'view')").fetchone():
        # They would change or hide rows while rooms are read and written.
        raise _RefusedError("holds views or triggers, which no hedgerow made; " + LEFT)
    if any(wanted.get(name) != columns for name, columns in found.items()):
        raise _RefusedError("is a database of another program; " + LEFT)
    if schema and found != wanted:
        raise _RefusedError(
            "is damaged: it lacks a table. It was left as it is. Restore a copy, or name another with --rooms"
        )


def _layout(base: sqlite3.Connection) -> Layout:
    tables = base.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'")
    return {
        name: [row[0] for row in base.execute("SELECT name FROM pragma_table_info(?) ORDER BY cid", (name,))]
        for (name,) in tables.fetchall()
    }


def _connected(path: Path) -> sqlite3.Connection:
    base = sqlite3.connect(path, timeout=1.0, check_same_thread=False, isolation_level=None)
    base.text_factory = lambda raw: raw.decode("utf-8", "backslashreplace")
    try:
        base.execute("PRAGMA locking_mode = EXCLUSIVE")
        application, schema = (base.execute(f"PRAGMA {what}").fetchone()[0] for what in ("application_id", "user_version"))
        _known(application, schema)
        _laid_out(base, schema)
        whole = base.execute("PRAGMA quick_check(1)").fetchone()[0]
        if whole != "ok":
            raise _RefusedError(f"is damaged ({' '.join(str(whole).split())}); {LEFT}")
        _closed_to_others(path)
        base.execute("PRAGMA journal_mode = WAL")
        base.execute("PRAGMA synchronous = FULL")
        base.execute("PRAGMA foreign_keys = ON")
        base.execute("PRAGMA secure_delete = ON")
        _brought_up(base, schema)
        base.execute("SELECT count(*) FROM rooms")  # which makes the log where another journal was used before
        _closed_to_others(path)
    except BaseException:
        base.close()
        raise
    return base


def _brought_up(base: sqlite3.Connection, schema: int) -> None:
    """Take a file through the steps it lacks, all or none."""
    if schema == SCHEMA:
        return
    base.execute("BEGIN IMMEDIATE")
    try:
        for statement in (s for step in STEPS[schema + 1 if schema else 0 :] for s in step):
            base.execute(statement)
        base.execute(f"PRAGMA application_id = {APPLICATION}")
        base.execute(f"PRAGMA user_version = {SCHEMA}")
        base.execute("COMMIT")
    except BaseException:
        if base.in_transaction:
            base.execute("ROLLBACK")
        raise
    base.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # so that an older hedgerow sees the mark without the log


def _closed_to_others(path: Path) -> None:
    """Let nobody else read names, moves and tokens, whatever the umask was."""
    if os.name != "posix":
        return
    mode = stat.S_IMODE(path.stat().st_mode)
    for place in (path, *(_beside(path, what) for what in BESIDE)):
        if place.exists():
            place.chmod(0o600)
    if mode & 0o077:
        log.warning("%s could be read by others (%o): closed to them", path.name, mode)
