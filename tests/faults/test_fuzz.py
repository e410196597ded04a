"""The fuzzer: a seeded few of its cases, and that it finds what is wrong.

``FUZZ_COUNT=20000 pytest tests/faults/test_fuzz.py`` reads more; ``make fuzz COUNT=20000`` shows them as they come.
"""

import os
import re
import subprocess
import sys

import pytest

from tests.faults import planted
from tests.faults.harness import ROOT
from tests.fuzz.cases import Cases
from tests.fuzz.judge import Wrong, clear
from tests.fuzz.kinds import KINDS
from tests.fuzz.kinds.results import ResultsFolder
from tests.fuzz.mutate import written

COUNT = os.environ.get("FUZZ_COUNT", "400")


def fuzz(*words: str) -> subprocess.CompletedProcess[str]:
    order = [sys.executable, "-m", "tests.fuzz", *words]
    return subprocess.run(order, check=False, cwd=ROOT, capture_output=True, text=True)


def test_whatever_is_read_comes_to_a_run_or_a_clear_refusal(tmp_path) -> None:
    done = fuzz("--count", COUNT, "--seed", "1", "--keep", str(tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr
    for kind in KINDS:
        assert re.search(rf"^{kind.name} +[\d,]+ +[\d,]+ +0 ", done.stdout, re.MULTILINE), kind.name


def test_every_planted_fault_is_found_and_its_input_is_kept(tmp_path) -> None:
    limits = ("--memory", "256", "--seconds", "1")
    done = fuzz("--kinds", "tests.faults.planted", "--count", "45", "--seed", "11", "--keep", str(tmp_path), *limits)
    assert done.returncode == 1, done.stderr
    for kind, words in planted.FOUND.items():
        assert re.search(rf"^\d+ x .*{words}.*\[{kind}\]$", done.stdout, re.MULTILINE), (kind, done.stdout)
    assert re.search(r"^sound +\d+ +\d+ +0 ", done.stdout, re.MULTILINE)
    assert len(list(tmp_path.glob("*"))) == len(planted.FOUND)
    number = re.search(r"KeyError .*\n +case (\d+)", done.stdout)[1]
    alone = fuzz("--kinds", "tests.faults.planted", "--seed", "11", "--case", number, "--keep", str(tmp_path))
    assert alone.returncode == 1
    assert "KeyError: 'months'" in alone.stdout


@pytest.mark.parametrize("kind", [k for k in KINDS if not issubclass(k, ResultsFolder)], ids=lambda k: k.name)
def test_a_case_is_made_again_by_its_number(kind, tmp_path) -> None:
    if kind.name in {"posterior", "rooms", "wire", "session", "command"}:
        pytest.skip("made from what was made before")
    cases = Cases(5, [kind(tmp_path)])
    made = []
    for copy in ("one", "two"):
        (tmp_path / copy).mkdir()
        _, how = cases.make(3, tmp_path / copy)
        files = [
            (p.name, p.read_bytes()) for p in sorted((tmp_path / copy).rglob("*")) if p.is_file() and not p.is_symlink()
        ]
        made.append((repr(how), files))
    assert made[0] == made[1]


@pytest.mark.parametrize("message", ["", "a\nb", "\x07", "\u202e", "\ud800", "x" * 2001])
def test_a_message_that_cannot_be_shown_is_none(message) -> None:
    with pytest.raises(Wrong):
        clear(message)


def test_what_is_written_without_mutation_is_good_toml() -> None:
    import tomllib

    from tests.fuzz.kinds.base import tables

    for tree in tables("scenarios/*.toml", "experiments/*/study.toml", "model/hedgerow/seminar/exercises/*.toml"):
        assert tomllib.loads(written.toml(tree)) == tree
