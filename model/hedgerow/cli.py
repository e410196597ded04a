"""The command line: one thin function a command.

Everything heavy is imported inside the command that needs it, so ``hedgerow --help`` is quick.
Whatever ends a command early becomes one message on standard error; see :mod:`~hedgerow.commands.boundary`.
"""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from hedgerow.commands.analyse import analyse
from hedgerow.commands.bench import bench
from hedgerow.commands.boundary import boundary, heeding, plainly
from hedgerow.commands.calibrate import calibrate
from hedgerow.commands.gallery import gallery
from hedgerow.commands.options import Fixed, Json, Mixed, Months, Out, Runs, Seed, Set, say, stop
from hedgerow.commands.report import report
from hedgerow.commands.serve import serve
from hedgerow.commands.validate import validate
from hedgerow.disk.claim import COMMAND
from hedgerow.disk.faults import UserError, refuse_too_little
from hedgerow.disk.plain import command, visible


class Bounded(TyperGroup):
    """Commands whose end is told before Typer, which passes over Ctrl-C and closed pipes, hears of it."""

    def make_context(self, *args: Any, **kwargs: Any) -> Any:
        """Read the words before the command."""
        with plainly():
            return super().make_context(*args, **kwargs)

    def invoke(self, ctx: Any) -> Any:
        """Run a command."""
        with boundary(), plainly():
            refuse_too_little()
            return super().invoke(ctx)


