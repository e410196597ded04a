"""A sweep as a page: policies ranked over many worlds, or what an outcome depends on."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from markupsafe import Markup

from hedgerow import analysis
from hedgerow.analysis.choose import Analysis
from hedgerow.analysis.grids import matrix
from hedgerow.core.metrics import REGIONS
from hedgerow.core.numbers import FloatArray
from hedgerow.report.brief import drivers, effects, leaning, limits, origin, rankings, shared
from hedgerow.report.brief.book import COUNT, Book
from hedgerow.report.brief.page import Origin, Page
from hedgerow.report.brief.sentences import spoken
from hedgerow.runs.summary import label
from hedgerow.study.results import open_

SIDES = ("spent_usd_{}", "officers_{}")
SIDE_EFFECTS = ("abuses", "pushbacks", "cut_offs", "capability_change", "crime_change")
KEYS = {
    "signs": ("outcome", "policy"),
    "regret": ("policy",),
    "ranks": ("policy", "rank"),
    "regression": ("factor",),
    "levels": ("factor", "level"),
    "effects": ("term",),
    "morris": ("factor",),
    "sobol": ("factor",),
    "boxes": ("target", "box"),
    "limits": ("target", "box", "factor"),
    "threshold": (),
    "pareto": ("policy",),
}
ABOUT = {
    "signs": "Each policy against the base, by outcome",
    "regret": "How far each falls short",
    "ranks": "How often each policy takes each rank",
    "regression": "What each factor does",
    "levels": "Mean outcome by level of each factor",
    "effects": "Shares of variance by factor",
    "morris": "Elementary effects of each factor",
    "sobol": "Sobol indices of each factor",
    "boxes": "Where the outcome of interest is found",
    "limits": "Limits of those regions",
    "threshold": "Where the policy pays",
    "pareto": "Policies that no other beats on every count",
}


@dataclass(frozen=True)
class Told:
    """What the page of a sweep is made of.

    Attributes
    ----------
    found : Analysis
    beside : pandas.DataFrame or None
        Policies against the base by costs, side effects and regions.
    means : numpy.ndarray
        Mean of the outcome that answers, ``(points,)``.
    runs : numpy.ndarray
        That outcome in every replication that all points have, ``(replications, points)``; their
        means where there is none.
    donors : dict
        Donor names by code.
    """

    found: Analysis
    beside: pd.DataFrame | None
    means: FloatArray
    runs: FloatArray
    donors: dict[str, str]

    @property
    def outcome(self) -> str:
        """The outcome that answers."""
        return self.found.outcomes[0]

    @property
    def spoken(self) -> str:
        """Its name as it stands in a sentence."""
        return spoken(self.outcome, self.donors)

    @property
    def unit(self) -> str:
        """Its unit."""
        return label(self.outcome, self.donors)[1]

    @property
    def ranked(self) -> bool:
        """Whether policies are ranked."""
        return {"signs", "regret", "ranks"} <= set(self.found.tables)

    def title(self, policy: str) -> str:
        """Return a policy's title, or the name it has in the study where it has none."""
        full = self.found.manifest["resolved"].get(policy, {})
        return str(full.get("title", policy)) if self.ranked else policy

    def factor(self, path: str) -> str:
        """Return a factor in words."""
        return leaning.named(path, self.donors)

    @cached_property
    def book(self) -> Book:
        """The tables of the page."""
        return _book(self)


