"""Disks that are full, read-only or limited end a sweep with a message, and it goes on later."""

import errno
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from hedgerow.runs.folder import FolderError
from hedgerow.study import store
from hedgerow.study.results import open_
from hedgerow.study.sweep import status, sweep
from tests.faults import harness

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform != "linux", reason="mounts file systems, sets limits")]
MOUNT = "mount -t tmpfs -o size={size} tmpfs '{where}' && echo ready && exec sh"


class Disk:
    """A small file system of its own, seen from outside through the process that holds it."""

    def __init__(self, where: Path, size: str) -> None:
        where.mkdir()
        order = MOUNT.format(size=size, where=where)
        # As root, or as a user who may be root in a namespace of their own.
        for flags in ("-m", "-Urm"):
            self.holder = subprocess.Popen(
                ["unshare", flags, "sh", "-c", order],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
            )
            if self.tells() == "ready":
                break
            self.close()
        else:
            pytest.skip("no file system can be mounted here")
        self.where = where
        self.seen = Path(f"/proc/{self.holder.pid}/root{where}")

    def tells(self) -> str:
        return self.holder.stdout.readline().strip()

    def make_read_only(self) -> None:
        self.holder.stdin.write(f"mount -o remount,ro '{self.where}' && echo done || echo no\n")
        self.holder.stdin.flush()
        assert self.tells() == "done"

    def close(self) -> None:
        self.holder.kill()
        self.holder.communicate()


def fill(ballast: Path) -> None:
    with ballast.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))


@pytest.fixture
def disk(tmp_path):
    try:
        found = Disk(tmp_path / "disk", "4m")
    except FileNotFoundError:
        pytest.skip("no unshare here")
    yield found
    found.close()


def test_a_full_disk_stops_a_sweep_that_goes_on_when_there_is_room(whole, disk) -> None:
    out, ballast = disk.seen / "out", disk.seen / "ballast"
    running = harness.start(whole.study, out, whole.env)
    harness.until(lambda: harness.done(out) >= whole.runs // 4)
    with pytest.raises(OSError, match="No space left"):
        fill(ballast)
    _, told = running.communicate(timeout=180)
    assert running.returncode == 2, told
    kept = status(out).done
    remedy = "free some space and start again"
    assert told == f"hedgerow: {out}: the disk is full; {kept:,} runs are kept; {remedy}\n"
    assert whole.runs // 4 <= kept < whole.runs
    ballast.unlink()
    whole.check(harness.finish(whole.study, out, whole.env))


def test_a_design_larger_than_the_disk_is_refused_first(tmp_path, disk) -> None:
    site = harness.offer(tmp_path)
    study = harness.write(tmp_path, "slow", values=harness.VALUES, replications=100_000)
    refused = harness.start(study, disk.seen / "out", harness.seeing(site))
    _, told = refused.communicate(timeout=180)
    assert refused.returncode == 2
    assert "4 points and 400,000 runs need about 12.8 MB, and " in told
    assert "has 4.2 MB free; take fewer points, replications or outcomes" in told
    assert not (disk.seen / "out").exists()


def test_a_read_only_folder_can_be_read_and_says_that_it_cannot_be_written(whole, disk) -> None:
    out = disk.seen / "out"
    sweep(whole.study, out, executor=harness.AtOnce())
    disk.make_read_only()
    whole.check(open_(out))
    assert str(status(out)).endswith("finished")
    for where in (out, disk.seen / "new"):
        with pytest.raises(FolderError, match="cannot be written: Read-only file system"):
            sweep(whole.study, where, executor=harness.AtOnce())


def test_a_limit_to_the_size_of_files_stops_a_sweep_that_goes_on(whole, tmp_path) -> None:
    out = tmp_path / "out"
    running = harness.start(whole.study, out, whole.env)
    harness.until(lambda: harness.done(out) >= whole.runs // 4)
    resource.prlimit(running.pid, resource.RLIMIT_FSIZE, (100, 100))
    _, told = running.communicate(timeout=180)
    assert running.returncode == 2, told
    kept = f"{status(out).done:,} runs are kept; start again when it can"
    assert told == f"hedgerow: {out}: cannot be written any more: File too large; {kept}\n"
    whole.check(harness.finish(whole.study, out, whole.env))


@pytest.mark.parametrize("writes", range(4))
def test_no_space_at_any_write_leaves_a_store_that_goes_on(whole, tmp_path, monkeypatch, writes) -> None:
    """Design, manifest and two parts are written, in this order; each may be the one to fail."""
    plain, left = store._put, [writes]

    def full(path, content):
        left[0] -= 1
        if left[0] >= 0:
            return plain(path, content)
        path.with_name(path.name + ".part").write_bytes(bytes(content)[:100])
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    study = harness.write(tmp_path, "slow", values=[1.0, 2.0], replications=64)
    out, kept = tmp_path / "out", harness.CHUNK * max(0, writes - 2)
    with monkeypatch.context() as patch:
        patch.setattr(store, "_put", full)
        with pytest.raises(FolderError, match=f"the disk is full; {kept} runs are kept"):
            sweep(study, out, executor=harness.AtOnce())
    assert len(sweep(study, out, executor=harness.AtOnce()).frame()) == 2 * 64
    assert not list(out.rglob("*.part"))
