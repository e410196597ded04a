"""Phase 2, demand: what each recipient's police need and lack."""

from hedgerow.core.levers import BackgroundDonors
from hedgerow.core.month import Month
from hedgerow.core.numbers import FloatArray, Value
from hedgerow.core.rules import demand as need
from hedgerow.core.rules import politics


def demand(month: Month) -> None:
    """Work out what each recipient's police lack."""
    month.gap = gaps(month)


def gaps(month: Month) -> FloatArray:
    """Return gaps, ``(runs, capabilities, rows)``, at this point of the month."""
    world, facts, p = month.world, month.world.facts, month.scene.parameters
    required = need.required(
        world.crime, world.threat, facts.coalition, facts.stake.max(axis=0), p.demand
    )
    trouble = politics.troubled(world.regime)
    serving = need.effective(world.capability, trouble, p.politics.trouble_diversion)
    relief: Value = 0.0
    for lever, placed in month.scene.schedule.now(BackgroundDonors, month.index):
        relief = 1.0 - (1.0 - relief) * (1.0 - lever.cover * placed.rows)
    return need.gaps(required, serving, relief)
