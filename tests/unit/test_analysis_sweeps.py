"""``hedgerow analyse`` and ``hedgerow gallery`` on real sweeps, whole, torn and wrong."""

import json
import shutil
from concurrent.futures import ThreadPoolExecutor

import pandas as pd
import pytest

from hedgerow import analysis, cli
from hedgerow.runs.folder import FolderError
from hedgerow.study import plan
from hedgerow.study.sweep import sweep
from hedgerow.wording.numbers import number, share

# Long enough for the shipped policies, which begin in June 2023, to do something.
HEAD = """
[study]
name = "{name}"
question = "What if <b>{name}</b>?"
base = "{base}"
replications = {replications}
seed = 5
months = 15
"""
RANKED = """
[design]
method = "lhs"
samples = 12
[design.factors]
scenario = {{ values = ["baseline-2022-25", "leahy-off", "us-retrenchment"] }}
"parameters.acceptance" = {{ prior = true }}
"donors.USA.response" = {{ low = 0.0, high = 0.05 }}
"""
GRID = """
[design]
method = "grid"
[design.factors]
"policies.cutoff.depth" = {{ values = [0.25, 1.0] }}
"policies.cutoff.start" = {{ values = [2022-06-01] }}
"parameters.acceptance.gap" = {{ values = [1.0, 3.0] }}
"""
KEPT = 'outcomes = ["alignment_shift_difference", "officers_USA", "spent_usd_USA"]\n'


def swept(folder, name, design, *, base="baseline-2022-25", replications=4, kept=""):
    path = folder / f"{name}.toml"
    told = HEAD.format(name=name, base=base, replications=replications) + kept
    path.write_text(told + design.format())
    with ThreadPoolExecutor(1) as here:
        return sweep(plan.read(path), folder / name, workers=1, executor=here)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("analyse")


@pytest.fixture(scope="module")
def ranked(folder):
    return swept(folder, "ranked", RANKED, replications=1)


@pytest.fixture(scope="module")
def grid(folder):
    return swept(folder, "grid", GRID, base="cutoff-enforced", kept=KEPT)


def run(monkeypatch, capsys, *words) -> tuple[int, str, str]:
    monkeypatch.setattr("sys.argv", ["hedgerow", *map(str, words)])
    code = 0
    try:
        cli.main()
    except SystemExit as stop:
        code = int(stop.code or 0)
    told = capsys.readouterr()
    return code, told.out, told.err


def test_policies_are_paired_as_by_hand(ranked) -> None:
    outcome = "officers_USA"
    found = analysis.analyse(ranked, [outcome])
    frame = ranked.frame([outcome])
    half = frame.pivot_table(index="donors.USA.response", columns="scenario", values=outcome)
    gap = (half["us-retrenchment"] - half["baseline-2022-25"]).mean()
    row = found.tables["signs"].set_index("policy").loc["us-retrenchment"]
    assert row["mean"] == pytest.approx(gap)
    assert row["mean"] < 0
    assert row["worlds"] == 12
    lost = half.sub(half.max(axis=1), axis=0).mul(-1).mean()
    regret = found.tables["regret"].set_index("policy")["mean"]
    pd.testing.assert_series_equal(regret.sort_index(), lost.sort_index(), check_names=False)


def test_every_number_of_a_finding_is_in_its_text_and_from_its_table(ranked, grid) -> None:
    for results in (ranked, grid):
        found = analysis.analyse(results)
        assert found.findings
        for finding in found.findings:
            text = finding.text
            assert finding.kind in found.tables
            for key, value in finding.numbers.items():
                if key in ("low", "high"):
                    continue
                # A fall is told by its size, a share in per cent.
                told = {f(v) for v in (value, abs(value)) for f in (number, share)}
                assert any(t in text for t in told) or "share" in key, (key, value, text)


def test_a_base_is_run_at_the_same_worlds(grid) -> None:
    found = analysis.analyse(grid, versus="baseline-2022-25")
    cells = found.tables["threshold"]
    assert len(cells) == 4
    assert {"policies.cutoff.depth", "parameters.acceptance.gap", "sign"} <= set(cells.columns)
    assert "baseline-2022-25" in set(found.tables["regret"]["policy"])
    without = analysis.analyse(grid)
    assert "threshold" not in without.tables
    assert any("--versus" in note for note in without.notes)
    assert {"effects", "levels", "chance", "regret"} <= set(without.tables)


def test_a_base_that_would_not_share_the_chance_is_refused(grid, folder) -> None:
    other = folder / "other-code"
    shutil.copytree(grid.where, other)
    about = json.loads((other / "manifest.json").read_text())
    about["seed"] += 1
    (other / "manifest.json").write_text(json.dumps(about))
    with pytest.raises(FolderError, match=r"comes out otherwise in .* columns"):
        analysis.analyse(other, versus="baseline-2022-25")


def test_the_other_side_turns_regret_round(ranked) -> None:
    def lost(side):
        table = analysis.analyse(ranked, ["alignment_shift_USA"], side=side).tables["regret"]
        return table.set_index("policy")["mean"].sort_index()

    # In each world the best for one is the worst for the other, so both make up the range.
    both = lost("USA") + lost("CHN")
    assert both.to_numpy() == pytest.approx(both.iloc[0])
    assert both.iloc[0] > 0