def page(where: Path, versus: str | None, outcome: str | None, command: str) -> Page:
    """Return the page of a sweep.

    Parameters
    ----------
    where : Path
        Its folder, finished or not.
    versus : str or None
        The policy that others are compared with; the study's base by default.
    outcome : str or None
        What to tell of; the difference in alignment by default.
    command : str
        The command that makes the page again.

    Raises
    ------
    FolderError
        If nothing has run, a part is damaged, or the sweep kept no such outcome.
    """
    results = open_(where)
    found = analysis.analyse(results, (outcome,) if outcome else (), versus=versus)
    reading = analysis.read(results)
    runs = reading.frame([found.outcomes[0]])
    means = reading.means(runs, found.outcomes[0])[found.outcomes[0]].to_numpy(np.float64)
    whole = matrix(runs, found.outcomes[0]).to_numpy(np.float64)
    whole = whole if len(whole) else means[None]
    told = Told(found, _beside(found, reading), means, whole, reading.donors)
    del reading, results, runs
    about = found.manifest
    title = str(about["name"]).replace("-", " ").replace("_", " ")
    make = rankings if told.ranked else drivers
    answer = rankings.answer(told) if told.ranked else effects.answer(told)
    parts = make.parts(told)
    first = Markup("{}").format
    notes = [first(text) for text in found.notes]
    if origin.drawn(about):
        notes.append(Markup("Numbers that the study does not vary are drawn from the posterior."))
    return Page(
        "sweep",
        title[:1].upper() + title[1:],
        str(about.get("question", "")),
        answer,
        make.first(told),
        [*parts, limits.part(told.book, tuple(notes))],
        _origin(about, command),
        told.book,
        _warnings(told),
    )


def _origin(about: dict[str, Any], command: str) -> Origin:
    told = [("Study", str(about["name"])), ("Points", f"{about['points']:,}")]
    return Origin([*told, *origin.facts(about)], command)


def _beside(found: Analysis, reading: analysis.Reading) -> pd.DataFrame | None:
    """Return policies against the base by costs, side effects and regions that were kept."""
    if "signs" not in found.tables:
        return None
    base = str(found.tables["signs"]["base"].iloc[0])
    codes = sorted(reading.donors, key=lambda code: code != found.side)
    wanted = [text.format(code) for text in SIDES for code in codes]
    wanted += [*SIDE_EFFECTS, *(f"alignment_shift_difference_in_{r.lower()}" for r in REGIONS)]
    kept = [w for w in wanted if w in reading.results.outcomes and w not in found.outcomes]
    if not kept:
        return None
    table = analysis.worlds(reading, reading.frame(kept), kept)
    if base not in set(table["policy"]):
        return None
    return pd.concat([analysis.signs(table, one, base) for one in kept], ignore_index=True)


def _book(told: Told) -> Book:
    book, found = Book(), told.found
    for name, keys in KEYS.items():
        if name not in found.tables:
            continue
        frame = found.tables[name]
        frame = frame if "outcome" not in frame or name == "signs" else _own(frame, told.outcome)
        if name == "signs" and told.beside is not None:
            frame = pd.concat([frame, told.beside], ignore_index=True)
        if "policy" in frame:
            frame = frame.assign(title=[told.title(p) for p in frame["policy"]])
        book.add(name, frame.reset_index(drop=True), keys or _cells(frame), ABOUT[name])
    shared.method(book, found.runs, 0, origin.drawn(found.manifest))
    rows = [
        ("share_done", found.share_done),
        ("runs", found.runs),
        ("points", found.points),
        ("planned", int(found.manifest["runs"])),
        ("replications", found.replications),
        *rankings.counts(told),
        *effects.counts(told),
    ]
    frame = pd.DataFrame(rows, columns=["key", "value"]).astype({"value": float})
    book.add("counts", frame, ("key",), "Counts named in the text")
    return book


def _cells(frame: pd.DataFrame) -> tuple[str, ...]:
    """Return the columns of a map that name its cells: its factors."""
    columns = list(frame.columns)
    return tuple(columns[1 : columns.index("effect")])


def _own(frame: pd.DataFrame, outcome: str) -> pd.DataFrame:
    return frame[frame["outcome"] == outcome]


def _warnings(told: Told) -> list[Markup]:
    if told.found.share_done >= 1:
        return []
    text = "{} of the {} runs planned are done and went well ({}); the page rests on those."
    return [
        Markup(text).format(
            told.book.plain("counts", "runs", "value", COUNT),
            told.book.plain("counts", "planned", "value", COUNT),
            told.book.plain("counts", "share_done", "value", "share"),
        )
    ]
