"""The one maker of runs: an ensemble says which runs, and makes batches of them.

Run ``k`` of a scenario and seed takes draw ``k`` of the posterior and the chance of run ``k``, in every
command, alone or among others. :meth:`Ensemble.batch` makes one batch; :func:`together` makes one of
several ensembles, such as the points of a sweep. Nobody else places scenarios or turns tapes.

A run fails whose numbers are not finite, wherever it is made: see :class:`Runs`.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from hedgerow.core.engine import Batch
from hedgerow.core.ledger import Ledger, Panel
from hedgerow.core.month import Month, Rules
from hedgerow.core.numbers import BoolArray, FloatArray
from hedgerow.core.scene import Scene
from hedgerow.core.world import World
from hedgerow.runs import tables
from hedgerow.runs.posterior import Posterior
from hedgerow.runs.tables import Tables
from hedgerow.runs.threads import Progress, in_order
from hedgerow.scenario.errors import ScenarioError
from hedgerow.scenario.load import load
from hedgerow.scenario.place import place
from hedgerow.scenario.rules import only_here, rules_of
from hedgerow.scenario.schema import Scenario
from hedgerow.scenario.settings import with_settings

BATCH = 128
"""Runs in a batch: more win little time, and fewer pay more for what is done once a month."""
BASELINE = "baseline-2022-25"
TWIN = 1 << 32
"""Added to a run's number, this keys another chance than that of any run."""


@dataclass(frozen=True)
class Ensemble:
    """Runs of one scenario.

    Attributes
    ----------
    scenario : Scenario
    runs : sequence of int
        Numbers of the runs, from 0; run ``k`` is the same whatever the others.
    seed : int
        Seed of the experiment.
    draws : Posterior or None
        What parameters are drawn from; None where they stay as the scenario has them.
    twins : bool
        Whether the runs have the parameters of their number and the chance of none.
    """

    scenario: Scenario
    runs: Sequence[int]
    seed: int
    draws: Posterior | None = None
    twins: bool = False

    def __len__(self) -> int:
        return len(self.runs)

    def scenarios(self) -> list[Scenario]:
        """Return the scenario of each run, with what it draws in place."""
        if self.draws is None:
            return [self.scenario] * len(self)
        drawn = self.draws.draws(self.runs, self.seed, self.scenario)
        return [with_settings(self.scenario, one, by="") for one in drawn]

    def batch(self, **keeping: Any) -> "Runs":
        """Return the runs as one batch at its start; see :func:`together`."""
        return together([self], **keeping)

    def parts(self, size: int = BATCH) -> list["Ensemble"]:
        """Return the runs as ensembles of so many at most, which one batch each can hold."""
        return [replace(self, runs=self.runs[i : i + size]) for i in range(0, len(self), size)]

    @property
    def only_here(self) -> bool:
        """Whether a rule of its scenario is known to this process alone."""
        return only_here(self.scenario)


NAMED = 3
"""Outcomes that a fault names."""


class Runs(Batch):
    """A batch that knows which of its runs fail: those that leave a number that is not finite.

    ``title`` is what the scenario is called.
    """

    title = ""

    def close(self, month: Month) -> None:
        """Keep the panel of a month, and turn the page.

        Raises
        ------
        ScenarioError
            If a run has lost its alignment, in which all that is traded ends.
        """
        for i in np.flatnonzero(~np.isfinite(self.world.alignment.sum(axis=(1, 2)))):
            raise self._fault(int(i), ["alignment"], f" in {str(self.scene.date(month.index))[:7]}")
        super().close(month)

    def outcomes(self) -> dict[str, FloatArray]:
        """Return the outcomes of each run so far, ``(runs,)`` each, by name.

        Raises
        ------
        ScenarioError
            If a run failed; the message says which, and how to look at it.
        """
        found, faults = self.measured()
        for fault in faults:
            if fault is not None:
                raise fault
        return found

    def measured(self, names: Sequence[str] | None = None) -> tuple[dict[str, FloatArray], list[ScenarioError | None]]:
        """Return the outcomes, and what is wrong with each run, None where nothing is.

        Parameters
        ----------
        names : sequence of str, optional
            Outcomes that matter; all of them, the ledger and the panel, by default.
        """
        found = super().outcomes()
        odd = {name: ~np.isfinite(values) for name, values in found.items() if names is None or name in names}
        odd |= {} if names is not None else {f"the table {name}": runs for name, runs in self._odd_tables()}
        named = [[name for name, runs in odd.items() if runs[i]] for i in range(len(self.runs))]
        return found, [self._fault(i, names) if names else None for i, names in enumerate(named)]

    def _odd_tables(self) -> Iterator[tuple[str, BoolArray]]:
        """Yield the tables that are kept, and in which runs they hold a number that is not finite."""
        for values in self.panel.values.values() if self.panel else ():
            yield "panel", np.asarray(~np.isfinite(values).all(axis=(0, 2)))
        for name, blocks in self.ledger.blocks.items() if self.ledger else ():
            runs = np.zeros(len(self.runs), dtype=bool)
            for block in blocks:
                for column in block.values():
                    if column.dtype.kind == "f":
                        runs[block["run"][~np.isfinite(column)].astype(int)] = True
            yield name, runs

    def _fault(self, i: int, odd: Sequence[str], when: str = "") -> ScenarioError:
        more = f" and {len(odd) - NAMED} more" if len(odd) > NAMED else ""
        number, seed = self.runs[i] % TWIN, self.seed
        words = f"gave no finite number for {', '.join(odd[:NAMED])}{more}{when}; "
        words += f"hedgerow.Model(scenario, seed={seed}, run={number}) takes it month by month"
        return ScenarioError(self.title, run_name(self.runs[i], seed), words)


