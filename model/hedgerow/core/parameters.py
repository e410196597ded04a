"""Every number of the rules: unit, range, status and source.

One family a rule file, in the order of a month. Numbers that belong to a donor (budgets, fits,
weights) stand in :mod:`hedgerow.core.donors`, those of a policy in :mod:`hedgerow.core.levers`.
Ids such as A013 and B162 are rows of ``facts.csv``; M01 .. M24 are sections of the design's
MECHANISMS. A range is what the design allows a study to sweep, not a confidence interval.
"""

from hedgerow.core.numbers import Family, Number, number


class Start(Family):
    """How the country table becomes the first state of the world."""

    police: Number = number(
        0.003, 0.001, 0.01, unit="police officers a head", status="literature",
        source="UNODC, about 300 per 100,000 at the median", varies=False,
    )  # fmt: skip
    force_floor: Number = number(
        10, 1, 100, unit="officers, least that count as 1% of a force", status="assumption",
        source="M03", varies=False,
    )  # fmt: skip
    force_ceiling: Number = number(
        1500, 100, 20000, unit="officers, most that count as 1% of a force", status="assumption",
        source="M03; large states train a smaller, leading share", varies=False,
    )  # fmt: skip
    capability_floor: Number = number(
        0.1, 0, 0.4, unit="capability of the worst governed", status="assumption",
        source="MODEL 3, from WGI", varies=False,
    )  # fmt: skip
    capability_span: Number = number(
        0.7, 0.2, 0.9, unit="capability from the worst to the best governed", status="assumption",
        source="MODEL 3, from WGI", varies=False,
    )  # fmt: skip
    sovereignty: Number = number(
        0.3, 0, 1, unit="sensitivity of a large, open state", status="assumption",
        source="MODEL 3", varies=False,
    )  # fmt: skip
    sovereignty_small: Number = number(
        0.15, 0, 0.5, unit="added sensitivity of a state under 1.5 million", status="assumption",
        source="MODEL 3; B089-B090", varies=False,
    )  # fmt: skip
    sovereignty_broad: Number = number(
        0.2, 0, 0.5, unit="added sensitivity of the broadest coalition", status="assumption",
        source="MODEL 3", varies=False,
    )  # fmt: skip
    trust_floor: Number = number(
        0.1, 0, 0.5, unit="trust in the least engaged donor", status="assumption",
        source="MODEL 3", varies=False,
    )  # fmt: skip
    trust_span: Number = number(
        0.5, 0, 0.9, unit="trust from the least to the most engaged", status="assumption",
        source="MODEL 3", varies=False,
    )  # fmt: skip
    belief: Number = number(
        0.5, 0, 1, unit="first belief in each donor's effect", status="assumption",
        source="MODEL 3", varies=False,
    )  # fmt: skip
    threat: Number = number(
        0.8, 0, 1, unit="threat to the least stable regime", status="assumption",
        source="MODEL 3, from political stability", varies=False,
    )  # fmt: skip
    threat_conflict: Number = number(
        0.1, 0, 0.5, unit="added threat per grade of conflict (minor, war)", status="assumption",
        source="MODEL 3, from UCDP", varies=False,
    )  # fmt: skip
    entanglement: Number = number(
        0.7, 0, 1, unit="entanglement of the most corrupt state", status="assumption",
        source="MODEL 3, from control of corruption", varies=False,
    )  # fmt: skip
    flagged_share: Number = number(
        0.5, 0, 1, unit="share of units flagged at the worst political terror",
        status="assumption", source="MODEL 3, from the Political Terror Scale", varies=False,
    )  # fmt: skip


