"""Phase 6, vet: donors block what their conditions forbid, and cut off whom they must."""

import numpy as np

from hedgerow.core.compiled import Record, kernel
from hedgerow.core.levers import Cutoff
from hedgerow.core.month import Month
from hedgerow.core.numbers import BoolArray, FloatArray
from hedgerow.core.rules import vetting


def vet(month: Month) -> None:
    """Begin cut-offs, then block each offer's part and send requests to rivals."""
    _begin_cuts(month)
    p = month.scene.parameters.provision
    month.world.request *= 1.0 - 1.0 / np.expand_dims(p.request_memory, 1)
    for d in month.donors():
        _block(month, d)


def _begin_cuts(month: Month) -> None:
    world, p = month.world, month.scene.parameters.delivery
    if not month.scene.schedule.holds(Cutoff):
        return
    np.maximum(world.cut_left - 1.0, 0.0, out=world.cut_left)
    for lever, placed in month.scene.schedule.now(Cutoff, month.index):
        d, rival = world.donors.index(lever.donor), world.donors.index(lever.rival)
        draw = month.draws.uniform("cutoff", lever.donor)
        begun = vetting.newly_cut(month.situation, d, rival, lever, draw)
        cut = (begun * placed.rows * world.states) > 0
        world.cut_left[:, d] = np.where(cut, lever.months, world.cut_left[:, d])
        taught = 0.0 if lever.technology_only else lever.depth
        world.cut_training[:, d] = np.where(cut, taught, world.cut_training[:, d])
        world.cut_equipment[:, d] = np.where(cut, lever.depth, world.cut_equipment[:, d])
        world.trust[:, d] = np.maximum(world.trust[:, d] - p.cut_off_trust * cut, 0.0)
        month.loss[:, d] += month.scene.parameters.alignment.cut_off * cut
        month.record("incidents", cut, kind="cut_off")


def _block(month: Month, d: int) -> None:
    """Block parts of donor ``d``'s offers; what is denied is asked of rivals instead."""
    world, deal, situation = month.world, month.deals[d], month.situation
    deal.training_blocked = _part(np.ascontiguousarray(month.rules.vet(situation, d, deal.training)), deal.training.officers)
    deal.equipment_blocked = _part(np.ascontiguousarray(month.rules.vet(situation, d, deal.equipment)), deal.equipment.usd)
    _displace(
        d,
        deal.training_blocked,
        world.denied,
        world.request,
        month.scene.rivals,
        world.facts.force,
        month.scene.record(month.scene.parameters.vetting),
    )


@kernel
def _part(share: FloatArray, whole: FloatArray) -> FloatArray:
    out = np.zeros_like(whole)
    for run in range(out.shape[0]):
        for i in range(out.shape[1]):
            if whole[run, i] > 0.0 and share[run, i] > 0.0:
                out[run, i] = np.rint(min(share[run, i], 1.0) * whole[run, i])
    return out


@kernel
def _displace(
    d: int,
    blocked: FloatArray,
    denied: FloatArray,
    request: FloatArray,
    rivals: BoolArray,
    force: FloatArray,
    vettings: Record,
) -> None:
    others = rivals[d].sum()
    for run in range(blocked.shape[0]):
        for i in range(blocked.shape[1]):
            if blocked[run, i] > 0.0:
                denied[run, d, i] += blocked[run, i]
                moved = vetting.displaced(blocked[run, i], force[i], vettings[run])
                for r in range(rivals.shape[1]):
                    if rivals[d, r]:
                        request[run, r, i] += moved / others
