"""One bad item stays one bad item: it is told with its name and what is wrong, and the others are there.

Each entry of a table is something damaged; each reader of it must say so in one message, and no exception
of another kind may come through. A new kind of damage is one more entry.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import hedgerow
from hedgerow import cli
from hedgerow.app.sweeps import MOST, find_sweeps
from hedgerow.disk import reading
from hedgerow.runs import posterior
from hedgerow.runs.folder import FolderError
from hedgerow.runs.replay import replay
from hedgerow.scenario.errors import ScenarioError
from hedgerow.scenario.find import shipped
from hedgerow.study.sweep import status
from tests.browser.server import serving

STUDY = """
[study]
name = "small"
question = "Is one bad item one bad item?"
base = "leahy-off"
months = 1
replications = 2
outcomes = ["alignment_shift_CHN", "abuses"]

[design.factors]
"parameters.acceptance.gap" = { values = [1.0, 2.0] }
"""
Harm = Callable[[Path], None]


def edited(**values: Any) -> Harm:
    """Return what sets keys of a manifest, dotted by ``__``; ``...`` takes one away."""

    def harm(where: Path) -> None:
        about = json.loads((where / "manifest.json").read_text())
        for path, value in values.items():
            *above, last = path.split("__")
            here = about
            for part in above:
                here = here[next(iter(here)) if part == "first" else part]
            here.pop(last) if value is ... else here.update({last: value})
        (where / "manifest.json").write_text(json.dumps(about))

    return harm


def said(content: str | bytes) -> Harm:
    """Return what puts something else in the place of a manifest."""
    octets = content.encode() if isinstance(content, str) else content
    return lambda where: (where / "manifest.json").write_bytes(octets) and None


def huge(where: Path) -> None:
    with (where / "manifest.json").open("r+b") as handle:
        handle.truncate(100_000_000)


def replaced(old: str, new: str) -> Harm:
    def harm(where: Path) -> None:
        text = (where / "manifest.json").read_text()
        assert old in text
        (where / "manifest.json").write_text(text.replace(old, new, 1))

    return harm


def folder_instead(where: Path) -> None:
    (where / "manifest.json").unlink()
    (where / "manifest.json").mkdir()


MANIFESTS: dict[str, tuple[Harm, str]] = {
    "not text": (said(b'{"kind": "\xff"}'), "is not UTF-8 text"),
    "torn": (said('{"kind": "sweep", '), "is not JSON"),
    "empty": (said(""), "is not JSON"),
    "a list": (said("[1, 2]"), "is no JSON object"),
    "deep": (said('{"kind":' + "[" * 100_000), "is nested more than 32 deep"),
    "deep, and closed": (said('{"kind":' + "[" * 60 + "]" * 60 + "}"), "is nested more than 32 deep"),
    "huge": (huge, "is larger than 32,000,000 bytes"),
    "a folder": (folder_instead, "cannot be read: Is a directory"),
    "a pipe": (lambda where: pipe(where / "manifest.json"), "is no regular file"),
    "a key twice": (replaced('"format": 2', '"format": 2, "format": 2'), "is given twice"),
    "not a number": (replaced('"format": 2', '"format": 2, "odd": NaN'), "holds NaN"),
    "infinite": (replaced('"format": 2', '"format": 2, "odd": 1e999'), "is not a finite number"),
    "5,000 digits": (replaced('"format": 2', '"format": 2, "odd": ' + "9" * 5000), "a number too long"),
    "20 digits": (replaced('"format": 2', '"format": 2, "odd": ' + "9" * 20), "more than 18 digits"),
    "an escape sequence": (edited(resolved__first__title="\x1b[2J"), "holds a control character (U+001B)"),
    "a turn of reading": (edited(code="0.1\u202e"), "holds a control character (U+202E)"),
    "half a character": (edited(code="\ud800"), "holds a control character (U+D800)"),
    "another format": (edited(format="2"), "its manifest has format 2, not 2 of"),
    "no format": (edited(format=...), "its manifest has format none"),
    "a kind of a list": (edited(kind=[1]), "kind"),
    "runs a word": (edited(runs="x"), "runs: is not as this version reads it (input should be a valid integer)"),
    "runs none": (edited(runs=None), "runs"),
    "runs below zero": (edited(runs=-1), "runs"),
    "runs true": (edited(runs=True), "runs"),
    "runs beyond": (edited(runs=10**15), "runs"),
    "seed below zero": (edited(seed=-1), "seed: is not as this version reads it"),
    "no scenarios": (edited(resolved={}), "resolved"),
    "scenarios a list": (edited(resolved=[]), "resolved"),
    "a scenario a word": (edited(resolved__first__donors="x"), "donors"),
    "a donor a number": (edited(resolved__first__donors={"USA": 1}), "donors.USA"),
    "no month": (edited(resolved__first__months=0), "months"),
    "set by a list": (edited(set_by=[]), "set_by"),
    "set by another's": (edited(set_by={"other": {}}), "set_by: "),
    "versions a word": (edited(versions="x"), "versions"),
    "own a list": (edited(own=[1]), "own"),
    "no own": (edited(own=...), "says nothing of 'own'"),
    "posterior none": (edited(posterior=None), "posterior"),
    "posterior a word": (edited(posterior="x"), "posterior"),
    "drawn of another": (edited(drawn={}), "drawn"),
}
"""Manifests of any kind: what befalls them, and what is said."""
SWEEPS: dict[str, tuple[Harm, str]] = {
    "no rounds": (edited(rounds=[]), "rounds"),
    "rounds a word": (edited(rounds="x"), "rounds"),
    "rounds that fall": (edited(rounds=[4, 2]), "rounds: is not as this version reads it (must rise)"),
    "outcomes a number": (edited(outcomes=[1]), "outcomes.0"),
    "no outcomes": (edited(outcomes=[]), "outcomes"),
    "an outcome twice": (edited(outcomes=["abuses", "abuses"]), "outcomes: "),
    "factors a word": (edited(factors="x"), "factors"),
    "no study": (edited(study=...), "says nothing of 'study'"),
    "no points": (edited(points=0), "points"),
    "a name of a list": (edited(name=["x"]), "name"),
    "mixed a word": (edited(mixed="x"), "mixed"),
}


def reseal(where: Path, table: pa.Table) -> None:
    """Put another design in the place of a store's, its checksum with it."""
    pq.write_table(table, where / "points.parquet")
    sha = hashlib.sha256((where / "points.parquet").read_bytes()).hexdigest()
    edited(points_sha256=sha)(where)


