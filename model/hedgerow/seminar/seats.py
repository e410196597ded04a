"""What a seat may choose in a quarter, and what it may spend.

An order is plain data, checked against the seat's budgets before it is accepted. What a choice
means in the model stands in :mod:`~hedgerow.seminar.play`.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from pydantic import Field, ValidationError

from hedgerow.seminar.exercise import Answer, BackgroundSeat, BlocSeat, Campaign, Condition, DonorSeat, Exercise, Strict

ATTENTION: dict[Answer, int] = {"usual": 0, "accept": 1, "refuse": 1, "hedge": 2, "push_back": 3}
"""What an answer costs of a bloc's attention; a rule of the game, not of the model."""

ANSWERS: dict[Answer, str] = {
    "usual": "As usual",
    "accept": "Accept",
    "hedge": "Hedge",
    "refuse": "Refuse",
    "push_back": "Push back",
}
ANSWER_MEANS: dict[Answer, str] = {
    "usual": "Each state weighs each offer by the model's own rule.",
    "accept": "Every offer is taken.",
    "hedge": "Offers are weighed as usual, but only from whoever has given you less of late.",
    "refuse": "No offer is taken this quarter; relations stay open.",
    "push_back": "Cooperation is suspended in public. When it resumes, it is narrower.",
}
CONDITIONS: dict[Condition, str] = {
    "none": "No conditions",
    "units": "Bar flagged units",
    "remedy": "Bar flagged units, fund their reform",
    "country": "One flagged unit bars the country",
    "threat": "Bar flagged units, threaten a cut-off",
}
CAMPAIGNS: dict[Campaign, str] = {
    "evidence": "Publish evidence on the rival's help",
    "promotion": "Promote your own help",
    "attack": "Run the rival's help down",
}


class NotAllowed(ValueError):  # noqa: N818
    """A move that is not accepted; the message is for the one who made it."""


class DonorOrder(Strict):
    """A donor's quarter: points by bloc, whom it convenes, on what terms."""

    training: dict[str, int] = Field(default_factory=dict)
    equipment: dict[str, int] = Field(default_factory=dict)
    usual_help: bool = Field(False, description="leave training and equipment to the model")
    meetings: dict[str, int] = Field(default_factory=dict)
    open: tuple[str, ...] = Field((), description="blocs convened in public, to sign")
    gaps: tuple[str, ...] = Field((), description="blocs in which help goes to the largest gaps")
    conditions: dict[str, Condition] = Field(default_factory=dict)
    campaigns: dict[str, Campaign] = Field(default_factory=dict)

    points: ClassVar[tuple[str, ...]] = ("training", "equipment", "meetings")


class BackgroundOrder(Strict):
    """A background donor's quarter: points of cover by bloc."""

    cover: dict[str, int] = Field(default_factory=dict)


class BlocOrder(Strict):
    """A bloc's quarter: an answer to each donor; a donor not named is answered as usual."""

    answers: dict[str, Answer] = Field(default_factory=dict)


Order = DonorOrder | BackgroundOrder | BlocOrder
ORDERS: dict[str, type[Order]] = {"donor": DonorOrder, "background": BackgroundOrder, "bloc": BlocOrder}


def order_of(exercise: Exercise, seat: str, raw: Any) -> Order:
    """Return a seat's order, checked against what the seat may do and spend.

    Raises
    ------
    NotAllowed
        In words for the player.
    """
    if seat not in exercise.seats:
        raise NotAllowed("There is no such seat in this exercise.")
    chair = exercise.seats[seat]
    try:
        order = ORDERS[chair.kind].model_validate(raw)
    except ValidationError as error:
        fault = error.errors()[0]
        where = ".".join(str(part) for part in fault["loc"][:2])
        raise NotAllowed(f"This choice cannot be read ({where}: {fault['msg']}).") from None
    if isinstance(order, DonorOrder) and isinstance(chair, DonorSeat):
        _check_donor(exercise, chair, order)
    elif isinstance(order, BackgroundOrder) and isinstance(chair, BackgroundSeat):
        _check_points("cover", order.cover, chair.points, exercise)
        most = int(1 / chair.step)
        if any(points > most for points in order.cover.values()):
            raise NotAllowed(f"{most} points cover all the ground of a bloc.")
    elif isinstance(order, BlocOrder) and isinstance(chair, BlocSeat):
        _check_bloc(exercise, chair, order)
    return order


def _check_points(what: str, points: Mapping[str, int], budget: int, exercise: Exercise) -> None:
    _blocs(points, exercise)
    if any(value < 0 for value in points.values()):
        raise NotAllowed(f"Points of {what} cannot be negative.")
    if sum(points.values()) > budget:
        raise NotAllowed(f"{sum(points.values())} points of {what}; there are {budget} a quarter.")


def _blocs(named: Mapping[str, Any] | tuple[str, ...], exercise: Exercise) -> None:
    for bloc in named:
        if bloc not in exercise.blocs:
            raise NotAllowed(f"There is no bloc '{bloc[:40]}' in this exercise.")


def _check_donor(exercise: Exercise, chair: DonorSeat, order: DonorOrder) -> None:
    for what in DonorOrder.points:
        _check_points(what, getattr(order, what), getattr(chair, what), exercise)
    for named in (order.open, order.gaps, order.conditions, order.campaigns):
        _blocs(named, exercise)
    for condition in order.conditions.values():
        if condition not in chair.conditions:
            raise NotAllowed(f"'{CONDITIONS[condition]}' is not open to this seat.")
    if len(order.campaigns) > chair.campaigns:
        raise NotAllowed(f"{len(order.campaigns)} campaigns; {chair.campaigns} a quarter are open.")


def _check_bloc(exercise: Exercise, chair: BlocSeat, order: BlocOrder) -> None:
    for donor in order.answers:
        if donor not in exercise.donors:
            raise NotAllowed(f"There is no donor '{donor[:40]}' in this exercise.")
    spent = sum(ATTENTION[answer] for answer in order.answers.values())
    if spent > chair.attention:
        raise NotAllowed(f"These answers need {spent} of attention; there is {chair.attention}.")