class Politics(Family):
    """Regime threat, leadership change and the path of a regime."""

    threat_reversion: Number = number(
        0.1, 0.02, 0.3, unit="share of the distance to the usual level a month",
        status="assumption", source="MODEL 4.1",
    )  # fmt: skip
    threat_noise: Number = number(
        0.03, 0, 0.1, unit="sd of threat (0-1) a month", status="assumption", source="MODEL 4.1"
    )
    turnover_narrow: Number = number(
        0.006, 0.001, 0.02, unit="leadership changes a month, narrowest coalition",
        status="assumption", source="MODEL 4.1; about one in 14 years",
    )  # fmt: skip
    turnover_broad: Number = number(
        0.018, 0.01, 0.03, unit="leadership changes a month, broadest coalition",
        status="assumption", source="MODEL 4.1; about one in 4.6 years, an election clock",
    )  # fmt: skip
    turnover_jump: Number = number(
        0.08, 0, 0.3, unit="rise of sovereignty sensitivity (0-1)", status="assumption",
        source="M20",
    )  # fmt: skip
    sovereignty_reversion: Number = number(
        0.05, 0.01, 0.2, unit="share of the distance to the usual level a month",
        status="assumption", source="M20",
    )  # fmt: skip
    onset: Number = number(
        0.0015, 0, 0.01, unit="transitions begun a month in a stable state without threat",
        status="assumption", source="M23; A081",
    )  # fmt: skip
    onset_threat: Number = number(
        4.0, 0, 10, unit="times more transitions begun per unit of threat", status="assumption",
        source="M23",
    )  # fmt: skip
    settle: Number = number(
        0.04, 0.01, 0.1, unit="transitions settled a month", status="assumption", source="M23"
    )
    stall: Number = number(
        0.03, 0, 0.1, unit="transitions stalled a month", status="assumption", source="M23; A082"
    )
    backslide: Number = number(
        0.02, 0, 0.1, unit="transitions turned to backsliding a month", status="assumption",
        source="M23; A082",
    )  # fmt: skip
    recover: Number = number(
        0.02, 0, 0.1, unit="returns to stable a month from stalled or backsliding",
        status="assumption", source="M23",
    )  # fmt: skip
    trouble_threat: Number = number(
        0.015, 0, 0.05, unit="rise of threat a month while troubled", status="assumption",
        source="M23",
    )  # fmt: skip
    trouble_diversion: Number = number(
        0.2, 0, 0.5, unit="share of investigation and border capability diverted",
        status="assumption", source="M23; A081-A082",
    )  # fmt: skip


class Centres(Family):
    """Overseas police service centres run by Chinese regional bureaus."""

    openings: Number = number(
        0.004, 0, 0.05, unit="openings a month at full exposure and no oversight",
        status="assumption", source="M19; A031",
    )  # fmt: skip
    initial: Number = number(
        0.6, 0, 2, unit="centres at the start at full exposure and no oversight",
        status="assumption", source="M19; set so that about 53 states host one [A031]",
    )  # fmt: skip
    exposure: Number = number(
        0.012, 0.005, 0.05, unit="exposures a month and centre under a fully free press",
        status="assumption", source="M19; A032-A034",
    )  # fmt: skip
    sovereignty_jump: Number = number(
        0.1, 0, 0.4, unit="rise of sovereignty sensitivity on exposure", status="assumption",
        source="M19; A034",
    )  # fmt: skip
    alignment_loss: Number = number(
        0.02, 0, 0.1, unit="fall of alignment with the centre's owner on exposure",
        status="assumption", source="M19; A034",
    )  # fmt: skip


class Demand(Family):
    """What a recipient's police need, and what they lack."""

    base: Number = number(
        0.6, 0.4, 0.8, unit="capability (0-1) required at the usual crime and no threat",
        status="assumption", source="M01",
    )  # fmt: skip
    crime: Number = number(
        0.5, 0.2, 1, unit="capability per unit of crime index", status="assumption",
        source="M01; A037-A039",
    )  # fmt: skip
    threat: Number = number(
        0.3, -0.2, 1, unit="order and technology per unit of threat in a narrow regime",
        status="assumption", source="M01; through 0, as the literature conflicts",
    )  # fmt: skip
    protection: Number = number(
        0.15, 0, 0.5, unit="order per unit of a donor's stake", status="assumption",
        source="M01; A011",
    )  # fmt: skip


