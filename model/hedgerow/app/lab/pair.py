"""From a what-if to the two scenarios it compares, read, checked and held to the limits."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

from hedgerow.app.lab.whatif import BASELINE, OWN, UNCHANGED, LinkError, WhatIf, known_scenario
from hedgerow.app.settings import Limits
from hedgerow.disk.plain import UnfitError
from hedgerow.disk.reading import toml
from hedgerow.runs.folder import FolderError
from hedgerow.scenario import listing
from hedgerow.scenario.errors import ScenarioError
from hedgerow.scenario.find import names
from hedgerow.scenario.load import load
from hedgerow.scenario.schema import Scenario
from hedgerow.scenario.suggest import suggestion


@dataclass(frozen=True)
class Pair:
    """The scenarios of a what-if, ready to run.

    Attributes
    ----------
    variant, base : Scenario
    base_name : str
        A shipped scenario, or :data:`UNCHANGED`.
    fixed : bool
        Whether parameters stay as they are, rather than being drawn from the posterior.
    """

    variant: Scenario
    base: Scenario
    base_name: str
    fixed: bool


def resolve(chosen: WhatIf, limits: Limits) -> Pair:
    """Return the scenarios of a what-if.

    Raises
    ------
    ScenarioError
        If a change fits no key or is out of range, or the base cannot be paired.
    LinkError
        If it asks for more than the limits allow.
    """
    variant = opened(chosen, chosen.settings)
    affordable(variant, chosen.runs, limits)
    fixed = chosen.fixed or not drawable()
    if chosen.base != UNCHANGED:
        name = chosen.base or BASELINE
        base = _base_of(name, chosen, variant)
        fault = unlike(base, variant)
        if not fault:
            return Pair(variant, base, name, fixed)
        if chosen.base:
            raise LinkError(f"base: {name} cannot be compared with this scenario: {fault}")
    return Pair(variant, opened(chosen, chosen.assumptions), UNCHANGED, fixed)


def _base_of(name: str, chosen: WhatIf, variant: Scenario) -> Scenario:
    """Return the base as shipped but for the assumptions it knows."""
    base = read_shipped(name, (), variant.months)
    known = [s for s in chosen.assumptions if not s.startswith("donors.") or _donor(s) in base.donors]
    return read_shipped(name, tuple(known), variant.months)


def _donor(setting: str) -> str:
    return setting.split(".")[1] if setting.count(".") else ""


def unlike(base: Scenario, variant: Scenario) -> str:
    """Return why two scenarios cannot be paired; blank where they can."""
    if base.start != variant.start:
        return f"it starts in {base.start:%Y-%m}, this one in {variant.start:%Y-%m}"
    if list(base.donors) != list(variant.donors):
        return "its donors are others"
    if set(base.counterparts) != set(variant.counterparts):
        return "its counterparts are others"
    return ""


@cache
def drawable() -> bool:
    """Say whether this installation has a posterior of this very model to draw from."""
    from hedgerow.runs.posterior import shipped as shipped_posterior

    try:
        shipped_posterior()
    except FolderError:
        return False
    return True


@cache
def titles() -> dict[str, str]:
    """Return the titles of the shipped scenarios by name, without checking the scenarios."""
    return listing.titles()


def opened(chosen: WhatIf, settings: Sequence[str]) -> Scenario:
    """Return the scenario of a what-if with some of its settings."""
    if chosen.scenario == OWN:
        return read_own(chosen.text, tuple(settings), chosen.months)
    return read_shipped(chosen.scenario, tuple(settings), chosen.months)


@lru_cache(maxsize=256)
def read_shipped(name: str, settings: tuple[str, ...] = (), months: int | None = None) -> Scenario:
    """Return a shipped scenario."""
    return _loaded(known_scenario(name, "scenario"), "", settings, months)


@lru_cache(maxsize=64)
def read_own(text: str, settings: tuple[str, ...] = (), months: int | None = None) -> Scenario:
    """Return the scenario of a file that was sent in.

    It may extend a shipped scenario and no other file; what it is called there never reaches the
    file system.
    """
    try:
        base = toml(text).get("extends", BASELINE)
    except UnfitError as error:
        raise ScenarioError("your file", error.key, error.fault) from None
    if not isinstance(base, str) or base not in names():
        shown = base if isinstance(base, str) else "this"
        fault = f"'{shown:.60}' is no shipped scenario{suggestion(str(shown)[:60], names())}"
        raise ScenarioError("your file", "extends", fault)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "scenario.toml"
        path.write_text(text, encoding="utf-8")
        return _loaded(path, "your file", settings, months)


def _loaded(name: str | Path, called: str, settings: tuple[str, ...], months: int | None) -> Scenario:
    """Read a scenario; a fault does not say where on this machine the file is."""
    try:
        return load(name, settings, months)
    except ScenarioError as error:
        raise ScenarioError(called, error.key, error.fault) from None


def affordable(scenario: Scenario, runs: int, limits: Limits) -> None:
    """Refuse what would take too long.

    Raises
    ------
    LinkError
        If there are too many months, donors or runs.
    """
    if scenario.months > limits.months:
        raise LinkError(f"months: {scenario.months} is more than this server's {limits.months}")
    if len(scenario.donors) > limits.donors:
        raise LinkError(f"donors: {len(scenario.donors)} are more than this server's {limits.donors}")
    work = runs * scenario.months * max(len(scenario.donors), 2) // 2
    if work > limits.work:
        most = limits.work * runs // work
        raise LinkError(
            f"runs: {runs} runs of {scenario.months} months are more than this server takes at "
            f"once; ask for {most} at most, or use hedgerow compare"
        )
