"""``hedgerow.analysis.analyse``: all analyses that fit a sweep, at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from hedgerow.analysis.draft import Draft
from hedgerow.analysis.findings import Finding
from hedgerow.analysis.goals import DIFFERENCE, goals, judged, side_of, words
from hedgerow.analysis.reading import Reading, chosen, read
from hedgerow.analysis.steps import STEPS
from hedgerow.analysis.thresholds import base_runs
from hedgerow.disk.reading import toml
from hedgerow.runs.folder import FolderError
from hedgerow.runs.manifest import SCENARIO
from hedgerow.scenario.suggest import suggestion
from hedgerow.study.results import Results
from hedgerow.wording.names import the


@dataclass(frozen=True)
class Analysis:
    """What was found in a sweep.

    Attributes
    ----------
    where : Path
    manifest : dict
    method : str
        Design of the study.
    outcomes : list of str
        Outcomes that were analysed, the first first.
    side : str
        Code of the donor whose gains count as gains.
    share_done : float
        Runs that went well, as a share of those planned.
    runs, points, replications : int
        Runs that went well, points they cover, and most replications of a point.
    notes : list of str
        What a reader must know before the findings.
    findings : list of Finding
        Sentences, each with its numbers.
    tables : dict of pandas.DataFrame
        By name; see the functions of :mod:`hedgerow.analysis`.
    factors : dict of str
        Factors in words, by dotted path.
    donors : dict of str
        Donor names by code.
    """

    where: Path
    manifest: dict[str, Any]
    method: str
    outcomes: list[str]
    side: str
    share_done: float
    runs: int
    points: int
    replications: int
    notes: list[str]
    findings: list[Finding]
    tables: dict[str, pd.DataFrame]
    factors: dict[str, str]
    donors: dict[str, str]


def analyse(
    where: str | Path | Results, outcomes: Sequence[str] = (), *, side: str | None = None, versus: str | None = None
) -> Analysis:
    """Analyse a sweep by everything that fits its design.

    Parameters
    ----------
    where : str, Path or Results
        Folder that a sweep wrote, finished or not.
    outcomes : sequence of str
        Outcomes to analyse; the difference in alignment, or what the store has, by default.
    side : str, optional
        Code of the donor whose gains count as gains; the United States by default.
    versus : str, optional
        Base to compare with: a policy of the sweep, or a scenario to run at the same worlds with the same chance.

    Returns
    -------
    Analysis

    Raises
    ------
    FolderError
        If the folder holds no sweep, no finished run, a damaged part, or keeps no such outcome.
    ScenarioError
        If the base cannot be run.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from hedgerow import sweep
    >>> from hedgerow.study.interop import listed_study
    >>> study = listed_study(
    ...     {"policies.leahy.strictness": [0.0, 1.0]},
    ...     {"base": "baseline-2022-25", "replications": 2, "months": 2},
    ... )
    >>> with TemporaryDirectory() as folder:
    ...     found = analyse(sweep(study, f"{folder}/out", workers=1))
    >>> found.points, sorted(found.tables)
    (2, ['chance', 'levels'])
    """
    reading = read(where)
    wanted = chosen(reading, outcomes) or [_main(reading)]
    codes = list(reading.donors)
    taken = side or side_of(codes)
    if taken not in codes:
        raise FolderError(f"no donor '{taken}' whose side to take{suggestion(taken, codes)}")
    weighed = [o for o in goals(taken).values() if o in reading.results.outcomes]
    draft = Draft(reading, reading.frame([*wanted, *weighed]), wanted, taken, "")
    _about(draft)
    _base(draft, versus)
    for step in STEPS:
        draft.try_(step)
    tables = {name: pd.concat(parts, ignore_index=True) for name, parts in draft.tables.items()}
    planned = max(int(reading.manifest["runs"]), 1)
    return Analysis(
        reading.results.where,
        reading.manifest,
        reading.method,
        wanted,
        taken,
        len(draft.frame) / planned,
        len(draft.frame),
        draft.frame["point"].nunique(),
        int(draft.frame["replication"].max()) + 1,
        draft.notes,
        draft.findings,
        tables,
        {f: words(f) for f in reading.factors},
        reading.donors,
    )


def _main(reading: Reading) -> str:
    kept = reading.results.outcomes
    first = [DIFFERENCE, *(o for o in kept if o.startswith("alignment_shift")), *kept]
    return next(o for o in first if o in kept)


def _about(draft: Draft) -> None:
    """Note what is missing, from which side results are read, and what chance is."""
    reading, runs = draft.reading, len(draft.frame)
    failed = reading.results.dataset.count_rows() - runs
    planned = int(reading.manifest["runs"])
    stops = len(reading.manifest.get("rounds", [])) > 1
    if not runs:
        raise FolderError(f"{reading.results.where}: every finished run has failed; see failures()")
    if runs < planned:
        share = f"{100 * runs / planned:.3g}% of the runs planned ({runs:,} of {planned:,})"
        why = "; points may stop early" if stops else "; the rest is not finished"
        draft.notes.append(f"What follows rests on {share}{'' if failed == planned - runs else why}.")
    if failed:
        draft.notes.append(f"{failed:,} runs failed and are left out.")
    if not reading.factors:
        raise FolderError(f"{reading.results.where}: no factor takes two values; nothing to compare")
    name = the(reading.donors[draft.side])
    draft.notes.append(f"Better and worse are read from the side of {name}.")
    for outcome in draft.outcomes:
        if not judged(outcome):
            draft.notes.append(f"{outcome}: more is taken to be better.")
    paired = "All points share their chance, so differences between them are paired"
    once = "each ran once, so intervals hold the points drawn, not what other chance would change"
    draft.notes.append(f"{paired}; {once if draft.frame['replication'].nunique() < 2 else 'intervals hold 90%'}.")


def _base(draft: Draft, versus: str | None) -> None:
    """Find what policies are compared with, and run it where it is not in the sweep."""
    reading = draft.reading
    if reading.policy == [SCENARIO]:
        inside = list(reading.points[SCENARIO].unique())
        head = toml(reading.manifest["study"]).get("study")
        stated = str(head.get("base")) if isinstance(head, dict) else ""
        draft.base = versus or (stated if stated in inside else str(inside[0]))
        if draft.base in inside:
            return
    if versus:
        draft.base = versus
        draft.base_frame = base_runs(reading, versus, draft.columns)
