"""Null models of who is met: what a model must beat to be worth having.

Both know how many bilateral meetings the record has and nothing of how they come about: in the
first all counterparts are alike, in the second each is met as the gravity fit expects
(:mod:`hedgerow.fit.gravity`, itself fitted to the same named counts). They say nothing of
agencies, forums, months or courses.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from hedgerow.core.numbers import FloatArray
from hedgerow.fit import gravity
from hedgerow.fit.patterns import Record
from hedgerow.fit.targets import Target, Targets, measure

ABOUT_PARTNERS = {"partners", "share_of_most_met", "meetings_with", "others_above", "share_of_subregion"}
"""Statistics that the counts by partner decide."""
NULLS = ("alike", "gravity")


def meeting_shares(name: str, counterparts: Sequence[str]) -> FloatArray:
    """Return the share of meetings each counterpart has under a null model, adding up to 1.

    The gravity fit knows states alone; an organisation is met as often as the mean state.
    """
    if name == "alike":
        return np.full(len(counterparts), 1.0 / len(counterparts))
    expected = gravity.fit().expected.reindex(list(counterparts))
    filled = expected.fillna(expected.mean()).to_numpy(dtype=np.float64)
    return np.asarray(filled / filled.sum())


def total(targets: Targets) -> float:
    """Return the bilateral meetings of the record."""
    found = [t.value for t in targets.targets if t.statistic == "bilaterals_by_setting"]
    return float(sum(found))


def counts(name: str, counterparts: Sequence[str], meetings: float, runs: int, seed: int) -> FloatArray:
    """Return simulated meetings by counterpart, ``(runs, counterparts)``: independent Poisson."""
    rng = np.random.default_rng((seed, NULLS.index(name)))
    rate = meetings * meeting_shares(name, counterparts)
    return rng.poisson(rate, (runs, len(rate))).astype(np.float64)


def statistics(
    targets: Sequence[Target], counterparts: Sequence[str], drawn: FloatArray, donor: str
) -> dict[str, FloatArray]:
    """Return the statistics that counts by partner decide, by name of the target, ``(runs,)``."""
    told = [t for t in targets if t.statistic in ABOUT_PARTNERS]
    run, column = np.nonzero(drawn)
    times = drawn[run, column].astype(np.int64)
    run, column = np.repeat(run, times), np.repeat(column, times)
    rows = pd.DataFrame(
        {
            "run": run,
            "month": pd.Timestamp("2024-01-01"),
            "donor": donor,
            "kind": "bilateral",
            "recipient": np.array(counterparts, dtype=object)[column],
            "event": np.arange(len(run)),
        }
    )
    record = Record({"meetings": rows}, np.arange(len(drawn), dtype=np.int64), donor)
    values = measure(told, record)
    return {t.name: values[:, i] for i, t in enumerate(told)}