def test_the_command_writes_tables_and_figures(ranked, folder, monkeypatch, capsys) -> None:
    out = folder / "out"
    code, told, _ = run(monkeypatch, capsys, "analyse", ranked.where, "--out", out)
    assert code == 0
    assert "What if <b>ranked</b>?" in told
    assert "interval" in told
    for name in ("signs", "regret", "ranks", "regression", "pareto"):
        assert len(pd.read_csv(out / f"{name}.csv"))
        assert (out / f"{name}.png").stat().st_size > 1000
        assert (out / f"{name}.svg").read_text().rstrip().endswith("</svg>")
    code, again, _ = run(monkeypatch, capsys, "analyse", ranked.where, "--out", out, "--json")
    data = json.loads(again)
    assert data["share_done"] == 1
    assert {r["policy"] for r in data["tables"]["signs"]} == {"leahy-off", "us-retrenchment"}


def test_an_unfinished_store_says_what_share_it_rests_on(ranked, folder) -> None:
    torn = folder / "torn"
    shutil.copytree(ranked.where, torn)
    lines = (torn / "journal.jsonl").read_text().splitlines()
    kept = [line for line in lines if line.strip()]
    if len(kept) == 1:
        about = json.loads((torn / "manifest.json").read_text())
        about["runs"] = 2 * about["runs"]
        (torn / "manifest.json").write_text(json.dumps(about))
    else:
        (torn / "journal.jsonl").write_text("\n".join(kept[: len(kept) // 2 + 1]))
    found = analysis.analyse(torn)
    assert found.share_done < 1
    assert any("% of the runs planned" in note for note in found.notes)


def damaged(folder, ranked, name):
    where = folder / name
    shutil.copytree(ranked.where, where)
    return where


def lose_key(where):
    about = json.loads((where / "manifest.json").read_text())
    del about["resolved"]
    (where / "manifest.json").write_text(json.dumps(about))


def break_part(where):
    next((where / "parts").glob("*.parquet")).write_bytes(b"torn")


BAD = {
    "empty": (lambda w: (w / "journal.jsonl").unlink(), (), "holds no finished run yet"),
    "older": (lose_key, (), "this version cannot read"),
    "broken": (break_part, (), "is damaged"),
    "elsewhere": (lambda w: (w / "manifest.json").unlink(), (), "holds no results"),
    "misspelt": (lambda w: None, ("--outcome", "oficers_USA"), "did you mean 'officers_USA'"),
    "sideless": (lambda w: None, ("--side", "USB"), "did you mean 'USA'"),
    "baseless": (lambda w: None, ("--versus", "leahy-of"), "did you mean"),
    "other-files": (lambda w: None, ("--out", "."), "holds other files"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_one_message_and_exit_code_2(name, ranked, folder, monkeypatch, capsys) -> None:
    break_it, words, message = BAD[name]
    where = damaged(folder, ranked, f"bad-{name}")
    break_it(where)
    monkeypatch.chdir(where)
    code, _, told = run(monkeypatch, capsys, "analyse", where, *words)
    assert code == 2, told
    assert message in told
    assert len(told.strip().splitlines()) == 1


def test_the_gallery_shows_each_study_and_its_picture(ranked, folder, tmp_path, monkeypatch, capsys) -> None:
    studies = tmp_path / "experiments"
    for name, finding in (("ranked", "It is so. More follows."), ("table", "As follows:")):
        (studies / name).mkdir(parents=True)
        text = f"# x\n\n**Question.** Is a | b?\n\n**Finding.** {finding}\n"
        (studies / name / "README.md").write_text(text)
    shutil.copy(folder / "ranked.toml", studies / "ranked" / "study.toml")
    page = studies / "README.md"
    page.write_text(
        "# Experiments\n\n| folder | question | finding |\n| --- | --- | --- |\n"
        "| [table](table/README.md) | old | Kept by hand. |\n"
    )
    code, told, err = run(monkeypatch, capsys, "gallery", studies, "--results", folder)
    assert code == 0, err
    text = page.read_text()
    assert "| [ranked](ranked/README.md) | Is a \\| b? | It is so. |" in text
    assert "| [table](table/README.md) | Is a \\| b? | Kept by hand. |" in text
    assert "](ranked/headline.png)" in text
    assert (studies / "ranked" / "headline.png").stat().st_size > 1000
    assert "Without a picture: table" in told
    # Written again without results, it stays as it is.
    run(monkeypatch, capsys, "gallery", studies)
    assert page.read_text() == text
    code, _, err = run(monkeypatch, capsys, "gallery", tmp_path / "nowhere")
    assert (code, "no such folder" in err) == (2, True)


def test_a_damaged_study_stops_the_gallery_with_one_message(tmp_path, monkeypatch, capsys) -> None:
    (tmp_path / "torn").mkdir()
    (tmp_path / "torn" / "README.md").write_text("**Question.** What?\n")
    (tmp_path / "torn" / "study.toml").write_text("[[torn")
    code, _, err = run(monkeypatch, capsys, "gallery", tmp_path)
    assert code == 2
    assert "study.toml" in err
    assert len(err.strip().splitlines()) == 1
    assert not (tmp_path / "README.md").exists()
