"""Targets: what the record says, how far it may be off, and what chance alone would do to it.

A target file is TOML; :func:`read` refuses what cannot be: an unknown pattern or statistic, a
value outside its support, an error model that is missing.
"""

import math
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import Field, ValidationError

from hedgerow.core.numbers import ANY, Family, FloatArray
from hedgerow.data.load import facts
from hedgerow.data.select import nearest
from hedgerow.fit.patterns import STATISTICS, Record
from hedgerow.scenario.errors import ScenarioError, from_validation
from hedgerow.scenario.load import read as read_toml

SHIPPED = Path(__file__).with_name("targets.toml")
PATTERNS = (*(f"C{i}" for i in range(1, 10)), "other")
Kind = Literal["count", "share", "mean", "amount"]
Whole = Annotated[int, Field(ge=-ANY, le=ANY)]
Real = Annotated[float, Field(ge=-ANY, le=ANY)]
MEANINGS = {
    "C1": "meetings by agency",
    "C2": "on their own, or at a forum's margins",
    "C3": "partners met bilaterally",
    "C4": "who is met, and how often",
    "C5": "share of a region",
    "C6": "multilateral events",
    "C7": "the September peak",
    "C8": "officers trained in a year",
    "C9": "Pacific dialogues",
    "other": "2024 and its forum",
}


class Error(Family):
    """How far the record itself may be off."""

    model: Literal["exact", "rounding", "normal"] = Field(description="exact, rounding or normal")
    sd: float = Field(0.0, ge=0, le=ANY, description="standard deviation, in the unit of the value")
    half_width: float = Field(0.0, ge=0, le=ANY, description="half of the last digit given")

    @property
    def spread(self) -> float:
        """Standard deviation, in the unit of the value."""
        return self.half_width / math.sqrt(3.0) if self.model == "rounding" else self.sd


class Target(Family):
    """One observed statistic."""

    pattern: str = Field(description="C1 to C9, other, or words of your own where check = true")
    statistic: str = Field(description="function of hedgerow.fit.patterns")
    of: str = Field("", description="what is counted")
    when: str = Field("", description="year or month, where one is meant")
    value: Whole | Real = Field(description="what the record says")
    kind: Kind = Field(description="count, share, mean or amount")
    base: float = Field(0.0, ge=0, le=ANY, description="out of or over how many; of an amount, its sd")
    error: Error = Field(description="how far the record may be off")
    facts: tuple[str, ...] = Field(description="ids of facts.csv")
    check: bool = Field(False, description="shown by validate, never fitted")

    @cached_property
    def name(self) -> str:
        """Name of the statistic, unique in its file."""
        more = "" if self.statistic == "others_above" else self.when
        return " ".join(part for part in (self.statistic, self.of, more) if part)

    @property
    def chance(self) -> float:
        """Standard deviation that chance alone would give the value: Poisson or binomial.

        None or all of a few could by chance have been one or all but one.
        """
        v, n = float(self.value), self.base
        if self.kind == "share":
            least = min(1.0 / n, 0.5)
            v = min(max(v, least), 1.0 - least)
            return math.sqrt(v * (1.0 - v) / n)
        if self.kind == "mean":
            return math.sqrt(max(v, 1.0) / n)
        return n if self.kind == "amount" else math.sqrt(max(v, 1.0))

    @property
    def scale(self) -> float:
        """Standard deviation by chance and error of the record, the unit of scores."""
        return math.hypot(self.chance, self.error.spread)

    def steady(self, values: FloatArray) -> FloatArray:
        """Return values on a scale on which chance spreads them evenly, in units of chance."""
        if self.kind == "count":
            return np.asarray(2.0 * np.sqrt(np.maximum(values, 0.0) + 0.375))
        return np.asarray(values / self.chance)

    @property
    def steady_error(self) -> float:
        """Standard deviation of the record's error on the steady scale."""
        slope = 1.0 / math.sqrt(float(self.value) + 0.375) if self.kind == "count" else 0.0
        return self.error.spread * (slope or 1.0 / self.chance)


class Targets(Family):
    """A target file."""

    title: str = ""
    donor: str = Field(description="code of the donor whose record it is")
    source: str = Field(description="where the figures come from")
    targets: tuple[Target, ...]

    @property
    def fitted(self) -> tuple[Target, ...]:
        """What parameters are fitted to."""
        return tuple(t for t in self.targets if not t.check)


def read(path: Path = SHIPPED) -> Targets:
    """Read a target file.

    Raises
    ------
    ScenarioError
        With one message that names file, entry, fault and the nearest valid choice.
    """
    raw = frozen(read_toml(path))
    try:
        found = Targets.model_validate(raw)
    except ValidationError as error:
        raise from_validation(error, path, Targets, raw) from None
    known, seen = [str(i) for i in facts().index], set[str]()
    for number, target in enumerate(found.targets, 1):
        fault = _fault(target, known)
        if not fault and target.name in seen:
            fault = f"'{target.name}' is given twice"
        if fault:
            raise ScenarioError(path, f"target {number} ({target.pattern})", fault)
        seen.add(target.name)
    if not found.fitted:
        raise ScenarioError(path, "targets", "holds no target to fit to")
    return found


def frozen(value: Any) -> Any:
    """Return tables with lists as tuples, as the schema holds them."""
    if isinstance(value, dict):
        return {k: frozen(v) for k, v in value.items()}
    return tuple(frozen(v) for v in value) if isinstance(value, list) else value


def _fault(target: Target, known: Sequence[str]) -> str:
    """Say what cannot be in a target; blank where all is well."""
    if target.pattern not in PATTERNS and not target.check:
        return f"unknown pattern '{target.pattern}'{nearest(target.pattern, PATTERNS)}"
    if target.statistic not in STATISTICS:
        return f"unknown statistic '{target.statistic}'{nearest(target.statistic, STATISTICS)}"
    for fact in target.facts:
        if fact not in known:
            return f"unknown fact '{fact}'{nearest(fact, known)}"
    return _value_fault(target) or _error_fault(target)


def _value_fault(target: Target) -> str:
    value = target.value
    if target.kind == "share" and not 0.0 <= value <= 1.0:
        return f"value {value:g} is no share: must be from 0 to 1"
    if target.kind == "count" and (value < 0 or value != int(value)):
        return f"value {value:g} is no count: must be a whole number, 0 or more"
    if value < 0:
        return f"value {value:g} must not be negative"
    if target.kind != "count" and target.base < LEAST:
        return f"needs base: {BASES[target.kind]}"
    return ""


def _error_fault(target: Target) -> str:
    error = target.error
    if error.model == "normal" and error.sd <= 0:
        return "error model normal needs sd, above 0"
    if error.model == "rounding" and error.half_width <= 0:
        return "error model rounding needs half_width, above 0"
    return ""


LEAST = 1e-6
"""Smallest base; statistics are divided by it."""
BASES = {
    "share": "out of how many the share is",
    "mean": "over how many the mean is",
    "amount": "the standard deviation that chance gives it",
}


def measure(targets: Sequence[Target], record: Record) -> FloatArray:
    """Return the statistics of some runs, ``(runs, targets)``."""
    found = [STATISTICS[t.statistic](record, t.of, t.when) for t in targets]
    return np.column_stack(found)
