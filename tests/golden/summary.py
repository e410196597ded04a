"""What a golden summary holds: every outcome of a few runs of every shipped scenario."""

import json
from pathlib import Path

from hedgerow.fit.vouch import golden as summarise
from hedgerow.scenario.find import names

HERE = Path(__file__).parent


def path(name: str) -> Path:
    """Return the file of a scenario's golden summary."""
    return HERE / f"{name}.json"


def write() -> None:
    """Write the golden summary of every shipped scenario."""
    for name in names():
        rows = ",\n".join(f" {json.dumps(outcome)}: {json.dumps(values)}" for outcome, values in summarise(name).items())
        path(name).write_text(f"{{\n{rows}\n}}\n", encoding="utf-8")
