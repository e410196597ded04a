"""Policy levers: named blocks of a scenario, each with dates and recipients.

A lever says what its owner does, never what comes of it. At its null value, or before it starts, a
lever leaves the model exactly as it was. To add one: a class here, and the rule that reads it
through :meth:`hedgerow.core.schedule.Schedule.level` or ``now``. What stands in lists, on screens
and in schemas is derived from the class. A package of a user's own offers a class of its own; see
:mod:`hedgerow.scenario.own`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, ClassVar, Literal, TypeAlias, get_args

from pydantic import Field
from pydantic.fields import FieldInfo

from hedgerow.core.donors import Forum, Selector
from hedgerow.core.numbers import Family, Number, entry, number

Good: TypeAlias = Literal["food", "fuel", "arms", "people"]
Block: TypeAlias = Mapping[str, Any]
"""Keys of a policy and their values, as a scenario file states them."""
Blocks: TypeAlias = Mapping[str, Block]


@dataclass(frozen=True)
class Names:
    """Marks a text field of a lever as the name of a donor or forum of the scenario, or of any country."""

    what: Literal["donor", "forum", "country"]


DonorCode: TypeAlias = Annotated[str, Names("donor")]


def names_what(field: FieldInfo) -> str:
    """Return what a field names, blank where it names nothing."""
    return next((m.what for m in field.metadata if isinstance(m, Names)), "")


class Lever(Family):
    """What every lever has: a name for files and one for people, when and for whom it applies.

    Attributes
    ----------
    title : str
        What it is called on screens; what it does is the first line of its docstring.
    null : mapping
        Keys under which it changes nothing in the baseline; with nothing said it should change nothing.
    templates : mapping, optional
        Blocks that the lab offers where nobody pursues them yet: what must be said, by the name of the
        policy. By default one named after the lever that says nothing, unless a key is needed.
    aimed : bool
        Whether it matters which recipients it is given.
    """

    title: ClassVar[str]
    null: ClassVar[Block] = {}
    templates: ClassVar[Blocks | None] = None
    aimed: ClassVar[bool] = True

    start: date | None = Field(None, description="first month; blank: from the start")
    end: date | None = Field(None, description="last month; blank: to the end")
    recipients: Selector = "all"
    lever: str

    @classmethod
    def key(cls) -> str:
        """Return its name in a scenario file, the one value of ``lever``; blank where it has none."""
        held = get_args(cls.model_fields["lever"].annotation)
        return str(held[0]) if held == (cls.model_fields["lever"].default,) else ""

    @classmethod
    def offered(cls) -> Blocks:
        """Return the blocks that a screen may offer."""
        if cls.templates is not None:
            return cls.templates
        return {} if any(field.is_required() for field in cls.model_fields.values()) else {cls.key(): {}}


class Leahy(Lever):
    """Vetting of recipients' units for credible allegations of gross violations [A026]."""

    title = "Vetting of police units"
    lever: Literal["leahy"] = "leahy"
    donor: DonorCode = "USA"
    scope: Literal["none", "unit", "country"] = "unit"
    strictness: Number = number(1.0, 0, 1, "share of what is flagged that is blocked (nu)", "literature: 22 USC 2378d; M09")
    remediation: Number = number(0.0, 0, 1, "funding of remediation", "assumption: M09")
    substitution: Number | None = number(
        None,
        0,
        1,
        "share of blocked help given to clean units; blank: the parameter's",
        "literature: Tate 2011 (excerpt), M09",
    )


