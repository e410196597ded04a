"""``hedgerow.compare``: what a change of policy changes, by pairs of runs with the same chance.

Run ``k`` of every scenario draws the same random numbers, so the difference within a pair of runs
is due to the change alone and varies far less than two separate runs would.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from hedgerow.core.world import Kind
from hedgerow.data import start
from hedgerow.runs import folder, manifest
from hedgerow.runs.ensemble import Ensemble
from hedgerow.runs.folder import FolderError
from hedgerow.runs.paired import backfill, differences, monthly, movers, rival_pairs
from hedgerow.runs.posterior import Posterior, policy
from hedgerow.runs.threads import Progress
from hedgerow.runs.trace import Trace, traces
from hedgerow.scenario.errors import ScenarioError
from hedgerow.scenario.schema import Scenario


@dataclass(frozen=True)
class Comparison:
    """A base scenario beside its variants.

    Attributes
    ----------
    base : Scenario
    variants : dict
        Scenarios by the name they have in the tables.
    manifest : dict
        Resolved scenarios, seed, runs, versions and hash.
    where : Path or None
        The results folder, where there is one.
    differences, movers, backfill, monthly : pandas.DataFrame
        Outcomes; alignment of each state; officers a rival adds per officer denied; mean
        alignment month by month. Each is a difference, variant less base, of paired runs.
    """

    base: Scenario
    variants: dict[str, Scenario]
    manifest: dict[str, Any]
    where: Path | None
    differences: pd.DataFrame
    movers: pd.DataFrame
    backfill: pd.DataFrame
    monthly: pd.DataFrame

    @property
    def donor_names(self) -> dict[str, str]:
        """Donor names by code."""
        return {code: donor.name for code, donor in self.base.donors.items()}


WORDS, MONTHS, NUMBERS, SOME_NUMBERS = "words", "months", "numbers", "numbers, or none"
MOVED = dict.fromkeys(("mean", "low", "high"), NUMBERS)
COLUMNS: dict[str, dict[str, str]] = {
    "differences": {
        **dict.fromkeys(("outcome", "name", "unit"), WORDS),
        **dict.fromkeys(("base_median", "variant_median", "mean_difference", "median_difference", "low", "high"), NUMBERS),
        **dict.fromkeys(("share_positive", "share_zero", "share_negative"), NUMBERS),
        **dict.fromkeys(("mean_low", "mean_high", "variance_saved"), SOME_NUMBERS),
    },
    "movers": {**dict.fromkeys(("recipient", "name", "donor"), WORDS), **MOVED, "share_positive": NUMBERS},
    "backfill": {
        **dict.fromkeys(("donor", "rival"), WORDS),
        **dict.fromkeys(("denied_difference", "officers_difference"), NUMBERS),
        **dict.fromkeys(("ratio", "low", "high"), SOME_NUMBERS),
    },
    "monthly": {"donor": WORDS, "month": MONTHS, **MOVED, **dict.fromkeys(("quarter", "median", "three_quarters"), NUMBERS)},
}
"""What the columns of each table of a comparison hold."""


def opened(where: Path, about: dict[str, Any]) -> Comparison:
    """Return the comparison of a results folder, its tables as this version writes them.

    Raises
    ------
    FolderError
        If a table cannot be read, or holds something else.
    """
    full = {name: manifest.scenario(about, name, where) for name in (about["base"], *about["variants"])}
    tables = {name: _read(where, name, about["variants"]) for name in COLUMNS}
    return Comparison(full.pop(about["base"]), full, about, where, **tables)


def _read(where: Path, name: str, variants: Sequence[str]) -> pd.DataFrame:
    table = folder.frame(where, name, ["variant", *COLUMNS[name]])
    fault = "has no rows" if table.empty and name != "backfill" else ""
    if not set(table["variant"]) <= set(variants):
        fault = f"tells of others than {', '.join(variants)}"
    odd = [f"'{column}' must hold {kind}" for column, kind in COLUMNS[name].items() if not _holds(table[column], kind)]
    if fault or odd:
        raise FolderError(f"{where / name}.parquet: {fault or odd[0]}; run the comparison again")
    return folder.frame(where, name)


def _holds(values: "pd.Series[Any]", kind: str) -> bool:
    if kind == WORDS:
        return all(isinstance(value, str) for value in values)
    if kind == MONTHS:
        return pd.api.types.is_datetime64_any_dtype(values) and bool(values.notna().all())
    return pd.api.types.is_float_dtype(values) and (kind == SOME_NUMBERS or bool(np.isfinite(values).all()))


def compare(
    base: str | Path | Scenario,
    *variants: str | Path | Scenario,
    runs: int = 128,
    seed: int = 1,
    months: int | None = None,
    settings: Sequence[str] = (),
    out: str | Path | None = None,
    progress: Progress | None = None,
    workers: int | None = None,
    fixed: bool = False,
) -> Comparison:
    """Compare scenarios with a base, run by run under the same chance.

    Parameters
    ----------
    base, *variants : str, Path or Scenario
        Names of shipped scenarios, paths of files, or scenarios already loaded; alike in start,
        months, donors and recipient states.
    runs, seed : int
        Pairs of runs, at least 1, and seed of the experiment.
    months : int, optional
        Months for every scenario read from a file, so that a long one compares with a short one.
    settings : sequence of str
        Changes such as ``donors.USA.response=0.02``, made to every scenario read from a file.
    out : str or Path, optional
        Results folder to write.
    progress : callable, optional
        Called with the run-months finished since the last call.
    workers : int, optional
        Threads to share the work, one a processor by default; they change speed, never a result.
    fixed : bool
        Keep the parameters as each scenario has them instead of drawing them from the posterior.

    Returns
    -------
    Comparison

    Raises
    ------
    ScenarioError
        If a scenario cannot be read, or differs from the base in what must be alike.
    FolderError
        If the folder cannot take the results; nothing is overwritten.
    """
    pairing = paired(base, *variants, runs=runs, seed=seed, months=months, settings=settings, fixed=fixed)
    return _compared(pairing, out, progress, workers)


def paired(
    base: str | Path | Scenario,
    *variants: str | Path | Scenario,
    runs: int,
    seed: int,
    months: int | None = None,
    settings: Sequence[str] = (),
    fixed: bool = False,
) -> "Pairing":
    """Read what is to be compared, and make sure that it can be; see :func:`compare`."""
    if runs < 1 or seed < 0:
        raise ValueError("runs must be at least 1 and seed at least 0")
    return Pairing.of(dict(_named([base, *variants], settings, months)), runs, seed, policy(fixed=fixed))


def side_by_side(
    named: Mapping[str, Scenario],
    runs: int,
    seed: int,
    draws: Posterior | None,
    *,
    out: str | Path | None = None,
    progress: Progress | None = None,
    workers: int | None = None,
) -> Comparison:
    """Compare scenarios, given by the names they are to have, with the first; see :func:`compare`."""
    return _compared(Pairing.of(named, runs, seed, draws), out, progress, workers)


@dataclass(frozen=True)
class Pairing:
    """Scenarios to be compared with the first, and the manifest of what that gives."""

    named: Mapping[str, Scenario]
    draws: Posterior | None
    about: dict[str, Any]

    @classmethod
    def of(cls, named: Mapping[str, Scenario], runs: int, seed: int, draws: Posterior | None) -> "Pairing":
        """Make sure that scenarios can be paired; see :func:`compare`."""
        (base, first), *others = named.items()
        for name, scenario in others:
            _alike(base, first, name, scenario)
        if not others:
            raise ScenarioError(base, "", "is alone; name at least one scenario to compare it with")
        parts = {"base": base, "variants": [name for name, _ in others], "seed": seed, "runs": runs}
        return cls(named, draws, manifest.made("comparison", named, draws, parts))

    @property
    def months(self) -> int:
        """Run-months that it takes."""
        return sum(one.months for one in self.named.values()) * int(self.about["runs"])

    def compared(
        self, held: folder.Held | None = None, progress: Progress | None = None, workers: int | None = None
    ) -> Comparison:
        """Run it, into a folder that is held for it if there is one."""
        first, *others = self.named.values()
        runs, seed = range(self.about["runs"]), self.about["seed"]
        left = traces(
            [Ensemble(one, runs, seed, self.draws) for one in (first, *others)], workers=workers, progress=progress
        )
        variants = dict(list(self.named.items())[1:])
        tables = _tables(first, [(name, left[0], part) for name, part in zip(variants, left[1:], strict=True)])
        if held is not None:
            held.write_frames(tables)
        return Comparison(first, variants, self.about, held.where if held else None, **tables)


def _compared(pairing: Pairing, out: str | Path | None, progress: Progress | None, workers: int | None) -> Comparison:
    if out is None:
        return pairing.compared(None, progress, workers)
    with folder.hold(Path(out), pairing.about) as held:
        return pairing.compared(held, progress, workers)


def _named(
    given: Sequence[str | Path | Scenario], settings: Sequence[str], months: int | None
) -> list[tuple[str, Scenario]]:
    """Load scenarios and give each a name of its own."""
    found: list[tuple[str, Scenario]] = []
    for one in given:
        scenario = one if isinstance(one, Scenario) else manifest.load(one, settings, months)
        name = scenario.title if isinstance(one, Scenario) else str(one)
        name = manifest.short(name)
        taken = [n for n, _ in found]
        found.append((name if name not in taken else f"{name} ({len(found) + 1})", scenario))
    return found


def states(scenario: Scenario) -> list[str]:
    """Return the codes of the recipient states, in the order of the world's rows."""
    kinds = start.kinds(scenario.donors, scenario.counterparts)
    return [code for code, kind in zip(start.codes(), kinds, strict=True) if kind == Kind.STATE]