class Diplomacy(Family):
    """Forums, ministers' time and whom they meet."""

    attend_base: Number = number(
        -1.0, -4, 3, unit="log-odds", status="assumption", source="M08; B058"
    )
    attend_alignment: Number = number(
        2.0, 0, 5, unit="log-odds per unit of alignment with the organiser", status="assumption",
        source="M08",
    )  # fmt: skip
    attend_agreement: Number = number(
        1.0, 0, 3, unit="log-odds with an active agreement", status="assumption", source="M08"
    )
    attend_neighbours: Number = number(
        1.5, 0, 3, unit="log-odds per share of neighbours expected", status="assumption",
        source="M08",
    )  # fmt: skip
    attend_publicity: Number = number(
        2.0, 0, 5, unit="log-odds per sensitivity x publicity", status="assumption", source="M08"
    )
    attend_hostile: Number = number(
        0.7, 0, 3, unit="log-odds lost when a hostile state is a member", status="assumption",
        source="M18; B146",
    )  # fmt: skip
    sign_hostile: Number = number(
        0.5, 0, 1, unit="share of signatures lost when a hostile state is a member",
        status="assumption", source="M18, 0.5-1; B146",
    )  # fmt: skip
    sideline_cost: Number = number(
        0.4, 0.2, 0.5, unit="of a stand-alone meeting's time", status="assumption",
        source="M07; MODEL 6",
    )  # fmt: skip
    forum_factor: Number = number(
        5.0, 5, 10, unit="times the usual meeting time in a forum month", status="assumption",
        source="M08; MODEL 6",
    )  # fmt: skip
    repetition: Number = number(
        0.25, 0, 1, unit="log value lost per log of recent meetings", status="assumption",
        source="M07; MODEL 10, dispersion hint: with 0.5 partners are too many [B154]",
    )  # fmt: skip
    memory: Number = number(
        12, 3, 36, unit="months over which a meeting is recent", status="assumption", source="M07"
    )
    value: Number = number(
        1.4, 0.3, 2, unit="log meeting value per sd of strategic value", status="calibrated",
        source="gravity fit, `python -m hedgerow.study.gravity`",
    )  # fmt: skip
    willingness: Number = number(
        0.5, 0, 2, unit="log meeting value per unit of alignment", status="assumption",
        source="M07; B237",
    )  # fmt: skip
    hub: Number = number(
        0.3, 0, 1, unit="log meeting value of a region's leading state", status="assumption",
        source="M07; B237",
    )  # fmt: skip
    topic: Number = number(
        0.3, 0, 1, unit="log meeting value of a shared border", status="assumption",
        source="M07; B082",
    )  # fmt: skip
    start_activity: Number = number(
        0.15, 0, 0.5, unit="share of usual activity in June 2022", status="assumption",
        source="B023",
    )  # fmt: skip
    ramp: Number = number(
        20, 6, 30, unit="months from June 2022 to usual activity", status="assumption",
        source="M08; B023, B074-B075",
    )  # fmt: skip


class Provision(Family):
    """How help is made up."""

    surge: Number = number(
        0.25, 0, 1, unit="share of a displaced request met above the plan", status="assumption",
        source="M09",
    )  # fmt: skip
    request_memory: Number = number(
        6, 1, 24, unit="months for which a displaced request stands", status="assumption",
        source="M09",
    )  # fmt: skip
    request_weight: Number = number(
        0.5, 0, 2, unit="donor score per displaced request (1% of a force)", status="assumption",
        source="M09",
    )  # fmt: skip


class Vetting(Family):
    """Leahy-style vetting of units, and what happens to help denied."""

    units: Number = number(
        6, 3, 10, unit="police units a state", status="assumption", source="M09; MODEL 6"
    )
    substitution: Number = number(
        0.5, 0.3, 0.8, unit="share of blocked help given to clean units", status="literature",
        source="Tate 2011 on Colombia (excerpt), M09",
    )  # fmt: skip
    displacement: Number = number(
        0.2, 0, 0.5, unit="share of help denied that becomes a request to the rival",
        status="literature", source="Philippine rifles 2016-17 (press), M09",
    )  # fmt: skip
    clearing: Number = number(
        0.03, 0.01, 0.1, unit="flags cleared a month", status="literature",
        source="22 USC 2378d; GAO-13-866; M09",
    )  # fmt: skip
    remediation: Number = number(
        2.0, 0, 5, unit="times faster clearing under full funded remediation",
        status="assumption", source="M09",
    )  # fmt: skip
    deterrence: Number = number(
        0.01, 0, 0.05, unit="fall of the order model a year at full strictness and reliance",
        status="assumption", source="M09",
    )  # fmt: skip