class Cutoff(Lever):
    """Cutting the help of those who take much of the rival's [A042, under test]."""

    title = "Cut off who takes the rival's help"
    lever: Literal["cutoff"] = "cutoff"
    donor: DonorCode = "USA"
    rival: DonorCode = "CHN"
    threshold: Number = number(0.3, 0, 1, "rival's share of recent help", "assumption: M11")
    probability: Number = number(0.0, 0, 1, "chance of being cut in a month above the threshold (p_cut)", "assumption: M11")
    depth: Number = number(0.5, 0, 1, "share of help cut", "assumption: M11")
    months: Number = number(18, 1, 120, "months a cut lasts", "assumption: M11")
    announced: bool = Field(True, description="whether recipients know and weigh the threat")
    enforced: bool = Field(True, description="whether the cut is carried out")
    perceived: Number = number(
        0.0, 0, 1, "chance recipients attach to an announced cut, if above the real one", "assumption: M10, M11"
    )
    technology_only: bool = Field(False, description="whether equipment alone is cut")


class GapFill(Lever):
    """A share of the effort reserved for the largest gaps the rival fills [A043]."""

    title = "Fill the gaps the rival fills"
    lever: Literal["gap_fill"] = "gap_fill"
    donor: DonorCode = "USA"
    share: Number = number(0.0, 0, 1, "share of effort reserved", "assumption: M11, 0-0.5")


class TechAlternative(Lever):
    """An affordable alternative to the rival's technology [A051, A052]."""

    title = "Affordable technology"
    lever: Literal["tech_alternative"] = "tech_alternative"
    donor: DonorCode = "USA"
    premium: Number | None = number(
        None, 0, 1.5, "price above the rival's, as a share; blank: the usual price", "assumption: M13"
    )
    subsidy: Number = number(0.0, 0, 0.8, "share of the price paid", "assumption: M13")
    packages: Number = number(0.0, 0, 500, "surveillance systems a year, added for these recipients", "assumption: M13")
    ramp: Number = number(24, 1, 60, "months to full supply and the full change of price", "assumption: M13, 12-36")


class Information(Lever):
    """A campaign on how well a donor's help works [A044]."""

    title = "Information campaign"
    lever: Literal["information"] = "information"
    donor: DonorCode = "USA"
    about: DonorCode = Field("CHN", description="donor the campaign speaks of")
    kind: Literal["evidence", "promotion", "attack"] = "evidence"
    intensity: Number = number(0.0, 0, 2, "messages a month, in observations", "assumption: M12")
    credibility: Number = number(0.5, 0, 1, "weight given to a message", "assumption: M12")
    effect: Number = number(
        0.0, 0, 1, "fall of belief an attack achieves", "literature: Mattingly and Sundquist (abstract), M12; default none"
    )
    backlash: Number = number(
        0.01, 0, 0.05, "alignment the attacker loses a year at full intensity", "literature: M12, 0-0.05"
    )


class Pledge(Family):
    """Training promised to some recipients."""

    recipients: Selector = "all"
    officers: Number = number(0, 0, 50000, "officers a year", "source: A017, B030, B050, B135, B144")
    delivered: Number = number(1, 0, 1, "share of the pledge delivered", "assumption: B080")


class Budget(Lever):
    """Budgets multiplied, and pledges delivered on top; ministers' time for all partners alike."""

    title = "Budgets"
    templates: ClassVar[Blocks] = {"budget": {}, "budget_china": {"donor": "CHN"}}
    lever: Literal["budget"] = "budget"
    donor: DonorCode = "USA"
    training: Number = number(1, 0, 10, "times", "assumption: scenario")
    equipment: Number = number(1, 0, 10, "times", "assumption: scenario")
    meetings: Number = number(1, 0, 10, "times", "assumption: scenario")
    follow_up: Number = number(1, 0, 10, "times", "assumption: scenario")
    pledges: tuple[Pledge, ...] = ()


class Venue(Lever):
    """Where courses are held [A046]."""

    title = "Where courses are held"
    lever: Literal["venue"] = "venue"
    donor: DonorCode = "CHN"
    in_host: Number = number(0.1, 0, 1, "share of courses held in the recipient's country", "assumption: M03; A016")


