"""What happens within recipients: politics, centres, needs, crime, markets, police, beliefs."""

from hedgerow.core.numbers import Family, Number, number


class Politics(Family):
    """Regime threat, leadership change and the path of a regime."""

    threat_reversion: Number = number(
        0.1, 0.02, 0.3, "share of the distance to the usual level a month", "assumption: MODEL 4.1"
    )
    threat_noise: Number = number(0.03, 0, 0.1, "sd of threat (0-1) a month", "assumption: MODEL 4.1")
    turnover_narrow: Number = number(
        0.006, 0.001, 0.02, "leadership changes a month, narrowest coalition", "assumption: MODEL 4.1; about one in 14 years"
    )
    turnover_broad: Number = number(
        0.018,
        0.01,
        0.03,
        "leadership changes a month, broadest coalition",
        "assumption: MODEL 4.1; about one in 4.6 years, an election clock",
    )
    turnover_jump: Number = number(0.08, 0, 0.3, "rise of sovereignty sensitivity (0-1)", "assumption: M20")
    sovereignty_reversion: Number = number(
        0.05, 0.01, 0.2, "share of the distance to the usual level a month", "assumption: M20"
    )
    onset: Number = number(
        0.0015, 0, 0.01, "transitions begun a month in a stable state without threat", "assumption: M23; A081"
    )
    onset_threat: Number = number(4.0, 0, 10, "times more transitions begun per unit of threat", "assumption: M23")
    settle: Number = number(0.04, 0.01, 0.1, "transitions settled a month", "assumption: M23")
    stall: Number = number(0.03, 0, 0.1, "transitions stalled a month", "assumption: M23; A082")
    backslide: Number = number(0.02, 0, 0.1, "transitions turned to backsliding a month", "assumption: M23; A082")
    recover: Number = number(0.02, 0, 0.1, "returns to stable a month from stalled or backsliding", "assumption: M23")
    trouble_threat: Number = number(0.015, 0, 0.05, "rise of threat a month while troubled", "assumption: M23")
    trouble_diversion: Number = number(
        0.2, 0, 0.5, "share of investigation and border capability diverted", "assumption: M23; A081-A082"
    )


class Centres(Family):
    """Overseas police service centres run by Chinese regional bureaus."""

    openings: Number = number(0.004, 0, 0.05, "openings a month at full exposure and no oversight", "assumption: M19; A031")
    initial: Number = number(
        0.6,
        0,
        2,
        "centres at the start at full exposure and no oversight",
        "assumption: M19; set so that about 53 states host one [A031]",
    )
    exposure: Number = number(
        0.012, 0.005, 0.05, "exposures a month and centre under a fully free press", "assumption: M19; A032-A034"
    )
    sovereignty_jump: Number = number(0.1, 0, 0.4, "rise of sovereignty sensitivity on exposure", "assumption: M19; A034")
    alignment_loss: Number = number(
        0.02, 0, 0.1, "fall of alignment with the centre's owner on exposure", "assumption: M19; A034"
    )


class Demand(Family):
    """What a recipient's police need, and what they lack."""

    base: Number = number(0.6, 0.4, 0.8, "capability (0-1) required at the usual crime and no threat", "assumption: M01")
    crime: Number = number(0.5, 0.2, 1, "capability per unit of crime index", "assumption: M01; A037-A039")
    threat: Number = number(
        0.3,
        -0.2,
        1,
        "order and technology per unit of threat in a narrow regime",
        "assumption: M01; through 0, as the literature conflicts",
    )
    protection: Number = number(0.15, 0, 0.5, "order per unit of a donor's stake", "assumption: M01; A011")


class Crime(Family):
    """Crime, surveillance and the help of police capability."""

    drift: Number = number(0.0, -0.002, 0.002, "log crime index a month", "assumption: M06")
    noise: Number = number(0.02, 0, 0.06, "sd of log crime index a month", "assumption: M06")
    reversion: Number = number(0.03, 0.005, 0.1, "share of the distance to the usual level a month", "assumption: M06")
    surveillance: Number = number(
        0.02,
        0,
        0.13,
        "fall of log crime a year per working system in use",
        "literature: Piza et al. (abstract), M06; mass at 0 [A040, A041]",
    )
    active_use: Number = number(0.3, 0, 1, "share of kit actively monitored", "assumption: M06; A039-A041")
    investigation: Number = number(0.5, 0, 1, "fall of log crime per unit of investigation gained", "assumption: M06")
    entanglement: Number = number(0.3, 0, 1, "log crime per unit of entanglement gained", "assumption: M06, M22")
    trouble: Number = number(0.01, 0, 0.03, "log crime a month while troubled", "assumption: M23; +10-50% over 2-3 years")
    spill: Number = number(0.02, 0, 0.1, "share of the neighbours' difference a month", "assumption: M22; A074")


