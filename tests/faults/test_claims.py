"""What is killed, stopped or refused while it writes leaves all or nothing; what overlaps keeps apart.

``HEDGEROW_KILLS`` and ``HEDGEROW_ROUNDS`` say how many times each is done; 100 and 50 take some hours.
"""

import errno
import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from hedgerow.study.sweep import sweep
from tests.faults import commands, harness
from tests.faults.commands import content, plain, told

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform != "linux", reason="forks, and sends signals")]
KILLS = int(os.environ.get("HEDGEROW_KILLS", "1"))
ROUNDS = int(os.environ.get("HEDGEROW_ROUNDS", "1"))
SMALL = ("--runs", "2", "--months", "2", "--fixed")
BASE, OFF = "baseline-2022-25", "leahy-off"
SWEPT = """
[study]
name = "small"
base = "baseline-2022-25"
replications = 2
months = 2
fixed = true
outcomes = ["alignment_shift_CHN", "abuses"]
[design.factors]
"parameters.acceptance.gap" = { values = [1.0, 2.0] }
"""
TARGETS = """
donor = "CHN"
source = "a paper"
[[targets]]
pattern = "C1"
statistic = "meetings_of_body"
of = "MPS"
value = 12
kind = "count"
error = { model = "exact" }
facts = ["B008"]
"""
CALIBRATION = """
name = "short"
scenario = "short"
targets = "targets.toml"
waves = 2
runs = 64
draws = 20
[[parameters]]
path = "donors.CHN.tiers.1.slots"
low = 0.05
high = 40.0
scale = "log"
"""


@dataclass(frozen=True)
class Case:
    """A command, the file or folder that it makes, and who reads that."""

    words: tuple[str, ...]
    makes: str
    readers: tuple[tuple[str, ...], ...] = ()
    before: Callable[[Path], None] | None = None


def old_page(cwd: Path) -> None:
    shutil.copy(cwd.parent / "old.html", cwd / "brief.html")


def studies(cwd: Path) -> None:
    for name in ("one", "two"):
        folder = cwd / "experiments" / name
        folder.mkdir(parents=True)
        (folder / "README.md").write_text("# One\n\n**Question.** Does it?\n\n**Finding.** It does.\n")
        (folder / "study.toml").write_text(SWEPT)


def calibration(cwd: Path) -> None:
    (cwd / "short.toml").write_text('extends = "baseline-2022-25"\ntitle = "short"\nmonths = 4\n')
    (cwd / "targets.toml").write_text(TARGETS)
    (cwd / "calibration.toml").write_text(CALIBRATION)


RESULTS = (("report", "o"), ("replay", "o"), ("run", "o"), ("status", "o"))
CASES = {
    "run": Case(("run", BASE, *SMALL, "--out", "o"), "o", RESULTS),
    "compare": Case(("compare", BASE, OFF, *SMALL, "--out", "o"), "o", RESULTS),
    "report": Case(("report", OFF, *SMALL, "--probes", "0"), "brief.html", (), old_page),
    "replay": Case(("replay", "../swept", "1", "0", "--out", "o"), "o", RESULTS),
    "analyse": Case(("analyse", "../swept", "--out", "o"), "o"),
    "calibrate": Case(("calibrate", "calibration.toml", "--workers", "1", "--out", "o"), "o", (), calibration),
    "gallery": Case(("gallery", "--results", "../results"), "experiments", (), studies),
    "new": Case(("scenario", "new", "mine.toml"), "mine.toml"),
}


@dataclass(frozen=True)
class Undisturbed:
    """A command that nothing disturbed: what was there, what it left, in how many operations and seconds."""

    case: Case
    before: dict[str, str]
    after: dict[str, str]
    operations: int
    seconds: float


@pytest.fixture(scope="module")
def ground(tmp_path_factory):
    """Give a folder with a finished sweep and an old page, which commands run in folders of."""
    folder = tmp_path_factory.mktemp("ground")
    (folder / "small.toml").write_text(SWEPT)
    sweep(folder / "small.toml", folder / "swept", executor=harness.AtOnce())
    (folder / "results").mkdir()
    shutil.copytree(folder / "swept", folder / "results" / "one")
    page = commands.run("report", BASE, *SMALL, "--probes", "0", "--out", "old.html", cwd=folder)
    assert page.code == 0, page.err
    return folder


