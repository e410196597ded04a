"""Where on a map of factors a policy begins, or ceases, to pay against a base."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd

from hedgerow.analysis.intervals import of_mean
from hedgerow.analysis.reading import DRAW, POLICY, WORLD, Reading, world_numbers, worlds
from hedgerow.runs.folder import FolderError
from hedgerow.runs.manifest import SCENARIO
from hedgerow.scenario.errors import ScenarioError
from hedgerow.scenario.load import load
from hedgerow.study import factors as places
from hedgerow.study.interop import listed_study
from hedgerow.study.sweep import sweep

BETTER, WORSE, UNCERTAIN = "better", "worse", "uncertain"


def effect_map(frame: pd.DataFrame, base: pd.DataFrame, factors: Sequence[str], outcome: str, better: int) -> pd.DataFrame:
    """Return, cell by cell of a grid, how an outcome differs from a base, and which way is sure.

    Parameters
    ----------
    frame : pandas.DataFrame
        Columns ``replication``, the factors and the outcome, a row a run.
    base : pandas.DataFrame
        The same for the base; of the factors it has those that it shares, and is the same for
        every value of the others.
    factors : sequence of str
        Axes of the map.
    outcome : str
    better : {1, -1}
        1 if more of the outcome is better, -1 if less is.

    Returns
    -------
    pandas.DataFrame
        A row a cell: the factors; the mean ``effect``, cell less base within replications, with its interval; and its
        ``sign``: ``better``, ``worse``, or ``uncertain`` where the interval spans zero or there is none.
    """
    shared = [f for f in factors if f in base.columns]
    keys = ["replication", *shared]
    joined = frame.merge(base[[*keys, outcome]], on=keys, suffixes=("", "_base"))
    if joined.empty:
        raise FolderError(f"no run of the base matches a run of the map in {', '.join(keys)}")
    joined["effect"] = joined[outcome] - joined[f"{outcome}_base"]
    rows = []
    for cell, runs in joined.groupby(list(factors), sort=True):
        values = runs.groupby("replication")["effect"].mean().to_numpy()
        low, high = (float(end) for end in of_mean(values))
        rows.append((outcome, *cell, float(values.mean()), low, high, _sign(low, high, better)))
    return pd.DataFrame(rows, columns=["outcome", *factors, "effect", "low", "high", "sign"])


def base_runs(reading: Reading, scenario: str, outcomes: Sequence[str]) -> pd.DataFrame:
    """Run a base at the worlds of a sweep, with its seed, months and replications.

    Parameters
    ----------
    reading : Reading
    scenario : str
        Name or path of the base.
    outcomes : sequence of str

    Returns
    -------
    pandas.DataFrame
        Columns ``point``, ``replication``, the factors that the base shares with the sweep, and
        the outcomes. Run ``k`` draws the chance of run ``k`` of the sweep.

    Raises
    ------
    ScenarioError
        If the base cannot be read, or differs from the sweep in length.
    FolderError
        If this version does not reproduce a run of the sweep, so that nothing would be paired.
    """
    about = reading.manifest
    head = {
        "replications": int(about["rounds"][-1]),
        "seed": int(about["seed"]),
        "months": _months(reading),
        "base": scenario,
        "outcomes": list(outcomes),
        "fixed": _fixed(reading),
    }
    plain = load(scenario, (), _months(reading))
    theirs = next(iter(reading.manifest["resolved"].values()))
    if plain.months != theirs["months"] or plain.start.isoformat() != str(theirs["start"]):
        words = f"runs {plain.months} months from {plain.start}, the sweep {theirs['months']}"
        raise ScenarioError(scenario, "", f"{words} from {theirs['start']}; give another base")
    _same_chance(reading, outcomes[0])
    others = [f for f in reading.factors if f not in reading.policy and f != SCENARIO]
    shared = [f for f in others if _has(plain, f)]
    cells = reading.points[shared].drop_duplicates() if shared else pd.DataFrame(index=[0])
    columns = {SCENARIO: [scenario] * len(cells), **{f: list(cells[f]) for f in shared}}
    study = listed_study(columns, head)
    # In this process: so few runs are not worth a new one.
    with TemporaryDirectory() as folder, ThreadPoolExecutor(1) as here:
        found = sweep(study, Path(folder) / "base", workers=1, executor=here).frame(outcomes)
    return found.drop(columns=[c for c in (SCENARIO,) if c in found])


def with_base(
    reading: Reading, frame: pd.DataFrame, outcomes: Sequence[str], name: str = "", base: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return outcomes by policy and world, with a base among the policies where there is one.

    Parameters
    ----------
    reading : Reading
    frame : pandas.DataFrame
        Runs, as :meth:`Reading.frame` gives them.
    outcomes : sequence of str
    name : str
        What the base is called.
    base : pandas.DataFrame, optional
        Runs of the base, from :func:`base_runs`. At worlds that differ only in factors it does
        not have, it is the same.
    """
    table = worlds(reading, frame, outcomes)
    if base is None:
        return table
    others = [f for f in reading.factors if f not in reading.policy]
    cells = reading.points[others].assign(**{WORLD: world_numbers(reading)}).drop_duplicates(WORLD)
    shared = [f for f in others if f in base.columns]
    runs = cells.merge(base, on=shared) if shared else cells.merge(base, how="cross")
    runs = runs.rename(columns={"replication": DRAW})
    if (table[WORLD] == table[DRAW]).all() and table[WORLD].nunique() > 1:
        runs = runs.groupby(WORLD)[list(outcomes)].mean().reset_index()
        runs[DRAW] = runs[WORLD]
    runs[POLICY] = name
    both = pd.concat([runs[list(table.columns)], table], ignore_index=True)
    size = both.groupby([WORLD, DRAW])[POLICY].transform("size")
    return both[size == both[POLICY].nunique()].reset_index(drop=True)


def _same_chance(reading: Reading, outcome: str) -> None:
    """Repeat one run of the sweep, and raise where it comes out otherwise."""
    run = reading.frame([outcome]).iloc[0]
    reading.results.replay(int(run["point"]), int(run["replication"]))


def _fixed(reading: Reading) -> bool:
    """Say whether the sweep kept the parameters, drawing none."""
    return "posterior" not in reading.manifest


def _months(reading: Reading) -> int:
    return int(next(iter(reading.manifest["resolved"].values()))["months"])


def _has(scenario: object, path: str) -> bool:
    try:
        places.place_of(scenario, path, "")  # type: ignore[arg-type]
    except ScenarioError:
        return False
    return True


def _sign(low: float, high: float, better: int) -> str:
    if np.isnan(low) or low <= 0 <= high:
        return UNCERTAIN
    return BETTER if (low > 0) == (better > 0) else WORSE
