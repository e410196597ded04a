"""A worker with another version of the code runs nothing: one message, and exit code 2."""

import re
import subprocess
import sys

import pytest

from tests.faults import harness

pytestmark = pytest.mark.slow
SCRIPT = """
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from hedgerow import cli
from hedgerow.runs.folder import FolderError
from hedgerow.study.sweep import sweep

if __name__ == "__main__":
    study, out, model, pool = sys.argv[1:]
    # Found by new processes, and too late for this one: as when the code is changed meanwhile.
    sys.path.insert(0, model)
    if pool == "own":
        sys.argv[1:] = ["sweep", study, "--out", out, "--workers", "2", "--json"]
        cli.main()
    try:
        sweep(study, out, executor=ProcessPoolExecutor(1, get_context("spawn")))
    except FolderError as error:
        print(error, file=sys.stderr)
        sys.exit(2)
"""
FEW = "10 processes in a row ended before they were ready; the last ended with exit code 1"


@pytest.mark.parametrize(
    ("harm", "pool", "says"),
    [
        (harness.change, "own", r"hedgerow: a new process has hedgerow \S+, not \S+: the code has changed"),
        (harness.change, "pool", r"a worker has hedgerow \S+, not \S+; give it the same"),
        (harness.ruin, "own", f"hedgerow: {FEW}; what is finished is kept"),
        (harness.ruin, "pool", "the executor broke: .*; what is finished is kept"),
    ],
    ids=["changed", "changed-pool", "broken", "broken-pool"],
)
def test_a_worker_with_other_code_runs_nothing(tmp_path, harm, pool, says) -> None:
    model = harness.copy(tmp_path)
    harm(model)
    study = tmp_path / "study.toml"
    about = {"base": "baseline-2022-25", "replications": 64, "limit": 60}
    study.write_text(harness.STUDY.format(**about, values=harness.VALUES))
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    done = subprocess.run(
        [sys.executable, str(script), str(study), str(tmp_path / "out"), str(model), pool],
        env=harness.seeing(),
        cwd=harness.ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=180,
    )
    assert done.returncode == 2, done.stderr
    assert re.search(f"^{says}", done.stderr, re.MULTILINE), done.stderr
    assert not list((tmp_path / "out").glob("parts/*"))
