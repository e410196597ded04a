"""What share of the spread over runs is chance, and what share is parameters that nobody knows.

Each run draws parameters and chance of its own, so its spread holds both. A few of them are run once
more with the same parameters and other chance: what differs within such a pair is chance alone.
"""

import numpy as np
import pandas as pd
from scipy.special import fdtri

from hedgerow.core.numbers import FloatArray
from hedgerow.runs.ensemble import BATCH, Ensemble
from hedgerow.runs.threads import Progress, in_order

PAIRS = 32
"""Pairs at most: the interval of a share is then about 0.4 wide at worst."""
FEWEST = 8
"""Pairs below which nothing is said."""
TOO_FEW = f"fewer than {FEWEST} runs: too few to tell chance from parameters"
COLUMNS = ("chance", "chance_low", "chance_high")
LEVEL = 0.9


def pairs(runs: int) -> int:
    """Return how many of so many runs are run once more."""
    return min(runs, PAIRS) if runs >= FEWEST else 0


def twins(ensemble: Ensemble, progress: Progress | None = None) -> dict[str, FloatArray]:
    """Return the outcomes of the first runs with their own parameters and other chance, ``(pairs,)`` by name."""
    few = Ensemble(ensemble.scenario, ensemble.runs[: pairs(len(ensemble))], ensemble.seed, ensemble.draws, twins=True)

    def job(part: Ensemble, tell: Progress) -> dict[str, FloatArray]:
        batch = part.batch()
        for _ in batch:
            tell(len(part))
        return batch.outcomes()

    jobs = [lambda tell, part=part: job(part, tell) for part in few.parts(BATCH // 4)]
    parts = list(in_order(jobs, progress, 1 if few.only_here else None))
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]} if parts else {}


def shares(outcomes: pd.DataFrame, again: pd.DataFrame) -> pd.DataFrame:
    """Return the share of each outcome's variance that is chance, not parameters, with its 90% interval.

    One-way analysis of variance over pairs with the interval of the intraclass correlation (Shrout and
    Fleiss 1979, doi:10.1037/0033-2909.86.2.420, case 1), which takes outcomes as normal.

    Parameters
    ----------
    outcomes, again : pandas.DataFrame
        A row a run and a column an outcome; row by row the same parameters and other chance.

    Returns
    -------
    pandas.DataFrame
        By outcome: ``chance``, ``chance_low`` and ``chance_high``, 0-1; not a number where nothing
        varies, or where there are fewer than eight pairs.
    """
    one, two = (np.asarray(t.to_numpy(), dtype=np.float64) for t in (outcomes.iloc[: len(again)], again[outcomes.columns]))
    n = len(one)
    if n < FEWEST:
        return pd.DataFrame(np.nan, index=outcomes.columns, columns=list(COLUMNS))
    within = ((one - two) ** 2).sum(axis=0) / (2 * n)
    between = 2.0 * ((one + two) / 2).var(axis=0, ddof=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = between / within
        ends = fdtri(n - 1, n, (1 + LEVEL) / 2), 1.0 / fdtri(n, n - 1, (1 + LEVEL) / 2)
        # At a ratio F of the two, parameters hold (F - 1) / (F + 1) of the variance, and chance the rest.
        found = [np.clip(2.0 / (r + 1.0), 0.0, 1.0) for r in (ratio, ratio / ends[1], ratio / ends[0])]
    found = [np.where(within + between > 0, share, np.nan) for share in found]
    return pd.DataFrame(np.column_stack(found), index=outcomes.columns, columns=list(COLUMNS))
