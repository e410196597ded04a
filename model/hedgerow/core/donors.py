"""Donors and forums: who offers help, with what means, and where they meet recipients.

A donor is declared by numbers alone, so a scenario adds one without new code. The two that ship as
defaults are China and the United States; their numbers are what the sources give, else stated
assumptions.
"""

from datetime import date
from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from hedgerow.core.numbers import Family, Number, entry, number

CAPABILITIES = ("investigation", "public_order", "border", "technology")
TierName = Literal["head", "minister", "vice_minister"]
Selector: TypeAlias = str | tuple[str, ...]
"""Recipients: ``"all"``, ``"region:Africa"``, ``"org:asean"``, ``"polyarchy < 0.4"``, codes."""


class Tier(Family):
    """A rank of ministers with a time budget of its own."""

    body: str
    tier: TierName
    slots: Number = number(1, 0, 60, "stand-alone meetings a month", "assumption: M07")
    ideology: Number = number(0, 0, 4, "log meeting value per unit of closeness in regime", "assumption: M07; B234")
    weight: Number = number(1, 0, 3, "weight of a meeting by rank", "assumption: M07; B235")


class Fit(Family):
    """How far a donor's help suits each capability."""

    investigation: Number = number(0.4, 0, 1, "share of the need met", "assumption: M24; A024, A048")
    public_order: Number = number(0.4, 0, 1, "share of the need met", "assumption: M24; A010, A024")
    border: Number = number(0.4, 0, 1, "share of the need met", "assumption: M24; B082")
    technology: Number = number(0.4, 0, 1, "share of the need met", "assumption: M24; A010, A020")


class Weights(Family):
    """What a donor weighs when it plans."""

    value: Number = number(0.5, 0, 1, "score per sd of strategic value (wV)", "assumption: M02")
    stake: Number = number(0.0, 0, 1, "score per economic stake (wE)", "assumption: M02; A011")
    exposure: Number = number(0.0, 0, 1, "score per exposure of nationals (wH)", "assumption: M02; A011")
    alignment: Number = number(0.3, 0, 1, "score per alignment (wA)", "assumption: M02")
    gap: Number = number(0.5, 0, 1, "score per gap it fits (wG)", "assumption: M02")
    cover: Number = number(0.0, 0, 1, "score lost per cover of rivals (wX)", "assumption: M02; B240")
    temperature: Number = number(0.5, 0.3, 1.5, "score per unit of log share (T)", "assumption: M02")


class Training(Family):
    """Courses for foreign officers."""

    officers: Number = number(3000, 0, 200000, "officers a year", "assumption: MODEL 6")
    growth: Number = number(
        0.0, -0.5, 0.5, "share a year, from June 2022", "assumption: A018 for China: 2,700 in 2023 to 3,000 in 2025"
    )
    group: Number = number(22, 5, 60, "officers a course abroad", "literature: M03; press, 115 courses for 2,500 officers")
    weeks: Number = number(2.5, 0.5, 12, "weeks a course", "source: A014")
    in_host: Number = number(0.3, 0, 1, "share of courses held in the recipient's country", "assumption: A015-A016, A045")
    in_host_trend: Number = number(0.0, -0.2, 0.2, "rise of that share a year, from June 2022", "assumption: A016")
    cost_ratio: Number = number(
        2.5, 1.5, 4, "cost of a seat abroad over one in the country", "assumption: M03; only the sign is sourced, A046"
    )
    take_up: Number = number(
        0.7,
        0.3,
        1,
        "share of seats offered that are usually taken",
        "assumption: so that officers trained, not offered, match the budget",
    )
    seat_usd: Number = number(6000, 500, 50000, "US$ a seat abroad", "assumption: no public figure")


class Equipment(Family):
    """Gifts and sales of kit."""

    packages: Number = number(60, 0, 1000, "packages a year", "assumption: A020-A022")
    big: Number = number(0.1, 0.05, 0.2, "share that are surveillance systems", "assumption: MODEL 6; A020-A021")
    small_usd: Number = number(
        150_000, 1000, 5_000_000, "US$, median small package", "assumption: A021, motorcycles or a police post"
    )
    big_usd: Number = number(
        8_000_000,
        100_000,
        200_000_000,
        "US$, median surveillance package",
        "assumption: M05; about US$100 million for Islamabad (press) is large",
    )
    log_sd: Number = number(1.5, 1, 2, "sd of log value", "assumption: MODEL 6")
    price: Number = number(0.2, 0, 2, "price of technology, 1 = the market's", "assumption: A051")
    data_worry: Number = number(0.0, 0, 1, "worry about data that comes with its technology", "assumption: A050")


