"""``python -m bench``: how fast the model runs on the machine at hand, beside Mesa's own runner."""

import math
from typing import Annotated

import typer

from bench import show, sitting
from hedgerow.commands.options import Json, Months, say, stop
from hedgerow.report import screen


def bench(
    seconds: Annotated[float, typer.Option(min=0.01, max=3600.0, help="About how long one measurement may take.")] = 3.0,
    rounds: Annotated[int, typer.Option(min=1, max=100, help="How often each measurement is taken.")] = 3,
    runs: Annotated[int | None, typer.Option(min=1, help="Runs that no measurement may exceed.")] = None,
    months: Months = None,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print the tables as Markdown.")] = False,
    as_json: Json = False,
) -> None:
    """Measure how fast the model runs here, beside Mesa's."""
    if not math.isfinite(seconds):
        stop(f"--seconds: {seconds} must be a number of seconds, such as 3")
    if markdown and as_json:
        stop("--markdown and --json: give one of the two")
    with screen.progress(sitting.measurements(rounds), "measurements", quiet=as_json or markdown) as advance:
        report = sitting.bench(seconds=seconds, rounds=rounds, months=months, runs=runs, progress=advance)
    data = report.as_data()
    if as_json:
        say(data)
    elif markdown:
        print(show.markdown(data))
    else:
        show.show(data)


app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)
app.command(name="bench")(bench)

if __name__ == "__main__":
    app(prog_name="python -m bench")
