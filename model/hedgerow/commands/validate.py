"""``hedgerow validate``: how well the model repeats the record, pattern by pattern."""

from pathlib import Path
from typing import Annotated

import typer

from hedgerow.commands.options import Json, Runs, Seed, say


def validate(
    scenario: Annotated[str, typer.Argument(help="Scenario that shows the record's years.")] = "baseline-2022-25",
    runs: Runs = 256,
    seed: Seed = 1,
    fixed: Annotated[bool, typer.Option("--fixed", help="The scenario's own parameters, not the posterior's.")] = False,
    posterior: Annotated[Path | None, typer.Option(help="A posterior of your own, from hedgerow calibrate.")] = None,
    targets: Annotated[Path | None, typer.Option(help="A target file of your own.")] = None,
    as_json: Json = False,
) -> None:
    """Set simulated records beside the observed one, and score."""
    from hedgerow.commands.options import stop
    from hedgerow.fit import targets as records
    from hedgerow.fit import validation
    from hedgerow.report import fitting, screen
    from hedgerow.runs import posterior as posteriors

    if fixed and posterior is not None:
        stop("validate: give either --fixed or --posterior, not both")
    told = records.read(targets) if targets else records.read()
    drawn = posteriors.read(posterior) if posterior else None if fixed else posteriors.shipped()
    with screen.progress(runs, "runs", quiet=as_json) as advance:
        found = validation.validate(told, posterior=drawn, scenario=scenario, runs=runs, seed=seed, progress=advance)
    say(validation.as_data(found)) if as_json else fitting.show_validation(found, told)