def fresh(ground: Path, case: Case) -> Path:
    cwd = ground / f"cwd-{time.monotonic_ns()}"
    cwd.mkdir()
    if case.before:
        case.before(cwd)
    return cwd


def made(cwd: Path, case: Case) -> dict[str, str]:
    """Return what a command has made, and nothing of what it needs."""
    return {name: told for name, told in content(cwd).items() if name.startswith(case.makes)}


@pytest.fixture(scope="module")
def undisturbed(ground):
    known: dict[str, Undisturbed] = {}

    def find(name: str) -> Undisturbed:
        if name not in known:
            case = CASES[name]
            cwd = fresh(ground, case)
            before, began = made(cwd, case), time.monotonic()
            done = commands.run(*case.words, cwd=cwd)
            assert done.code == 0, done.err
            assert commands.left(cwd) == []
            known[name] = Undisturbed(case, before, made(cwd, case), done.operations, time.monotonic() - began)
            shutil.rmtree(cwd)
        return known[name]

    return find


def looks_whole(cwd: Path, usual: Undisturbed, moments: random.Random) -> bool:
    """Say whether what was made looks whole; where it does not, any reader must say that it is unfinished."""
    case, found = usual.case, made(cwd, usual.case)
    if (cwd / case.makes).is_file() or case.makes == "experiments":
        # Files by themselves: each is the old one, or the new one, and whole.
        for name, digest in found.items():
            if not name.endswith(commands.LOST):
                assert digest in (usual.before.get(name), usual.after.get(name)), name
        return all(found.get(name) == digest for name, digest in usual.after.items())
    if (cwd / "o" / "manifest.json").exists() or (found and not commands.left(cwd)):
        assert {n: d for n, d in found.items() if not n.endswith(commands.LOST)} == usual.after
        return True
    for reader in moments.sample(case.readers, min(1, len(case.readers))) if (cwd / "o").exists() else ():
        refused = commands.run(*reader, cwd=cwd)
        assert refused.code == 2, (reader, refused)
        assert plain(refused.err), refused.err
        if (cwd / "o" / "lock.json").exists() and (cwd / "o" / "lock.json").read_text():
            assert "was begun and not finished; start `hedgerow" in refused.err, refused.err
    return False


def goes_on(cwd: Path, usual: Undisturbed) -> None:
    """Make sure that the same command, once more, leaves what an undisturbed one does, and nothing else."""
    was = (cwd / usual.case.makes).exists()
    again = commands.run(*usual.case.words, cwd=cwd)
    if usual.case.words[0] == "scenario" and was:
        assert again.code == 2, again
        assert "exists already" in again.err
    else:
        assert again.code == 0, again.err
    found = made(cwd, usual.case)
    if usual.case.words[0] == "scenario":
        found = {n: d for n, d in found.items() if not n.endswith(".part")}
    assert found == usual.after


@pytest.mark.parametrize("name", CASES)
def test_killed_at_any_operation_it_is_whole_or_unfinished_and_goes_on(ground, undisturbed, name) -> None:
    usual, moments = undisturbed(name), random.Random(f"operation {name}")
    for _ in range(KILLS):
        cwd = fresh(ground, usual.case)
        killed = commands.run(*usual.case.words, cwd=cwd, upset=(moments.randint(1, usual.operations), signal.SIGKILL))
        assert killed.code == -signal.SIGKILL
        looks_whole(cwd, usual, moments)
        goes_on(cwd, usual)
        shutil.rmtree(cwd)


@pytest.mark.skipif(KILLS == 1, reason="the long form")
@pytest.mark.parametrize("name", CASES)
def test_killed_at_any_moment_it_is_whole_or_unfinished_and_goes_on(ground, undisturbed, name) -> None:
    usual, moments = undisturbed(name), random.Random(f"moment {name}")
    for _ in range(KILLS):
        cwd = fresh(ground, usual.case)
        running = commands.start(*usual.case.words, cwd=cwd)
        time.sleep(moments.uniform(0.0, usual.seconds))
        running.process.kill()
        running.process.join()
        looks_whole(cwd, usual, moments)
        goes_on(cwd, usual)
        shutil.rmtree(cwd)