def points(change: Callable[[pd.DataFrame], pd.DataFrame | pa.Table]) -> Harm:
    def harm(where: Path) -> None:
        found = change(pq.read_table(where / "points.parquet").to_pandas())
        reseal(where, found if isinstance(found, pa.Table) else pa.Table.from_pandas(found, preserve_index=False))

    return harm


def part(change: Callable[[pa.Table], pa.Table], runs: int | None = None) -> Harm:
    """Return what puts another part in the place of a store's first, its entry in the journal with it."""

    def harm(where: Path) -> None:
        lines = [json.loads(line) for line in (where / "journal.jsonl").read_text().splitlines() if line.strip()]
        path = where / "parts" / f"{lines[0]['chunk']}.parquet"
        pq.write_table(change(pq.read_table(path)), path)
        lines[0]["sha256"] = hashlib.sha256(path.read_bytes()).hexdigest()
        lines[0]["runs"] = runs or lines[0]["runs"]
        (where / "journal.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))

    return harm


def swapped(name: str, values: Any) -> Callable[[pa.Table], pa.Table]:
    return lambda t: t.set_column(t.column_names.index(name), name, pa.array(values(t) if callable(values) else values))


def journal_folder(where: Path) -> None:
    (where / "journal.jsonl").unlink()
    (where / "journal.jsonl").mkdir()


def text_as_part(where: Path) -> None:
    lines = (where / "journal.jsonl").read_text().splitlines()
    entry = json.loads(lines[0])
    path = where / "parts" / f"{entry['chunk']}.parquet"
    path.write_text("no Parquet")
    entry["sha256"] = hashlib.sha256(path.read_bytes()).hexdigest()
    (where / "journal.jsonl").write_text("\n".join([json.dumps(entry), *lines[1:]]))


GAP = "parameters.acceptance.gap"
STORES: dict[str, tuple[Harm, str]] = {
    "other factors": (edited(factors=["parameters.acceptance.slope"]), "points.parquet: holds 2 points of"),
    "more points": (edited(points=3), "points.parquet: holds 2 points of"),
    "a design of other columns": (points(lambda t: t.rename(columns={GAP: "x"})), "points.parquet: holds"),
    "a design with a hole": (points(lambda t: t.assign(**{GAP: [1.0, None]})), f"has no value of '{GAP}'"),
    "a design of tables": (points(lambda t: t.assign(**{GAP: [{"x": 1}, {"x": 2}]})), f"has tables for values of '{GAP}'"),
    "a design of other numbers": (points(lambda t: t.assign(point=np.int32([1, 0]))), "does not number its points"),
    "a design of words": (points(lambda t: t.assign(point=["0", "1"])), "does not number its points"),
    "a damaged design": (lambda w: (w / "points.parquet").write_bytes(b"x") and None, "points.parquet: is damaged"),
    "a damaged part": (lambda w: next((w / "parts").iterdir()).write_bytes(b"x") and None, "is damaged"),
    "a part that is none": (text_as_part, "cannot be read"),
    "a part of other columns": (part(lambda t: t.drop_columns(["abuses"])), "lacks 'abuses' as double"),
    "a part of a column twice": (part(lambda t: t.append_column("abuses", t["abuses"])), "lacks 'abuses' as double"),
    "a part of words": (part(swapped("abuses", lambda t: ["x"] * len(t))), "lacks 'abuses' as double"),
    "a part of no such point": (part(swapped("point", lambda t: np.int32([9] * len(t)))), "runs that this sweep does"),
    "a part of no such run": (part(swapped("replication", lambda t: np.int32([-1] * len(t)))), "runs that this sweep"),
    "a part that is longer": (part(lambda t: pa.concat_tables([t, t])), "runs that this sweep does not have"),
    "an empty part": (part(lambda t: t.slice(0, 0)), "runs that this sweep does not have"),
    "a journal that is a pipe": (lambda where: pipe(where / "journal.jsonl"), "journal.jsonl: is no file"),
    "a design that is a pipe": (lambda where: pipe(where / "points.parquet"), "points.parquet: is damaged"),
    "a journal that is a folder": (journal_folder, "journal.jsonl: is no file"),
}
"""Stores whose manifest is good and whose tables are not."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    where = tmp_path_factory.mktemp("made")
    (where / "study.toml").write_text(STUDY)
    hedgerow.sweep(where / "study.toml", where / "sweep", workers=1)
    hedgerow.run("leahy-off", runs=2, months=1, out=where / "run")
    hedgerow.compare("baseline-2022-25", "leahy-off", runs=2, months=1, out=where / "comparison", workers=1)
    return where


def spoilt(made: Path, kind: str, tmp_path: Path, harm: Harm) -> Path:
    """Return a damaged copy of results beside a good one."""
    for name in ("bad", "good"):
        shutil.copytree(made / kind, tmp_path / name)
    harm(tmp_path / "bad")
    return tmp_path / "bad"


def command(*words: object) -> int:
    """Run a command here and return its exit code."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.argv", ["hedgerow", *map(str, words)])
        try:
            cli.main()
        except SystemExit as end:
            return int(end.code or 0)
    return 0


