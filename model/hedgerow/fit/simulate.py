"""Simulated records: runs with settings of their own, and the statistics of each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from hedgerow.core.ledger import Column, Ledger
from hedgerow.core.numbers import BoolArray, FloatArray
from hedgerow.fit.patterns import TABLES, Record
from hedgerow.fit.targets import Targets, measure
from hedgerow.runs.ensemble import BATCH, Ensemble, together
from hedgerow.scenario.schema import Scenario
from hedgerow.scenario.settings import with_settings

Settings = Mapping[str, Any]
"""Values by dotted path."""


@dataclass
class _Needed(Ledger):
    """A ledger that enters only what the statistics of one donor need."""

    donor: str = ""

    def add(self, table: str, month: np.datetime64, where: BoolArray, columns: Mapping[str, Column | str | bool]) -> None:
        if table in TABLES and columns.get("donor", self.donor) == self.donor:
            super().add(table, month, where, columns)


@dataclass(frozen=True)
class Simulated:
    """What some runs left of the record.

    Attributes
    ----------
    values : (runs, targets)
        Statistics in the order of the targets.
    counts : DataFrame
        Bilateral meetings, a row a run and a column a counterpart that could have been met.
    """

    values: FloatArray
    counts: pd.DataFrame


def simulate(
    scenario: Scenario, settings: Sequence[Settings], seed: int, targets: Targets, numbers: Sequence[int] | None = None
) -> Simulated:
    """Run a scenario once for each set of settings and count what the record counts.

    Parameters
    ----------
    scenario : Scenario
    settings : sequence of mapping of str to object
        Validated values by dotted path, one mapping a run; empty for the scenario as it is.
    seed : int
    targets : Targets
    numbers : sequence of int, optional
        Number of each run, which keys its chance; 0, 1, 2, ... by default.
    """
    numbers = range(len(settings)) if numbers is None else numbers
    parts = [
        _batch(scenario, settings[i : i + BATCH], seed, targets, numbers[i : i + BATCH])
        for i in range(0, len(settings), BATCH)
    ]
    counts = pd.concat([p.counts for p in parts], ignore_index=True)
    return Simulated(np.concatenate([p.values for p in parts]), counts)


def _batch(
    scenario: Scenario, settings: Sequence[Settings], seed: int, targets: Targets, numbers: Sequence[int]
) -> Simulated:
    order = np.argsort(np.asarray(numbers), kind="stable")
    keys = np.asarray(numbers, dtype=np.int64)[order]
    each = [Ensemble(with_settings(scenario, settings[i]), [int(numbers[i])], seed) for i in order]
    batch = together(each, ledger=partial(_Needed, donor=targets.donor))
    for _ in batch:
        pass
    world, tables = batch.world, batch.ledger.tables() if batch.ledger else {}
    names = np.array(world.recipients, dtype=object)
    frames = {name: pd.DataFrame(tables[name]) for name in TABLES}
    values = measure(targets.targets, Record(frames, keys, targets.donor))
    d = world.donors.index(targets.donor)
    open_ = world.facts.counterpart[d] > 0
    counts = pd.DataFrame(world.meetings[:, d][:, open_], columns=names[open_])
    back = np.argsort(order)
    return Simulated(values[back], counts.iloc[back].reset_index(drop=True))
