"""What a golden summary holds: every outcome of a few runs of every shipped scenario."""

import json
from pathlib import Path

from hedgerow.runs.ensemble import Ensemble, batches
from hedgerow.scenario.find import names
from hedgerow.scenario.load import load

HERE = Path(__file__).parent
RUNS, SEED = 3, 20220601


def path(name: str) -> Path:
    """Return the file of a scenario's golden summary."""
    return HERE / f"{name}.json"


def summarise(name: str) -> dict[str, list[float]]:
    """Run a scenario and return its outcomes, run by run."""
    kept = next(batches(Ensemble(load(name), range(RUNS), SEED), ledger=False, panel=False))["outcomes"]
    return {k: v.to_pylist() for k, v in zip(kept.column_names, kept, strict=True)}


def write() -> None:
    """Write the golden summary of every shipped scenario."""
    for name in names():
        rows = ",\n".join(
            f" {json.dumps(outcome)}: {json.dumps(values)}" for outcome, values in summarise(name).items()
        )
        path(name).write_text(f"{{\n{rows}\n}}\n", encoding="utf-8")
