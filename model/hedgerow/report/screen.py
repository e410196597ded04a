"""What the terminal shows: tables, progress and where the results are."""

import math
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import pandas as pd
from rich.console import Console, ConsoleOptions, RenderableType
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.segment import Segment
from rich.table import Table

from hedgerow.core.donors import Donor
from hedgerow.core.levers import LEVERS
from hedgerow.core.numbers import Quantity, entries, quantities
from hedgerow.core.parameters import Parameters
from hedgerow.disk.plain import escaped
from hedgerow.runs.chance import COLUMNS, TOO_FEW
from hedgerow.runs.run import Run
from hedgerow.runs.summary import headlines
from hedgerow.scenario.load import load
from hedgerow.scenario.schema import Scenario
from hedgerow.wording.numbers import amount

BASELINE = "baseline-2022-25"


class Screen(Console):
    """A console on which no text moves the cursor or turns the reading round, whatever file it comes from."""

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """Render, with what is not to be seen by its number."""
        for part in super().render(renderable, options):
            yield part if part.control else Segment(escaped(part.text), part.style)


def console() -> Screen:
    """Return a console on standard output; piped output gets room enough not to wrap."""
    wide = None if sys.stdout.isatty() else 120
    return Screen(width=wide, highlight=False)


def bold(text: object) -> str:
    """Return a text in bold, its own brackets as they are: titles and folders may hold any."""
    return f"[bold]{escape(str(text))}[/bold]"


@contextmanager
def progress(total: int, unit: str, *, quiet: bool = False) -> Iterator[Callable[[int], None]]:
    """Show a bar with the time left while work goes on; yields what advances it."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn(unit), TimeRemainingColumn())
    from hedgerow.core.compiled import cold

    errors = Console(stderr=True)
    if cold() and not quiet:  # where nothing can be kept, it says so itself, once, before any worker starts
        errors.print("First run on this machine: compiling the rules, once, for about a minute.")
    with Progress(*columns, console=errors, disable=quiet or not errors.is_terminal, transient=True) as bar:
        task = bar.add_task("Simulating", total=total)
        yield lambda done: bar.advance(task, done)


def bare_table(*columns: str, right: Sequence[str] = (), keep: Sequence[str] = (), fold: bool = False) -> Table:
    """Open a table without lines: which columns stand on the right, and which must not be broken."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in columns:
        side: Literal["left", "right"] = "right" if name in right else "left"
        table.add_column(name, justify=side, no_wrap=name in keep, overflow="fold" if fold else "ellipsis")
    return table


def show_files(where: Path | None, before: str = "") -> None:
    """Say where tables and pictures are, if they were kept."""
    if where is not None:
        console().print(f"{before}Tables and pictures in {bold(where)}:", soft_wrap=True)
        console().print("  " + "  ".join(sorted(p.name for p in where.iterdir())), soft_wrap=True, markup=False)


def show_run(run: Run) -> None:
    """Show a run: its headline outcomes, and where everything is."""
    about = run.manifest
    out = console()
    out.print(f"\n{bold(run.scenario.title)}")
    out.print(escape(run.scenario.question))
    out.print(f"{about['runs']} runs of {run.scenario.months} months, seed {about['seed']}, {about['hash'][:12]}\n")
    out.print(outcome_table(headlines(run.summary(), list(run.donor_names))))
    if run.scenario.look_at:
        out.print(f"\nLook at: {escape(run.scenario.look_at)}")
    for line in parameter_lines(about):
        out.print(line, markup=False)
    show_files(run.where, "\n")


def parameter_lines(about: Mapping[str, Any]) -> list[str]:
    """Return what was drawn, what held, and what of the spread is chance, in words."""
    if "posterior" not in about:
        return ["Intervals hold chance alone: every run has the same parameters."]
    drawn, held = (list(dict.fromkeys(p for paths in about[key].values() for p in paths)) for key in ("drawn", "held"))
    lines = [
        f"Intervals hold chance and what is not known of {len(drawn)} parameters, drawn from the fitted posterior; "
        "--fixed keeps them."
    ]
    if held:
        lines.append(f"Held as set: {', '.join(held)}.")
    if about.get("pairs") == 0:
        lines.append(f"Chance is not told from parameters: {TOO_FEW}.")
    elif "pairs" in about:
        lines.append(
            f"Chance is its share of the variance, with a 90% interval, from {about['pairs']} runs made twice with "
            "other chance."
        )
    return lines


