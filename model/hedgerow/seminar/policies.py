"""Choices as policies and events: a session is a scenario with a few more of both.

What each choice means is told in :mod:`~hedgerow.seminar.play`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from hedgerow.scenario.find import find
from hedgerow.scenario.load import merged, overlay, parse
from hedgerow.scenario.schema import Scenario
from hedgerow.seminar.exercise import BackgroundSeat, Campaign, Condition, Exercise, later
from hedgerow.seminar.moves import Quarter
from hedgerow.seminar.seats import BackgroundOrder, BlocOrder, DonorOrder, Order, order_of

SEMINAR = "seminar_"
"""How the names of a session's policies and forums begin."""
MINISTER = 0.25
"""Share of the minister's bilateral time that convening a bloc takes; a rule of the game."""
QUIET, OPEN = 0.2, 1.0
"""Publicity of convening a bloc quietly or in public (assumption; the pact of B089 was public)."""
APPEAL = 2.5
"""Log-odds of attending, as at the shipped police dialogue (assumption)."""

_VETTING: dict[Condition, dict[str, Any]] = {
    "none": {"scope": "none"},
    "units": {"scope": "unit"},
    "remedy": {"scope": "unit", "remediation": 0.5},
    "country": {"scope": "country"},
    "threat": {"scope": "unit"},
}
_CAMPAIGN: dict[Campaign, dict[str, Any]] = {
    "evidence": {"kind": "evidence", "intensity": 1.0, "credibility": 0.7},
    "promotion": {"kind": "promotion", "intensity": 1.0, "credibility": 0.5},
    "attack": {"kind": "attack", "intensity": 1.0, "credibility": 0.3},
}
_THREAT = {"probability": 0.0, "perceived": 0.5, "enforced": False}
"""As in the shipped scenario cutoff-threatened."""
Policies = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class _Choice:
    """One seat's quarter: the exercise, the scenario's tables, the seat and the turn."""

    exercise: Exercise
    raw: Mapping[str, Any]
    seat: str
    turn: int

    @property
    def name(self) -> str:
        return f"{SEMINAR}{self.turn}_{self.seat}"

    @property
    def window(self) -> dict[str, Any]:
        return {"start": self.exercise.first_month(self.turn), "end": self.exercise.last_month(self.turn)}

    def here(self, bloc: str) -> dict[str, Any]:
        """Return what every policy of a donor for a bloc has."""
        members = list(self.exercise.blocs[bloc].members)
        return {"donor": self.seat, "recipients": members, **self.window}

    @property
    def rival(self) -> str:
        return next((donor for donor in self.raw["donors"] if donor != self.seat), self.seat)


def orders_of(exercise: Exercise, quarter: Quarter) -> dict[str, Order]:
    """Return a quarter's orders, read and checked again."""
    return {seat: order_of(exercise, seat, raw) for seat, raw in quarter.orders.items()}


def shares(exercise: Exercise, seat: str, order: DonorOrder, bloc: str) -> tuple[float, float]:
    """Return the shares of a seat's training and of its equipment that a bloc gets."""
    chair = exercise.donors[seat]
    training = order.training.get(bloc, 0) / chair.training if chair.training else 0.0
    equipment = order.equipment.get(bloc, 0) / chair.equipment if chair.equipment else 0.0
    return training, equipment


def scenario_of(exercise: Exercise, quarters: Sequence[Quarter]) -> Scenario:
    """Return the exercise's scenario with the choices of these quarters as policies and events."""
    raw = merged(find(exercise.scenario))
    policies: Policies = {}
    events: list[dict[str, Any]] = []
    read = [orders_of(exercise, quarter) for quarter in quarters]
    for turn, orders in enumerate(read):
        for seat, order in orders.items():
            if isinstance(order, DonorOrder):
                policies |= _donor(_Choice(exercise, raw, seat, turn), order)
        events += [_event(card, exercise.first_month(turn)) for card in quarters[turn].cards]
    for seat in exercise.blocs:
        events += _pauses(exercise, seat, read)
    for seat, chair in exercise.seats.items():
        if isinstance(chair, BackgroundSeat):
            choices = [_Choice(exercise, raw, seat, turn) for turn in range(len(read))]
            policies |= _background(chair, choices, [orders.get(seat) for orders in read])
    return parse(overlay(raw, {"policies": policies, "events": events}), f"seminar {exercise.name}")


def _event(card: Mapping[str, Any], month: date) -> dict[str, Any]:
    kept = {k: v for k, v in card.items() if k != "title"}
    return kept | {"recipients": list(card["recipients"]), "month": month}


