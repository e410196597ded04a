"""What the rooms' file holds, row by row: read strictly, since a file may be damaged or changed by hand."""

import json
from dataclasses import dataclass as plain_dataclass
from typing import Annotated, Any

from pydantic import AfterValidator, ConfigDict, Field, ValidationError
from pydantic.dataclasses import dataclass

from hedgerow.seminar.moves import Move
from hedgerow.seminar.records import because

STRICT = ConfigDict(strict=True, extra="forbid")
LATEST = 1e10
"""No room is used later than this, seconds since 1970: the year 2286."""


def _visible(text: str) -> str:
    if not text.isprintable():
        raise ValueError("must hold no control characters")
    return text


Key = Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Code = Annotated[str, Field(pattern=r"^[2-9A-HJ-NP-Z]{8}$")]
Moment = Annotated[float, Field(ge=0, le=LATEST, allow_inf_nan=False)]
Number = Annotated[int, Field(ge=0)]
Name = Annotated[str, AfterValidator(_visible), Field(min_length=1, max_length=40)]
Word = Annotated[str, AfterValidator(_visible), Field(max_length=80)]


class DamagedError(ValueError):
    """Something of a room cannot be read; the message says what and why, in one line."""


@dataclass(frozen=True, config=STRICT)
class RoomRecord:
    """A room as it was opened; ``exercise`` is plain data."""

    room: Key
    code: Code
    host: Digest
    exercise: dict[str, Any]
    seed: Number
    opened: Moment
    touched: Moment
    begun_under: Word = ""
    closed: bool = False
    closed_at: Moment = 0.0
    closed_by: Word = ""

    @property
    def title(self) -> str:
        """What is played."""
        return str(self.exercise.get("title", ""))[:200]


@dataclass(frozen=True, config=STRICT)
class Member:
    """Someone who took a seat; ``gone`` if the facilitator removed them."""

    member: Key
    room: Key
    token: Digest
    name: Name
    seat: Word
    gone: bool = False


@dataclass(frozen=True, config=STRICT)
class MoveRow:
    """A move as it was accepted."""

    number: Number
    client: Annotated[str, Field(pattern=r"^[\w.:-]{1,64}$")]
    member: Word
    kind: Word
    seat: Word
    turn: Number
    body: dict[str, Any]
    at: Moment

    @property
    def move(self) -> Move:
        """The move."""
        return Move(self.kind, self.turn, self.body, self.seat, self.at)


@plain_dataclass(frozen=True)
class Kept:
    """All that the file holds of a room; accounts and debrief are yet to be checked against its exercise."""

    record: RoomRecord
    members: list[Member]
    moves: list[MoveRow]
    accounts: list[tuple[Any, str]]
    debrief: tuple[Any, str] | None

    @property
    def numbers(self) -> dict[tuple[str, str], int]:
        """The number of each move by member and the client's own number."""
        return {(row.member, row.client): row.number for row in self.moves}


@plain_dataclass(frozen=True)
class Holder:
    """What a token stands for in a room that is not open in memory."""

    room: str
    facilitates: bool


def strictly(what: str, model: Any, *values: Any) -> Any:
    """Return a row made of values.

    Raises
    ------
    DamagedError
        If they do not fit.
    """
    try:
        return model(*values)
    except ValidationError as error:
        raise DamagedError(f"{what}: {because(error)}") from None


def data(what: str, text: str) -> Any:
    """Return the plain data that a text holds.

    Raises
    ------
    DamagedError
        If it holds none.
    """
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise DamagedError(f"{what} is no JSON") from None