def refused(capsys: Any, words: str, where: Path, *asked: object) -> None:
    """Make sure that a command says one line that names the item and the fault, and ends with code 2."""
    code = command(*asked)
    told = capsys.readouterr().err.strip()
    assert code == 2, (asked, told)
    assert words in told, asked
    assert str(where) in told, asked
    assert len(told.splitlines()) == 1, asked


@pytest.mark.parametrize("kind", ["sweep", "run", "comparison"])
@pytest.mark.parametrize("name", MANIFESTS)
def test_a_bad_manifest_is_one_message(made, tmp_path, capsys, kind, name) -> None:
    harm, words = MANIFESTS[name]
    bad = spoilt(made, kind, tmp_path, harm)
    point = "#0" if kind == "sweep" else "#leahy-off"
    with pytest.raises(FolderError, match="manifest"):
        hedgerow.load(f"{bad / 'manifest.json'}{point}")
    with pytest.raises(FolderError, match=str(bad)):
        (hedgerow.open if kind == "sweep" else replay)(bad)
    asked: list[tuple[object, ...]] = [("report", bad, "--out", tmp_path / "x.html")]
    asked += [("replay", bad, 0, 0), ("status", bad), ("failures", bad), ("analyse", bad)] if kind == "sweep" else []
    asked += [("replay", bad)] if kind != "sweep" else []
    for one in asked:
        refused(capsys, words if "kind" not in name else "", bad, *one)
    assert not (tmp_path / "x.html").exists()


