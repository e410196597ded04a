"""The shape of a manifest: what results say of themselves, by kind, as strict models.

A manifest comes from a file that anyone may have written, so nothing of it is believed before it has this
shape. A new kind of results is a class here, named by its ``kind``; a new key is a field.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

Count: TypeAlias = Annotated[int, Field(ge=1, le=10**12)]
Word: TypeAlias = Annotated[str, Field(min_length=1, max_length=4096)]
Outcomes: TypeAlias = Annotated[list[Word], Field(min_length=1)]


class Part(BaseModel):
    """A frozen part of a manifest; it may say more than this version reads."""

    model_config = ConfigDict(frozen=True, extra="allow", strict=True, allow_inf_nan=False)


class DonorSaid(Part):
    """What every reader needs to know of a donor."""

    name: Word


class ScenarioSaid(Part):
    """What every reader needs to know of a scenario, which is read in full before it is run."""

    title: str
    question: str = ""
    start: str = Field(pattern=r"^\d{4}-\d\d-\d\d$")
    months: int = Field(ge=1, le=600)
    donors: dict[str, DonorSaid] = Field(min_length=1)
    policies: dict[str, dict[str, Any]] = Field(default_factory=dict)


class Drawn(Part):
    """The posterior that parameters were drawn from."""

    calibration: Word
    model: Word
    draws: Count


class About(Part):
    """What results of every kind say of themselves."""

    format: int
    hash: Word
    code: Word
    versions: dict[str, str]
    seed: int = Field(ge=0)
    runs: Count
    own: dict[str, dict[str, str]]
    set_by: dict[str, dict[str, str]]
    resolved: dict[str, ScenarioSaid] = Field(min_length=1)
    posterior: Drawn | None = None
    drawn: dict[str, list[str]] = Field(default_factory=dict)
    held: dict[str, list[str]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _of_these_scenarios(self) -> Self:
        if "posterior" in self.model_fields_set and self.posterior is None:
            raise ValueError("posterior: must be a table, or left out")
        told = {"set_by": self.set_by} | ({"drawn": self.drawn, "held": self.held} if self.posterior else {})
        for key, by in told.items():
            if set(by) != set(self.resolved):
                raise ValueError(f"{key}: must speak of the scenarios that 'resolved' holds")
        return self

    def _known(self, key: str, *names: str) -> None:
        for name in names:
            if name not in self.resolved:
                raise ValueError(f"{key}: '{name}' is none of the scenarios that 'resolved' holds")


class RunAbout(About):
    """The runs of one scenario."""

    kind: Literal["run"]
    scenario: str
    runs: Annotated[int, Field(ge=1, le=10**7)]
    first: int = Field(0, ge=0)
    pairs: int = Field(ge=0)

    @model_validator(mode="after")
    def _fits(self) -> Self:
        self._known("scenario", self.scenario)
        return self


class ComparisonAbout(About):
    """Scenarios beside one another."""

    kind: Literal["comparison"]
    runs: Annotated[int, Field(ge=1, le=10**7)]
    base: str
    variants: list[str] = Field(min_length=1)

    @model_validator(mode="after")
    def _fits(self) -> Self:
        self._known("base", self.base)
        self._known("variants", *self.variants)
        if len({self.base, *self.variants}) != 1 + len(self.variants):
            raise ValueError("variants: must be others than the base and than one another")
        return self


class SweepAbout(About):
    """The runs of a study."""

    kind: Literal["sweep"]
    name: Word
    question: str = ""
    source: Word
    study_hash: Word
    design: Word
    points: Annotated[int, Field(ge=1, lt=2**31)]
    rounds: Annotated[list[Count], Field(min_length=1)]
    outcomes: Outcomes
    factors: Annotated[list[Word], Field(min_length=1)]
    points_sha256: str
    mixed: list[dict[str, list[Any]]] = Field(default_factory=list)
    study: Annotated[str, Field(min_length=1)]

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if sorted(set(self.rounds)) != self.rounds:
            raise ValueError("rounds: must rise")
        for key, names in (("factors", self.factors), ("outcomes", self.outcomes)):
            if len(set(names)) < len(names):
                raise ValueError(f"{key}: names one twice")
        return self


KINDS: dict[str, type[About]] = {"run": RunAbout, "comparison": ComparisonAbout, "sweep": SweepAbout}


def fault(content: Mapping[str, Any]) -> tuple[str, str] | None:
    """Return the key and the fault of a manifest that has not the shape of its kind; None where all is well."""
    kind = content.get("kind")
    if "kind" in content and not (isinstance(kind, str) and kind in KINDS):
        return "kind", f"is of a kind that this hedgerow does not know: '{kind!s:.40}'"
    try:
        KINDS.get(str(kind), RunAbout).model_validate(content)
    except ValidationError as error:
        return _first(error)
    return None


def _first(error: ValidationError) -> tuple[str, str]:
    told = error.errors(include_input=False, include_url=False)[0]
    key = ".".join(str(part) for part in told["loc"])
    if told["type"] == "missing":
        words = f"says nothing of '{key}', so this version cannot read it; another wrote it, or it is damaged"
        return "", words
    words = told["msg"].removeprefix("Value error, ")
    if not key:
        key, _, words = words.partition(": ")
    return key, f"is not as this version reads it ({words[0].lower() + words[1:]})"
