"""Policy levers: named blocks of a scenario, each with dates and recipients.

A lever says what its owner does, never what comes of it. At its null value, or before it starts, a
lever leaves the model exactly as it was. To add one: a class here, a line in :data:`LEVERS`, and
the rule that reads it through :meth:`hedgerow.core.schedule.Schedule.level` or ``active``.
"""

from datetime import date
from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from hedgerow.core.donors import Forum, Selector
from hedgerow.core.numbers import Family, Number, number

Good: TypeAlias = Literal["food", "fuel", "arms", "people"]


class Lever(Family):
    """What every lever has: when and for whom it applies."""

    start: date | None = Field(None, description="first month; blank: from the start")
    end: date | None = Field(None, description="last month; blank: to the end")
    recipients: Selector = "all"


class Leahy(Lever):
    """Vetting of recipients' units for credible allegations of gross violations [A026]."""

    lever: Literal["leahy"] = "leahy"
    donor: str = "USA"
    scope: Literal["none", "unit", "country"] = "unit"
    strictness: Number = number(
        1.0, 0, 1, unit="share of what is flagged that is blocked (nu)", status="literature", source="22 USC 2378d; M09"
    )
    remediation: Number = number(0.0, 0, 1, unit="funding of remediation", status="assumption", source="M09")
    substitution: Number | None = number(
        None,
        0,
        1,
        unit="share of blocked help given to clean units; blank: the parameter's",
        status="literature",
        source="Tate 2011 (excerpt), M09",
    )


class Cutoff(Lever):
    """Cutting the help of those who take much of the rival's [A042, under test]."""

    lever: Literal["cutoff"] = "cutoff"
    donor: str = "USA"
    rival: str = "CHN"
    threshold: Number = number(0.3, 0, 1, unit="rival's share of recent help", status="assumption", source="M11")
    probability: Number = number(
        0.0, 0, 1, unit="chance of being cut in a month above the threshold (p_cut)", status="assumption", source="M11"
    )
    depth: Number = number(0.5, 0, 1, unit="share of help cut", status="assumption", source="M11")
    months: Number = number(18, 1, 120, unit="months a cut lasts", status="assumption", source="M11")
    announced: bool = Field(True, description="whether recipients know and weigh the threat")
    enforced: bool = Field(True, description="whether the cut is carried out")
    perceived: Number = number(
        0.0,
        0,
        1,
        unit="chance recipients attach to an announced cut, if above the real one",
        status="assumption",
        source="M10, M11",
    )
    technology_only: bool = Field(False, description="whether equipment alone is cut")


class GapFill(Lever):
    """A share of the effort reserved for the largest gaps the rival fills [A043]."""

    lever: Literal["gap_fill"] = "gap_fill"
    donor: str = "USA"
    share: Number = number(0.0, 0, 1, unit="share of effort reserved", status="assumption", source="M11, 0-0.5")


class TechAlternative(Lever):
    """An affordable alternative to the rival's technology [A051, A052]."""

    lever: Literal["tech_alternative"] = "tech_alternative"
    donor: str = "USA"
    premium: Number | None = number(
        None,
        0,
        1.5,
        unit="price above the rival's, as a share; blank: the usual price",
        status="assumption",
        source="M13",
    )
    subsidy: Number = number(0.0, 0, 0.8, unit="share of the price paid", status="assumption", source="M13")
    packages: Number = number(
        0.0, 0, 500, unit="surveillance systems a year, added for these recipients", status="assumption", source="M13"
    )
    ramp: Number = number(
        24, 1, 60, unit="months to full supply and the full change of price", status="assumption", source="M13, 12-36"
    )


class Information(Lever):
    """A campaign on how well a donor's help works [A044]."""

    lever: Literal["information"] = "information"
    donor: str = "USA"
    about: str = Field("CHN", description="donor the campaign speaks of")
    kind: Literal["evidence", "promotion", "attack"] = "evidence"
    intensity: Number = number(0.0, 0, 2, unit="messages a month, in observations", status="assumption", source="M12")
    credibility: Number = number(0.5, 0, 1, unit="weight given to a message", status="assumption", source="M12")
    effect: Number = number(
        0.0,
        0,
        1,
        unit="fall of belief an attack achieves",
        status="literature",
        source="Mattingly and Sundquist (abstract), M12; default none",
    )
    backlash: Number = number(
        0.01,
        0,
        0.05,
        unit="alignment the attacker loses a year at full intensity",
        status="literature",
        source="M12, 0-0.05",
    )


class FollowUp(Lever):
    """More attache posts for operational follow-up [A053]."""

    lever: Literal["follow_up"] = "follow_up"
    donor: str = "USA"
    posts: Number = number(
        0.0, 0, 1, unit="share of the follow-up still missing that is added", status="assumption", source="M14"
    )


