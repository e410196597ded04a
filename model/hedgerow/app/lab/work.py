"""What the crew's processes do for the lab: simulate some runs, explain a state, make files.

Every function here is called in another process, with plain arguments and plain answers.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hedgerow.core.engine import Batch
from hedgerow.core.numbers import FloatArray
from hedgerow.runs import uncertain
from hedgerow.scenario.place import place
from hedgerow.scenario.rules import rules_of
from hedgerow.scenario.schema import Scenario


@dataclass(frozen=True)
class Trace:
    """What runs of a scenario left.

    Attributes
    ----------
    outcomes : dict
        Outcomes by name, ``(runs,)`` each.
    alignment : numpy.ndarray
        At the end of each month, ``(runs, months, donors, states)``, 0-1.
    mean : numpy.ndarray
        The same, its mean over states, ``(runs, months, donors)``.
    states, donors : tuple of str
        Codes.
    """

    outcomes: dict[str, FloatArray]
    alignment: NDArray[np.float32]
    mean: FloatArray
    states: tuple[str, ...]
    donors: tuple[str, ...]

    @property
    def size(self) -> int:
        """Bytes it takes."""
        return self.alignment.nbytes + sum(v.nbytes for v in self.outcomes.values())


def simulate(scenario: Scenario, runs: range, seed: int, *, fixed: bool) -> Trace:
    """Simulate some runs of a scenario.

    Parameters
    ----------
    scenario : Scenario
    runs : range
        Numbers of the runs, which key their draws.
    seed : int
    fixed : bool
        Whether parameters stay as they are, rather than being drawn from the posterior.
    """
    scene, world = place(uncertain.scenarios(scenario, runs, seed, fixed=fixed))
    batch = Batch(scene, world, seed, list(runs), rules_of(scenario))
    kept, means = [], []
    for _ in batch:
        # Laid out anew, because NumPy adds in the order of memory, which differs with the batch.
        now = np.ascontiguousarray(world.alignment[..., world.states])
        kept.append(now.astype(np.float32))
        means.append(now.mean(axis=-1))
    states = tuple(np.array(world.recipients)[world.states].tolist())
    alignment, mean = np.stack(kept, axis=1), np.stack(means, axis=1)
    return Trace(batch.outcomes(), alignment, mean, states, tuple(world.donors))


def join(parts: list[Trace]) -> Trace:
    """Return parts of the runs of one scenario as one."""
    outcomes = {n: np.concatenate([p.outcomes[n] for p in parts]) for n in parts[0].outcomes}
    alignment = np.concatenate([p.alignment for p in parts])
    mean = np.concatenate([p.mean for p in parts])
    return Trace(outcomes, alignment, mean, parts[0].states, parts[0].donors)


def why(  # noqa: PLR0917
    scenario: Scenario,
    base: Scenario | None,
    state: str,
    month: str | date | None,
    runs: int,
    seed: int,
    *,
    fixed: bool,
) -> dict[str, Any]:
    """Return why a state and its donors decided as they did, as plain data.

    Returns
    -------
    dict
        As :func:`hedgerow.report.explanation.as_data`, with ``sentences`` by topic.
    """
    from hedgerow.report import explanation
    from hedgerow.runs.explain import TOPICS, explain

    found = explain(scenario, state, month, versus=base, runs=runs, seed=seed, fixed=fixed)
    topics = [t for t in TOPICS if (found.table["topic"] == t).any()]
    told = {topic: explanation.sentences(found, topic) for topic in topics}
    return {**explanation.as_data(found), "sentences": told}
