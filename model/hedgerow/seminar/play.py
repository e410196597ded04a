"""Choices into the model: a session is a scenario, and its seats are rules.

What a seat's choice means:

* a donor's **training** and **equipment** points divide, bloc by bloc, the share of its effort that
  the exercise gives the seat (``effort``; blank: what the model's own allocation would give these
  blocs that month). A point of 6 is a sixth of the quarter's courses, or packages, for the blocs.
  Within a bloc the model's own allocation divides, or the size of the gaps where so chosen. Points
  not spent are not given. The rest of the world gets what the model's own rule gives it.
* a **meeting** is a forum that the donor's minister convenes for the bloc in one month of the
  quarter; states attend by the model's own rule, less readily in public. Each costs a quarter of
  the minister's time for bilateral meetings anywhere.
* **conditions** are the vetting lever for the bloc, with remediation, or with an announced and
  never enforced threat of a cut-off; **campaigns** are the information lever.
* a **background donor's** points are ground covered, in place of the scenario's own policy.
* a bloc's **answer** replaces the chance of acceptance of its states: 1, 0, or the model's own but
  only for whoever has given less of late (hedge). Pushing back is the model's pause; the quarter
  after, another answer resumes relations in reduced scope.
* an injected **event** strikes in the first month of the quarter.

A seat without an order in a quarter is played by the model's own rules. Every quarter is played
from the start of the scenario anew, with the same draws: there is no hidden state to lose, and
undoing a turn needs nothing of its own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from hedgerow.core.month import Rules
from hedgerow.core.numbers import BoolArray, FloatArray
from hedgerow.core.rules.provision import Offer
from hedgerow.core.scene import Situation
from hedgerow.data.load import countries
from hedgerow.data.select import OTHER_ROWS, pick
from hedgerow.scenario.check import month_number
from hedgerow.scenario.rules import rules_of
from hedgerow.scenario.schema import Scenario
from hedgerow.seminar.exercise import MONTHS, Exercise
from hedgerow.seminar.moves import Quarter
from hedgerow.seminar.policies import orders_of, shares
from hedgerow.seminar.seats import BlocOrder, DonorOrder, Order


@dataclass
class Played:
    """The rules of a session: the seats' where they chose, the model's own elsewhere.

    It notes what the model's own policy would have chosen (``usual``: by turn, seat and bloc), as
    means over runs and months, for the debrief.
    """

    exercise: Exercise
    quarters: Sequence[Quarter]
    scenario: Scenario
    usual: dict[tuple[int, str, str], list[float]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        table = countries()
        self._own = rules_of(self.scenario)
        self._read = [orders_of(self.exercise, quarter) for quarter in self.quarters]
        self._lead = month_number(self.scenario.start, self.exercise.opening)
        self._rows = {key: pick(bloc.members, table, OTHER_ROWS) for key, bloc in self.exercise.blocs.items()}

    @property
    def rules(self) -> Rules:
        """The decisions the engine asks for."""
        return Rules(plan=self.plan, vet=self._own.vet, respond=self.respond)

    def turn(self, month: int) -> int:
        """Return the turn a month belongs to; negative before the opening."""
        return (month - self._lead) // MONTHS

    def _orders(self, month: int) -> Mapping[str, Order]:
        turn = self.turn(month)
        return self._read[turn] if 0 <= turn < len(self._read) else {}

    def _note(self, month: int, seat: str, what: str, value: float) -> None:
        if month >= self._lead:
            self.usual.setdefault((self.turn(month), seat, what), []).append(value)

    def plan(self, situation: Situation, d: int) -> FloatArray:
        """Divide a donor's effort: the seat's points on the blocs, the model's own elsewhere."""
        usual = np.array(self._own.plan(situation, d), dtype=np.float64, order="C")
        seat = situation.world.donors[d]
        if seat not in self.exercise.donors:
            return usual
        rows = {key: mask[situation.world.facts.slot] for key, mask in self._rows.items()}
        mass = {key: _across(usual * mask) for key, mask in rows.items()}
        together = sum(mass.values(), np.zeros((usual.shape[0], 1)))
        for key, part in mass.items():
            share = part / np.where(together > 0, together, 1.0)
            self._note(situation.month, seat, key, float(share.mean()))
        order = self._orders(situation.month).get(seat)
        if not isinstance(order, DonorOrder) or order.usual_help:
            return usual
        return self._divided(situation, seat, order, usual, rows)

    def _divided(
        self, situation: Situation, seat: str, order: DonorOrder, usual: FloatArray, rows: Mapping[str, BoolArray]
    ) -> FloatArray:
        given = self.exercise.donors[seat].effort
        together = _across(usual * np.logical_or.reduce(list(rows.values())))
        effort = together if given is None else np.full_like(together, given)
        board = np.logical_or.reduce(list(rows.values()))
        elsewhere = 1.0 - together
        kept = (1.0 - effort) / np.where(elsewhere > 0, elsewhere, 1.0)
        result = np.where(board, 0.0, usual * kept)
        for key, mask in rows.items():
            weight = usual * mask
            if key in order.gaps:
                weight = situation.gap.mean(axis=1) * (weight > 0)
            total = _across(weight)
            training, equipment = shares(self.exercise, seat, order, key)
            part = effort * (training + equipment) / 2.0
            result = result + part * weight / np.where(total > 0, total, 1.0)
        return result

    def respond(self, situation: Situation, d: int, offer: Offer) -> FloatArray:
        """Answer a donor's offers: the blocs that chose as they chose, all others by the model."""
        chance = np.array(self._own.respond(situation, d, offer), dtype=np.float64)
        donor = situation.world.donors[d]
        orders = self._orders(situation.month)
        for key, mask in self._rows.items():
            mine = mask[situation.world.facts.slot]
            if hasattr(offer, "officers"):
                self._note(situation.month, key, donor, float(chance[:, mine].mean()))
            order = orders.get(key)
            if isinstance(order, BlocOrder):
                answer = order.answers.get(donor, "usual")
                chance[:, mine] = self._answered(situation, d, answer, chance)[:, mine]
        return chance

    def _answered(self, situation: Situation, d: int, answer: str, usual: FloatArray) -> FloatArray:
        if answer == "accept":
            return np.ones_like(usual)
        if answer in ("refuse", "push_back"):
            return np.zeros_like(usual)
        if answer == "hedge":
            help_ = situation.world.help
            rivals = [r for r in range(len(situation.world.donors)) if r != d]
            most = np.max(np.stack([help_[:, r] for r in rivals]), axis=0) if rivals else np.inf
            return np.asarray(usual * (help_[:, d] <= most))
        return usual


def _across(values: FloatArray) -> FloatArray:
    """Return sums over rows, ``(runs, 1)``, added in one order whatever the batch."""
    return np.asarray(np.ascontiguousarray(values).sum(axis=1, keepdims=True))
