"""``hedgerow.open``: the results of a sweep, read from its store when they are asked for."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from hedgerow.disk.plain import command, visible
from hedgerow.runs import folder
from hedgerow.runs import manifest as manifests
from hedgerow.runs.ensemble import Ensemble
from hedgerow.runs.folder import UNREADABLE, FolderError
from hedgerow.runs.posterior import policy
from hedgerow.runs.replay import agree
from hedgerow.runs.run import Run, about
from hedgerow.runs.run import results as run_of
from hedgerow.study.store import ANOTHER, DAMAGED, Store

KEYS = ("point", "replication")
ERROR, REPLAY = "error", "replay"


@dataclass(frozen=True)
class Results:
    """The results of a sweep.

    Attributes
    ----------
    where : Path
    manifest : dict
        Study, scenarios, versions and hash.
    points : pyarrow.Table
        The design: ``point`` and a column a factor.
    dataset : pyarrow.dataset.Dataset
        The runs: ``point``, ``replication``, outcomes and ``error``.
    """

    where: Path
    manifest: dict[str, Any] = field(repr=False)
    points: pa.Table = field(repr=False)
    dataset: Any = field(repr=False)

    @property
    def outcomes(self) -> list[str]:
        """Names of the outcomes that were kept."""
        return list(self.manifest["outcomes"])

    @property
    def factors(self) -> list[str]:
        """Paths of the factors."""
        return [name for name in self.points.column_names if name != "point"]

    def frame(self, outcomes: Sequence[str] | None = None) -> pd.DataFrame:
        """Return one row a run that went well: point, replication, factors and outcomes.

        Parameters
        ----------
        outcomes : sequence of str, optional
            The outcomes to read; all by default.
        """
        wanted = list(self.outcomes if outcomes is None else outcomes)
        for name in wanted:
            if name not in self.outcomes:
                raise FolderError(f"{self.where}: keeps no outcome '{name}'")
        found = self.rows(wanted)
        factors = self.points.select(self.factors).take(found["point"])
        columns = [*KEYS, *self.factors, *wanted]
        whole = {name: (found if name in found.column_names else factors)[name] for name in columns}
        table: pd.DataFrame = pa.table(whole).to_pandas()
        return table

    def failures(self) -> pd.DataFrame:
        """Return one row a run that failed: point, replication, error, and the command that repeats it."""
        found = self._sorted([*KEYS, ERROR], pc.field(ERROR).is_valid())
        table: pd.DataFrame = found.to_pandas()
        table[ERROR] = table[ERROR].map(visible)
        pairs = zip(table["point"], table["replication"], strict=True)
        return table.assign(**{REPLAY: [replay_command(self.where, int(p), int(r)) for p, r in pairs]})

    def replay(self, point: int, replication: int, out: str | Path | None = None, *, numbered: bool = False) -> Run:
        """Make one run again, with ledger, panel and explanations, its outcomes as stored to the last bit.

        Parameters
        ----------
        point, replication : int
            Which run.
        out : str or Path, optional
            Results folder to write; without one, tables stay in memory.
        numbered : bool
            Whether the folder with a number will do, where it is taken.

        Raises
        ------
        FolderError
            If there is no such run, or it comes out otherwise; the message says what differs.
        ScenarioError
            If a rule of its scenario is no longer installed. A run that failed fails as it did.
        """
        stored, ensemble = self._stored(point, replication), self.ensemble(point, [replication])
        if out is None:
            return self._again(ensemble, stored)
        with folder.hold(Path(out), about(ensemble, self.manifest["name"]), numbered=numbered) as held:
            return self._again(ensemble, stored).kept(held)

    def _again(self, ensemble: Ensemble, stored: pa.Table) -> Run:
        again = run_of(ensemble, self.manifest["name"])
        if stored[ERROR][0].as_py() is None:
            then = stored.select(self.outcomes).to_pandas()
            agree(then, again.outcomes[self.outcomes], self.manifest, self.where)
        return again

    def error(self, point: int, replication: int) -> str | None:
        """Return how a run failed, None where it went well."""
        told: str | None = self._stored(point, replication)[ERROR][0].as_py()
        return None if told is None else visible(told)

    def ensemble(self, point: int, replications: Sequence[int]) -> Ensemble:
        """Return replications of a point as the sweep ran them."""
        scenario = manifests.of_point(self.manifest, self.points, point, self.where)
        manifests.same_own(self.manifest, scenario, self.where)
        draws = policy(fixed="posterior" not in self.manifest)
        return Ensemble(scenario, list(replications), int(self.manifest["seed"]), draws)

    def _stored(self, point: int, replication: int) -> pa.Table:
        manifests.check(self.manifest, self.where, allow_mixed=True)
        where = (pc.field("point") == point) & (pc.field("replication") == replication)
        found = self._table(None, where)
        if not found.num_rows:
            points, last = len(self.points), self.manifest["rounds"][-1]
            words = f"points go from 0 to {points - 1} and replications from 0 to {last - 1}"
            fault = f"holds no run of point {point} and replication {replication}"
            raise FolderError(f"{self.where}: {fault}; {words}, of which {self.dataset.count_rows():,} runs are done")
        return found

    def sql(self, query: str) -> pd.DataFrame:
        """Answer a question in SQL over ``runs`` and ``points``, by DuckDB.

        ``runs`` has the columns of :meth:`frame` and ``error``; it may be larger than memory.
        """
        duckdb = _extra("duckdb", "sql")
        link = duckdb.connect()
        link.register("parts", self.dataset)
        link.register("points", self.points)
        link.execute("create view runs as select * from parts join points using (point)")
        table: pd.DataFrame = link.execute(query).df()
        return table

    def to_xarray(self) -> Any:
        """Return outcomes as an xarray dataset, ``(point, replication)``, factors as coordinates.

        Runs that failed, or that a stop rule spared, are not a number.
        """
        xarray = _extra("xarray", "xarray")
        table = self.frame().set_index(list(KEYS))[self.outcomes]
        points = self.points.to_pandas().set_index("point")
        found = xarray.Dataset.from_dataframe(table).reindex(point=points.index)
        return found.assign_coords({f: ("point", points[f].to_numpy()) for f in self.factors})

    def digest(self) -> str:
        """Return the SHA-256 of all outcomes, the same however the runs were shared out."""
        found = self._sorted([*KEYS, *self.outcomes], None)
        total = hashlib.sha256()
        for name in found.column_names:
            total.update(name.encode())
            total.update(np.ascontiguousarray(found[name].to_numpy()).tobytes())
        return total.hexdigest()

    def rows(self, outcomes: Sequence[str]) -> pa.Table:
        """Return outcomes of the runs that went well, in order of point and replication.

        Raises
        ------
        FolderError
            If a part cannot be read, or says that a run went well which gave no number.
        """
        found = self._sorted([*KEYS, *outcomes], pc.field(ERROR).is_null())
        points, numbers = (found[key].to_numpy() for key in KEYS)
        if ((points[1:] == points[:-1]) & (numbers[1:] == numbers[:-1])).any():
            raise FolderError(f"{self.where}: holds a run twice; {ANOTHER}")
        for name in outcomes:
            if not np.isfinite(found[name].to_numpy()).all():
                words = f"holds no finite '{name}' of a run that it says went well; {ANOTHER}"
                raise FolderError(f"{self.where}: {words}")
        return found

    def _sorted(self, columns: list[str], where: Any) -> pa.Table:
        return self._table(columns, where).sort_by([(key, "ascending") for key in KEYS])

    def _table(self, columns: list[str] | None, where: Any) -> pa.Table:
        try:
            return self.dataset.to_table(columns=columns, filter=where)
        except UNREADABLE as error:
            words = f"a part cannot be read ({visible(error):.200}); start the sweep again, which redoes it"
            raise FolderError(f"{self.where}: {words}") from None


def open_(where: str | Path) -> Results:
    """Return the results in a folder, finished or not.

    Parameters
    ----------
    where : str or Path
        Folder that a sweep wrote.

    Raises
    ------
    FolderError
        If it holds no sweep, or a part is damaged.
    """
    store = Store(Path(where))
    manifest, points = store.manifest, store.points()
    good, all_ = store.good(), store.journal()
    if len(good) < len(all_):
        chunk = next(c for c in all_ if c not in good)
        raise FolderError(f"{store.file(chunk)}: {DAMAGED}")
    schema = part_schema(manifest["outcomes"])
    for chunk, entry in good.items():
        _fits(store.file(chunk), entry.runs, schema, manifest)
    files = [str(store.file(chunk)) for chunk in sorted(good)]
    dataset = ds.dataset(files, schema=schema) if files else ds.dataset(schema.empty_table())
    return Results(Path(where), manifest, points, dataset)


def _fits(file: Path, runs: int, schema: pa.Schema, about: Mapping[str, Any]) -> None:
    """Raise where a part is not of this sweep's shape: other columns, or runs that it does not have."""
    try:
        with pq.ParquetFile(file) as part:
            held, rows = part.schema_arrow, part.metadata.num_rows
            keys = part.read(columns=list(KEYS))
    except UNREADABLE as error:
        raise FolderError(f"{file}: cannot be read ({visible(error):.200}); {ANOTHER}") from None
    for name, kind in zip(schema.names, schema.types, strict=True):
        at = held.get_field_index(name)  # -1 where it is lacking or there twice
        if at < 0 or held.types[at] != kind:
            raise FolderError(f"{file}: lacks '{name}' as {kind}; {ANOTHER}")
    for key, most in zip(KEYS, (about["points"], about["rounds"][-1]), strict=True):
        numbers = keys[key].to_numpy()
        if rows != runs or keys[key].null_count or numbers.min() < 0 or numbers.max() >= most:
            raise FolderError(f"{file}: holds runs that this sweep does not have; {ANOTHER}")


def replay_command(where: Path, point: int, replication: int) -> str:
    """Return the command that repeats one run of a store."""
    return command("replay", where, point, replication)


def part_schema(outcomes: Sequence[str]) -> pa.Schema:
    """Return the columns of a part."""
    keys = [(key, pa.int32()) for key in KEYS]
    return pa.schema([*keys, *((name, pa.float64()) for name in outcomes), (ERROR, pa.string())])


def _extra(package: str, extra: str) -> Any:
    if find_spec(package) is None:
        raise FolderError(f"this needs {package}: pip install 'hedgerow[{extra}]'")
    return import_module(package)


open = open_
"""The name it has as ``hedgerow.open``."""
