"""A full disk ends a sweep with a message, and in a store that goes on."""

import subprocess
import sys

import pytest

from hedgerow.study.sweep import sweep
from tests.faults import harness

pytestmark = pytest.mark.slow
CODE = """
import errno, sys
from hedgerow.study import store, sweep
plain, left = store._durable, [4]
def full(path, content):
    left[0] -= 1
    if left[0] < 0:
        path.with_name(path.name + ".part").write_bytes(bytes(content)[:100])
        raise OSError(errno.ENOSPC, "No space left on device")
    return plain(path, content)
store._durable = full
try:
    sweep.sweep(sys.argv[1], sys.argv[2], workers=1)
except ValueError as error:
    print(error, file=sys.stderr)
    sys.exit(2)
"""


def test_a_full_disk_keeps_what_is_finished(tmp_path) -> None:
    study = harness.write(tmp_path, values=[1.0, 1.5, 2.0, 2.5], replications=64)
    out = tmp_path / "out"
    done = subprocess.run(
        [sys.executable, "-c", CODE, str(study), str(out)],
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 2, done.stderr
    assert "the disk is full; 128 runs are kept" in done.stderr
    again = sweep(study, out, workers=1)
    assert again.digest() == sweep(study, tmp_path / "other", workers=1).digest()
    assert not list(out.glob("parts/*.part"))
