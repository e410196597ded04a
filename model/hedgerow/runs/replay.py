"""Replay: the runs of a results folder made again, and held against what the folder says.

A folder names all that its numbers depend on, so what it holds comes back to the last bit; where it does
not, the code, a package or the posterior is another, and the message says which.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from hedgerow.runs import folder, manifest
from hedgerow.runs.compare import COLUMNS, Comparison, side_by_side
from hedgerow.runs.folder import FolderError
from hedgerow.runs.posterior import policy
from hedgerow.runs.run import Run, opened, results

KINDS = ("run", "comparison")


def replay(where: str | Path) -> Run | Comparison:
    """Make the runs of a results folder again, and make sure that they come out as it says.

    Parameters
    ----------
    where : str or Path
        Folder that ``hedgerow run`` or ``hedgerow compare`` wrote.

    Raises
    ------
    FolderError
        If it holds other results, is of another version, or comes out otherwise.
    """
    path = Path(where)
    about = manifest.read(path)
    if about["kind"] not in KINDS:
        raise FolderError(f"{path}: holds a {about['kind']}; name a point and a replication, such as 0 0")
    if about["kind"] == "run":
        runs = opened(path, about).ensemble
        manifest.same_own(about, runs.scenario, path)
        found = results(runs, about["scenario"])
        for table in _known(path, found.tables):
            agree(folder.frame(path, table), found.table(table), about, path / table)
        return found
    names = [about["base"], *about["variants"]]
    scenarios = {name: manifest.scenario(about, name, path) for name in names}
    for one in scenarios.values():
        manifest.same_own(about, one, path)
    draws = policy(fixed="posterior" not in about)
    again = side_by_side(scenarios, int(about["runs"]), int(about["seed"]), draws)
    for table in _known(path, list(COLUMNS)):
        then, now = folder.frame(path, table), getattr(again, table)
        lacking = [name for name in now.columns if name not in then]
        if lacking or (then.empty and not now.empty):
            words = f"has no column '{lacking[0]}'" if lacking else "has no rows"
            raise FolderError(f"{path / table}.parquet: {words}; is it damaged?")
        if "outcome" in now:
            # Outcomes that have come since have no say.
            now = now[now["outcome"].isin(then["outcome"])].reset_index(drop=True)
        agree(then, now, about, path / table)
    return again


def tables(where: Path) -> list[str]:
    """Return the names of the tables of a results folder."""
    return sorted(path.stem for path in where.glob("*.parquet"))


def _known(where: Path, names: Sequence[str]) -> Sequence[str]:
    """Return the names of the tables that these results have, having made sure that there are no others."""
    other = sorted(set(tables(where)) - set(names))
    if other:
        raise FolderError(f"{where / other[0]}.parquet: is no table of these results; take it away")
    return names


def agree(then: pd.DataFrame, now: pd.DataFrame, about: Mapping[str, Any], where: Path) -> None:
    """Raise a :class:`FolderError` where numbers made again are not those on record, to the last bit."""
    now = _as_stored(now)
    other = [name for name in then.columns if name not in now or not then[name].equals(now[name])]
    if other:
        name = other[0]
        changed = manifest.differences(about, packages=True) or "the same code and packages; another processor?"
        changed += "; went on mixed" if about.get("mixed") else ""
        one, two = _first_apart(then[name], now[name]) if name in now else ("there", "missing")
        words = f"comes out otherwise in {len(other)} columns, such as {name} ({one} then, {two} now)"
        raise FolderError(f"{where}: {words}: {changed}; replay it with what made it")


def _as_stored(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table as a file gives it back, which knows fewer kinds of dates than memory does."""
    sink = pa.BufferOutputStream()
    pq.write_table(pa.Table.from_pandas(frame, preserve_index=False), sink)
    found: pd.DataFrame = pq.read_table(pa.BufferReader(sink.getvalue())).to_pandas()
    return found


def _first_apart(then: "pd.Series[Any]", now: "pd.Series[Any]") -> tuple[Any, Any]:
    """Return the first two values that differ, or how many there are of each."""
    apart = [(a, b) for a, b in zip(then, now, strict=False) if a != b and not (pd.isna(a) and pd.isna(b))]
    return apart[0] if apart else (f"{len(then)} rows", f"{len(now)} rows")
