"""The runner: gives chunks to workers, tries again what a crash lost, and keeps what is over."""

import os
import time
from collections import deque
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from hedgerow.core.numbers import IntArray
from hedgerow.disk.claim import Claim
from hedgerow.runs.threads import Progress
from hedgerow.scenario.rules import only_here
from hedgerow.study.chunks import Chunk, cut, task, unsettled
from hedgerow.study.plan import Study
from hedgerow.study.results import ERROR, KEYS, part_schema
from hedgerow.study.store import SWEEP, Store
from hedgerow.study.work import Answer, Task, failed, join, warm_up, work
from hedgerow.workers.executors import Borrowed, Here, result
from hedgerow.workers.pool import LateError, Pool
from hedgerow.workers.process import CallError

TRIES = 2
"""How often runs may lose their process before they are split, and a run alone given up."""
SPLIT = 8
TURN = 0.5
"""Seconds between two looks at what else there is to do."""


@dataclass
class Sweep:
    """A sweep at work."""

    store: Store
    study: Study
    about: dict[str, Any]
    lock: Claim
    progress: Progress
    workers: Executor | None = None
    at_once: int = 1
    chunks: dict[str, Chunk] = field(default_factory=dict)
    parts: dict[str, list[Answer]] = field(default_factory=dict)
    over: list[str] = field(default_factory=list)
    session: float = field(default_factory=time.time)

    def run(self, workers: int | None, executor: Executor | None) -> None:
        """Run round after round, each on the points that still need it."""
        active = np.arange(self.study.size)
        good = self.store.mend(self.study.table)
        first = 0
        try:
            for number, last in enumerate(self.about["rounds"]):
                if number and self.study.file.stop.outcome:
                    active = self._unsettled(active, list(self.chunks))
                found = cut(self.study, number, first, last, active)
                left = [c for c in found if c.name not in good]
                self.progress(sum(len(c) for c in found if c.name in good))
                if left and self.workers is None:
                    self.workers, self.at_once = self._hire(workers, executor, len(left))
                self.chunks |= {c.name: c for c in found}
                self._round(left)
                first = last
            self._settle()
        except KeyboardInterrupt:
            # It may have come when a part was written and not yet let go.
            written = self.store.journal()
            self.over = [name for name in self.over if name not in written]
            self._keep()
            raise
        finally:
            if self.workers is not None:
                self.workers.shutdown(cancel_futures=True)

    def _settle(self) -> None:
        """Say how many runs there were in the end, which a stop rule leaves open until then."""
        runs = sum(map(len, self.chunks.values()))
        if runs != self.about["runs"]:
            self.about["runs"] = runs
            self.store.rewrite(self.about)

    def _hire(self, workers: int | None, executor: Executor | None, tasks: int) -> tuple[Executor, int]:
        """Return whoever does tasks, and how many they are given at a time."""
        processors = os.cpu_count() or 1
        if executor is not None:
            known = getattr(executor, "_max_workers", None) or processors
            return Borrowed(executor), workers or 2 * known
        if any(only_here(s) for s in self.study.scenarios.values()):
            return Here(), 1
        processes = max(1, min(workers or processors, tasks))
        return Pool(processes, self.study.head.limit, partial(warm_up, fixed=self.study.head.fixed)), processes

    def _unsettled(self, active: IntArray, chunks: list[str]) -> IntArray:
        stop, schema = self.study.file.stop, part_schema(self.study.outcomes)
        done = [pq.read_table(self.store.file(c), schema=schema) for c in chunks]
        table = pa.concat_tables(done).select([*KEYS, stop.outcome]).to_pandas()
        return np.array(unsettled(stop, table.dropna(), active.tolist()), dtype=np.int64)

    def _round(self, left: list[Chunk]) -> None:
        waiting, again = deque(left), deque[Task]()
        flying: dict[Future[Answer], Task] = {}
        while waiting or again or flying:
            assert self.workers is not None
            while len(flying) < self.at_once and (waiting or again):
                one = again.popleft() if again else task(self.study, waiting.popleft())
                flying[self.workers.submit(work, one)] = one
            self.lock.tell(SWEEP, sum(map(len, flying.values())))
            # Written while the processes are busy with what they have just been given.
            self._keep()
            for future in wait(flying, TURN, FIRST_COMPLETED).done:
                again.extendleft(self._heard(flying.pop(future), future))
        self._keep()

    def _heard(self, one: Task, future: Future[Answer]) -> list[Task]:
        """Take an answer, or return what must be tried again."""
        try:
            return self._take(one, result(future))
        except CallError as error:
            tried = one.attempts + 1
            if tried < TRIES and not isinstance(error, LateError):
                return [replace(one, attempts=tried)]
            if len(one) > 1:
                return one.pieces(SPLIT)
            return self._take(one, failed(one, str(error)))

    def _take(self, one: Task, answer: Answer) -> list[Task]:
        parts = self.parts.setdefault(one.chunk, [])
        parts.append(answer)
        if sum(len(p.place) for p in parts) == len(self.chunks[one.chunk]):
            self.over.append(one.chunk)
        return []

    def _keep(self) -> None:
        """Write the chunks that are over."""
        while self.over:
            name = self.over[-1]
            chunk, answer = self.chunks[name], join(self.parts[name])
            table = self._table(chunk, answer)
            bad = sum(e is not None for e in answer.errors)
            self.store.put(name, table, bad, self.session)
            # Let go only now, as Ctrl-C may come at any moment and is followed by a last try.
            self.over.pop()
            del self.parts[name]
            self.progress(len(chunk))

    def _table(self, chunk: Chunk, answer: Answer) -> pa.Table:
        bad = [e is not None for e in answer.errors]
        outcomes = {name: pa.array(np.where(bad, np.nan, values), pa.float64()) for name, values in answer.outcomes.items()}
        keys = dict(zip(KEYS, (chunk.points, chunk.replications), strict=True))
        return pa.table({**keys, **outcomes, ERROR: answer.errors}, schema=part_schema(self.study.outcomes))
