"""An exercise: which scenario is played, from when, by which seats with which means.

Exercises ship as a TOML file and a facilitator's page of the same name in ``exercises/``. To add
one, put two files there; to add a kind of seat, a class here, its order in
:mod:`~hedgerow.seminar.seats` and its meaning in :mod:`~hedgerow.seminar.play`.
"""

import re
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from hedgerow.core.scene import Event
from hedgerow.data.select import nearest
from hedgerow.disk import reading
from hedgerow.scenario.check import month_number
from hedgerow.scenario.errors import ScenarioError
from hedgerow.scenario.load import load as load_scenario

FOLDER = Path(__file__).parent / "exercises"
MONTHS = 3
"""Months of a turn."""

Condition: TypeAlias = Literal["none", "units", "remedy", "country", "threat"]
Answer: TypeAlias = Literal["usual", "accept", "hedge", "refuse", "push_back"]
Campaign: TypeAlias = Literal["evidence", "promotion", "attack"]


def printable(text: object) -> object:
    """Return a text in one line, without characters that cannot be seen."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split()) if isinstance(text, str) else text


def _one_line(text: str) -> str:
    if not text.isprintable():
        raise ValueError("must be one line of text, without control characters")
    return text


def _plain_text(text: str) -> str:
    _one_line(text.replace("\n", " ").replace("\t", " ").replace("\r", " ").replace("\u00a0", " "))
    return text


Line = Annotated[str, AfterValidator(_one_line), Field(max_length=200)]
Text = Annotated[str, AfterValidator(_plain_text), Field(max_length=20_000)]
Title = Annotated[str, BeforeValidator(printable), Field(min_length=1, max_length=120)]


class Strict(BaseModel):
    """Frozen tables that refuse keys they do not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class DonorSeat(Strict):
    """A donor that decides: points of training, equipment and ministers' time a quarter.

    ``effort`` is the share of its effort over the whole world that it may turn to the blocs of the
    exercise; blank: what the model's own allocation gives them.
    """

    kind: Literal["donor"]
    name: Line
    brief: Text = ""
    places: int = Field(8, ge=1, le=40)
    training: int = Field(6, ge=0, le=30)
    equipment: int = Field(6, ge=0, le=30)
    meetings: int = Field(2, ge=0, le=3)
    campaigns: int = Field(0, ge=0, le=3)
    conditions: tuple[Condition, ...] = ("none",)
    effort: float | None = Field(None, ge=0, le=0.5)


class BackgroundSeat(Strict):
    """A background donor, which covers ground and so crowds out rivals; it decides where."""

    kind: Literal["background"]
    name: Line
    brief: Text = ""
    places: int = Field(8, ge=1, le=40)
    points: int = Field(8, ge=1, le=30)
    step: float = Field(0.1, gt=0, le=0.5, description="cover of a bloc's ground bought by a point")
    policy: str = Field("", description="policy of the scenario it takes the place of")
    rivals: tuple[str, ...] = ("CHN",)


class BlocSeat(Strict):
    """Recipient states that answer each donor together."""

    kind: Literal["bloc"]
    name: Line
    brief: Text = ""
    places: int = Field(8, ge=1, le=40)
    members: tuple[str, ...] = Field(min_length=2)
    attention: int = Field(4, ge=1, le=12)


Seat = Annotated[DonorSeat | BackgroundSeat | BlocSeat, Field(discriminator="kind")]


class Card(Strict):
    """An event the facilitator may inject, struck in the first month of the quarter."""

    title: Title
    kind: Literal["war", "peace", "leadership_change", "agreement", "pause", "resume", "exposure"]
    recipients: tuple[str, ...] = Field(min_length=1, max_length=40)
    donor: str = ""
    size: float = Field(1.0, ge=0, le=5)


class Exercise(Strict):
    """What is played; seats are keyed by a donor's code or by a word for a bloc."""

    name: Line = ""
    title: Line
    aim: Text
    scenario: str
    opening: date
    turns: int = Field(ge=1, le=40)
    minutes: float = Field(8, gt=0, le=120)
    questions: tuple[Text, ...] = ()
    compare: tuple[str, ...] = ()
    seats: dict[str, Seat]
    cards: tuple[Card, ...] = ()

    @model_validator(mode="after")
    def _blocs_apart(self) -> "Exercise":
        members = [code for bloc in self.blocs.values() for code in bloc.members]
        twice = sorted({code for code in members if members.count(code) > 1})
        if twice:
            raise ValueError(f"{twice[0]} is a member of two blocs")
        if not members:
            raise ValueError("at least one seat must be a bloc of recipients")
        return self

    @property
    def blocs(self) -> dict[str, BlocSeat]:
        """The seats of recipients."""
        return {key: seat for key, seat in self.seats.items() if isinstance(seat, BlocSeat)}

    @property
    def donors(self) -> dict[str, DonorSeat]:
        """The seats of donors that decide."""
        return {key: seat for key, seat in self.seats.items() if isinstance(seat, DonorSeat)}

    def first_month(self, turn: int) -> date:
        """Return the first month of a turn, turns counted from 0."""
        return later(self.opening, MONTHS * turn)

    def last_month(self, turn: int) -> date:
        """Return the last month of a turn."""
        return later(self.opening, MONTHS * turn + MONTHS - 1)

    def quarter(self, turn: int) -> str:
        """Return the name of a turn's quarter, such as ``Jun to Aug 2023``."""
        first, last = self.first_month(turn), self.last_month(turn)
        year = f" {first.year}" if first.year != last.year else ""
        return f"{first:%b}{year} to {last:%b %Y}"


