"""Study files: what they may say, how they are read, and the study that comes of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa

from hedgerow.runs.ensemble import outcome_names
from hedgerow.runs.identity import digest
from hedgerow.runs.manifest import SCENARIO
from hedgerow.runs.posterior import entry, policy
from hedgerow.scenario.check import check
from hedgerow.scenario.errors import ScenarioError
from hedgerow.scenario.faults import show
from hedgerow.scenario.find import find
from hedgerow.scenario.load import IN_PLACE, leaves, load
from hedgerow.scenario.rules import rules_of
from hedgerow.scenario.schema import Scenario
from hedgerow.scenario.settings import with_settings
from hedgerow.scenario.suggest import suggestion
from hedgerow.study import design, factors, studyfile
from hedgerow.study.factors import Factor, settings
from hedgerow.study.space import fits
from hedgerow.study.studyfile import FactorTable, Head, StudyFile, locate


@dataclass(frozen=True)
class Study:
    """A study ready to run: everything its results depend on but the code.

    Attributes
    ----------
    file : StudyFile
    source : str
        The file it was read from.
    text : str
        What that file said.
    factors : tuple of Factor
    points : dict
        Values by factor, in order of points.
    scenarios : dict
        Scenarios by name, each with a value in place for every factor.
    outcomes : tuple of str
        Outcomes that are kept.
    """

    file: StudyFile
    source: str
    text: str
    factors: tuple[Factor, ...]
    points: design.Columns
    scenarios: Mapping[str, Scenario] = field(repr=False)
    outcomes: tuple[str, ...]

    @property
    def head(self) -> Head:
        """Name, question, base, replications, seed."""
        return self.file.study

    @property
    def runs(self) -> int:
        """Runs of the whole study, at most."""
        return self.size * self.head.replications

    @property
    def size(self) -> int:
        """Number of points."""
        return len(next(iter(self.points.values())))

    @property
    def fixed(self) -> list[str]:
        """Factors that runs of one batch must have in common."""
        return [f.path for f in self.factors if f.path == SCENARIO or not f.column]

    @cached_property
    def table(self) -> pa.Table:
        """Points as a table: ``point`` and a column a factor."""
        return pa.table({"point": pa.array(range(self.size), pa.int32()), **self.points})

    def scenario(self, point: int) -> Scenario:
        """Return the scenario of a point."""
        values = self.values(point)
        base = self.scenarios[values.pop(SCENARIO, self.head.base)]
        return with_settings(base, values)

    def values(self, point: int) -> dict[str, Any]:
        """Return the values of a point by factor."""
        return {path: column[point] for path, column in self.points.items()}

    @cached_property
    def design_hash(self) -> str:
        """Return the hash of what tells runs apart: points, seed, months and outcomes."""
        return digest(self.points, self.head.seed, self.head.months, self.outcomes)

    @cached_property
    def hash(self) -> str:
        """Return the hash of the study: its design, scenarios and replications."""
        stop = self.file.stop.model_dump(mode="json")
        full = {name: s.model_dump(mode="json") for name, s in self.scenarios.items()}
        told = {name: entry(s, policy(fixed=self.head.fixed)) for name, s in self.scenarios.items()}
        return digest(self.design_hash, full, self.head.replications, stop, told)


def read(name: str | Path, out: Path | None = None, *, fixed: bool = False) -> Study:
    """Read a study by name or path, and make sure that it can be run.

    Parameters
    ----------
    name : str or Path
        Name of a shipped study, its folder, or a path.
    out : Path, optional
        Where its results will go, whose disk must hold them; here by default.
    fixed : bool
        Read it as if it said ``fixed = true``.

    Raises
    ------
    ScenarioError
        With one message that names file, key, fault and the nearest valid choice.
    """
    path = locate(name)
    return parse(studyfile.text_of(path), path, out, fixed=fixed)


def parse(text: str, path: Path, out: Path | None = None, *, fixed: bool = False) -> Study:
    """Return the study of a file's text; see :func:`read`."""
    file = studyfile.parse(text, path)
    if fixed:
        file = file.model_copy(update={"study": file.study.model_copy(update={"fixed": True})})
    return _resolve(file, path, text, out or Path())


def _resolve(file: StudyFile, path: Path, text: str, out: Path) -> Study:
    tables = {_path(p): table for p, table in file.design.factors.items()}
    if len(tables) < len(file.design.factors):
        twice = next(p for p in file.design.factors if _path(p) != p)
        raise ScenarioError(path, f"design.factors '{twice}'", "is given twice")
    names = _bases(file, tables, path)
    found = _factors(file, tables, names, path)
    scenarios = {name: _ready(name, file, found, path) for name in names}
    outcomes = _outcomes(file, scenarios, path)
    points = design.size(file.design.method, found, file.design.samples)
    fits(points, file.study.replications, len(found), len(outcomes), source=path, out=out)
    columns = design.points(file.design.method, found, file.design.samples, file.study.seed)
    study = Study(file, str(path), text, tuple(found), columns, scenarios, outcomes)
    _structures(study, path)
    return study


