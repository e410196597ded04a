"""Validation: pattern by pattern, what was observed beside what is simulated, and who does better.

Each statistic has an interval that holds chance, the parameters' uncertainty and the record's own
error; a score (CRPS) beside those of two null models; and a verdict. An interval that holds the
record only because it is wide fails too.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import spearmanr

from hedgerow.core.numbers import FloatArray
from hedgerow.fit import nulls, scores
from hedgerow.fit import targets as records
from hedgerow.fit.simulate import Simulated, simulate
from hedgerow.fit.targets import Target, Targets
from hedgerow.runs import identity
from hedgerow.runs.ensemble import BATCH
from hedgerow.runs.posterior import Posterior
from hedgerow.runs.threads import Progress
from hedgerow.scenario.load import load

NULL_RUNS = 4000
TOO_WIDE = 2.0
"""Times the width that chance and the record's error alone would give."""
NORMAL_WIDTH = 2.0 * 1.6449
"""Width of a central 90% interval of a normal, in standard deviations."""
SPEARMAN_BAR = 0.85


@dataclass(frozen=True)
class Validation:
    """How well a scenario repeats the record.

    Attributes
    ----------
    statistics : DataFrame
        A row a statistic: ``pattern``, ``name``, ``check``, ``observed``, ``median``, ``low``, ``high``, ``width`` (in
        widths of chance and error alone), ``score``, ``score_alike``, ``score_gravity`` (CRPS in sd of chance and
        error; NaN where a null says nothing), ``verdict``.
    patterns : DataFrame
        A row a pattern: ``pattern``, ``meaning``, ``inside``, ``statistics``, ``width``,
        ``score``, ``score_alike``, ``score_gravity``, ``verdict``.
    partners : DataFrame
        A row a named partner: ``recipient``, ``observed``, ``mean``, ``gravity``.
    spearman, spearman_gravity : rank correlation of simulated mean and observed; NaN for fewer
        than three partners
    sharpness : dict
        Mean width of the 90% intervals of meetings by counterpart, all counterparts alike in
        weight: of the model and of each null model.
    about : dict
        Scenario, runs, seed, code, and where the parameters come from.
    """

    statistics: pd.DataFrame
    patterns: pd.DataFrame
    partners: pd.DataFrame
    spearman: float
    spearman_gravity: float
    sharpness: dict[str, float]
    about: dict[str, object]


def validate(
    targets: Targets | None = None,
    *,
    posterior: Posterior | None = None,
    scenario: str = "baseline-2022-25",
    runs: int = 256,
    seed: int = 1,
    progress: Progress | None = None,
) -> Validation:
    """Set simulated records beside the observed one.

    Parameters
    ----------
    targets : Targets, optional
        The shipped ones if none.
    posterior : Posterior, optional
        Where each run takes its parameters from; the scenario's own values if none.
    scenario : str
    runs, seed : int
    progress : callable, optional
        Called with the runs finished since the last call.
    """
    targets, chosen = targets or records.read(), load(scenario)
    settings = posterior.draws(runs, seed, chosen) if posterior else [{}] * runs
    parts = []
    for first in range(0, runs, BATCH):
        some = slice(first, first + BATCH)
        numbers = range(runs)[some]
        parts.append(simulate(chosen, settings[some], seed, targets, numbers))
        if progress is not None:
            progress(len(numbers))
    values = np.concatenate([p.values for p in parts])
    counts = pd.concat([p.counts for p in parts], ignore_index=True)
    about = {
        "scenario": scenario,
        "runs": runs,
        "seed": seed,
        "code": identity.code_version(),
        "posterior": posterior.entry(chosen)["posterior"] if posterior else None,
    }
    return weigh(targets, Simulated(values, counts), seed, about)


def weigh(targets: Targets, simulated: Simulated, seed: int, about: dict[str, object]) -> Validation:
    """Judge simulated records that are already at hand; see :func:`validate`."""
    names = [str(c) for c in simulated.counts.columns]
    drawn = {null: nulls.counts(null, names, nulls.total(targets), NULL_RUNS, seed) for null in nulls.NULLS}
    told = {null: nulls.statistics(targets.targets, names, drawn[null], targets.donor) for null in nulls.NULLS}
    rng = np.random.default_rng((seed, 9))
    rows = []
    for i, target in enumerate(targets.targets):
        alone = {null: told[null].get(target.name) for null in nulls.NULLS}
        rows.append(_statistic(target, simulated.values[:, i], alone, rng))
    statistics = pd.DataFrame(rows)
    partners = _partners(targets, simulated, names)
    sharp = {"model": float(scores.widths(simulated.counts.to_numpy()).mean())}
    sharp |= {null: float(scores.widths(drawn[null]).mean()) for null in nulls.NULLS}
    return Validation(
        statistics, _patterns(statistics), partners, _ranked(partners, "mean"), _ranked(partners, "gravity"), sharp, about
    )


