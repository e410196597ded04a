"""The crew: processes that read cases, each ended where one takes too long or too much.

A case may hang, gorge itself or kill its process, so none is read in the process that counts them. Children are
forked from one that has imported everything and read a good input of every kind, so that a case costs what
reading costs.
"""

import faulthandler
import gc
import multiprocessing
import os
import resource
import shutil
import signal
import time
import traceback
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from pathlib import Path

from tests.fuzz import judge
from tests.fuzz.cases import Cases
from tests.fuzz.judge import Verdict

FORK = multiprocessing.get_context("fork")
LOOK = 0.05
"""Seconds between two looks at the processes."""
LIFE = 500
"""Cases after which a process makes way for a new one, as caches grow."""
TICK = os.sysconf("SC_CLK_TCK")
PAGE = resource.getpagesize()


@dataclass(frozen=True)
class Limits:
    """What one case may take.

    Attributes
    ----------
    busy : float
        Seconds of processor.
    idle : float
        Seconds of waiting for something that does not come.
    wall : float
        Seconds altogether, on a machine that others use too.
    memory : int
        Bytes that its process may grow by.
    """

    busy: float = 5.0
    idle: float = 5.0
    wall: float = 120.0
    memory: int = 2**30


@dataclass(frozen=True)
class Result:
    """What a case came to."""

    number: int
    kind: str
    verdict: Verdict
    seconds: float


@dataclass
class Reader:
    """A process that reads cases, and what it is at."""

    process: multiprocessing.process.BaseProcess
    line: Connection
    trace: Path
    number: int | None = None
    made: bool = False
    done: int = 0
    began: float = 0.0
    used: float = 0.0
    moved: tuple[float, float] = (0.0, 0.0)
    held: int = 0

    def start(self, number: int) -> None:
        """Give it a case."""
        self.number, self.made, self.done = number, False, self.done + 1
        self._clock()
        self.line.send(number)

    def begin(self) -> None:
        """Note that the input is made and its reading begins."""
        self.made = True
        self._clock()

    def _clock(self) -> None:
        self.began = time.monotonic()
        self.used, self.held = self._processor(), self._resident()
        self.moved = self.used, self.began

    def _processor(self) -> float:
        with suppress(OSError, IndexError):
            words = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
            return (int(words[11]) + int(words[12])) / TICK
        return self.used

    def _ready(self) -> bool:
        """Say whether it would go on, had others not the processors, or waits for a disk."""
        for thread in Path(f"/proc/{self.process.pid}/task").glob("*/stat"):
            with suppress(OSError, IndexError):
                if thread.read_text().rpartition(")")[2].split()[0] in "RD":
                    return True
        return False

    def _resident(self) -> int:
        with suppress(OSError, IndexError, ValueError):
            return int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1]) * PAGE
        return self.held

    def fault(self, limits: Limits) -> str:
        """Return which limit it is over; blank if none."""
        now, used = time.monotonic(), self._processor()
        if used > self.moved[0] or self._ready():
            self.moved = used, now
        if used - self.used > limits.busy:
            return f"takes too long: over {limits.busy:g} s of processor"
        if now - self.moved[1] > limits.idle:
            return f"hangs: {limits.idle:g} s without doing anything"
        if now - self.began > limits.wall:
            return f"takes too long: over {limits.wall:g} s"
        if self._resident() - self.held > limits.memory:
            return f"takes too much: over {limits.memory / 2**20:,.0f} MB"
        return ""

    def end(self) -> str:
        """End the process and whatever it started; return where it was."""
        pid = self.process.pid or 0
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGUSR1)
            time.sleep(0.2)
        with suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)
        self.process.join()
        self.line.close()
        return self.trace.read_text(errors="replace") if self.trace.exists() else ""