class Acceptance(Family):
    """Whether a recipient takes an offer."""

    constant: Number = number(-0.2, -2, 2, unit="utility", status="assumption", source="M15")
    gap: Number = number(
        2.0, 0, 4, unit="utility per believed effect x gap", status="assumption", source="M15"
    )
    surveillance: Number = number(
        0.8, -1, 4, unit="utility per threat x narrowness x surveillance content",
        status="assumption", source="M15; through 0, as the literature conflicts",
    )  # fmt: skip
    lock_in: Number = number(
        0.5, 0, 4, unit="utility per installed technology", status="assumption",
        source="M05; A030",
    )  # fmt: skip
    trust: Number = number(0.8, 0, 4, unit="utility per trust", status="assumption", source="M15")
    price: Number = number(
        1.0, 0, 4, unit="utility per price", status="assumption", source="M15; A051"
    )
    conditions: Number = number(
        0.8, 0, 4, unit="utility per condition x coalition breadth", status="assumption",
        source="M15, selectorate term; Bueno de Mesquita and Smith 2007, 2009 (abstracts)",
    )  # fmt: skip
    visibility: Number = number(
        0.5, 0, 2, unit="utility per sensitivity x visibility", status="assumption", source="M20"
    )
    deterrence: Number = number(
        1.0, 0, 4, unit="utility per perceived cut-off chance x value of the rival's help",
        status="assumption", source="M11",
    )  # fmt: skip
    concern: Number = number(
        0.3, 0, 1, unit="utility per unit of worry about data x technology",
        status="assumption", source="M13; A050",
    )  # fmt: skip
    switching: Number = number(
        0.5, 0.2, 2, unit="utility per technology of a rival installed", status="assumption",
        source="M05, M13",
    )  # fmt: skip
    scale: Number = number(
        0.7, 0.3, 1.5, unit="utility per unit of log-odds", status="assumption", source="M15"
    )


