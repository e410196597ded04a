"""A sweep as a page: policies ranked over many worlds, or what an outcome depends on."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from markupsafe import Markup

from hedgerow import analysis
from hedgerow.analysis.choose import Analysis
from hedgerow.analysis.grids import matrix
from hedgerow.core.metrics import REGIONS
from hedgerow.report.brief import drivers, effects, limits, origin, rankings
from hedgerow.report.brief.findings import SweepFindings
from hedgerow.report.brief.page import Origin, Page
from hedgerow.report.brief.sections import add_method
from hedgerow.report.brief.workbook import Workbook
from hedgerow.study.results import open_
from hedgerow.wording.names import capital

SIDES = ("spent_usd_{}", "officers_{}")
SIDE_EFFECTS = ("abuses", "pushbacks", "cut_offs", "capability_change", "crime_change")
SHEETS = {
    "signs": (("outcome", "policy"), "Each policy against the base, by outcome"),
    "regret": (("policy",), "How far each falls short"),
    "ranks": (("policy", "rank"), "How often each policy takes each rank"),
    "regression": (("factor",), "What each factor does"),
    "levels": (("factor", "level"), "Mean outcome by level of each factor"),
    "effects": (("term",), "Shares of variance by factor"),
    "morris": (("factor",), "Elementary effects of each factor"),
    "sobol": (("factor",), "Sobol indices of each factor"),
    "boxes": (("target", "box"), "Where the outcome of interest is found"),
    "limits": (("target", "box", "factor"), "Limits of those regions"),
    "threshold": ((), "Where the policy pays"),
    "pareto": (("policy",), "Policies that no other beats on every count"),
}
"""The tables of an analysis that a page keeps: the columns that name a row, and what they hold."""


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
    findings = _findings(where, versus, outcome)
    about, workbook = findings.found.manifest, findings.workbook
    make = rankings if findings.ranked else drivers
    answer = rankings.answer(findings) if findings.ranked else effects.answer(findings)
    sections = make.sections(findings)
    notes = [Markup("{}").format(text) for text in findings.found.notes]
    if origin.drawn(about):
        notes.append(Markup("Numbers that the study does not vary are drawn from the posterior."))
    facts = [("Study", str(about["name"])), ("Points", f"{about['points']:,}"), *origin.facts(about)]
    return Page(
        "sweep",
        capital(str(about["name"]).replace("-", " ").replace("_", " ")),
        str(about.get("question", "")),
        answer,
        make.first_picture(findings),
        [*sections, limits.section(workbook, tuple(notes))],
        Origin(facts, command),
        workbook,
        _warnings(findings),
    )


def _findings(where: Path, versus: str | None, outcome: str | None) -> SweepFindings:
    results = open_(where)
    found = analysis.analyse(results, (outcome,) if outcome else (), versus=versus)
    reading = analysis.read(results)
    main = found.outcomes[0]
    runs = reading.frame([main])
    means = reading.means(runs, main)[main].to_numpy(np.float64)
    complete = matrix(runs, main).to_numpy(np.float64)
    findings = SweepFindings(found, means, complete if len(complete) else means[None], Workbook())
    _fill(findings, _side_effects(found, reading))
    return findings


def _side_effects(found: Analysis, reading: analysis.Reading) -> pd.DataFrame | None:
    """Return policies against the base by costs, side effects and regions that were kept."""
    if "signs" not in found.tables:
        return None
    base = str(found.tables["signs"]["base"].iloc[0])
    codes = sorted(reading.donors, key=lambda code: code != found.side)
    wanted = [text.format(code) for text in SIDES for code in codes]
    wanted += [*SIDE_EFFECTS, *(f"{rankings.REGION}{r.lower()}" for r in REGIONS)]
    kept = [w for w in wanted if w in reading.results.outcomes and w not in found.outcomes]
    if not kept:
        return None
    table = analysis.worlds(reading, reading.frame(kept), kept)
    if base not in set(table["policy"]):
        return None
    return pd.concat([analysis.signs(table, one, base) for one in kept], ignore_index=True)


def _fill(findings: SweepFindings, side_effects: pd.DataFrame | None) -> None:
    """Put the tables of an analysis, and counts of what they say, into the workbook of the page."""
    workbook, found = findings.workbook, findings.found
    for name, (keys, about) in SHEETS.items():
        if name not in found.tables:
            continue
        frame = found.tables[name]
        if "outcome" in frame and name != "signs":
            frame = frame[frame["outcome"] == findings.outcome]
        if name == "signs" and side_effects is not None:
            frame = pd.concat([frame, side_effects], ignore_index=True)
        if "policy" in frame:
            frame = frame.assign(title=[findings.title(p) for p in frame["policy"]])
        workbook.add(name, frame.reset_index(drop=True), keys or _cells_of_map(frame), about)
    add_method(workbook, found.runs, 0, origin.drawn(found.manifest))
    rows: list[tuple[str, Any]] = [
        ("share_done", found.share_done),
        ("runs", found.runs),
        ("points", found.points),
        ("planned", int(found.manifest["runs"])),
        ("replications", found.replications),
        *rankings.policy_counts(findings),
        *effects.spread_counts(findings),
    ]
    workbook.add_counts(rows)


def _cells_of_map(frame: pd.DataFrame) -> tuple[str, ...]:
    """Return the columns of a map that name its cells: its factors."""
    columns = list(frame.columns)
    return tuple(columns[1 : columns.index("effect")])


def _warnings(findings: SweepFindings) -> list[Markup]:
    if findings.found.share_done >= 1:
        return []
    workbook = findings.workbook
    text = "{} of the {} runs planned are done and went well ({}); the page rests on those."
    done = workbook.quantity("counts", "share_done", "value", "share")
    return [Markup(text).format(workbook.count("runs"), workbook.count("planned"), done)]
