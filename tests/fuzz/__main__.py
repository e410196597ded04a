"""The fuzzer's command line: ``python -m tests.fuzz --count 20000 --seed 1``."""

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from pathlib import Path

from tests.fuzz.cases import Cases
from tests.fuzz.crew import Crew, Limits
from tests.fuzz.findings import Findings
from tests.fuzz.kinds import KINDS
from tests.fuzz.kinds.base import ROOT, Kind

TELL = 5.0
"""Seconds between two lines of progress."""


def main() -> int:
    """Read cases, tell what they came to, and return the exit code: 1 where anything was found."""
    asked = _asked()
    with tempfile.TemporaryDirectory(prefix="fuzz-") as scratch:
        held = Path(scratch) / "held"
        held.mkdir()
        kinds: Sequence[type[Kind]] = KINDS
        if asked.kinds is not None:
            kinds = import_module(asked.kinds).KINDS
        else:
            subprocess.run([sys.executable, "-m", "tests.fuzz.seeds", str(held)], check=True, cwd=ROOT)
        cases = Cases(asked.seed, [kind(held) for kind in kinds])
        sound(cases, Path(scratch) / "good")
        crew = Crew(cases, Path(scratch), asked.workers, Limits(asked.seconds, asked.seconds, memory=asked.memory * 2**20))
        if asked.case is not None:
            return alone(crew, asked.case, asked.keep)
        return several(crew, Findings(cases, asked.keep), asked.count, asked.kind)


def _asked() -> argparse.Namespace:
    asked = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    asked.add_argument("--count", type=int, default=1000, help="how many cases")
    asked.add_argument("--seed", type=int, default=1, help="the same seed gives the same cases")
    asked.add_argument("--kind", default="", help="only cases of this kind")
    asked.add_argument("--case", type=int, help="read this one case, and say all about it")
    asked.add_argument("--workers", type=int, default=2, help="processes")
    asked.add_argument("--seconds", type=float, default=5.0, help="of processor, or of waiting, that a case may take")
    asked.add_argument("--memory", type=int, default=1024, help="MB that a case may take")
    asked.add_argument("--keep", type=Path, default=Path("results/fuzz"), help="where the inputs of findings go")
    asked.add_argument("--kinds", help="a module with KINDS to read instead")
    return asked.parse_args()


def sound(cases: Cases, where: Path) -> None:
    """Make sure that a good input of each kind is read; children are forked with all that it loaded."""
    for kind in cases.kinds:
        shutil.rmtree(where, ignore_errors=True)
        where.mkdir()
        how = kind.good(where)
        kind.read(where, how)


def several(crew: Crew, findings: Findings, count: int, only: str) -> int:
    """Read many cases."""
    shutil.rmtree(findings.keep, ignore_errors=True)
    began = told = time.monotonic()
    with suppress(KeyboardInterrupt):  # what has been found until then is told
        for result in crew.read(crew.cases.numbers(count, only)):
            findings.add(result)
            if time.monotonic() - told > TELL:
                told = time.monotonic()
                print(f"{findings.line()}; {findings.total / (told - began):.0f} a second", file=sys.stderr, flush=True)
    seconds = time.monotonic() - began
    print(findings.table())
    print(f"\nseed {crew.cases.seed}, {findings.line()}; {seconds:,.0f} s")
    if findings.groups:
        print(f"inputs in {findings.keep}; one again: python -m tests.fuzz --seed {crew.cases.seed} --case NUMBER")
    return 1 if findings.groups else 0


def alone(crew: Crew, number: int, keep: Path) -> int:
    """Read one case and tell all about it."""
    where = keep / f"case-{number}"
    shutil.rmtree(where, ignore_errors=True)
    where.mkdir(parents=True)
    kind, how = crew.cases.make(number, where)
    print(f"case {number} of seed {crew.cases.seed}: {kind.name}, in {where}, read as {str(how)[:2000]!a}")
    (result,) = crew.read(iter([number]))
    print(f"{result.verdict.word}, {result.seconds:.2f} s: {result.verdict.told}\n{result.verdict.trace}")
    return 1 if result.verdict.word == "finding" else 0


if __name__ == "__main__":
    sys.exit(main())
