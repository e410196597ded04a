"""Ctrl-C ends a sweep cleanly, and a second sweep keeps off."""

import os
import random
import re
import signal
import subprocess
import sys
import time

import pytest

from hedgerow.study.sweep import status
from tests.faults import harness, poison

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform != "linux", reason="finds processes in /proc")]
STOPPED = r"hedgerow: stopped; ([\d,]+) runs are kept in (\S+); start again to go on\n"


def stop(sweep: subprocess.Popen) -> str:
    """Do as a terminal does, which tells workers too; return what was told."""
    workers = harness.children(sweep.pid)
    os.killpg(sweep.pid, signal.SIGINT)
    # Far less than the tasks at hand would take, and far more than an idle machine needs.
    _, told = sweep.communicate(timeout=60)
    assert sweep.returncode == 130, told
    assert harness.gone(workers)
    return told


def test_ctrl_c_keeps_what_is_finished_and_says_so(whole, tmp_path) -> None:
    out, env = tmp_path / "out", whole.env
    sweep = harness.start(whole.study, out, env)
    harness.until(lambda: harness.done(out) >= whole.runs // 4)
    before = harness.done(out)
    told = stop(sweep)
    kept = re.fullmatch(STOPPED, told)
    assert kept, told
    assert kept[2] == str(out)
    now = status(out)
    assert before <= now.done == int(kept[1].replace(",", "")) < whole.runs
    assert not now.active
    whole.check(harness.finish(whole.study, out, env))


def test_ctrl_c_while_workers_start_or_are_stuck_is_one_message(tmp_path) -> None:
    moments = random.Random(5)
    values, site = [poison.HANGS, poison.HANGS], harness.offer(tmp_path)
    study = harness.write(tmp_path, "respond", values=values, replications=64, limit=900)
    for longest in (0.0, 6.0):
        out = tmp_path / f"out-{longest}"
        sweep = harness.start(study, out, harness.seeing(site))
        harness.until(lambda s=sweep: len(harness.children(s.pid)) == 2)
        time.sleep(moments.uniform(longest / 2, longest))
        told = stop(sweep)
        assert re.fullmatch(STOPPED, told), told


def test_ctrl_c_in_another_command_is_told_too(tmp_path) -> None:
    words = ("run", "baseline-2022-25", "--runs", "100000", "--out", str(tmp_path / "o"))
    run = harness.command(*words, env=harness.seeing())
    harness.until(lambda: list((tmp_path / "o").glob("*.part")))
    run.send_signal(signal.SIGINT)
    _, told = run.communicate(timeout=180)
    assert (run.returncode, told) == (130, "hedgerow: stopped; nothing unfinished was kept\n")


def test_two_sweeps_do_not_share_a_store(whole, tmp_path) -> None:
    out, env = tmp_path / "out", whole.env | {poison.PAUSE: "60"}
    first = harness.start(whole.study, out, env)
    harness.until(lambda: harness.active(out) and status(out).running > 0)
    second = harness.start(whole.study, out, env)
    _, told = second.communicate(timeout=180)
    assert second.returncode == 2
    who = f"process {first.pid} (hedgerow sweep {whole.study} --out {out} --workers 2 --json)"
    assert told == f"hedgerow: {out}: {who} is at work there; wait for it, or give --out another folder\n"
    assert first.poll() is None
    now = status(out)
    assert now.active
    assert now.running == 2 * harness.CHUNK
    stop(first)
    assert not harness.active(out)
