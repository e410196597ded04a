"""What passes between donors and recipients: meetings, offers, vetting, acceptance, delivery."""

from hedgerow.core.numbers import Family, Number, number


class Diplomacy(Family):
    """Forums, ministers' time and whom they meet."""

    attend_base: Number = number(-1.0, -4, 3, "log-odds", "assumption: M08; B058")
    attend_alignment: Number = number(2.0, 0, 5, "log-odds per unit of alignment with the organiser", "assumption: M08")
    attend_agreement: Number = number(1.0, 0, 3, "log-odds with an active agreement", "assumption: M08")
    attend_neighbours: Number = number(1.5, 0, 3, "log-odds per share of neighbours expected", "assumption: M08")
    attend_publicity: Number = number(2.0, 0, 5, "log-odds per sensitivity x publicity", "assumption: M08")
    attend_hostile: Number = number(0.7, 0, 3, "log-odds lost when a hostile state is a member", "assumption: M18; B146")
    attend_rival: Number = number(3.0, 0, 6, "log-odds lost by a donor that competes with the organiser", "assumption: M08")
    attend_organisation: Number = number(
        3.0,
        0,
        6,
        "log-odds of an international organisation",
        "assumption: B039: Interpol's president came to two forums running",
    )
    sign_hostile: Number = number(
        0.5, 0, 1, "share of signatures lost when a hostile state is a member", "assumption: M18, 0.5-1; B146"
    )
    sideline_cost: Number = number(0.4, 0.2, 0.5, "of a stand-alone meeting's time", "assumption: M07; MODEL 6")
    forum_factor: Number = number(6.0, 5, 10, "times the usual meeting time in a forum month", "assumption: M08; MODEL 6")
    repetition: Number = number(
        0.1,
        0,
        1,
        "log value lost per log of recent meetings",
        "assumption: M07; MODEL 10, dispersion hint: with 0.5 partners are too many [B154]",
    )
    memory: Number = number(12, 3, 36, "months over which a meeting is recent", "assumption: M07")
    value: Number = number(
        1.58,
        0.3,
        2.5,
        "log meeting value per sd of strategic value",
        "calibrated: fitted inside the model, `python -m hedgerow.fit.weights`",
    )
    willingness: Number = number(
        0.3, 0, 2, "log value per unit of alignment of a meeting at a forum", "assumption: M07; B237"
    )
    hub: Number = number(0.2, 0, 1, "log value of meeting a region's leading state at a forum", "assumption: M07; B237")
    topic: Number = number(
        0.0,
        -0.5,
        1,
        "log meeting value of a shared border",
        "assumption: M07; B082; beside the gravity fit the record gives -0.18, standard error 0.25",
    )
    organisation: Number = number(
        2.3, -2, 4, "log meeting value of an international organisation over a mean state's", "assumption: B038, B170"
    )
    encounter: Number = number(
        0.9, 0.5, 1, "chance that a recurring forum's multilateral meeting is held", "assumption: M08; MODEL 10, C6"
    )
    start_activity: Number = number(0.15, 0, 0.5, "share of usual activity in June 2022", "assumption: B023")
    ramp: Number = number(20, 6, 40, "months from June 2022 to usual activity", "assumption: M08; B023, B074-B075")


class Provision(Family):
    """How help is made up."""

    surge: Number = number(0.25, 0, 1, "share of a displaced request met above the plan", "assumption: M09")
    request_memory: Number = number(6, 1, 24, "months for which a displaced request stands", "assumption: M09")
    request_weight: Number = number(0.5, 0, 2, "donor score per displaced request (1% of a force)", "assumption: M09")


class Vetting(Family):
    """Leahy-style vetting of units, and what happens to help denied."""

    units: Number = number(6, 3, 10, "police units a state", "assumption: M09; MODEL 6")
    substitution: Number = number(
        0.5, 0.3, 0.8, "share of blocked help given to clean units", "literature: Tate 2011 on Colombia (excerpt), M09"
    )
    displacement: Number = number(
        0.2,
        0,
        0.5,
        "share of help denied that becomes a request to the rival",
        "literature: Philippine rifles 2016-17 (press), M09",
    )
    clearing: Number = number(0.03, 0.01, 0.1, "flags cleared a month", "literature: 22 USC 2378d; GAO-13-866; M09")
    remediation: Number = number(2.0, 0, 5, "times faster clearing under full funded remediation", "assumption: M09")
    deterrence: Number = number(
        0.01, 0, 0.05, "fall of the order model a year at full strictness and reliance", "assumption: M09"
    )


