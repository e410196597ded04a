"""What a reader named, found or made: a scenario, two scenarios, or a folder of results."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from hedgerow.disk.plain import command, visible
from hedgerow.report.brief import leaning, origin
from hedgerow.report.brief.findings import ScenarioFindings, answering
from hedgerow.report.brief.page import Origin, Page
from hedgerow.report.brief.sentences import CHANGE, DIFFERENCE
from hedgerow.runs import folder, identity, manifest
from hedgerow.runs.compare import Comparison, compare
from hedgerow.runs.compare import opened as comparison_of
from hedgerow.runs.explain import Explanation, explain
from hedgerow.runs.folder import UNREADABLE, FolderError
from hedgerow.runs.paired import BOTH
from hedgerow.runs.run import Run, opened, run
from hedgerow.runs.threads import Progress
from hedgerow.scenario.errors import ScenarioError
from hedgerow.scenario.find import names
from hedgerow.scenario.load import load
from hedgerow.scenario.schema import Scenario

RUNS, PAIRS, PROBES, EXPLAINED = 64, 128, 8, 32
"""Runs of a scenario by itself, pairs of runs, runs at an end of an assumption, and to explain."""


@dataclass(frozen=True)
class Wish:
    """What a reader asked for.

    Attributes
    ----------
    name : str
        Name or path of a scenario, or a folder of results.
    versus : str or None
        Scenario to compare with; of a sweep, the policy that others are compared with.
    runs : int or None
        Runs of each scenario, 64 alone and 128 compared by default.
    seed : int
    months : int or None
    settings : tuple of str
        Changes to every scenario read, as of ``--set``.
    fixed : bool
        Keep the parameters as they are instead of drawing them from the posterior.
    probes : int
        Runs at each end of each key assumption; 0 leaves them alone.
    outcome : str or None
        Of a sweep, the outcome to tell of.
    """

    name: str
    versus: str | None = None
    runs: int | None = None
    seed: int = 1
    months: int | None = None
    settings: tuple[str, ...] = ()
    fixed: bool = False
    probes: int = PROBES
    outcome: str | None = None

    def command(self) -> str:
        """Return it as the command that one types."""
        if self.folder:
            return command("report", self.name, versus=self.versus, outcome=self.outcome)
        return command(
            "report",
            self.name,
            versus=self.versus,
            runs=self.runs or (PAIRS if self.versus else RUNS),
            seed=self.seed,
            months=self.months,
            set=self.settings,
            probes=self.probes if self.probes != PROBES else None,
            outcome=self.outcome,
            fixed=self.fixed,
        )

    @property
    def folder(self) -> bool:
        """Whether it names a folder of results rather than a scenario."""
        where = Path(self.name)
        held = where.is_dir() and (where / folder.MANIFEST).exists()
        return held or (where.is_dir() and self.name not in names())


def page(wish: Wish, progress: Progress | None = None) -> Page:
    """Return the page of what a reader named.

    Raises
    ------
    ScenarioError
        If a scenario cannot be read.
    FolderError
        If a folder holds no results, or results that cannot be read.
    """
    if wish.folder:
        return _of_folder(wish, progress)
    if wish.outcome is not None:
        words = "is for sweeps; a scenario’s page tells of alignment and all its costs"
        raise ScenarioError("--outcome", wish.outcome, words)
    chosen = load(wish.name, wish.settings, wish.months)
    if wish.versus is None:
        kept = run(chosen, runs=wish.runs or RUNS, seed=wish.seed, progress=progress, fixed=wish.fixed)
        return _single(kept, wish, wish.name, progress)
    found = compare(
        wish.versus,
        wish.name,
        runs=wish.runs or PAIRS,
        seed=wish.seed,
        months=wish.months,
        settings=wish.settings,
        progress=progress,
        fixed=wish.fixed,
    )
    return _compared(found, wish, progress)


def work(wish: Wish) -> int:
    """Return how many run-months a page takes, for showing progress."""
    if wish.folder:
        return 0
    chosen = load(wish.name, wish.settings, wish.months)
    runs = wish.runs or (PAIRS if wish.versus else RUNS)
    compared = wish.versus is not None
    probes = leaning.work(chosen, wish.probes, compared=compared) if wish.probes else 0
    return runs * chosen.months * (2 if compared else 1) + probes


def _of_folder(wish: Wish, progress: Progress | None) -> Page:
    where = Path(wish.name)
    setting = next(iter(wish.settings), None)
    fixed = "" if wish.fixed else None
    for key, value in (("--runs", wish.runs), ("--months", wish.months), ("--fixed", fixed), ("--set", setting)):
        if value is not None:
            raise ScenarioError(key, str(value), "is for scenarios; a folder’s runs are done")
    about = manifest.read(where)
    origin.readable(where, about)
    if about["kind"] == "sweep":
        from hedgerow.report.brief import swept

        with _fitting(where):
            return swept.page(where, wish.versus, wish.outcome, wish.command())
    if wish.versus is not None:
        words = "a folder of results holds what was compared; leave --versus out"
        raise ScenarioError("--versus", wish.versus, words)
    if about["kind"] == "comparison":
        found = _comparison(where, about)
        with _fitting(where):
            return _compared(found, wish, progress)
    kept = opened(where, about)
    with _fitting(where):
        return _single(kept, wish, str(about["scenario"]), progress)


@contextmanager
def _fitting(where: Path) -> Iterator[None]:
    """Tell of tables that can each be read and do not go together, whatever that leads to."""
    try:
        yield
    except (FolderError, ScenarioError):
        raise
    except UNREADABLE as error:
        words = f"its tables do not fit together ({type(error).__name__}: {visible(error):.200}); run it again"
        raise FolderError(f"{where}: {words}") from error


def _comparison(where: Path, about: dict[str, Any]) -> Comparison:
    if len(about["variants"]) > 1:
        one = command("report", about["variants"][0], versus=about["base"])
        words = f"compares {len(about['variants'])} scenarios with {about['base']}; a page tells of one: {one}"
        raise FolderError(f"{where}: {words}")
    return comparison_of(where, about)


def _single(kept: Run, wish: Wish, name: str, progress: Progress | None) -> Page:
    from hedgerow.report.brief import single

    states = single.movers(kept)
    assumptions = _lean(kept.scenario, None, kept.manifest, wish, progress)
    why = _explained(kept.scenario, None, str(states["recipient"].iloc[0]), kept.manifest)
    made = single.workbook(kept, states, assumptions, why)
    source = _origin(wish, kept.manifest, kept.scenario, origin.parent(name, wish.months))
    donors, months = kept.donor_names, _months(kept.scenario)
    return single.page(ScenarioFindings(kept.scenario, name, donors, months, CHANGE, made, why, source))


def _compared(found: Comparison, wish: Wish, progress: Progress | None) -> Page:
    from hedgerow.report.brief import paired

    (name, variant), *_ = found.variants.items()
    assumptions = _lean(variant, found.base, found.manifest, wish, progress)
    rows = found.movers
    donor = BOTH if len(found.base.donors) > 1 else next(iter(found.base.donors))
    why = _explained(variant, found.base, str(rows.loc[rows["donor"] == donor, "recipient"].iloc[0]), found.manifest)
    made = paired.workbook(found, name, assumptions, why)
    source = _origin(wish, found.manifest, variant, (found.base.title, found.base))
    donors, months = found.donor_names, _months(variant)
    return paired.page(ScenarioFindings(variant, name, donors, months, DIFFERENCE, made, why, source, found.base))


def _months(scenario: Scenario) -> list[date]:
    return [m.date() for m in pd.date_range(scenario.start, periods=scenario.months, freq="MS")]


def _lean(
    scenario: Scenario, base: Scenario | None, about: dict[str, Any], wish: Wish, progress: Progress | None
) -> pd.DataFrame | None:
    """Return the answer with key assumptions moved, where this code made the results."""
    if not wish.probes or about["code"] != identity.code_version():
        return None
    outcome = answering({code: donor.name for code, donor in scenario.donors.items()})
    return leaning.lean(
        scenario, base, outcome, runs=wish.probes, seed=about["seed"], progress=progress, fixed=not origin.drawn(about)
    )


def _explained(scenario: Scenario, base: Scenario | None, state: str, about: dict[str, Any]) -> Explanation | None:
    if about["code"] != identity.code_version():
        return None
    runs = min(EXPLAINED, int(about["runs"]))
    return explain(scenario, state, versus=base, runs=runs, seed=about["seed"], fixed=not origin.drawn(about))


def _origin(wish: Wish, about: dict[str, Any], mine: Scenario, against: tuple[str, Scenario] | None) -> Origin:
    changed = origin.changes(mine, against[1]) if against else []
    name = f"“{against[0]}”" if against else ""
    return Origin(origin.facts(about), wish.command(), name, changed)