class Venue(Lever):
    """Where courses are held [A046]."""

    lever: Literal["venue"] = "venue"
    donor: str = "CHN"
    in_host: Number = number(
        0.1, 0, 1, unit="share of courses held in the recipient's country", status="assumption", source="M03; A016"
    )


class Pledge(Family):
    """Training promised to some recipients."""

    recipients: Selector = "all"
    officers: Number = number(
        0, 0, 50000, unit="officers a year", status="source", source="A017, B030, B050, B135, B144"
    )
    delivered: Number = number(1, 0, 1, unit="share of the pledge delivered", status="assumption", source="B080")


class Budget(Lever):
    """Budgets multiplied, and pledges delivered on top; ministers' time for all partners alike."""

    lever: Literal["budget"] = "budget"
    donor: str = "USA"
    training: Number = number(1, 0, 10, unit="times", status="assumption", source="scenario")
    equipment: Number = number(1, 0, 10, unit="times", status="assumption", source="scenario")
    meetings: Number = number(1, 0, 10, unit="times", status="assumption", source="scenario")
    follow_up: Number = number(1, 0, 10, unit="times", status="assumption", source="scenario")
    pledges: tuple[Pledge, ...] = ()


class Forums(Lever):
    """Forums created, cancelled or strengthened."""

    lever: Literal["forums"] = "forums"
    create: dict[str, Forum] = Field(default_factory=dict)
    cancel: tuple[str, ...] = ()
    strengthen: dict[str, float] = Field(default_factory=dict, description="log-odds added to attendance, by forum")


class ReactionLever(Lever):
    """How a donor answers a rival's gains."""

    lever: Literal["reaction"] = "reaction"
    donor: str = "USA"
    rate: Number = number(0.3, 0, 1, unit="rise of weight per rise of rivals' cover", status="assumption", source="M21")
    lag: Number = number(9, 6, 12, unit="months", status="assumption", source="M21")
    cap: Number = number(1.0, 0, 3, unit="largest rise of weight", status="assumption", source="M21")


class ForcedChoice(Lever):
    """A world that makes states choose: a stress test, not a forecast."""

    lever: Literal["forced_choice"] = "forced_choice"
    rho: Number = number(0.0, -1, 0.1, unit="of the rivals' change (rhoX)", status="assumption", source="M16")


class ServiceCentres(Lever):
    """Opening and exposing service centres [A031-A034]."""

    lever: Literal["service_centres"] = "service_centres"
    donor: str = "CHN"
    openings: Number = number(1, 0, 20, unit="times", status="assumption", source="M19")
    exposure: Number = number(1, 0, 50, unit="times", status="assumption", source="M19")


class IllicitLever(Lever):
    """What outsiders do about illicit markets [A076-A079]."""

    lever: Literal["illicit"] = "illicit"
    crackdown: Number = number(0, 0, 1, unit="interdiction on the border", status="assumption", source="A077")
    goods: tuple[Good, ...] = ("food", "fuel", "arms", "people")
    sanctions: Number = number(0, 0, 1, unit="targeted sanctions on protectors", status="assumption", source="A078")
    development: Number = number(0, 0, 1, unit="aid to border communities", status="assumption", source="A076")


class Transition(Lever):
    """States that enter a political path at the start date [A081, A082]."""

    lever: Literal["transition"] = "transition"
    path: Literal["stable", "transition", "stalled", "backsliding"] = "stalled"
    hold: bool = Field(False, description="whether the state stays on the path until the end")


class BackgroundDonors(Lever):
    """Help of donors that do not decide in the model, such as Australia in the Pacific."""

    lever: Literal["background_donors"] = "background_donors"
    donor: str
    cover: Number = number(
        0.0,
        0,
        1,
        unit="share of the ground covered",
        status="assumption",
        source="M21; Pacific Policing Initiative, A$400 million",
    )
    rivals: tuple[str, ...] = Field(("CHN",), description="donors that find this ground covered")


AnyLever = Annotated[
    Leahy
    | Cutoff
    | GapFill
    | TechAlternative
    | Information
    | FollowUp
    | Venue
    | Budget
    | Forums
    | ReactionLever
    | ForcedChoice
    | ServiceCentres
    | IllicitLever
    | Transition
    | BackgroundDonors,
    Field(discriminator="lever"),
]

LEVERS: dict[str, type[Lever]] = {
    str(kind.model_fields["lever"].get_default() or "background_donors"): kind
    for kind in (
        Leahy,
        Cutoff,
        GapFill,
        TechAlternative,
        Information,
        FollowUp,
        Venue,
        Budget,
        Forums,
        ReactionLever,
        ForcedChoice,
        ServiceCentres,
        IllicitLever,
        Transition,
        BackgroundDonors,
    )
}
