"""What accounts and debriefs must hold, whoever wrote them: the model now, or a file long ago.

:func:`account` and :func:`debrief` check and change nothing. More than these keys may be there, so that
what an earlier or a later model told can be shown; what pages read must be there and be finite.
"""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from hedgerow.core.donors import CAPABILITIES
from hedgerow.seminar.accounts import Plain
from hedgerow.seminar.exercise import Exercise

Number = Annotated[float, Field(allow_inf_nan=False)]
Month = Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]
ByDonor = dict[str, Number]


class _Part(BaseModel):
    model_config = ConfigDict(strict=True, extra="allow", frozen=True)


class _Given(_Part):
    alignment: Number
    change: Number
    offered: Number
    blocked: Number
    officers: Number
    equipment_usd: Number
    meetings: int


class _Bloc(_Part):
    capability: dict[str, Number]
    crime: Number
    threat: Number
    sovereignty: Number
    flagged: Number
    belief: ByDonor
    trust: ByDonor


class _Incident(_Part):
    month: Month
    name: str
    kind: str


class _Forum(_Part):
    month: Month
    name: str
    asked: int
    came: int
    signs: bool
    signed: int


class _Account(_Part):
    turn: int
    quarter: str
    donors: dict[str, dict[str, _Given]]
    blocs: dict[str, _Bloc]
    incidents: list[_Incident]
    forums: list[_Forum]


class _Band(_Part):
    here: Number
    mean: Number
    low: Number | None
    high: Number | None


class _Against(_Part):
    played: _Band
    model: _Band
    difference: _Band


class _Seat(_Part):
    name: str
    played: int
    choices: list[dict[str, Any] | None]
    usual: list[dict[str, Number]]
    against_the_model: dict[str, _Against]


class _Driver(_Part):
    key: str
    what: str
    effects: dict[str, _Band]


class _Debrief(_Part):
    runs: int
    turns: list[str]
    seats: dict[str, _Seat]
    drivers: list[_Driver]


def account(raw: Any, exercise: Exercise, turn: int) -> Plain:
    """Return an account as it is, if it is one of a turn of an exercise.

    Raises
    ------
    ValueError
        Saying what is wrong with it.
    """
    try:
        found = _Account.model_validate(raw)
    except ValidationError as error:
        raise ValueError(f"the account of turn {turn}: {because(error)}") from None
    if found.turn != turn:
        raise ValueError(f"the account of turn {turn} tells of turn {found.turn}")
    if not _all_seats(found, exercise):
        raise ValueError(f"the account of turn {turn} leaves out a seat")
    return dict(raw)


def _all_seats(found: _Account, exercise: Exercise) -> bool:
    donors, blocs = {*exercise.donors, *found.donors}, {*exercise.blocs, *found.blocs}
    given = all({*found.donors.get(donor, {})} >= blocs for donor in donors)
    known = all({*b.capability} >= {*CAPABILITIES} and {*b.belief} >= donors <= {*b.trust} for b in found.blocs.values())
    return given and known and {*found.blocs} == blocs


def debrief(raw: Any, exercise: Exercise) -> Plain:
    """Return a debrief as it is, if it is one of an exercise.

    Raises
    ------
    ValueError
        Saying what is wrong with it.
    """
    try:
        found = _Debrief.model_validate(raw)
    except ValidationError as error:
        raise ValueError(f"the debrief: {because(error)}") from None
    rows: Mapping[str, _Seat] = found.seats
    if not exercise.seats.keys() >= rows.keys() or any(
        {len(seat.choices), len(seat.usual)} != {len(found.turns)} for seat in rows.values()
    ):
        raise ValueError("the debrief tells of other seats or turns")
    return dict(raw)


def because(error: ValidationError) -> str:
    """Return the first fault that pydantic found, in one line."""
    fault = error.errors()[0]
    where = ".".join(str(part) for part in fault["loc"])
    return f"{where}: {fault['msg']}" if where else str(fault["msg"])
