"""How the country table becomes the first state of the world."""

from hedgerow.core.numbers import Family, Number, number


class Start(Family):
    """How the country table becomes the first state of the world."""

    police: Number = number(
        0.003,
        0.001,
        0.01,
        unit="police officers a head",
        status="literature",
        source="UNODC, about 300 per 100,000 at the median",
        varies=False,
    )
    force_floor: Number = number(
        10, 1, 100, unit="officers, least that count as 1% of a force", status="assumption", source="M03", varies=False
    )
    force_ceiling: Number = number(
        1500,
        100,
        20000,
        unit="officers, most that count as 1% of a force",
        status="assumption",
        source="M03; large states train a smaller, leading share",
        varies=False,
    )
    capability_floor: Number = number(
        0.1,
        0,
        0.4,
        unit="capability of the worst governed",
        status="assumption",
        source="MODEL 3, from WGI",
        varies=False,
    )
    capability_span: Number = number(
        0.7,
        0.2,
        0.9,
        unit="capability from the worst to the best governed",
        status="assumption",
        source="MODEL 3, from WGI",
        varies=False,
    )
    sovereignty: Number = number(
        0.3, 0, 1, unit="sensitivity of a large, open state", status="assumption", source="MODEL 3", varies=False
    )
    sovereignty_small: Number = number(
        0.15,
        0,
        0.5,
        unit="added sensitivity of a state under 1.5 million",
        status="assumption",
        source="MODEL 3; B089-B090",
        varies=False,
    )
    sovereignty_broad: Number = number(
        0.2,
        0,
        0.5,
        unit="added sensitivity of the broadest coalition",
        status="assumption",
        source="MODEL 3",
        varies=False,
    )
    trust_floor: Number = number(
        0.1, 0, 0.5, unit="trust in the least engaged donor", status="assumption", source="MODEL 3", varies=False
    )
    trust_span: Number = number(
        0.5,
        0,
        0.9,
        unit="trust from the least to the most engaged",
        status="assumption",
        source="MODEL 3",
        varies=False,
    )
    belief: Number = number(
        0.5, 0, 1, unit="first belief in each donor's effect", status="assumption", source="MODEL 3", varies=False
    )
    threat: Number = number(
        0.8,
        0,
        1,
        unit="threat to the least stable regime",
        status="assumption",
        source="MODEL 3, from political stability",
        varies=False,
    )
    threat_conflict: Number = number(
        0.1,
        0,
        0.5,
        unit="added threat per grade of conflict (minor, war)",
        status="assumption",
        source="MODEL 3, from UCDP",
        varies=False,
    )
    entanglement: Number = number(
        0.7,
        0,
        1,
        unit="entanglement of the most corrupt state",
        status="assumption",
        source="MODEL 3, from control of corruption",
        varies=False,
    )
    flagged_share: Number = number(
        0.5,
        0,
        1,
        unit="share of units flagged at the worst political terror",
        status="assumption",
        source="MODEL 3, from the Political Terror Scale",
        varies=False,
    )
