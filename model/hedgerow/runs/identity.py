"""What a result rests on: the code, the packages and the user's own rules that made it.

Results belong to the text of the rooms that have a say in the numbers of a run; screens, reports and
analyses have none. Rules of a user's own are known by the file they come from.
"""

import hashlib
import inspect
import json
import platform
import re
from collections.abc import Callable
from functools import cache, partial
from importlib.metadata import PackageNotFoundError, packages_distributions, version
from pathlib import Path
from types import CodeType
from typing import Any

from hedgerow.runs.digest import MODEL, PACKAGE, files
from hedgerow.scenario.rules import rests_on
from hedgerow.scenario.schema import Scenario

PACKAGES = ("mesa", "numba", "numpy", "scipy", "pandas", "pyarrow", "pydantic")
CODE = (*MODEL, "scenario", "runs", "study")
"""Rooms that have a say in the numbers of a run."""


def digest(*parts: object) -> str:
    """Return the SHA-256 of plain data, the same for equal content in equal order."""
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False, default=str).encode()).hexdigest()


@cache
def code_version() -> str:
    """Return the version of hedgerow with a digest of all that has a say in the numbers of a run."""
    found = hashlib.sha256()
    for path in files(CODE, (".py", ".csv")):
        found.update(path.relative_to(PACKAGE).as_posix().encode())
        found.update(path.read_bytes())
    return f"{version('hedgerow')}+{found.hexdigest()[:12]}"


def versions() -> dict[str, str]:
    """Return the versions of Python and of the packages that results rest on."""
    return {"python": platform.python_version()} | {name: _version(name) or "absent" for name in PACKAGES}


def _version(distribution: str) -> str:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return ""


def resolved(scenario: Scenario) -> dict[str, Any]:
    """Return a scenario in full, as plain data."""
    return scenario.model_dump(mode="json")


def own(scenario: Scenario) -> dict[str, dict[str, str]]:
    """Return where the user's rules, levers and outcomes that a scenario rests on come from; see :func:`source_of`."""
    return {name: source_of(found) for name, found in rests_on(scenario).items()}


def source_of(function: Callable[..., Any]) -> dict[str, str]:
    """Return where a user's function comes from: its module, a digest of all it is made of, its distribution's version.

    That is the file of its module, or its compiled code where it has none, such as one typed at a prompt; its defaults
    and what it closes over; the arguments of a partial; and what an instance that is called holds.
    """
    named = function.func if isinstance(function, partial) else function
    named = named if inspect.isroutine(named) or inspect.isclass(named) else type(named)
    name = getattr(inspect.getmodule(named), "__name__", "") or ""
    source = hashlib.sha256(repr(_made_of(function)).encode()).hexdigest()
    told = {"module": f"{name}.{getattr(named, '__qualname__', '')}", "source": source}
    return told | _distribution(name.partition(".")[0])


def _made_of(value: Any) -> Any:
    """Return plain data that is the same for what does the same, in any process."""
    if isinstance(value, partial):
        return "partial", _made_of(value.func), _plain(value.args), _plain(value.keywords)
    if inspect.isfunction(value):
        cells = [_made_of(cell.cell_contents) for cell in value.__closure__ or ()]
        return value.__qualname__, _text(value), _plain(value.__defaults__), _plain(value.__kwdefaults__), cells
    if inspect.isclass(value):
        return value.__qualname__, _text(value)
    if callable(value) and hasattr(value, "__dict__"):
        return _made_of(type(value)), _plain(vars(value))
    return _plain(value)


def _plain(value: Any) -> Any:
    if isinstance(value, tuple | list):
        return [_made_of(one) for one in value]
    if isinstance(value, dict):
        return [(_made_of(key), _made_of(one)) for key, one in value.items()]
    if isinstance(value, set | frozenset):
        return sorted(repr(_made_of(one)) for one in value)
    if hasattr(value, "tobytes"):
        return value.tobytes()
    return value.__name__ if inspect.ismodule(value) else re.sub(r" at 0x[0-9a-f]+", "", repr(value))


def _text(named: Any) -> Any:
    """Return a digest of the file that something is written in; its code where there is none, or no name in it."""
    file = getattr(inspect.getmodule(named), "__file__", None)
    if file and Path(file).is_file() and "<" not in named.__qualname__:
        return hashlib.sha256(Path(file).read_bytes()).hexdigest()
    if inspect.isclass(named):
        return [_code(one.__code__) for one in vars(named).values() if inspect.isfunction(one)]
    return _code(named.__code__)


def _code(code: CodeType) -> Any:
    inner = [_code(one) if isinstance(one, CodeType) else _plain(one) for one in code.co_consts]
    return code.co_code.hex(), code.co_names, code.co_varnames, inner


def _distribution(package: str) -> dict[str, str]:
    names = packages_distributions().get(package, ())
    return {"distribution": ", ".join(f"{name} {_version(name)}" for name in names)} if names else {}
