"""A calibration file: the scenario, the parameters that are open, and their priors.

A parameter's prior is uniform over a range, on its own scale or that of its logarithm; without a
range of its own it takes the declared one. Inside this package parameters live in the unit cube,
where every prior is uniform: :meth:`Prior.values` leads out of it.
"""

import hashlib
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.random import Generator
from pydantic import Field, ValidationError
from scipy.stats import norm

from hedgerow.core.numbers import ANY, Family, FloatArray, Quantity, Seed
from hedgerow.fit import targets as records
from hedgerow.fit.emulator import terms
from hedgerow.runs.identity import resolved
from hedgerow.scenario.errors import ScenarioError, from_validation
from hedgerow.scenario.find import find
from hedgerow.scenario.load import load
from hedgerow.scenario.load import read as read_toml
from hedgerow.scenario.schema import Scenario
from hedgerow.scenario.settings import UnknownPathError, quantity

SHIPPED = Path(__file__).with_name("calibration.toml")


class Parameter(Family):
    """One open parameter."""

    path: str = Field(description="dotted path into the scenario; lists by number from 0")
    low: float | None = Field(None, ge=-ANY, le=ANY, description="lowest value; the declared one if none")
    high: float | None = Field(None, ge=-ANY, le=ANY, description="highest value; the declared one if none")
    scale: Literal["linear", "log"] = Field("linear", description="on which it is uniform")
    why: str = Field("", description="where the range comes from, if not from the declaration")


class Carried(Family):
    """A parameter that another study speaks of and this record does not: drawn, never fitted."""

    path: str = Field(description="dotted path into the scenario")
    mean: float = Field(ge=-ANY, le=ANY, description="of a normal, cut off at the declared range")
    sd: float = Field(gt=0, le=ANY, description="of that normal")
    why: str = Field("", description="the study it comes from")


class Calibration(Family):
    """What a calibration does."""

    name: str = Field(description="short name; results/<name> holds its waves")
    scenario: str = Field("baseline-2022-25", description="scenario that shows the record's years")
    targets: str = Field("", description="target file; the shipped one if none")
    seed: Seed = Field(1, description="seed of everything")
    waves: int = Field(5, ge=2, le=20, description="waves of simulation")
    runs: int = Field(4096, ge=64, le=1_000_000, description="runs of a wave")
    draws: int = Field(1000, ge=10, le=100_000, description="posterior draws to keep")
    discrepancy: float = Field(0.3, ge=0, le=3, description="how far the model may be off, in sd of chance")
    parameters: tuple[Parameter, ...] = Field(description="what is open")
    carried: tuple[Carried, ...] = Field((), description="what other studies give")


@dataclass(frozen=True)
class Prior:
    """The open parameters, their ranges and scales.

    Attributes
    ----------
    paths : tuple of str
    low, high : (parameters,)
        On the parameters' own scale.
    log : (parameters,)
        Whether uniform in the logarithm.
    units : tuple of str
    """

    paths: tuple[str, ...]
    low: FloatArray
    high: FloatArray
    log: FloatArray
    units: tuple[str, ...]

    def values(self, cube: FloatArray) -> FloatArray:
        """Return parameters at points of the unit cube, ``(points, parameters)``."""
        straight = self.low + cube * (self.high - self.low)
        ratio = np.log(np.where(self.log, self.high / np.where(self.log, self.low, 1.0), 1.0))
        return np.asarray(np.where(self.log, self.low * np.exp(cube * ratio), straight))

    def cube(self, values: FloatArray) -> FloatArray:
        """Return the points of the unit cube at which the parameters have these values."""
        safe = np.where(self.log, self.low, 1.0)
        ratio = np.log(np.where(self.log, self.high / safe, math.e))
        bent = np.log(np.where(self.log, values / safe, 1.0)) / ratio
        return np.asarray(np.where(self.log, bent, (values - self.low) / (self.high - self.low)))

    def settings(self, cube: FloatArray) -> list[dict[str, float]]:
        """Return one mapping of values by path a point."""
        return [dict(zip(self.paths, row, strict=True)) for row in self.values(cube).tolist()]


