"""What happens within recipients: politics, centres, needs, crime, markets, police, beliefs."""

from hedgerow.core.numbers import Family, Number, number


class Politics(Family):
    """Regime threat, leadership change and the path of a regime."""

    threat_reversion: Number = number(
        0.1, 0.02, 0.3, unit="share of the distance to the usual level a month", status="assumption", source="MODEL 4.1"
    )
    threat_noise: Number = number(
        0.03, 0, 0.1, unit="sd of threat (0-1) a month", status="assumption", source="MODEL 4.1"
    )
    turnover_narrow: Number = number(
        0.006,
        0.001,
        0.02,
        unit="leadership changes a month, narrowest coalition",
        status="assumption",
        source="MODEL 4.1; about one in 14 years",
    )
    turnover_broad: Number = number(
        0.018,
        0.01,
        0.03,
        unit="leadership changes a month, broadest coalition",
        status="assumption",
        source="MODEL 4.1; about one in 4.6 years, an election clock",
    )
    turnover_jump: Number = number(
        0.08, 0, 0.3, unit="rise of sovereignty sensitivity (0-1)", status="assumption", source="M20"
    )
    sovereignty_reversion: Number = number(
        0.05, 0.01, 0.2, unit="share of the distance to the usual level a month", status="assumption", source="M20"
    )
    onset: Number = number(
        0.0015,
        0,
        0.01,
        unit="transitions begun a month in a stable state without threat",
        status="assumption",
        source="M23; A081",
    )
    onset_threat: Number = number(
        4.0, 0, 10, unit="times more transitions begun per unit of threat", status="assumption", source="M23"
    )
    settle: Number = number(0.04, 0.01, 0.1, unit="transitions settled a month", status="assumption", source="M23")
    stall: Number = number(0.03, 0, 0.1, unit="transitions stalled a month", status="assumption", source="M23; A082")
    backslide: Number = number(
        0.02, 0, 0.1, unit="transitions turned to backsliding a month", status="assumption", source="M23; A082"
    )
    recover: Number = number(
        0.02, 0, 0.1, unit="returns to stable a month from stalled or backsliding", status="assumption", source="M23"
    )
    trouble_threat: Number = number(
        0.015, 0, 0.05, unit="rise of threat a month while troubled", status="assumption", source="M23"
    )
    trouble_diversion: Number = number(
        0.2,
        0,
        0.5,
        unit="share of investigation and border capability diverted",
        status="assumption",
        source="M23; A081-A082",
    )


class Centres(Family):
    """Overseas police service centres run by Chinese regional bureaus."""

    openings: Number = number(
        0.004,
        0,
        0.05,
        unit="openings a month at full exposure and no oversight",
        status="assumption",
        source="M19; A031",
    )
    initial: Number = number(
        0.6,
        0,
        2,
        unit="centres at the start at full exposure and no oversight",
        status="assumption",
        source="M19; set so that about 53 states host one [A031]",
    )
    exposure: Number = number(
        0.012,
        0.005,
        0.05,
        unit="exposures a month and centre under a fully free press",
        status="assumption",
        source="M19; A032-A034",
    )
    sovereignty_jump: Number = number(
        0.1, 0, 0.4, unit="rise of sovereignty sensitivity on exposure", status="assumption", source="M19; A034"
    )
    alignment_loss: Number = number(
        0.02,
        0,
        0.1,
        unit="fall of alignment with the centre's owner on exposure",
        status="assumption",
        source="M19; A034",
    )


class Demand(Family):
    """What a recipient's police need, and what they lack."""

    base: Number = number(
        0.6,
        0.4,
        0.8,
        unit="capability (0-1) required at the usual crime and no threat",
        status="assumption",
        source="M01",
    )
    crime: Number = number(
        0.5, 0.2, 1, unit="capability per unit of crime index", status="assumption", source="M01; A037-A039"
    )
    threat: Number = number(
        0.3,
        -0.2,
        1,
        unit="order and technology per unit of threat in a narrow regime",
        status="assumption",
        source="M01; through 0, as the literature conflicts",
    )
    protection: Number = number(
        0.15, 0, 0.5, unit="order per unit of a donor's stake", status="assumption", source="M01; A011"
    )


class Crime(Family):
    """Crime, surveillance and the help of police capability."""

    drift: Number = number(0.0, -0.002, 0.002, unit="log crime index a month", status="assumption", source="M06")
    noise: Number = number(0.02, 0, 0.06, unit="sd of log crime index a month", status="assumption", source="M06")
    reversion: Number = number(
        0.03, 0.005, 0.1, unit="share of the distance to the usual level a month", status="assumption", source="M06"
    )
    surveillance: Number = number(
        0.02,
        0,
        0.13,
        unit="fall of log crime a year per working system in use",
        status="literature",
        source="Piza et al. (abstract), M06; mass at 0 [A040, A041]",
    )
    active_use: Number = number(
        0.3, 0, 1, unit="share of kit actively monitored", status="assumption", source="M06; A039-A041"
    )
    investigation: Number = number(
        0.5, 0, 1, unit="fall of log crime per unit of investigation gained", status="assumption", source="M06"
    )
    entanglement: Number = number(
        0.3, 0, 1, unit="log crime per unit of entanglement gained", status="assumption", source="M06, M22"
    )
    trouble: Number = number(
        0.01,
        0,
        0.03,
        unit="log crime a month while troubled",
        status="assumption",
        source="M23; +10-50% over 2-3 years",
    )
    spill: Number = number(
        0.02, 0, 0.1, unit="share of the neighbours' difference a month", status="assumption", source="M22; A074"
    )


