"""Phase 10, learn: beliefs move by experience, hearsay and campaigns."""

import numpy as np

from hedgerow.core.levers import Information
from hedgerow.core.month import Month
from hedgerow.core.rules import beliefs


def learn(month: Month) -> None:
    """Update beliefs by experience, hearsay and campaigns."""
    world, p = month.world, month.scene.parameters.beliefs
    for d in month.donors():
        donor, code = month.scene.donor(d), month.scene.code(d)
        effect = beliefs.true_effect(month.gap, donor)
        mean, variance = world.belief[:, d], world.belief_variance[:, d]
        got = month.delivered[d]
        seen = ((got.officers > 0) | (got.usd > 0)).astype(np.float64)
        noise = month.draws("experience", code)
        after, sure = beliefs.experience(mean, variance, effect=effect, seen=seen, noise=noise, p=p)
        others = month.scene.network.difference(mean)
        shift = beliefs.hearsay(variance, others, p)
        for lever, placed in month.scene.schedule.now(Information, month.index):
            if lever.about == code:
                told = beliefs.campaign(mean, variance, effect, lever, p)
                shift = shift + told * placed.rows
        world.belief[:, d] = np.clip(after + shift, 0.0, 1.0)
        world.belief_variance[:, d] = np.clip(sure, 1e-6, 1.0)
