"""Running one scenario many times, a batch at a time."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
import pyarrow as pa

from hedgerow.core.engine import Batch
from hedgerow.core.ledger import Ledger, Panel
from hedgerow.core.month import Rules
from hedgerow.runs import tables, uncertain
from hedgerow.runs.threads import Progress, in_order
from hedgerow.scenario.load import load
from hedgerow.scenario.place import place
from hedgerow.scenario.rules import only_here, rules_of
from hedgerow.scenario.schema import Scenario

BATCH = 128
"""Runs in a batch: more win little time, and fewer pay more for what is done once a month."""
BASELINE = "baseline-2022-25"


@dataclass(frozen=True)
class Kept:
    """What a batch of runs left: ledger tables and panel by name, and one row of outcomes a run."""

    tables: dict[str, pa.Table]
    outcomes: pa.Table


def batches(
    scenario: Scenario,
    runs: int,
    seed: int,
    *,
    size: int = BATCH,
    ledger: bool = True,
    panel: bool = True,
    progress: Progress | None = None,
    rules: Rules | None = None,
    fixed: bool = True,
    workers: int | None = None,
) -> Iterator[Kept]:
    """Run a scenario and yield what each batch left, in order of runs.

    Parameters
    ----------
    scenario : Scenario
    runs, seed : int
        Number of runs and seed of the experiment; run ``k`` is the same whatever the others.
    size : int
        Runs in a batch; it changes speed and memory, never a result.
    ledger, panel : bool
        Whether to keep what is traded and the state of every month.
    progress : callable, optional
        Called with the run-months finished since the last call.
    rules : Rules, optional
        The decisions of donors and recipients, the model's own by default.
    fixed : bool
        Whether parameters stay as the scenario has them, or are drawn from the posterior.
    workers : int, optional
        Batches done side by side, one a processor by default; a user's rules see one at a time.
    """
    made = partial(
        _batch, scenario=scenario, seed=seed, ledger=ledger, panel=panel, fixed=fixed, rules=rules or rules_of(scenario)
    )
    parts = [range(first, min(first + size, runs)) for first in range(0, runs, size)]
    jobs = [partial(made, numbers=part) for part in parts]
    own = rules is not None or only_here(scenario)
    yield from in_order(jobs, progress, 1 if own else workers)


def compile_rules() -> None:
    """Compile the rules in this process, so that workers find them on disk and not each compile."""
    deque(batches(load(BASELINE), 1, 0, ledger=False, panel=False), maxlen=0)


def _batch(
    tell: Progress,
    *,
    scenario: Scenario,
    numbers: range,
    seed: int,
    ledger: bool,
    panel: bool,
    fixed: bool,
    rules: Rules,
) -> Kept:
    scene, world = place(uncertain.scenarios(scenario, numbers, seed, fixed=fixed, together=uncertain.TOGETHER))
    names = np.array(world.recipients, dtype=object)
    book = Ledger(np.array(numbers), names) if ledger else None
    states = Panel(scene.months) if panel else None
    batch = Batch(scene, world, seed, list(numbers), rules, book, states)
    for _ in batch:
        tell(len(numbers))
    kept = {} if book is None else {n: tables.ledger(n, t) for n, t in book.tables().items()}
    if states is not None:
        months = np.array([scene.date(t) for t in range(scene.months)])
        kept["panel"] = tables.panel(states, np.array(numbers), months, names[world.states])
    return Kept(kept, tables.outcomes(np.array(numbers), batch.outcomes()))
