"""A run as pictures: chooses the figures, titles them and saves them."""

from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from hedgerow import figures
from hedgerow.report import maps, tables
from hedgerow.runs.run import Run


def draw(run: Run, where: Path) -> list[Path]:
    """Draw the pictures of a run into a folder and return their paths.

    The map and the difference need two donors, the record covers China from June 2022 to May 2025;
    what does not apply is left out.
    """
    names_, paths = run.donor_names, []
    paths += figures.save(figures.alignment_over_time(tables.alignment_bands(run), names=names_), where / "alignment.png")
    if len(names_) > 1:
        paths += figures.save(_map(run), where / "map.png")
    for donor in [code for code in names_ if _meets(run, code)][:1]:
        seen = _in_record(run) and donor == "CHN"
        none = pd.DataFrame({"recipient": [], "count": []})
        partner = figures.meetings_by_partner(tables.partner_counts(run, donor), tables.recorded() if seen else none)
        paths += figures.save(partner, where / "partners.png")
        forums = _forum_months(run, donor)
        month = figures.meetings_by_month(tables.monthly_meetings(run, donor), forums)
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
    return figures.alignment_map(
        tables.last_difference(run),
        title=f"Whom states stand closer to, {_last_month(run)}",
        subtitle=f"Median of {run.manifest['runs']} runs; dots are states too small to draw",
        grey=maps.greyed(run.donor_names, run.scenario.counterparts),
        **maps.ends(run.donor_names, "Closer to"),
    )


def _last_month(run: Run) -> str:
    months = pd.date_range(run.scenario.start, periods=run.scenario.months, freq="MS")
    return f"{months[-1]:%B %Y}"
