"""The desk: answers what-ifs, keeping what was simulated so that it is not simulated again.

A base is simulated once and shared by all who ask; the same question asked twice at once is one
question. What is kept is bounded in bytes, the least recently used going first.
"""

import asyncio
import threading
from collections import OrderedDict
from concurrent.futures import Future
from itertools import pairwise
from typing import Any

from hedgerow.app.jobs import Scheduler
from hedgerow.app.lab import work
from hedgerow.app.lab.answer import Answer
from hedgerow.app.lab.pair import Pair, resolve
from hedgerow.app.lab.whatif import WhatIf
from hedgerow.app.settings import Limits
from hedgerow.runs.identity import digest, resolved
from hedgerow.runs.posterior import entry, policy
from hedgerow.runs.trace import Trace, join
from hedgerow.scenario.schema import Scenario

KEPT = 300_000_000
"""Bytes of traces kept."""
ANSWERS = 32
"""Answers kept: the statistics over traces, which are small."""


class Desk:
    """Whoever answers what-ifs.

    Parameters
    ----------
    scheduler : Scheduler
        Whoever has jobs done.
    limits : Limits
    """

    def __init__(self, scheduler: Scheduler, limits: Limits) -> None:
        self.scheduler, self.limits = scheduler, limits
        self._lock = threading.Lock()
        self._traces: OrderedDict[str, Trace] = OrderedDict()
        self._coming: dict[str, Future[Trace]] = {}
        self._answers: OrderedDict[tuple[str, ...], Answer] = OrderedDict()

    async def answer(self, client: str, chosen: WhatIf) -> Answer:
        """Return the answer to a what-if.

        Parameters
        ----------
        client : str
            Whoever asks.
        chosen : WhatIf

        Raises
        ------
        LinkError, ScenarioError
            If it cannot be asked so.
        Busy, Failed, Refused
            If it cannot be done.
        """
        pair = await asyncio.to_thread(resolve, chosen, self.limits)
        return await self.compare(client, pair, chosen.runs, chosen.seed)

    async def compare(self, client: str, pair: Pair, runs: int, seed: int) -> Answer:
        """Return two scenarios side by side."""
        variant, base = await asyncio.gather(
            self.trace(client, pair.variant, runs, seed, fixed=pair.fixed),
            self.trace(client, pair.base, runs, seed, fixed=pair.fixed),
        )
        names = (pair.variant.title, pair.base_name)
        key = (*(_key(s, runs, seed, fixed=pair.fixed) for s in (pair.variant, pair.base)), *names)
        with self._lock:
            found = self._answers.get(key)
        if found is None:
            found = Answer(pair, runs, seed, variant, base)
            await asyncio.to_thread(found.work_out_looks)
            with self._lock:
                self._answers[key] = found
                while len(self._answers) > ANSWERS:
                    self._answers.popitem(last=False)
        return found

    async def trace(self, client: str, scenario: Scenario, runs: int, seed: int, *, fixed: bool) -> Trace:
        """Return what runs of a scenario leave, simulated now or before."""
        key = _key(scenario, runs, seed, fixed=fixed)
        with self._lock:
            if key in self._traces:
                self._traces.move_to_end(key)
                return self._traces[key]
            coming = self._coming.get(key)
        if coming is None:
            coming = self._begin(key, client, scenario, runs, seed, fixed=fixed)
        # Others may wait for the same runs, so one who leaves does not call them off.
        return await asyncio.shield(asyncio.wrap_future(coming))

    def _begin(self, key: str, client: str, scenario: Scenario, runs: int, seed: int, *, fixed: bool) -> "Future[Trace]":
        count = min(self.scheduler.workers, runs)
        edges = [runs * i // count for i in range(count + 1)]
        whole: Future[Trace] = Future()
        parts = [
            self.scheduler.submit(client, work.simulate, scenario, range(a, b), seed, fixed=fixed)
            for a, b in pairwise(edges)
        ]
        with self._lock:
            self._coming[key] = whole
        left = [len(parts)]

        def over(_: Any) -> None:
            with self._lock:
                left[0] -= 1
                if left[0]:
                    return
            self._finish(key, whole, parts)

        for part in parts:
            part.add_done_callback(over)
        return whole

    def _finish(self, key: str, whole: "Future[Trace]", parts: "list[Future[Trace]]") -> None:
        try:
            trace = join([part.result() for part in parts])
        except BaseException as error:
            with self._lock:
                self._coming.pop(key, None)
            whole.set_exception(error)
            return
        with self._lock:
            self._coming.pop(key, None)
            self._traces[key] = trace
            while sum(t.size for t in self._traces.values()) > KEPT and len(self._traces) > 1:
                self._traces.popitem(last=False)
        whole.set_result(trace)


def _key(scenario: Scenario, runs: int, seed: int, *, fixed: bool) -> str:
    """Return the name of some runs; what a scenario is called in words does not matter."""
    content = resolved(scenario)
    prose = ("title", "question", "facts", "look_at", "surprise")
    rules = {k: v for k, v in content.items() if k not in prose}
    return digest(rules, runs, seed, entry(scenario, policy(fixed=fixed)))
