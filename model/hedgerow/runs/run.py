"""``hedgerow.run``: a scenario, many times, as tables in memory or in a folder."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from hedgerow.runs import chance, folder, manifest, tables
from hedgerow.runs.ensemble import Ensemble, batches
from hedgerow.runs.explain import Explanation, explained
from hedgerow.runs.folder import FolderError
from hedgerow.runs.posterior import policy
from hedgerow.runs.summary import summary
from hedgerow.runs.tables import Tables
from hedgerow.runs.threads import Progress
from hedgerow.scenario.schema import Scenario

TWINS = "twins"
"""The table of runs done once more with the same parameters and other chance."""


@dataclass(frozen=True)
class Run:
    """The results of a scenario: tables by name, and what they are.

    Attributes
    ----------
    ensemble : Ensemble
        The runs: scenario, numbers, seed and what parameters were drawn from.
    manifest : dict
        Resolved scenario, seed, runs, versions and hash.
    where : Path or None
        The results folder, where there is one.
    """

    ensemble: Ensemble
    manifest: dict[str, Any]
    where: Path | None
    _tables: dict[str, pa.Table]

    @property
    def scenario(self) -> Scenario:
        """The scenario that was run."""
        return self.ensemble.scenario

    @property
    def tables(self) -> list[str]:
        """Names of the tables."""
        return sorted(self._tables if self.where is None else (path.stem for path in self.where.glob("*.parquet")))

    def table(self, name: str, columns: list[str] | None = None) -> pd.DataFrame:
        """Return a table, whole or some of its columns.

        Parameters
        ----------
        name : str
            ``meetings``, ``training``, ``equipment``, ``forums``, ``incidents``, ``panel``,
            ``outcomes``, or ``twins``: outcomes of runs with the same parameters and other chance.
        columns : list of str, optional
        """
        if self.where is not None:
            found = folder.frame(self.where, name, columns)
            if name in ("outcomes", TWINS):
                _numbers(found, self.where / name)
            return found
        kept = self._tables[name]
        frame: pd.DataFrame = (kept.select(columns) if columns else kept).to_pandas()
        return frame

    @property
    def outcomes(self) -> pd.DataFrame:
        """One row a run; names and units by :meth:`summary`."""
        return self.table("outcomes")

    @property
    def donor_names(self) -> dict[str, str]:
        """Donor names by code."""
        return {code: donor.name for code, donor in self.scenario.donors.items()}

    def summary(self) -> pd.DataFrame:
        """Return median and 90% interval of every outcome over runs, and the share of chance in its spread."""
        outcomes = self.outcomes
        again = self.table(TWINS) if self.manifest["pairs"] else None
        if again is not None and set(again) != set(outcomes):
            raise FolderError(f"{self.where}: its runs and their twins have other outcomes; run it again")
        return summary(outcomes, self.donor_names, again)

    def write(self, out: str | Path) -> "Run":
        """Write the tables to a results folder, and return the run as it is read from there.

        Raises
        ------
        FolderError
            If the folder cannot take them; nothing is overwritten.
        """
        with folder.hold(Path(out), self.manifest) as held:
            return self.kept(held)

    def kept(self, held: folder.Held) -> "Run":
        """Write the tables to a folder that is held, and return the run as it is read from there."""
        held.write([self._tables])
        return Run(self.ensemble, self.manifest, held.where, {})

    def explain(self, recipient: str, month: str | None = None) -> Explanation:
        """Explain what a state and its donors decided in these runs; see :func:`hedgerow.explain`."""
        return explained(self.ensemble, recipient, month)


def run(
    scenario: str | Path | Scenario,
    *,
    runs: int = 64,
    seed: int = 1,
    months: int | None = None,
    settings: Sequence[str] = (),
    out: str | Path | None = None,
    progress: Progress | None = None,
    fixed: bool = False,
) -> Run:
    """Simulate a scenario many times.

    Parameters
    ----------
    scenario : str, Path or Scenario
        Name of a shipped scenario, path of a file or of a manifest, or one already loaded.
    runs : int
        Number of runs, at least 1.
    seed : int
        Seed of the experiment; run ``k`` of seed ``s`` is always the same.
    months : int, optional
        Months to run instead of the scenario's.
    settings : sequence of str
        Changes such as ``donors.USA.response=0.02``; what is set is not drawn.
    out : str or Path, optional
        Results folder to write; without one, tables stay in memory.
    progress : callable, optional
        Called with the run-months finished since the last call.
    fixed : bool
        Keep the parameters as the scenario has them instead of drawing them from the posterior.

    Returns
    -------
    Run

    Raises
    ------
    ScenarioError
        If the scenario cannot be read.
    FolderError
        If the folder cannot take the results; nothing is overwritten.

    Examples
    --------
    >>> import hedgerow
    >>> result = hedgerow.run("baseline-2022-25", runs=2)
    >>> len(result.outcomes)
    2
    """
    if runs < 1 or seed < 0:
        raise ValueError("runs must be at least 1 and seed at least 0")
    name = scenario.title if isinstance(scenario, Scenario) else str(scenario)
    chosen = manifest.load(scenario, settings, months)
    return results(Ensemble(chosen, range(runs), seed, policy(fixed=fixed)), name, out=out, progress=progress)


def about(ensemble: Ensemble, name: str) -> dict[str, Any]:
    """Return what the results of an ensemble say of themselves."""
    first = {"first": ensemble.runs[0]} if ensemble.runs[0] else {}
    pairs = chance.pairs(len(ensemble)) if ensemble.draws is not None else 0
    parts = {"scenario": name, "seed": ensemble.seed, "runs": len(ensemble), **first, "pairs": pairs}
    return manifest.made("run", {name: ensemble.scenario}, ensemble.draws, parts)


def results(ensemble: Ensemble, name: str, *, out: str | Path | None = None, progress: Progress | None = None) -> Run:
    """Run an ensemble and return what it leaves; see :func:`run`."""
    told = about(ensemble, name)
    if out is not None:
        with folder.hold(Path(out), told) as held:
            return into(held, ensemble, progress)
    found: dict[str, list[pa.Table]] = {}
    for part in _parts(ensemble, told, progress):
        for table, rows in part.items():
            found.setdefault(table, []).append(tables.plain(rows))
    return Run(ensemble, told, None, {table: pa.concat_tables(rows) for table, rows in found.items()})


def into(held: folder.Held, ensemble: Ensemble, progress: Progress | None = None) -> Run:
    """Run an ensemble into a folder that is held for it."""
    told = dict(held.about)
    held.write(_parts(ensemble, told, progress))
    return Run(ensemble, told, held.where, {})


def _parts(ensemble: Ensemble, told: Mapping[str, Any], progress: Progress | None) -> Iterator[Tables]:
    return chain(batches(ensemble, progress=progress), _twins(ensemble, told["pairs"]))


def opened(where: Path, told: dict[str, Any]) -> Run:
    """Return the run of a results folder, read from its tables when they are asked for.

    Raises
    ------
    FolderError
        If what it says of itself is not of a run.
    """
    manifest.check(told, where, allow_mixed=True)
    if told["kind"] != "run":
        raise FolderError(f"{where}: holds a {told['kind']}, not a run")
    return Run(manifest.ensemble(told, told["scenario"], manifest.numbers(told), where), told, where, {})


def _numbers(table: pd.DataFrame, where: Path) -> None:
    """Raise where outcomes of a folder are no numbers, or there are none."""
    odd = [name for name in table if not pd.api.types.is_numeric_dtype(table[name]) or not np.isfinite(table[name]).all()]
    if odd or table.empty:
        fault = f"'{odd[0]}' must hold finite numbers" if odd else "has no rows"
        raise FolderError(f"{where}.parquet: {fault}; is it damaged?")


def _twins(ensemble: Ensemble, pairs: int) -> Iterator[Tables]:
    if pairs:
        yield {TWINS: tables.outcomes(np.array(ensemble.runs[:pairs]), chance.twins(ensemble))}
