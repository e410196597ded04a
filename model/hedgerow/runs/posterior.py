"""The posterior: weighted draws of the parameters, and the version of the model they belong to.

Draws are shipped as ``hedgerow/data/posterior.parquet``. Run ``k`` of an experiment takes a draw
that depends on the seed and on ``k`` alone, so that any run can be repeated by itself and two
scenarios under one seed share their parameters as they share their chance.
"""

import hashlib
import io
import json
import tokenize
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
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

from hedgerow.core.numbers import FloatArray
from hedgerow.runs.folder import FolderError, whole
from hedgerow.scenario.schema import Scenario
from hedgerow.scenario.settings import UnknownPathError, value

KEY = b"hedgerow"
WEIGHT = "weight"
STREAM = 0x706F7374
"""Keeps the choice of draws apart from the tape's own use of the seed."""
TABLES = ("countries.csv", "borders.csv")
SILENT = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENCODING}
OPENING = {tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT}
"""After these a string is a docstring; after the end of a line inside brackets it is not."""
AGAIN = "run `hedgerow calibrate` for this model, or give --fixed to use the defaults"


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
    """

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
        with whole(path) as partial:
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
            Parameters that it sets otherwise than the scenario of the calibration stay as it sets
            them, and those of a donor or forum that it lacks are left out.
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
        """Return the parameters that a scenario has and does not set for itself."""
        return [path for path in self.paths if self._is_open(scenario, path)]

    def _is_open(self, scenario: Scenario, path: str) -> bool:
        try:
            held = value(scenario, path)
        except UnknownPathError:
            return False
        return held is not None and isclose(held, self.about.base[path], rel_tol=1e-12)

    def entry(self) -> dict[str, Any]:
        """Return what a manifest says of it."""
        return {
            "calibration": self.about.calibration,
            "model": self.about.model,
            "draws": len(self.table),
            "parameters": self.paths,
        }


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
        table = pq.read_table(path)
    except FileNotFoundError:
        raise PosteriorError(f"{path}: there is no posterior; {AGAIN}") from None
    except (pa.ArrowInvalid, OSError):
        raise PosteriorError(f"{path}: cannot be read; is it a posterior?") from None
    try:
        about = About(**json.loads((table.schema.metadata or {})[KEY]))
    except (KeyError, ValueError, TypeError):
        raise PosteriorError(f"{path}: is not a posterior of hedgerow") from None
    if about.model != model_digest() and not any_model:
        words = f"was made by another version of the model ({about.model}, not {model_digest()})"
        raise PosteriorError(f"{path}: {words}; {AGAIN}")
    return Posterior(table.to_pandas(), about)


FILE = "posterior.parquet"


@cache
def _shipped() -> Posterior:
    with as_file(files("hedgerow.data") / FILE) as path:
        return read(path)


def install(posterior: Posterior) -> Path:
    """Make a posterior that of this installation, and return where it is."""
    with as_file(files("hedgerow.data")) as folder:
        posterior.write(folder / FILE)
        _shipped.cache_clear()
        return folder / FILE


def shipped() -> Posterior:
    """Return the posterior that comes with the package, read once."""
    return _shipped()


def draws(runs: int | Sequence[int], seed: int, scenario: Scenario | None = None) -> list[dict[str, float]]:
    """Return the settings of each run from the shipped posterior; see :meth:`Posterior.draws`."""
    return shipped().draws(runs, seed, scenario)


@cache
def model_digest() -> str:
    """Return a digest of the model: the code of the core and of the start, and its tables.

    Comments, docstrings and layout do not count, nor does anything that only reads results.
    """
    package = Path(__file__).parents[1]
    digest = hashlib.sha256()
    for path in sorted([*(package / "core").rglob("*.py"), *(package / "data").glob("*.py")]):
        digest.update(path.relative_to(package).as_posix().encode())
        digest.update(bare(path.read_text(encoding="utf-8")).encode())
    for name in TABLES:
        digest.update((package / "data" / name).read_bytes())
    return digest.hexdigest()[:12]


def bare(code: str) -> str:
    """Return Python code without comments, docstrings and layout."""
    kept: list[str] = []
    fresh = True
    for kind, text in _tokens(code):
        if kind in SILENT:
            fresh = fresh or kind in OPENING
            continue
        if not (fresh and kind == tokenize.STRING):
            kept.append("".join(text.split()))
        fresh = False
    return " ".join(kept)


def _tokens(code: str) -> Iterator[tuple[int, str]]:
    """Yield kinds and texts of tokens, an f-string as one, which Python 3.12 takes apart."""
    lines, depth, start = code.splitlines(keepends=True), 0, (1, 0)
    for token in tokenize.generate_tokens(io.StringIO(code).readline):
        name = tokenize.tok_name[token.type]
        if name == "FSTRING_START":
            start = start if depth else token.start
            depth += 1
        elif name == "FSTRING_END":
            depth -= 1
            if not depth:
                yield tokenize.STRING, _between(lines, start, token.end)
        elif not depth:
            yield token.type, token.string


def _between(lines: list[str], start: tuple[int, int], end: tuple[int, int]) -> str:
    """Return the text from one place, a line from 1 and a column from 0, to another."""
    rows = lines[start[0] - 1 : end[0]]
    rows[-1] = rows[-1][: end[1]]
    return "".join(rows)[start[1] :]


def shrinkage(posterior: Posterior) -> pd.DataFrame:
    """Return what the record taught about each parameter.

    Returns
    -------
    DataFrame
        A row a parameter: ``path``, the prior's ``prior_low`` and ``prior_high``, the posterior's
        ``median``, ``low`` and ``high`` (90%), ``shrinkage`` (share of the prior's variance, on the
        scale of the prior, that is gone: 0 nothing learnt, 1 known), ``identified`` in words,
        ``partner`` and ``correlation``: the parameter it trades off with most.
    """
    about, weight = posterior.about, posterior.table[WEIGHT].to_numpy()
    paths = posterior.fitted
    cube = np.column_stack([_to_unit(posterior.table[p].to_numpy(), about, p) for p in paths])
    centre = weight @ cube
    covariance = (cube - centre).T @ ((cube - centre) * weight[:, None])
    variance = np.maximum(np.diag(covariance), 1e-12)
    across = covariance / np.sqrt(np.outer(variance, variance)) - np.eye(len(variance))
    rows = []
    for i, path in enumerate(paths):
        low, median, high = _quantiles(posterior.table[path].to_numpy(), weight)
        shrunk, mate = 1.0 - 12.0 * variance[i], int(np.argmax(np.abs(across[i])))
        rows.append(
            {
                "path": path,
                "prior_low": about.low[path],
                "prior_high": about.high[path],
                "median": median,
                "low": low,
                "high": high,
                "shrinkage": max(shrunk, 0.0),
                "identified": identified(shrunk),
                "partner": paths[mate],
                "correlation": across[i, mate],
            }
        )
    return pd.DataFrame(rows)


def identified(shrunk: float) -> str:
    """Return in words how far the record identifies a parameter."""
    return "yes" if shrunk >= 0.75 else "in part" if shrunk >= 0.3 else "no"


def _to_unit(values: FloatArray, about: About, path: str) -> FloatArray:
    low, high = about.low[path], about.high[path]
    if about.log[path]:
        return np.asarray(np.log(values / low) / np.log(high / low))
    return np.asarray((values - low) / (high - low))


def _quantiles(values: FloatArray, weight: FloatArray) -> tuple[float, float, float]:
    order = np.argsort(values)
    upto = np.cumsum(weight[order]) - 0.5 * weight[order]
    low, median, high = np.interp((0.05, 0.5, 0.95), upto, values[order])
    return float(low), float(median), float(high)


def unit_cube(posterior: Posterior) -> Mapping[str, FloatArray]:
    """Return the draws on the scale of their priors, 0-1, by path."""
    return {p: _to_unit(posterior.table[p].to_numpy(), posterior.about, p) for p in posterior.fitted}
