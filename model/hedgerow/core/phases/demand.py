"""Phase 2, demand: what each recipient's police need and lack."""

import numpy as np

from hedgerow.core.compiled import Record, at, kernel, level, numbers
from hedgerow.core.levers import BackgroundDonors
from hedgerow.core.month import Month
from hedgerow.core.numbers import FloatArray, IntArray, Value
from hedgerow.core.rules.demand import BORDER, INVESTIGATION, PUBLIC_ORDER, TECHNOLOGY, effective, lacking, required
from hedgerow.core.rules.politics import troubled


def demand(month: Month) -> None:
    """Work out what each recipient's police lack."""
    month.gap = gaps(month)


def gaps(month: Month) -> FloatArray:
    """Return gaps, ``(runs, capabilities, rows)``, at this point of the month."""
    world, facts, scene = month.world, month.world.facts, month.scene
    relief: Value = 0.0
    for lever, placed in scene.schedule.now(BackgroundDonors, month.index):
        relief = 1.0 - (1.0 - relief) * (1.0 - lever.cover * placed.rows)
    return _gaps(
        world.capability,
        world.crime,
        world.threat,
        world.regime,
        facts.coalition,
        facts.stake.max(axis=0),
        level(relief),
        scene.record(scene.parameters.demand),
        scene.record(scene.parameters.politics),
    )


@kernel
def _gaps(
    capability: FloatArray,
    crime: FloatArray,
    threat: FloatArray,
    regime: IntArray,
    coalition: FloatArray,
    stake: FloatArray,
    relief: FloatArray,
    demands: Record,
    politics: Record,
) -> FloatArray:
    gap = np.empty_like(capability)
    for run in range(crime.shape[0]):
        p, diversion = numbers(demands[run]), numbers(politics[run]).trouble_diversion
        has = capability[run]
        for i in range(crime.shape[1]):
            investigation, order, border, technology = required(crime[run, i], threat[run, i], coalition[i], stake[i], p)
            spared = at(relief, run, i)
            solving, keeping, guarding = effective(
                has[INVESTIGATION, i], has[PUBLIC_ORDER, i], has[BORDER, i], troubled(regime[run, i]), diversion
            )
            gap[run, INVESTIGATION, i] = lacking(investigation, solving, spared)
            gap[run, PUBLIC_ORDER, i] = lacking(order, keeping, spared)
            gap[run, BORDER, i] = lacking(border, guarding, spared)
            gap[run, TECHNOLOGY, i] = lacking(technology, has[TECHNOLOGY, i], spared)
    return gap