def show_replay(run: Run, folder: Path, point: int, replication: int, failed: str | None) -> None:
    """Show a run of a sweep made again."""
    out = console()
    out.print(f"\n{bold(run.scenario.title)}")
    out.print(f"Point {point}, replication {replication} of {escape(str(folder))}", soft_wrap=True)
    told = (
        "Its outcomes are as stored, to the last bit."
        if failed is None
        else f"It failed then ({failed}), and goes well now."
    )
    out.print(f"{escape(told)}\n", soft_wrap=True)
    table = bare_table("Outcome", "In this run", "Unit", right=["In this run"])
    for row in headlines(run.summary(), list(run.donor_names)).to_dict(orient="records"):
        unit = "" if row["unit"] == "share" else row["unit"]
        table.add_row(escape(row["name"]), amount(row["median"], row["unit"]), unit)
    out.print(table)
    show_files(run.where, "\n")


def show_failures(table: pd.DataFrame, folder: Path) -> None:
    """Show the runs of a sweep that failed, each with the command that repeats it."""
    out = console()
    if table.empty:
        out.print(f"{escape(str(folder))}: no run failed")
    for row in table.to_dict(orient="records"):
        out.print(f"point {row['point']}, replication {row['replication']}: {escape(str(row['error']))}", soft_wrap=True)
        out.print(f"  {escape(row['replay'])}", soft_wrap=True)


def outcome_table(rows: pd.DataFrame) -> Table:
    """Return outcomes as a table of medians and 90% intervals."""
    split = "chance" in rows and bool(rows["chance"].notna().any())
    names = ("Outcome", "Median", "90% interval", *(("Chance",) if split else ()))
    table = bare_table(*names, "Unit", right=names[1:], keep=names)
    for row in rows.to_dict(orient="records"):
        low, high = amount(row["low"], row["unit"]), amount(row["high"], row["unit"])
        unit = "" if row["unit"] == "share" else row["unit"]
        known = split and not math.isnan(row["chance"])
        ends = f"{100 * row['chance_low']:.0f}-{100 * row['chance_high']:.0f}" if known else ""
        part = [f"{100 * row['chance']:.0f}% ({ends})" if known else ""] if split else []
        middle = amount(row["median"], row["unit"])
        table.add_row(escape(row["name"]), middle, f"{low} to {high}", *part, unit)
    return table


def run_as_data(run: Run, pictures: Sequence[Path]) -> dict[str, Any]:
    """Return a run's summary as plain data for ``--json``."""
    told = ("scenario", "seed", "runs", "hash", "code", "drawn", "held")
    about: dict[str, Any] = {k: run.manifest[k] for k in told if k in run.manifest}
    table = run.summary()
    shares = table[list(COLUMNS)].astype(object)
    rows = table.assign(**shares.where(shares.notna(), None)).to_dict(orient="records")
    return {
        **about,
        "months": run.scenario.months,
        "folder": str(run.where),
        "pictures": [str(p) for p in pictures],
        "outcomes": rows,
    }


def parameter_rows() -> list[dict[str, Any]]:
    """Return every number of the model as plain data: rules, the baseline's donors, levers."""
    baseline = load(BASELINE)
    rows = [_row(q) for q in quantities(Parameters, "parameters")]
    for code, donor in baseline.donors.items():
        rows += [_own(q, donor, f"donors.{code}") for q in quantities(donor, f"donors.{code}")]
        rows += [_own(q, donor, f"donors.{code}") for q in entries(donor, f"donors.{code}")]
        for i, tier in enumerate(donor.tiers):
            prefix = f"donors.{code}.tiers.{i}"
            rows += [_own(q, donor, f"donors.{code}") for q in quantities(tier, prefix)]
    for name, lever in LEVERS.items():
        rows += [_row(q) for find in (quantities, entries) for q in find(lever, f"policies.{name}")]
    return rows


def _row(quantity: Quantity) -> dict[str, Any]:
    return dict(vars(quantity))


