"""A comparison as pictures: chooses the figures, titles them and saves them."""

import re
from pathlib import Path

from matplotlib.figure import Figure

from hedgerow import figures
from hedgerow.report import maps
from hedgerow.report.brief import sentences
from hedgerow.report.brief.workbook import Workbook
from hedgerow.report.tables import own_rows, state_rows
from hedgerow.runs.compare import Comparison
from hedgerow.wording.differences import states_shift
from hedgerow.wording.names import the
from hedgerow.wording.verdicts import CLEAR_NOTE, pair


def draw(comparison: Comparison, where: Path) -> list[Path]:
    """Draw the pictures of every variant into a folder and return their paths."""
    paths: list[Path] = []
    for i, name in enumerate(comparison.variants):
        slug = re.sub(r"[^\w.-]+", "-", name).strip("-.") or "variant"
        if len(comparison.variants) > 1:
            slug = f"{i + 1}-{slug}"
        pictures = {"months": fan(comparison, name)}
        if len(comparison.base.donors) > 1:
            pictures |= {"map": difference_map(comparison, name), "movers": top(comparison, name)}
        for kind, figure in pictures.items():
            paths += figures.save(figure, where / f"{slug}-{kind}.png")
    return paths


def _paired(comparison: Comparison) -> str:
    runs = comparison.manifest["runs"]
    base = comparison.base.title
    pairs = f"{runs} pair{'s' * (runs > 1)} of runs"
    return f"Compared with “{base}”, over {pairs} with the same chance events."


def fan(comparison: Comparison, name: str) -> Figure:
    """Draw a variant's difference in mean alignment over months."""
    workbook = Workbook()
    workbook.add("differences", own_rows(comparison.differences, name), ("outcome",), "")
    words = "; ".join(text.striptags() for text in sentences.clauses(workbook, comparison.donor_names))
    last = f"by {comparison.monthly['month'].max():%B %Y}"
    return figures.difference_over_time(
        own_rows(comparison.monthly, name),
        names={code: the(donor) for code, donor in comparison.donor_names.items()},
        title=f"{comparison.variants[name].title}: {last}, {words}",
        subtitle=_paired(comparison),
        note="Simulated. Alignment is averaged over all states: 0 means none, 1 means full. "
        "Numbers in the title are means over runs; “no clear difference” means that the 90% "
        "interval of the mean holds zero.",
    )


def _states_moved(comparison: Comparison, name: str) -> str:
    first, second = pair(comparison.donor_names)
    return states_shift(state_rows(comparison, name), f"towards {second}", f"towards {first}")


def difference_map(comparison: Comparison, name: str) -> Figure:
    """Draw where a variant moves states between the first two donors."""
    return figures.map_difference(
        state_rows(comparison, name),
        title=f"{comparison.variants[name].title}: {_states_moved(comparison, name)}",
        subtitle=f"{_paired(comparison)} Colours show the mean change in the last month.",
        **maps.change_map(comparison.donor_names, comparison.base.counterparts),
    )


def top(comparison: Comparison, name: str) -> Figure:
    """Draw the states a variant moves most between the first two donors."""
    return figures.who_moves(
        state_rows(comparison, name),
        title=f"{comparison.variants[name].title}: {_states_moved(comparison, name)}",
        subtitle=f"The states with the largest mean change either way. {_paired(comparison)}",
        note=f"Simulated, last month. {CLEAR_NOTE}",
        **maps.change_scale(comparison.donor_names),
    )