def _alike(base_name: str, base: Scenario, name: str, other: Scenario) -> None:
    """Raise a :class:`ScenarioError` where two scenarios cannot be paired."""
    for key in ("months", "start"):
        mine, theirs = getattr(other, key), getattr(base, key)
        if mine != theirs:
            words = f"is {mine}, but {theirs} in {base_name}; give both the same {key}"
            raise ScenarioError(name, key, words)
    sets = {"donors": (set(other.donors), set(base.donors)), "counterparts": (set(states(other)), set(states(base)))}
    for key, (mine, theirs) in sets.items():
        if mine != theirs:
            what = "donors" if key == "donors" else "recipient states"
            differing = ", ".join(sorted(mine ^ theirs))
            words = f"{what} differ from those of {base_name} in {differing}; give both the same"
            raise ScenarioError(name, key, words)
    if list(other.donors) != list(base.donors):
        words = f"stand in another order than in {base_name}; differences are first less second"
        raise ScenarioError(name, "donors", words)


def _tables(base: Scenario, pairs: Sequence[tuple[str, Trace, Trace]]) -> dict[str, pd.DataFrame]:
    names = {code: donor.name for code, donor in base.donors.items()}
    makers: dict[str, Callable[[Trace, Trace], pd.DataFrame]] = {
        "differences": lambda b, v: differences(b.outcomes, v.outcomes, names),
        "movers": lambda b, v: movers(v.final - b.final, list(names), states(base)),
        "backfill": lambda b, v: backfill(b.outcomes, v.outcomes, rival_pairs(base)),
        "monthly": lambda b, v: monthly(v.mean - b.mean, list(names), base),
    }
    tables = {}
    for table, make in makers.items():
        parts = [make(b, v) for _, b, v in pairs]
        for part, (name, _, _) in zip(parts, pairs, strict=True):
            part.insert(0, "variant", name)
        tables[table] = pd.concat(parts, ignore_index=True)
    return tables
