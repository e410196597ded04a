"""Traces: what a comparison needs of runs, outcomes and alignment month by month, and no more."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from hedgerow.core.numbers import FloatArray
from hedgerow.runs.ensemble import BATCH, Ensemble
from hedgerow.runs.threads import Progress, in_order


@dataclass(frozen=True)
class Trace:
    """What runs of a scenario left.

    Attributes
    ----------
    outcomes : dict
        Outcomes by name, ``(runs,)`` each.
    alignment : numpy.ndarray
        At the end of each month that was kept, ``(runs, months, donors, states)``, 0-1.
    mean : numpy.ndarray
        Its mean over states at the end of every month, ``(runs, months, donors)``.
    states, donors : tuple of str
        Codes.
    """

    outcomes: dict[str, FloatArray]
    alignment: NDArray[np.float32]
    mean: FloatArray
    states: tuple[str, ...]
    donors: tuple[str, ...]

    @property
    def final(self) -> NDArray[np.float32]:
        """Alignment in the last month, ``(runs, donors, states)``."""
        return self.alignment[:, -1]

    @property
    def size(self) -> int:
        """Bytes it takes."""
        return self.alignment.nbytes + sum(v.nbytes for v in self.outcomes.values())


def trace(ensemble: Ensemble, tell: Progress | None = None, *, monthly: bool = True) -> Trace:
    """Run an ensemble as one batch and return its trace.

    Parameters
    ----------
    ensemble : Ensemble
    tell : callable, optional
        Called with the run-months finished since the last call.
    monthly : bool
        Whether to keep alignment of every month, or of the last alone.
    """
    batch = ensemble.batch()
    world = batch.world
    kept: list[NDArray[np.float32]] = []
    means: list[FloatArray] = []
    for _ in batch:
        # Laid out anew, because NumPy adds in the order of memory, which differs with the batch.
        now = np.ascontiguousarray(world.alignment[..., world.states])
        kept = [*kept, now.astype(np.float32)] if monthly else [now.astype(np.float32)]
        means.append(now.mean(axis=-1))
        if tell is not None:
            tell(len(ensemble))
    states = tuple(np.array(world.recipients)[world.states].tolist())
    return Trace(batch.outcomes(), np.stack(kept, axis=1), np.stack(means, axis=1), states, tuple(world.donors))


def join(parts: Sequence[Trace]) -> Trace:
    """Return traces of parts of the runs of one scenario as one."""
    outcomes = {n: np.concatenate([p.outcomes[n] for p in parts]) for n in parts[0].outcomes}
    alignment, mean = (np.concatenate([getattr(p, name) for p in parts]) for name in ("alignment", "mean"))
    return Trace(outcomes, alignment, mean, parts[0].states, parts[0].donors)


def traces(
    ensembles: Sequence[Ensemble], *, size: int = BATCH, workers: int | None = None, progress: Progress | None = None
) -> list[Trace]:
    """Run ensembles, batches side by side, and return the trace of each, its alignment that of the last month."""
    parts = [ensemble.parts(size) for ensemble in ensembles]
    jobs = [partial(trace, part, monthly=False) for each in parts for part in each]
    own = any(ensemble.only_here for ensemble in ensembles)
    done = in_order(jobs, progress, 1 if own else workers)
    return [join([next(done) for _ in each]) for each in parts]
