"""The tables of a run or a comparison, tidied for figures: bands by month, partner and state."""

from collections.abc import Mapping

import pandas as pd

from hedgerow.data.load import countries
from hedgerow.data.start import names
from hedgerow.fit import targets
from hedgerow.runs.compare import Comparison
from hedgerow.runs.paired import BOTH
from hedgerow.runs.run import Run
from hedgerow.runs.summary import HIGH, LOW


def own_rows(table: pd.DataFrame, name: str) -> pd.DataFrame:
    """Return the rows of one variant of a comparison."""
    rows: pd.DataFrame = table[table["variant"] == name].drop(columns="variant")
    return rows


def state_rows(comparison: Comparison, name: str) -> pd.DataFrame:
    """Return how a variant moves each state between the first two donors, the largest first."""
    rows = own_rows(comparison.movers, name)
    return rows[rows["donor"] == BOTH]


def bands(values: "pd.Series[float]", keys: list[pd.Series]) -> pd.DataFrame:
    """Return median and 90% interval over runs of values grouped by keys."""
    grouped = values.groupby(keys, observed=True)
    spread = pd.DataFrame({q: grouped.quantile(q) for q in (LOW, 0.5, HIGH)})
    return spread.rename(columns={LOW: "low", 0.5: "median", HIGH: "high"}).reset_index()


def alignment_bands(run: Run) -> pd.DataFrame:
    """Return mean alignment by ``donor`` and ``month``: ``median``, ``low`` and ``high``."""
    columns = {f"alignment_{code}": code for code in run.donor_names}
    panel = run.table("panel", ["run", "month", *columns])
    means = panel.groupby(["run", "month"], observed=True).mean().rename(columns=columns)
    parts = [bands(means[code], [_level(means[code], "month")]).assign(donor=code) for code in columns.values()]
    return pd.concat(parts, ignore_index=True)


def last_difference(run: Run) -> pd.DataFrame:
    """Return alignment with the first donor less the second, last month: ``iso3``, ``value``."""
    one, two = list(run.donor_names)[:2]
    columns = [f"alignment_{one}", f"alignment_{two}"]
    panel = run.table("panel", ["month", "recipient", *columns])
    last = panel[panel["month"] == panel["month"].max()]
    gap = (last[columns[0]] - last[columns[1]]).groupby(last["recipient"].astype(str)).median()
    return pd.DataFrame({"iso3": gap.index, "value": gap.to_numpy()})


def partner_counts(run: Run, donor: str) -> pd.DataFrame:
    """Return bilateral meetings by partner over runs: ``recipient``, ``name`` and the band."""
    meetings = run.table("meetings", ["run", "donor", "recipient", "kind"])
    mine = meetings[(meetings["donor"] == donor) & (meetings["kind"] == "bilateral")]
    counts = mine.groupby(["recipient", "run"]).size().unstack("run", fill_value=0)
    counts = counts.reindex(columns=range(run.manifest["runs"]), fill_value=0)
    spread = counts.quantile([LOW, 0.5, HIGH], axis=1).T
    spread.columns = pd.Index(["low", "median", "high"])
    known = names()
    spread["name"] = [known[str(code)] for code in spread.index]
    return spread.reset_index()


def monthly_meetings(run: Run, donor: str) -> pd.DataFrame:
    """Return meetings held by month and setting: ``month``, ``setting`` and the band."""
    meetings = run.table("meetings", ["run", "month", "donor", "setting", "event"])
    mine = meetings[meetings["donor"] == donor].drop_duplicates(["run", "event"])
    setting = mine["setting"].replace({"forum": "multilateral"})
    dates = pd.to_datetime(mine["month"])
    counts = mine.groupby([mine["run"], dates, setting]).size()
    months = pd.date_range(run.scenario.start, periods=run.scenario.months, freq="MS")
    runs, kinds = range(run.manifest["runs"]), ["stand_alone", "sideline", "multilateral"]
    grid = pd.MultiIndex.from_product([runs, months, kinds], names=["run", "month", "setting"])
    full = counts.reindex(grid, fill_value=0).astype(float).reset_index(name="count")
    return bands(full["count"], [full["month"], full["setting"]])


def recorded() -> pd.DataFrame:
    """Return the bilateral meetings with China that the record names: ``recipient``, ``count``."""
    named = [t for t in targets.read().fitted if t.statistic == "meetings_with"]
    return pd.DataFrame({"recipient": [t.of for t in named], "count": [float(t.value) for t in named]})


COSTS = {"spent_usd": "Spent", "officers": "Officers trained", "equipment_usd": "Equipment given"}
"""Outcomes of a donor that say what its policy costs and gives, in words."""


def region_bands(run: Run, *, change: bool = False) -> pd.DataFrame:
    """Return mean alignment over the states of a region, by ``region``, ``donor`` and ``month``.

    Where ``change`` is asked for, less its value in the first month of the same run.
    """
    columns = {f"alignment_{code}": code for code in run.donor_names}
    panel = run.table("panel", ["run", "month", "recipient", *columns])
    where = panel.pop("recipient").astype(str).map(countries()["region"]).rename("region")
    keys = [where, panel.pop("run"), panel.pop("month")]
    means = panel.groupby(keys, observed=True).mean().rename(columns=columns)
    if change:
        means = means - means.groupby(["region", "run"], observed=True).transform("first")
    parts = []
    for code in columns.values():
        by = [_level(means[code], name) for name in ("region", "month")]
        parts.append(bands(means[code], by).assign(donor=code))
    return pd.concat(parts, ignore_index=True).sort_values("region", kind="stable", ignore_index=True)


def _level(values: "pd.Series[float]", name: str) -> pd.Series:
    return values.index.get_level_values(name).to_series(index=values.index)


def costs(run: Run) -> pd.DataFrame:
    """Return what each donor spends and gives: ``item``, ``unit``, ``donor`` and the band."""
    found = run.summary().rename(columns={"median": "value"})
    return _by_item(found, run.donor_names)


def cost_changes(comparison: Comparison, name: str) -> pd.DataFrame:
    """Return how a variant changes what each donor spends and gives: mean, and nine in ten runs."""
    found = own_rows(comparison.differences, name).rename(columns={"mean_difference": "value"})
    return _by_item(found, comparison.donor_names)


def _by_item(found: pd.DataFrame, donors: Mapping[str, str]) -> pd.DataFrame:
    rows = found.set_index("outcome")
    keys = [(item, code) for item in COSTS for code in donors if f"{item}_{code}" in rows.index]
    kept = rows.loc[[f"{item}_{code}" for item, code in keys], ["unit", "value", "low", "high"]]
    kept.insert(0, "item", [COSTS[item] for item, _ in keys])
    kept.insert(2, "donor", [code for _, code in keys])
    return kept.reset_index(drop=True)
