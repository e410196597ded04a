"""Study files: what they may say, where they are, and whether what they say hangs together."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError

from hedgerow.core.numbers import ANY, Family, Seed
from hedgerow.disk import reading
from hedgerow.scenario.errors import ScenarioError, from_validation
from hedgerow.scenario.faults import show
from hedgerow.scenario.find import shipped
from hedgerow.scenario.suggest import near_only, suggestion
from hedgerow.study import design

FILE = "study.toml"
TWICE = "Cannot overwrite"
"""What the reader says where a key is given twice."""


class Head(Family):
    """What a study asks, and how often it runs each point."""

    name: str = Field(description="short name; results/<name> holds the results")
    question: str = Field("", description="the question it is built to answer")
    base: str = Field(description="name or path of the scenario it varies; or a table that extends one")
    changes: dict[str, Any] = Field(default_factory=dict, description="what such a table changes")
    replications: int = Field(ge=1, le=1_000_000, description="runs of each point")
    seed: Seed = Field(1, description="seed of the experiment, shared by all points")
    months: int | None = Field(None, ge=1, le=600, description="months instead of the scenario's")
    outcomes: tuple[str, ...] = Field((), description="outcomes to keep; all if none is named")
    fixed: bool = Field(False, description="keep the scenario's parameters; else draw them")
    limit: float = Field(300.0, gt=0, le=604_800, description="seconds that 64 runs together may take")
    finding: str = Field("", description="what was found, in a sentence")


class FactorTable(Family):
    """One factor: values to take, a range to draw from, or the number's own range."""

    values: tuple[Any, ...] = Field((), description="the values to take")
    low: float | None = Field(None, ge=-ANY, le=ANY, description="lowest value to draw")
    high: float | None = Field(None, ge=-ANY, le=ANY, description="highest value to draw")
    prior: bool = Field(False, description="its own range; all numbers below, for a family")


class Design(Family):
    """Which points are visited."""

    method: Literal["grid", "list", "lhs", "sobol", "saltelli", "morris"] = "grid"
    samples: int = Field(0, ge=0, le=100_000_000, description="points, blocks of saltelli, or trajectories of morris")
    factors: dict[str, FactorTable] = Field(default_factory=dict)


class Stop(Family):
    """When a point has been run often enough."""

    outcome: str = Field("", description="outcome whose mean is wanted")
    half_width: float = Field(0.0, ge=0, le=ANY, description="half of the 95% interval that is enough")
    every: int = Field(0, ge=0, le=1_000_000, description="replications between two looks")


class StudyFile(Family):
    """A study file."""

    study: Head
    design: Design
    stop: Stop = Field(default_factory=lambda: Stop.model_validate({}))


def locate(name: str | Path) -> Path:
    """Return the file of a study given by name, folder or path.

    Raises
    ------
    ScenarioError
        If there is none; the message names the nearest shipped study.
    """
    word, path = str(name), Path(name)
    if path.is_dir() and (path / FILE).is_file():
        return path / FILE
    if path.is_file():
        return path
    inside = shipped("experiments") / word / FILE
    if word.strip() and inside.is_file():
        return inside
    known = sorted(p.parent.name for p in shipped("experiments").glob(f"*/{FILE}"))
    if word.endswith(".toml") or "/" in word:
        raise ScenarioError(word, "", f"no such study file{near_only(path.stem, known)}")
    raise ScenarioError(word or "study", "", f"no study of that name{suggestion(word, known)}")


def text_of(path: Path) -> str:
    """Return the text of a study file, which is TOML.

    Raises
    ------
    ScenarioError
        If it cannot be read, or gives a key twice.
    """
    text = _text(path)
    try:
        reading.toml(text)
    except reading.UnreadableError as error:
        raise _refused(error, path) from None
    return text


def _text(path: Path) -> str:
    try:
        text = reading.text(path)
    except reading.UnreadableError as error:
        raise _refused(error, path) from None
    except OSError as error:
        raise ScenarioError(path, "", f"cannot be read: {error.strerror}") from None
    if not text.strip():
        raise ScenarioError(path, "", "is empty; see the studies that come with hedgerow")
    return text


def _refused(error: reading.UnreadableError, path: Path) -> ScenarioError:
    if TWICE not in error.fault:
        return ScenarioError(path, error.key, error.fault)
    where = error.fault.rpartition("(")[2].rstrip(")")
    return ScenarioError(path, "", f"gives a factor or another key twice ({where})")


