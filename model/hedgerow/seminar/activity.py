"""What was done in a session, read from its ledger: courses, kit, meetings, forums, incidents."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hedgerow.core.ledger import Ledger, Table
from hedgerow.core.scene import Scene
from hedgerow.data.start import names
from hedgerow.seminar.exercise import Exercise
from hedgerow.seminar.policies import OPEN, SEMINAR

KEPT = ("pushback", "pause", "resume", "exposure", "statement", "leadership_change", "cut_off", "war", "peace", "agreement")
"""Kinds of incidents that are told."""


class Activity:
    """What was done with the states of an exercise, in one run.

    Parameters
    ----------
    exercise : Exercise
    scene : Scene
        What the run was told beforehand, for its months and forums.
    ledger : Ledger
    """

    def __init__(self, exercise: Exercise, scene: Scene, ledger: Ledger) -> None:
        self._exercise, self._scene = exercise, scene
        self._bloc = {c: key for key, bloc in exercise.blocs.items() for c in bloc.members}
        self._tables = {
            name: _where(table, np.isin(table["recipient"], list(self._bloc))) for name, table in ledger.tables().items()
        }

    def between(self, first: int, end: int) -> dict[str, Any]:
        """Return what was done from one month up to another, months counted from the start."""
        dates = self._scene.date(first), self._scene.date(end)
        now = {
            name: _where(table, (table["month"] >= dates[0]) & (table["month"] < dates[1]))
            for name, table in self._tables.items()
        }
        return {
            "donors": {
                code: {key: _given(now, code, bloc.members) for key, bloc in self._exercise.blocs.items()}
                for code, _ in self._scene.donors
            },
            "incidents": self._incidents(now["incidents"]),
            "forums": self._forums(now["forums"]),
        }

    def _forums(self, table: Table) -> list[dict[str, Any]]:
        """Return who came to the forums that were held in public."""
        result = []
        for gathering in self._scene.gatherings:
            quiet = gathering.key.startswith(SEMINAR) and np.max(gathering.forum.publicity) < OPEN
            held = _where(table, table["forum"] == gathering.key)
            for month in () if quiet else np.unique(held["month"]):
                here = _where(held, held["month"] == month)
                result.append(
                    {
                        "month": str(month)[:7],
                        "name": gathering.forum.name,
                        "asked": int(here["attended"].size),
                        "came": int(here["attended"].sum()),
                        "signs": gathering.forum.signs,
                        "signed": int(here["signed"].sum()),
                    }
                )
        return sorted(result, key=lambda told: str(told["month"]))

    def _incidents(self, table: Table) -> list[dict[str, Any]]:
        """Return what befell the states, in order."""
        known = names()
        columns = (table["month"], table["recipient"], table["kind"])
        return [
            {"month": str(month)[:7], "bloc": self._bloc[code], "name": known[code], "kind": str(kind)}
            for month, code, kind in zip(*columns, strict=True)
            if kind in KEPT
        ]


def _given(now: Mapping[str, Table], donor: str, members: Sequence[str]) -> dict[str, Any]:
    """Return what a donor offered and a bloc took."""
    courses, kit, met = (_of(now[n], donor, members) for n in ("training", "equipment", "meetings"))
    taught = (courses["seats"] - courses["blocked"]) * courses["accepted"]
    taken = (kit["value_usd"] - kit["blocked"]) * kit["accepted"]
    return {
        "offered": float(courses["seats"].sum()),
        "blocked": float(courses["blocked"].sum()),
        "officers": float(taught.sum()),
        "equipment_usd": float(taken.sum()),
        "equipment_offered_usd": float(kit["value_usd"].sum()),
        "meetings": int(met["recipient"].size),
    }


def _of(table: Table, donor: str, members: Sequence[str]) -> dict[str, NDArray[Any]]:
    return _where(table, (table["donor"] == donor) & np.isin(table["recipient"], members))


def _where(table: Table, chosen: NDArray[np.bool_]) -> dict[str, NDArray[Any]]:
    return {name: column[chosen] for name, column in table.items()}
