"""The order of a month: twelve phases, each reading the state as it stood when it began.

A phase asks rules for decisions and writes only the variables it names; these are the only places
where the world changes. :data:`PHASES` is the order; the ODD protocol prints the same list and a
test keeps the two equal. To add a phase: a file here and a line in the tuple.
"""

from collections.abc import Callable
from dataclasses import dataclass

from hedgerow.core.month import Month
from hedgerow.core.phases import align, convene, deliver, demand, learn, live, offer, plan, react, respond, shocks, vet


@dataclass(frozen=True)
class Phase:
    """One step of a month: its name, what it does, and the variables it writes."""

    name: str
    run: Callable[[Month], None]
    does: str
    writes: frozenset[str]


def _phase(run: Callable[[Month], None], does: str, writes: str = "") -> Phase:
    return Phase(run.__name__, run, does, frozenset(writes.split()))


PHASES: tuple[Phase, ...] = (
    _phase(
        shocks.shocks,
        "Dated events, regime threat, leadership change, regime paths and service centres strike.",
        "threat sovereignty regime war centres agreement pause_left scope",
    ),
    _phase(demand.demand, "Each recipient's police find what they lack."),
    _phase(plan.plan, "Each donor divides its effort over recipients."),
    _phase(convene.convene, "Forums meet; ministers spend their time on partners.", "recent pending meetings"),
    _phase(offer.offer, "Donors offer courses and packages."),
    _phase(
        vet.vet,
        "Donors block what their conditions forbid, and cut off whom they said they would.",
        "request cut_left cut_training cut_equipment denied trust",
    ),
    _phase(respond.respond, "Recipients accept or refuse each offer on its own merits."),
    _phase(
        deliver.deliver,
        "Accepted help arrives: capability, technology, uptime and trust.",
        "capability lock_in uptime trust help request officers officer_weeks equipment_usd spent_usd",
    ),
    _phase(
        live.live,
        "Crime, illicit markets, entanglement, abuse and the policing model run on.",
        "crime entanglement welfare_loss policing_model flagged abuses",
    ),
    _phase(learn.learn, "Recipients learn how well each donor's help works.", "belief belief_variance"),
    _phase(align.align, "Alignment with each donor moves.", "alignment pending"),
    _phase(
        react.react,
        "Recipients push back, resume and declare support; donors notice rivals' gains.",
        "sovereignty agreement pause_left scope supports reaction",
    ),
)


def advance(month: Month) -> None:
    """Take the world through one month, phase by phase."""
    for phase in PHASES:
        phase.run(month)
