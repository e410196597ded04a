"""Compiling: how a rule written once for a row runs over whole batches at the speed of C.

- :func:`rule` marks a function of numbers that is plain arithmetic. Python calls it with arrays of
  rows; a kernel calls it with the numbers of one row.
- :func:`elementwise` marks a function of one row's numbers that branches or loops. Python may still
  call it with arrays.
- :func:`kernel` compiles a phase's loop over runs and rows, with every rule it calls.

Numba compiles a kernel when it is first called; :mod:`hedgerow.core.kept` keeps the result on disk, so
nobody compiles twice.
"""

import inspect
from collections import namedtuple
from collections.abc import Callable
from functools import cache, wraps
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
import numpy as np
from numba import types
from numba.extending import overload, register_jitable
from numpy.typing import NDArray
from pydantic import BaseModel

from hedgerow.core.kept import Kept, kernels
from hedgerow.core.numbers import FloatArray, Value, is_column

F = TypeVar("F", bound=Callable[..., Any])
Record = NDArray[np.void]
"""The numbers of a family, one record a run, ``(runs,)``; read in kernels as ``p[run].name``."""


def cold() -> bool:
    """Say whether kernels are to be compiled for the first time on this machine, and will be kept."""
    return kernels().empty()


def kernel(function: F) -> F:
    """Compile a loop over runs and rows, once a machine where a cache can be kept.

    It lets other threads run meanwhile, so batches may be done side by side.
    """
    made = numba.njit(error_model="numpy", nogil=True)(function)
    if Path(inspect.getfile(function)).is_file():  # what was typed at a prompt may change under its name
        cast(Any, made)._cache = Kept(function)
    return cast(F, made)


def rule(function: F) -> F:
    """Mark plain arithmetic on rows, to be compiled into the kernels that call it."""
    made: F = register_jitable(function)
    return made


def elementwise(function: F) -> F:
    """Mark a function of one row's numbers, which Python may also call with arrays."""
    vectorize: Callable[[F], F] = numba.vectorize

    @cache
    def over_arrays() -> F:
        return vectorize(function)

    @wraps(function)
    def face(*numbers: Any) -> Any:
        return over_arrays()(*numbers)

    @overload(face, strict=False)
    def _compiled(*_: Any) -> Any:
        return function

    return cast(F, face)


def choose(condition: Any, yes: Any, no: Any) -> Any:
    """Return one number where a condition holds, another elsewhere."""
    return np.where(condition, yes, no)


@overload(choose)
def _choose(condition: Any, yes: Any, no: Any) -> Any:  # noqa: ARG001
    def one(condition: Any, yes: Any, no: Any) -> Any:
        return yes if condition else no

    return one if isinstance(condition, types.Boolean) else None


@rule
def add(terms: tuple[Any, ...]) -> Any:
    """Add terms in their order, so that a shown sum equals the used one."""
    result = terms[0]
    for term in terms[1:]:
        result = result + term
    return result


@rule
def within(x: Any, low: Any, high: Any) -> Any:
    """Return ``x``, held between two bounds."""
    return np.minimum(np.maximum(x, low), high)


def record(family: BaseModel, runs: int) -> Record:
    """Return the declared numbers of a family as one record a run, ``(runs,)``.

    A number that is left blank is not a number in the record.
    """
    names = [name for name, field in type(family).model_fields.items() if is_column(field)]
    made = np.empty(runs, dtype=[(name, np.float64) for name in names])
    for name in names:
        value = getattr(family, name)
        made[name] = np.nan if value is None else np.broadcast_to(value, (runs, 1))[:, 0]
    return made


def numbers(record: Any) -> Any:
    """Return the numbers of one run's record as values, so that a loop may keep what is constant.

    Read from memory one by one, they would be read, and divided by, again for every row.
    """
    return record


@overload(numbers, strict=False)
def _numbers(record: types.Record) -> Any:
    names = list(record.fields)
    values = namedtuple("Numbers", names)  # type: ignore[misc]  # known when compiling
    source = f"def unpack(record):\n    return values({', '.join(f'record.{n}' for n in names)})"
    made: dict[str, Any] = {"values": values}
    exec(source, made)
    return made["unpack"]


def level(value: Value) -> FloatArray:
    """Return a number, a column or rows as kernels read them, through :func:`at`."""
    return np.ascontiguousarray(np.atleast_2d(value), dtype=np.float64)


@rule
def at(level: FloatArray, run: int, row: int) -> float:
    """Return a level for a run and a row: one axis, or both, may hold one number for all."""
    return float(level[min(run, level.shape[0] - 1), min(row, level.shape[1] - 1)])