@dataclass(frozen=True)
class Plan:
    """A calibration ready to run."""

    file: Calibration
    scenario: Scenario
    targets: records.Targets
    prior: Prior

    def carry(self, draws: int, rng: Generator) -> dict[str, FloatArray]:
        """Draw the parameters that other studies give, ``(draws,)`` each, by path."""
        found: dict[str, FloatArray] = {}
        for c in self.file.carried:
            card = quantity(self.scenario, c.path)
            chance = rng.uniform(*_mass(c, card), draws)
            found[c.path] = np.clip(norm.ppf(chance, c.mean, c.sd), card.low, card.high)
        return found

    @property
    def hash(self) -> str:
        """What its results depend on, but the code."""
        told = [self.file.model_dump(mode="json"), resolved(self.scenario), self.targets.model_dump(mode="json")]
        return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()


def read(path: Path | None = None, changes: dict[str, Any] | None = None) -> Plan:
    """Read a calibration file and make sure that it can be run.

    Parameters
    ----------
    path : Path, optional
        The shipped calibration if none.
    changes : dict, optional
        Keys of the file to replace, such as ``runs``.

    Raises
    ------
    ScenarioError
        With one message that names file, key, fault and the nearest valid choice.
    """
    path = path or SHIPPED
    raw = {**records.frozen(read_toml(path)), **(changes or {})}
    try:
        file = Calibration.model_validate(raw)
    except ValidationError as error:
        raise from_validation(error, path, Calibration, raw) from None
    scenario = load(find(file.scenario, path.parent))
    chosen = path.parent / file.targets if file.targets else records.SHIPPED
    prior = _prior(scenario, file.parameters, file.carried, path)
    needed = 2 * terms(np.zeros((1, len(prior.paths)))).shape[1]
    if file.runs < needed:
        words = f"{file.runs} are too few for {len(prior.paths)} parameters; at least {needed}"
        raise ScenarioError(path, "runs", words)
    return Plan(file, scenario, records.read(chosen), prior)


def _prior(scenario: Scenario, parameters: Sequence[Parameter], carried: Sequence[Carried], path: Path) -> Prior:
    if not parameters:
        raise ScenarioError(path, "parameters", "opens no parameter; at least one is needed")
    paths = [p.path for p in parameters] + [c.path for c in carried]
    twice = next((p for p in paths if paths.count(p) > 1), None)
    if twice:
        raise ScenarioError(path, f"parameters '{twice}'", "is given twice")
    rows = [_range(scenario, p, path) for p in parameters]
    for c in carried:
        _range(scenario, Parameter.model_validate({"path": c.path}), path)
        card = quantity(scenario, c.path)
        below, above = _mass(c, card)
        if not below < above:
            words = f"a normal of mean {c.mean:g} and sd {c.sd:g} has nothing from {card.low:g} to {card.high:g}"
            raise ScenarioError(path, f"carried '{c.path}'", words)
    lows, highs, logs, units = zip(*rows, strict=True)
    return Prior(tuple(p.path for p in parameters), np.array(lows), np.array(highs), np.array(logs), units)


def _mass(carried: Carried, card: Quantity) -> tuple[float, float]:
    """Return how much of a normal lies below the declared range, and below its end."""
    low, high = (float(norm.cdf(end, carried.mean, carried.sd)) for end in (card.low, card.high))
    return low, high


def _range(scenario: Scenario, p: Parameter, path: Path) -> tuple[float, float, bool, str]:
    key = f"parameters '{p.path}'"
    try:
        card = quantity(scenario, p.path)
    except UnknownPathError as error:
        raise ScenarioError(path, "parameters", str(error)) from None
    low, high = (card.low if p.low is None else p.low), (card.high if p.high is None else p.high)
    if not card.low <= low < high <= card.high:
        words = f"range {low:g} to {high:g} must rise within {card.low:g} to {card.high:g}"
        raise ScenarioError(path, key, words)
    if p.scale == "log" and low <= 0:
        raise ScenarioError(path, key, f"low, {low:g}, must be above 0 on a log scale")
    return float(low), float(high), p.scale == "log", card.unit