def _donor(choice: _Choice, order: DonorOrder) -> Policies:
    policies: Policies = {}
    for bloc in choice.exercise.blocs:
        name = f"{choice.name}_{bloc}"
        policies[f"{name}_means"] = _means(choice, order, bloc)
        if bloc in order.conditions:
            policies |= _terms(choice, order.conditions[bloc], bloc)
        if bloc in order.campaigns:
            kind = order.campaigns[bloc]
            about = choice.seat if kind == "promotion" else choice.rival
            spread = {"lever": "information", "about": about, **_CAMPAIGN[kind]}
            policies[f"{name}_campaign"] = choice.here(bloc) | spread
        if order.meetings.get(bloc):
            created = _forums(choice, order, bloc)
            policies[f"{name}_forum"] = {"lever": "forums", **choice.window, "create": created}
    return policies


def _means(choice: _Choice, order: DonorOrder, bloc: str) -> dict[str, Any]:
    """Return what tells training from equipment, which the plan gives one share between them."""
    training, equipment = shares(choice.exercise, choice.seat, order, bloc)
    both = 0.0 if order.usual_help else (training + equipment) / 2.0
    return choice.here(bloc) | {
        "lever": "budget",
        "meetings": 1.0 - MINISTER * sum(order.meetings.values()),
        "training": training / both if both else 1.0,
        "equipment": equipment / both if both else 1.0,
    }


def _terms(choice: _Choice, chosen: Condition, bloc: str) -> Policies:
    name, here = f"{choice.name}_{bloc}", choice.here(bloc)
    terms: Policies = {f"{name}_terms": here | {"lever": "leahy", **_VETTING[chosen]}}
    if chosen == "threat":
        terms[f"{name}_threat"] = here | {"lever": "cutoff", "rival": choice.rival, **_THREAT}
    return terms


def _forums(choice: _Choice, order: DonorOrder, bloc: str) -> Policies:
    """Return the meetings a donor convenes for a bloc, one in each of the first months."""
    donor, guests = choice.raw["donors"][choice.seat], choice.exercise.blocs[bloc]
    chair = next((t for t in donor["tiers"] if t["tier"] == "minister"), donor["tiers"][0])
    public, first = bloc in order.open, choice.exercise.first_month(choice.turn)
    about = {
        "name": f"Ministers of {donor['name']} and {guests.name}",
        "organiser": choice.seat,
        "members": list(guests.members),
        "body": chair["body"],
        "tier": chair["tier"],
        "appeal": APPEAL,
        "publicity": OPEN if public else QUIET,
        "signs": public,
    }
    return {f"{choice.name}_{bloc}_{i}": {**about, "dates": [later(first, i)]} for i in range(order.meetings[bloc])}


def _pauses(exercise: Exercise, seat: str, read: Sequence[Mapping[str, Order]]) -> Iterator[dict[str, Any]]:
    """Yield the pauses and resumptions that a bloc's answers mean.

    Without an order a pause runs its course, as the model's own would.
    """
    members = list(exercise.blocs[seat].members)
    before: Mapping[str, str] = {}
    for turn, orders in enumerate(read):
        order = orders.get(seat)
        if not isinstance(order, BlocOrder):
            continue
        now = {donor: order.answers.get(donor, "usual") for donor in exercise.donors}
        for donor, answer in now.items():
            if "push_back" in (answer, before.get(donor)):
                kind = "pause" if answer == "push_back" else "resume"
                month = exercise.first_month(turn)
                yield {"month": month, "kind": kind, "recipients": members, "donor": donor}
        before = now


def _background(chair: BackgroundSeat, choices: Sequence[_Choice], orders: Sequence[Order | None]) -> Policies:
    """Return a background donor's cover, quarter by quarter, in place of its own policy."""
    if not any(isinstance(order, BackgroundOrder) for order in orders):
        return {}
    exercise, raw = choices[0].exercise, choices[0].raw
    own = raw.get("policies", {}).get(chair.policy)
    policies: Policies = {chair.policy: {"end": exercise.last_month(-1)}} if own else {}
    for choice, order in zip(choices, orders, strict=True):
        if isinstance(order, BackgroundOrder):
            for bloc, points in order.cover.items():
                policies[f"{choice.name}_{bloc}"] = choice.here(bloc) | {
                    "lever": "background_donors",
                    "cover": min(points * chair.step, 1.0),
                    "rivals": list(chair.rivals),
                }
        elif own:
            policies[choice.name] = {"lever": "background_donors", **own, **choice.window}
    if own:
        after = exercise.first_month(len(choices))
        policies[f"{SEMINAR}after_{chair.policy}"] = {"lever": "background_donors", **own, "start": after}
    return policies
