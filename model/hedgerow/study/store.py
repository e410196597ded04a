"""The store of a sweep: a folder that no crash leaves in a state it cannot go on from.

``manifest.json`` says what is run by which code, ``points.parquet`` the design, ``parts`` the runs.
A part is written to another name, forced to disk and renamed, and only then entered with its
SHA-256 in ``journal.jsonl``; what the journal does not hold, or the disk does not give back as
entered, is run again.
"""

import hashlib
import json
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from hedgerow.disk import claim, whole
from hedgerow.disk.claim import LOCK, Claim
from hedgerow.disk.plain import visible
from hedgerow.runs import identity
from hedgerow.runs.folder import MANIFEST, FolderError, others, parquet, read_manifest, refuse_begun, take
from hedgerow.runs.manifest import SCENARIO, check

POINTS, PARTS, JOURNAL = "points.parquet", "parts", "journal.jsonl"
DESIGN = "points_sha256"
SWEEP = "sweep"
"""What the claim of a store says that it is."""
LINE, ODD = 10_000, 1_000
"""Most bytes of a line of the journal, and lines that are no entry after which no more is read."""
DAMAGED = "is damaged; start the sweep again, which redoes it"
ANOTHER = "no sweep of this version wrote it; give --out another folder"


class Entry(BaseModel):
    """A line of the journal: one finished part."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    chunk: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,100}$")]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    runs: Annotated[int, Field(ge=1, le=10**9)]
    failed: Annotated[int, Field(ge=0, le=10**9)]
    ended: float
    session: float
    code: str


class Store:
    """A folder of results of a sweep.

    Parameters
    ----------
    where : Path
    """

    def __init__(self, where: Path) -> None:
        self.where = where

    @property
    def manifest(self) -> dict[str, Any]:
        """What the store says of itself."""
        about = read_manifest(self.where)
        if about.get("kind") != "sweep":
            raise FolderError(f"{self.where}: holds results of another kind, not of a sweep")
        check(about, self.where, allow_mixed=True)
        return about

    def file(self, chunk: str) -> Path:
        """Return the file of a part."""
        return self.where / PARTS / f"{chunk}.parquet"

    @property
    def known(self) -> bool:
        """Whether the folder holds results."""
        return (self.where / MANIFEST).exists()

    @contextmanager
    def lock(self) -> Iterator[Claim]:
        """Hold the folder, which is made where there is none; in it, any process finds out who does.

        Raises
        ------
        FolderError
            If another process is at work there, it holds other files, or it cannot be written.
        """
        with ExitStack() as stack:
            held = take(stack, self.where / LOCK, self.where, "give --out another folder")
            self._admit(held)
            try:
                held.tell(SWEEP)
                (self.where / PARTS).mkdir(exist_ok=True)
                yield held
            finally:
                if not self.known:
                    self._undo()

    def _admit(self, held: Claim) -> None:
        """Make sure that the folder holds a sweep, or can."""
        names = others(path.name for path in self.where.iterdir())
        if self.known:
            return
        if names & {POINTS, JOURNAL} and any((self.where / PARTS).glob("*")):
            words = f"has lost its {MANIFEST}; put it back, or give --out another folder"
            raise FolderError(f"{self.where}: {words}")
        refuse_begun(self.where, held, SWEEP)
        if other := sorted(names - {PARTS, POINTS, JOURNAL}):
            words = f"holds other files, such as {other[0]}; give --out another folder"
            raise FolderError(f"{self.where}: {words}")

    def _undo(self) -> None:
        """Leave nothing of a sweep that could not begin."""
        with suppress(OSError):
            (self.where / POINTS).unlink(missing_ok=True)
            (self.where / PARTS).rmdir()

    def in_flight(self) -> int | None:
        """Return how many runs are being done, or None where no sweep is at work."""
        found = claim.at_work(self.where / LOCK)
        return None if found is None else found.runs

    def begin(self, manifest: dict[str, Any], points: pa.Table) -> dict[str, Any]:
        """Write the design and the manifest, and return the manifest as written."""
        about = {**manifest, DESIGN: self._write(self.where / POINTS, points)}
        self.rewrite(about)
        return about

    def rewrite(self, manifest: Mapping[str, Any]) -> None:
        """Write the manifest anew."""
        text = json.dumps(manifest, indent=1, ensure_ascii=False, default=str)
        _put(self.where / MANIFEST, text.encode())

    def points(self) -> pa.Table:
        """Return the design: ``point`` and a column a factor."""
        path = self.where / POINTS
        if not self._sound():
            raise FolderError(f"{path}: {DAMAGED}")
        return self._design(parquet(path))

    def _design(self, points: pa.Table) -> pa.Table:
        """Return a design that is as the manifest says; another would be run as if it were."""
        about, path = self.manifest, self.where / POINTS
        names = ["point", *about["factors"]]
        if points.column_names != names or len(points) != about["points"]:
            words = f"{len(points):,} points of {', '.join(points.column_names)}"
            raise FolderError(f"{path}: holds {visible(words):.300}, not what its {MANIFEST} says; {ANOTHER}")
        if points["point"].type != pa.int32() or not np.array_equal(points["point"], np.arange(len(points))):
            raise FolderError(f"{path}: does not number its points from 0; {ANOTHER}")
        empty = [name for name in names if points[name].null_count]
        if empty:
            raise FolderError(f"{path}: has no value of '{empty[0]}' for some points; {ANOTHER}")
        tables = [name for name, kind in zip(names, points.schema.types, strict=True) if not _is_value(kind)]
        if tables:
            raise FolderError(f"{path}: has tables for values of '{tables[0]}'; {ANOTHER}")
        bases = pc.unique(points[SCENARIO]).to_pylist() if SCENARIO in names else []
        if any(not isinstance(base, str) or base not in about["resolved"] for base in bases):
            raise FolderError(f"{path}: names a scenario that its {MANIFEST} does not hold; {ANOTHER}")
        return points

    def put(self, chunk: str, table: pa.Table, failed: int, session: float) -> Entry:
        """Keep a part, so that it outlives a crash from here on."""
        digest = self._write(self.file(chunk), table)
        code = identity.code_version()
        entry = Entry(
            chunk=chunk, sha256=digest, runs=table.num_rows, failed=failed, ended=time.time(), session=session, code=code
        )
        line = json.dumps(entry.model_dump()).encode() + b"\n"
        with (self.where / JOURNAL).open("ab") as journal:
            # A line that a crash has torn must not swallow the next.
            journal.write(b"\n" + line if journal.tell() else line)
            journal.flush()
            os.fsync(journal.fileno())
        return entry

    def journal(self) -> dict[str, Entry]:
        """Return what the journal says, the last line of each chunk, in order of time.

        A line that is no entry is as if it were not there: its part is run again.

        Raises
        ------
        FolderError
            If the journal cannot be read.
        """
        found: dict[str, Entry] = {}
        odd = 0
        for line in self._lines():
            try:
                entry = Entry.model_validate_json(line)
            except ValidationError:
                odd += 1
                if odd == ODD:
                    break
                continue
            found.pop(entry.chunk, None)
            found[entry.chunk] = entry
        return found

    def _lines(self) -> Iterator[bytes]:
        """Yield the lines of the journal, however long a damaged one is."""
        path = self.where / JOURNAL
        try:
            if path.exists() and not path.is_file():
                raise FolderError(f"{path}: is no file; put the journal back, or give --out another folder")
            with path.open("rb") as journal:
                while line := journal.readline(LINE):
                    if not line.isspace():
                        yield line
        except FileNotFoundError:
            return
        except OSError as error:
            raise FolderError(f"{path}: cannot be read: {error.strerror}") from None

    def mend(self, points: pa.Table) -> dict[str, Entry]:
        """Write anew what is damaged, as far as it is known, and return the good entries."""
        if not self._sound():
            self._write(self.where / POINTS, points)
        good = self.good()
        if len(good) < len(self.journal()):
            lines = (json.dumps(entry.model_dump()) + "\n" for entry in good.values())
            _put(self.where / JOURNAL, "".join(lines).encode())
        return good

    def good(self) -> dict[str, Entry]:
        """Return the entries whose parts the disk gives back as they were written."""
        return {c: e for c, e in self.journal().items() if _sha256(self.file(c)) == e.sha256}

    def _sound(self) -> bool:
        """Say whether the disk gives the design back as it was written."""
        found = _sha256(self.where / POINTS)
        return found is not None and found == self.manifest.get(DESIGN)

    def _write(self, path: Path, table: pa.Table) -> str:
        sink = pa.BufferOutputStream()
        pq.write_table(table, sink, compression="zstd")
        return _put(path, memoryview(sink.getvalue()))


def _put(path: Path, content: bytes | memoryview) -> str:
    """Write a file whole or not at all, force it to disk, and return its SHA-256."""
    whole.write(path, content, durable=True)
    return hashlib.sha256(content).hexdigest()


def _is_value(kind: pa.DataType) -> bool:
    """Say whether a column of a design holds what a scenario can be set to: numbers, texts, dates, lists of them."""
    while pa.types.is_list(kind):
        kind = kind.value_type
    return not pa.types.is_nested(kind)


def _sha256(path: Path) -> str | None:
    try:
        if not path.is_file():  # a pipe would wait for whoever writes to it
            return None
        with path.open("rb") as handle:
            return hashlib.file_digest(handle, "sha256").hexdigest()
    except OSError:
        return None
