"""``hedgerow report``: results as one page that a person can act on."""

from pathlib import Path
from typing import Annotated

import typer

from hedgerow.commands.options import Fixed, Json, Months, Seed, Set, say


def report(
    subject: Annotated[str, typer.Argument(help="A scenario (name or path), or a folder of results.")],
    versus: Annotated[str | None, typer.Option(help="Scenario to compare with; of a sweep, its base policy.")] = None,
    out: Annotated[Path, typer.Option(help="The page to write.")] = Path("brief.html"),
    runs: Annotated[int | None, typer.Option(min=1, max=100_000, help="Runs of a scenario: 64 alone, 128 compared.")] = None,
    seed: Seed = 1,
    months: Months = None,
    settings: Set = None,
    fixed: Fixed = False,
    probes: Annotated[
        int,
        typer.Option(
            min=0, max=1000, help="Runs at each end of each key assumption; 0 leaves what the answer leans on out."
        ),
    ] = 8,
    outcome: Annotated[str | None, typer.Option(help="Of a sweep, the outcome to tell of.")] = None,
    as_json: Json = False,
) -> None:
    """Write a page that states the answer and how sure it is.

    The page is one file: it opens offline and prints on A4 or letter. A page of an earlier report
    is written over; any other file is left alone.
    """
    from hedgerow.report import screen
    from hedgerow.report.brief import html
    from hedgerow.report.brief import subject as subjects

    wish = subjects.Wish(subject, versus, runs, seed, months, tuple(settings or ()), fixed, probes, outcome)
    with html.hold(out) as put:
        with screen.progress(subjects.work(wish), "months simulated", quiet=as_json) as advance:
            page = subjects.page(wish, advance)
        size = put(page)
    told = [str(text.striptags()) for text in page.answer]
    if as_json:
        say(
            {
                "page": str(out),
                "bytes": size,
                "kind": page.kind,
                "title": page.title,
                "question": page.question,
                "answer": told,
            }
        )
        return
    out_ = screen.console()
    out_.print(f"\n{screen.bold(out)}, {size / 1e6:,.2f} MB; open it in a browser.\n", soft_wrap=True)
    for text in told:
        out_.print(text, markup=False)
