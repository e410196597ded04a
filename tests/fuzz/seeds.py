"""What is made once for all cases: results folders, a posterior, a session, the file of two rooms.

``python -m tests.fuzz.seeds FOLDER`` makes it, in a process of its own, so that the one whose children read the
cases has no threads.
"""

import json
import sys
from dataclasses import replace
from pathlib import Path

from hedgerow.runs import posterior
from hedgerow.runs.compare import compare
from hedgerow.runs.digest import model_digest
from hedgerow.runs.run import run
from hedgerow.seminar.accounts import quarters_played
from hedgerow.seminar.moves import Move
from hedgerow.seminar.replay import game, model_input, session_file
from hedgerow.study.sweep import sweep
from tests.faults.harness import AtOnce
from tests.fuzz.kinds.studies import TINY
from tests.fuzz.mutate.written import toml
from tests.unit.seminar_case import EVEN, EXERCISE, Door

DRAWS = 50
MOVES = [
    ("start", 0, {}, ""),
    ("order", 0, EVEN, "USA"),
    ("order", 0, {"answers": {"USA": "accept", "CHN": "hedge"}}, "east"),
    ("inject", 0, {"title": "A coup", "kind": "leadership_change", "recipients": ["KEN"]}, ""),
    ("step", 0, {}, ""),
    ("order", 1, {"cover": {"mekong": 3}}, "AUS"),
    ("pause", 1, {}, ""),
    ("go", 1, {}, ""),
    ("step", 1, {}, ""),
]
"""A game of two quarters."""


def make(where: Path) -> None:
    """Make all seeds in an empty folder."""
    drawn = _drawable()
    run("gap-fill", runs=9, months=2, out=where / "run", fixed=not drawn)
    compare("baseline-2022-25", "gap-fill", runs=2, months=2, out=where / "comparison", fixed=not drawn)
    (where / "study.toml").write_text(toml(TINY), encoding="utf-8")
    sweep(where / "study.toml", where / "sweep", executor=AtOnce())
    _posterior(where / "posterior.parquet")
    _session(where / "session.json")
    _rooms(where / "rooms.sqlite")


def _drawable() -> bool:
    try:
        posterior.shipped()
    except posterior.PosteriorError as error:
        print(f"fuzz: runs draw no parameters, because {error}", file=sys.stderr)
        return False
    return True


def _posterior(path: Path) -> None:
    """Write a short posterior of the model as it is."""
    whole = posterior.read(posterior.home(), any_model=True)
    few = whole.table.head(DRAWS).assign(**{posterior.WEIGHT: 1.0 / DRAWS})
    posterior.Posterior(few, replace(whole.about, model=model_digest())).write(path)


def _session(path: Path) -> None:
    played = game(EXERCISE, 1, [Move(kind, turn, body, seat, 10.0 * i) for i, (kind, turn, body, seat) in enumerate(MOVES)])
    whole = replace(played, accounts=quarters_played(*model_input(played)))
    path.write_text(json.dumps(session_file(whole)), encoding="utf-8")


def _rooms(path: Path) -> None:
    """Write the file of two rooms, one of them over."""
    with Door(path) as door:
        for moves in (MOVES[:6], [*MOVES, ("finish", 2, {}, "")]):
            room = door.opened()
            tokens = {seat: door.joined(room, seat, f"Ada of {seat}") for seat in EXERCISE.seats} | {"": room.token}
            for kind, turn, body, seat in moves:
                door.move(tokens[seat], kind, body, turn)
            door.settle(room.token)


if __name__ == "__main__":
    make(Path(sys.argv[1]))
