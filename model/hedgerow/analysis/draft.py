"""An analysis in the making: what was read, which way is better, and what was found so far."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pandas as pd

from hedgerow.analysis.findings import Finding
from hedgerow.analysis.goals import better
from hedgerow.analysis.reading import Reading
from hedgerow.runs.folder import FolderError
from hedgerow.wording.names import outcome as outcome_name


@dataclass
class Draft:
    """An analysis in the making."""

    reading: Reading
    frame: pd.DataFrame
    outcomes: list[str]
    side: str
    base: str
    base_frame: pd.DataFrame | None = None
    tables: dict[str, list[pd.DataFrame]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def add(self, name: str, table: pd.DataFrame) -> pd.DataFrame:
        """Keep a table, if it has rows."""
        if len(table):
            self.tables.setdefault(name, []).append(table)
        return table

    def better(self, outcome: str) -> int:
        """Return which way an outcome is better for the side taken."""
        return better(outcome, self.side, list(self.reading.donors))

    @property
    def columns(self) -> list[str]:
        """Return the outcomes that were read."""
        return [c for c in self.frame.columns if c not in ("point", "replication")]

    def name(self, outcome: str) -> str:
        """Return an outcome's name in words."""
        return outcome_name(outcome, self.reading.donors)

    def try_(self, step: Callable[["Draft"], None]) -> None:
        """Do a step; what it cannot do becomes a note."""
        try:
            step(self)
        except FolderError as error:
            self.notes.append(str(error))