@pytest.mark.parametrize("name", [*SWEEPS, *STORES])
def test_a_bad_store_is_one_message(made, tmp_path, capsys, name) -> None:
    harm, words = (SWEEPS | STORES)[name]
    bad = spoilt(made, "sweep", tmp_path, harm)
    with pytest.raises(FolderError):
        hedgerow.open(bad)
    for one in (("report", bad, "--out", tmp_path / "x.html"), ("replay", bad, 0, 0), ("failures", bad), ("analyse", bad)):
        refused(capsys, words, bad, *one)
    assert not (tmp_path / "x.html").exists()
    hedgerow.open(tmp_path / "good").frame()


def test_a_run_that_went_well_and_gave_no_number_is_told(made, tmp_path) -> None:
    bad = spoilt(made, "sweep", tmp_path, part(swapped("abuses", lambda t: [np.nan] * len(t))))
    with pytest.raises(FolderError, match="no finite 'abuses' of a run that it says went well"):
        hedgerow.open(bad).frame()


def test_a_run_that_is_there_twice_is_told(made, tmp_path) -> None:
    bad = spoilt(made, "sweep", tmp_path, part(swapped("replication", lambda t: np.int32([0] * len(t)))))
    with pytest.raises(FolderError, match="holds a run twice"):
        hedgerow.open(bad).frame()


GOES_ON = {
    "outcomes": edited(outcomes=["abuses"]),
    "factors": edited(factors=["parameters.acceptance.slope"]),
    "seed": edited(seed=99),
    "a scenario": edited(resolved__first__title="Another"),
    "a name": edited(name="another"),
}


@pytest.mark.parametrize("name", GOES_ON)
@pytest.mark.parametrize("mixed", [False, True])
def test_a_sweep_that_goes_on_mends_what_its_manifest_says(made, tmp_path, name, mixed) -> None:
    bad = spoilt(made, "sweep", tmp_path, GOES_ON[name])
    good = hedgerow.open(tmp_path / "good")
    again = hedgerow.sweep(made / "study.toml", bad, workers=1, allow_mixed=mixed)
    assert again.manifest == good.manifest
    assert again.digest() == good.digest()


def test_a_sweep_whose_rounds_are_another_studys_is_refused(made, tmp_path) -> None:
    bad = spoilt(made, "sweep", tmp_path, edited(rounds=[1]))
    with pytest.raises(FolderError, match=r"has rounds that are not its study's"):
        hedgerow.sweep(made / "study.toml", bad, workers=1)


def test_a_journal_of_nonsense_is_as_if_it_were_not_there(made, tmp_path) -> None:
    bad = spoilt(made, "sweep", tmp_path, lambda where: None)
    good = (bad / "journal.jsonl").read_bytes()
    foul = [b"\xff\xfe", b"[" * 5000, b'{"chunk": "../../x"}', b"1", good.replace(b'"runs": ', b'"runs": -'), b"x" * 50_000]
    foul += [good.replace(b'"chunk": "', b'"chunk": "../'), good.replace(b'"ended": ', b'"ended": NaN, "odd": ')]
    (bad / "journal.jsonl").write_bytes(b"\n" * 1_000_000 + b"\n".join([*foul, good, *foul, *[b"{"] * 200_000]))
    assert hedgerow.open(bad).digest() == hedgerow.open(tmp_path / "good").digest()
    assert status(bad).done == status(tmp_path / "good").done


def table_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


