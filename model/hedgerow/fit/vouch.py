"""Vouching: a posterior goes on with a changed model that gives what the old one gave, to the bit.

Golden outcomes are those of a few runs of every shipped scenario, kept by the project's tests. A new
lever, outcome or read-out leaves them all as they were; then nothing was learnt that is not still so.
"""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from hedgerow.runs.digest import model_digest
from hedgerow.runs.ensemble import Ensemble, batches
from hedgerow.runs.folder import FolderError
from hedgerow.runs.posterior import Posterior
from hedgerow.scenario.find import names
from hedgerow.scenario.load import load

GOLDEN = Path("tests/golden")
"""Where a checkout keeps golden outcomes, a file a scenario."""
RUNS, SEED = 3, 20220601


def golden(name: str) -> dict[str, list[float]]:
    """Run a shipped scenario and return its golden outcomes, run by run."""
    (found,) = batches(Ensemble(load(name), range(RUNS), SEED), ledger=False, panel=False)
    table = found["outcomes"]
    return {name: column.to_pylist() for name, column in zip(table.column_names, table, strict=True)}


def vouch(posterior: Posterior, records: Path = GOLDEN) -> Posterior:
    """Return the posterior as one that this model may use too, having made sure that it may.

    Parameters
    ----------
    posterior : Posterior
        Made by another version of the model.
    records : Path
        Folder of golden outcomes, ``<scenario>.json`` each.

    Raises
    ------
    FolderError
        If there are no records, or an outcome on record is not what it was in every bit.
    """
    known = [name for name in names() if (records / f"{name}.json").is_file()]
    if not known:
        raise FolderError(f"{records}: holds no golden outcomes; vouch in a checkout, or run `hedgerow calibrate`")
    for name in known:
        recorded = json.loads((records / f"{name}.json").read_text(encoding="utf-8"))
        for words in _changes(name, recorded):
            raise FolderError(f"{records / name}.json: {words}; run `hedgerow calibrate` to fit the changed model")
    if model_digest() in posterior.about.models:
        return posterior
    return replace(posterior, about=replace(posterior.about, vouched=(*posterior.about.vouched, model_digest())))


def _changes(name: str, recorded: dict[str, list[float]]) -> Iterator[str]:
    """Yield what of the outcomes on record is otherwise now; outcomes that are new do not count."""
    found = golden(name)
    for outcome, values in recorded.items():
        if found.get(outcome) != values:
            yield f"{outcome} was {values[0]} in run 0, and is {found.get(outcome, ['no more'])[0]}"