class Delivery(Family):
    """What delivered help does to capability, technology and trust."""

    yield_: Number = number(
        0.03, 0.01, 0.1, unit="capability per 1% of the force trained", status="assumption",
        source="M03; MODEL 6",
    )  # fmt: skip
    turnover: Number = number(
        0.1, 0.05, 0.2, unit="share of gained capability lost a year", status="assumption",
        source="M03; MODEL 6",
    )  # fmt: skip
    follow_up: Number = number(
        0.5, 0, 2, unit="extra yield under full operational follow-up", status="assumption",
        source="M14; A053",
    )  # fmt: skip
    in_donor_fit: Number = number(
        0.8, 0.5, 1, unit="fit of a course abroad, as a share of one at home",
        status="assumption", source="M03",
    )  # fmt: skip
    in_host_trust: Number = number(
        0.5, 0.2, 1, unit="trust built by a course at home, as a share of one abroad",
        status="assumption", source="M03",
    )  # fmt: skip
    trust_gain: Number = number(
        0.03, 0, 0.1, unit="trust per course-equivalent for 1% of the force", status="assumption",
        source="M03",
    )  # fmt: skip
    trust_follow_up: Number = number(
        0.004, 0, 0.02, unit="trust a month under full follow-up of recent help",
        status="assumption", source="M14",
    )  # fmt: skip
    trust_decay: Number = number(
        0.02, 0.005, 0.1, unit="share of the distance to the usual trust a month",
        status="assumption", source="M14",
    )  # fmt: skip
    equipment_yield: Number = number(
        0.01, 0, 0.05, unit="capability per package of US$ 1 million", status="assumption",
        source="M05",
    )  # fmt: skip
    lock_in_gain: Number = number(
        0.3, 0.1, 1, unit="installed technology per surveillance package", status="assumption",
        source="M05",
    )  # fmt: skip
    lock_in_decay: Number = number(
        0.1, 0.05, 0.15, unit="share a year", status="assumption",
        source="M05; systems live 7-20 years",
    )  # fmt: skip
    uptime: Number = number(
        0.8, 0.5, 0.95, unit="share of kit that works when maintained", status="literature",
        source="M05; half of Islamabad's cameras out of order (press)",
    )  # fmt: skip
    failure: Number = number(
        0.02, 0, 0.1, unit="share of working kit that fails a month", status="assumption",
        source="M05",
    )  # fmt: skip
    repair: Number = number(
        0.1, 0, 0.5, unit="share of the distance to full uptime repaired a month",
        status="assumption", source="M05",
    )  # fmt: skip
    course_weeks: Number = number(
        2.5, 1, 6, unit="weeks of the usual course, by which others are measured",
        status="source", source="A014",
    )  # fmt: skip
    equipment_dose: Number = number(
        0.1, 0, 0.5, unit="help (courses for 1% of a force) per log US$ million of kit",
        status="assumption", source="M16",
    )  # fmt: skip
    full_system_usd: Number = number(
        8e6, 1e6, 1e8, unit="US$ of a system that locks in 63% of the full effect",
        status="assumption", source="M05",
    )  # fmt: skip
    help_memory: Number = number(
        12, 3, 36, unit="months over which help counts as recent", status="assumption",
        source="MODEL 4",
    )  # fmt: skip
    cover_half: Number = number(
        0.5, 0.1, 2, unit="recent help (1% of a force) that covers 63% of the ground",
        status="assumption", source="M02",
    )  # fmt: skip
    cut_off_trust: Number = number(
        0.1, 0.02, 0.2, unit="trust lost when help is cut off", status="assumption", source="M11"
    )


class Crime(Family):
    """Crime, surveillance and the help of police capability."""

    drift: Number = number(
        0.0, -0.002, 0.002, unit="log crime index a month", status="assumption", source="M06"
    )
    noise: Number = number(
        0.02, 0, 0.06, unit="sd of log crime index a month", status="assumption", source="M06"
    )
    reversion: Number = number(
        0.03, 0.005, 0.1, unit="share of the distance to the usual level a month",
        status="assumption", source="M06",
    )  # fmt: skip
    surveillance: Number = number(
        0.02, 0, 0.13, unit="fall of log crime a year per working system in use",
        status="literature", source="Piza et al. (abstract), M06; mass at 0 [A040, A041]",
    )  # fmt: skip
    active_use: Number = number(
        0.3, 0, 1, unit="share of kit actively monitored", status="assumption",
        source="M06; A039-A041",
    )  # fmt: skip
    investigation: Number = number(
        0.5, 0, 1, unit="fall of log crime per unit of investigation gained",
        status="assumption", source="M06",
    )  # fmt: skip
    entanglement: Number = number(
        0.3, 0, 1, unit="log crime per unit of entanglement gained", status="assumption",
        source="M06, M22",
    )  # fmt: skip
    trouble: Number = number(
        0.01, 0, 0.03, unit="log crime a month while troubled", status="assumption",
        source="M23; +10-50% over 2-3 years",
    )  # fmt: skip
    spill: Number = number(
        0.02, 0, 0.1, unit="share of the neighbours' difference a month", status="assumption",
        source="M22; A074",
    )  # fmt: skip


