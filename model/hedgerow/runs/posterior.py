"""The posterior: weighted draws of the parameters, and the versions of the model they belong to.

Draws are shipped as ``hedgerow/data/posterior.parquet``. Run ``k`` of an experiment takes draw ``k``,
which depends on the seed and on ``k`` alone, in every command: any run can be repeated by itself, and
two scenarios under one seed share their parameters as they share their chance. What a scenario sets,
in a file, by ``--set`` or as a factor, is never drawn, whatever its value.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from functools import cache, cached_property
from importlib.resources import as_file, files
from math import isclose
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.random import SeedSequence
from pydantic import ConfigDict, TypeAdapter, ValidationError

from hedgerow.core.numbers import FloatArray
from hedgerow.disk.plain import UnfitError
from hedgerow.disk.reading import decoded, json_object
from hedgerow.disk.whole import whole
from hedgerow.runs.digest import model_digest
from hedgerow.runs.folder import FolderError, parquet
from hedgerow.scenario.schema import Scenario
from hedgerow.scenario.settings import UnknownPathError, value

KEY = b"hedgerow"
WEIGHT = "weight"
FILE = "posterior.parquet"
STREAM = 0x706F7374
"""Keeps the choice of draws apart from the tape's own use of the seed."""
AGAIN = (
    "run `hedgerow calibrate --vouch` if the change leaves outcomes as they were, `hedgerow calibrate` to fit "
    "this model, or give --fixed to use the defaults"
)


class PosteriorError(FolderError):
    """A posterior that cannot be used; the message says why."""


@dataclass(frozen=True)
class About:
    """What a posterior is and what it was made with.

    Attributes
    ----------
    model : digest of the model's code and start
    version : version of hedgerow
    calibration : hash of the calibration
    seed, runs : of the calibration; runs of all waves
    scenario : name of the scenario it was fitted in
    low, high, log : range and scale of the prior of each fitted parameter, by path
    base : value of each parameter in that scenario, by path
    vouched : digests of later models that gave the same golden outcomes to the bit
    ground : who set what the fit began from: the files of that scenario
    proof : digests of the golden outcomes of the model, by scenario and outcome; see fit/vouch
    """

    __pydantic_config__ = ConfigDict(strict=True, allow_inf_nan=False, extra="forbid")

    model: str
    version: str
    calibration: str
    seed: int
    runs: int
    scenario: str
    low: dict[str, float]
    high: dict[str, float]
    log: dict[str, bool]
    base: dict[str, float]
    vouched: tuple[str, ...] = field(default=())
    ground: tuple[str, ...] = field(default=())
    proof: dict[str, dict[str, str]] = field(default_factory=dict, repr=False)

    @property
    def models(self) -> tuple[str, ...]:
        """Digests of the models it may be used with."""
        return self.model, *self.vouched


@dataclass(frozen=True)
class Posterior:
    """Weighted draws.

    Attributes
    ----------
    table : DataFrame
        A row a draw: a column a parameter, named by its path, and ``weight``, which adds up to 1.
    about : About
    """

    table: pd.DataFrame
    about: About

    @property
    def paths(self) -> list[str]:
        """Paths of all parameters that are drawn."""
        return [str(c) for c in self.table.columns if c != WEIGHT]

    @property
    def fitted(self) -> list[str]:
        """Paths of those that were fitted; the others are carried over from other studies."""
        return [path for path in self.paths if path in self.about.low]

    def write(self, path: Path) -> None:
        """Write the posterior, whole or not at all."""
        table = pa.Table.from_pandas(self.table, preserve_index=False)
        told = json.dumps(asdict(self.about), ensure_ascii=False).encode()
        with whole(path, durable=True) as partial:
            pq.write_table(table.replace_schema_metadata({KEY: told}), partial, compression="zstd")

    def draws(self, runs: int | Sequence[int], seed: int, scenario: Scenario | None = None) -> list[dict[str, float]]:
        """Return the settings of each run, by dotted path.

        Parameters
        ----------
        runs : int or sequence of int
            How many runs, or their numbers.
        seed : int
            Seed of the experiment.
        scenario : Scenario, optional
            Parameters that it sets stay as it sets them, and those of a donor or forum that it lacks are left out.
        """
        numbers = range(runs) if isinstance(runs, int) else runs
        paths = set(self.paths if scenario is None else self.open_in(scenario))
        chance = [_uniform(seed, int(number)) for number in numbers]
        picked = np.searchsorted(self._upto, chance, side="right")
        rows = self._rows[np.minimum(picked, len(self._rows) - 1)].tolist()
        return [{path: x for path, x in zip(self.paths, row, strict=True) if path in paths} for row in rows]

    @cached_property
    def _upto(self) -> FloatArray:
        return np.cumsum(self.table[WEIGHT].to_numpy())

    @cached_property
    def _rows(self) -> FloatArray:
        return self.table[self.paths].to_numpy()

    def open_in(self, scenario: Scenario) -> list[str]:
        """Return the parameters that are drawn in a scenario: it has them, and nobody has set them."""
        return self._split(scenario)[0]

    def held_in(self, scenario: Scenario) -> list[str]:
        """Return the parameters that a scenario holds as they were set.

        The files of the calibration's scenario say where the fit began and so hold nothing. A value that
        is another than there was set too, though nobody left a note.
        """
        return self._split(scenario)[1]

    def _split(self, scenario: Scenario) -> tuple[list[str], list[str]]:
        # Whoever set a table or a list has set all that is in it.
        ground = self.about.ground or (self.about.scenario,)
        by = {path for path, who in scenario.set_by.items() if who not in ground}
        drawn: list[str] = []
        held: list[str] = []
        for path in self.paths:
            found = _value(scenario, path)
            if found is None:
                continue
            own = not isclose(found, self.about.base[path], rel_tol=1e-12)
            (held if own or any(part in by for part in _above(path)) else drawn).append(path)
        return drawn, held

    def entry(self, scenario: Scenario) -> dict[str, Any]:
        """Return what a manifest says of it: what it is, and what of a scenario is drawn and held."""
        drawn, held = self._split(scenario)
        about = {"calibration": self.about.calibration, "model": self.about.model, "draws": len(self.table)}
        return {"posterior": about, "drawn": drawn, "held": held}


