"""What a result rests on: the code, the packages and the user's own rules that made it.

Results belong to the text of the rooms that have a say in the numbers of a run; screens, reports and
analyses have none. Rules of a user's own are known by the file they come from.
"""

import hashlib
import inspect
import json
import marshal
import platform
from collections.abc import Callable
from functools import cache
from importlib.metadata import PackageNotFoundError, packages_distributions, version
from pathlib import Path
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
    """Return where a user's function comes from: its module, a digest of its source, its distribution's version.

    A function without a file, such as one typed at a prompt, is known by its compiled code.
    """
    named = function if inspect.isroutine(function) or inspect.isclass(function) else type(function)
    module = inspect.getmodule(named)
    file = getattr(module, "__file__", None)
    content = Path(file).read_bytes() if file and Path(file).is_file() else _compiled(named)
    name = getattr(module, "__name__", "") or ""
    told = {"module": f"{name}.{getattr(named, '__qualname__', '')}", "source": hashlib.sha256(content).hexdigest()}
    return told | _distribution(name.partition(".")[0])


def _compiled(named: Any) -> bytes:
    code = getattr(named, "__code__", None)
    return repr(type(named)).encode() if code is None else marshal.dumps(code)


def _distribution(package: str) -> dict[str, str]:
    names = packages_distributions().get(package, ())
    return {"distribution": ", ".join(f"{name} {_version(name)}" for name in names)} if names else {}
