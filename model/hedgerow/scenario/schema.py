"""The shape of a scenario file."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Self, TypeAlias, Union

from pydantic import ConfigDict, Field, GetCoreSchemaHandler, PrivateAttr, model_validator
from pydantic_core import CoreSchema

from hedgerow.core.donors import Donor, Forum
from hedgerow.core.levers import LEVERS, Lever
from hedgerow.core.numbers import Family
from hedgerow.core.parameters import Parameters
from hedgerow.core.scene import Event
from hedgerow.scenario import own


class _OfItsKind:
    """Tells pydantic that a lever is of the class its ``lever`` names, the user's own included."""

    def __get_pydantic_core_schema__(self, _: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        own.load_levers()
        return handler.generate_schema(Annotated[Union[tuple(LEVERS.values())], Field(discriminator="lever")])  # noqa: UP007


AnyLever: TypeAlias = Annotated[Lever, _OfItsKind()]


class RuleNames(Family):
    """Rules of a user's own, by name; see :mod:`hedgerow.scenario.rules`."""

    plan: dict[str, str] = Field(default_factory=dict, description="allocation, by donor")
    vet: dict[str, str] = Field(default_factory=dict, description="vetting, by donor")
    respond: dict[str, str] = Field(default_factory=dict, description="response, by selector")


class Scenario(Family):
    """A what-if: who competes, when, by which rules and policies."""

    # Built at first use, when the levers that packages offer can be looked for.
    model_config = ConfigDict(defer_build=True)

    title: str = Field(description="what the scenario is called, in words")
    question: str = Field("", description="the question it is built to answer")
    facts: tuple[str, ...] = Field((), description="ids of the facts it rests on")
    look_at: str = Field("", description="what to look at in the results")
    surprise: str = Field("", description="what would surprise")
    start: date = Field(description="first month, as its first day")
    months: int = Field(ge=1, le=600, description="how many months to run")
    counterparts: tuple[str, ...] = Field(
        (), description="rows that are met but not helped, and stay out of alignment metrics"
    )
    hostile: tuple[tuple[str, str], ...] = Field((), description="pairs that shun one another")
    donors: dict[str, Donor]
    parameters: Parameters = Parameters()
    policies: dict[str, AnyLever] = Field(default_factory=dict)
    forums: dict[str, Forum] = Field(default_factory=dict)
    events: tuple[Event, ...] = ()
    rules: RuleNames = RuleNames()
    __hash__ = None  # type: ignore[assignment]  # it holds tables
    _set_by: dict[str, str] = PrivateAttr(default_factory=dict)

    @property
    def set_by(self) -> Mapping[str, str]:
        """Who set what: a file, ``--set`` or a study, by dotted path; see :mod:`hedgerow.runs.posterior`."""
        return self._set_by

    def __eq__(self, other: object) -> bool:
        """Say whether two scenarios say the same, whoever said it."""
        return isinstance(other, Scenario) and self.__dict__ == other.__dict__

    def marked(self, set_by: Mapping[str, str]) -> Self:
        """Return the scenario with a note of who set further paths."""
        noted = self.model_copy()
        noted._set_by = {**self._set_by, **set_by}
        return noted

    @model_validator(mode="before")
    @classmethod
    def _name_levers(cls, raw: Any) -> Any:
        """Let a policy block be of the lever it is named after."""
        if not isinstance(raw, dict) or not isinstance(raw.get("policies"), dict):
            return raw
        policies = {
            name: {"lever": name, **block} if isinstance(block, dict) else block for name, block in raw["policies"].items()
        }
        return {**raw, "policies": policies}


def register_lever(kind: type[Lever]) -> None:
    """Make a lever of one's own known in this process: scenarios may then have it.

    Parameters
    ----------
    kind : type of Lever
        One of the same name as an earlier one takes its place.

    Raises
    ------
    ScenarioError
        If it is no lever, or is named like one of the model's.
    """
    own.add_lever(kind)
    Scenario.model_rebuild(force=True)


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of a scenario file.

    Any key may be left out, since it may come from ``extends``; a policy block is described by its
    ``lever``, or by its own name where it names none.
    """
    schema = Scenario.model_json_schema(mode="validation")
    schema["properties"]["extends"] = {"type": "string", "description": "name or path of the scenario it builds on"}
    for table in (schema, *schema["$defs"].values()):
        table.pop("required", None)
    mapping = schema["properties"]["policies"]["additionalProperties"]["discriminator"]["mapping"]
    named = [
        {"if": {"required": ["lever"], "properties": {"lever": {"const": lever}}}, "then": {"$ref": where}}
        for lever, where in mapping.items()
    ]
    any_block = {"type": "object", "allOf": named}
    schema["properties"]["policies"] = {
        "type": "object",
        "properties": {
            lever: {"if": {"required": ["lever"]}, "then": any_block, "else": {"$ref": where}}
            for lever, where in mapping.items()
        },
        "additionalProperties": any_block,
    }
    return schema
