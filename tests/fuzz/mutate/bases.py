"""SQLite files: rows, schema and pages."""

import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from tests.fuzz.chance import Chance
from tests.fuzz.mutate import texts, trees
from tests.fuzz.mutate.values import NUMBERS, TEXTS, Raw
from tests.fuzz.mutate.written import js


def damage(path: Path, chance: Chance) -> None:
    """Change a SQLite file."""
    if chance.often(0.25):
        path.write_bytes(_pages(path.read_bytes(), chance))
        return
    with closing(sqlite3.connect(path, isolation_level=None)) as base:
        base.execute("PRAGMA foreign_keys = OFF")
        for _ in range(chance.times(60, 25, 15)):
            chance.weighted([(8, _cell), (2, _row), (2, _schema), (1, _pragma)])(base, chance)
        base.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _pages(content: bytes, chance: Chance) -> bytes:
    if chance.often(0.5):
        return texts.damaged(content, chance)
    page = 4096 * chance.randrange(max(len(content) // 4096, 1))
    junk = bytes(chance.randrange(256) for _ in range(64)) * 64
    return content[:page] + junk + content[page + 4096 :]


def _tables(base: sqlite3.Connection) -> list[str]:
    return [name for (name,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]


def _try(base: sqlite3.Connection, words: str, *values: object) -> None:
    """Change what the schema lets be changed."""
    with suppress(sqlite3.Error, OverflowError, UnicodeEncodeError):
        base.execute(words, values)


def _cell(base: sqlite3.Connection, chance: Chance) -> None:
    """Change a value of a row; where it holds JSON, something in it."""
    tables = _tables(base)
    table = chance.one(tables) if tables else ""
    rows = base.execute(f'SELECT rowid, * FROM "{table}"').fetchall() if table else []
    if not rows:
        return
    names = [about[1] for about in base.execute(f'PRAGMA table_info("{table}")')]
    row, at = chance.one(rows), chance.randrange(len(names))
    old = row[at + 1]
    new: object
    if isinstance(old, str) and old.startswith(("{", "[")) and chance.often(0.85):
        import json

        try:
            tree = json.loads(old)
            new = js(trees.mutated(tree, [tree], chance, toml=False))
        except (ValueError, RecursionError):
            new = texts.mutated(old, chance)
        new = texts.mutated(str(new), chance) if chance.often(0.1) else new
    else:
        new = chance.one([n for n in (*NUMBERS, *TEXTS, None) if not isinstance(n, Raw)])
    _try(base, f'UPDATE "{table}" SET "{names[at]}" = ? WHERE rowid = ?', new, row[0])


def _row(base: sqlite3.Connection, chance: Chance) -> None:
    tables = _tables(base)
    if tables:
        _try(base, f'DELETE FROM "{chance.one(tables)}" WHERE rowid % ? = 0', chance.one([1, 2, 3]))


def _schema(base: sqlite3.Connection, chance: Chance) -> None:
    tables = _tables(base)
    if not tables:
        return
    table = chance.one(tables)
    names = [about[1] for about in base.execute(f'PRAGMA table_info("{table}")')]
    column = chance.one(names)
    _try(
        base,
        chance.one(
            [
                f'DROP TABLE "{table}"',
                f'ALTER TABLE "{table}" RENAME TO "{table}2"',
                f'ALTER TABLE "{table}" RENAME COLUMN "{column}" TO "{column}2"',
                f'ALTER TABLE "{table}" DROP COLUMN "{column}"',
                f'ALTER TABLE "{table}" ADD COLUMN more TEXT',
                f'CREATE VIEW other AS SELECT * FROM "{table}"',
                f'CREATE TRIGGER trip AFTER INSERT ON "{table}" BEGIN DELETE FROM "{table}"; END',
            ]
        ),
    )


def _pragma(base: sqlite3.Connection, chance: Chance) -> None:
    _try(
        base, f"PRAGMA {chance.one(['user_version = 99', 'application_id = 7', 'auto_vacuum = 1', 'journal_mode = DELETE'])}"
    )
