"""Rules that go wrong where a parameter has a telltale value; offered as entry points."""

import os
import resource
import signal
import time
from pathlib import Path

import numpy as np

from hedgerow.core.rules import acceptance

RAISES, NAN, SPOILS, HANGS, DIES, KILLED, GORGES = 3.1, 3.2, 3.3, 3.4, 3.5, 3.6, 3.7
LOG, PAUSE = "FAULTS_LOG", "FAULTS_PAUSE"
NOTED: list[bool] = []
"""Holds something from the begin of a batch to its second month, however often it is asked."""
SPARE = 2**30
"""Bytes of addresses a process keeps beyond those it has, before it gorges itself."""


def respond(situation, donor, offer):
    marks = situation.scene.parameters.acceptance.gap
    for mark, act in ACTS.items():
        if (marks == mark).any():
            act()
    if situation.month == 1:
        # Behind the back of every check.
        situation.world.alignment[(marks == SPOILS)[:, 0]] = np.nan
    chance = np.nan_to_num(acceptance.respond(situation, donor, offer))
    return np.where(marks == NAN, np.nan, chance)


def slow(situation, donor, offer):
    """Take a while at the begin of a batch, and note how many runs have begun."""
    if situation.month == 0 and not NOTED:
        if LOG in os.environ:
            note = os.open(os.environ[LOG], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
            os.write(note, f"{len(situation.world.crime)}\n".encode())
            os.close(note)
        time.sleep(float(os.environ.get(PAUSE, "0")))
        NOTED.append(True)
    elif situation.month:
        NOTED.clear()
    return acceptance.respond(situation, donor, offer)


def fail():
    raise ArithmeticError("poisoned")


def gorge():
    """Take memory until there is no more, under a limit as a cluster sets it."""
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    most = pages * resource.getpagesize() + SPARE
    resource.setrlimit(resource.RLIMIT_AS, (most, resource.RLIM_INFINITY))
    held = []
    while True:
        held.append(np.empty(SPARE // 64))


def be_killed():
    """End as the kernel ends whoever takes the memory of all."""
    os.kill(os.getpid(), signal.SIGKILL)


ACTS = {RAISES: fail, HANGS: lambda: time.sleep(600), DIES: lambda: os._exit(3), KILLED: be_killed, GORGES: gorge}