app = typer.Typer(
    cls=Bounded,
    help="Simulate how China, the United States and other donors compete for the alignment of "
    "states by police training, equipment and security diplomacy.\n\n"
    "Start with: hedgerow run baseline-2022-25",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
LONGEST = 100
"""Letters of the name of a folder that is put together from other names."""
scenarios = typer.Typer(help="List, show, check and start scenario files.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(scenarios, name="scenario")


def main() -> None:
    """Run the command line."""
    COMMAND.set(tuple(sys.argv[1:]))
    with heeding(), boundary():
        app()


@app.command()
def run(
    scenario: Annotated[str, typer.Argument(help="Name of a shipped scenario, a path, or a manifest.json.")],
    runs: Runs = 64,
    seed: Seed = 1,
    months: Months = None,
    settings: Set = None,
    out: Out = None,
    fixed: Fixed = False,
    allow_mixed: Mixed = False,
    as_json: Json = False,
) -> None:
    """Simulate a scenario many times; print and keep outcomes."""
    from hedgerow.report import screen
    from hedgerow.report.draw import draw
    from hedgerow.runs import folder, manifest
    from hedgerow.runs.ensemble import Ensemble
    from hedgerow.runs.posterior import policy
    from hedgerow.runs.run import about, into

    chosen = manifest.load(scenario, settings or (), months, allow_mixed=allow_mixed)
    name, ensemble = manifest.short(scenario), Ensemble(chosen, range(runs), seed, policy(fixed=fixed))
    where = out or Path("results") / name
    with folder.hold(where, about(ensemble, name), numbered=out is None) as held:
        with screen.progress(runs * chosen.months, "months simulated", quiet=as_json) as advance:
            result = into(held, ensemble, advance)
        pictures = draw(result, held.where)
    if as_json:
        say(screen.run_as_data(result, pictures))
    else:
        screen.show_run(result)


@app.command()
def compare(
    base: Annotated[str, typer.Argument(help="Scenario to compare with: name or path.")],
    variants: Annotated[list[str], typer.Argument(help="Scenarios to compare: names or paths.")],
    runs: Runs = 128,
    seed: Seed = 1,
    months: Months = None,
    settings: Set = None,
    out: Out = None,
    fixed: Fixed = False,
    as_json: Json = False,
) -> None:
    """Compare scenarios with a base, under the same chance."""
    from hedgerow.report import comparing, comparison, screen
    from hedgerow.runs import folder
    from hedgerow.runs.compare import paired
    from hedgerow.runs.manifest import short

    pairing = paired(base, *variants, runs=runs, seed=seed, months=months, settings=settings or (), fixed=fixed)
    where = out or Path("results") / "-vs-".join(short(n) for n in (*variants, base))[:LONGEST]
    with folder.hold(where, pairing.about, numbered=out is None) as held:
        with screen.progress(pairing.months, "months simulated", quiet=as_json) as advance:
            result = pairing.compared(held, advance)
        pictures = comparison.draw(result, held.where)
    say(comparing.as_data(result, pictures)) if as_json else comparing.show(result)


@app.command()
def explain(
    scenario: Annotated[str, typer.Argument(help="Name of a shipped scenario, or a path.")],
    recipient: Annotated[str, typer.Option(help="Code of a state, e.g. KEN.")],
    month: Annotated[str | None, typer.Option(help="E.g. 2024-09; the last if none.")] = None,
    versus: Annotated[str | None, typer.Option(help="Scenario to compare with.")] = None,
    runs: Runs = 32,
    seed: Seed = 1,
    settings: Set = None,
    fixed: Fixed = False,
    as_json: Json = False,
) -> None:
    """Explain what a state and its donors do, term by term."""
    from hedgerow.report import explanation
    from hedgerow.runs.explain import explain as find_terms
    from hedgerow.runs.manifest import load

    chosen, base = load(scenario, settings or ()), load(versus, settings or ()) if versus else None
    why = find_terms(chosen, recipient, month, versus=base, runs=runs, seed=seed, fixed=fixed)
    say(explanation.as_data(why)) if as_json else explanation.show(why)


@app.command()
def sweep(
    study: Annotated[str, typer.Argument(help="Name of a shipped study or a path; with --extend, its results.")],
    out: Out = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes; one a core.")] = None,
    dask: Annotated[
        str | None, typer.Option(help="Scheduler, e.g. tcp://host:8786. It is trusted: it can run any code as you.")
    ] = None,
    extend: Annotated[str | None, typer.Option(help="replications=N, for a finished sweep.")] = None,
    allow_mixed: Mixed = False,
    fixed: Fixed = False,
    as_json: Json = False,
) -> None:
    """Run a study; started again, it goes on where it stopped."""
    from contextlib import nullcontext

    from hedgerow.report import screen
    from hedgerow.study import plan
    from hedgerow.study import sweep as sweeps
    from hedgerow.workers import cluster

    if extend is not None:
        key, _, number = extend.partition("=")
        if key.strip() != "replications" or not number.strip().isdigit():
            stop(f"--extend: '{extend}' must read replications=N, such as replications=128")
        where = Path(study)
        total = sweeps.planned(where, int(number))
    else:
        chosen = plan.read(study, out, fixed=fixed)
        where = out or Path("results") / chosen.head.name
        total = chosen.runs
    if dask:
        typer.echo(f"hedgerow: {cluster.TRUSTED.format(address=dask)}", err=True)
    with cluster.dask(dask) if dask else nullcontext() as found, screen.progress(total, "runs", quiet=as_json) as advance:
        given: dict[str, Any] = {
            "workers": workers or (found.tasks if found else None),
            "executor": found.executor if found else None,
            "allow_mixed": allow_mixed,
            "progress": advance,
        }
        if extend is not None:
            sweeps.extend(where, replications=int(number), **given)
        else:
            sweeps.sweep(chosen, where, **given)
    _show_status(where, as_json)


@app.command()
def status(folder: Annotated[Path, typer.Argument(help="Results of a sweep.")], as_json: Json = False) -> None:
    """Say how far a sweep is: while it runs, or after."""
    _show_status(folder, as_json)


def _show_status(folder: Path, as_json: bool) -> None:
    from dataclasses import asdict

    from hedgerow.study import sweep as sweeps

    now = sweeps.status(folder)
    say(asdict(now)) if as_json else print(f"{visible(folder)}: {now}")


@app.command()
def replay(
    folder: Annotated[Path, typer.Argument(help="Results of run, compare or sweep.")],
    point: Annotated[int | None, typer.Argument(min=0, help="Of a sweep: which point.")] = None,
    replication: Annotated[int | None, typer.Argument(min=0, help="Of a sweep: which replication.")] = None,
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Make stored runs again, to the last bit."""
    from hedgerow.report import screen
    from hedgerow.runs.replay import replay as again
    from hedgerow.study.results import open_

    if point is None or replication is None:
        if point is not None or out is not None:
            stop(f"{folder}: give a point and a replication of a sweep, such as 0 0, or neither, and no --out")
        again(folder)
        found = {"folder": str(folder), "as_stored": True}
        say(found) if as_json else print(f"{visible(folder)}: comes out as stored, to the last bit")
        return
    results = open_(folder)
    failed = results.error(point, replication)
    where = out or Path("results") / f"{folder.absolute().name}-{point}-{replication}"
    try:
        result = results.replay(point, replication, out=where, numbered=out is None)
    except Exception as error:
        if failed is None or isinstance(error, UserError):
            raise
        stop(f"{folder}: fails as it did: {type(error).__name__}: {error}")
    if as_json:
        say(screen.run_as_data(result, []) | {"failed": failed})
    else:
        screen.show_replay(result, folder, point, replication, failed)


@app.command()
def failures(folder: Annotated[Path, typer.Argument(help="Results of a sweep.")], as_json: Json = False) -> None:
    """List the runs of a sweep that failed, and how to repeat them."""
    from hedgerow.report import screen
    from hedgerow.study.results import open_

    table = open_(folder).failures()
    say(table.to_dict(orient="records")) if as_json else screen.show_failures(table, folder)


@app.command()
def parameters(as_json: Json = False) -> None:
    """Print every number: default, range, unit, status, source."""
    from hedgerow.report import screen

    rows = screen.parameter_rows()
    say(rows) if as_json else screen.show_parameters(rows)


@app.command()
def countries(
    imputed: Annotated[bool, typer.Option("--imputed", help="List the values filled in, and why.")] = False,
    as_json: Json = False,
) -> None:
    """Print the states, or the values that had to be imputed."""
    from hedgerow.data import load as data
    from hedgerow.report import screen

    table = data.imputed() if imputed else data.countries().reset_index()
    if as_json:
        say(table.to_dict(orient="records"))
    else:
        screen.show_imputed(table) if imputed else screen.show_countries(table)


@app.command()
def facts(
    ids: Annotated[list[str] | None, typer.Argument(help="Ids such as A013; all if none.")] = None, as_json: Json = False
) -> None:
    """Print the sourced facts that scenarios and numbers cite."""
    from hedgerow.data import load as data
    from hedgerow.data.select import nearest
    from hedgerow.report import screen

    table = data.facts()
    for fact in ids or ():
        if fact not in table.index:
            stop(f"facts: unknown fact '{fact}'{nearest(fact, table.index)}")
    chosen = (table.loc[ids] if ids else table).reset_index()
    say(chosen.to_dict(orient="records")) if as_json else screen.show_facts(chosen)


@scenarios.command("list")
def list_scenarios(as_json: Json = False) -> None:
    """List the shipped scenarios and their questions."""
    from hedgerow.report import screen
    from hedgerow.scenario.listing import listed

    found = listed()
    rows = [{k: v for k, v in vars(one).items() if k != "fault" or v} for one in found]
    say(rows) if as_json else screen.show_scenarios(rows)
    faults = [one.fault for one in found if one.fault]
    if faults:
        stop(*faults)


@scenarios.command("show")
def show_scenario(scenario: str, settings: Set = None, as_json: Json = False) -> None:
    """Show a scenario: question, grounds, and what it changes."""
    from hedgerow.report import screen
    from hedgerow.scenario.find import find
    from hedgerow.scenario.load import load, read

    chosen = load(scenario, settings or ())
    if as_json:
        say(chosen.model_dump(mode="json"))
    else:
        screen.show_scenario(chosen, read(find(scenario)))


@scenarios.command("check")
def check_scenario(files: list[str]) -> None:
    """Check scenario files without running them."""
    from hedgerow.scenario.errors import ScenarioError
    from hedgerow.scenario.load import load
    from hedgerow.scenario.rules import rules_of

    faults: list[str] = []
    for name in files:
        try:
            chosen = load(name)
            rules_of(chosen)
        except ScenarioError as error:
            faults.append(str(error))
        else:
            print(f"{visible(name)}: good: {chosen.title}, {chosen.months} months")
    if faults:
        stop(*faults)


@scenarios.command("new")
def new_scenario(
    path: Annotated[Path, typer.Argument(help="File to write, e.g. my-what-if.toml")],
    extends: Annotated[str, typer.Option(help="Scenario it builds on.")] = "baseline-2022-25",
) -> None:
    """Write a first scenario file to build on."""
    from hedgerow.scenario.new import write

    write(path, extends)
    print(f"{visible(path)}: written. Change it, then: {command('run', path)}")


@scenarios.command("schema")
def schema() -> None:
    """Print the JSON Schema of scenario files, for editors."""
    from hedgerow.scenario.schema import json_schema

    say(json_schema())


app.command()(analyse)
app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True}, add_help_option=False)(bench)
app.command()(calibrate)
app.command()(gallery)
app.command()(report)
app.command()(serve)
app.command()(validate)