class Illicit(Family):
    """Illicit markets on the border graph: food, fuel, arms and people."""

    war_demand: Number = number(4.0, 2, 10, "times the peacetime demand of a state at war", "assumption: M22; A056, A061")
    trouble_demand: Number = number(1.0, 0, 3, "added demand of a troubled transition", "assumption: M22, M23")
    route_scale: Number = number(
        0.5,
        0.2,
        2,
        "utility of a route per unit of risk and cost",
        "assumption: M22; Magliocca et al., NarcoLogic (abstract)",
    )
    risk: Number = number(1.5, 0, 4, "risk of a route per unit of border capability", "assumption: M22")
    protection: Number = number(1.0, 0, 3, "risk removed per unit of entanglement", "assumption: M22; A069")
    crackdown_risk: Number = number(3.0, 0, 6, "risk added by a full crackdown", "assumption: M22")
    organised_edge: Number = number(0.5, 0, 2, "cost removed from a route by full consolidation", "assumption: M22; A062")
    suppression: Number = number(0.3, 0, 0.8, "share of flow stopped by a full crackdown", "assumption: M22; A077")
    rents_constant: Number = number(0.002, 0, 0.01, "entanglement a month per unit of rent (f0)", "assumption: MODEL 6; M22")
    rents_growth: Number = number(0.05, 0, 0.2, "entanglement a month per rent x z(1-z) (f1)", "assumption: MODEL 6; M22")
    accountability: Number = number(
        0.02, 0, 0.1, "entanglement removed a month below the threshold (f2)", "assumption: MODEL 6; M22"
    )
    threshold: Number = number(0.5, 0.3, 0.8, "entanglement that is hard to reverse (z*)", "assumption: MODEL 6; A070")
    sanctions: Number = number(0.5, 0, 1, "share of rents removed by full targeted sanctions", "assumption: A078")
    development: Number = number(
        0.5, 0, 1, "share of welfare loss made good by full development aid", "assumption: A076-A077"
    )


class Policing(Family):
    """Abuse by units and the spread of an order-and-surveillance model."""

    abuse: Number = number(0.01, 0.001, 0.05, "abuses a month and unit at model and threat 0", "assumption: M09")
    abuse_model: Number = number(1.5, 0, 3, "log rate per unit of policing model", "assumption: M09")
    abuse_threat: Number = number(1.0, 0, 3, "log rate per unit of threat", "assumption: M09")
    credible: Number = number(
        0.2, 0.05, 0.5, "share of abuses credibly reported under a fully free press", "assumption: M09; MODEL 6"
    )
    adoption: Number = number(
        0.005, 0, 0.02, "model a month per Chinese exposure x threat x narrowness (ad)", "assumption: M18; A029, A038"
    )
    reform: Number = number(0.002, 0, 0.02, "model a month per systemic US training (au)", "assumption: M18; A048")
    peers: Number = number(0.005, 0, 0.05, "share of the neighbours' difference a month", "assumption: M18")


class Beliefs(Family):
    """What recipients believe of each donor's effectiveness."""

    noise: Number = number(0.5, 0.3, 1, "sd of one experience", "assumption: M12; MODEL 6")
    prior_sd: Number = number(0.3, 0.1, 0.6, "sd of the first belief", "assumption: M12")
    forgetting: Number = number(0.001, 0, 0.01, "variance added a month", "assumption: M12")
    peers: Number = number(
        0.2, 0, 0.5, "weight of neighbours' beliefs, relative to own experience", "assumption: M12; MODEL 6"
    )
    claim: Number = number(
        0.9, 0.5, 1, "effect claimed by promotion", "assumption: M06, M12; vendor claims exceed police figures"
    )
