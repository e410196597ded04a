"""Manifests: what a results folder says of itself, and the scenarios made again from what it says.

A manifest names what was run (scenarios in full and who set which path of them, numbers, seed), what it
rests on (code, packages, the user's own rules), and what of each scenario was drawn and what held.
"""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
from pydantic import ValidationError

from hedgerow.runs import identity, posterior
from hedgerow.runs.about import fault
from hedgerow.runs.ensemble import Ensemble
from hedgerow.runs.folder import MANIFEST, FolderError, read_manifest, table, unfinished
from hedgerow.runs.posterior import Posterior
from hedgerow.scenario.check import check as check_scenario
from hedgerow.scenario.find import names
from hedgerow.scenario.load import changed
from hedgerow.scenario.load import load as load_file
from hedgerow.scenario.own import own_outcomes
from hedgerow.scenario.schema import Scenario
from hedgerow.scenario.settings import value, with_settings

FORMAT = 2
"""Counts up when manifests change so that older ones cannot be read."""
FACTOR, SCENARIO = "factor", "scenario"
"""What set a path that a study varies, and the factor that chooses among scenarios."""
OTHER = "give --allow-mixed to take it as it is all the same"


def made(kind: str, scenarios: Mapping[str, Scenario], draws: Posterior | None, parts: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a results folder says of itself.

    Parameters
    ----------
    kind : str
        ``run``, ``comparison`` or ``sweep``.
    scenarios : mapping of str to Scenario
        What was run, by name.
    draws : Posterior or None
        What parameters were drawn from.
    parts : mapping of str to object
        What else tells these results from others: runs, seed, design ...
    """
    full = {name: identity.resolved(one) for name, one in scenarios.items()}
    told = {name: posterior.entry(one, draws) for name, one in scenarios.items()}
    first = next(iter(told.values()))
    about: dict[str, Any] = {
        **{key: first[key] for key in ("posterior", "parameters") if key in first},
        **{key: {name: one[key] for name, one in told.items()} for key in ("drawn", "held") if key in first},
        "own": {name: source for one in scenarios.values() for name, source in identity.own(one).items()},
    }
    code = identity.code_version()
    return {
        "kind": kind,
        "format": FORMAT,
        **parts,
        "hash": identity.digest(kind, full, parts, code, about),
        "code": code,
        "versions": identity.versions(),
        **about,
        "set_by": {name: dict(one.set_by) for name, one in scenarios.items()},
        "resolved": full,
    }


def read(folder: Path) -> dict[str, Any]:
    """Return the manifest of a results folder, which has the shape of its kind; see :mod:`hedgerow.runs.about`.

    Raises
    ------
    FolderError
        If there is none, it is of another version, or not of that shape.
    """
    found = read_manifest(folder)
    check(found, folder, allow_mixed=True)
    return found


def load(
    name: str | Path | Scenario, settings: Sequence[str] = (), months: int | None = None, *, allow_mixed: bool = False
) -> Scenario:
    """Read a scenario: a shipped one by name, a file, or the scenario of a results folder.

    Parameters
    ----------
    name : str, Path or Scenario
        Name of a shipped scenario, path of a TOML file, a results folder or its ``manifest.json``; where that holds
        several scenarios, followed by ``#`` and the name of one. A scenario that is loaded already is changed likewise.
    settings : sequence of str
        ``dotted.key=value``, the value written as in TOML; text needs no quotes.
    months : int, optional
        Months to run instead of the file's.
    allow_mixed : bool
        Whether a manifest of another version of the code will do.

    Returns
    -------
    Scenario
        Validated and checked against the country table.

    Raises
    ------
    ScenarioError
        With one message that names file, key, fault and the nearest valid choice.
    FolderError
        If a manifest cannot be read, is of another version, or holds several scenarios.
    """
    if isinstance(name, Scenario):
        return changed(name, settings, months, name.title)
    where, _, chosen = str(name).partition("#")
    path = Path(where)
    folder = path.parent if path.name == MANIFEST else path
    held = os.path.lexists(folder) and _holds_results(folder)
    if where in names() or not held:
        return load_file(name, settings, months)
    about = read_manifest(folder)
    check(about, folder, allow_mixed=allow_mixed)
    again = _chosen(about, chosen, folder)
    if not allow_mixed:
        same_own({**about, "outcomes": ()}, again, folder)
    return changed(again, settings, months, folder)


def _holds_results(folder: Path) -> bool:
    try:
        return os.path.lexists(folder / MANIFEST) or bool(unfinished(folder))
    except OSError:  # such as a name that is too long for any folder
        return False


def _chosen(about: Mapping[str, Any], chosen: str, folder: Path) -> Scenario:
    """Return the scenario of a results folder that is asked for: by name, or by point of a sweep."""
    if about["kind"] == "sweep":
        points = table(folder, "points", ["point", *about["factors"]])
        if not chosen.isdecimal() or int(chosen) >= len(points):
            words = f"holds {len(points):,} points; name one, such as {folder / MANIFEST}#0"
            raise FolderError(f"{folder}: {words}")
        return of_point(about, points, int(chosen), folder)
    found = about["resolved"]
    if chosen not in found and (chosen or len(found) > 1):
        words = f"holds {len(found)} scenarios; name one, such as {folder / MANIFEST}#{next(iter(found))}"
        raise FolderError(f"{folder}: {words}")
    return scenario(about, chosen or next(iter(found)), folder)


def of_point(about: Mapping[str, Any], points: pa.Table, point: int, where: Path) -> Scenario:
    """Return the scenario of a point of a sweep, its factors set."""
    values = {name: _held(points[name][point].as_py()) for name in about["factors"]}
    base = scenario(about, values.pop(SCENARIO, next(iter(about["resolved"]))), where)
    try:
        for path, given in values.items():
            value(base, path)
            if isinstance(given, dict):
                raise ValueError(f"'{path}' is a table there")
        again = with_settings(base, values, FACTOR)
        check_scenario(Scenario.model_validate(again.model_dump()), where)
    except ValueError as error:
        told = error.errors()[0]["msg"] if isinstance(error, ValidationError) else str(error)
        raise FolderError(f"{where}: point {point} does not fit its scenario: {told}; run it again") from None
    return again


def _held(value: Any) -> Any:
    """Return a value of a table as a scenario holds it."""
    return tuple(_held(v) for v in value) if isinstance(value, list) else value


def short(name: str) -> str:
    """Return what a scenario given by name or path is called for short: a file's stem, a results folder's name."""
    where, _, chosen = name.partition("#")
    path = Path(where)
    if path.name == MANIFEST:
        return chosen or path.absolute().parent.name
    return path.stem if name.endswith(".toml") else chosen or (path.name if path.is_dir() else name)


def check(about: Mapping[str, Any], folder: Path, *, allow_mixed: bool = False) -> None:
    """Raise a :class:`FolderError` where a manifest is of another version, saying what differs and what to do."""
    if about.get("format") != FORMAT:
        then, now = str(about.get("format", "none"))[:20], f"{FORMAT} of hedgerow {identity.code_version()}"
        made_by = str(about.get("code", "an older hedgerow"))[:80]
        raise FolderError(f"{folder}: its manifest has format {then}, not {now}; use what made it, {made_by}")
    found = fault(about)
    if found:
        raise FolderError(": ".join(part for part in (str(folder / MANIFEST), *found) if part))
    other = differences(about)
    if other and not allow_mixed:
        raise FolderError(f"{folder}: was made otherwise ({other}); use what made it, or {OTHER}")


def differences(about: Mapping[str, Any], *, packages: bool = False) -> str:
    """Return what of a manifest's code and posterior is another now, in words; blank where nothing is."""
    pairs = {"code": (about["code"], identity.code_version())}
    if packages:
        now = identity.versions()
        pairs |= {key: (then, now.get(key, "none")) for key, then in about["versions"].items()}
    if "posterior" in about:
        pairs["posterior"] = (about["posterior"]["calibration"], posterior.shipped().about.calibration)
    return "; ".join(f"{key}: {then} then, {now} now" for key, (then, now) in pairs.items() if then != now)


def scenario(about: Mapping[str, Any], name: str, where: Path) -> Scenario:
    """Return a scenario of a manifest as it was.

    Raises
    ------
    FolderError
        If it is none of this version.
    """
    try:
        found = Scenario.model_validate(about["resolved"][name], strict=False)
        check_scenario(found, where / MANIFEST)
    except (LookupError, TypeError, ValueError):
        words = "holds a scenario that this hedgerow cannot read; another one wrote it"
        raise FolderError(f"{where / MANIFEST}: {words}; run it again") from None
    return found.marked(about["set_by"][name])


def numbers(about: Mapping[str, Any]) -> range:
    """Return the numbers of the runs of a manifest."""
    first = int(about.get("first", 0))
    return range(first, first + int(about["runs"]))


def ensemble(about: Mapping[str, Any], name: str, runs: Sequence[int], where: Path) -> Ensemble:
    """Return runs of a scenario of a manifest, drawing from what they drew from."""
    draws = posterior.policy(fixed="posterior" not in about)
    return Ensemble(scenario(about, name, where), runs, int(about["seed"]), draws)


def is_kept(outcome: str, columns: Sequence[str]) -> bool:
    """Say whether one of a user's outcomes is among the columns that are kept."""
    declared = own_outcomes().get(outcome)
    return outcome in columns if declared is None else any(declared.parts(c) is not None for c in columns)


def same_own(about: Mapping[str, Any], scenario: Scenario, where: Path) -> None:
    """Raise where a user's rule, lever or outcome is no longer installed, or is another than it was.

    Raises
    ------
    ScenarioError
        If it is not to be found.
    FolderError
        If its source or its distribution is another now.
    """
    found, kept = identity.own(scenario), about.get("outcomes")
    for name, then in about["own"].items():
        kind, _, called = name.partition(" ")
        elsewhere = kind != "outcome" and name not in found  # of another scenario of the same results
        if elsewhere or (kind == "outcome" and kept is not None and not is_kept(called, kept)):
            continue
        now = found.get(name, {})
        other = [key for key in ("source", "distribution") if then.get(key) != now.get(key)]
        if other:
            words = "; ".join(f"{key}: {then.get(key)!s:.40} then, {now.get(key)!s:.40} now" for key in other)
            raise FolderError(f"{where}: the {kind} '{called}' is another than it was ({words}); put the old one back")