TABLES: dict[str, tuple[str, Callable[[Path], None]]] = {
    "a table that is none": ("outcomes", lambda path: path.write_bytes(b"x" * 100) and None),
    "an empty table": ("outcomes", lambda path: path.write_bytes(b"") and None),
    "a table that is a folder": ("outcomes", table_folder),
    "a table that is a pipe": ("outcomes", pipe),
    "a table that is torn": ("panel", lambda path: path.write_bytes(path.read_bytes()[:-9]) and None),
    "other columns": ("outcomes", lambda path: pq.write_table(pa.table({"x": [1]}), path)),
    "words": ("outcomes", lambda path: pq.write_table(pa.table({"run": ["x"]}), path)),
}


@pytest.mark.parametrize("name", TABLES)
def test_a_bad_table_is_one_message(made, tmp_path, capsys, name) -> None:
    table, harm = TABLES[name]
    bad = spoilt(made, "run", tmp_path, lambda where: harm(where / f"{table}.parquet"))
    refused(capsys, table, bad, "replay", bad)


COMPARED: dict[str, Callable[[pd.DataFrame, str], pd.DataFrame]] = {
    "no rows": lambda t, _: t.iloc[:0],
    "no column of names": lambda t, _: t.drop(columns="variant"),
    "no numbers": lambda t, mean: t.drop(columns=mean),
    "words for numbers": lambda t, mean: t.assign(**{mean: "x"}),
    "nothing for numbers": lambda t, mean: t.assign(**{mean: np.nan}),
}


@pytest.mark.parametrize("table", ["differences", "movers", "monthly"])
@pytest.mark.parametrize("name", COMPARED)
def test_a_bad_comparison_is_one_message(made, tmp_path, capsys, table, name) -> None:
    def harm(where: Path) -> None:
        path = where / f"{table}.parquet"
        mean = "mean_difference" if table == "differences" else "mean"
        COMPARED[name](pd.read_parquet(path), mean).to_parquet(path)

    bad = spoilt(made, "comparison", tmp_path, harm)
    refused(capsys, table, bad, "replay", bad)
    refused(capsys, table, bad, "report", bad, "--out", tmp_path / "x.html")


@pytest.fixture(scope="module")
def results(made, tmp_path_factory) -> Path:
    """Return a folder of good sweeps and every kind of bad one."""
    where = tmp_path_factory.mktemp("many")
    for i, (harm, _) in enumerate([*MANIFESTS.values(), *SWEEPS.values(), *STORES.values()]):
        shutil.copytree(made / "sweep", where / f"bad-{i:03}")
        harm(where / f"bad-{i:03}")
    for name in ("aa-good", "zz-good"):
        shutil.copytree(made / "sweep", where / "inside" / name)
    shutil.copytree(made / "run", where / "run")
    (where / "loop").symlink_to(where)
    (where / "inside" / "up").symlink_to("..")
    (where / "dangling").symlink_to(where / "nowhere")
    (where / "itself").symlink_to("itself")
    return where


Getting = Callable[..., httpx.Response]


@pytest.fixture(scope="module")
def get(results) -> Iterator[Getting]:
    with serving(results.parent, "--workers", "1", "--results", str(results)) as site, httpx.Client(timeout=60) as client:
        yield lambda path, **query: client.get(site.url + path, params=query)


def test_every_sweep_is_listed_once_the_bad_ones_with_their_fault(results) -> None:
    found = find_sweeps(results)
    assert len(found) == len(MANIFESTS) + len(SWEEPS) + len(STORES) + 2
    assert "inside/aa-good" in found
    assert "inside/zz-good" in found
    for i, (_, words) in enumerate([*MANIFESTS.values(), *SWEEPS.values()]):
        assert words in found[f"bad-{i:03}"].fault
    assert not found["inside/zz-good"].fault


def test_the_page_of_studies_shows_bad_ones_beside_good_ones(get) -> None:
    page = get("/studies")
    assert page.status_code == 200
    assert "aa-good" in page.text
    assert "4 of 4 runs done, 0 failed; finished" in page.text
    assert page.text.count("This one cannot be read, because") >= len(MANIFESTS) + len(SWEEPS)
    for i, (_, words) in enumerate([*MANIFESTS.values(), *SWEEPS.values(), *STORES.values()]):
        one = get("/studies/view", name=f"bad-{i:03}")
        assert one.status_code == 200, words
        assert "This one cannot be read, because" in one.text, words
        assert "Outcomes by factor" not in one.text
    assert get("/studies/report", name="bad-000").status_code == 422
    assert "Outcomes by factor" in get("/studies/view", name="inside/aa-good").text