@dataclass
class Crew:
    """Processes that read cases side by side.

    Attributes
    ----------
    cases : Cases
    scratch : Path
        Where they put their inputs.
    workers : int
    limits : Limits
    """

    cases: Cases
    scratch: Path
    workers: int = 2
    limits: Limits = field(default_factory=Limits)
    _readers: list[Reader] = field(default_factory=list)
    _hired: int = 0

    def read(self, numbers: Iterator[int]) -> Iterator[Result]:
        """Read cases and yield what each came to, as they are done.

        Whatever had to be ended is read once more by a fresh process; only what is ended twice is a finding.
        """
        again, tried = deque[int](), set[int]()
        try:
            while True:
                self._hand_out(numbers, again)
                if not self._readers:
                    return
                ready = wait([r.line for r in self._readers], LOOK)
                for reader in list(self._readers):
                    result = self._hear(reader) if reader.line in ready else self._look(reader)
                    if result is None:
                        continue
                    if result.verdict.group[0] in ENDED and result.number not in tried:
                        tried.add(result.number)
                        again.append(result.number)
                        continue
                    yield result
        finally:
            for reader in self._readers:
                reader.end()
            self._readers.clear()

    def _hand_out(self, numbers: Iterator[int], again: deque[int]) -> None:
        for reader in [r for r in self._readers if r.number is None]:
            if reader.done >= LIFE or again:
                self._let_go(reader)
            elif (number := next(numbers, None)) is not None:
                reader.start(number)
            else:
                self._let_go(reader)
        while len(self._readers) < self.workers:
            number = again.popleft() if again else next(numbers, None)
            if number is None:
                return
            self._hire().start(number)

    def _hire(self) -> Reader:
        here, there = FORK.Pipe()
        self._hired += 1
        where = self.scratch / f"reader-{self._hired}"
        process = FORK.Process(target=_serve, args=(there, here, self.cases, where, self.limits), daemon=False)
        gc.collect()
        process.start()
        there.close()
        reader = Reader(process, here, where / "trace")
        self._readers.append(reader)
        return reader

    def _let_go(self, reader: Reader) -> None:
        self._readers.remove(reader)
        with suppress(OSError):
            reader.line.send(None)
        reader.process.join(5.0)
        reader.end()
        shutil.rmtree(reader.trace.parent, ignore_errors=True)

    def _hear(self, reader: Reader) -> Result | None:
        try:
            told = reader.line.recv()
        except (EOFError, OSError):
            return self._lost(reader, "dies: its process ended")
        if told is None:
            reader.begin()
            return None
        assert reader.number is not None
        result = Result(reader.number, self._kind(reader.number), told, time.monotonic() - reader.began)
        reader.number = None
        return result

    def _look(self, reader: Reader) -> Result | None:
        fault = reader.fault(self.limits) if reader.number is not None else ""
        return self._lost(reader, fault) if fault else None

    def _lost(self, reader: Reader, why: str) -> Result:
        assert reader.number is not None
        self._readers.remove(reader)
        why = why if reader.made else f"{UNMADE}: {why}"
        trace = reader.end()
        shutil.rmtree(reader.trace.parent, ignore_errors=True)
        return Result(reader.number, self._kind(reader.number), judge.killed(why, trace), time.monotonic() - reader.began)

    def _kind(self, number: int) -> str:
        return self.cases.kind(number)[0].name


UNMADE = "is not even made"
ENDED = ("takes too long", "takes too much", "hangs", "dies", UNMADE)
"""How the findings begin for which a process had to be ended, or ended; and of those, what is the fuzzer's own fault."""


def _serve(line: Connection, other: Connection, cases: Cases, where: Path, limits: Limits) -> None:
    """Read the cases that come down the line, until none comes."""
    other.close()
    os.setpgid(0, 0)
    where.mkdir(parents=True)
    with (where / "trace").open("w") as trace:
        faulthandler.register(signal.SIGUSR1, trace)
        faulthandler.enable(trace)
        _quiet()
        _bounded(limits)
        while (number := line.recv()) is not None:
            line.send(_read(line, cases, number, where / "case", limits))
    os._exit(0)


def _quiet() -> None:
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nothing, stream)


def _bounded(limits: Limits) -> None:
    """Let the kernel stop what no look would be quick enough for."""
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    for what, most in ((resource.RLIMIT_AS, pages * PAGE + 6 * limits.memory), (resource.RLIMIT_CORE, 0)):
        resource.setrlimit(what, (most, most))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits.memory, limits.memory))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)


def _read(line: Connection, cases: Cases, number: int, where: Path, limits: Limits) -> Verdict:
    shutil.rmtree(where, ignore_errors=True)
    where.mkdir()
    try:
        kind, how = cases.make(number, where)
    except Exception as error:
        return judge.killed(f"{UNMADE}: {error!r}", traceback.format_exc())
    line.send(None)
    before = _highest(anew=True)
    verdict = judge.judged(lambda: kind.read(where, how), where if kind.left else None)
    if _highest() - before > limits.memory:
        return judge.killed(f"takes too much: over {limits.memory / 2**20:,.0f} MB", "")
    return verdict


def _highest(*, anew: bool = False) -> int:
    """Return the most memory that this process has held, or let it be counted anew from here."""
    if anew:
        with suppress(OSError):
            Path("/proc/self/clear_refs").write_text("5")
    for row in Path("/proc/self/status").read_text().splitlines():
        if row.startswith("VmHWM"):
            return int(row.split()[1]) * 1024
    return 0
