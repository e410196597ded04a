"""What the record counts, counted in the ledger: one small function a statistic.

Each takes a :class:`Record` (the ledger of one donor in some runs) and the words ``of`` and
``when`` of a target, and returns one value a run, ``(runs,)``. Chance beyond the model, such as
how the record itself may be off, is no business of these functions: see
:mod:`hedgerow.fit.targets`. To add a statistic, add a function and its line in ``STATISTICS``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from hedgerow.core.numbers import FloatArray, IntArray
from hedgerow.data.load import countries

WORDS = ("donor", "body", "tier", "recipient", "kind", "setting", "forum")
TABLES = ("meetings", "training", "forums")


@dataclass(frozen=True)
class Record:
    """What one donor did in some runs, in the form the paper counts it.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        ``meetings``, ``training`` and ``forums`` as MODEL section 7 has them.
    runs : (runs,)
        Numbers of the runs, as a run without a row would otherwise be missed.
    donor : code of the donor.
    """

    tables: Mapping[str, pd.DataFrame]
    runs: IntArray
    donor: str

    @cached_property
    def meetings(self) -> pd.DataFrame:
        """The donor's meetings, a row a partner met."""
        return self._own("meetings")

    @cached_property
    def training(self) -> pd.DataFrame:
        """The donor's offers of training."""
        return self._own("training")

    @cached_property
    def forums(self) -> pd.DataFrame:
        """Who was invited to which forum, whoever convened it."""
        return self._own("forums")

    @cached_property
    def bilaterals(self) -> pd.DataFrame:
        """Its meetings with one partner."""
        return self.meetings[self.meetings["kind"] == "bilateral"]

    @cached_property
    def multilaterals(self) -> pd.DataFrame:
        """Its meetings with several partners, a row a partner."""
        return self.meetings[self.meetings["kind"] == "multilateral"]

    @cached_property
    def events(self) -> pd.DataFrame:
        """Its meetings, a row an event."""
        return self.meetings.drop_duplicates(["run", "event"])

    @cached_property
    def partners(self) -> FloatArray:
        """Bilateral meetings by run and partner, most met first, ``(runs, partners)``."""
        at = self._place(self.bilaterals["run"])
        code = np.asarray(self.bilaterals["recipient"].cat.codes, dtype=np.int64)
        table = np.zeros((len(self.runs), len(self.bilaterals["recipient"].cat.categories) or 1))
        np.add.at(table, (at, code), 1.0)
        return table

    def per_run(self, rows: pd.DataFrame, values: FloatArray | None = None) -> FloatArray:
        """Return the number of rows of each run, or the sum of their values, ``(runs,)``."""
        at = self._place(rows["run"])
        return np.bincount(at, values, minlength=len(self.runs)).astype(np.float64)

    def _own(self, name: str) -> pd.DataFrame:
        table = self.tables[name]
        if "donor" in table:
            table = table[table["donor"] == self.donor]
        words = {c: table[c].astype("category") for c in WORDS if c in table}
        return table.assign(**words, month=pd.to_datetime(table["month"]))

    def _place(self, run: "pd.Series[int]") -> IntArray:
        return np.searchsorted(self.runs, run.to_numpy()).astype(np.int64)


Statistic = Callable[[Record, str, str], FloatArray]


def _share(part: FloatArray, whole: FloatArray) -> FloatArray:
    """Return ratios, 0 where there is nothing to share."""
    return np.asarray(np.where(whole > 0, part / np.maximum(whole, 1e-12), 0.0))


def _in(rows: pd.DataFrame, when: str) -> pd.DataFrame:
    """Return the rows of a year (``2024``) or a month (``2024-09``)."""
    year, _, month = when.partition("-")
    keep = rows["month"].dt.year == int(year)
    if month:
        keep &= rows["month"].dt.month == int(month)
    found: pd.DataFrame = rows.loc[keep]
    return found


def _of_tier(rows: pd.DataFrame, words: str) -> pd.DataFrame:
    body, _, tier = words.partition(" ")
    found: pd.DataFrame = rows.loc[(rows["body"] == body) & (rows["tier"] == tier)]
    return found


def _subregion(rows: pd.DataFrame, name: str) -> pd.DataFrame:
    table = countries()
    return rows[rows["recipient"].isin(table.index[table["subregion"] == name])]


def meetings_of_body(record: Record, of: str, when: str) -> FloatArray:  # noqa: ARG001
    """Events held by one of the donor's bodies."""
    return record.per_run(record.events[record.events["body"] == of])


