"""Vouching: a posterior goes on with a changed model that gives what the old one gave, to the bit.

A posterior carries a proof: a digest of every golden outcome (a few runs of every shipped scenario) as the model gave
it that the posterior was fitted with. A new lever, outcome or read-out leaves them all as they were; then what was
learnt is still so. Outcomes that are new since have no say.
"""

from collections.abc import Mapping
from dataclasses import replace
from hashlib import blake2b

import numpy as np

from hedgerow.runs.digest import model_digest
from hedgerow.runs.ensemble import Ensemble
from hedgerow.runs.folder import FolderError
from hedgerow.runs.posterior import Posterior
from hedgerow.runs.trace import trace
from hedgerow.scenario.find import names
from hedgerow.scenario.load import load

RUNS, SEED = 3, 20220601
SIZE = 4
"""Bytes of a digest of one outcome: of some two thousand, a change that none tells is next to impossible."""


def golden(name: str) -> dict[str, list[float]]:
    """Run a shipped scenario and return its golden outcomes, run by run."""
    found = trace(Ensemble(load(name), range(RUNS), SEED), monthly=False).outcomes
    return {"run": list(range(RUNS))} | {outcome: values.tolist() for outcome, values in found.items()}


def proof() -> dict[str, dict[str, str]]:
    """Return the digest of every golden outcome of this model, by scenario and outcome."""
    return {name: {outcome: _digest(values) for outcome, values in golden(name).items()} for name in names()}


def _digest(values: list[float]) -> str:
    return blake2b(np.array(values, dtype=np.float64).tobytes(), digest_size=SIZE).hexdigest()


def proven(posterior: Posterior) -> Posterior:
    """Return a posterior that was fitted with this model, with the proof by which a later one may use it."""
    return replace(posterior, about=replace(posterior.about, proof=proof()))


def vouch(posterior: Posterior, now: Mapping[str, Mapping[str, str]] | None = None) -> Posterior:
    """Return the posterior as one that this model may use too, having made sure that it may.

    Parameters
    ----------
    posterior : Posterior
        Made by another version of the model.
    now : mapping, optional
        The proof of this model, where it is at hand.

    Raises
    ------
    FolderError
        If it carries no proof, or an outcome is not what it was in every bit.
    """
    if not posterior.about.proof:
        raise FolderError("the posterior carries no golden outcomes to vouch by; run `hedgerow calibrate`")
    now = proof() if now is None else now
    for name, then in posterior.about.proof.items():
        changed = [outcome for outcome, told in then.items() if now.get(name, {}).get(outcome) != told]
        if changed:
            words = f"{name}: {len(changed)} of {len(then)} golden outcomes are not what they were, such as {changed[0]}"
            raise FolderError(f"{words}; run `hedgerow calibrate` to fit the changed model")
    if model_digest() in posterior.about.models:
        return posterior
    return replace(posterior, about=replace(posterior.about, vouched=(*posterior.about.vouched, model_digest())))
