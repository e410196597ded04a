"""Phase 3, plan: each donor divides its effort over recipients."""

import numpy as np

from hedgerow.core.month import Month


def plan(month: Month) -> None:
    """Ask each donor for the share of its effort that each recipient gets."""
    situation = month.situation
    month.shares = [np.maximum(month.rules.plan(situation, d), 0.0) for d in month.donors()]
