"""What the pages are made of: the findings on one scenario, on two, or on a sweep.

A page builds these and its workbook; sections, sentences and pictures only read them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd
from markupsafe import Markup

from hedgerow.analysis.choose import Analysis
from hedgerow.analysis.goals import better
from hedgerow.core.numbers import FloatArray
from hedgerow.report.brief import leaning
from hedgerow.report.brief.page import Origin
from hedgerow.report.brief.sentences import CHANGE, Estimate, name, supported
from hedgerow.report.brief.workbook import Workbook
from hedgerow.runs.explain import Explanation
from hedgerow.runs.summary import label
from hedgerow.scenario.schema import Scenario
from hedgerow.wording import names
from hedgerow.wording.verdicts import Verdict


def answering(donors: Mapping[str, str]) -> str:
    """Return the outcome that answers whom states move closer to."""
    return names.DIFFERENCE if len(donors) > 1 else f"alignment_shift_{next(iter(donors))}"


@dataclass(frozen=True)
class ScenarioFindings:
    """What is found on a scenario, by itself or against a base.

    Attributes
    ----------
    scenario : Scenario
    name : str
        What a command takes for it.
    donors : dict
        Donor names by code.
    months : list of date
    estimate : Estimate
        Where its outcomes stand in the workbook.
    workbook : Workbook
    why : Explanation or None
        The terms of the state that moves most.
    origin : Origin
    base : Scenario or None
        What it is compared with.
    """

    scenario: Scenario
    name: str
    donors: dict[str, str]
    months: list[date]
    estimate: Estimate
    workbook: Workbook
    why: Explanation | None
    origin: Origin
    base: Scenario | None = None

    @property
    def paired(self) -> bool:
        """Whether it is compared with a base."""
        return self.estimate != CHANGE

    @property
    def outcome(self) -> str:
        """The outcome that answers."""
        return answering(self.donors)

    @property
    def said(self) -> Verdict:
        """What is known of that outcome."""
        return supported(self.workbook, self.outcome, self.estimate)[0]

    @property
    def last(self) -> date:
        """The last month."""
        return self.months[-1]


@dataclass(frozen=True)
class SweepFindings:
    """What is found in a sweep.

    Attributes
    ----------
    found : Analysis
    means : numpy.ndarray
        Mean of the outcome that answers, ``(points,)``.
    runs : numpy.ndarray
        That outcome in every replication that all points have, ``(replications, points)``; their
        means where there is none.
    workbook : Workbook
    """

    found: Analysis
    means: FloatArray
    runs: FloatArray
    workbook: Workbook

    @property
    def donors(self) -> dict[str, str]:
        """Donor names by code."""
        return self.found.donors

    @property
    def outcome(self) -> str:
        """The outcome that answers."""
        return self.found.outcomes[0]

    @property
    def outcome_name(self) -> str:
        """Its name as it stands in a sentence, after ``the``."""
        return names.titled(names.outcome(self.outcome, self.donors))

    @property
    def unit(self) -> str:
        """Its unit."""
        return label(self.outcome, self.donors)[1]

    @property
    def measured(self) -> str:
        """Its name and unit, for an axis."""
        return f"{self.outcome_name} ({self.unit or 'no unit'})"

    @property
    def better(self) -> int:
        """1 if more of it is better for the side taken, -1 if less is."""
        return better(self.outcome, self.found.side, list(self.donors))

    @property
    def balance(self) -> bool:
        """Whether it is the balance of two donors."""
        return self.outcome.startswith(names.DIFFERENCE) and len(self.donors) > 1

    @property
    def ranked(self) -> bool:
        """Whether policies are ranked."""
        return {"signs", "regret", "ranks"} <= set(self.found.tables)

    @property
    def best(self) -> str:
        """The policy that does best on average."""
        return str(self.found.tables["regret"].query("outcome == @self.outcome")["policy"].iloc[0])

    @property
    def base(self) -> str:
        """The policy that others are compared with."""
        return str(self.found.tables["signs"]["base"].iloc[0])

    def against_base(self) -> pd.DataFrame:
        """Return each policy against the base by the outcome that answers, best first."""
        frame = self.workbook.frame("signs")
        rows = frame[frame["outcome"] == self.outcome]
        return rows if self.better < 0 else rows.iloc[::-1]

    def title(self, policy: str) -> str:
        """Return a policy's title, or the name it has in the study where it has none."""
        full = self.found.manifest["resolved"].get(policy, {})
        return str(full.get("title", policy)) if self.ranked else policy

    def called(self, policy: str) -> Markup:
        """Return a policy's title, set apart as a name."""
        return name(self.title(policy))

    def factor(self, path: str) -> str:
        """Return a factor in words."""
        return leaning.named(path, self.donors)