def run_name(number: int, seed: int) -> str:
    """Return what a run is called where it is spoken of."""
    return f"run {number % TWIN}{' with other chance' if number >= TWIN else ''} of seed {seed}"


def together(
    ensembles: Sequence[Ensemble],
    *,
    rules: Rules | Callable[[Scene, World], Rules] | None = None,
    ledger: Callable[..., Ledger] | None = None,
    panel: Callable[[int], Panel] | None = None,
) -> Runs:
    """Return one batch of the runs of several ensembles, in their order.

    Parameters
    ----------
    ensembles : sequence of Ensemble
        Of one seed, their scenarios alike in all but the values of numbers.
    rules : Rules, optional
        The decisions of donors and recipients, or what makes them of scene and first state; those of
        the first scenario by default.
    ledger, panel : callable, optional
        What makes the books in which to keep what is traded and the state of every month, such as
        :class:`~hedgerow.core.ledger.Ledger` and :class:`~hedgerow.core.ledger.Panel`.

    Raises
    ------
    MixedStructureError
        If scenarios differ in more than numbers.
    ValueError
        If their seeds differ.
    ScenarioError
        If a rule that a scenario names is not to be found.
    """
    first = ensembles[0]
    if any(one.seed != first.seed for one in ensembles):
        raise ValueError("runs of one batch must share their seed")
    scene, world = place([one for ensemble in ensembles for one in ensemble.scenarios()])
    numbers = [run + TWIN * ensemble.twins for ensemble in ensembles for run in ensemble.runs]
    book = ledger(np.array(numbers), np.array(world.recipients, dtype=object)) if ledger else None
    states = panel(scene.months) if panel else None
    decisions = rules(scene, world) if callable(rules) else rules
    decisions = decisions or rules_of(first.scenario, [run_name(number, first.seed) for number in numbers])
    batch = Runs(scene, world, first.seed, numbers, decisions, book, states)
    batch.title = first.scenario.title
    return batch


def batches(
    ensemble: Ensemble,
    *,
    size: int = BATCH,
    ledger: bool = True,
    panel: bool = True,
    progress: Progress | None = None,
    workers: int | None = None,
) -> Iterator[Tables]:
    """Run an ensemble and yield what each batch left, in order of runs: ledger, panel and outcomes.

    Parameters
    ----------
    ensemble : Ensemble
    size : int
        Runs in a batch; it changes speed and memory, never a result.
    ledger, panel : bool
        Whether to keep what is traded and the state of every month.
    progress : callable, optional
        Called with the run-months finished since the last call.
    workers : int, optional
        Batches done side by side, one a processor by default; rules of this process alone see one at a time.
    """
    jobs = [partial(_kept, part, ledger=ledger, panel=panel) for part in ensemble.parts(size)]
    yield from in_order(jobs, progress, 1 if ensemble.only_here else workers)


def _kept(ensemble: Ensemble, tell: Progress, *, ledger: bool, panel: bool) -> Tables:
    batch = ensemble.batch(ledger=Ledger if ledger else None, panel=Panel if panel else None)
    for _ in batch:
        tell(len(ensemble))
    runs, scene, world = np.array(ensemble.runs), batch.scene, batch.world
    book = {} if batch.ledger is None else batch.ledger.tables()
    kept = {name: tables.ledger(name, table) for name, table in book.items()}
    if batch.panel is not None:
        months = np.array([scene.date(t) for t in range(scene.months)])
        names = np.array(world.recipients, dtype=object)[world.states]
        kept["panel"] = tables.panel(batch.panel, runs, months, names)
    return kept | {"outcomes": tables.outcomes(runs, batch.outcomes())}


def outcome_names(scenario: Scenario) -> list[str]:
    """Return the names of the outcomes that runs of a scenario have; a user's rules have no say in them."""
    return list(Ensemble(scenario, [0], 0).batch(rules=Rules()).outcomes())


def compile_rules() -> None:
    """Compile the rules in this process, so that other processes find them on disk and not each compile."""
    batch = Ensemble(load(BASELINE), [0], 0).batch()
    for _ in batch:
        pass
    batch.outcomes()
