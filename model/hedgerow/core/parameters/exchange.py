"""What passes between donors and recipients: meetings, offers, vetting, acceptance, delivery."""

from hedgerow.core.numbers import Family, Number, number


class Diplomacy(Family):
    """Forums, ministers' time and whom they meet."""

    attend_base: Number = number(-1.0, -4, 3, unit="log-odds", status="assumption", source="M08; B058")
    attend_alignment: Number = number(
        2.0, 0, 5, unit="log-odds per unit of alignment with the organiser", status="assumption", source="M08"
    )
    attend_agreement: Number = number(
        1.0, 0, 3, unit="log-odds with an active agreement", status="assumption", source="M08"
    )
    attend_neighbours: Number = number(
        1.5, 0, 3, unit="log-odds per share of neighbours expected", status="assumption", source="M08"
    )
    attend_publicity: Number = number(
        2.0, 0, 5, unit="log-odds per sensitivity x publicity", status="assumption", source="M08"
    )
    attend_hostile: Number = number(
        0.7, 0, 3, unit="log-odds lost when a hostile state is a member", status="assumption", source="M18; B146"
    )
    attend_rival: Number = number(
        3.0, 0, 6, unit="log-odds lost by a donor that competes with the organiser", status="assumption", source="M08"
    )
    attend_organisation: Number = number(
        3.0,
        0,
        6,
        unit="log-odds of an international organisation",
        status="assumption",
        source="B039: Interpol's president came to two forums running",
    )
    sign_hostile: Number = number(
        0.5,
        0,
        1,
        unit="share of signatures lost when a hostile state is a member",
        status="assumption",
        source="M18, 0.5-1; B146",
    )
    sideline_cost: Number = number(
        0.4, 0.2, 0.5, unit="of a stand-alone meeting's time", status="assumption", source="M07; MODEL 6"
    )
    forum_factor: Number = number(
        6.0, 5, 10, unit="times the usual meeting time in a forum month", status="assumption", source="M08; MODEL 6"
    )
    repetition: Number = number(
        0.1,
        0,
        1,
        unit="log value lost per log of recent meetings",
        status="assumption",
        source="M07; MODEL 10, dispersion hint: with 0.5 partners are too many [B154]",
    )
    memory: Number = number(12, 3, 36, unit="months over which a meeting is recent", status="assumption", source="M07")
    value: Number = number(
        1.58,
        0.3,
        2.5,
        unit="log meeting value per sd of strategic value",
        status="calibrated",
        source="fitted inside the model, `python -m hedgerow.fit.weights`",
    )
    willingness: Number = number(
        0.3,
        0,
        2,
        unit="log value per unit of alignment of a meeting at a forum",
        status="assumption",
        source="M07; B237",
    )
    hub: Number = number(
        0.2,
        0,
        1,
        unit="log value of meeting a region's leading state at a forum",
        status="assumption",
        source="M07; B237",
    )
    topic: Number = number(
        0.0,
        -0.5,
        1,
        unit="log meeting value of a shared border",
        status="assumption",
        source="M07; B082; beside the gravity fit the record gives -0.18, standard error 0.25",
    )
    organisation: Number = number(
        2.3,
        -2,
        4,
        unit="log meeting value of an international organisation over a mean state's",
        status="assumption",
        source="B038, B170",
    )
    encounter: Number = number(
        0.9,
        0.5,
        1,
        unit="chance that a recurring forum's multilateral meeting is held",
        status="assumption",
        source="M08; MODEL 10, C6",
    )
    start_activity: Number = number(
        0.15, 0, 0.5, unit="share of usual activity in June 2022", status="assumption", source="B023"
    )
    ramp: Number = number(
        20, 6, 40, unit="months from June 2022 to usual activity", status="assumption", source="M08; B023, B074-B075"
    )


class Provision(Family):
    """How help is made up."""

    surge: Number = number(
        0.25, 0, 1, unit="share of a displaced request met above the plan", status="assumption", source="M09"
    )
    request_memory: Number = number(
        6, 1, 24, unit="months for which a displaced request stands", status="assumption", source="M09"
    )
    request_weight: Number = number(
        0.5, 0, 2, unit="donor score per displaced request (1% of a force)", status="assumption", source="M09"
    )


class Vetting(Family):
    """Leahy-style vetting of units, and what happens to help denied."""

    units: Number = number(6, 3, 10, unit="police units a state", status="assumption", source="M09; MODEL 6")
    substitution: Number = number(
        0.5,
        0.3,
        0.8,
        unit="share of blocked help given to clean units",
        status="literature",
        source="Tate 2011 on Colombia (excerpt), M09",
    )
    displacement: Number = number(
        0.2,
        0,
        0.5,
        unit="share of help denied that becomes a request to the rival",
        status="literature",
        source="Philippine rifles 2016-17 (press), M09",
    )
    clearing: Number = number(
        0.03, 0.01, 0.1, unit="flags cleared a month", status="literature", source="22 USC 2378d; GAO-13-866; M09"
    )
    remediation: Number = number(
        2.0, 0, 5, unit="times faster clearing under full funded remediation", status="assumption", source="M09"
    )
    deterrence: Number = number(
        0.01,
        0,
        0.05,
        unit="fall of the order model a year at full strictness and reliance",
        status="assumption",
        source="M09",
    )


