"""Scenario files, chains of them, settings, and the ends of every range."""

import json
import os
from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from hedgerow.core.numbers import quantities
from hedgerow.runs.explain import explain
from hedgerow.runs.manifest import load
from hedgerow.scenario.find import names
from hedgerow.scenario.load import load as load_file
from hedgerow.scenario.load import merged
from hedgerow.scenario.schema import Scenario
from tests.fuzz.chance import Chance
from tests.fuzz.kinds.base import ROOT, Kind, TreeFile, one_month, tables
from tests.fuzz.mutate import files, texts, values
from tests.fuzz.mutate.written import toml

SHIPPED = "scenarios/*.toml"
GOOD = "tests/scenarios/good/*.toml"
BASELINE = "baseline-2022-25"


class ScenarioFile(TreeFile):
    """A scenario file."""

    name, weight, file = "scenario", 22, "scenario.toml"

    def seeds(self) -> Sequence[Any]:
        return tables(SHIPPED, GOOD)

    def how(self, chance: Chance) -> Any:
        return {"months": chance.weighted([(8, 1), (1, 2), (1, 14)]), "fixed": chance.often(0.8)}

    def read(self, where: Path, how: Any) -> None:
        path = where / self.file
        load(path)
        one_month(load(path, months=how["months"]), fixed=how["fixed"])


class ScenarioChain(Kind):
    """Scenario files that extend one another, with links and circles among them."""

    name, weight = "scenario-chain", 4

    def good(self, where: Path) -> Any:
        (where / "0.toml").write_text('extends = "1.toml"\ntitle = "0"\n')
        (where / "1.toml").write_text(f'extends = "{BASELINE}"\nmonths = 12\n')
        return None

    def make(self, chance: Chance, where: Path) -> Any:
        count = chance.weighted([(6, 2), (4, 3), (2, 6), (1, 1500)])
        for i in range(count):
            tree = chance.one(tables(SHIPPED, GOOD)) if count < 10 else {"title": str(i)}
            extends = f"{i + 1}.toml" if i + 1 < count else chance.one([BASELINE, BASELINE, "0.toml", ".", "x.toml"])
            (where / f"{i}.toml").write_text(toml({**tree, "extends": extends}), encoding="utf-8")
        broken = where / f"{chance.randrange(count)}.toml"
        match chance.randrange(4):
            case 0:
                files.spoil(broken, chance)
            case 1:
                broken.write_bytes(texts.coded(texts.mutated(broken.read_text(), chance), chance))
            case 2:
                odd = values.odd(chance, toml=True)
                broken.write_bytes(toml({**chance.one(tables(SHIPPED)), "extends": odd}).encode("utf-8", "surrogatepass"))
        return None

    def read(self, where: Path, how: Any) -> None:
        one_month(load(where / "0.toml", months=1))


@cache
def _settable(name: str) -> tuple[tuple[str, float, float], ...]:
    """Return the paths of every number of a scenario, with its range."""
    return tuple((q.path, q.low, q.high) for q in quantities(load_file(name)))


class Ends(Kind):
    """Numbers at the ends of their ranges, which a scenario may have."""

    name, weight = "ends", 6

    def good(self, where: Path) -> Any:
        return {"scenario": BASELINE, "settings": ["months=2"]}

    def make(self, chance: Chance, where: Path) -> Any:
        count = chance.weighted([(4, 2), (4, 8), (3, 40), (1, 400)])
        name = chance.one(names())
        chosen = [chance.one(_settable(name)) for _ in range(count)]
        settings = [f"{path}={chance.one([low, high])!r}" for path, low, high in chosen]
        return {"scenario": name, "settings": settings}

    def read(self, where: Path, how: Any) -> None:
        one_month(load(how["scenario"], how["settings"], months=3))


class Setting(Kind):
    """Settings as of ``--set``."""

    name, weight = "setting", 8

    def good(self, where: Path) -> Any:
        return {"scenario": BASELINE, "settings": ["policies.leahy.strictness=0.5"]}

    def make(self, chance: Chance, where: Path) -> Any:
        return {"scenario": chance.one(names()), "settings": [setting(chance) for _ in range(chance.times(6, 2, 1))]}

    def read(self, where: Path, how: Any) -> None:
        one_month(load(how["scenario"], how["settings"], months=1))


@cache
def _paths(name: str = "") -> tuple[tuple[str, Any], ...]:
    """Return what can be set: dotted paths and their values, of a full scenario and of all files."""
    found: list[tuple[str, Any]] = []

    def walk(tables: Any, above: str) -> None:
        for key, value in tables.items():
            path = f"{above}.{key}" if above else str(key)
            found.append((path, value))
            if isinstance(value, dict):
                walk(value, path)

    for path in sorted((ROOT / "scenarios").glob("*.toml")):
        walk(merged(path), "")
    walk(Scenario.model_dump(load_file(BASELINE)), "")
    return tuple(found)


def setting(chance: Chance) -> str:
    """Return a setting, good or mutated."""
    path, value = chance.one(_paths())
    if isinstance(value, tuple):
        value = list(value)
    value = chance.weighted([(2, value), (4, values.near(value, chance)), (5, values.odd(chance, toml=True))])
    line = toml({"v": value}) if not isinstance(value, dict) or not value else f"v = {_inline(value)}"
    text = line.partition("=")[2].strip()
    path = chance.weighted([(10, path), (3, values.misspelt(path, chance)), (1, chance.one(values.TEXTS))])
    made = f"{path}={text}"
    return texts.mutated(made, chance) if chance.often(0.2) else made


def _inline(value: Any) -> str:
    return toml({"v": [value]}).strip().removeprefix("v = [").removesuffix("]")


class Explained(Kind):
    """A state and a month to explain."""

    name, weight = "explain", 3

    def good(self, where: Path) -> Any:
        return {"recipient": "KEN", "month": "2022-06"}

    def make(self, chance: Chance, where: Path) -> Any:
        recipient, month = chance.one(["KEN", "ETH", "USA", "LUX"]), chance.one(["2022-06", "2022-07", None])
        if chance.often(0.6):
            recipient = chance.one([values.misspelt(recipient, chance), chance.one(values.TEXTS)])
        if chance.often(0.6):
            month = chance.one([values.misspelt(month or "2022-08", chance), chance.one(values.TEXTS)])
        return {"recipient": recipient, "month": month}

    def read(self, where: Path, how: Any) -> None:
        scenario = load(BASELINE, months=2)
        found = explain(scenario, how["recipient"], how["month"], runs=1, fixed=True)
        assert len(found.table)


class Named(Kind):
    """A scenario or results folder given by a name that may be none."""

    name, weight = "name", 3

    def good(self, where: Path) -> Any:
        return BASELINE

    def make(self, chance: Chance, where: Path) -> Any:
        (where / "folder").mkdir()
        (where / "a.toml").write_text(f'extends = "{BASELINE}"\n')
        word = chance.one([BASELINE, "gap-fill", "a.toml", "./a.toml", "folder", "a.toml#0", "manifest.json", "~/a.toml"])
        return chance.one([values.misspelt(word, chance), chance.one(values.TEXTS), word])

    def read(self, where: Path, how: Any) -> None:
        before = Path.cwd()
        os.chdir(where)
        try:
            one_month(load(how, months=1))
        finally:
            os.chdir(before)


def plain(value: Any) -> Any:
    """Return a value as JSON holds it."""
    return json.loads(json.dumps(value, default=lambda v: v.isoformat() if isinstance(v, date) else str(v)))