def _path(text: str) -> str:
    return ".".join(part.strip() for part in text.split("."))


def _bases(file: StudyFile, tables: Mapping[str, FactorTable], path: Path) -> list[str]:
    if SCENARIO not in tables:
        return [file.study.base]
    for value in tables[SCENARIO].values:
        if not isinstance(value, str):
            words = f"must be names of scenarios in quotes, not {show(value)}"
            raise ScenarioError(path, f"design.factors.{SCENARIO}", words)
    if not tables[SCENARIO].values:
        raise ScenarioError(path, f"design.factors.{SCENARIO}", "needs values, names of scenarios")
    return list(dict.fromkeys(tables[SCENARIO].values))


def _factors(file: StudyFile, tables: Mapping[str, FactorTable], names: list[str], path: Path) -> list[Factor]:
    found: list[Factor] = []
    plain = _load(names[0], file, [], path)
    for key, table in tables.items():
        if table.prior:
            found += factors.prior(plain, key, path)
        else:
            low, high = table.low or 0.0, table.high or 0.0
            found.append(Factor(key, table.values, float(low), float(high)))
    paths = [f.path for f in found]
    for p in paths:
        if paths.count(p) > 1:
            raise ScenarioError(path, f"design.factors '{p}'", "is given twice")
    lengths = {len(f.values) for f in found}
    if file.design.method == "list" and len(lengths) > 1:
        words = f"a list needs as many values for each factor, not {sorted(lengths)}"
        raise ScenarioError(path, "design.factors", words)
    ready = _load(names[0], file, found, path)
    return [f if f.path == SCENARIO else _checked(ready, f, path) for f in found]


def _checked(ready: Scenario, factor: Factor, path: Path) -> Factor:
    """Return a factor whose values the scenario has accepted."""
    column = factors.varies(ready, factor.path, path)
    if not factor.values:
        if not factors.is_range(ready, factor.path, path):
            words = "is not a number that a range can be drawn for; list its values"
            raise ScenarioError(path, f"design.factors '{factor.path}'", words)
        low, high = (factors.accepted(ready, factor.path, end, path) for end in (factor.low, factor.high))
        return Factor(factor.path, (), float(low), float(high), column)
    values = tuple(factors.accepted(ready, factor.path, v, path) for v in factor.values)
    if len({type(v) for v in values if not isinstance(v, int | float) or isinstance(v, bool)}) > 1:
        shown = ", ".join(show(v) for v in values[:3])
        raise ScenarioError(path, f"design.factors '{factor.path}'", f"must be values of one kind, not {shown}")
    return Factor(factor.path, values, column=column)


def _load(name: str, file: StudyFile, found: list[Factor], path: Path) -> Scenario:
    sets = settings((f.path, f.first) for f in found if f.path != SCENARIO)
    key, changes = (IN_PLACE, file.study.changes) if name == file.study.base else (f"design.factors.{SCENARIO}", {})
    try:
        where = find(name, path.parent)
    except ScenarioError as error:
        raise ScenarioError(path, key, str(error)) from None
    try:
        return load(where, sets, file.study.months, changes)
    except ScenarioError as error:
        if error.key in {*leaves(changes)} - {f.path for f in found}:
            raise ScenarioError(path, f"{key}.{error.key}", error.fault) from None
        if not sets:
            raise
        raise ScenarioError(path, f"design.factors '{error.key}'", error.fault) from None


def _ready(name: str, file: StudyFile, found: list[Factor], path: Path) -> Scenario:
    scenario = _load(name, file, found, path)
    rules_of(scenario)
    return scenario


def _outcomes(file: StudyFile, scenarios: Mapping[str, Scenario], path: Path) -> tuple[str, ...]:
    """Return the outcomes to keep, having made sure that every scenario gives them."""
    known = {name: outcome_names(scenario) for name, scenario in scenarios.items()}
    everything = list(dict.fromkeys(o for names in known.values() for o in names))
    for key, wanted in (("study.outcomes", file.study.outcomes), ("stop.outcome", _one(file))):
        for name in wanted:
            if name not in everything:
                words = f"unknown outcome '{name}'{suggestion(name, everything)}"
                raise ScenarioError(path, key, words)
    kept = file.study.outcomes or tuple(everything)
    return tuple(dict.fromkeys((*kept, *_one(file))))


def _one(file: StudyFile) -> tuple[str, ...]:
    return (file.stop.outcome,) if file.stop.outcome else ()


def groups(study: Study) -> list[tuple[Any, ...]]:
    """Return, by point, what runs of one batch must have in common."""
    if not study.fixed:
        return [()] * study.size
    return list(zip(*(study.points[p] for p in study.fixed), strict=True))


def _structures(study: Study, path: Path) -> None:
    """Check one scenario of each structure against the country table and the calendar."""
    fixed = [f for f in study.factors if f.path != SCENARIO and not f.column]
    if not any(f.values and isinstance(f.values[0], str | date | tuple) for f in fixed):
        return
    seen = {group: point for point, group in reversed(list(enumerate(groups(study))))}
    for point in seen.values():
        check(study.scenario(point), f"{path} point {point}")