class FollowUp(Lever):
    """More attache posts for operational follow-up [A053]."""

    title = "Operational follow-up"
    templates: ClassVar[Blocks] = {"follow_up": {}, "follow_up_china": {"donor": "CHN"}}
    lever: Literal["follow_up"] = "follow_up"
    donor: DonorCode = "USA"
    posts: Number = number(0.0, 0, 1, "share of the follow-up still missing that is added", "assumption: M14")


class ReactionLever(Lever):
    """How a donor answers a rival's gains."""

    title = "Answer to a rival's gains"
    templates: ClassVar[Blocks] = {"reaction": {}, "reaction_china": {"donor": "CHN"}}
    lever: Literal["reaction"] = "reaction"
    donor: DonorCode = "USA"
    rate: Number = number(0.3, 0, 1, "rise of weight per rise of rivals' cover", "assumption: M21")
    lag: Number = number(9, 6, 12, "months", "assumption: M21")
    cap: Number = number(1.0, 0, 3, "largest rise of weight", "assumption: M21")


class ServiceCentres(Lever):
    """Opening and exposing service centres [A031-A034]."""

    title = "Overseas service centres"
    lever: Literal["service_centres"] = "service_centres"
    donor: DonorCode = "CHN"
    openings: Number = number(1, 0, 20, "times", "assumption: M19")
    exposure: Number = number(1, 0, 50, "times", "assumption: M19")


class Forums(Lever):
    """Forums created, cancelled or strengthened."""

    title = "Forums"
    aimed = False
    lever: Literal["forums"] = "forums"
    create: dict[str, Forum] = Field(default_factory=dict)
    cancel: Annotated[tuple[str, ...], Names("forum")] = ()
    strengthen: dict[str, Annotated[Number, entry(-4, 4, "log-odds added to attendance", "assumption: M08")]] = Field(
        default_factory=dict, description="log-odds added to attendance, by forum"
    )


class IllicitLever(Lever):
    """What outsiders do about illicit markets [A076-A079]."""

    title = "Illicit markets"
    lever: Literal["illicit"] = "illicit"
    crackdown: Number = number(0, 0, 1, "interdiction on the border", "assumption: A077")
    goods: tuple[Good, ...] = ("food", "fuel", "arms", "people")
    sanctions: Number = number(0, 0, 1, "targeted sanctions on protectors", "assumption: A078")
    development: Number = number(0, 0, 1, "aid to border communities", "assumption: A076")


class Transition(Lever):
    """States that enter a political path at the start date [A081, A082]."""

    title = "Political transition"
    null: ClassVar[Block] = {"path": "stable", "recipients": ["CHE"]}
    templates: ClassVar[Blocks] = {"transition": {"recipients": ["ETH", "TUN"]}}
    lever: Literal["transition"] = "transition"
    path: Literal["stable", "transition", "stalled", "backsliding"] = "stalled"
    hold: bool = Field(False, description="whether the state stays on the path until the end")


class ForcedChoice(Lever):
    """A world that makes states choose: a stress test, not a forecast."""

    title = "A world that forces a choice"
    lever: Literal["forced_choice"] = "forced_choice"
    rho: Number = number(0.0, -1, 0.1, "of the rivals' change (rhoX)", "assumption: M16")


class BackgroundDonors(Lever):
    """Help of donors that do not decide in the model, such as Australia in the Pacific."""

    title = "Help by others"
    null: ClassVar[Block] = {"donor": "JPN"}
    lever: Literal["background_donors"] = "background_donors"
    donor: Annotated[str, Names("country")]
    cover: Number = number(
        0.0, 0, 1, "share of the ground covered", "assumption: M21; Pacific Policing Initiative, A$400 million"
    )
    rivals: tuple[str, ...] = Field(("CHN",), description="donors that find this ground covered")


LEVERS: dict[str, type[Lever]] = {kind.key(): kind for kind in Lever.__subclasses__()}
"""Every lever by its name in a file: the model's own, and what packages offer once a scenario is read."""
