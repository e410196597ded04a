"""What a sweep holds, read so that an analysis can be chosen for it.

A *policy* is what someone chooses: the factor ``scenario`` or, without one, the listed factors
below ``policies``. A *world* is a combination of all other factors. This room reads; it computes
nothing. A new kind of design is a new answer of :attr:`Reading.sampled`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from hedgerow.disk.plain import UnfitError
from hedgerow.disk.reading import toml
from hedgerow.runs.folder import FolderError
from hedgerow.runs.manifest import SCENARIO
from hedgerow.scenario.suggest import suggestion
from hedgerow.study import design
from hedgerow.study.results import Results, open_
from hedgerow.wording.numbers import setting

POLICY, WORLD, DRAW = "policy", "world", "draw"
FEW_WORLDS = 10
"""Below so many worlds their levels are taken as given, and chance alone makes an interval."""


@dataclass(frozen=True)
class Reading:
    """A sweep and the roles of its factors.

    Attributes
    ----------
    results : Results
    method : str
        Design: ``grid``, ``list``, ``lhs``, ``sobol`` or ``morris``.
    points : pandas.DataFrame
        The design, indexed by point: a column a factor that takes more than one value.
    listed : list of str
        Factors whose values the study lists, of those that vary.
    ranges : dict
        Lowest and highest value that the study gives a factor, where it does.
    """

    results: Results
    method: str
    points: pd.DataFrame
    listed: list[str]
    ranges: dict[str, tuple[float, float]]

    @property
    def manifest(self) -> dict[str, Any]:
        """What the store says of itself."""
        return self.results.manifest

    @property
    def factors(self) -> list[str]:
        """Factors that take more than one value."""
        return list(self.points.columns)

    @property
    def sampled(self) -> bool:
        """Whether factors are drawn from ranges."""
        return self.method in design.SAMPLED

    @property
    def drawn(self) -> list[str]:
        """Factors drawn from ranges, in order."""
        return [f for f in self.factors if f not in self.listed]

    @cached_property
    def policy(self) -> list[str]:
        """Factors that someone chooses."""
        if SCENARIO in self.factors:
            return [SCENARIO]
        return [f for f in self.listed if f.startswith("policies.") and self.method != "list"]

    @property
    def numeric(self) -> list[str]:
        """Factors that are numbers."""
        kinds = self.points.dtypes
        return [f for f in self.factors if pd.api.types.is_numeric_dtype(kinds[f])]

    @property
    def donors(self) -> dict[str, str]:
        """Donor names by code, in the order of the scenario."""
        first = next(iter(self.manifest["resolved"].values()))
        return {code: str(donor["name"]) for code, donor in first["donors"].items()}

    @cached_property
    def samples(self) -> pd.Series:
        """Number of the sampled point of each point; listed values share the same sample."""
        combinations = self.points[self.listed].drop_duplicates().shape[0] if self.listed else 1
        each = max(len(self.points) // max(combinations, 1), 1)
        return pd.Series(self.points.index.to_numpy() % each, index=self.points.index)

    def frame(self, outcomes: Sequence[str]) -> pd.DataFrame:
        """Return a row a run that went well: point, replication and outcomes, without factors.

        Parameters
        ----------
        outcomes : sequence of str
            Outcomes that the store keeps.

        Raises
        ------
        FolderError
            If a part cannot be read.
        """
        table: pd.DataFrame = self.results.rows(list(dict.fromkeys(outcomes))).to_pandas()
        return table

    def means(self, frame: pd.DataFrame, outcome: str) -> pd.DataFrame:
        """Return a row a point: its factors and the mean of an outcome over replications."""
        mean = frame.groupby("point")[outcome].mean()
        return self.points.loc[mean.index].assign(**{outcome: mean})

    def by_sample(self, frame: pd.DataFrame, outcome: str) -> pd.DataFrame:
        """Return a row a sampled point: its drawn factors and the outcome, averaged over policies.

        Only samples that every combination of listed values has are kept.
        """
        mean = frame.groupby("point")[outcome].mean()
        sample = self.samples.loc[mean.index]
        complete = sample.groupby(sample).transform("size") == self.samples.value_counts().max()
        kept = mean[complete.to_numpy()]
        table = kept.groupby(self.samples.loc[kept.index]).mean()
        factors = self.points[self.drawn].groupby(self.samples).first()
        return factors.loc[table.index].assign(**{outcome: table})

    def range_of(self, factor: str) -> tuple[float, float]:
        """Return the range of a factor: as the study gives it, else as it was visited."""
        values = self.points[factor]
        return self.ranges.get(factor, (float(values.min()), float(values.max())))


def read(where: str | Path | Results) -> Reading:
    """Read what a sweep holds.

    Parameters
    ----------
    where : str, Path or Results
        Folder that a sweep wrote, finished or not.

    Raises
    ------
    FolderError
        If it holds no sweep, nothing yet, a damaged part, or lacks what this version needs.
    """
    results = where if isinstance(where, Results) else open_(Path(where))
    about = results.manifest
    try:
        told = toml(about["study"])["design"]
        tables = {_plain(path): table for path, table in told["factors"].items()}
        ranges = {f: (float(t["low"]), float(t["high"])) for f, t in tables.items() if {"low", "high"} <= {*t}}
    except (UnfitError, LookupError, AttributeError, TypeError, ValueError):
        raise FolderError(_older(results.where, about, "study")) from None
    if results.dataset.count_rows() == 0:
        words = "holds no finished run yet; start the sweep, or wait for its first part"
        raise FolderError(f"{results.where}: {words}")
    points = results.points.to_pandas().set_index("point")
    texts = [f for f in points.columns if not pd.api.types.is_numeric_dtype(points[f])]
    points[texts] = points[texts].map(_hashable) if texts else points[texts]
    varying = [f for f in points.columns if points[f].nunique() > 1]
    kept = points[varying]
    listed = [f for f in varying if "values" in tables.get(f, {})]
    return Reading(results, str(told.get("method", "grid")), kept, listed, ranges)


def chosen(reading: Reading, outcomes: Sequence[str]) -> list[str]:
    """Return the outcomes asked for, having made sure that the store keeps them.

    Raises
    ------
    FolderError
        If it does not; the message names the nearest.
    """
    known = reading.results.outcomes
    for name in outcomes:
        if name not in known:
            words = f"keeps no outcome '{name}'{suggestion(name, known)}"
            raise FolderError(f"{reading.results.where}: {words}")
    return list(dict.fromkeys(outcomes))


def worlds(reading: Reading, frame: pd.DataFrame, outcomes: Sequence[str]) -> pd.DataFrame:
    """Return outcomes by policy and world, for rankings: policies meet the same worlds and chance.

    Parameters
    ----------
    reading : Reading
    frame : pandas.DataFrame
        Runs, as :meth:`Reading.frame` gives them.
    outcomes : sequence of str

    Returns
    -------
    pandas.DataFrame
        Columns ``policy``, ``world``, ``draw`` and the outcomes. A draw is the unit that intervals
        are taken over: where worlds are many, the world, with replications averaged; where they
        are few, the replication. Worlds that a policy lacks are left out.
    """
    label, place = policy_labels(reading), world_numbers(reading)
    table = frame[["point", "replication", *outcomes]].copy()
    table[POLICY] = table["point"].map(label)
    table[WORLD] = table["point"].map(place)
    if place.nunique() >= FEW_WORLDS:
        table = table.groupby([POLICY, WORLD], sort=False)[list(outcomes)].mean().reset_index()
        table[DRAW] = table[WORLD]
    else:
        table = table.rename(columns={"replication": DRAW})
    return _complete(table[[POLICY, WORLD, DRAW, *outcomes]])


def world_numbers(reading: Reading) -> pd.Series:
    """Return the number of the world of each point."""
    others = [f for f in reading.factors if f not in reading.policy]
    if not others:
        return pd.Series(0, index=reading.points.index)
    if reading.sampled and not set(others) & set(reading.listed):
        return reading.samples
    return reading.points.groupby(others, sort=False).ngroup()


def policy_labels(reading: Reading) -> pd.Series:
    """Return the name of the policy of each point."""
    if reading.policy == [SCENARIO]:
        return reading.points[SCENARIO].astype(str)
    label, before = pd.Series("", index=reading.points.index), ""
    for path in reading.policy:
        name = short(path)
        # The name of a policy is said once, not before each of its keys.
        above = path.rpartition(".")[0]
        name = short(path.rpartition(".")[2]) if above == before else name
        label = label + (" / " if before else "") + name + " "
        label, before = label + reading.points[path].map(setting), above
    return label


def short(path: str) -> str:
    """Return a factor's path in words, e.g. ``acceptance gap``."""
    for head in ("parameters.", "policies."):
        path = path.removeprefix(head)
    return path.replace(".", " ").replace("_", " ")


def _complete(table: pd.DataFrame) -> pd.DataFrame:
    """Keep the draws of a world that every policy has, and draws that every world has."""
    policies, places = table[POLICY].nunique(), table[WORLD].nunique()
    for keys, full in (([WORLD, DRAW], policies), ([DRAW], policies * places)):
        if keys == [DRAW] and (table[WORLD] == table[DRAW]).all():
            continue
        size = table.groupby(keys)[POLICY].transform("size")
        table = table[size == full]
    return table.reset_index(drop=True)


def _older(where: Path, about: dict[str, Any], key: str) -> str:
    code = about.get("code", "an unknown version")
    words = f"was written by {code}, whose manifest this version cannot read ('{key}')"
    return f"{where}: {words}; run the sweep again"


def _plain(path: str) -> str:
    return ".".join(part.strip() for part in path.split("."))


def _hashable(value: Any) -> Any:
    return tuple(value) if isinstance(value, list | np.ndarray) else value
