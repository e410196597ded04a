"""``hedgerow bench``: the way to the bench, which stands beside the package in a checkout."""

import os
import subprocess
import sys
from pathlib import Path

import typer

from hedgerow.commands.options import stop

CHECKOUT = Path(__file__).parents[3]


def bench(context: typer.Context) -> None:
    """Measure how fast the model runs here; needs a checkout."""
    if not (CHECKOUT / "bench" / "__main__.py").is_file():
        stop("bench: is not installed with the package; in a checkout of hedgerow, run `python -m bench`")
    paths = [str(CHECKOUT), os.environ.get("PYTHONPATH", "")]
    known = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in paths if p)}
    sys.exit(subprocess.call([sys.executable, "-m", "bench", *context.args], env=known))
