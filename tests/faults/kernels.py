"""Two small kernels and a process that asks for them again and again, as the rules of the model are asked for.

``python -m tests.faults.kernels ask TIMES [USER]`` asks TIMES times, as another user if one is named.
``python -m tests.faults.kernels flip COUNT`` flips a bit in a file of the cache before each of COUNT times.
It prints what it got each time as a line of JSON.
"""

import json
import os
import random
import sys

from hedgerow.core import kept
from hedgerow.core.compiled import kernel


def halvings(x, below):
    """Return how often a number is halved until it lies below another."""
    times = 0.0
    while x >= below:
        x /= 2.0
        times += 1.0
    return times


def bent(x, slope):
    """Return a number that bends at 0 and is held above -1."""
    return max(slope * x if x > 0.0 else x / 3.0, -1.0)


FUNCTIONS = (halvings, bent)
KERNELS = len(FUNCTIONS)
NUMBERS = [-7.0, -0.1, 0.7, 41.3]


def ask():
    """Ask for the kernels as a new process would; return whether they are right, and how many were found compiled."""
    kept.kernels.cache_clear()
    made = [kernel(function) for function in FUNCTIONS]
    got = [one(x, 0.3) for one in made for x in NUMBERS]
    right = [function(x, 0.3) for function in FUNCTIONS for x in NUMBERS]
    return got == right, sum(sum(one.stats.cache_hits.values()) for one in made)


def flip(seed):
    """Flip a bit in the cache."""
    draw = random.Random(seed)
    file = draw.choice(sorted(kept.kernels().folder.iterdir()))
    content = bytearray(file.read_bytes())
    place = draw.randrange(len(content) * 8)
    content[place // 8] ^= 1 << place % 8
    file.write_bytes(content)


def main(what, times, user=None):
    if user is not None:
        ask()  # loads what another user may not read
        os.environ["XDG_CACHE_HOME"] = os.environ["THEN"]
        os.setgroups([])
        os.setgid(int(user))
        os.setuid(int(user))
    for time in range(int(times)):
        if what == "flip":
            flip(time)
        print(json.dumps(ask()), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