def _ranked(partners: pd.DataFrame, column: str) -> float:
    """Return a rank correlation with the record; NaN where there is too little to rank."""
    if len(partners) < 3 or partners[column].nunique() < 2:
        return float("nan")
    return float(spearmanr(partners[column], partners["observed"]).statistic)


def _statistic(
    target: Target, values: FloatArray, alone: dict[str, FloatArray | None], rng: np.random.Generator
) -> dict[str, object]:
    """Return the row of one statistic; the record's error is added to every forecast of it."""
    seen = _with_error(target, values, rng)
    low, median, high = scores.central_interval(seen)
    width = (high - low) / (NORMAL_WIDTH * target.scale)
    null_scores = {
        f"score_{null}": _score(target, _with_error(target, drawn, rng)) if drawn is not None else np.nan
        for null, drawn in alone.items()
    }
    verdict = "outside" if not low <= target.value <= high else "inside"
    return {
        "pattern": target.pattern,
        "name": target.name,
        "check": target.check,
        "observed": float(target.value),
        "median": median,
        "low": low,
        "high": high,
        "width": width,
        "score": _score(target, seen),
        **null_scores,
        "verdict": "too wide" if verdict == "inside" and width > TOO_WIDE else verdict,
    }


def _with_error(target: Target, values: FloatArray, rng: np.random.Generator) -> FloatArray:
    if target.error.model == "rounding":
        half = target.error.half_width
        return np.asarray(values + rng.uniform(-half, half, len(values)))
    if target.error.model == "normal":
        return np.asarray(values + target.error.sd * rng.standard_normal(len(values)))
    return values


def _score(target: Target, values: FloatArray) -> float:
    return scores.crps(values, float(target.value)) / target.scale


def _patterns(statistics: pd.DataFrame) -> pd.DataFrame:
    rows = []
    for pattern, part in statistics[~statistics["check"]].groupby("pattern", sort=True):
        inside = int((part["verdict"] == "inside").sum())
        scored = part.dropna(subset=["score_alike"])
        several = scored if len(scored) else part
        row = {c: float(several[c].mean()) for c in ("score", "score_alike", "score_gravity")}
        better = not len(scored) or row["score"] < min(row["score_alike"], row["score_gravity"])
        wide = bool((part["verdict"] == "too wide").any())
        verdict = "holds" if inside == len(part) else "too wide" if wide else "misses"
        rows.append(
            {
                "pattern": pattern,
                "meaning": records.MEANINGS[str(pattern)],
                "inside": inside,
                "statistics": len(part),
                "width": float(part["width"].mean()),
                **row,
                "verdict": verdict if better else f"{verdict}, no better than a null",
            }
        )
    return pd.DataFrame(rows)


def _partners(targets: Targets, simulated: Simulated, names: list[str]) -> pd.DataFrame:
    named = [t for t in targets.fitted if t.statistic == "meetings_with"]
    expected = dict(zip(names, nulls.meeting_shares("gravity", names) * nulls.total(targets), strict=True))
    mean = simulated.counts.mean()
    return pd.DataFrame(
        {
            "recipient": [t.of for t in named],
            "observed": [float(t.value) for t in named],
            "mean": [float(mean.get(t.of, 0.0)) for t in named],
            "gravity": [float(expected.get(t.of, 0.0)) for t in named],
        }
    )


def as_data(found: Validation) -> dict[str, object]:
    """Return a validation as plain data, for ``--json``; what a null does not say is null."""
    tables = {name: getattr(found, name) for name in ("patterns", "statistics", "partners")}
    plain = {n: t.astype(object).where(t.notna(), None).to_dict(orient="records") for n, t in tables.items()}
    ranks = {"spearman": found.spearman, "spearman_gravity": found.spearman_gravity}
    return {
        **plain,
        **{n: None if np.isnan(v) else v for n, v in ranks.items()},
        "sharpness": found.sharpness,
        "about": found.about,
    }
