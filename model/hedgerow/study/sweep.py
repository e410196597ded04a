"""``hedgerow.sweep``: a study, run to its end however often it is interrupted."""

import errno
import json
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hedgerow.disk import faults, whole
from hedgerow.runs import identity, manifest
from hedgerow.runs.folder import MANIFEST, FolderError
from hedgerow.runs.posterior import policy
from hedgerow.runs.threads import Progress
from hedgerow.study.chunks import ends
from hedgerow.study.plan import Study, parse, read
from hedgerow.study.results import Results, open_
from hedgerow.study.runner import Sweep
from hedgerow.study.space import fits
from hedgerow.study.store import PARTS, Store
from hedgerow.workers.pool import PoolError

FULL = {errno.ENOSPC, errno.EDQUOT}
"""What a disk says that takes no more."""


class Stopped(KeyboardInterrupt):
    """Ctrl-C during a sweep; the message says what is kept."""


@dataclass(frozen=True)
class Status:
    """How far a sweep is.

    Attributes
    ----------
    total, done, failed, running : int
        Runs of the study at most, finished, finished by failing, and being done.
    active : bool
        Whether a sweep is at work.
    rate : float
        Runs a second since it was last started.
    seconds_left : float or None
        Time to the end at that rate; None where no sweep is at work or nothing is done yet.
    """

    total: int
    done: int
    failed: int
    running: int
    active: bool
    rate: float
    seconds_left: float | None

    def __str__(self) -> str:
        """Return it as a line for people."""
        words = f"{self.done:,} of {self.total:,} runs done, {self.failed:,} failed"
        if not self.active:
            return words + ("; finished" if self.done >= self.total else "; stopped")
        left = "" if self.seconds_left is None else f", {self.seconds_left / 60:,.0f} min left"
        return f"{words}, {self.running:,} running; {self.rate:,.1f} a second{left}"


def sweep(
    study: str | Path | Study,
    out: str | Path | None = None,
    *,
    workers: int | None = None,
    executor: Executor | None = None,
    allow_mixed: bool = False,
    progress: Progress | None = None,
) -> Results:
    """Run a study; started again with the same folder, it goes on where it stopped.

    Parameters
    ----------
    study : str, Path or Study
        Name of a shipped study, its folder or file, or one already read.
    out : str or Path, optional
        Results folder; ``results/<name of the study>`` by default.
    workers : int, optional
        Processes to share the work, or tasks that an executor is given at a time; as many as
        processors by default. They change speed, never a result.
    executor : concurrent.futures.Executor, optional
        Whoever does the work instead of new processes of this machine.
    allow_mixed : bool
        Whether to go on although code, packages or scenarios have changed.
    progress : callable, optional
        Called with the runs finished since the last call, those found in the store included.

    Returns
    -------
    Results

    Raises
    ------
    ScenarioError
        If the study cannot be read.
    FolderError
        If the folder cannot take the results, another sweep is at work in it, the disk is full,
        or the executor broke; what is finished is kept.
    Stopped
        On Ctrl-C; what is finished is kept.
    """
    where = Path(out) if out is not None else None
    chosen = study if isinstance(study, Study) else read(study, where)
    store = Store(where or Path("results") / chosen.head.name)
    with _told(store), store.lock() as lock:
        rounds = ends(chosen.file.stop, 0, chosen.head.replications)
        about = _same(store, chosen, allow_mixed) if store.known else store.begin(_manifest(chosen, rounds), chosen.table)
        _finish(Sweep(store, chosen, about, lock, progress or (lambda _: None)), workers, executor)
        return open_(store.where)


def extend(
    where: str | Path,
    *,
    replications: int,
    workers: int | None = None,
    executor: Executor | None = None,
    allow_mixed: bool = False,
    progress: Progress | None = None,
) -> Results:
    """Add replications to a store, and run them; see :func:`sweep`.

    Parameters
    ----------
    where : str or Path
        Folder that a sweep wrote.
    replications : int
        Replications of each point in the end, more than there are.
    """
    store = Store(Path(where))
    about = store.manifest
    chosen = parse(about["study"], Path(about["source"]), store.where, fixed="posterior" not in about)
    shape = chosen.size, replications, len(chosen.factors), len(chosen.outcomes)
    fits(*shape, source=chosen.source, out=where)
    with _told(store), store.lock() as lock:
        about = _same(store, chosen, allow_mixed)
        last = about["rounds"][-1]
        if replications < last:
            words = f"already has {last} replications, more than {replications}"
            raise FolderError(f"{where}: {words}")
        if replications > last:
            about |= _manifest(chosen, [*about["rounds"], *ends(chosen.file.stop, last, replications)])
            store.rewrite(about)
        _finish(Sweep(store, chosen, about, lock, progress or (lambda _: None)), workers, executor)
        return open_(where)


def planned(where: str | Path, replications: int) -> int:
    """Return how many runs a store has once it has so many replications."""
    return int(Store(Path(where)).manifest["points"]) * replications


