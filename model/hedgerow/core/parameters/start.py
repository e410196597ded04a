"""How the country table becomes the first state of the world."""

from functools import partial

from hedgerow.core.numbers import Family, Number
from hedgerow.core.numbers import number as any_number

number = partial(any_number, varies=False)
"""Numbers of the start, which are the same in all runs of a batch."""


class Start(Family):
    """How the country table becomes the first state of the world."""

    police: Number = number(
        0.003, 0.001, 0.01, "police officers a head", "literature: UNODC, about 300 per 100,000 at the median"
    )
    force_floor: Number = number(10, 1, 100, "officers, least that count as 1% of a force", "assumption: M03")
    force_ceiling: Number = number(
        1500,
        100,
        20000,
        "officers, most that count as 1% of a force",
        "assumption: M03; large states train a smaller, leading share",
    )
    capability_floor: Number = number(0.1, 0, 0.4, "capability of the worst governed", "assumption: MODEL 3, from WGI")
    capability_span: Number = number(
        0.7, 0.2, 0.9, "capability from the worst to the best governed", "assumption: MODEL 3, from WGI"
    )
    sovereignty: Number = number(0.3, 0, 1, "sensitivity of a large, open state", "assumption: MODEL 3")
    sovereignty_small: Number = number(
        0.15, 0, 0.5, "added sensitivity of a state under 1.5 million", "assumption: MODEL 3; B089-B090"
    )
    sovereignty_broad: Number = number(0.2, 0, 0.5, "added sensitivity of the broadest coalition", "assumption: MODEL 3")
    trust_floor: Number = number(0.1, 0, 0.5, "trust in the least engaged donor", "assumption: MODEL 3")
    trust_span: Number = number(0.5, 0, 0.9, "trust from the least to the most engaged", "assumption: MODEL 3")
    belief: Number = number(0.5, 0, 1, "first belief in each donor's effect", "assumption: MODEL 3")
    threat: Number = number(0.8, 0, 1, "threat to the least stable regime", "assumption: MODEL 3, from political stability")
    threat_conflict: Number = number(
        0.1, 0, 0.5, "added threat per grade of conflict (minor, war)", "assumption: MODEL 3, from UCDP"
    )
    entanglement: Number = number(
        0.7, 0, 1, "entanglement of the most corrupt state", "assumption: MODEL 3, from control of corruption"
    )
    flagged_share: Number = number(
        0.5,
        0,
        1,
        "share of units flagged at the worst political terror",
        "assumption: MODEL 3, from the Political Terror Scale",
    )
