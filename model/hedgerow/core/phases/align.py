"""Phase 11, align: alignment with each donor moves by the sum of its terms."""

import numpy as np

from hedgerow.core.compiled import Record, add, at, kernel, level, numbers, within
from hedgerow.core.levers import ForcedChoice, Information
from hedgerow.core.month import Month
from hedgerow.core.numbers import BoolArray, FloatArray, IntArray
from hedgerow.core.rules import alignment
from hedgerow.core.rules.alignment import CHANGE_NAMES
from hedgerow.core.tape import Keys, normal
from hedgerow.core.world import Network, pull


def align(month: Month) -> None:
    """Move alignment with each donor by the sum of its terms."""
    world, p = month.world, month.scene.parameters.alignment
    step = _terms(month, apart=False)[0]
    _close(world.alignment, step, world.states, world.pending, _met(month), month.scene.record(p))


def change_terms(month: Month) -> list[dict[str, FloatArray]]:
    """Return the terms of the month's alignment change for each donor, ``(runs, rows)`` each."""
    terms = _terms(month, apart=True)
    return [dict(zip(CHANGE_NAMES, terms[:, :, d], strict=True)) for d in month.donors()]


def _met(month: Month) -> FloatArray:
    """Return the meetings that delivery has followed, ``(runs, donors, rows)``."""
    met = np.zeros_like(month.world.pending)
    for d, got in enumerate(month.delivered):
        _follow(d, month.world.pending, got.officers, got.usd, met)
    return met


@kernel
def _follow(d: int, pending: FloatArray, officers: FloatArray, usd: FloatArray, met: FloatArray) -> None:
    for run in range(officers.shape[0]):
        for i in range(officers.shape[1]):
            if officers[run, i] > 0.0 or usd[run, i] > 0.0:
                met[run, d, i] = pending[run, d, i]


@kernel
def _close(
    alignment: FloatArray, step: FloatArray, states: BoolArray, pending: FloatArray, met: FloatArray, parameters: Record
) -> None:
    """Take the step; meetings that delivery has followed are done with, others grow old."""
    for run in range(alignment.shape[0]):
        kept = 1.0 - 1.0 / parameters[run].meeting_months
        for d in range(alignment.shape[1]):
            for i in range(alignment.shape[2]):
                pending[run, d, i] *= 0.0 if met[run, d, i] > 0.0 else kept
                if states[i]:
                    new = alignment[run, d, i] + step[run, d, i]
                    alignment[run, d, i] = within(new, 0.0, 1.0)


def _terms(month: Month, *, apart: bool) -> FloatArray:
    """Return all terms, ``(terms, runs, donors, rows)``, or their sum where not kept apart."""
    world, scene, draws = month.world, month.scene, month.draws
    p = scene.parameters.alignment
    rho = scene.schedule.level(ForcedChoice, "rho", month.index, p.rivalry)
    response = [np.broadcast_to(scene.donor(d).response, (world.runs, 1)) for d in month.donors()]
    keys = [draws.keys("alignment", scene.code(d)) for d in month.donors()]
    out = np.empty((len(CHANGE_NAMES) if apart else 1, *world.alignment.shape))
    _changes(
        world.alignment,
        world.facts.alignment,
        world.help,
        world.first_help,
        np.concatenate(response, axis=1),
        _met(month),
        _losses(month),
        np.stack(keys, axis=1),
        draws.slots,
        scene.network,
        scene.rivals,
        level(rho),
        scene.record(p),
        out,
    )
    return out


def _losses(month: Month) -> FloatArray:
    """Return the month's losses through exposure and cut-off, and backlash against attacks."""
    loss = month.loss.copy()
    for d in month.donors():
        code = month.scene.code(d)
        for lever, placed in month.scene.schedule.now(Information, month.index, code):
            if lever.kind == "attack":
                loss[:, d] += lever.backlash / 12.0 * lever.intensity * placed.rows
    return loss


@kernel
def _changes(
    now: FloatArray,
    usual: FloatArray,
    help_: FloatArray,
    first_help: FloatArray,
    response: FloatArray,
    met: FloatArray,
    loss: FloatArray,
    keys: Keys,
    slots: IntArray,
    network: Network,
    rivals: BoolArray,
    rho: FloatArray,
    parameters: Record,
    out: FloatArray,
) -> None:
    runs, donors, rows = now.shape
    own, by_rivals, bounds = (np.empty((donors, rows)), np.empty((donors, rows)), np.empty((donors, rows)))
    drawn = np.empty(rows)
    apart = out.shape[0] > 1
    for run in range(runs):
        p = numbers(parameters[run])
        for d in range(donors):
            here = now[run, d]
            pull(here, p.confidence, network, drawn)
            for i in range(rows):
                terms = alignment.change(
                    here[i],
                    usual[d, i],
                    help_[run, d, i],
                    first_help[run, d, i],
                    response[run, d],
                    met[run, d, i],
                    drawn[i],
                    loss[run, d, i],
                    normal(keys[run, d], slots[i]),
                    p,
                )
                own[d, i] = add(terms)
                if apart:
                    for k in range(len(terms)):
                        out[k, run, d, i] = terms[k]
        _bind(now[run], own, rivals, rho, run, by_rivals, bounds)
        if apart:
            out[-2, run], out[-1, run] = by_rivals, bounds
        else:
            out[0, run] = own + by_rivals + bounds


@kernel
def _bind(
    now: FloatArray, own: FloatArray, rivals: BoolArray, rho: FloatArray, run: int, by_rivals: FloatArray, bounds: FloatArray
) -> None:
    """Write what rivals' changes bring, and what holds alignment within its bounds."""
    donors, rows = own.shape
    for i in range(rows):
        least, r, free = 1.0, at(rho, run, i), True
        for d in range(donors):
            across = 0.0
            for other in range(donors):
                if rivals[d, other]:
                    across += own[other, i]
            by_rivals[d, i] = alignment.from_rivals(across, r)
            bounds[d, i] = 0.0
            free = free and 0.0 <= now[d, i] + own[d, i] + by_rivals[d, i] <= 1.0
        if free:  # nearly always, and it spares four divisions
            continue
        for d in range(donors):
            least = min(least, alignment.kept_share(now[d, i], own[d, i] + by_rivals[d, i]))
        for d in range(donors):
            step = own[d, i] + by_rivals[d, i]
            share = alignment.held_share(alignment.kept_share(now[d, i], step), least, r)
            bounds[d, i] = (share - 1.0) * step
