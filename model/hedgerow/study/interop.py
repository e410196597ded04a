"""hedgerow in the terms of the field's own tools: SALib and the EMA Workbench.

Sampling, running and analysing exchange tables, so each may be done by whoever does it best: take
points from SALib and run them here, or let the Workbench draw them and call the model. Labelled
arrays (:meth:`~hedgerow.study.results.Results.to_xarray`) and SQL over a store
(:meth:`~hedgerow.study.results.Results.sql`) are with the results.
"""

import json
import warnings
from collections.abc import Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from hedgerow.core.numbers import FloatArray
from hedgerow.runs.ensemble import Ensemble, outcome_names
from hedgerow.runs.folder import FolderError
from hedgerow.runs.manifest import load
from hedgerow.runs.posterior import policy
from hedgerow.scenario.errors import ScenarioError
from hedgerow.scenario.schema import Scenario
from hedgerow.scenario.settings import with_settings
from hedgerow.scenario.suggest import suggestion
from hedgerow.study import factors as places
from hedgerow.study.factors import Factor
from hedgerow.study.plan import Study, parse, read


def problem(study: str | Path | Study) -> dict[str, Any]:
    """Return the factors that a study draws from ranges as SALib knows them.

    Parameters
    ----------
    study : str, Path or Study
        Name of a shipped study, its folder or file, or one already read.

    Returns
    -------
    dict
        ``num_vars``, ``names`` (dotted paths) and ``bounds``.

    Raises
    ------
    ScenarioError
        If the study cannot be read, or lists the values of all its factors.

    Examples
    --------
    >>> found = problem("budget-race")
    >>> found["num_vars"], found["names"][0], found["bounds"][0]
    (4, 'policies.retrenchment.training', [0.5, 2.0])
    """
    chosen = study if isinstance(study, Study) else read(study)
    ranged = [f for f in chosen.factors if not f.values]
    if not ranged:
        words = "draws no factor from a range, which SALib needs; give factors low and high"
        raise ScenarioError(chosen.source, "design.factors", words)
    bounds = [[f.low, f.high] for f in ranged]
    return {"num_vars": len(ranged), "names": [f.path for f in ranged], "bounds": bounds}


def with_points(study: str | Path | Study, names: Sequence[str], points: FloatArray) -> Study:
    """Return a study that visits points drawn elsewhere, in their order, ready to sweep.

    Parameters
    ----------
    study : str, Path or Study
        Gives all but the points; of its factors, those that are not named keep their value where they have one only.
    names : sequence of str
        Dotted paths, a column each.
    points : numpy.ndarray
        ``(points, names)``, such as ``SALib.sample.sobol.sample(problem(study), 64)``.

    Raises
    ------
    ScenarioError
        If a value is out of range, or a factor that is not named has several values.

    Examples
    --------
    >>> import numpy as np
    >>> with_points("budget-race", ["policies.budget.training"], np.array([[0.5], [2.0]]))
    ... # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    hedgerow.scenario.errors.ScenarioError: budget-race: ...: takes several values; name it too
    >>> names = problem("budget-race")["names"]
    >>> study = with_points("budget-race", names, np.full((3, 4), 1.5))
    >>> study.size, study.values(2)["policies.budget.training"]
    (3, 1.5)
    """
    chosen = study if isinstance(study, Study) else read(study)
    table = np.asarray(points, dtype=float)
    columns: dict[str, Sequence[Any]] = {}
    for f in chosen.factors:
        if f.path not in names and len(set(f.values)) != 1:
            raise ScenarioError(chosen.head.name, f.path, "takes several values; name it too")
        if f.path not in names:
            columns[f.path] = [f.values[0]] * len(table)
    columns |= {name: table[:, i].tolist() for i, name in enumerate(names)}
    head, stop = (one.model_dump(exclude_defaults=True) for one in (chosen.head, chosen.file.stop))
    return listed_study(columns, head, Path(chosen.source), stop)


