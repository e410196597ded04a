"""Results folders, a posterior: what hedgerow wrote and reads again."""

import hashlib
import json
import shutil
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

from hedgerow.analysis import analyse
from hedgerow.app.sweeps import donor_names, find_sweeps, outcome_name
from hedgerow.report.brief import html
from hedgerow.report.brief import subject as subjects
from hedgerow.runs import manifest, posterior
from hedgerow.runs.ensemble import Ensemble
from hedgerow.runs.folder import MANIFEST, FolderError, read_manifest
from hedgerow.runs.replay import replay
from hedgerow.runs.run import opened, results
from hedgerow.scenario.load import load
from hedgerow.study.results import open_
from hedgerow.study.sweep import status, sweep
from tests.faults.harness import AtOnce
from tests.fuzz import judge
from tests.fuzz.chance import Chance
from tests.fuzz.judge import Wrong
from tests.fuzz.kinds.base import Folder, Kind, one_month
from tests.fuzz.mutate import files, tables, texts, trees
from tests.fuzz.mutate.written import js

FOLDERS = ("run", "comparison", "sweep")


class ResultsFolder(Kind):
    """A results folder, one of whose ways of being read is drawn."""

    folder: ClassVar[str]
    vouched: ClassVar[float] = 0.6
    """How often the folder vouches for what was changed in it, so that whatever reads it meets that."""
    ways: ClassVar[Sequence[tuple[int, str]]]

    @cached_property
    def _seed(self) -> Folder:
        return Folder(self.held / self.folder)

    @cached_property
    def _manifests(self) -> Mapping[str, Any]:
        return {name: json.loads((self.held / name / MANIFEST).read_text()) for name in FOLDERS}

    @cached_property
    def _parquet(self) -> list[Path]:
        return sorted(self.held.glob("*/**/*.parquet"))

    def good(self, where: Path) -> Any:
        self._seed.copy(where)
        return self.ways[0][1]

    def make(self, chance: Chance, where: Path) -> Any:
        folder = self._seed.copy(where)
        for _ in range(chance.times(80, 20)):
            chance.weighted([(10, self._manifest), (6, self._table), (4, self._file), (3, self._bytes), (1, self._other)])(
                chance, folder
            )
        if chance.often(self.vouched):
            self.sign(folder)
        return chance.weighted(self.ways)

    def sign(self, folder: Path) -> None:
        """Let the folder vouch for what it holds now."""

    def _manifest(self, chance: Chance, folder: Path) -> None:
        tree = trees.mutated(self._manifests[self.folder], list(self._manifests.values()), chance, toml=False)
        text = js(tree)
        self._put(folder / MANIFEST, texts.coded(texts.mutated(text, chance) if chance.often(0.08) else text, chance))

    def _table(self, chance: Chance, folder: Path) -> None:
        found = sorted(p for p in folder.rglob("*.parquet") if p.is_file() and not p.is_symlink())
        with suppress(OSError, ValueError, KeyError):
            if found:
                tables.damage(chance.one(found), chance, self._parquet)

    def _file(self, chance: Chance, folder: Path) -> None:
        found = sorted(folder.rglob("*"))
        if found:
            with suppress(OSError):
                files.spoil(chance.one(found), chance)

    def _bytes(self, chance: Chance, folder: Path) -> None:
        found = sorted(p for p in folder.rglob("*") if p.is_file() and not p.is_symlink())
        if found:
            path = chance.one(found)
            self._put(path, texts.damaged(_content(path), chance))

    def _other(self, chance: Chance, folder: Path) -> None:
        """Put in what belongs to another folder."""
        self._put(folder / MANIFEST, (self.held / chance.one(FOLDERS) / MANIFEST).read_bytes())

    @staticmethod
    def _put(path: Path, content: bytes) -> None:
        """Write a file, whatever is there: a pipe would wait for a reader."""
        with suppress(OSError):
            files.remove(path)
            path.write_bytes(content)

    def read(self, where: Path, how: Any) -> None:
        getattr(self, how)(where / self.folder)

    def manifest(self, where: Path) -> None:
        """Load a scenario of the folder by its manifest, as ``run manifest.json`` does, and run it."""
        one_month(manifest.load(where / MANIFEST, months=1, allow_mixed=True))

    def page(self, where: Path) -> None:
        """Write its report."""
        html.render(subjects.page(subjects.Wish(str(where), probes=0)))

    def again(self, where: Path) -> None:
        """Make its runs again."""
        replay(where)


class RunFolder(ResultsFolder):
    """What ``hedgerow run`` wrote."""

    name, folder, weight = "run", "run", 7
    ways = ((4, "summary"), (4, "again"), (4, "manifest"), (1, "page"))

    def summary(self, where: Path) -> None:
        """Read outcomes and their summary."""
        about = read_manifest(where)
        manifest.check(about, where, allow_mixed=True)
        found = opened(where, about)
        found.summary()
        found.table("panel")


