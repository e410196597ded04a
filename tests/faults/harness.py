"""Real sweeps in real processes, to be killed at will."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import Future
from pathlib import Path

import pytest

from hedgerow.study.results import Results, open_
from hedgerow.study.sweep import status
from tests.faults import poison

STARTED: list[subprocess.Popen] = []
KILLS = {"worker": 8, "parent": 5, "dask worker": 4, "dask scheduler": 3}
"""How many of each are killed, at moments drawn from a fixed seed."""
ROOT = Path(__file__).parents[2]
COMMAND = """
import signal
from hedgerow.cli import main
signal.signal(signal.SIGINT, signal.default_int_handler)
main()
"""
"""The command line; whoever runs the tests in the background has Ctrl-C ignored."""
PAUSE = 0.25
"""Seconds that a chunk takes, so that a kill may fall anywhere in it."""
CHUNK = 64
VALUES = [1.0, 1.5, 2.0, 2.5]
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
all = "poison-{rule}"
"""


class AtOnce:
    """An executor that does the work where it is asked to."""

    def submit(self, function, *given):
        future: Future = Future()
        future.set_result(function(*given))
        return future


def offer(folder: Path) -> Path:
    """Make the poisoned rules an installed package; return the folder to find it in."""
    here = folder / "site"
    info = here / "poison-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: poison\nVersion: 1.0\n")
    lines = [f"poison-{name} = poison:{name}" for name in ("respond", "slow")]
    (info / "entry_points.txt").write_text("[hedgerow.rules]\n" + "\n".join(lines) + "\n")
    (here / "poison.py").write_text((Path(__file__).parent / "poison.py").read_text())
    return here


def seeing(*folders: Path, log: Path | None = None) -> dict[str, str]:
    """Return an environment that finds packages in folders, and whose slow rule is slow."""
    paths = [*map(str, folders), *filter(None, [os.environ.get("PYTHONPATH")])]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(paths), poison.PAUSE: str(PAUSE)}
    return env | ({poison.LOG: str(log)} if log else {})


def write(folder: Path, rule: str, *, values: list[float], replications: int, limit: float = 60) -> Path:
    """Write a small study of a scenario with a rule of its own."""
    base = folder / "base.toml"
    base.write_text(BASE.format(rule=rule))
    path = folder / "study.toml"
    text = STUDY.format(base=base, replications=replications, values=values, limit=limit)
    path.write_text(text)
    return path


def start(study: Path, out: Path, env: dict[str, str], *words: str) -> subprocess.Popen:
    """Start a sweep in a process group of its own."""
    order = ["sweep", str(study), "--out", str(out), *(words or ("--workers", "2"))]
    return command(*order, env=env)


def command(*words: str, env: dict[str, str]) -> subprocess.Popen:
    """Start a command in a process group of its own, which does not outlive the test."""
    process = subprocess.Popen(
        [sys.executable, "-c", COMMAND, *words, "--json"],
        env=env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        cwd=ROOT,
    )
    STARTED.append(process)
    return process


def finish(study: Path, out: Path, env: dict[str, str]) -> Results:
    """Run a sweep to its end and open what it left."""
    return ended(start(study, out, env), out)


def ended(sweep: subprocess.Popen, out: Path) -> Results:
    """Wait for the good end of a sweep and open what it left."""
    _, told = sweep.communicate(timeout=180)
    assert sweep.returncode == 0, told
    return open_(out)


def until(test, seconds: float = 180.0) -> None:
    """Wait for something to come true."""
    end = time.monotonic() + seconds
    while not test():
        if time.monotonic() > end:
            pytest.fail("did not happen in time")
        time.sleep(0.05)


def done(out: Path) -> int:
    """Return how many runs a store holds."""
    return status(out).done if (out / "manifest.json").exists() else 0


def active(out: Path) -> bool:
    """Say whether a sweep is at work on a store."""
    return (out / "manifest.json").exists() and status(out).active


def entries(out: Path) -> Counter[str]:
    """Return how often each chunk was finished and entered in the journal."""
    lines = (out / "journal.jsonl").read_text().splitlines()
    return Counter(json.loads(line)["chunk"] for line in lines if line)


def begun(log: Path) -> int:
    """Return how many runs were begun, again or not."""
    return sum(map(int, log.read_text().split()))


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


def gone(processes: list[int]) -> bool:
    """Say whether processes have ended."""
    return not any(Path(f"/proc/{process}/cmdline").exists() for process in processes)


def kill(process: int) -> bool:
    """End a process as the kernel does when memory is out; say whether it was there."""
    try:
        os.kill(process, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True


def copy(folder: Path) -> Path:
    """Copy the package, to be changed; return the folder to find it in."""
    ignore = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "model" / "hedgerow", folder / "model" / "hedgerow", ignore=ignore)
    return folder / "model"


def change(model: Path) -> None:
    """Give a copy of the package another version of the code."""
    with (model / "hedgerow" / "runs" / "run.py").open("a") as file:
        file.write("# changed\n")


def ruin(model: Path) -> None:
    """Make a copy of the package one that cannot be loaded."""
    (model / "hedgerow" / "__init__.py").write_text("raise ImportError\n")