def listed_study(
    columns: Mapping[str, Sequence[Any]],
    head: Mapping[str, Any],
    source: Path | None = None,
    stop: Mapping[str, Any] | None = None,
) -> Study:
    """Return a study that visits listed points, as if read from a file.

    Parameters
    ----------
    columns : mapping of str to sequence
        Values by dotted path, as many for each.
    head : mapping
        Keys of the table ``study`` of a study file: ``base``, ``replications`` and others.
    source : Path, optional
        The file that names in it are relative to.
    stop : mapping, optional
        Keys of its table ``stop``.
    """
    told = {"name": "listed", **{k: v for k, v in head.items() if v is not None}}
    lines = ["[study]", *(f"{key} = {places.toml(_plain(v))}" for key, v in told.items())]
    lines += ["[stop]", *(f"{key} = {places.toml(_plain(v))}" for key, v in stop.items())] if stop else []
    lines += ["[design]", 'method = "list"', "[design.factors]"]
    for path, values in columns.items():
        listed = places.toml([_plain(v) for v in values])
        lines.append(f"{json.dumps(path)} = {{ values = {listed} }}")
    return parse("\n".join(lines), source or Path("study.toml"))


def workbench(
    scenario: str | Path | Scenario,
    factors: Mapping[str, tuple[float, float]],
    outcomes: Sequence[str],
    *,
    runs: int = 8,
    seed: int = 1,
    name: str = "hedgerow",
    fixed: bool = False,
) -> Any:
    """Return hedgerow as a model of the EMA Workbench.

    Parameters
    ----------
    scenario : str, Path or Scenario
        The base that factors are varied over.
    factors : mapping of str to (float, float)
        Range by dotted path. The Workbench wants names without dots: each dot becomes ``__``.
    outcomes : sequence of str
        Outcomes to give back, each the mean over runs.
    runs, seed : int
        Runs of each experiment and seed of all, so that experiments share their chance.
    name : str
        The model's name; letters and digits.
    fixed : bool
        Keep the parameters that are no factors instead of drawing them, run by run, from the posterior.

    Returns
    -------
    ema_workbench.Model
        With a ``RealParameter`` a factor and a ``ScalarOutcome`` an outcome.

    Raises
    ------
    ScenarioError
        If the scenario, a path or an end of a range is not valid.
    FolderError
        If the Workbench is not installed, or an outcome is not known.

    Examples
    --------
    >>> from hedgerow.scenario.load import load
    >>> short = load("baseline-2022-25", (), 2)
    >>> model = workbench(
    ...     short, {"parameters.acceptance.gap": (1.0, 3.0)}, ["alignment_shift_USA"], runs=1
    ... )
    >>> model.run_experiment({"parameters__acceptance__gap": 2.0}).keys()
    dict_keys(['alignment_shift_USA'])
    """
    base, draws = load(scenario), policy(fixed=fixed)
    source = str(scenario) if not isinstance(scenario, Scenario) else scenario.title
    ranged = [_ranged(base, path, span, source) for path, span in factors.items()]
    ema = _ema()
    names = {f.path.replace(".", "__"): f.path for f in ranged}

    def once(**given: float) -> dict[str, float]:
        values = {names[key]: value for key, value in given.items()}
        return mean_outcomes(Ensemble(with_settings(base, values), range(runs), seed, draws), outcomes)

    _known(base, outcomes)
    model = ema.Model(name, function=once)
    model.uncertainties = [ema.RealParameter(key, f.low, f.high) for key, f in zip(names, ranged, strict=True)]
    model.outcomes = [ema.ScalarOutcome(outcome) for outcome in outcomes]
    return model


def mean_outcomes(ensemble: Ensemble, outcomes: Sequence[str]) -> dict[str, float]:
    """Run an ensemble and return the mean of outcomes over runs."""
    batch = ensemble.batch()
    for _ in batch:
        pass
    found = batch.outcomes()
    return {name: float(np.mean(found[name])) for name in outcomes}


def _ranged(base: Scenario, path: str, span: tuple[float, float], source: str) -> Factor:
    low, high = (float(places.accepted(base, path, float(end), source)) for end in span)
    if not low < high:
        words = f"low, {low:g}, must be below high, {high:g}"
        raise ScenarioError(source, f"factors '{path}'", words)
    return Factor(path, (), low, high)


def _known(base: Scenario, outcomes: Sequence[str]) -> None:
    known = outcome_names(base)
    for name in outcomes:
        if name not in known:
            raise FolderError(f"unknown outcome '{name}'{suggestion(name, known)}")


def _ema() -> Any:
    if find_spec("ema_workbench") is None:
        words = "this needs the EMA Workbench: pip install 'hedgerow[analysis]'"
        raise FolderError(words)
    with warnings.catch_warnings():
        # It warns of optional parts that are not installed.
        warnings.simplefilter("ignore")
        return import_module("ema_workbench")


def _plain(value: Any) -> Any:
    """Return a value as a study file can hold it."""
    return value.item() if isinstance(value, np.generic) else value
