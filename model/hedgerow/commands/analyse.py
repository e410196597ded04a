"""``hedgerow analyse``: what a sweep shows, as tables, figures and sentences."""

import math
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hedgerow.commands.options import Json, say

if TYPE_CHECKING:
    import pandas as pd

    from hedgerow.analysis import Analysis
    from hedgerow.figures.output import Figure

FOLDER = "analysis"
KINDS = (".csv", ".png", ".svg")


def analyse(
    folder: Annotated[Path, typer.Argument(help="Results of a sweep, finished or not.")],
    outcome: Annotated[list[str] | None, typer.Option("--outcome", help="Outcome to analyse; repeatable.")] = None,
    side: Annotated[str | None, typer.Option(help="Donor whose gains count as gains; USA by default.")] = None,
    versus: Annotated[
        str | None, typer.Option(help="Base: a policy of the sweep, or a scenario to run at the same points.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Folder for tables and figures; DIR/analysis by default.")] = None,
    as_json: Json = False,
) -> None:
    """Analyse a sweep: what matters, and how sure that is."""
    from hedgerow.analysis import analyse as find
    from hedgerow.runs.folder import claimed

    where = out or folder / FOLDER
    with claimed(where, KINDS):
        found = find(folder, outcome or (), side=side, versus=versus)
        files = _write(found, where)
    if as_json:
        say(_as_data(found, files))
    else:
        _show(found, where, files)


def _write(found: "Analysis", where: Path) -> list[Path]:
    """Write tables as CSV and figures as PNG and SVG, all or none; return the files."""
    from hedgerow.disk.whole import together
    from hedgerow.wording.csv import csv

    with together(where) as folder:
        files = []
        for name in sorted(found.tables):
            files.append(folder / f"{name}.csv")
            files[-1].write_text(csv(found.tables[name]), encoding="utf-8", newline="")
        files += [f for name, draw in drawings(found) for f in _save(draw(), folder / name)]
    return [where / file.name for file in files]


def drawings(found: "Analysis") -> Iterator[tuple[str, Callable[[], "Figure"]]]:
    """Yield a name and a way to draw it for each figure of an analysis, the headline first."""
    from functools import partial

    from hedgerow import figures
    from hedgerow.analysis import better
    from hedgerow.runs.summary import label
    from hedgerow.wording.names import outcome as outcome_name

    donors = found.donors
    for outcome in found.outcomes:
        own = {n: _of(t, outcome) for n, t in found.tables.items() if "outcome" in t}
        name, unit = outcome_name(outcome, donors), label(outcome, donors)[1]
        way = better(outcome, found.side, list(donors))
        last = outcome if len(found.outcomes) > 1 else ""
        drawn: list[tuple[str, Callable[..., Figure], dict[str, Any]]] = [
            ("threshold", figures.threshold_map, {"better": way, "unit": unit}),
            ("signs", figures.policies, {"better": way, "unit": unit}),
            ("levels", figures.responses, {"unit": unit}),
            ("effects", figures.shares, {}),
            ("morris", figures.screening, {"unit": unit}),
            ("regression", figures.tornado, {"unit": unit}),
            ("sobol", figures.indices, {}),
            ("regret", figures.regrets, {"unit": unit}),
            ("ranks", figures.acceptability, {}),
        ]
        if "sobol" in own and own["sobol"]["total"].notna().any():
            drawn.sort(key=lambda one: one[0] != "sobol")
        for table, draw, given in drawn:
            if table in own and len(own[table]):
                title = TITLES[table].format(name=name)
                yield _name(table, last), partial(draw, own[table], title=title, **given)
        for i, (_, row) in enumerate(own["boxes"].iterrows() if "boxes" in own else ()):
            limits = own["limits"][own["limits"]["target"] == row["target"]]
            box = row.to_frame().T.infer_objects()
            if len(limits):
                yield _name(f"box-{i + 1}", last), partial(figures.box, limits, box)
    if "pareto" in found.tables and len(found.tables["pareto"].columns) > 6:
        yield "pareto", partial(_front, found, donors)


TITLES = {
    "threshold": "Where it pays: {name}",
    "signs": "What each policy changes: {name}",
    "regret": "What choosing wrongly costs: {name}",
    "ranks": "How often each policy takes each rank: {name}",
    "effects": "Which factors matter: {name}",
    "levels": "What each step of a factor does: {name}",
    "sobol": "How much of the spread each factor causes: {name}",
    "morris": "Which factors matter most: {name}",
    "regression": "What it depends on: {name}",
}


def _front(found: "Analysis", donors: Mapping[str, str]) -> "Figure":
    from hedgerow import figures
    from hedgerow.runs.summary import label

    table = found.tables["pareto"]
    across, up = list(table.columns)[1:3]
    told = [" (".join(label(g, dict(donors))) + ")" for g in (across, up)]
    return figures.front(table, across=across, up=up, labels=(told[0], told[1]))


def _of(table: "pd.DataFrame", outcome: str) -> "pd.DataFrame":
    return table[table["outcome"] == outcome]


def _name(table: str, outcome: str) -> str:
    return f"{table}-{outcome}" if outcome else table


def _save(figure: "Figure", path: Path) -> list[Path]:
    from hedgerow import figures

    return figures.save(figure, path, svg=True)


def _as_data(found: "Analysis", files: list[Path]) -> dict[str, Any]:
    import json

    tables = {name: json.loads(table.to_json(orient="records", double_precision=15)) for name, table in found.tables.items()}
    return {
        "folder": str(found.where),
        "name": found.manifest.get("name"),
        "question": found.manifest.get("question"),
        "method": found.method,
        "outcomes": found.outcomes,
        "side": found.side,
        "share_done": found.share_done,
        "runs": found.runs,
        "points": found.points,
        "replications": found.replications,
        "notes": found.notes,
        "findings": [
            {
                "kind": f.kind,
                "outcome": f.outcome,
                "text": f.text,
                "firm": f.firm,
                "numbers": {k: None if math.isnan(v) else v for k, v in f.numbers.items()},
            }
            for f in found.findings
        ],
        "tables": tables,
        "files": [str(f) for f in files],
    }


def _show(found: "Analysis", where: Path, files: list[Path]) -> None:
    from rich.text import Text

    from hedgerow.report import screen

    out = screen.console()
    about = found.manifest
    out.print(f"\n{screen.bold(about.get('name', found.where))}", soft_wrap=True)
    out.print(Text(str(about.get("question", ""))))
    out.print(
        f"{found.runs:,} runs of {found.points:,} points ({found.method}), "
        f"seed {about.get('seed')}, {str(about.get('hash'))[:12]}\n"
    )
    for note in found.notes:
        out.print(Text(note, style="dim"))
    out.print()
    for finding in found.findings:
        sign = "  " if finding.firm else "? "
        out.print(Text(f"{sign}{finding.text}"))
    if any(not f.firm for f in found.findings):
        out.print(Text("\n? marks what the runs do not settle.", style="dim"))
    out.print(f"\nTables and figures in {screen.bold(where)}:", soft_wrap=True)
    out.print("  " + "  ".join(f.name for f in files if f.suffix != ".svg"), soft_wrap=True, markup=False)