def bilaterals_by_setting(record: Record, of: str, when: str) -> FloatArray:  # noqa: ARG001
    """Bilateral meetings on their own or at the margins of a forum."""
    return record.per_run(record.bilaterals[record.bilaterals["setting"] == of])


def partners(record: Record, of: str, when: str) -> FloatArray:  # noqa: ARG001
    """Partners met bilaterally at least once."""
    return np.asarray((record.partners > 0).sum(axis=1), dtype=np.float64)


def share_of_most_met(record: Record, of: str, when: str) -> FloatArray:  # noqa: ARG001
    """Share of bilateral meetings held by the so many partners met most."""
    ranked = -np.sort(-record.partners, axis=1)
    return _share(ranked[:, : int(of)].sum(axis=1), ranked.sum(axis=1))


def meetings_with(record: Record, of: str, when: str) -> FloatArray:  # noqa: ARG001
    """Bilateral meetings with one partner."""
    return record.per_run(record.bilaterals[record.bilaterals["recipient"] == of])


def others_above(record: Record, of: str, when: str) -> FloatArray:
    """Partners met more than so many times that the space-separated list ``when`` leaves out."""
    names = record.bilaterals["recipient"].cat.categories
    listed = np.isin(names, when.split()) if len(names) else np.zeros(1, dtype=bool)
    above = record.partners[:, ~listed] > float(of)
    return np.asarray(above.sum(axis=1), dtype=np.float64)


def share_of_subregion(record: Record, of: str, when: str) -> FloatArray:  # noqa: ARG001
    """Share of bilateral meetings held with the states of a subregion."""
    there = record.per_run(_subregion(record.bilaterals, of))
    return _share(there, record.per_run(record.bilaterals))


def multilateral_events(record: Record, of: str, when: str) -> FloatArray:  # noqa: ARG001
    """Events with more than one partner."""
    return record.per_run(record.events[record.events["kind"] == "multilateral"])


def partners_per_event(record: Record, of: str, when: str) -> FloatArray:
    """Mean number of partners of a multilateral event."""
    return _share(record.per_run(record.multilaterals), multilateral_events(record, of, when))


def multilaterals_with(record: Record, of: str, when: str) -> FloatArray:  # noqa: ARG001
    """Multilateral events that one partner took part in."""
    return record.per_run(record.multilaterals[record.multilaterals["recipient"] == of])


def share_of_month(record: Record, of: str, when: str) -> FloatArray:
    """Share of the events of a year that fell into one month."""
    there = record.per_run(_in(record.events, when))
    return _share(there, record.per_run(_in(record.events, of)))


def events_in(record: Record, of: str, when: str) -> FloatArray:  # noqa: ARG001
    """Events of a year or a month."""
    return record.per_run(_in(record.events, of))


def bilaterals_of_tier_in(record: Record, of: str, when: str) -> FloatArray:
    """Bilateral meetings of a body's tier in a month."""
    return record.per_run(_in(_of_tier(record.bilaterals, of), when))


def sidelines_of_tier_in(record: Record, of: str, when: str) -> FloatArray:
    """Bilateral meetings of a body's tier at the margins of the forums of a month."""
    rows = _in(_of_tier(record.bilaterals, of), when)
    return record.per_run(rows[rows["setting"] == "sideline"])


def meetings_of_body_in(record: Record, of: str, when: str) -> FloatArray:  # noqa: ARG001
    """Bilateral meetings of a body with the states of a subregion."""
    body, _, name = of.partition(" ")
    rows = record.bilaterals
    return record.per_run(_subregion(rows[rows["body"] == body], name))


def officers_trained(record: Record, of: str, when: str) -> FloatArray:  # noqa: ARG001
    """Officers trained in a year: seats accepted, less those that vetting barred."""
    rows = _in(record.training, of)
    taken = (rows["seats"] - rows["blocked"]) * rows["accepted"]
    return record.per_run(rows, taken.to_numpy(dtype=np.float64))


def attendance(record: Record, of: str, when: str) -> FloatArray:
    """States and organisations that attended a forum in a month."""
    rows = _in(record.forums, when)
    return record.per_run(rows[(rows["forum"] == of) & rows["attended"]])


STATISTICS: dict[str, Statistic] = {
    function.__name__: function
    for function in (
        meetings_of_body,
        bilaterals_by_setting,
        partners,
        share_of_most_met,
        meetings_with,
        others_above,
        share_of_subregion,
        multilateral_events,
        partners_per_event,
        multilaterals_with,
        share_of_month,
        events_in,
        bilaterals_of_tier_in,
        sidelines_of_tier_in,
        meetings_of_body_in,
        officers_trained,
        attendance,
    )
}
"""Every statistic by the name a target file uses."""