def test_thousands_of_folders_are_no_trouble(made, tmp_path) -> None:
    for i in range(3000):
        (tmp_path / f"f{i:04}").mkdir()
    for i in range(MOST + 5):
        (tmp_path / f"f{i:04}" / "journal.jsonl").touch()
    assert len(find_sweeps(tmp_path)) == MOST
    assert not find_sweeps(tmp_path / "nowhere")


POSTERIORS: dict[str, tuple[Callable[[pa.Table], pa.Table], str]] = {
    "no rows": (lambda t: t.slice(0, 0), "holds no draws"),
    "no weights": (lambda t: t.drop_columns(["weight"]), "holds no weights"),
    "weights below zero": (swapped("weight", lambda t: np.r_[-1.0, 2.0, [0.0] * (len(t) - 2)]), "do not add up to 1"),
    "other weights": (swapped("weight", lambda t: [1.0] * len(t)), "do not add up to 1"),
    "no number": (lambda t: swapped(t.column_names[0], [np.nan] * len(t))(t), "no finite number"),
    "words": (lambda t: swapped(t.column_names[0], ["x"] * len(t))(t), "holds what is no number"),
    "another parameter": (lambda t: t.append_column("parameters.x", t["weight"]), "does not say what a parameter was"),
    "one less": (lambda t: t.drop_columns([told(t)["low"] and next(iter(told(t)["low"]))]), "draws nothing of a parameter"),
    "no metadata": (lambda t: t.replace_schema_metadata(None), "is not a posterior"),
    "damaged metadata": (lambda t: t.replace_schema_metadata({b"hedgerow": b"\xff"}), "is not a posterior"),
    "deep metadata": (lambda t: t.replace_schema_metadata({b"hedgerow": b"[" * 10_000}), "is not a posterior"),
    "a word for a seed": (lambda t: saying(t, seed="x"), "'seed' is not as this version reads it"),
    "a list for ranges": (lambda t: saying(t, low=[1]), "'low' is not as this version reads it"),
    "a number for models": (lambda t: saying(t, vouched=[1]), "'vouched.0' is not as this version reads it"),
    "more than it may say": (lambda t: saying(t, odd=1), "'odd' is not as this version reads it"),
}


def told(table: pa.Table) -> dict[str, Any]:
    return dict(json.loads(table.schema.metadata[b"hedgerow"]))


def saying(table: pa.Table, **values: Any) -> pa.Table:
    return table.replace_schema_metadata({b"hedgerow": json.dumps(told(table) | values).encode()})


@pytest.mark.parametrize("name", POSTERIORS)
def test_a_bad_posterior_is_one_message(tmp_path, capsys, name) -> None:
    change, words = POSTERIORS[name]
    path = tmp_path / "posterior.parquet"
    pq.write_table(change(pq.read_table(posterior.home())), path)
    with pytest.raises(posterior.PosteriorError, match=words):
        posterior.read(path, any_model=True)
    refused(capsys, words, path, "validate", "--posterior", path)


BAD_SCENARIO = 'title = "odd"\nmonths = "x"\nextends = "baseline-2022-25"\n'