class Illicit(Family):
    """Illicit markets on the border graph: food, fuel, arms and people."""

    war_demand: Number = number(
        4.0, 2, 10, unit="times the peacetime demand of a state at war", status="assumption",
        source="M22; A056, A061",
    )  # fmt: skip
    trouble_demand: Number = number(
        1.0, 0, 3, unit="added demand of a troubled transition", status="assumption",
        source="M22, M23",
    )  # fmt: skip
    route_scale: Number = number(
        0.5, 0.2, 2, unit="utility of a route per unit of risk and cost", status="assumption",
        source="M22; Magliocca et al., NarcoLogic (abstract)",
    )  # fmt: skip
    risk: Number = number(
        1.5, 0, 4, unit="risk of a route per unit of border capability", status="assumption",
        source="M22",
    )  # fmt: skip
    protection: Number = number(
        1.0, 0, 3, unit="risk removed per unit of entanglement", status="assumption",
        source="M22; A069",
    )  # fmt: skip
    crackdown_risk: Number = number(
        3.0, 0, 6, unit="risk added by a full crackdown", status="assumption", source="M22"
    )
    organised_edge: Number = number(
        0.5, 0, 2, unit="cost removed from a route by full consolidation", status="assumption",
        source="M22; A062",
    )  # fmt: skip
    suppression: Number = number(
        0.3, 0, 0.8, unit="share of flow stopped by a full crackdown", status="assumption",
        source="M22; A077",
    )  # fmt: skip
    rents_constant: Number = number(
        0.002, 0, 0.01, unit="entanglement a month per unit of rent (f0)", status="assumption",
        source="MODEL 6; M22",
    )  # fmt: skip
    rents_growth: Number = number(
        0.05, 0, 0.2, unit="entanglement a month per rent x z(1-z) (f1)", status="assumption",
        source="MODEL 6; M22",
    )  # fmt: skip
    accountability: Number = number(
        0.02, 0, 0.1, unit="entanglement removed a month below the threshold (f2)",
        status="assumption", source="MODEL 6; M22",
    )  # fmt: skip
    threshold: Number = number(
        0.5, 0.3, 0.8, unit="entanglement that is hard to reverse (z*)", status="assumption",
        source="MODEL 6; A070",
    )  # fmt: skip
    sanctions: Number = number(
        0.5, 0, 1, unit="share of rents removed by full targeted sanctions", status="assumption",
        source="A078",
    )  # fmt: skip
    development: Number = number(
        0.5, 0, 1, unit="share of welfare loss made good by full development aid",
        status="assumption", source="A076-A077",
    )  # fmt: skip


class Policing(Family):
    """Abuse by units and the spread of an order-and-surveillance model."""

    abuse: Number = number(
        0.01, 0.001, 0.05, unit="abuses a month and unit at model and threat 0",
        status="assumption", source="M09",
    )  # fmt: skip
    abuse_model: Number = number(
        1.5, 0, 3, unit="log rate per unit of policing model", status="assumption", source="M09"
    )
    abuse_threat: Number = number(
        1.0, 0, 3, unit="log rate per unit of threat", status="assumption", source="M09"
    )
    credible: Number = number(
        0.2, 0.05, 0.5, unit="share of abuses credibly reported under a fully free press",
        status="assumption", source="M09; MODEL 6",
    )  # fmt: skip
    adoption: Number = number(
        0.005, 0, 0.02, unit="model a month per Chinese exposure x threat x narrowness (ad)",
        status="assumption", source="M18; A029, A038",
    )  # fmt: skip
    reform: Number = number(
        0.002, 0, 0.02, unit="model a month per systemic US training (au)", status="assumption",
        source="M18; A048",
    )  # fmt: skip
    peers: Number = number(
        0.005, 0, 0.05, unit="share of the neighbours' difference a month", status="assumption",
        source="M18",
    )  # fmt: skip


class Beliefs(Family):
    """What recipients believe of each donor's effectiveness."""

    noise: Number = number(
        0.5, 0.3, 1, unit="sd of one experience", status="assumption", source="M12; MODEL 6"
    )
    prior_sd: Number = number(
        0.3, 0.1, 0.6, unit="sd of the first belief", status="assumption", source="M12"
    )
    forgetting: Number = number(
        0.001, 0, 0.01, unit="variance added a month", status="assumption", source="M12"
    )
    peers: Number = number(
        0.2, 0, 0.5, unit="weight of neighbours' beliefs, relative to own experience",
        status="assumption", source="M12; MODEL 6",
    )  # fmt: skip
    claim: Number = number(
        0.9, 0.5, 1, unit="effect claimed by promotion", status="assumption",
        source="M06, M12; vendor claims exceed police figures",
    )  # fmt: skip


