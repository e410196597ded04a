"""Arrow tables with the columns of MODEL section 7: the public form of every result."""

from collections.abc import Mapping
from typing import TypeAlias

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from hedgerow.core.ledger import Panel, Table
from hedgerow.core.numbers import FloatArray, IntArray

Tables: TypeAlias = dict[str, pa.Table]
"""Tables by name."""


def _column(values: NDArray[np.generic]) -> pa.Array:
    if values.dtype == object:
        return pa.array(values, type=pa.string()).dictionary_encode()
    return pa.array(values)


def ledger(name: str, table: Table) -> pa.Table:
    """Return one ledger table, words as dictionaries; ``name`` is kept as its metadata."""
    columns = {column: _column(values) for column, values in table.items()}
    return pa.table(columns).replace_schema_metadata({"table": name})


def panel(kept: Panel, runs: IntArray, months: NDArray[np.datetime64], recipients: NDArray[np.object_]) -> pa.Table:
    """Return the panel, a row a run, month and recipient state, in that order."""
    shape = (len(runs), len(months), len(recipients))
    count = int(np.prod(shape))
    where = np.broadcast_to(np.arange(shape[2], dtype=np.int16), shape).reshape(count)
    columns: dict[str, pa.Array] = {
        "run": pa.array(np.repeat(runs.astype(np.int32), shape[1] * shape[2])),
        "month": pa.array(np.tile(np.repeat(months, shape[2]), shape[0])),
        "recipient": pa.DictionaryArray.from_arrays(where, pa.array(recipients, pa.string())),
    }
    for name, values in kept.values.items():
        columns[name] = pa.array(np.ascontiguousarray(values.transpose(1, 0, 2)).reshape(count))
    return pa.table(columns)


def outcomes(runs: IntArray, values: Mapping[str, FloatArray]) -> pa.Table:
    """Return outcomes, a row a run."""
    columns = {"run": pa.array(runs.astype(np.int32))}
    return pa.table(columns | {name: pa.array(v) for name, v in values.items()})


def plain(table: pa.Table) -> pa.Table:
    """Return a table whose words are plain text, so that tables of many batches join."""
    fields = [pa.field(f.name, pa.string() if pa.types.is_dictionary(f.type) else f.type) for f in table.schema]
    return table.cast(pa.schema(fields))
