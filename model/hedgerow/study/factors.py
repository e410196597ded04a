"""Factors of a study: places in a scenario, and scenarios with other values put there.

Reading a scenario costs far more than running one, so each value is validated once, by the family
it belongs to, and the scenarios of a design are then made by copying. They equal those that
``--set`` would give.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import BaseModel, ValidationError

from hedgerow.core.numbers import is_column, is_number, quantities
from hedgerow.scenario.errors import ScenarioError, from_validation
from hedgerow.scenario.suggest import suggestion


@dataclass(frozen=True)
class Factor:
    """What a study varies.

    Attributes
    ----------
    path : str
        Dotted path into the scenario, or ``scenario`` for the choice of the base.
    values : tuple
        The values to take, where they are listed.
    low, high : float
        The range to draw from, where they are not; in the unit of the number at the path.
    column : bool
        Whether one batch may hold several of its values.
    """

    path: str
    values: tuple[Any, ...] = ()
    low: float = 0.0
    high: float = 0.0
    column: bool = True

    @property
    def first(self) -> Any:
        """A value it takes, for trying the scenario out."""
        return self.values[0] if self.values else self.low


def place_of(model: BaseModel, path: str, source: object) -> tuple[BaseModel, str]:
    """Return the family that holds a dotted path, and the name of the key in it.

    Raises
    ------
    ScenarioError
        If there is no such path; the message names the nearest key.
    """
    here, last = _above(model, path, source)
    if not isinstance(here, BaseModel):
        key = f"design.factors '{path}'"
        raise ScenarioError(str(source), key, "is a table; name one key in it")
    return here, last


def _above(model: BaseModel, path: str, source: object) -> tuple[Any, str]:
    """Return the family or table that holds a dotted path, and the name of the key in it."""
    *above, last = path.split(".")
    here: Any = model
    for i, part in enumerate([*above, last]):
        known = list(type(here).model_fields) if isinstance(here, BaseModel) else list(here)
        if part not in known:
            where = ".".join(path.split(".")[: i + 1])
            words = f"unknown key '{part}'{suggestion(part, known)}"
            raise ScenarioError(str(source), f"design.factors '{where}'", words)
        if i == len(above):
            break
        here = getattr(here, part) if isinstance(here, BaseModel) else here[part]
        if not isinstance(here, BaseModel | dict):
            key = f"design.factors '{path}'"
            raise ScenarioError(str(source), key, f"'{part}' is a value; nothing lies below it")
    return here, last


def varies(model: BaseModel, path: str, source: object) -> bool:
    """Say whether the runs of one batch may differ at a path."""
    family, name = place_of(model, path, source)
    return is_column(type(family).model_fields[name]) and getattr(family, name) is not None


def accepted(model: BaseModel, path: str, value: Any, source: object) -> Any:
    """Return a value as the scenario would hold it.

    Raises
    ------
    ScenarioError
        If the value is of another kind or out of range; the message gives the range.
    """
    family, name = place_of(model, path, source)
    raw = {field: getattr(family, field) for field in type(family).model_fields}
    raw[name] = tuple(value) if isinstance(value, list) else value
    try:
        return getattr(type(family).model_validate(raw), name)
    except ValidationError as error:
        told = from_validation(error, str(source), type(family), raw)
        raise ScenarioError(str(source), f"design.factors '{path}'", told.fault) from None


def is_range(model: BaseModel, path: str, source: object) -> bool:
    """Say whether a path leads to a number that a range may be drawn for."""
    family, name = place_of(model, path, source)
    return is_number(type(family).model_fields[name])


def prior(model: BaseModel, path: str, source: object) -> Iterator[Factor]:
    """Yield a factor for the number at a path, or for every number below it, over its own range."""
    above, name = _above(model, path, source)
    value = getattr(above, name) if isinstance(above, BaseModel) else above[name]
    if isinstance(value, BaseModel):
        below = list(quantities(value, path))
    else:
        family, _ = place_of(model, path, source)
        below = [q for q in quantities(family, path.rpartition(".")[0]) if q.path == path]
    if not below:
        words = f"holds no numbers to draw from their ranges, but {type(value).__name__}"
        raise ScenarioError(str(source), f"design.factors '{path}'", words)
    for quantity in below:
        column = varies(model, quantity.path, source)
        yield Factor(quantity.path, (), quantity.low, quantity.high, column)


def toml(value: Any) -> str:
    """Return a value as a scenario file or ``--set`` writes it, exact to the last digit."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return f"[{', '.join(toml(v) for v in value)}]"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{json.dumps(str(k), ensure_ascii=False)} = {toml(v)}" for k, v in value.items()) + "}"
    return repr(value)


def settings(values: Iterable[tuple[str, Any]]) -> list[str]:
    """Return values by path as ``--set`` takes them."""
    return [f"{path}={toml(value)}" for path, value in values]