class Acceptance(Family):
    """Whether a recipient takes an offer."""

    constant: Number = number(-0.2, -2, 2, unit="utility", status="assumption", source="M15")
    gap: Number = number(2.0, 0, 4, unit="utility per believed effect x gap", status="assumption", source="M15")
    surveillance: Number = number(
        0.8,
        -1,
        4,
        unit="utility per threat x narrowness x surveillance content",
        status="assumption",
        source="M15; through 0, as the literature conflicts",
    )
    lock_in: Number = number(
        0.5, 0, 4, unit="utility per installed technology", status="assumption", source="M05; A030"
    )
    trust: Number = number(0.8, 0, 4, unit="utility per trust", status="assumption", source="M15")
    price: Number = number(1.0, 0, 4, unit="utility per price", status="assumption", source="M15; A051")
    conditions: Number = number(
        0.8,
        0,
        4,
        unit="utility per condition x coalition breadth",
        status="assumption",
        source="M15, selectorate term; Bueno de Mesquita and Smith 2007, 2009 (abstracts)",
    )
    visibility: Number = number(
        0.5, 0, 2, unit="utility per sensitivity x visibility", status="assumption", source="M20"
    )
    deterrence: Number = number(
        1.0,
        0,
        4,
        unit="utility per perceived cut-off chance x value of the rival's help",
        status="assumption",
        source="M11",
    )
    concern: Number = number(
        0.3, 0, 1, unit="utility per unit of worry about data x technology", status="assumption", source="M13; A050"
    )
    switching: Number = number(
        0.5, 0.2, 2, unit="utility per technology of a rival installed", status="assumption", source="M05, M13"
    )
    scale: Number = number(0.7, 0.3, 1.5, unit="utility per unit of log-odds", status="assumption", source="M15")


class Delivery(Family):
    """What delivered help does to capability, technology and trust."""

    yield_: Number = number(
        0.03, 0.01, 0.1, unit="capability per 1% of the force trained", status="assumption", source="M03; MODEL 6"
    )
    turnover: Number = number(
        0.1, 0.05, 0.2, unit="share of gained capability lost a year", status="assumption", source="M03; MODEL 6"
    )
    follow_up: Number = number(
        0.5, 0, 2, unit="extra yield under full operational follow-up", status="assumption", source="M14; A053"
    )
    in_donor_fit: Number = number(
        0.8, 0.5, 1, unit="fit of a course abroad, as a share of one at home", status="assumption", source="M03"
    )
    in_host_trust: Number = number(
        0.5, 0.2, 1, unit="trust built by a course at home, as a share of one abroad", status="assumption", source="M03"
    )
    trust_gain: Number = number(
        0.03, 0, 0.1, unit="trust per course-equivalent for 1% of the force", status="assumption", source="M03"
    )
    trust_follow_up: Number = number(
        0.004, 0, 0.02, unit="trust a month under full follow-up of recent help", status="assumption", source="M14"
    )
    trust_decay: Number = number(
        0.02, 0.005, 0.1, unit="share of the distance to the usual trust a month", status="assumption", source="M14"
    )
    equipment_yield: Number = number(
        0.01, 0, 0.05, unit="capability per package of US$ 1 million", status="assumption", source="M05"
    )
    lock_in_gain: Number = number(
        0.3, 0.1, 1, unit="installed technology per surveillance package", status="assumption", source="M05"
    )
    lock_in_decay: Number = number(
        0.1, 0.05, 0.15, unit="share a year", status="assumption", source="M05; systems live 7-20 years"
    )
    uptime: Number = number(
        0.8,
        0.5,
        0.95,
        unit="share of kit that works when maintained",
        status="literature",
        source="M05; half of Islamabad's cameras out of order (press)",
    )
    failure: Number = number(
        0.02, 0, 0.1, unit="share of working kit that fails a month", status="assumption", source="M05"
    )
    repair: Number = number(
        0.1, 0, 0.5, unit="share of the distance to full uptime repaired a month", status="assumption", source="M05"
    )
    course_weeks: Number = number(
        2.5, 1, 6, unit="weeks of the usual course, by which others are measured", status="source", source="A014"
    )
    equipment_dose: Number = number(
        0.1,
        0,
        0.5,
        unit="help (courses for 1% of a force) per log US$ million of kit",
        status="assumption",
        source="M16",
    )
    full_system_usd: Number = number(
        8e6, 1e6, 1e8, unit="US$ of a system that locks in 63% of the full effect", status="assumption", source="M05"
    )
    help_memory: Number = number(
        12, 3, 36, unit="months over which help counts as recent", status="assumption", source="MODEL 4"
    )
    cover_half: Number = number(
        0.5, 0.1, 2, unit="recent help (1% of a force) that covers 63% of the ground", status="assumption", source="M02"
    )
    cut_off_trust: Number = number(
        0.1, 0.02, 0.2, unit="trust lost when help is cut off", status="assumption", source="M11"
    )
