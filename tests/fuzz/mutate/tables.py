"""Parquet files: columns, types, rows and metadata, and the bytes they are kept in."""

import json
import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from tests.fuzz.chance import Chance
from tests.fuzz.mutate import texts, trees
from tests.fuzz.mutate.values import NUMBERS, TEXTS, Raw, misspelt
from tests.fuzz.mutate.written import js

FLOATS: Sequence[float] = tuple(float(n) for n in NUMBERS if not isinstance(n, Raw) and not abs(n) >= 2**63)
WORDS: Sequence[str] = tuple(t for t in TEXTS if max(t, default="") < "\ud800" or min(t) > "\udfff")


def damage(path: Path, chance: Chance, others: Sequence[Path] = ()) -> None:
    """Change a Parquet file."""
    if others and chance.often(0.1):
        path.write_bytes(chance.one(others).read_bytes())
    elif chance.often(0.25):
        path.write_bytes(texts.damaged(path.read_bytes(), chance))
    else:
        table = pq.read_table(path)
        for _ in range(chance.times(70, 20, 10)):
            table = chance.weighted(TABLE)(table, chance) if table.num_columns else table
        pq.write_table(table, path, compression=chance.one(["zstd", "snappy", "none"]))


def _column(table: pa.Table, chance: Chance) -> int:
    return chance.randrange(table.num_columns)


def _set(table: pa.Table, at: int, values: Any, name: str | None = None) -> pa.Table:
    return table.set_column(at, name or table.column_names[at], values)


def _drop(table: pa.Table, chance: Chance) -> pa.Table:
    return table.remove_column(_column(table, chance))


def _rename(table: pa.Table, chance: Chance) -> pa.Table:
    at = _column(table, chance)
    names = [misspelt(n, chance) if i == at else n for i, n in enumerate(table.column_names)]
    return table.rename_columns(names)


def _twice(table: pa.Table, chance: Chance) -> pa.Table:
    at = _column(table, chance)
    return table.append_column(table.column_names[at], table.column(at))


def _retype(table: pa.Table, chance: Chance) -> pa.Table:
    """Give a column another type, its values as they can be."""
    at, rows = _column(table, chance), table.num_rows
    values = table.column(at).to_pylist()
    match chance.randrange(9):
        case 0:
            new = pa.array([None if v is None else str(v) for v in values], pa.string())
        case 1:
            new = pa.array([[v] for v in values])
        case 2:
            new = pa.array([{"a": i} for i in range(rows)], pa.struct([("a", pa.int64())]))
        case 3:
            new = pa.array([bool(v) for v in values])
        case 4:
            new = pa.nulls(rows)
        case 5:
            new = pa.array([str(v).encode() for v in values], pa.binary())
        case 6:
            new = pa.array(range(rows), pa.timestamp("ns"))
        case 7:
            new = pa.array([str(v) for v in values]).dictionary_encode()
        case _:
            new = pa.array(
                [chance.randrange(256) for _ in values], chance.one([pa.uint8(), pa.int64(), pa.uint64(), pa.float32()])
            )
    return _set(table, at, new)


def _cell(table: pa.Table, chance: Chance) -> pa.Table:
    """Change one value, or all of a column, within its type."""
    at, kind = _column(table, chance), table.schema.field(table.column_names[0]).type
    kind = table.schema.types[at]
    values = table.column(at).to_pylist()
    if pa.types.is_floating(kind):
        choice: Sequence[Any] = (*FLOATS, None)
    elif pa.types.is_integer(kind):
        choice = (-1, 0, 1, 2, 3, 127, 2**31 - 1, -(2**31), None)
    elif pa.types.is_boolean(kind):
        choice = (True, False, None)
    else:
        choice = (*WORDS[:200], None) if pa.types.is_string(kind) else (None,)
    new = chance.one(choice)
    everywhere = chance.often(0.3)
    row = chance.randrange(len(values)) if values else 0
    changed = [new if everywhere or i == row else v for i, v in enumerate(values)]
    try:
        return _set(table, at, pa.array(changed, kind))
    except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError, ValueError):
        return _set(table, at, pa.nulls(table.num_rows, kind))


def _rows(table: pa.Table, chance: Chance) -> pa.Table:
    rows = table.num_rows
    match chance.randrange(5):
        case 0:
            return table.slice(0, 0)
        case 1:
            return table.slice(0, chance.randrange(rows + 1))
        case 2:
            return pa.concat_tables([table, table])
        case 3:
            return table.take(pa.array(range(rows - 1, -1, -1)))
        case _:
            return pa.concat_tables([table] * max(1, min(200_000 // max(rows, 1), 2_000)))


def _empty(table: pa.Table, _: Chance) -> pa.Table:
    return table.select([])


def _metadata(table: pa.Table, chance: Chance) -> pa.Table:
    told = dict(table.schema.metadata or {})
    if not told or chance.often(0.2):
        return table.replace_schema_metadata(None)
    key = chance.one(sorted(told))
    try:
        tree = json.loads(told[key])
        text = js(trees.mutated(tree, [tree], chance, toml=False))
    except (ValueError, RecursionError):
        text = told[key].decode("utf-8", "replace")
    told[key] = texts.coded(texts.mutated(text, chance) if chance.often(0.2) else text, chance)
    return table.replace_schema_metadata(told)


def _wide(table: pa.Table, chance: Chance) -> pa.Table:
    new = pa.array([math.nan] * table.num_rows)
    for i in range(chance.one([1, 500])):
        table = table.append_column(f"{chance.one(['x', 'parameters.x', '', 'weight'])}{i}", new)
    return table


TABLE: Sequence[tuple[int, Callable[[pa.Table, Chance], pa.Table]]] = (
    (6, _cell),
    (4, _retype),
    (2, _drop),
    (2, _rename),
    (1, _twice),
    (2, _rows),
    (1, _empty),
    (3, _metadata),
    (1, _wide),
)
