"""A results folder: Parquet tables and a manifest, written whole or not at all."""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from hedgerow.disk import reading
from hedgerow.disk.plain import visible
from hedgerow.runs.tables import Tables, plain

MANIFEST = "manifest.json"
PART = ".part"
LARGEST = 32_000_000
"""Most bytes of a manifest that is read."""
UNREADABLE = (pa.ArrowException, OSError, ValueError, TypeError, LookupError, AttributeError, OverflowError)
"""What reading a table ends in that is damaged, or of another shape than it says."""


class FolderError(ValueError):
    """A folder that cannot take or give results; the message says which and why."""

    def __init__(self, message: str) -> None:
        super().__init__(visible(message))


def claim(folder: Path, identity: str) -> None:
    """Make sure a folder can take the results of this identity, and lose nothing else.

    Raises
    ------
    FolderError
        If it holds another run or other files, is a file, or cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        held = [p.name for p in folder.iterdir() if not p.name.endswith(PART)]
        probe = folder / f"probe{PART}"
        probe.write_bytes(b"")
        probe.unlink()
    except FileExistsError:
        raise FolderError(f"{folder}: is a file; give --out another folder") from None
    except NotADirectoryError:
        raise FolderError(f"{folder}: lies inside a file; give --out another folder") from None
    except OSError as error:
        raise FolderError(f"{folder}: cannot be written: {error.strerror}") from None
    if MANIFEST in held:
        if read_manifest(folder).get("hash") != identity:
            raise FolderError(f"{folder}: already holds another run; give --out another folder")
    elif held:
        raise FolderError(f"{folder}: holds other files, such as {sorted(held)[0]}; give --out another folder")


def free(folder: Path, identity: str) -> Path:
    """Return the folder, or ``folder-2``, ``folder-3``, ..., the first that takes these results."""
    for tried in _numbered(folder):
        try:
            claim(tried, identity)
        except FolderError as error:
            if "cannot be written" in str(error) or "lies inside" in str(error):
                raise
            continue
        return tried
    raise FolderError(f"{folder}: and 999 more are taken; give --out another folder")


def unused(folder: Path) -> Path:
    """Return the folder, or ``folder-2``, ``folder-3``, ..., the first that is not there."""
    return next(tried for tried in _numbered(folder) if not tried.exists())


def _numbered(folder: Path) -> Iterator[Path]:
    yield folder
    yield from (folder.with_name(f"{folder.name}-{number}") for number in range(2, 1000))


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return what the manifest of a results folder says, whatever that is; see :func:`hedgerow.runs.manifest.read`.

    Raises
    ------
    FolderError
        If there is none, or it is no JSON object within limits.
    """
    path = folder / MANIFEST
    try:
        return reading.json_object(reading.text(path, LARGEST))
    except FileNotFoundError:
        raise FolderError(f"{folder}: holds no results (no {MANIFEST})") from None
    except reading.UnreadableError as error:
        raise FolderError(f"{path}: cannot be read; is it a results folder? It {error.fault_at}") from None
    except OSError as error:
        raise FolderError(f"{path}: cannot be read: {error.strerror}") from None


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """Give a temporary name to write to, which becomes the path only when all went well."""
    partial = path.with_name(path.name + PART)
    try:
        yield partial
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def write(folder: Path, parts: Iterable[Tables], manifest: dict[str, Any]) -> None:
    """Write tables batch by batch and, when all is there, the manifest.

    Parameters
    ----------
    folder : Path
        A claimed folder.
    parts : iterable of mapping of str to pyarrow.Table
        What batches left, in order of runs; each is let go once written.
    """
    writers: dict[str, pq.ParquetWriter] = {}
    try:
        for part in parts:
            for name, table in part.items():
                text = plain(table)
                if name not in writers:
                    words = [f.name for f in text.schema if f.type == pa.string()]
                    writers[name] = pq.ParquetWriter(
                        folder / f"{name}.parquet{PART}", text.schema, compression="zstd", use_dictionary=words
                    )
                writers[name].write_table(text)
        for name, writer in writers.items():
            writer.close()
            (folder / f"{name}.parquet{PART}").replace(folder / f"{name}.parquet")
        with whole(folder / MANIFEST) as path:
            path.write_text(json.dumps(manifest, indent=1, ensure_ascii=False), encoding="utf-8")
    finally:
        for name, writer in writers.items():
            writer.close()
            (folder / f"{name}.parquet{PART}").unlink(missing_ok=True)


def table(folder: Path, name: str, columns: list[str] | None = None) -> pa.Table:
    """Read one table of a results folder.

    Raises
    ------
    FolderError
        If there is none, it cannot be read, or it lacks a column.
    """
    return parquet(folder / f"{name}.parquet", columns)


def parquet(path: Path, columns: Sequence[str] | None = None, schema: pa.Schema | None = None) -> pa.Table:
    """Read a Parquet file, whole or some columns of it, of a schema where one is given; see :func:`table`."""
    if path.exists() and not path.is_file():
        raise FolderError(f"{path}: is no file")
    try:
        found = pq.ParquetFile(path).read(columns=None if columns is None else list(columns))
        lacking = [name for name in columns or (schema.names if schema else ()) if name not in found.column_names]
        if lacking:
            raise FolderError(f"{path}: has no column '{lacking[0]}'; is it damaged, or of another version?")
        if schema is not None:
            found = found.select(schema.names).cast(schema)
        found.validate()
    except FileNotFoundError:
        raise FolderError(f"{path}: no such table") from None
    except UNREADABLE as error:
        if isinstance(error, FolderError):
            raise
        raise FolderError(f"{path}: cannot be read; is it damaged? ({_first_line(error)})") from None
    return found


def frame(folder: Path, name: str, columns: list[str] | None = None) -> pd.DataFrame:
    """Read one table of a results folder as a DataFrame; see :func:`table`."""
    found = table(folder, name, columns)
    try:
        content: pd.DataFrame = found.to_pandas()
    except UNREADABLE as error:
        words = f"cannot be read; is it damaged? ({_first_line(error)})"
        raise FolderError(f"{folder / name}.parquet: {words}") from None
    return content


def _first_line(error: BaseException) -> str:
    return visible((str(error).splitlines() or [type(error).__name__])[0][:120])