def parse(text: str, path: Path) -> StudyFile:
    """Return what a study file says, complete and free of contradictions.

    Raises
    ------
    ScenarioError
        With one message that names file, key, fault and the nearest valid choice.
    """
    try:
        raw = _in_place(path, _frozen(reading.toml(text)))
    except reading.UnreadableError as error:
        raise _refused(error, path) from None
    _quoted(path, raw)
    try:
        file = StudyFile.model_validate(raw)
    except ValidationError as error:
        raise from_validation(error, path, StudyFile, raw) from None
    _method(file, path)
    for key, table in file.design.factors.items():
        _kind(key, table, path)
    return file


def _in_place(path: Path, raw: dict[str, Any]) -> dict[str, Any]:
    """Return tables with a base given in place taken apart: what it extends, and what it changes."""
    head = raw.get("study")
    base = head.get("base") if isinstance(head, Mapping) else None
    if not isinstance(head, Mapping) or not isinstance(base, Mapping):
        return raw
    if not isinstance(base.get("extends"), str):
        raise ScenarioError(path, "study.base.extends", "this key is needed: the name of a scenario, in quotes")
    changes = {key: value for key, value in base.items() if key != "extends"}
    return {**raw, "study": {**head, "base": base["extends"], "changes": changes}}


def _frozen(value: Any) -> Any:
    """Return tables with lists as tuples, as the schema holds them."""
    if isinstance(value, Mapping):
        return {k: _frozen(v) for k, v in value.items()}
    return tuple(_frozen(v) for v in value) if isinstance(value, list) else value


def _quoted(path: Path, raw: Mapping[str, Any]) -> None:
    """Raise where a dotted path lacks its quotes, which TOML reads as tables in tables."""
    design_ = raw.get("design")
    given = design_.get("factors") if isinstance(design_, Mapping) else None
    for key, table in given.items() if isinstance(given, Mapping) else ():
        words, here = [key], table
        while isinstance(here, Mapping) and not set(here) & set(FactorTable.model_fields):
            word, here = next(iter(here.items()), ("", None))
            words.append(word)
        if len(words) > 1 and isinstance(here, Mapping):
            name = ".".join(words)
            fault = f'put the whole dotted path in quotes: "{name}"'
            raise ScenarioError(path, f"design.factors.{name}", fault)


def _method(file: StudyFile, path: Path) -> None:
    method, samples = file.design.method, file.design.samples
    sampled = method in design.SAMPLED
    if not file.design.factors:
        raise ScenarioError(path, "design.factors", "names no factor; at least one is needed")
    if file.study.name.strip() in ("", ".", "..") or set(file.study.name) & set("/\\"):
        raise ScenarioError(path, "study.name", "must be a name that a folder can have")
    if sampled and samples < 1:
        raise ScenarioError(path, "design.samples", f"{method} needs at least 1")
    if not sampled and samples:
        raise ScenarioError(path, "design.samples", f"{method} takes none; it visits all values")
    if method in design.POWERS and samples & (samples - 1):
        low = 1 << (samples.bit_length() - 1)
        words = f"{samples} is not a power of two, which Sobol points need; take {low} or {2 * low}"
        raise ScenarioError(path, "design.samples", words)
    ranged = [p for p, t in file.design.factors.items() if not t.values]
    if sampled and not ranged:
        words = f"{method} needs a factor with a range, {{ low = ..., high = ... }}; or use grid"
        raise ScenarioError(path, "design.factors", words)
    if not sampled and ranged:
        words = f"has no values; {method} needs them, or use lhs, sobol, saltelli or morris"
        raise ScenarioError(path, f"design.factors '{ranged[0]}'", words)
    _stop(file.stop, path)


def _stop(stop: Stop, path: Path) -> None:
    given = (bool(stop.outcome), stop.half_width > 0, stop.every > 0)
    if any(given) and not all(given):
        name = ("outcome", "half_width", "every")[given.index(False)]
        raise ScenarioError(path, f"stop.{name}", "this key is needed, with a value above zero")


def _kind(key: str, table: FactorTable, path: Path) -> None:
    where = f"design.factors '{key}'"
    ends = (table.low is not None, table.high is not None)
    if sum((bool(table.values), any(ends), table.prior)) != 1:
        words = "needs either values = [...], or low and high, or prior = true"
        raise ScenarioError(path, where, words)
    if any(ends) and not all(ends):
        raise ScenarioError(path, where, "needs both low and high")
    if table.low is not None and table.high is not None and table.low >= table.high:
        words = f"low, {table.low:g}, must be below high, {table.high:g}"
        raise ScenarioError(path, where, words)
    for value in table.values:
        if isinstance(value, Mapping):
            raise ScenarioError(path, where, f"{show(value)} is a table; name one key in it")
