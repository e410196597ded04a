"""Real sweeps in real processes, to be killed at will."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from hedgerow.study.sweep import status

ROOT = Path(__file__).parents[2]
CODE = """
import sys
from hedgerow.study.sweep import sweep
try:
    sweep(sys.argv[1], sys.argv[2], workers=int(sys.argv[3]))
except KeyboardInterrupt:
    sys.exit(130)
except ValueError as error:
    print(error, file=sys.stderr)
    sys.exit(2)
"""
STUDY = """
[study]
name = "faulty"
base = "{base}"
replications = {replications}
seed = 7
months = 2
outcomes = ["alignment_shift_CHN", "abuses"]
limit = {limit}
[design]
[design.factors]
"parameters.acceptance.gap" = {{ values = {values} }}
"""
BASE = """
extends = "baseline-2022-25"
[rules.respond]
all = "{rule}"
"""


def offer(folder: Path) -> dict[str, str]:
    """Make the poisoned rules an installed package; return the environment that sees it."""
    here = folder / "site"
    info = here / "poison-1.0.dist-info"
    info.mkdir(parents=True, exist_ok=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: poison\nVersion: 1.0\n")
    rules = ("respond", "spoil", "slow")
    lines = [f"poison-{name} = poison:{name}" for name in rules]
    (info / "entry_points.txt").write_text("[hedgerow.rules]\n" + "\n".join(lines) + "\n")
    (here / "poison.py").write_text((Path(__file__).parent / "poison.py").read_text())
    return {**os.environ, "PYTHONPATH": str(here)}


def write(folder: Path, rule: str = "", *, values: list[float], replications: int = 2,
          limit: float = 60) -> Path:  # fmt: skip
    """Write a small study, of a scenario with a rule of its own where one is named."""
    base = "baseline-2022-25"
    if rule:
        (folder / "base.toml").write_text(BASE.format(rule=f"poison-{rule}"))
        base = str(folder / "base.toml")
    path = folder / "study.toml"
    path.write_text(STUDY.format(base=base, replications=replications, values=values, limit=limit))
    return path


def start(study: Path, out: Path, env: dict[str, str] | None = None, workers: int = 2):
    """Start a sweep in a process group of its own."""
    return subprocess.Popen(
        [sys.executable, "-c", CODE, str(study), str(out), str(workers)],
        env=env, stderr=subprocess.PIPE, text=True, start_new_session=True, cwd=ROOT,
    )  # fmt: skip


def finish(study: Path, out: Path, env: dict[str, str] | None = None):
    """Run a sweep to its end and open what it left."""
    process = start(study, out, env)
    _, told = process.communicate(timeout=120)
    assert process.returncode == 0, told
    from hedgerow.study.results import open_

    return open_(out)


def until(test, seconds: float = 30.0) -> None:
    """Wait for something to come true."""
    end = time.monotonic() + seconds
    while not test():
        if time.monotonic() > end:
            pytest.fail("did not happen in time")
        time.sleep(0.01)


def begun(out: Path, runs: int = 1) -> bool:
    """Say whether a sweep has finished so many runs."""
    return (out / "manifest.json").exists() and status(out).done >= runs


def children(process: int) -> list[int]:
    """Return the workers of a sweep, not multiprocessing's tracker of resources."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            command = (entry / "cmdline").read_bytes()
        except OSError:
            continue
        if parent == process and b"spawn_main" in command:
            found.append(int(entry.name))
    return found


def kill(process: int) -> None:
    """End a process as the kernel does when memory is out."""
    os.kill(process, signal.SIGKILL)
