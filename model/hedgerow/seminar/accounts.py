"""What happened in a session: the model is run with its choices, and accounts are drawn up.

:func:`quarters_played` is what a turn needs: one run, told quarter by quarter. :func:`ends` is what
the debrief needs: where many paired runs end. Both take and give plain data, so that they can be
sent to a worker process and written to a file.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from hedgerow.core.donors import CAPABILITIES
from hedgerow.core.ledger import Ledger
from hedgerow.core.numbers import BoolArray, FloatArray
from hedgerow.core.world import Agreement, World
from hedgerow.runs.ensemble import Ensemble
from hedgerow.scenario.check import month_number
from hedgerow.seminar.activity import Activity
from hedgerow.seminar.exercise import MONTHS, Exercise
from hedgerow.seminar.moves import Quarter, quarter
from hedgerow.seminar.play import Played
from hedgerow.seminar.policies import scenario_of

Plain = dict[str, Any]
Masks = dict[str, BoolArray]
_STANDING = {Agreement.NONE: "none", Agreement.ACTIVE: "active", Agreement.PAUSED: "paused"}


def quarters_played(exercise: Mapping[str, Any], seed: int, quarters: Sequence[Mapping[str, Any]]) -> list[Plain]:
    """Return the account of the opening and of each quarter played, in the room's one run.

    Parameters
    ----------
    exercise, quarters : plain data of an :class:`Exercise` and of :class:`Quarter` objects
    seed : int
        Seed of the room.

    Returns
    -------
    list of dict
        ``quarters`` + 1 accounts; the first tells how the world stands at the opening.
    """
    chosen = Exercise.model_validate(exercise)
    session = _Session(chosen, [quarter(q) for q in quarters], seed, [0], ledger=True)
    stood = [session.stands() for _ in session]
    return session.told(stood)


def ends(exercise: Mapping[str, Any], seed: int, quarters: Sequence[Mapping[str, Any]], runs: int) -> Plain:
    """Return where paired runs of a session end.

    Returns
    -------
    dict
        ``changes``: since the opening, a list of one number a run by measure and place (``all``
        or a bloc); ``usual``: what the model's own policy chose, by turn, seat and bloc or donor.
    """
    chosen = Exercise.model_validate(exercise)
    session = _Session(chosen, [quarter(q) for q in quarters], seed, range(runs), ledger=False)
    for _ in session:
        pass
    usual: dict[str, dict[str, dict[str, float]]] = {}
    for (turn, seat, what), noted in session.played.usual.items():
        here = usual.setdefault(str(turn), {}).setdefault(seat, {})
        here[what] = float(np.mean(noted))
    return {"changes": session.changes(), "usual": usual}


class _Session:
    """A batch that is taken through the quarters of a session."""

    def __init__(
        self, exercise: Exercise, quarters: Sequence[Quarter], seed: int, runs: Sequence[int], *, ledger: bool
    ) -> None:
        scenario = scenario_of(exercise, quarters)
        self.exercise, self.turns = exercise, len(quarters)
        self.played = Played(exercise, quarters, scenario)
        self.batch = Ensemble(scenario, runs, seed).batch(rules=self.played.rules, ledger=Ledger if ledger else None)
        self.book = self.batch.ledger
        codes = np.array(self.batch.world.recipients, dtype=object)
        self.lead = month_number(scenario.start, exercise.opening)
        self.rows: Masks = {key: np.isin(codes, bloc.members) for key, bloc in exercise.blocs.items()}
        self.first: World = self.batch.world

    def __iter__(self) -> Iterator[int]:
        """Yield how many quarters are played, from none, each time that many are."""
        self._to(self.lead)
        self.first = self.batch.world.copy()
        for turn in range(self.turns + 1):
            self._to(self.lead + MONTHS * turn)
            yield turn

    def _to(self, month: int) -> None:
        while self.batch.index < month:
            self.batch.step()

    def stands(self) -> Plain:
        """Return how the world stands for each donor and bloc."""
        return {
            "donors": {d: self._donor(i) for i, d in enumerate(self.batch.world.donors)},
            "blocs": {key: self._bloc(mask) for key, mask in self.rows.items()},
        }

    def told(self, stood: Sequence[Plain]) -> list[Plain]:
        """Return the accounts: how the world stood after each quarter, and what was done in it."""
        done = Activity(self.exercise, self.batch.scene, self.book) if self.book else None
        result = []
        for turn, stands in enumerate(stood):
            first = self.lead + MONTHS * (turn - 1)
            did = done.between(first, first + MONTHS) if done else {}
            donors = {
                d: {bloc: {**here, **did["donors"][d][bloc]} for bloc, here in blocs.items()}
                for d, blocs in stands["donors"].items()
            }
            label = self.exercise.quarter(turn - 1) if turn else "Before the first turn"
            result.append({"turn": turn, "quarter": label, **stands, **did, "donors": donors})
        return result

    def _donor(self, d: int) -> Plain:
        world = self.batch.world
        change = world.alignment[:, d] - self.first.alignment[:, d]
        return {
            key: {
                "alignment": _mean(world.alignment[:, d], mask),
                "change": _mean(change, mask),
                "trust": _mean(world.trust[:, d], mask),
            }
            for key, mask in self.rows.items()
        }

    def _bloc(self, mask: BoolArray) -> Plain:
        world = self.batch.world
        donors = list(enumerate(world.donors))
        codes = np.array(world.recipients, dtype=object)[mask]
        standing = world.agreement[0][:, mask]
        return {
            "capability": {k: _mean(world.capability[:, i], mask) for i, k in enumerate(CAPABILITIES)},
            "crime": _mean(world.crime, mask),
            "threat": _mean(world.threat, mask),
            "sovereignty": _mean(world.sovereignty, mask),
            "flagged": float(world.flagged[0, mask].sum()),
            "abuses": float((world.abuses - self.first.abuses)[0, mask].sum()),
            "belief": {code: _mean(world.belief[:, d], mask) for d, code in donors},
            "trust": {code: _mean(world.trust[:, d], mask) for d, code in donors},
            "lock_in": {code: _mean(world.lock_in[:, d], mask) for d, code in donors},
            "standing": {
                code: {str(c): _STANDING[Agreement(int(standing[d, i]))] for i, c in enumerate(codes)} for d, code in donors
            },
        }

    def changes(self) -> dict[str, dict[str, list[float]]]:
        """Return the change of each measure since the opening, by place, one number a run."""
        places = {"all": np.logical_or.reduce(list(self.rows.values())), **self.rows}
        return {
            name: {key: _each(value, mask, mean) for key, mask in places.items()}
            for name, (value, mean) in self._measures().items()
        }

    def _measures(self) -> dict[str, tuple[FloatArray, bool]]:
        """Return change since the opening, ``(runs, rows)``, and whether to take the mean."""
        now, first = self.batch.world, self.first
        result: dict[str, tuple[FloatArray, bool]] = {}
        for d, code in enumerate(now.donors):
            for name in ("alignment", "trust", "lock_in"):
                change = getattr(now, name)[:, d] - getattr(first, name)[:, d]
                result[f"{name}_{code}"] = (change, True)
            for name in ("officers", "equipment_usd", "spent_usd", "denied"):
                change = getattr(now, name)[:, d] - getattr(first, name)[:, d]
                result[f"{name}_{code}"] = (change, False)
        result["capability"] = ((now.capability - first.capability).mean(axis=1), True)
        for name in ("crime", "threat", "sovereignty", "policing_model", "entanglement"):
            result[name] = (getattr(now, name) - getattr(first, name), True)
        result["abuses"] = (now.abuses - first.abuses, False)
        return result


def _each(value: FloatArray, mask: BoolArray, mean: bool) -> list[float]:
    chosen = np.ascontiguousarray(value[:, mask])
    return [float(v) for v in (chosen.mean(axis=1) if mean else chosen.sum(axis=1))]


def _mean(value: FloatArray, mask: BoolArray) -> float:
    return float(value[0, mask].mean())