class Acceptance(Family):
    """Whether a recipient takes an offer."""

    constant: Number = number(-0.2, -2, 2, "utility", "assumption: M15")
    gap: Number = number(2.0, 0, 4, "utility per believed effect x gap", "assumption: M15")
    surveillance: Number = number(
        0.8,
        -1,
        4,
        "utility per threat x narrowness x surveillance content",
        "assumption: M15; through 0, as the literature conflicts",
    )
    lock_in: Number = number(0.5, 0, 4, "utility per installed technology", "assumption: M05; A030")
    trust: Number = number(0.8, 0, 4, "utility per trust", "assumption: M15")
    price: Number = number(1.0, 0, 4, "utility per price", "assumption: M15; A051")
    conditions: Number = number(
        0.8,
        0,
        4,
        "utility per condition x coalition breadth",
        "assumption: M15, selectorate term; Bueno de Mesquita and Smith 2007, 2009 (abstracts)",
    )
    visibility: Number = number(0.5, 0, 2, "utility per sensitivity x visibility", "assumption: M20")
    deterrence: Number = number(
        1.0, 0, 4, "utility per perceived cut-off chance x value of the rival's help", "assumption: M11"
    )
    concern: Number = number(0.3, 0, 1, "utility per unit of worry about data x technology", "assumption: M13; A050")
    switching: Number = number(0.5, 0.2, 2, "utility per technology of a rival installed", "assumption: M05, M13")
    scale: Number = number(0.7, 0.3, 1.5, "utility per unit of log-odds", "assumption: M15")


class Delivery(Family):
    """What delivered help does to capability, technology and trust."""

    yield_: Number = number(0.03, 0.01, 0.1, "capability per 1% of the force trained", "assumption: M03; MODEL 6")
    turnover: Number = number(0.1, 0.05, 0.2, "share of gained capability lost a year", "assumption: M03; MODEL 6")
    follow_up: Number = number(0.5, 0, 2, "extra yield under full operational follow-up", "assumption: M14; A053")
    in_donor_fit: Number = number(0.8, 0.5, 1, "fit of a course abroad, as a share of one at home", "assumption: M03")
    in_host_trust: Number = number(
        0.5, 0.2, 1, "trust built by a course at home, as a share of one abroad", "assumption: M03"
    )
    trust_gain: Number = number(0.03, 0, 0.1, "trust per course-equivalent for 1% of the force", "assumption: M03")
    trust_follow_up: Number = number(0.004, 0, 0.02, "trust a month under full follow-up of recent help", "assumption: M14")
    trust_decay: Number = number(0.02, 0.005, 0.1, "share of the distance to the usual trust a month", "assumption: M14")
    equipment_yield: Number = number(0.01, 0, 0.05, "capability per package of US$ 1 million", "assumption: M05")
    lock_in_gain: Number = number(0.3, 0.1, 1, "installed technology per surveillance package", "assumption: M05")
    lock_in_decay: Number = number(0.1, 0.05, 0.15, "share a year", "assumption: M05; systems live 7-20 years")
    uptime: Number = number(
        0.8,
        0.5,
        0.95,
        "share of kit that works when maintained",
        "literature: M05; half of Islamabad's cameras out of order (press)",
    )
    failure: Number = number(0.02, 0, 0.1, "share of working kit that fails a month", "assumption: M05")
    repair: Number = number(0.1, 0, 0.5, "share of the distance to full uptime repaired a month", "assumption: M05")
    course_weeks: Number = number(2.5, 1, 6, "weeks of the usual course, by which others are measured", "source: A014")
    equipment_dose: Number = number(
        0.1, 0, 0.5, "help (courses for 1% of a force) per log US$ million of kit", "assumption: M16"
    )
    full_system_usd: Number = number(
        8e6, 1e6, 1e8, "US$ of a system that locks in 63% of the full effect", "assumption: M05"
    )
    help_memory: Number = number(12, 3, 36, "months over which help counts as recent", "assumption: MODEL 4")
    cover_half: Number = number(0.5, 0.1, 2, "recent help (1% of a force) that covers 63% of the ground", "assumption: M02")
    cut_off_trust: Number = number(0.1, 0.02, 0.2, "trust lost when help is cut off", "assumption: M11")