def _value(scenario: Scenario, path: str) -> float | None:
    try:
        found: float | None = value(scenario, path)
    except UnknownPathError:
        return None
    return found


def _above(path: str) -> Iterator[str]:
    """Yield a dotted path and all that it lies in."""
    while path:
        yield path
        path = path.rpartition(".")[0]


def _uniform(seed: int, run: int) -> float:
    word = SeedSequence((seed, run, STREAM)).generate_state(1, np.uint64)[0]
    return float(word >> np.uint64(11)) * 2.0**-53


def read(path: Path, *, any_model: bool = False) -> Posterior:
    """Read a posterior.

    Parameters
    ----------
    path : Path
    any_model : bool
        Whether one made by another version of the model will do.

    Raises
    ------
    PosteriorError
        If it is missing, damaged, no posterior, or made by another version of the model.
    """
    try:
        table = parquet(path)
    except FolderError:
        words = "cannot be read; is it a posterior?" if path.exists() else f"there is no posterior; {AGAIN}"
        raise PosteriorError(f"{path}: {words}") from None
    try:
        told = decoded((table.schema.metadata or {})[KEY])
        json_object(told)
        about = TypeAdapter(About).validate_json(told)
    except (KeyError, UnfitError):
        raise PosteriorError(f"{path}: is not a posterior of hedgerow") from None
    except ValidationError as error:
        key = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise PosteriorError(f"{path}: is not a posterior of hedgerow; '{key}' is not as this version reads it") from None
    if model_digest() not in about.models and not any_model:
        words = f"was made by another version of the model ({about.model}, not {model_digest()})"
        raise PosteriorError(f"{path}: {words}; {AGAIN}")
    _sound(table, about, path)
    return Posterior(table.to_pandas(), about)


def _sound(table: pa.Table, about: About, path: Path) -> None:
    """Raise where draws are none, or no numbers, or not of the parameters that it speaks of."""
    names = table.column_names
    paths = {name for name in names if name != WEIGHT}
    faults = {
        "holds no draws": not len(table),
        "holds no weights": WEIGHT not in names,
        "holds a column twice": len(set(names)) < len(names),
        "does not say what a parameter was that it draws": not paths <= set(about.base),
        "draws nothing of a parameter that it speaks of": not {*about.low, *about.high, *about.log} <= paths,
        "gives a range without an end": not set(about.low) == set(about.high) == set(about.log),
        "holds what is no number": not all(pa.types.is_floating(kind) for kind in table.schema.types),
    }
    fault = next((words for words, there in faults.items() if there), "")
    if not fault:
        values = {name: table[name].to_numpy() for name in names}
        if not all(np.isfinite(column).all() for column in values.values()):
            fault = "holds a draw that is no finite number"
        elif (values[WEIGHT] < 0).any() or not isclose(values[WEIGHT].sum(), 1.0, rel_tol=1e-6):
            fault = "holds weights that do not add up to 1"
    if fault:
        raise PosteriorError(f"{path}: {fault}; {AGAIN}")


def home() -> Path:
    """Return where the posterior of this installation is."""
    with as_file(files("hedgerow.data")) as folder:
        return folder / FILE


@cache
def _shipped() -> Posterior:
    return read(home())


def install(posterior: Posterior) -> Path:
    """Make a posterior that of this installation, and return where it is."""
    posterior.write(home())
    _shipped.cache_clear()
    return home()


def shipped() -> Posterior:
    """Return the posterior that comes with the package, read once."""
    return _shipped()


def policy(*, fixed: bool) -> Posterior | None:
    """Return what runs draw their parameters from: the shipped posterior, or nothing where they are fixed."""
    return None if fixed else shipped()


def entry(scenario: Scenario, draws: Posterior | None) -> dict[str, Any]:
    """Return what a manifest says of the parameters of a scenario's runs."""
    return {"parameters": "fixed at the scenario's"} if draws is None else draws.entry(scenario)