class ComparisonFolder(ResultsFolder):
    """What ``hedgerow compare`` wrote."""

    name, folder, weight = "comparison", "comparison", 5
    ways = ((4, "again"), (4, "scenario"), (1, "page"))

    def scenario(self, where: Path) -> None:
        """Load one of its scenarios by name."""
        one_month(manifest.load(f"{where}#gap-fill", months=1, allow_mixed=True))


class SweepFolder(ResultsFolder):
    """What ``hedgerow sweep`` wrote."""

    name, folder, weight = "sweep", "sweep", 8
    ways = ((5, "frame"), (2, "listed"), (3, "run"), (2, "page"), (2, "analysis"), (2, "scenario"))

    def sign(self, folder: Path) -> None:
        digest = _sha256(folder / "points.parquet")
        with suppress(OSError, ValueError, RecursionError, TypeError):
            about = json.loads(_content(folder / MANIFEST))
            self._put(folder / MANIFEST, json.dumps({**about, "points_sha256": digest}).encode())
        with suppress(OSError, ValueError, RecursionError, TypeError, KeyError):
            lines = [json.loads(line) for line in _content(folder / "journal.jsonl").splitlines()]
            signed = [{**e, "sha256": _sha256(folder / "parts" / f"{e['chunk']}.parquet") or e["sha256"]} for e in lines]
            if signed:
                self._put(folder / "journal.jsonl", "".join(json.dumps(e) + "\n" for e in signed).encode())

    def frame(self, where: Path) -> None:
        """Open it, and read what went well and what did not."""
        found = open_(where)
        found.frame()
        found.failures()
        found.digest()

    def listed(self, where: Path) -> None:
        """List it as the server does."""
        for one in find_sweeps(where.parent).values():
            if one.fault:
                raise FolderError(one.fault)
            str(one.title), str(one.about.get("question", "")), str(status(one.where))
            names = donor_names(one.about)
            _ = [outcome_name(name, names) for name in open_(one.where).outcomes]

    def run(self, where: Path) -> None:
        """Repeat one of its runs."""
        found = open_(where)
        found.error(1, 1)
        found.replay(1, 1)

    def analysis(self, where: Path) -> None:
        """Analyse it."""
        analyse(where)

    def scenario(self, where: Path) -> None:
        """Load the scenario of one of its points."""
        one_month(manifest.load(f"{where}#1", months=1, allow_mixed=True))


class SweepGoesOn(SweepFolder):
    """A sweep that is started again in a folder that was damaged: it ends as it would have, or refuses.

    The folder never vouches for a damage here: the numbers that it vouches for are its own.
    """

    name, weight, left = "sweep-again", 4, False
    ways = ((3, "go_on"), (1, "go_on_mixed"))
    vouched = 0.0

    @cached_property
    def _digest(self) -> str:
        return open_(self.held / "sweep").digest()

    def go_on(self, where: Path, *, allow_mixed: bool = False) -> None:
        found = sweep(self.held / "study.toml", where, executor=AtOnce(), allow_mixed=allow_mixed)
        if found.digest() != self._digest:
            raise Wrong("a damaged sweep that went on ended in other numbers")

    def go_on_mixed(self, where: Path) -> None:
        self.go_on(where, allow_mixed=True)


class PosteriorFile(Kind):
    """A posterior."""

    name, weight = "posterior", 5

    def good(self, where: Path) -> Any:
        shutil.copy(self.held / "posterior.parquet", where)
        return False

    def make(self, chance: Chance, where: Path) -> Any:
        self.good(where)
        path = where / "posterior.parquet"
        with suppress(ValueError, KeyError):
            tables.damage(path, chance, sorted(self.held.glob("*/*.parquet")))
        if chance.often(0.05):
            files.spoil(path, chance)
        return chance.often(0.3)

    def read(self, where: Path, how: Any) -> None:
        found = posterior.read(where / "posterior.parquet", any_model=how)
        scenario = load("baseline-2022-25", months=1)
        found.entry(scenario)
        left = results(Ensemble(scenario, [0, 1], 1, found), "fuzzed")
        judge.finite({name: column.to_numpy() for name, column in left.outcomes.items()})


def _content(path: Path) -> bytes:
    """Return what a file holds; nothing where it is none, or cannot be read."""
    with suppress(OSError):
        return path.read_bytes() if path.is_file() else b""
    return b""


def _sha256(path: Path) -> str | None:
    return hashlib.sha256(_content(path)).hexdigest() if path.is_file() else None