class Alignment(Family):
    """How behaviour towards each donor moves."""

    help_half: Number = number(
        0.5, 0.1, 2, unit="help (1% of a force) at half of full effect", status="assumption",
        source="M16",
    )  # fmt: skip
    meeting: Number = number(
        0.005, 0, 0.02, unit="alignment per meeting followed by delivery", status="assumption",
        source="M07",
    )  # fmt: skip
    meeting_months: Number = number(
        6, 1, 18, unit="months a meeting waits for delivery", status="assumption", source="M07"
    )
    reversion: Number = number(
        0.02, 0.01, 0.05, unit="share of the distance to the usual level a month (am)",
        status="assumption", source="M16; MODEL 6",
    )  # fmt: skip
    rivalry: Number = number(
        0.0, -1, 0.1, unit="of the rivals' change (rhoX)", status="assumption",
        source="M16; 0 is hybrid alignment, -1 forced choice",
    )  # fmt: skip
    neighbours: Number = number(
        0.02, 0, 0.05, unit="share of the neighbours' difference a month (nb)",
        status="assumption", source="M16; MODEL 6",
    )  # fmt: skip
    confidence: Number = number(
        0.3, 0.15, 0.5, unit="difference beyond which neighbours are ignored (eps)",
        status="literature", source="Deffuant; Hegselmann and Krause, M18",
    )  # fmt: skip
    noise: Number = number(0.01, 0, 0.03, unit="sd a month", status="assumption", source="M16")
    cut_off: Number = number(
        0.02, 0, 0.1, unit="alignment lost when help is cut off", status="assumption",
        source="M11, M16",
    )  # fmt: skip


class Reaction(Family):
    """Pushback of recipients and statements of support."""

    pushback: Number = number(
        0.004, 0, 0.05, unit="pauses a month at full sensitivity and cover", status="assumption",
        source="M20; B089-B090, B109",
    )  # fmt: skip
    pushback_base: Number = number(
        0.5, 0, 1, unit="hazard without cover, as a share of that at full cover",
        status="assumption", source="M20",
    )  # fmt: skip
    pause_months: Number = number(
        12, 6, 18, unit="months", status="source", source="MODEL 6; Fiji, B084, B109"
    )
    reduced_scope: Number = number(
        0.6, 0.2, 1, unit="share of offers resumed", status="assumption", source="M20; Fiji"
    )
    contagion: Number = number(
        0.15, 0, 0.3, unit="rise of neighbours' sensitivity per pushback", status="assumption",
        source="M20; MODEL 6",
    )  # fmt: skip
    statement_base: Number = number(
        -4.9, -8, 0, unit="log-odds a month", status="assumption", source="M17; B043"
    )
    statement_alignment: Number = number(
        3.0, 0, 6, unit="log-odds per unit of alignment", status="assumption", source="M17"
    )
    statement_region: Number = number(
        0.5, 0, 2, unit="log-odds in the pilot region", status="assumption", source="M17; B083"
    )
    statement_rival: Number = number(
        0.5, 0, 2, unit="log-odds lost per sd of value to the rival", status="assumption",
        source="M17",
    )  # fmt: skip


class Voting(Family):
    """Alignment read on the scale of UN ideal points."""

    slope: Number = number(
        1.0, 0, 3, unit="ideal points per unit of alignment difference", status="assumption",
        source="M16; MODEL 8",
    )  # fmt: skip


class Parameters(Family):
    """All numbers of the rules, one family a rule file."""

    start: Start = Start()
    politics: Politics = Politics()
    centres: Centres = Centres()
    demand: Demand = Demand()
    diplomacy: Diplomacy = Diplomacy()
    provision: Provision = Provision()
    vetting: Vetting = Vetting()
    acceptance: Acceptance = Acceptance()
    delivery: Delivery = Delivery()
    crime: Crime = Crime()
    illicit: Illicit = Illicit()
    policing: Policing = Policing()
    beliefs: Beliefs = Beliefs()
    alignment: Alignment = Alignment()
    reaction: Reaction = Reaction()
    voting: Voting = Voting()
