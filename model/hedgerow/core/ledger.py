"""The ledger: one row per thing traded, and the panel: the state of every row, month by month.

Phases append blocks of columns; :meth:`Ledger.tables` puts them in order of run, month and entry,
so a run reads the same alone or in a batch. Tables are plain columns of arrays; names of rows,
donors and forums are kept as words.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from hedgerow.core.numbers import BoolArray, FloatArray, IntArray

Column = NDArray[np.generic]
Table = dict[str, Column]

COLUMNS: dict[str, dict[str, str]] = {
    "meetings": {
        "run": "i4",
        "month": "M8[D]",
        "donor": "O",
        "body": "O",
        "tier": "O",
        "recipient": "O",
        "kind": "O",
        "setting": "O",
        "forum": "O",
        "event": "i4",
    },
    "training": {
        "run": "i4",
        "month": "M8[D]",
        "donor": "O",
        "recipient": "O",
        "seats": "f8",
        "officer_weeks": "f8",
        "venue": "O",
        "blocked": "f8",
        "accepted": "?",
    },
    "equipment": {
        "run": "i4",
        "month": "M8[D]",
        "donor": "O",
        "recipient": "O",
        "value_usd": "f8",
        "kind": "O",
        "blocked": "f8",
        "accepted": "?",
    },
    "forums": {"run": "i4", "month": "M8[D]", "forum": "O", "recipient": "O", "attended": "?", "signed": "?"},
    "incidents": {"run": "i4", "month": "M8[D]", "recipient": "O", "kind": "O"},
}
"""Columns of each ledger table and their types; the public interface."""


@dataclass
class Ledger:
    """Collects what a batch of runs trades.

    Parameters
    ----------
    runs : (runs,)
        Number of each run of the batch.
    recipients : names of the rows
    """

    runs: IntArray
    recipients: NDArray[np.object_]
    blocks: dict[str, list[Table]] = field(default_factory=lambda: {t: [] for t in COLUMNS})
    events: IntArray = field(init=False)

    def __post_init__(self) -> None:
        self.events = np.zeros(len(self.runs), dtype=np.int64)

    def add(self, table: str, month: np.datetime64, where: BoolArray, columns: Mapping[str, Column | str | bool]) -> None:
        """Append one entry for each true cell of ``where``, ``(runs, rows)``.

        A column is a word for all entries, or an array ``(runs, rows)`` to pick them from.
        """
        at = np.nonzero(where)
        if at[0].size == 0:
            return
        block: Table = {"run": at[0], "month": np.full(at[0].size, month), "recipient": self.recipients[at[1]]}
        for name, value in columns.items():
            if isinstance(value, np.ndarray):
                block[name] = value[at]
            else:
                block[name] = np.full(at[0].size, value, dtype=object)
        self.blocks[table].append(block)

    def number_events(self, where: BoolArray, together: bool) -> IntArray:
        """Return event numbers for the true cells, one each or one a run if held together."""
        met = where.any(axis=1)
        if together:
            number = np.broadcast_to(self.events[:, None], where.shape).copy()
            self.events += met
            return number
        order = np.cumsum(where, axis=1) - 1
        number = self.events[:, None] + order
        self.events += where.sum(axis=1)
        return np.asarray(number, dtype=np.int64)

    def tables(self) -> dict[str, Table]:
        """Return all tables, ordered by run, then month, then entry."""
        return {name: self._table(name) for name in COLUMNS}

    def _table(self, name: str) -> Table:
        blocks, kinds = self.blocks[name], COLUMNS[name]
        if not blocks:
            return {c: np.empty(0, dtype=kind) for c, kind in kinds.items()}
        table = {c: np.concatenate([b[c] for b in blocks]) for c in kinds}
        table["run"] = self.runs[table["run"]]
        order = np.argsort(table["run"], kind="stable")
        return {c: table[c][order].astype(kind, copy=False) for c, kind in kinds.items()}


PANEL_BY_DONOR = {
    "alignment": "alignment",
    "belief": "belief",
    "belief_variance": "belief_variance",
    "trust": "trust",
    "lock_in": "lock_in",
    "uptime": "uptime",
    "agreement": "agreement",
    "recent_meetings": "recent",
}
PANEL_BY_ROW = {
    "crime": "crime",
    "regime_threat": "threat",
    "entanglement": "entanglement",
    "policing_model": "policing_model",
    "flagged_units": "flagged",
    "sovereignty": "sovereignty",
}


@dataclass
class Panel:
    """Keeps every recipient state at the end of each month, ``(months, runs, states)``."""

    months: int
    values: dict[str, NDArray[np.float32]] = field(default_factory=dict)

    def keep(self, month: int, name: str, value: FloatArray) -> None:
        """Store one variable, ``(runs, states)``, of one month."""
        if name not in self.values:
            self.values[name] = np.empty((self.months, *value.shape), dtype=np.float32)
        self.values[name][month] = value
