"""What a result is: the hash of scenario, seed, runs and code that names it."""

import hashlib
import json
import platform
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from hedgerow.runs import uncertain
from hedgerow.scenario.schema import Scenario

PACKAGES = ("mesa", "numba", "numpy", "scipy", "pandas", "pyarrow", "pydantic")


@cache
def code_version() -> str:
    """Return the version of hedgerow with a digest of its code and data."""
    digest = hashlib.sha256()
    package = Path(__file__).parents[1]
    kept = {".py", ".csv"}
    for path in sorted(p for p in package.rglob("*") if p.suffix in kept):
        digest.update(path.relative_to(package).as_posix().encode())
        digest.update(path.read_bytes())
    return f"{version('hedgerow')}+{digest.hexdigest()[:12]}"


def versions() -> dict[str, str]:
    """Return the versions of Python and of the packages that results rest on."""
    found = {"python": platform.python_version()}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "absent"
    return found


def resolved(scenario: Scenario) -> dict[str, Any]:
    """Return a scenario in full, as plain data."""
    return scenario.model_dump(mode="json")


def digest(*parts: object) -> str:
    """Return the SHA-256 of plain data, the same for equal content in equal order."""
    text = json.dumps(parts, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def manifest(scenario: Scenario, name: str, runs: int, seed: int, *, fixed: bool) -> dict[str, Any]:
    """Return what a results folder says of itself."""
    full, told = resolved(scenario), uncertain.entry(fixed=fixed)
    return {
        "scenario": name,
        "seed": seed,
        "runs": runs,
        "hash": digest(full, seed, runs, code_version(), told),
        "code": code_version(),
        "versions": versions(),
        **told,
        "resolved": full,
    }