class Illicit(Family):
    """Illicit markets on the border graph: food, fuel, arms and people."""

    war_demand: Number = number(
        4.0, 2, 10, unit="times the peacetime demand of a state at war", status="assumption", source="M22; A056, A061"
    )
    trouble_demand: Number = number(
        1.0, 0, 3, unit="added demand of a troubled transition", status="assumption", source="M22, M23"
    )
    route_scale: Number = number(
        0.5,
        0.2,
        2,
        unit="utility of a route per unit of risk and cost",
        status="assumption",
        source="M22; Magliocca et al., NarcoLogic (abstract)",
    )
    risk: Number = number(
        1.5, 0, 4, unit="risk of a route per unit of border capability", status="assumption", source="M22"
    )
    protection: Number = number(
        1.0, 0, 3, unit="risk removed per unit of entanglement", status="assumption", source="M22; A069"
    )
    crackdown_risk: Number = number(3.0, 0, 6, unit="risk added by a full crackdown", status="assumption", source="M22")
    organised_edge: Number = number(
        0.5, 0, 2, unit="cost removed from a route by full consolidation", status="assumption", source="M22; A062"
    )
    suppression: Number = number(
        0.3, 0, 0.8, unit="share of flow stopped by a full crackdown", status="assumption", source="M22; A077"
    )
    rents_constant: Number = number(
        0.002, 0, 0.01, unit="entanglement a month per unit of rent (f0)", status="assumption", source="MODEL 6; M22"
    )
    rents_growth: Number = number(
        0.05, 0, 0.2, unit="entanglement a month per rent x z(1-z) (f1)", status="assumption", source="MODEL 6; M22"
    )
    accountability: Number = number(
        0.02,
        0,
        0.1,
        unit="entanglement removed a month below the threshold (f2)",
        status="assumption",
        source="MODEL 6; M22",
    )
    threshold: Number = number(
        0.5, 0.3, 0.8, unit="entanglement that is hard to reverse (z*)", status="assumption", source="MODEL 6; A070"
    )
    sanctions: Number = number(
        0.5, 0, 1, unit="share of rents removed by full targeted sanctions", status="assumption", source="A078"
    )
    development: Number = number(
        0.5,
        0,
        1,
        unit="share of welfare loss made good by full development aid",
        status="assumption",
        source="A076-A077",
    )


class Policing(Family):
    """Abuse by units and the spread of an order-and-surveillance model."""

    abuse: Number = number(
        0.01, 0.001, 0.05, unit="abuses a month and unit at model and threat 0", status="assumption", source="M09"
    )
    abuse_model: Number = number(
        1.5, 0, 3, unit="log rate per unit of policing model", status="assumption", source="M09"
    )
    abuse_threat: Number = number(1.0, 0, 3, unit="log rate per unit of threat", status="assumption", source="M09")
    credible: Number = number(
        0.2,
        0.05,
        0.5,
        unit="share of abuses credibly reported under a fully free press",
        status="assumption",
        source="M09; MODEL 6",
    )
    adoption: Number = number(
        0.005,
        0,
        0.02,
        unit="model a month per Chinese exposure x threat x narrowness (ad)",
        status="assumption",
        source="M18; A029, A038",
    )
    reform: Number = number(
        0.002, 0, 0.02, unit="model a month per systemic US training (au)", status="assumption", source="M18; A048"
    )
    peers: Number = number(
        0.005, 0, 0.05, unit="share of the neighbours' difference a month", status="assumption", source="M18"
    )


class Beliefs(Family):
    """What recipients believe of each donor's effectiveness."""

    noise: Number = number(0.5, 0.3, 1, unit="sd of one experience", status="assumption", source="M12; MODEL 6")
    prior_sd: Number = number(0.3, 0.1, 0.6, unit="sd of the first belief", status="assumption", source="M12")
    forgetting: Number = number(0.001, 0, 0.01, unit="variance added a month", status="assumption", source="M12")
    peers: Number = number(
        0.2,
        0,
        0.5,
        unit="weight of neighbours' beliefs, relative to own experience",
        status="assumption",
        source="M12; MODEL 6",
    )
    claim: Number = number(
        0.9,
        0.5,
        1,
        unit="effect claimed by promotion",
        status="assumption",
        source="M06, M12; vendor claims exceed police figures",
    )
