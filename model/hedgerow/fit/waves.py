"""Waves of simulation: points chosen from what earlier waves taught, each kept as it is done.

A wave is cut into parts; a part is written whole or not at all and never run twice, so that a
calibration that is stopped goes on where it was. Where the next wave looks depends on stored parts
and the seed alone.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from hedgerow.core.numbers import FloatArray
from hedgerow.fit.priors import Plan
from hedgerow.fit.simulate import simulate
from hedgerow.runs.folder import FolderError, whole
from hedgerow.runs.threads import Progress
from hedgerow.workers.crew import without_main

PART = 256
"""Runs of a part: some batches, so that a stop costs little."""
TRIES = 3
"""How often a part may lose its process before the calibration gives up."""
Chosen = Callable[[int, "list[Wave]"], FloatArray]


@dataclass(frozen=True)
class Wave:
    """Simulated points: places in the unit cube and what was counted there."""

    cube: FloatArray
    values: FloatArray


def run(
    plan: Plan, folder: Path, choose: Chosen, workers: int | None = None, progress: Progress | None = None
) -> Iterator[Wave]:
    """Yield the waves of a calibration, in order.

    Parameters
    ----------
    plan : Plan
    folder : Path
        Claimed folder; parts found in it are not run again.
    choose : callable
        Given the number of a wave and the waves before it, the points of the unit cube to visit.
    workers : int, optional
        Processes; one a core if none, and none but this one for 1.
    progress : callable, optional
        Called with the runs finished since the last call.
    """
    done: list[Wave] = []
    for number in range(plan.file.waves):
        cube = choose(number, done)
        parts = [slice(i, i + PART) for i in range(0, len(cube), PART)]
        files = [folder / f"wave-{number}-part-{i:04d}.parquet" for i in range(len(parts))]
        left = [i for i, file in enumerate(files) if not file.exists()]
        told = progress or (lambda _: None)
        told(sum(len(cube[p]) for i, p in enumerate(parts) if i not in left))
        jobs = {i: Job(plan, number, parts[i].start, cube[parts[i]], files[i]) for i in left}
        for finished in _work(jobs, workers or os.cpu_count() or 1):
            told(finished)
        done.append(_read(plan, cube, files))
        yield done[-1]


@dataclass(frozen=True)
class Job:
    """A part to simulate and where to put it."""

    plan: Plan
    wave: int
    first: int
    cube: FloatArray
    file: Path


def work(job: Job) -> int:
    """Simulate a part, write it, and return its runs."""
    plan, runs = job.plan, len(job.cube)
    numbers = job.wave * plan.file.runs + job.first + np.arange(runs)
    settings = plan.prior.settings(job.cube)
    found = simulate(plan.scenario, settings, plan.file.seed, plan.targets, numbers.tolist())
    names = [t.name for t in plan.targets.targets]
    columns = dict(zip(plan.prior.paths, job.cube.T, strict=True))
    columns |= dict(zip(names, found.values.T, strict=True))
    with whole(job.file) as path:
        pq.write_table(pa.table({"run": numbers, **columns}), path, compression="zstd")
    return runs


def _work(jobs: dict[int, Job], workers: int) -> Iterator[int]:
    """Do parts, and yield the runs of each as it is over; a part whose process died is redone."""
    if workers == 1 or len(jobs) < 2:
        yield from map(work, jobs.values())
        return
    tried = 0
    while jobs:
        try:
            yield from _pool(jobs, min(workers, len(jobs)))
        except BrokenProcessPool:
            tried += 1
            if tried == TRIES:
                words = "processes keep ending early; what is finished is kept, start again"
                raise FolderError(f"{next(iter(jobs.values())).file.parent}: {words}") from None


def _pool(jobs: dict[int, Job], workers: int) -> Iterator[int]:
    context = get_context("spawn")
    with without_main(), ProcessPoolExecutor(workers, mp_context=context) as pool:
        running: dict[Future[int], int] = {pool.submit(work, job): i for i, job in jobs.items()}
        try:
            while running:
                over, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in over:
                    runs = future.result()
                    del jobs[running.pop(future)]
                    yield runs
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _read(plan: Plan, cube: FloatArray, files: Sequence[Path]) -> Wave:
    names = [t.name for t in plan.targets.targets]
    try:
        table = pa.concat_tables([pq.read_table(file) for file in files])
    except (pa.ArrowInvalid, OSError):
        raise FolderError(f"{files[0].parent}: a part cannot be read; is it damaged?") from None
    held = np.column_stack([table[p].to_numpy() for p in plan.prior.paths])
    if held.shape != cube.shape or not np.allclose(held, cube, atol=1e-9):
        words = "holds the waves of another calibration; give --out another folder"
        raise FolderError(f"{files[0].parent}: {words}")
    return Wave(held, np.column_stack([table[n].to_numpy() for n in names]))