def later(month: date, months: int) -> date:
    """Return the first of a month some months later."""
    number = month.year * 12 + month.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


def names() -> list[str]:
    """Return the names of the shipped exercises."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def load(name: str) -> Exercise:
    """Return a shipped exercise.

    Raises
    ------
    ScenarioError
        If there is none of that name, or its file does not fit its scenario.
    """
    if name not in names():
        raise ScenarioError("exercise", "", f"none is called '{printable(name[:40])}'{nearest(name, names())}")
    path = FOLDER / f"{name}.toml"
    try:
        raw = reading.toml(reading.text(path))
    except reading.UnreadableError as error:
        raise ScenarioError(path.name, error.key, error.fault) from None
    except OSError as error:
        raise ScenarioError(path.name, "", f"cannot be read: {error.strerror}") from None
    return checked({**raw, "name": name})


def shelf() -> tuple[dict[str, Exercise], dict[str, str]]:
    """Return the exercises that can be played, and why the others cannot be read, by name."""
    good: dict[str, Exercise] = {}
    bad: dict[str, str] = {}
    for name in names():
        try:
            good[name] = load(name)
        except ScenarioError as error:
            bad[name] = str(error)
    return good, bad


def asked(name: str, turns: str = "", minutes: str = "") -> Exercise:
    """Return a shipped exercise with turns and minutes as a facilitator typed them, if they did.

    Raises
    ------
    ScenarioError
        If they are no numbers, or the scenario has not so many months.
    """
    changed: dict[str, Any] = {}
    for key, text, form in (("turns", turns, r"\d{1,2}"), ("minutes", minutes, r"\d{1,3}(\.\d+)?")):
        if text.strip() and not re.fullmatch(form, text.strip()):
            raise ScenarioError(name, key, f"must be a number, not '{text[:20]}'")
        if text.strip():
            changed[key] = float(text) if key == "minutes" else int(text)
    return checked({**load(name).model_dump(), **changed})


def seed_of(text: str) -> int:
    """Return a seed as a facilitator typed it.

    Raises
    ------
    ScenarioError
        If it is no whole number from 0 on.
    """
    if not re.fullmatch(r"\d{1,9}", text.strip()):
        raise ScenarioError("seed", "", f"must be a whole number from 0 on, not '{text[:20]}'")
    return int(text)


def facilitators_page(name: str) -> str:
    """Return the facilitator's page of a shipped exercise, Markdown; blank if there is none.

    Raises
    ------
    ScenarioError
        If it cannot be read.
    """
    path = FOLDER / f"{name}.md"
    if name not in names() or not path.is_file():
        return ""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise ScenarioError(path.name, "", f"cannot be read: {error}") from None


def checked(raw: dict[str, Any]) -> Exercise:
    """Return an exercise that fits its scenario.

    Raises
    ------
    ScenarioError
        Naming the key at fault.
    """
    try:
        exercise = Exercise.model_validate(raw)
    except ValidationError as error:
        fault = error.errors()[0]
        key = ".".join(str(part) for part in fault["loc"])
        raise ScenarioError(str(raw.get("name", "exercise")), key, fault["msg"]) from None
    _fits(exercise)
    return exercise


def _fits(exercise: Exercise) -> None:
    scenario = load_scenario(exercise.scenario)
    lead = month_number(scenario.start, exercise.opening)
    last = lead + MONTHS * exercise.turns
    where = exercise.name or "exercise"
    if lead < 1 or last > scenario.months:
        fault = f"{exercise.turns} turns from {exercise.opening} do not fit {exercise.scenario}"
        raise ScenarioError(where, "opening", f"{fault}, which has {scenario.months} months")
    for key in exercise.donors:
        if key not in scenario.donors:
            raise ScenarioError(where, f"seats.{key}", f"is no donor of {exercise.scenario}")
    apart = {*scenario.donors, *scenario.counterparts}
    for key, bloc in exercise.blocs.items():
        for code in bloc.members:
            if code in apart:
                raise ScenarioError(where, f"seats.{key}.members", f"'{code}' receives no help")
    for key, seat in exercise.seats.items():
        policy = seat.policy if isinstance(seat, BackgroundSeat) else ""
        if policy and policy not in scenario.policies:
            fault = f"no policy '{policy}'{nearest(policy, scenario.policies)}"
            raise ScenarioError(where, f"seats.{key}.policy", fault)
    _members_exist(exercise, where)


def _members_exist(exercise: Exercise, where: str) -> None:
    from hedgerow.data.load import countries

    known = set(countries().index)
    named = [(f"seats.{k}.members", b.members) for k, b in exercise.blocs.items()]
    named += [(f"cards.{card.title}", card.recipients) for card in exercise.cards]
    for key, codes in named:
        for code in codes:
            if code not in known:
                raise ScenarioError(where, key, f"unknown country '{code}'{nearest(code, known)}")


def card_of(raw: dict[str, Any], exercise: Exercise) -> Card:
    """Return an event a facilitator asks for, on states of the exercise alone.

    Raises
    ------
    ValueError
        If it names a state or donor that is not played, in words for the facilitator.
    """
    card = Card.model_validate(raw)
    board = {code for bloc in exercise.blocs.values() for code in bloc.members}
    for code in card.recipients:
        if code not in board:
            raise ValueError(f"'{code}' is not in any bloc of this exercise")
    if card.donor and card.donor not in exercise.donors:
        raise ValueError(f"'{card.donor}' is no donor of this exercise")
    Event(month=exercise.opening, **card.model_dump(exclude={"title"}))
    return card
