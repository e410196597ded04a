"""From two traces to what a page shows: a small set of numbers, every one with its interval.

The statistics are those of ``hedgerow compare``; this module only chooses and names them.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hedgerow.app.lab.pair import Pair
from hedgerow.runs.paired import backfill, differences, monthly, movers, rival_pairs
from hedgerow.runs.summary import HIGH, LOW
from hedgerow.runs.trace import Trace

Floats = NDArray[np.float64]
COSTS = ("spent_usd", "officers", "equipment_usd", "officers_denied")


@dataclass(frozen=True)
class Answer:
    """The answer to a what-if.

    Attributes
    ----------
    pair : Pair
    runs, seed : int
    variant, base : Trace
        What the runs left; run ``k`` of both drew the same chance.
    """

    pair: Pair
    runs: int
    seed: int
    variant: Trace
    base: Trace

    @property
    def names(self) -> dict[str, str]:
        """Donor names by code."""
        return {code: donor.name for code, donor in self.pair.variant.donors.items()}

    @property
    def months(self) -> list[pd.Timestamp]:
        """The months, as their first days."""
        scenario = self.pair.variant
        return list(pd.date_range(scenario.start, periods=scenario.months, freq="MS"))

    @property
    def same(self) -> bool:
        """Whether the two scenarios are one, so that nothing can differ."""
        return self.pair.variant == self.pair.base

    @cached_property
    def _views(self) -> dict[str, tuple[Floats, Floats]]:
        """What the map can show, ``(runs, months, states)``: the difference and the standing."""

        def lead(trace: Trace) -> NDArray[np.float32]:
            whole = trace.alignment
            return whole[:, :, 0] - whole[:, :, 1] if whole.shape[2] > 1 else whole[:, :, 0]

        standing, base = lead(self.variant), lead(self.base)
        return {"difference": _reduced(standing - base), "standing": _reduced(standing)}

    def view(self, show: str, month: int) -> pd.DataFrame:
        """Return what the map shows of a month, indexed by state.

        Parameters
        ----------
        show : str
            ``difference`` from the base, or ``standing`` of the what-if itself.
        month : int
            Counted from 0.

        Returns
        -------
        pandas.DataFrame
            ``mean``, ``low`` and ``high`` (5th and 95th percentile over runs) of alignment with the
            first donor less the second, or with the only one.
        """
        mean, spread = self._views[show]
        columns = {"mean": mean[month], "low": spread[0, month], "high": spread[1, month]}
        return pd.DataFrame(columns, index=list(self.variant.states))

    def bound(self, show: str) -> float:
        """Return the number at which the map's colour is full, the same for all months."""
        values = self._views[show][0]
        largest = float(np.nanmax(np.abs(values), initial=0.0))
        return _round_up(largest)

    @cached_property
    def monthly(self) -> pd.DataFrame:
        """Difference of mean alignment over states by month and donor, with its bands."""
        change = self.variant.mean - self.base.mean
        return monthly(change, list(self.names), self.pair.variant)

    def bands(self, state: str = "") -> dict[str, dict[str, pd.DataFrame]]:
        """Return alignment by donor for the what-if and the base, over all states or in one.

        Returns
        -------
        dict
            By ``variant`` and ``base`` and donor, a table of ``low``, ``median`` and ``high`` by month.
        """
        return {"variant": self._band(self.variant, state), "base": self._band(self.base, state)}

    def _band(self, trace: Trace, state: str) -> dict[str, pd.DataFrame]:
        values: NDArray[Any]
        values = trace.alignment[..., trace.states.index(state)] if state in trace.states else trace.mean
        found = {}
        for d, donor in enumerate(trace.donors):
            low, middle, high = np.quantile(values[:, :, d], [LOW, 0.5, HIGH], axis=0)
            found[donor] = pd.DataFrame({"low": low, "median": middle, "high": high})
        return found

    @cached_property
    def movers(self) -> pd.DataFrame:
        """How each state differs in the last month, by donor and by the first less the second."""
        change = self.variant.alignment[:, -1] - self.base.alignment[:, -1]
        return movers(change, list(self.names), list(self.variant.states))

    @cached_property
    def differences(self) -> pd.DataFrame:
        """How each outcome differs."""
        return differences(self.base.outcomes, self.variant.outcomes, self.names)

    @cached_property
    def backfill(self) -> pd.DataFrame:
        """Officers a rival adds for each officer denied."""
        return backfill(self.base.outcomes, self.variant.outcomes, rival_pairs(self.pair.base))

    @cached_property
    def costs(self) -> pd.DataFrame:
        """What each donor spends and gives, and how that differs: rows of ``differences``."""
        wanted = [f"{item}_{code}" for code in self.names for item in COSTS]
        table = self.differences.set_index("outcome")
        return table.loc[[w for w in wanted if w in table.index]].reset_index()

    def work_out_looks(self) -> None:
        """Work out what map, list and bands show, away from the loop that answers browsers."""
        _ = self._views, self.movers, self.monthly

    def work_out_tables(self) -> None:
        """Work out what the tables show, which takes longest."""
        _ = self.costs, self.backfill

    def as_data(self) -> dict[str, Any]:
        """Return it as plain data, for the API; what is not known is null."""
        last = self.view("difference", len(self.months) - 1)
        return {
            "base": self.pair.base_name,
            "base_title": self.pair.base.title,
            "title": self.pair.variant.title,
            "runs": self.runs,
            "seed": self.seed,
            "months": len(self.months),
            "fixed": self.pair.fixed,
            "donors": self.names,
            "differences": records(self.differences),
            "movers": records(self.movers),
            "backfill": records(self.backfill),
            "monthly": records(self.monthly),
            "map": records(last.rename_axis("recipient").reset_index()),
        }


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return a table as rows of plain data; what is not a finite number is null."""
    shown = table.copy()
    for name in shown.columns:
        if pd.api.types.is_datetime64_any_dtype(shown[name]):
            shown[name] = shown[name].dt.strftime("%Y-%m")
    finite = shown.replace([np.inf, -np.inf], np.nan).astype(object)
    rows = finite.where(finite.notna(), None).to_dict(orient="records")
    return [{str(k): v for k, v in row.items()} for row in rows]


def _reduced(values: NDArray[np.float32]) -> tuple[Floats, Floats]:
    """Return the mean over runs, ``(months, states)``, and the 5th and 95th percentile."""
    low_high = np.quantile(values, [LOW, HIGH], axis=0)
    return values.mean(axis=0, dtype=np.float64), np.asarray(low_high, dtype=np.float64)


def _round_up(value: float) -> float:
    """Return the next round number, to one figure; at least 0.005."""
    value = max(value, 0.005)
    power = 10.0 ** np.floor(np.log10(value) + 1e-9)
    return float(round(np.ceil(value / power - 1e-9) * power, 10))
