"""From the tables of a run to the pictures of a run: tidies, then calls the figure library."""

from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from hedgerow.data.load import facts
from hedgerow.data.start import names
from hedgerow.report import figures, maps
from hedgerow.study.run import Run
from hedgerow.study.summary import HIGH, LOW

RECORDED_MEETINGS = {
    "VNM": "B162", "RUS": "B163", "USA": "B164", "KHM": "B165", "THA": "B166", "MYS": "B167",
    "KAZ": "B168", "MMR": "B169", "INTERPOL": "B170", "KGZ": "B171", "SGP": "B172", "ZAF": "B173",
    "TJK": "B174",
}  # fmt: skip
"""Partners whose bilateral meetings with China the record names, and the fact that counts them."""


def bands(values: "pd.Series[float]", keys: list[pd.Series]) -> pd.DataFrame:
    """Return median and 90% interval over runs of values grouped by keys."""
    grouped = values.groupby(keys, observed=True)
    spread = pd.DataFrame({q: grouped.quantile(q) for q in (LOW, 0.5, HIGH)})
    return spread.rename(columns={LOW: "low", 0.5: "median", HIGH: "high"}).reset_index()


def alignment_bands(run: Run) -> pd.DataFrame:
    """Return mean alignment by ``donor`` and ``month``: ``median``, ``low`` and ``high``."""
    parts = []
    for code in run.donor_names:
        panel = run.table("panel", ["run", "month", f"alignment_{code}"])
        mean = panel.groupby(["run", "month"], observed=True)[f"alignment_{code}"].mean()
        part = bands(mean, [mean.index.get_level_values("month").to_series(index=mean.index)])
        parts.append(part.assign(donor=code))
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
    """Return the named counts of the record: ``recipient``, ``count``."""
    values = facts()["value"]
    counts = [(code, float(values[fact])) for code, fact in RECORDED_MEETINGS.items()]
    return pd.DataFrame(counts, columns=["recipient", "count"])


def draw(run: Run, where: Path) -> list[Path]:
    """Draw the pictures of a run into a folder and return their paths.

    The map and the difference need two donors, the record covers China from June 2022 to May 2025;
    what does not apply is left out.
    """
    names_, paths = run.donor_names, []
    paths += figures.save(
        figures.alignment_over_time(alignment_bands(run), names=names_), where / "alignment.png"
    )
    if len(names_) > 1:
        paths += figures.save(_map(run), where / "map.png")
    for donor in [code for code in names_ if _meets(run, code)][:1]:
        seen = _in_record(run) and donor == "CHN"
        none = pd.DataFrame({"recipient": [], "count": []})
        partner = figures.meetings_by_partner(
            partner_counts(run, donor), recorded() if seen else none
        )
        paths += figures.save(partner, where / "partners.png")
        forums = _forum_months(run, donor)
        month = figures.meetings_by_month(monthly_meetings(run, donor), forums)
        paths += figures.save(month, where / "months.png")
    return paths


def _meets(run: Run, donor: str) -> bool:
    return bool((run.table("meetings", ["donor"])["donor"] == donor).any())


def _in_record(run: Run) -> bool:
    return str(run.scenario.start) == "2022-06-01" and run.scenario.months == 36


def _forum_months(run: Run, donor: str) -> list[pd.Timestamp]:
    """Return the months in which a forum that multiplies the donor's meetings is held."""
    forums = [f for f in run.scenario.forums.values() if f.boosts and f.organiser == donor]
    months = pd.date_range(run.scenario.start, periods=run.scenario.months, freq="MS")
    return [m for m in months if any(m.month in f.months for f in forums)]


def _map(run: Run) -> Figure:
    one, two = list(run.donor_names.items())[:2]
    grey = {code: f"{name} (donor)" for code, name in run.donor_names.items()}
    known = names()
    others = [c for c in run.scenario.counterparts if c not in grey and len(c) == 3]
    grey |= {code: f"{known[code]} (met, not counted)" for code in others}
    return maps.alignment_map(
        last_difference(run),
        title=f"Whom states stand closer to, {_last_month(run)}",
        subtitle=f"Median of {run.manifest['runs']} runs; dots are states too small to draw",
        legend_low=f"Closer to {_the(two[1])}",
        legend_high=f"Closer to {_the(one[1])}",
        grey=grey,
    )


def _the(name: str) -> str:
    return f"the {name}" if name.startswith("United") else name


def _last_month(run: Run) -> str:
    months = pd.date_range(run.scenario.start, periods=run.scenario.months, freq="MS")
    return f"{months[-1]:%B %Y}"