def status(where: str | Path) -> Status:
    """Return how far a sweep is, while it runs or after.

    Raises
    ------
    FolderError
        If the folder holds no sweep.
    """
    store = Store(Path(where))
    total, entries = store.manifest["runs"], list(store.journal().values())
    running = store.in_flight()
    done = sum(e.runs for e in entries)
    last = [e for e in entries if e.session == entries[-1].session]
    seconds = last[-1].ended - last[-1].session if last else 0.0
    rate = sum(e.runs for e in last) / seconds if seconds > 0 else 0.0
    left = (total - done) / rate if rate and running is not None else None
    return Status(total, done, sum(e.failed for e in entries), running or 0, running is not None, rate, left)


def _manifest(study: Study, rounds: Sequence[int]) -> dict[str, Any]:
    parts = {
        "name": study.head.name,
        "question": study.head.question,
        "source": study.source,
        "study": study.text,
        "runs": study.size * rounds[-1],
        "points": study.size,
        "rounds": list(rounds),
        "seed": study.head.seed,
        "outcomes": list(study.outcomes),
        "factors": [f.path for f in study.factors],
        "design": study.design_hash,
    }
    about = manifest.made("sweep", study.scenarios, policy(fixed=study.head.fixed), parts)
    return about | {"study_hash": study.hash}


def _same(store: Store, study: Study, allow_mixed: bool) -> dict[str, Any]:
    """Return the manifest, having made sure that the study can go on in the store."""
    about = store.manifest
    if about["design"] != study.design_hash:
        words = "holds another design, seed, months or outcomes; give --out another folder"
        raise FolderError(f"{store.where}: {words}")
    now = {"study": study.hash, "code": identity.code_version(), **_own(study), **identity.versions()}
    then = {"study": about["study_hash"], "code": about["code"], **about["own"], **about["versions"]}
    # Outcomes that a package has come to offer since are not this study's.
    now = {key: told for key, told in now.items() if key in then or not key.startswith("outcome ")}
    changed = [key for key in {**now, **about["own"]} if now.get(key) != then.get(key)]
    if not changed:
        return _mended(store, study, about)
    if not allow_mixed:
        shown = "; ".join(f"{k}: {_short(then.get(k))} then, {_short(now.get(k))} now" for k in changed)
        words = "give --out another folder, or --allow-mixed to go on all the same"
        raise FolderError(f"{store.where}: was begun otherwise ({shown}); {words}")
    about.setdefault("mixed", []).append({key: [then.get(key), now.get(key)] for key in changed})
    about |= _manifest(study, about["rounds"])
    store.rewrite(about)
    return about


def _mended(store: Store, study: Study, about: dict[str, Any]) -> dict[str, Any]:
    """Return the manifest as this study has it, written anew where it says something else than its hashes."""
    rounds = ends(study.file.stop, 0, study.head.replications)
    if about["rounds"][: len(rounds)] != rounds:
        words = "has rounds that are not its study's, so it is damaged; give --out another folder"
        raise FolderError(f"{store.where / MANIFEST}: {words}")
    own = json.loads(json.dumps(_manifest(study, about["rounds"]), default=str))
    # A stop rule leaves open how many runs there are.
    other = {key: value for key, value in own.items() if key not in ("runs", "hash") and about.get(key) != value}
    if other:
        about |= other
        store.rewrite(about)
    return about


def _own(study: Study) -> dict[str, Any]:
    return {name: told for one in study.scenarios.values() for name, told in identity.own(one).items()}


def _short(told: Any) -> str:
    """Return a version, or the source and distribution of a rule, in a few letters."""
    return ", ".join(f"{value:.40}" for value in told.values()) if isinstance(told, dict) else f"{told!s:.40}"


def _finish(job: Sweep, workers: int | None, executor: Executor | None) -> None:
    for folder in (job.store.where, job.store.where / PARTS):
        whole.clear(folder)
    job.run(workers, executor)


@contextmanager
def _told(store: Store) -> Iterator[None]:
    """Say what is kept where a sweep ends before its time."""
    try:
        yield
    except KeyboardInterrupt:
        words = f"stopped; {_kept(store)} in {store.where}; start again to go on"
        raise Stopped(words) from None
    except PoolError as error:
        raise FolderError(f"{error}; what is finished is kept, start again to go on") from None
    except (OSError, MemoryError, RuntimeError) as error:
        if not faults.expected(error):
            raise
        wrong, helps = faults.fault(error)
        if faults.of_machine(error):
            wrong = f"cannot go on: {wrong}"
        elif faults.number(error) not in FULL:
            wrong, helps = f"cannot be written{' any more' * store.known}: {wrong}", "start again when it can"
        raise FolderError(f"{store.where}: {wrong}; {_kept(store)}; {helps}") from error


def _kept(store: Store) -> str:
    return f"{sum(e.runs for e in store.journal().values()):,} runs are kept"