def seen(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a process of its own that finds packages in a folder."""
    code = f"import sys; sys.path.insert(0, {str(folder)!r})\nfrom hedgerow.cli import main; main()"
    return subprocess.run([sys.executable, "-c", code, *words], cwd=folder, capture_output=True, text=True, check=False)


def test_a_bad_scenario_is_listed_beside_the_others(tmp_path, monkeypatch, capsys) -> None:
    shutil.copytree(shipped("scenarios"), tmp_path / "scenarios")
    (tmp_path / "scenarios" / "broken.toml").write_text(BAD_SCENARIO)
    (tmp_path / "scenarios" / "foul.toml").write_bytes(b"\xff")
    monkeypatch.setattr("hedgerow.scenario.find.shipped", lambda kind: tmp_path / kind)
    for words in ((), ("--json",)):
        code = command("scenario", "list", *words)
        out, err = capsys.readouterr()
        assert code == 2
        assert "gap-fill" in out
        assert "leahy-off" in out
        assert "broken.toml: months: must be a whole number, not 'x'" in err
        assert "foul.toml: is not UTF-8 text (byte 0)" in err
        assert len(err.strip().splitlines()) == 2
    from hedgerow.scenario.listing import titles

    assert titles()["foul"] == "foul"
    assert titles()["gap-fill"] != "gap-fill"


def test_a_bad_file_among_those_checked_is_one_message(tmp_path, capsys) -> None:
    (tmp_path / "broken.toml").write_text(BAD_SCENARIO)
    code = command("scenario", "check", tmp_path / "broken.toml", "gap-fill")
    out, err = capsys.readouterr()
    assert code == 2
    assert out.startswith("gap-fill: good: ")
    assert err.count("\n") == 1


def test_a_package_that_does_not_import_leaves_the_list_standing(tmp_path) -> None:
    info = tmp_path / "broken-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: broken\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[hedgerow.levers]\nlost = nowhere_at_all:Lever\n")
    done = seen(tmp_path, "scenario", "list")
    assert done.returncode == 2
    assert "gap-fill" in done.stdout
    assert "lost: lever 'lost' fails to import (nowhere_at_all:Lever)" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_bad_study_is_shown_in_the_gallery_beside_the_others(tmp_path, capsys) -> None:
    for name, text in (("good", "# Good\n\n**Question.** Why?\n\n**Finding.** So.\n"), ("mute", "nothing"), ("torn", "")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "README.md").write_text(text)
    (tmp_path / "torn" / "README.md").write_text("**Question.** What?\n")
    (tmp_path / "torn" / "study.toml").write_text("[[[[")
    before = "| [torn](torn/README.md) | What? | That. |\n\n![It](torn/headline.png)\n"
    (tmp_path / "README.md").write_text(before)
    code = command("gallery", tmp_path)
    err = capsys.readouterr().err
    assert code == 2
    assert "mute" in err
    assert "torn" in err
    assert len(err.strip().splitlines()) == 2
    page = (tmp_path / "README.md").read_text()
    assert "| [good](good/README.md) | Why? | So. |" in page
    assert page.count("This one cannot be read, because") == 2
    # What the page told of it before is not lost.
    assert "| That. |" in page
    assert "![It](torn/headline.png)" in page


NINES, DOTS = "9" * 5000, ".".join(["a"] * 16_000)
TOML: dict[str, tuple[bytes, str]] = {
    "brackets": (b"events = " + b"[" * 3000, "is nested more than 32 deep (at line 1)"),
    "braces": (b"\nevents = " + b"{a = " * 3000, "is nested more than 32 deep (at line 2)"),
    "brackets that close": (b"events = " + b"[" * 40 + b"]" * 40, "is nested more than 32 deep"),
    "digits": (f"\n\nmonths = {NINES}".encode(), "has a number too long to be read (at line 3)"),
    "digits in 16s": (f"months = 0x{'f' * 5000}".encode(), "months: is a whole number of more than 18 digits"),
    "dots": (f"{DOTS} = 1".encode(), "has a key of more than 32 parts (at line 1)"),
    "a head of dots": (f"\n[{DOTS}]".encode(), "has a key of more than 32 parts (at line 2)"),
    "dots after a quote": (rf'"\"".{DOTS} = 1'.encode(), "has a key of more than 32 parts (at line 1)"),
    "a key of letters": (f"{'a' * 5000} = 1".encode(), "is a key of more than 200 letters"),
    "not UTF-8": (b'title = "\xff"', "is not UTF-8 text (byte 9)"),
    "UTF-16": ('title = "x"'.encode("utf-16"), "is not UTF-8 text"),
    "NUL": (b'title = "a\x00"', "is not valid TOML"),
    "NUL by its number": (rb'title = "a\u0000"', "title: holds a control character (U+0000)"),
    "an escape": (rb'title = "a\u001b[2J"', "title: holds a control character (U+001B)"),
    "a line": (rb'title = "a\nb"', "title: holds a line break (U+000A)"),
    "DEL": (rb'title = "a\u007f"', "(U+007F)"),
    "C1": ('title = "a\x9b2J"'.encode(), "title: holds a control character (U+009B)"),
    "a turn of reading": ('question = "a\u202eb"'.encode(), "question: holds a control character (U+202E)"),
    "a paragraph": ('look_at = "a\u2029b"'.encode(), "look_at: holds a control character (U+2029)"),
    "a key of lines": (rb'"a\nb" = 1', "holds a line break (U+000A)"),
    "a policy of escapes": (b'[policies."a\\u001b"]\nlever = "leahy"', "holds a control character (U+001B)"),
    "huge": (b"# " + b"x" * 1_000_000, "is larger than 1,000,000 bytes"),
    "twice": (b'title = "a"\ntitle = "b"', "twice"),
    "empty": (b"", "is empty"),
}


@pytest.mark.parametrize("name", TOML)
def test_a_file_beyond_limits_is_one_message(tmp_path, capsys, name) -> None:
    content, words = TOML[name]
    path = tmp_path / "odd.toml"
    path.write_bytes(content)
    for one in (("run", path, "--runs", 1), ("scenario", "check", path), ("sweep", path, "--out", tmp_path / "out")):
        said_of = words if name != "twice" or one[0] == "sweep" else "Cannot overwrite"
        refused(capsys, said_of, path, *one)
    (tmp_path / "child.toml").write_text('extends = "odd.toml"')
    refused(capsys, words if name != "twice" else "", path, "run", tmp_path / "child.toml")
    assert {p.name for p in tmp_path.iterdir()} == {"odd.toml", "child.toml"}


def test_what_is_too_much_to_be_read_is_refused_soon() -> None:
    digits = f"{'9' * 4200},\n" * 230
    texts = {
        "a number too long": (reading.toml, f"a = [{digits}{NINES}]"),
        "a number too long, in JSON": (reading.json_object, f'{{"a": [{digits}{NINES}]}}'),
        "more than 500,000 values": (reading.json_object, '{"a": [' + "[]," * 5_000_000 + "1]}"),
    }
    for words, (read, text) in texts.items():
        begun = time.process_time()
        with pytest.raises(reading.UnreadableError, match=words.removesuffix(", in JSON")):
            read(text)
        assert time.process_time() - begun < 2


SETTINGS = {
    "brackets": ("title=" + "[" * 3000, "is nested more than 32 deep"),
    "digits": (f"months={NINES}", "a number too long"),
    "dots": (f"{DOTS}=1", "is nested more than 32 deep"),
    "a line": ("title=a\nb", "holds a line break"),
    "a line by its number": (r'title="a\nb"', "holds a line break"),
    "another key": ("months=1\nmonths=2", "holds a line break"),
    "an escape": ("title=\x1b[2J", "holds a control character (U+001B)"),
    "a key of escapes": ("ti\x1btle=1", "holds a control character (U+001B)"),
    "half a character": ("title=\udc80", "holds a control character (U+DC80)"),
    "no value": ("months", "must read KEY=VALUE"),
}


@pytest.mark.parametrize("name", SETTINGS)
def test_a_setting_beyond_limits_is_one_message(tmp_path, monkeypatch, capsys, name) -> None:
    setting, words = SETTINGS[name]
    monkeypatch.chdir(tmp_path)
    refused(capsys, words, Path("--set"), "run", "gap-fill", "--runs", 1, "--set", setting)
    assert not list(tmp_path.iterdir())


def test_files_that_extend_one_another_without_end_are_one_message(tmp_path) -> None:
    for i in range(100):
        (tmp_path / f"f{i}.toml").write_text(f'extends = "f{i + 1}.toml"')
    (tmp_path / "f100.toml").write_text('extends = "baseline-2022-25"')
    with pytest.raises(ScenarioError, match="is more than 32 files deep"):
        hedgerow.load(tmp_path / "f0.toml")


def test_lines_may_stand_where_there_is_prose_and_a_mark_before_it_all(tmp_path) -> None:
    text = 'extends = "baseline-2022-25"\r\ntitle = "Two lines"\r\nquestion = """One\r\ntwo\tthree?"""\r\n'
    (tmp_path / "fine.toml").write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert hedgerow.load(tmp_path / "fine.toml").question == "One\ntwo\tthree?"
    (tmp_path / "study.toml").write_bytes(b"\xef\xbb\xbf" + STUDY.replace("\n", "\r\n").encode())
    from hedgerow.study.plan import read

    assert read(tmp_path / "study.toml").head.name == "small"
