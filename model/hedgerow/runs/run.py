"""``hedgerow.run``: a scenario, many times, as tables in memory or in a folder."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from hedgerow.runs import folder, identity
from hedgerow.runs.simulate import batches
from hedgerow.runs.summary import summary
from hedgerow.runs.tables import plain
from hedgerow.runs.threads import Progress
from hedgerow.scenario.load import load
from hedgerow.scenario.schema import Scenario


@dataclass(frozen=True)
class Run:
    """The results of a scenario: tables by name, and what they are.

    Attributes
    ----------
    scenario : Scenario
    manifest : dict
        Resolved scenario, seed, runs, versions and hash.
    where : Path or None
        The results folder, where there is one.
    """

    scenario: Scenario
    manifest: dict[str, Any]
    where: Path | None
    _tables: dict[str, pa.Table]

    def table(self, name: str, columns: list[str] | None = None) -> pd.DataFrame:
        """Return a table, whole or some of its columns.

        Parameters
        ----------
        name : str
            ``meetings``, ``training``, ``equipment``, ``forums``, ``incidents``, ``panel`` or
            ``outcomes``.
        columns : list of str, optional
        """
        if self.where is not None:
            return folder.frame(self.where, name, columns)
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
        """Return median and 90% interval of every outcome over runs."""
        return summary(self.outcomes, self.donor_names, drawn="posterior" in self.manifest)


def run(
    scenario: str | Path | Scenario,
    *,
    runs: int = 64,
    seed: int = 1,
    out: str | Path | None = None,
    progress: Progress | None = None,
    fixed: bool = False,
) -> Run:
    """Simulate a scenario many times.

    Parameters
    ----------
    scenario : str, Path or Scenario
        Name of a shipped scenario, path of a file, or one already loaded.
    runs : int
        Number of runs, at least 1.
    seed : int
        Seed of the experiment; run ``k`` of seed ``s`` is always the same.
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
    chosen = scenario if isinstance(scenario, Scenario) else load(scenario)
    about = identity.manifest(chosen, name, runs, seed, fixed=fixed)
    where = Path(out) if out is not None else None
    if where is not None:
        folder.claim(where, about["hash"])
    kept = batches(chosen, runs, seed, progress=progress, fixed=fixed)
    if where is not None:
        folder.write(where, kept, about)
        return Run(chosen, about, where, {})
    parts = [{**k.tables, "outcomes": k.outcomes} for k in kept]
    joined = {n: pa.concat_tables([plain(p[n]) for p in parts]) for n in parts[0]}
    return Run(chosen, about, None, joined)
