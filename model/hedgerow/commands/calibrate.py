"""``hedgerow calibrate``: find the parameters that agree with the record."""

from pathlib import Path
from typing import Annotated, Any

import typer

from hedgerow.commands.options import Json, Out, say


def calibrate(
    study: Annotated[Path | None, typer.Argument(help="A calibration file; the shipped one if none.")] = None,
    out: Out = None,
    runs: Annotated[int | None, typer.Option(min=64, help="Runs of a wave.")] = None,
    waves: Annotated[int | None, typer.Option(min=2, max=20, help="Number of waves.")] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="Seed of everything.")] = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes; one a core.")] = None,
    install: Annotated[bool, typer.Option("--install", help="Make it the posterior of this installation.")] = False,
    by: Annotated[
        bool, typer.Option("--vouch", help="Keep the posterior for a changed model whose outcomes are as on record.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Fit the model to the record; started again, it goes on.

    Writes the waves, the posterior, two pictures and a table of what was learnt. With --vouch it fits nothing.
    """
    if by:
        _vouch(as_json)
        return
    from hedgerow.fit import calibration, priors
    from hedgerow.fit.vouch import proven
    from hedgerow.report import fitting, screen
    from hedgerow.runs import folder, posterior

    given: dict[str, Any] = {"runs": runs, "waves": waves, "seed": seed}
    plan = priors.read(study, {k: v for k, v in given.items() if v is not None})
    where = out or Path("results") / plan.file.name
    total = plan.file.runs * plan.file.waves
    with folder.hold(where, calibration.about(plan), resumed=True):
        with screen.progress(total, "runs", quiet=as_json) as advance:
            found = calibration.infer(plan, where, workers, advance)
        pictures = fitting.draw_calibration(found, where)
    if install:
        posterior.install(proven(found.posterior))
    if as_json:
        say(calibration.as_data(found) | {"pictures": [str(p) for p in pictures]})
        return
    fitting.show_calibration(found)
    screen.console().print(f"\nWaves, posterior and pictures in {screen.bold(where)}")


def _vouch(as_json: bool) -> None:
    from hedgerow.fit.vouch import vouch
    from hedgerow.runs import posterior

    path = posterior.home()
    found = vouch(posterior.read(path, any_model=True))
    posterior.install(found)
    if as_json:
        say({"posterior": str(path), "models": list(found.about.models)})
        return
    print(f"{path}: golden outcomes are as on record, to the bit; this model may use it")
