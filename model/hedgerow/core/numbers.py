"""Numbers that know their unit, range, status and origin.

Every quantity of the model is declared once as a field of a :class:`Family`. Read from a scenario
it is one number; :func:`columns` stacks many scenarios into one in which every number is a column
``(runs, 1)``, so that a batch may hold different design points and the rules stay written once.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeAlias, TypeVar, get_args, get_origin

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field
from pydantic.fields import FieldInfo

FloatArray: TypeAlias = NDArray[np.float64]
IntArray: TypeAlias = NDArray[np.int64]
BoolArray: TypeAlias = NDArray[np.bool_]
Value: TypeAlias = FloatArray | float
"""One number, a column ``(runs, 1)``, or an array of rows."""

Rows: TypeAlias = Any
"""Rows of a rule: arrays in Python, one row's numbers in a kernel. No type says that a rule gives
back the kind it was given, hence Any.
"""

Number: TypeAlias = float
"""One number in a file; a column ``(runs, 1)`` inside a batch."""

Seed: TypeAlias = Annotated[int, Field(ge=0, le=2**63 - 1)]
"""Seed of an experiment; a file can hold no larger whole number."""
ANY = 1e12
"""Largest number where the number that is meant has a narrower range of its own."""

Status = Literal["source", "literature", "calibrated", "assumption"]


class Family(BaseModel):
    """A frozen group of settings that refuses keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


FamilyT = TypeVar("FamilyT", bound=BaseModel)


class MixedStructureError(ValueError):
    """Two runs of one batch differ in something that is not a number."""


def number(default: float | None, low: float, high: float, unit: str, origin: str, *, varies: bool = True) -> Any:
    """Declare a quantity with its default, range, unit, status and origin.

    Parameters
    ----------
    default : float or None
        Value when a scenario is silent; None where a policy then leaves the matter alone.
    low, high : float
        Range within which a value is accepted, both ends included.
    unit : str
        Unit in words, e.g. ``"officers a year"``.
    origin : str
        How the default is known (``source``, ``literature``, ``calibrated`` or ``assumption``), a colon, and
        fact ids, a citation, or the section of the design that argues for it.
    varies : bool
        Whether it may differ between the runs of one batch; numbers of the start may not.
    """
    return Field(default, ge=low, le=high, json_schema_extra=_card(unit, origin, varies=varies))


def entry(low: float, high: float, unit: str, origin: str) -> Any:
    """Declare the quantities of a table of numbers, such as weights by covariate; see :func:`number`.

    Examples
    --------
    >>> class Basket(Family):
    ...     prices: dict[str, Annotated[Number, entry(0, 10, "US$ a piece", "assumption: example")]] = {}
    >>> [q.path for q in entries(Basket(prices={"apple": 0.3}))]
    ['prices.apple']
    """
    return Field(ge=low, le=high, json_schema_extra=_card(unit, origin, varies=False))


def _card(unit: str, origin: str, *, varies: bool) -> dict[str, Any]:
    status, colon, source = origin.partition(": ")
    if not colon or status not in get_args(Status):
        raise ValueError(f"'{origin}' must begin with one of {', '.join(get_args(Status))} and a colon")
    return {"unit": unit, "status": status, "source": source, "varies": varies}


@dataclass(frozen=True)
class Quantity:
    """The card of one declared number."""

    path: str
    default: float | None
    low: float
    high: float
    unit: str
    status: str
    source: str


def _bounds(field: FieldInfo) -> tuple[float, float]:
    low = next(m.ge for m in field.metadata if hasattr(m, "ge"))
    high = next(m.le for m in field.metadata if hasattr(m, "le"))
    return float(low), float(high)


def is_number(field: FieldInfo) -> bool:
    """Say whether a field was declared by :func:`number`."""
    return isinstance(field.json_schema_extra, dict) and "unit" in field.json_schema_extra


