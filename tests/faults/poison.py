"""Rules that go wrong where a parameter has a telltale value; offered as entry points."""

import os
import time

import numpy as np

from hedgerow.core.rules import acceptance

RAISES, NAN, HANGS, DIES = 3.1, 3.2, 3.3, 3.4


def respond(situation, donor, offer):
    marks = situation.scene.parameters.acceptance.gap
    if (marks == RAISES).any():
        raise ArithmeticError("poisoned")
    if (marks == HANGS).any():
        time.sleep(600)
    if (marks == DIES).any():
        os._exit(3)
    chance = acceptance.respond(situation, donor, offer)
    return np.where(marks == NAN, np.nan, chance)


def spoil(situation, donor, offer):
    """Put a NaN into the state itself, behind the back of every check."""
    marks = situation.scene.parameters.acceptance.gap
    if situation.month == 1:
        situation.world.alignment[(marks == NAN)[:, 0]] = np.nan
    return np.nan_to_num(acceptance.respond(situation, donor, offer))


def slow(situation, donor, offer):
    time.sleep(0.02)
    return acceptance.respond(situation, donor, offer)
