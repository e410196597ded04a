"""Scenarios in which little is left alone, for the contracts."""

from functools import cache

from hedgerow.core.engine import Batch
from hedgerow.scenario.load import load
from hedgerow.scenario.place import place
from hedgerow.scenario.schema import Scenario

BUSY = (
    "policies.leahy.scope=country",
    "policies.leahy.remediation=0.5",
    "policies.cutoff.probability=0.5",
    "policies.cutoff.threshold=0.1",
    "policies.gap_fill.share=0.3",
    "policies.evidence.lever=information",
    "policies.evidence.intensity=1.0",
    "policies.attack.lever=information",
    "policies.attack.kind=attack",
    "policies.attack.donor=CHN",
    "policies.attack.about=USA",
    "policies.attack.intensity=1.0",
    "policies.attack.effect=0.5",
    "policies.transition.path=stalled",
    "policies.transition.recipients=region:Africa",
    "policies.tech_alternative.subsidy=0.4",
    "policies.tech_alternative.packages=200",
    "policies.follow_up.posts=0.5",
    "policies.venue.in_host=0.5",
    "policies.budget.training=3",
    "policies.budget.equipment=5",
    "policies.reaction.rate=1.0",
    "policies.forced_choice.rho=-1",
    "policies.service_centres.openings=20",
    "policies.service_centres.exposure=50",
    "policies.illicit.crackdown=1.0",
    "policies.illicit.development=0.5",
    "parameters.reaction.pushback=0.05",
    "parameters.reaction.pause_months=18",
    "parameters.reaction.contagion=0.3",
    "parameters.policing.abuse=0.05",
    "parameters.alignment.noise=0.03",
)
"""Settings that put almost every lever to work at once, some at the end of their range."""


@cache
def scenario(name: str) -> Scenario:
    """Return the baseline or the busy scenario."""
    return load("baseline-2022-25", BUSY if name == "busy" else ())


def batch(name: str, runs: int, months: int = 0) -> Batch:
    """Return a batch of a scenario, some months on."""
    scene, world = place([scenario(name)] * runs)
    made = Batch(scene, world, seed=20, runs=range(runs))
    for _ in range(months):
        made.step()
    return made
