"""A results folder: Parquet tables, pictures and a manifest, made by one process and whole or not at all.

``lock.json`` comes first and says who makes what; the manifest comes last, so that a folder with one is whole
and a folder without one is unfinished. To write results of another kind, :func:`hold` their folder.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from hedgerow.disk import claim, faults, reading, whole
from hedgerow.disk.claim import BESIDE, LOCK, Claim
from hedgerow.disk.plain import visible
from hedgerow.disk.whole import PART
from hedgerow.runs.tables import Tables, plain

MANIFEST = "manifest.json"
LARGEST = 32_000_000
"""Most bytes of a manifest that is read."""
UNREADABLE = (pa.ArrowException, OSError, ValueError, TypeError, LookupError, AttributeError, OverflowError)
"""What reading a table ends in that is damaged, or of another shape than it says."""
LITTER = {"Thumbs.db", "desktop.ini"}
"""What file managers leave in any folder; so are names that begin with a dot."""
OURS = (".parquet", ".png", PART)
"""How the names end of what is written into a held folder."""


class FolderError(faults.UserError):
    """A folder that cannot take or give results; the message says which and why."""


class OccupiedError(FolderError):
    """A folder that holds something else, or is being written by another process."""


@dataclass(frozen=True)
class Held:
    """A folder that this process makes; it is whole when :func:`hold` ends well.

    Attributes
    ----------
    where : Path
    about : mapping
        Its manifest.
    """

    where: Path
    about: Mapping[str, Any]

    def write(self, parts: Iterable[Tables]) -> None:
        """Write tables batch by batch.

        Parameters
        ----------
        parts : iterable of mapping of str to pyarrow.Table
            What batches left, in order of runs; each is let go once written.
        """
        writers: dict[str, pq.ParquetWriter] = {}
        with ExitStack() as stack:
            for part in parts:
                for name, table in part.items():
                    text = plain(table)
                    if name not in writers:
                        path = stack.enter_context(whole.whole(self.where / f"{name}.parquet", durable=True))
                        words = [f.name for f in text.schema if f.type == pa.string()]
                        writer = pq.ParquetWriter(path, text.schema, compression="zstd", use_dictionary=words)
                        writers[name] = stack.enter_context(writer)
                    writers[name].write_table(text)

    def write_frames(self, frames: Mapping[str, pd.DataFrame]) -> None:
        """Write tables that are there at once."""
        for name, frame in frames.items():
            with whole.whole(self.where / f"{name}.parquet", durable=True) as path:
                pq.write_table(pa.Table.from_pandas(frame, preserve_index=False), path)


@contextmanager
def hold(folder: Path, about: Mapping[str, Any], *, numbered: bool = False, resumed: bool = False) -> Iterator[Held]:
    """Hold a folder while the results that its manifest tells of are made, and make it whole when all went well.

    Parameters
    ----------
    folder : Path
    about : mapping
        The manifest; its ``hash`` says which results they are.
    numbered : bool
        Whether ``folder-2``, ``folder-3``, ... will do, the first that takes them.
    resumed : bool
        Whether what an unfinished folder holds is kept and gone on with; else nothing of it is.

    Raises
    ------
    FolderError
        If it holds other results or other files, another process is at work in it, or it cannot be written;
        nothing of others is lost.
    """
    with ExitStack() as stack:
        where, held = _entered(stack, folder, about["hash"], numbered=numbered)
        names = {path.name for path in where.iterdir()}
        before = names if held.before is None or MANIFEST in names else set()
        stack.enter_context(_told(where, "what is finished is kept" if resumed else "nothing of it was kept"))
        try:
            held.tell(about["hash"])
            whole.clear(where)
            yield Held(where, about)
            text = json.dumps(about, indent=1, ensure_ascii=False)
            whole.write(where / MANIFEST, text.encode(), durable=True)
        except BaseException as error:
            held.kept = _unfinished_left(where, before, resumed=resumed)
            if isinstance(error, KeyboardInterrupt) and resumed:
                words = f"stopped; what is finished is kept in {where}; start again to go on"
                raise KeyboardInterrupt(words) from None
            raise


def _entered(stack: ExitStack, folder: Path, identity: str, *, numbered: bool) -> tuple[Path, Claim]:
    """Hold the folder, or the first numbered one that takes these results."""
    for tried in (folder, *(folder.with_name(f"{folder.name}-{n}") for n in range(2, 1000) if numbered)):
        try:
            return tried, stack.enter_context(_admitted(tried, identity))
        except OccupiedError:
            if not numbered:
                raise
    raise FolderError(f"{folder}: and 998 more are taken; give --out another folder")


@contextmanager
def _admitted(folder: Path, identity: str) -> Iterator[Claim]:
    """Hold a folder that can take these results, and lose nothing else."""
    with ExitStack() as stack:
        held = take(stack, folder / LOCK, folder, "give --out another folder")
        _admit(folder, identity, held, {path.name for path in folder.iterdir()})
        yield held


@contextmanager
def claimed(folder: Path, kinds: tuple[str, ...]) -> Iterator[None]:
    """Hold a folder without manifest, of files of some kinds that may be written anew.

    Raises
    ------
    FolderError
        If it holds other files, another process is at work in it, or it cannot be written.
    """
    with ExitStack() as stack:
        held = take(stack, folder / LOCK, folder, "give --out another folder")
        if other := sorted(n for n in others(path.name for path in folder.iterdir()) if not n.endswith(kinds)):
            raise OccupiedError(f"{folder}: holds other files, such as {other[0]}; give --out another folder")
        stack.enter_context(_told(folder, "it holds what it held before"))
        held.tell()
        whole.clear(folder)
        yield


@contextmanager
def claimed_file(path: Path) -> Iterator[None]:
    """Hold a file while what it is to hold is made.

    Raises
    ------
    FolderError
        If another process is writing it, or it cannot be written.
    """
    with ExitStack() as stack:
        if path.is_dir():
            raise FolderError(f"{path}: is a folder; give --out a file such as {path / 'brief.html'}")
        held = take(stack, path.with_name(path.name + BESIDE), path, "give --out another name")
        stack.enter_context(_told(path, "it is as it was"))
        held.tell()
        whole.clear(path.parent, path.name)
        yield


def take(stack: ExitStack, lock: Path, what: Path, else_: str) -> Claim:
    """Hold a claim, or say in the user's terms why not."""
    try:
        return stack.enter_context(claim.held(lock))
    except claim.TakenError as error:
        raise OccupiedError(f"{what}: {error}; wait for it, or {else_}") from None
    except FileExistsError:
        kind = OccupiedError if lock.parent == what else FolderError
        raise kind(f"{what}: is a file, or lies inside one; {else_}") from None
    except NotADirectoryError:
        raise FolderError(f"{what}: lies inside a file; {else_}") from None
    except OSError as error:
        wrong, helps = faults.fault(error)
        raise FolderError(f"{what}: cannot be written: {wrong}; {helps}") from error
    except ValueError:  # such as a zero byte, or half of a character
        raise FolderError(f"{str(what)!a}: is no name that a file can have; {else_}") from None


