"""Phase 11, align: alignment with each donor moves by the sum of its terms."""

import numpy as np

from hedgerow.core.levers import ForcedChoice, Information
from hedgerow.core.month import Month
from hedgerow.core.numbers import FloatArray
from hedgerow.core.rules import alignment
from hedgerow.core.rules.common import total


def align(month: Month) -> None:
    """Move alignment with each donor by the sum of its terms."""
    world, p = month.world, month.scene.parameters.alignment
    steps = [total(t) for t in change_terms(month)]
    for d, step in enumerate(steps):
        met = _meetings_that_count(month, d)
        now = world.alignment[:, d]
        world.alignment[:, d] = np.clip(now + step * world.states, 0.0, 1.0)
        world.pending[:, d] *= (1.0 - 1.0 / p.meeting_months) * (met <= 0)


def change_terms(month: Month) -> list[dict[str, FloatArray]]:
    """Return the terms of the month's alignment change for each donor, ``(runs, rows)`` each."""
    world, p = month.world, month.scene.parameters.alignment
    rho = month.scene.schedule.level(ForcedChoice, "rho", month.index, p.rivalry)
    now = [world.alignment[:, d] for d in month.donors()]
    terms = [_own_terms(month, d) for d in month.donors()]
    terms = alignment.with_rivalry(terms, month.scene.rivals, rho)
    return alignment.with_bounds(now, terms, rho)


def _meetings_that_count(month: Month, d: int) -> FloatArray:
    got = month.delivered[d]
    return month.world.pending[:, d] * ((got.officers > 0) | (got.usd > 0))


def _own_terms(month: Month, d: int) -> dict[str, FloatArray]:
    world, p = month.world, month.scene.parameters.alignment
    now = world.alignment[:, d]
    return alignment.change_terms(
        now, usual=world.facts.alignment[d], help_=world.help[:, d],
        first_help=world.first_help[:, d],
        response=month.scene.donor(d).response, met=_meetings_that_count(month, d),
        neighbours=month.scene.network.pull(now, p.confidence),
        loss=month.loss[:, d] + _backlash(month, d),
        noise=month.draws("alignment", month.scene.code(d)), p=p,
    )  # fmt: skip


def _backlash(month: Month, d: int) -> FloatArray:
    loss = np.zeros_like(month.world.crime)
    for lever, placed in month.scene.schedule.now(Information, month.index, month.scene.code(d)):
        if lever.kind == "attack":
            loss = loss + lever.backlash / 12.0 * lever.intensity * placed.rows
    return loss
