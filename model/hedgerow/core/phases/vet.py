"""Phase 6, vet: donors block what their conditions forbid, and cut off whom they must."""

import numpy as np

from hedgerow.core.levers import Cutoff
from hedgerow.core.month import Month
from hedgerow.core.numbers import FloatArray
from hedgerow.core.rules import vetting


def vet(month: Month) -> None:
    """Begin cut-offs, then block each offer's part and send requests to rivals."""
    _begin_cuts(month)
    requests = np.zeros_like(month.world.request)
    for d in month.donors():
        requests += _block(month, d)
    p = month.scene.parameters.provision
    fading = 1.0 - 1.0 / np.expand_dims(p.request_memory, 1)
    month.world.request = month.world.request * fading + requests


def _begin_cuts(month: Month) -> None:
    world, p = month.world, month.scene.parameters.delivery
    world.cut_left = np.maximum(world.cut_left - 1.0, 0.0)
    for lever, placed in month.scene.schedule.now(Cutoff, month.index):
        d, rival = world.donors.index(lever.donor), world.donors.index(lever.rival)
        draw = month.draws("cutoff", lever.donor)
        begun = vetting.newly_cut(month.situation, d, rival, lever, draw)
        cut = (begun * placed.rows * world.states) > 0
        world.cut_left[:, d] = np.where(cut, lever.months, world.cut_left[:, d])
        taught = 0.0 if lever.technology_only else lever.depth
        world.cut_training[:, d] = np.where(cut, taught, world.cut_training[:, d])
        world.cut_equipment[:, d] = np.where(cut, lever.depth, world.cut_equipment[:, d])
        world.trust[:, d] = np.maximum(world.trust[:, d] - p.cut_off_trust * cut, 0.0)
        month.loss[:, d] += month.scene.parameters.alignment.cut_off * cut
        month.record("incidents", cut, kind="cut_off")


def _block(month: Month, d: int) -> FloatArray:
    """Block parts of donor ``d``'s offers and return what rivals are asked for instead."""
    world, deal, situation = month.world, month.deals[d], month.situation
    share = np.clip(month.rules.vet(situation, d, deal.training), 0.0, 1.0)
    deal.training_blocked = np.rint(share * deal.training.officers)
    share = np.clip(month.rules.vet(situation, d, deal.equipment), 0.0, 1.0)
    deal.equipment_blocked = np.rint(share * deal.equipment.usd)
    world.denied[:, d] += deal.training_blocked
    asked = np.zeros_like(world.request)
    moved = month.scene.parameters.vetting.displacement * deal.training_blocked
    rivals = np.flatnonzero(month.scene.rivals[d])
    for r in rivals:
        asked[:, r] = moved / world.facts.force / rivals.size
    return asked