@contextmanager
def _told(what: Path, kept: str) -> Iterator[None]:
    """Say what was kept where the operating system ends the work."""
    try:
        yield
    except Exception as error:
        if not faults.expected(error):
            raise
        wrong, helps = faults.fault(error)
        at = getattr(error, "filename", None)
        elsewhere = isinstance(at, str | Path) and Path(at).parent not in (what, what.parent)
        words = f"{at}: {wrong}; {what}: {kept}" if elsewhere else f"{what}: {wrong}; {kept}"
        raise FolderError(f"{words}; {helps}") from error


def _admit(folder: Path, identity: str, held: Claim, names: set[str]) -> None:
    if MANIFEST in names:
        if read_manifest(folder).get("hash") != identity:
            raise OccupiedError(f"{folder}: already holds another run; give --out another folder")
        return
    refuse_begun(folder, held, identity)
    if held.before is None and (other := sorted(others(names))):
        raise OccupiedError(f"{folder}: holds other files, such as {other[0]}; give --out another folder")


def refuse_begun(folder: Path, held: Claim, identity: str) -> None:
    """Raise where a folder holds what somebody began and did not finish, unless that is what is to be made."""
    begun = held.before
    if begun is None or begun.identity in ("", identity):
        return
    by = f"`{begun.command}` began" if begun.command else "another run began"
    words = f"holds what {by} and did not finish; start that again, remove it, or give --out another folder"
    raise OccupiedError(f"{folder}: {words}")


def others(names: Iterable[str]) -> set[str]:
    """Return the names in a folder that somebody put there, not a file manager or a writer that was killed."""
    return {n for n in names if not (n.startswith(".") or n in LITTER or n == LOCK or n.endswith(PART))}


def _unfinished_left(where: Path, before: set[str], *, resumed: bool) -> bool:
    """Remove what was written into a held folder, unless it is to be gone on with; say whether something is left."""
    with suppress(OSError):
        whole.clear(where)
        new = [p for p in where.iterdir() if p.name not in before and p.name.endswith(OURS)]
        if resumed:
            return bool(new)
        for path in new:
            path.unlink()
        return False
    return True


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
        raise FolderError(f"{folder}: {unfinished(folder) or f'holds no results (no {MANIFEST})'}") from None
    except reading.UnreadableError as error:
        raise FolderError(f"{path}: cannot be read; is it a results folder? It {error.fault_at}") from None
    except OSError as error:
        raise FolderError(f"{path}: cannot be read: {error.strerror}") from None


def unfinished(folder: Path) -> str:
    """Say who makes the results of a folder, or began and did not finish; blank where nobody did."""
    if (folder / MANIFEST).exists():
        return ""
    now, begun = claim.at_work(folder / LOCK), claim.left(folder / LOCK)
    if now is not None:
        return f"is being made by {now}; wait until it is done"
    if begun is not None:
        again = f"start `{begun.command}` again" if begun.command else "start what began it again"
        return f"was begun and not finished; {again}"
    return "was begun and not finished; start what began it again" if any(folder.glob(f"*{PART}")) else ""


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