def _own(quantity: Quantity, donor: Donor, prefix: str) -> dict[str, Any]:
    """Return a donor's number with the origin its scenario states, where it states one."""
    row = _row(quantity)
    path = quantity.path.removeprefix(prefix + ".")
    stated = [k for k in donor.origin if path == k or path.startswith(k + ".")]
    if stated:
        text = donor.origin[max(stated, key=len)]
        row["source"] = text
        word = text.split(":")[0].split(" ")[0]
        row["status"] = word if word in ("source", "literature", "calibrated") else "assumption"
    return row


def show_parameters(rows: Sequence[Mapping[str, Any]]) -> None:
    """Show every number of the model."""
    table = bare_table("Number", "Default", "Range", "Status", "Unit and source", fold=True)
    for row in rows:
        default = "-" if row["default"] is None else f"{row['default']:g}"
        text = f"{escape(row['unit'])} [dim]({escape(row['source'])})[/dim]"
        table.add_row(row["path"], default, f"{row['low']:g} to {row['high']:g}", row["status"], text)
    console().print(table)


def show_countries(table: pd.DataFrame) -> None:
    """Show the states of the model."""
    shown = bare_table("Code", "State", "Subregion", "Population", "Imputed")
    for row in table.to_dict(orient="records"):
        count = len([c for c in str(row["imputed"]).split(";") if c])
        shown.add_row(row["iso3"], row["name"], row["subregion"], f"{row['population']:,.0f}", str(count or ""))
    console().print(shown)
    print(f"{len(table)} states. Values filled in: hedgerow countries --imputed")


def show_imputed(table: pd.DataFrame) -> None:
    """Show every imputed value."""
    shown = bare_table("Code", "State", "Column", "Value")
    for row in table.to_dict(orient="records"):
        shown.add_row(row["iso3"], row["name"], row["column"], f"{row['value']:,.4g}")
    console().print(shown)
    print(f"{len(table)} values filled in; the rule for each column is in SOURCES.md of the data.")


def show_facts(table: pd.DataFrame) -> None:
    """Show facts with their source."""
    shown = bare_table("Id", "Fact", "Value", "Period", "Source", fold=True)
    for row in table.to_dict(orient="records"):
        cells = (f"{row['value']} {row['unit']}", str(row["period"]), row["source"])
        shown.add_row(row["id"], *map(escape, (row["statement"], *cells)))
    console().print(shown)


def show_scenarios(rows: Sequence[Mapping[str, str]]) -> None:
    """Show the shipped scenarios."""
    table = bare_table("Scenario", "Question", keep=("Scenario",))
    for row in rows:
        fault = row.get("fault", "")
        table.add_row(escape(row["name"]), escape(f"cannot be read, because {fault}" if fault else row["question"]))
    console().print(table)
    print("Run one: hedgerow run NAME. Show one: hedgerow scenario show NAME.")


def show_scenario(scenario: Scenario, own: Mapping[str, Any]) -> None:
    """Show a scenario's question, its ground, and what its own file states."""
    out = console()
    out.print(f"{bold(scenario.title)}\n{escape(scenario.question)}\n")
    last = pd.date_range(scenario.start, periods=scenario.months, freq="MS")[-1]
    out.print(f"Period    {scenario.start:%B %Y} to {last:%B %Y}, {scenario.months} months")
    donors = ", ".join(d.name for d in scenario.donors.values())
    out.print(f"Donors    {donors}", markup=False)
    out.print(f"Policies  {', '.join(scenario.policies) or 'none'}", markup=False)
    out.print(f"Facts     {', '.join(scenario.facts) or 'none'} (hedgerow facts ID)", markup=False)
    out.print(f"Look at   {scenario.look_at}\nSurprise  {scenario.surprise}", markup=False)
    if "extends" in own:
        out.print(f"\nDiffers from {own['extends']} in:", markup=False)
        header = {"extends", "title", "question", "facts", "look_at", "surprise"}
        for path, value in leaves({k: v for k, v in own.items() if k not in header}):
            out.print(f"  {path} = {value}", markup=False)


def leaves(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield what nested tables hold, by dotted path."""
    for key, value in table.items():
        path = f"{prefix}.{key}" if prefix else key
        if isinstance(value, dict):
            yield from leaves(value, path)
        else:
            yield path, value
