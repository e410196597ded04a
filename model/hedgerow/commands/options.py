"""Options that several commands share, and the one way to print machine-readable output."""

import json
import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from hedgerow.disk.plain import escaped, message

Json = Annotated[bool, typer.Option("--json", help="Print machine-readable JSON.")]
Set = Annotated[
    list[str] | None, typer.Option("--set", help="Change one key, e.g. policies.leahy.strictness=0.5; repeatable.")
]
Runs = Annotated[int, typer.Option(min=1, max=100_000, help="How many runs.")]
Seed = Annotated[int, typer.Option(min=0, max=2**63 - 1, help="Seed; the same seed gives the same results.")]
Months = Annotated[int | None, typer.Option(min=1, max=600, help="Months, instead of the scenario's.")]
Out = Annotated[
    Path | None, typer.Option(help="Results folder; results/<scenario> by default, with a number if that is taken.")
]

Mixed = Annotated[bool, typer.Option("--allow-mixed", help="Go on although code or packages changed.")]
Fixed = Annotated[bool, typer.Option("--fixed", help="Keep the parameters as they are; draw none.")]


def say(content: object) -> None:
    """Print content as JSON."""
    print(escaped(json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False, default=str)))


def stop(*messages: str, code: int = 2) -> NoReturn:
    """Print messages, each a line, on standard error and end the process."""
    for told in messages:
        print(f"hedgerow: {message(told)}", file=sys.stderr)
    sys.exit(code)
