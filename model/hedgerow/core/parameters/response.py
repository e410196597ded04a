"""What comes of it: alignment, reaction and the voting readout."""

from hedgerow.core.numbers import Family, Number, number


class Alignment(Family):
    """How behaviour towards each donor moves."""

    help_half: Number = number(0.5, 0.1, 2, "help (1% of a force) at half of full effect", "assumption: M16")
    meeting: Number = number(0.005, 0, 0.02, "alignment per meeting followed by delivery", "assumption: M07")
    meeting_months: Number = number(6, 1, 18, "months a meeting waits for delivery", "assumption: M07")
    reversion: Number = number(
        0.02, 0.001, 0.05, "share of the distance to the usual level a month (am)", "assumption: M16; MODEL 6"
    )
    rivalry: Number = number(
        0.0, -1, 0.1, "of the rivals' change (rhoX)", "assumption: M16; 0 is hybrid alignment, -1 forced choice"
    )
    neighbours: Number = number(
        0.02, 0, 0.05, "share of the neighbours' difference a month (nb)", "assumption: M16; MODEL 6"
    )
    confidence: Number = number(
        0.3,
        0.15,
        0.5,
        "difference beyond which neighbours are ignored (eps)",
        "literature: Deffuant; Hegselmann and Krause, M18",
    )
    noise: Number = number(0.01, 0, 0.03, "sd a month", "assumption: M16")
    cut_off: Number = number(0.02, 0, 0.1, "alignment lost when help is cut off", "assumption: M11, M16")


class Reaction(Family):
    """Pushback of recipients and statements of support."""

    pushback: Number = number(
        0.004, 0, 0.05, "pauses a month at full sensitivity and cover", "assumption: M20; B089-B090, B109"
    )
    pushback_base: Number = number(0.5, 0, 1, "hazard without cover, as a share of that at full cover", "assumption: M20")
    pause_months: Number = number(12, 6, 18, "months", "source: MODEL 6; Fiji, B084, B109")
    reduced_scope: Number = number(0.6, 0.2, 1, "share of offers resumed", "assumption: M20; Fiji")
    contagion: Number = number(0.15, 0, 0.3, "rise of neighbours' sensitivity per pushback", "assumption: M20; MODEL 6")
    statement_base: Number = number(-4.9, -8, 0, "log-odds a month", "assumption: M17; B043")
    statement_alignment: Number = number(3.0, 0, 6, "log-odds per unit of alignment", "assumption: M17")
    statement_region: Number = number(0.5, 0, 2, "log-odds in the pilot region", "assumption: M17; B083")
    statement_rival: Number = number(0.5, 0, 2, "log-odds lost per sd of value to the rival", "assumption: M17")


class Voting(Family):
    """Alignment read on the scale of UN ideal points."""

    slope: Number = number(1.0, 0, 3, "ideal points per unit of alignment difference", "assumption: M16; MODEL 8")