WorthWeight: TypeAlias = Annotated[
    Number, entry(-10, 10, "strategic value per sd of the covariate, before it is brought to sd 1", "assumption: M02")
]
RankWeight: TypeAlias = Annotated[
    Number, entry(-10, 10, "weight per sd of the covariate; the sum enters as a rank", "assumption: M02; MODEL 3")
]
Installed: TypeAlias = Annotated[
    Number, entry(-5, 5, "systems installed at the start per unit of the covariate", "assumption: MODEL 3; A030")
]


class Donor(Family):
    """A state that trains, equips and meets the police of others.

    ``value``, ``stake`` and ``exposure`` map covariates of the country table, or
    ``distance_km``, ``same_region`` and ``border`` from the donor, to weights.
    """

    name: str
    bloc: str = Field("", description="donors of one bloc are not rivals; blank: its own code")
    value: dict[str, WorthWeight] = Field(default_factory=dict)
    stake: dict[str, RankWeight] = Field(default_factory=dict)
    exposure: dict[str, RankWeight] = Field(default_factory=dict)
    trust: dict[str, RankWeight] = Field(default_factory=dict)
    lock_in: dict[str, Installed] = Field(default_factory=dict)
    agreements: Selector = ()
    initiative: str = Field("", description="what recipients may declare support for")
    shuns: Selector = Field((), description="states it has no police relations with")
    tiers: tuple[Tier, ...] = ()
    fit: Fit = Fit()
    weights: Weights = Weights()
    training: Training = Training()
    equipment: Equipment = Equipment()
    quality: Number = number(0.5, 0, 1, "true effect of its help where it fits", "assumption: A024, A035-A039")
    surveillance: Number = number(0.3, 0, 1, "surveillance content of its help", "assumption: A010")
    model_export: Number = number(
        0.0, -1, 1, "pull towards order policing (1) or rights-based policing (-1)", "assumption: A010, A029, A048"
    )
    conditions: Number = number(0.0, 0, 1, "strictness of the terms attached", "assumption: A026-A027")
    visibility: Number = number(0.3, 0, 1, "publicity of its bilateral help", "assumption: M20")
    follow_up: Number = number(0.3, 0, 1, "operational follow-up", "assumption: A025, A053")
    follow_up_core: Number = number(0.3, 0, 1, "operational follow-up in its core region", "assumption: A053, B142")
    core: Selector = ()
    pilot: Selector = Field((), description="where its initiative is piloted")
    origin: dict[str, str] = Field(default_factory=dict, description="where this donor's own numbers come from, by path")
    response: Number = number(
        0.01, -0.01, 0.05, "alignment a month at full help (ax)", "assumption: M16; negative values included"
    )
    reaction: Number = number(0.0, 0, 1, "rise of weight per rise of rivals' cover", "assumption: M21")
    reaction_lag: Number = number(9, 6, 12, "months", "assumption: M21")
    reaction_cap: Number = number(1.0, 0, 3, "largest rise of weight", "assumption: M21")
    centres: Number = number(0.0, 0, 1, "1 where its regional bureaus run service centres", "assumption: A031")


class Forum(Family):
    """A recurring meeting of many states."""

    name: str
    organiser: str = Field("", description="donor that convenes it; blank: none of them")
    members: Selector = "all"
    months: tuple[Annotated[int, Field(ge=1, le=12)], ...] = Field((), description="calendar months, 1-12, every year")
    dates: tuple[date, ...] = Field((), description="single months, as the first of the month")
    body: str = Field("", description="body of the organiser that chairs; blank: no encounter")
    tier: TierName = "minister"
    encounters: int = Field(1, ge=0, le=12, description="multilateral meetings held around it")
    group: int = Field(40, ge=1, le=250, description="most partners in one encounter")
    sidelines: bool = Field(False, description="whether ministers hold bilaterals at its margins")
    boosts: bool = Field(False, description="whether it multiplies ministers' time")
    signs: bool = Field(False, description="whether attending states are asked to sign")
    appeal: Number = number(0.0, -4, 4, "log-odds of attendance", "assumption: M08")
    publicity: Number = number(0.3, 0, 1, "publicity of attending", "assumption: M20")
