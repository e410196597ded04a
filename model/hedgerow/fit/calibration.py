"""Calibration: waves of simulation, the posterior they lead to, and a test of it by the waves.

``calibrate`` is the one call; started again in the same folder it goes on where it stopped.
"""

from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pandas as pd

from hedgerow.core.numbers import FloatArray
from hedgerow.fit import known, shrinkage, waves
from hedgerow.fit.inference import Evidence, Inference, next_points
from hedgerow.fit.priors import Plan
from hedgerow.fit.waves import Wave
from hedgerow.runs import identity
from hedgerow.runs.digest import model_digest
from hedgerow.runs.folder import hold
from hedgerow.runs.posterior import WEIGHT, About, Posterior
from hedgerow.runs.threads import Progress
from hedgerow.scenario.settings import quantity

RANKED = 64
"""Simulated records on which the posterior is tried, at most a quarter of a wave."""


@dataclass(frozen=True)
class Calibrated:
    """A calibration that is over.

    Attributes
    ----------
    plan : Plan
    posterior : Posterior
    waves : DataFrame
        A row a wave: ``wave``, ``runs``, ``spread`` (geometric mean sd of the points, as a share of the prior's),
        ``distance`` (median over its runs of the root mean square distance from the record, in sd of chance).
    ranks : (records, parameters)
        Of the parameters that made simulated records among draws inferred from those records:
        even between 0 and 1 where the inference is right.
    """

    plan: Plan
    posterior: Posterior
    waves: pd.DataFrame
    ranks: FloatArray

    @property
    def shrinkage(self) -> pd.DataFrame:
        """What the record taught about each parameter."""
        return shrinkage.shrinkage(self.posterior)


def evidence(plan: Plan) -> Evidence:
    """Return the record on the steady scale, with the sd of its error and of the discrepancy."""
    fitted = plan.targets.fitted
    observed = [float(t.steady(np.array([float(t.value)]))[0]) for t in fitted]
    error = [np.hypot(t.steady_error, plan.file.discrepancy) for t in fitted]
    return Evidence(np.array(observed), np.array(error))


def steady(plan: Plan, values: FloatArray) -> FloatArray:
    """Return the fitted statistics of simulated runs on their steady scales."""
    columns = [t.steady(values[:, i]) for i, t in enumerate(plan.targets.targets) if not t.check]
    return np.column_stack(columns)


def calibrate(
    plan: Plan, folder: Path, workers: int | None = None, progress: Progress | None = None, ranked: int = RANKED
) -> Calibrated:
    """Run or go on with a calibration.

    Parameters
    ----------
    plan : Plan
    folder : Path
        Where its waves are kept; a folder of the same calibration is gone on with.
    workers : int, optional
        Processes; one a core if none.
    progress : callable, optional
        Called with the runs finished since the last call.
    ranked : int
        Simulated records on which the posterior is tried; it adds no run.

    Raises
    ------
    FolderError
        If the folder holds something else, another process is at work in it, or processes keep ending early.
    """
    with hold(folder, about(plan), resumed=True):
        return infer(plan, folder, workers, progress, ranked)


def infer(
    plan: Plan, folder: Path, workers: int | None = None, progress: Progress | None = None, ranked: int = RANKED
) -> Calibrated:
    """Run or go on with a calibration in a folder that is held for it; see :func:`calibrate`."""
    told, dimensions = evidence(plan), len(plan.prior.paths)
    done: list[Wave] = []

    def learn(found: list[Wave], number: int) -> Inference:
        rng = np.random.default_rng((plan.file.seed, number, 1))
        cubes = [w.cube for w in found]
        return Inference.of(cubes, [steady(plan, w.values) for w in found], told, rng)

    def choose(number: int, found: list[Wave]) -> FloatArray:
        rng = np.random.default_rng((plan.file.seed, number))
        return next_points(number, plan.file.runs, dimensions, lambda: learn(found, number), rng)

    done.extend(waves.run(plan, folder, choose, workers, progress))
    final = learn(done, plan.file.waves)
    rng = np.random.default_rng((plan.file.seed, plan.file.waves, 2))
    made = _posterior(plan, final.draw(plan.file.draws, rng), plan.carry(plan.file.draws, rng))
    made.write(folder / "posterior.parquet")
    drawn_from = learn(done[:-1], plan.file.waves - 1).tempered()
    ranks = known.ranks_of_wave(
        done[-1].cube,
        steady(plan, done[-1].values),
        told.error,
        drawn_from,
        records=min(ranked, plan.file.runs // 4),
        rng=rng,
    )
    return Calibrated(plan, made, _summary(plan, done, told), ranks)


def about(plan: Plan) -> dict[str, object]:
    """Return the manifest of a calibration."""
    return {
        "kind": "calibration",
        "name": plan.file.name,
        "hash": identity.digest(plan.hash, identity.code_version()),
        "code": identity.code_version(),
        "model": model_digest(),
        "versions": identity.versions(),
        "seed": plan.file.seed,
        "runs": plan.file.runs * plan.file.waves,
        "calibration": plan.file.model_dump(mode="json"),
    }


def _posterior(plan: Plan, cube: FloatArray, carried: dict[str, FloatArray]) -> Posterior:
    prior = plan.prior
    low, high, log = (dict(zip(prior.paths, row.tolist(), strict=True)) for row in (prior.low, prior.high, prior.log))
    base = {p: float(quantity(plan.scenario, p).default or 0.0) for p in (*prior.paths, *carried)}
    what = About(
        model_digest(),
        version("hedgerow"),
        plan.hash[:12],
        plan.file.seed,
        plan.file.runs * plan.file.waves,
        plan.file.scenario,
        low,
        high,
        log,
        base,
        ground=tuple(sorted(set(plan.scenario.set_by.values()))),
    )
    table = pd.DataFrame(prior.values(cube), columns=list(prior.paths))
    return Posterior(table.assign(**carried, **{WEIGHT: 1.0 / len(table)}), what)


def _summary(plan: Plan, done: list[Wave], told: Evidence) -> pd.DataFrame:
    rows = []
    for number, wave in enumerate(done):
        away = (steady(plan, wave.values) - told.observed) ** 2
        spread = np.exp(np.log(wave.cube.std(axis=0) * np.sqrt(12.0)).mean())
        distance = float(np.median(np.sqrt(away.mean(axis=1))))
        rows.append({"wave": number, "runs": len(wave.cube), "spread": float(spread), "distance": distance})
    return pd.DataFrame(rows)


def as_data(found: Calibrated) -> dict[str, object]:
    """Return a calibration as plain data, for ``--json``."""
    return {
        "about": asdict(found.posterior.about),
        "waves": found.waves.to_dict(orient="records"),
        "parameters": found.shrinkage.to_dict(orient="records"),
        "coverage": known.coverage(found.ranks),
    }