STOPS = {signal.SIGINT: 130, signal.SIGTERM: 143, -errno.ENOSPC: 2, -errno.EFBIG: 2, -errno.EMFILE: 3, -errno.EROFS: 2}
"""What comes, at whatever operation, and the code that a command ends with."""


@pytest.mark.parametrize("name", CASES)
def test_stopped_or_refused_at_any_operation_it_says_so_and_leaves_nothing(ground, undisturbed, name) -> None:
    usual, moments = undisturbed(name), random.Random(f"stop {name}")
    for what, code in moments.sample(sorted(STOPS.items()), 1) if KILLS == 1 else sorted(STOPS.items()) * (KILLS // 6):
        cwd = fresh(ground, usual.case)
        moment = moments.randint(1, usual.operations)
        stopped = commands.run(*usual.case.words, cwd=cwd, upset=(moment, what))
        # What fails when all is done, such as letting go, is passed over.
        assert stopped.code == code or (stopped.code == 0 and made(cwd, usual.case)), (what, moment, stopped)
        if stopped.code:
            assert plain(stopped.err), stopped.err
        if not looks_whole(cwd, usual, moments) and name not in ("calibrate", "gallery", "report"):
            assert made(cwd, usual.case) == {}, (what, moment)
        goes_on(cwd, usual)
        shutil.rmtree(cwd)


OVERLAP = [
    (("run", BASE, *SMALL, "--json"), "results/baseline-2022-25"),
    (("run", BASE, *SMALL, "--json"), "results/baseline-2022-25"),
    (("run", BASE, *SMALL, "--seed", "2", "--out", "o", "--json"), "o"),
    (("run", OFF, *SMALL, "--out", "o", "--json"), "o"),
    (("compare", BASE, OFF, *SMALL, "--json"), "results/leahy-off-vs-baseline-2022-25"),
    (("compare", BASE, OFF, *SMALL, "--seed", "2", "--json"), "results/leahy-off-vs-baseline-2022-25"),
    (("compare", BASE, OFF, *SMALL, "--out", "o", "--json"), "o"),
    (("report", OFF, *SMALL, "--probes", "0", "--json"), "brief.html"),
    (("report", BASE, *SMALL, "--probes", "0", "--json"), "brief.html"),
    (("report", "o", "--out", "of-o.html", "--probes", "0", "--json"), "of-o.html"),
]


def test_what_overlaps_in_one_folder_is_each_whole_and_its_own_or_refused(ground) -> None:
    moments, alone = random.Random(6), {}
    for words, where in OVERLAP[:-1]:
        cwd = fresh(ground, CASES["run"])
        assert commands.run(*words, cwd=cwd).code == 0
        alone[words] = {n.removeprefix(where): d for n, d in content(cwd).items()}
        shutil.rmtree(cwd)
    for _ in range(ROUNDS):
        cwd, running = fresh(ground, CASES["run"]), []
        for words, _ in moments.sample(OVERLAP, len(OVERLAP)):
            running.append((words, commands.start(*words, cwd=cwd)))
            time.sleep(moments.uniform(0.0, 0.5))
        whole: dict[str, list[dict[str, str]]] = {}
        for words, one in running:
            ended = one.ended()
            if ended.code:
                assert ended.code == 2, ended
                assert plain(ended.err), ended.err
                refusals = (
                    "is at work there; wait for it",
                    "already holds another run",
                    "is being made by",
                    "holds no results",
                    "no scenario of that name",
                )
                assert any(refusal in ended.err for refusal in refusals), ended.err
            elif words in alone:
                where = told(ended).get("folder", "brief.html")
                whole.setdefault(where, []).append(alone[words])
        for where, wanted in whole.items():
            found = {n.removeprefix(where): d for n, d in content(cwd).items() if n == where or n.startswith(f"{where}/")}
            assert found in wanted, where
            assert where == "brief.html" or len(wanted) == 1 or wanted[0] == wanted[1], where
        assert len(whole) >= 4
        assert commands.left(cwd) == []
        shutil.rmtree(cwd)
