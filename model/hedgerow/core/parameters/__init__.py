"""Every number of the rules: unit, range, status and source.

One family a rule file. Numbers that belong to a donor (budgets, fits,
weights) stand in :mod:`hedgerow.core.donors`, those of a policy in :mod:`hedgerow.core.levers`.
Ids such as A013 and B162 are rows of ``facts.csv``; M01 .. M24 are sections of the design's
MECHANISMS. A range is what the design allows a study to sweep, not a confidence interval.
"""

from hedgerow.core.numbers import Family
from hedgerow.core.parameters.exchange import Acceptance, Delivery, Diplomacy, Provision, Vetting
from hedgerow.core.parameters.response import Alignment, Reaction, Voting
from hedgerow.core.parameters.society import Beliefs, Centres, Crime, Demand, Illicit, Policing, Politics
from hedgerow.core.parameters.start import Start

__all__ = [
    "Acceptance",
    "Alignment",
    "Beliefs",
    "Centres",
    "Crime",
    "Delivery",
    "Demand",
    "Diplomacy",
    "Illicit",
    "Parameters",
    "Policing",
    "Politics",
    "Provision",
    "Reaction",
    "Start",
    "Vetting",
    "Voting",
]


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
