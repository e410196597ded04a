"""What a session's accounts rest on: the code that has a say in them, and the scenario that is played.

An account keeps the name of what made it, so that a room which lives through an upgrade can say which
quarters are by which model. Comments and layout do not count, nor does code that only shows or stores.
"""

import hashlib
from functools import cache
from importlib.metadata import version

from hedgerow.runs.digest import MODEL, PACKAGE, TABLES, bare, files
from hedgerow.seminar.exercise import Exercise
from hedgerow.seminar.policies import scenario_of

ROOMS = (*MODEL, "scenario", "seminar")
MAKER = "runs/ensemble.py"
"""Beside those rooms, what makes the one run of a session."""


def made_by(exercise: Exercise) -> str:
    """Return the name of the model that plays an exercise here and now: hedgerow's version and a digest."""
    scenario = scenario_of(exercise, []).model_dump_json()
    found = hashlib.sha256(f"{_code()} {scenario}".encode()).hexdigest()
    return f"{version('hedgerow')}+{found[:12]}"


@cache
def _code() -> str:
    found = hashlib.sha256()
    for path in (*files(ROOMS, (".py",)), PACKAGE / MAKER):
        found.update(path.relative_to(PACKAGE).as_posix().encode())
        found.update(bare(path.read_text(encoding="utf-8")).encode())
    for name in TABLES:
        found.update((PACKAGE / "data" / name).read_bytes())
    return found.hexdigest()
