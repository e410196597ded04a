"""Where the numbers of a page come from: command, seed, versions, hash, what a scenario changes."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hedgerow.report.screen import leaves
from hedgerow.runs import identity
from hedgerow.runs.folder import FolderError
from hedgerow.scenario.errors import ScenarioError
from hedgerow.scenario.faults import show
from hedgerow.scenario.find import find
from hedgerow.scenario.load import load, read
from hedgerow.scenario.schema import Scenario

ABSENT = "not there"
TEXTS = ("title", "question", "look_at", "surprise", "facts")
"""Words about a scenario, which change no result."""


def facts(about: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return what a manifest says of its results: seed, runs, hash, versions."""
    versions = ", ".join(f"{name} {number}" for name, number in about["versions"].items())
    now = identity.code_version()
    found = [("Seed", str(about["seed"])), ("Runs", f"{about['runs']:,}")]
    if drawn(about):
        which = str(about["posterior"]["calibration"])[:12]
        found.append(("Parameters", f"{drawn(about)} drawn anew, from the calibration {which}"))
    found += [("Hash of the results", str(about["hash"])), ("hedgerow", str(about["code"]))]
    if about["code"] != now:
        found.append(("This page was written by", f"hedgerow {now}"))
    return [*found, ("Versions", versions)]


def drawn(about: Mapping[str, Any]) -> int:
    """Return how many parameters the runs of a manifest drew from a posterior."""
    return len({path for paths in about["drawn"].values() for path in paths}) if "posterior" in about else 0


def readable(where: Path, about: Mapping[str, Any]) -> None:
    """Make sure that this release can read results.

    Raises
    ------
    FolderError
        If another release wrote them.
    """
    then, now = str(about.get("code", "")), identity.code_version()
    if _release(then) != _release(now):
        which = f"hedgerow {then.partition('+')[0]}" if then else "a hedgerow before the first release"
        words = f"was written by {which}, this is {now.partition('+')[0]}; report it with that one"
        raise FolderError(f"{where}: {words}, or run it again")


def _release(version: str) -> str:
    return ".".join(version.partition("+")[0].split(".")[:2])


def changes(mine: Scenario, theirs: Scenario) -> list[tuple[str, str, str]]:
    """Return what one scenario changes in another: dotted path, value there, value here."""
    here, there = (dict(leaves(identity.resolved(s))) for s in (mine, theirs))
    paths = [p for p in here if p.split(".")[0] not in TEXTS and here[p] != there.get(p)]
    gone = [p for p in there if p not in here and p.split(".")[0] not in TEXTS]
    return [*((p, _shown(there, p), _shown(here, p)) for p in paths), *((p, _shown(there, p), ABSENT) for p in gone)]


def _shown(flat: Mapping[str, Any], path: str) -> str:
    return show(flat[path]) if path in flat else ABSENT


def parent(name: str, months: int | None) -> tuple[str, Scenario] | None:
    """Return the scenario that one extends, by name, or None where it extends none."""
    try:
        path = find(name)
        base = read(path).get("extends")
        if not isinstance(base, str):
            return None
        return base, load(find(base, path.parent), (), months)
    except ScenarioError:
        return None
