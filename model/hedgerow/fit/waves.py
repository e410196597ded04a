"""Waves of simulation: points chosen from what earlier waves taught, each kept as it is done.

A wave is cut into parts; a part is written whole or not at all and never run twice, so that a
calibration that is stopped goes on where it was. Where the next wave looks depends on stored parts
and the seed alone.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, wait
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from hedgerow.core.numbers import FloatArray
from hedgerow.disk.whole import whole
from hedgerow.fit.priors import Plan
from hedgerow.fit.simulate import simulate
from hedgerow.runs.ensemble import compile_rules
from hedgerow.runs.folder import FolderError, parquet
from hedgerow.runs.threads import Progress
from hedgerow.workers.pool import LostError, Pool, PoolError
from hedgerow.workers.process import CallError

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
        todo = [Part(plan, number, parts[i].start, cube[parts[i]], files[i]) for i in left]
        for finished in _work(todo, workers or os.cpu_count() or 1):
            told(finished)
        done.append(_read(plan, cube, files))
        yield done[-1]


@dataclass(frozen=True)
class Part:
    """A part of a wave: what to simulate and where to put it."""

    plan: Plan
    wave: int
    first: int
    cube: FloatArray
    file: Path


def work(part: Part) -> int:
    """Simulate a part, write it, and return its runs."""
    plan, runs = part.plan, len(part.cube)
    numbers = part.wave * plan.file.runs + part.first + np.arange(runs)
    settings = plan.prior.settings(part.cube)
    found = simulate(plan.scenario, settings, plan.file.seed, plan.targets, numbers.tolist())
    names = [t.name for t in plan.targets.targets]
    columns = dict(zip(plan.prior.paths, part.cube.T, strict=True))
    columns |= dict(zip(names, found.values.T, strict=True))
    with whole(part.file, durable=True) as path:
        pq.write_table(pa.table({"run": numbers, **columns}), path, compression="zstd")
    return runs


def _work(parts: Sequence[Part], workers: int) -> Iterator[int]:
    """Do parts, and yield the runs of each as it is over; a part whose process died is redone."""
    if workers == 1 or len(parts) < 2:
        yield from map(work, parts)
        return
    pool = Pool(min(workers, len(parts)), warm=compile_rules)
    try:
        running = {pool.submit(work, part): (part, 1) for part in parts}
        while running:
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                part, tried = running.pop(future)
                try:
                    yield future.result()
                except LostError:
                    if tried == TRIES:
                        raise PoolError("processes keep ending early") from None
                    running[pool.submit(work, part)] = part, tried + 1
    except (CallError, PoolError) as error:
        words = f"{error}; what is finished is kept, start again"
        raise FolderError(f"{parts[0].file.parent}: {words}") from error
    finally:
        pool.shutdown(cancel_futures=True)


def _read(plan: Plan, cube: FloatArray, files: Sequence[Path]) -> Wave:
    names = [t.name for t in plan.targets.targets]
    parts = [parquet(file, [*plan.prior.paths, *names]) for file in files]
    for file, part in zip(files, parts, strict=True):
        odd = [c for c in part.column_names if not pa.types.is_floating(part[c].type) or part[c].null_count]
        if odd:
            raise FolderError(f"{file}: '{odd[0]}' must hold numbers; is it damaged?")
    table = pa.concat_tables(parts)
    held = np.column_stack([table[p].to_numpy() for p in plan.prior.paths])
    if held.shape != cube.shape or not np.allclose(held, cube, atol=1e-9):
        words = "holds the waves of another calibration; give --out another folder"
        raise FolderError(f"{files[0].parent}: {words}")
    return Wave(held, np.column_stack([table[n].to_numpy() for n in names]))