def is_column(field: FieldInfo) -> bool:
    """Say whether a batch holds a field as a column, one value a run."""
    extra = field.json_schema_extra
    return isinstance(extra, dict) and bool(extra.get("varies"))


def quantities(family: type[BaseModel] | BaseModel, prefix: str = "") -> Iterator[Quantity]:
    """List every declared number of a family and of the families inside it.

    Parameters
    ----------
    family : BaseModel or its type
        Where an instance is given its values are listed, else the defaults.
    prefix : str
        Dotted path that leads to the family.
    """
    kind = family if isinstance(family, type) else type(family)
    for name, field in kind.model_fields.items():
        path = f"{prefix}.{name}" if prefix else name
        value = field.get_default(call_default_factory=True)
        value = value if isinstance(family, type) else getattr(family, name)
        if is_number(field):
            yield _quantity(path, value, field)
        elif isinstance(value, BaseModel):
            yield from quantities(value, path)


def entries(family: type[BaseModel] | BaseModel, prefix: str = "") -> Iterator[Quantity]:
    """List the declared numbers in the tables of a family, those of a type as ``table.*``; see :func:`quantities`."""
    kind = family if isinstance(family, type) else type(family)
    for name, field in kind.model_fields.items():
        declared = within(field.annotation)
        if declared is not None and is_number(declared):
            path = f"{prefix}.{name}" if prefix else name
            held = {"*": None} if isinstance(family, type) else getattr(family, name)
            for key, value in held.items():
                yield _quantity(f"{path}.{key}", value, declared)


def within(kind: Any) -> FieldInfo | None:
    """Return what is declared of each entry of a table or list of a type, None where nothing is."""
    inner = get_args(kind)[1 if get_origin(kind) is dict else 0] if get_origin(kind) in (dict, tuple) else None
    return next((m for m in getattr(inner, "__metadata__", ()) if isinstance(m, FieldInfo)), None)


def _quantity(path: str, value: float | None, field: FieldInfo) -> Quantity:
    extra: dict[str, Any] = field.json_schema_extra  # type: ignore[assignment]
    low, high = _bounds(field)
    return Quantity(path, value, low, high, extra["unit"], extra["status"], extra["source"])


def _stack(values: Sequence[Any], path: str) -> Any:
    first = values[0]
    if isinstance(first, BaseModel):
        return columns(values, path)
    if isinstance(first, dict):
        if any(v.keys() != first.keys() for v in values):
            raise MixedStructureError(f"{path}: the runs of a batch must hold the same entries")
        return {k: _stack([v[k] for v in values], f"{path}.{k}") for k in first}
    if isinstance(first, tuple | list) and first and isinstance(first[0], BaseModel):
        if any(len(v) != len(first) for v in values):
            raise MixedStructureError(f"{path}: the runs of a batch must hold the same entries")
        return tuple(_stack(group, path) for group in zip(*values, strict=True))
    if any(v != first for v in values):
        raise MixedStructureError(f"{path}: runs of one batch may differ in numbers only")
    return first


def columns(models: Sequence[FamilyT], path: str = "") -> FamilyT:
    """Stack equal-shaped settings into one whose declared numbers are columns.

    Parameters
    ----------
    models : sequence of Family
        One per run, alike in all but the values of declared numbers.
    path : str
        Where the family stands, for the message of an error.

    Returns
    -------
    Family
        The same family; each declared number is a float array ``(runs, 1)``.

    Raises
    ------
    MixedStructureError
        If the runs differ in anything that is not a declared number.
    """
    first = models[0]
    stacked: dict[str, Any] = {}
    for name, field in type(first).model_fields.items():
        values = [getattr(m, name) for m in models]
        where = f"{path}.{name}" if path else name
        if is_column(field) and all(v is not None for v in values):
            stacked[name] = np.array(values, dtype=np.float64)[:, None]
        else:
            stacked[name] = _stack(values, where)
    return type(first).model_construct(**stacked)
