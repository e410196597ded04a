"""Briefs: sentences say what their table supports and no more; bad input gets one clear message."""

import json
import math
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from concurrent.futures import Executor, Future
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

import hedgerow
from hedgerow.cli import app
from hedgerow.report.brief import doubts, html, leaning, origin, sections, sentences, strip, subject
from hedgerow.report.brief.workbook import Workbook
from hedgerow.runs.ensemble import Ensemble
from hedgerow.runs.folder import FolderError
from hedgerow.runs.trace import trace
from hedgerow.scenario.errors import ScenarioError
from hedgerow.wording import verdicts
from hedgerow.wording.numbers import number_format

DONORS = {"CHN": "China", "USA": "United States"}
OUTCOME = "alignment_shift_difference"
BASE = hedgerow.load("baseline-2022-25", months=3)
STUDY = """
[study]
name = "two"
base = "baseline-2022-25"
replications = 3
months = 1
fixed = true
outcomes = ["alignment_shift_difference"]
[design.factors]
"policies.leahy.strictness" = { values = [0.0, 0.5, 1.0] }
"""


class AtOnce(Executor):
    """An executor that does the work where it is asked to."""

    def submit(self, function, /, *given, **named):
        future: Future = Future()
        future.set_result(function(*given, **named))
        return future


def differences(outcome: str, mean: float, low: float, high: float, unit: str = "0-1") -> Workbook:
    """Return a workbook of one difference."""
    workbook = Workbook()
    row = {
        "outcome": outcome,
        "name": "Spent by United States",
        "unit": unit,
        "mean_difference": mean,
        "mean_low": low,
        "mean_high": high,
        "share_zero": float(mean == low == high == 0),
    }
    workbook.add("differences", pd.DataFrame([row]), ("outcome",), "")
    sections.add_method(workbook, 64, 36)
    return workbook


@pytest.fixture(scope="module")
def sweep(tmp_path_factory):
    """Sweep three points once, for pages and for damage."""
    where = tmp_path_factory.mktemp("brief")
    (where / "two.toml").write_text(STUDY)
    hedgerow.sweep(where / "two.toml", where / "two", executor=AtOnce(), workers=1)
    return where / "two"


@pytest.mark.parametrize(
    ("values", "unit", "texts", "words"),
    [
        ((0.003869, 0.003695, 0.004043), "0-1", ["0.0039", "0.0037", "0.0040"], "0-1"),
        ((25_312.0, 24_900.0, 25_700.0), "people", ["25,300", "24,900", "25,700"], "people"),
        ((1.237e9, 1.19e9, 1.28e9), "US$", ["1.2", "1.2", "1.3"], "US$ billion"),
        ((-8.1e6, -1.37e7, -2.5e6), "US$", ["−8.1", "−13.7", "−2.5"], "US$ million"),
        ((0.0, -0.02, 0.013), "share", ["0.0", "−2.0", "1.3"], "percentage points"),
        ((0.02, 0.0004, 0.04), "0-1", ["0.0200", "0.0004", "0.0400"], "0-1"),
        ((0.4996, 0.4962, 0.5013), "0-1", ["0.500", "0.496", "0.501"], "0-1"),
        ((math.nan, math.nan, math.nan), "cases", ["not known"] * 3, "cases"),
    ],
)
def test_numbers_are_rounded_to_what_a_reader_can_use(values, unit, texts, words) -> None:
    how = number_format(values, unit, change=True)
    assert [how.text(v) for v in values] == texts
    assert how.unit == words


finite = st.floats(-10, 10, allow_nan=False)


@settings(deadline=None, max_examples=50)
@given(st.lists(finite, min_size=3, max_size=3).map(sorted))
def test_a_sentence_claims_a_direction_only_where_the_interval_has_one(values) -> None:
    low, mean, high = values
    workbook = differences("spent", mean, low, high)
    text = str(sentences.clause(workbook, "spent").striptags())
    spans = low <= 0 <= high
    claims = "higher" in text or "lower" in text
    assert claims == (not spans)
    if spans and values != [0, 0, 0]:
        assert "no clear difference" in text
        assert "includes zero" in text
    if claims:
        assert ("higher" in text) == (mean > 0)


def test_the_answer_by_hand() -> None:
    workbook = differences(OUTCOME, -0.003869, -0.004043, -0.003695)
    rows = workbook.frame("differences")
    more = [rows.assign(outcome=f"alignment_{code}") for code in DONORS]
    workbook.add("differences", pd.concat([rows, *more]), ("outcome",), "")
    names = ("Gap-filling", "Baseline <1>")
    said = sentences.compared(workbook, DONORS, OUTCOME, names, date(2025, 5, 1))
    assert str(said.striptags()).startswith(
        "Compared with “Baseline <1>”, “Gap-filling” shifts the average state towards the "
        "United States by 0.0039 (90% interval 0.0037 to 0.0040) by May 2025"
    )
    assert "<1>" not in str(said)


def test_one_pair_of_runs_says_that_it_is_too_few() -> None:
    workbook = differences("spent", 4.0, math.nan, math.nan)
    assert "too few" in str(sentences.clause(workbook, "spent"))


def assumptions(*ends: tuple[float, float]) -> pd.DataFrame:
    """Return assumptions whose answers at both ends are known to within 0.1."""
    rows = [
        {
            "factor": f"f{i}",
            "words": f"Assumption {i}",
            "unit": "",
            "low": 0.0,
            "value": 0.5,
            "high": 1.0,
            "at_low": a,
            "at_low_low": a - 0.1,
            "at_low_high": a + 0.1,
            "at_high": b,
            "at_high_low": b - 0.1,
            "at_high_high": b + 0.1,
            "lowest": min(a, b),
            "highest": max(a, b),
            "swing": abs(a - b),
        }
        for i, (a, b) in enumerate(ends)
    ]
    return pd.DataFrame(rows)


@pytest.mark.parametrize(
    ("ends", "wanted"),
    [
        ([(1, 2), (1, 3)], "its direction stays the same"),
        ([(1, 2), (0.05, 1)], "no longer clear with 1 of them"),
        ([(1, 2), (-1, 1), (-2, 3)], "turns round with 2 of them, above all “Assumption 1”"),
    ],
)
def test_what_an_answer_leans_on_by_hand(ends, wanted) -> None:
    workbook = Workbook()
    sections.add_method(workbook, 64, 36)
    table = workbook.add("assumptions", assumptions(*ends), ("factor",), "")
    sections.add_scenario_counts(workbook, table, 1.0)
    said = str(doubts.leaning(workbook, DONORS, verdicts.HIGHER).striptags())
    assert wanted in said
    assert said.startswith("That interval holds chance alone; with")
    unsure = str(doubts.leaning(workbook, DONORS, verdicts.UNCLEAR).striptags())
    assert "direction" not in unsure


def test_an_interval_says_that_parameters_were_drawn() -> None:
    workbook = Workbook()
    sections.add_method(workbook, 64, 36, drawn=26)
    assert "chance, and 26 numbers" in doubts.held(workbook).striptags()


def test_assumptions_at_the_values_used_give_the_runs_again() -> None:
    wanted = trace(Ensemble(BASE, range(2), 1)).outcomes[OUTCOME]
    points = [{q.path: q.default} for q, _ in leaning.assumptions(BASE)[:2]]
    found = leaning._answers(BASE, points, leaning.Chance(OUTCOME, 2, 1))
    np.testing.assert_array_equal(found, [wanted, wanted])


def test_a_scenario_leans_on_nothing_to_equal_itself() -> None:
    table = leaning.lean(BASE, BASE, OUTCOME, runs=2, seed=1)
    assert (table[["at_low", "at_high", "swing"]] == 0).all(axis=None)
    assert len(table) > 10
    assert (table["low"] <= table["value"]).all()
    assert (table["value"] <= table["high"]).all()


def test_what_a_scenario_changes_is_listed_by_path() -> None:
    other = hedgerow.load("baseline-2022-25", ["policies.leahy.strictness=0.25", "title=Other"], months=3)
    ((path, there, here),) = origin.changes(other, BASE)
    assert (path, here) == ("policies.leahy.strictness", "0.25")
    assert float(there) != 0.25
    assert origin.changes(BASE, BASE) == []


def test_strips_hold_their_text_escaped_and_survive_nothing() -> None:
    evil = "</svg><script>alert(1)</script>"
    marks = [strip.Mark(evil, 0.0, 0.0, "#000", 0.0), strip.Mark("b", math.nan, math.nan, "#000", 0)]
    drawn = strip.draw(marks, axis="none", ends=("a", "b"))
    root = ET.fromstring(drawn)
    assert not [e for e in root.iter() if e.tag.endswith("script")]
    assert any(evil.replace(" ", "") in "".join(e.itertext()).replace(" ", "") for e in root.iter())


@settings(deadline=None)
@given(st.floats(1e-6, 1e6), st.floats(1e-6, 1e6))
def test_ticks_are_few_and_hold_zero(below, above) -> None:
    ticks = strip._ticks(-below, above)
    assert 0.0 in ticks
    assert len(ticks) <= 6
    assert all(-below * (1 + 1e-9) <= t <= above * (1 + 1e-9) for t in ticks)


def test_a_page_never_takes_the_place_of_another_file(tmp_path, sweep) -> None:
    mine = tmp_path / "notes.html"
    mine.write_text("<h1>Mine</h1>")
    with pytest.raises(FolderError, match="something else than a brief"):
        html.hold(mine).__enter__()
    assert mine.read_text() == "<h1>Mine</h1>"
    with pytest.raises(FolderError, match="is a folder"):
        html.hold(tmp_path).__enter__()
    with pytest.raises(FolderError, match="lies inside"):
        html.hold(mine / "brief.html").__enter__()
    page, out = subject.page(subject.Wish(str(sweep))), tmp_path / "new" / "brief.html"
    assert html.write(page, out) == html.write(page, out) == out.stat().st_size
    assert sorted(p.name for p in out.parent.iterdir()) == ["brief.html"]


def test_an_unfinished_sweep_says_how_much_is_there(tmp_path, sweep) -> None:
    copy = tmp_path / "part"
    shutil.copytree(sweep, copy)
    change(copy, runs=36)
    page = subject.page(subject.Wish(str(copy)))
    assert "9 of the 36 runs planned are done and went well (25%)" in page.warnings[0].striptags()
    assert page.answer


def damaged(where) -> None:
    part = next((where / "parts").iterdir())
    part.write_bytes(part.read_bytes()[:-9])


def empty(where) -> None:
    (where / "journal.jsonl").unlink()


def older(where) -> None:
    change(where, code="0.0.9+0123456789ab")


def lacking(where) -> None:
    about = json.loads((where / "manifest.json").read_text())
    del about["outcomes"]
    (where / "manifest.json").write_text(json.dumps(about))


def unreadable(where) -> None:
    (where / "manifest.json").write_text("{")


def change(where, **values) -> None:
    about = json.loads((where / "manifest.json").read_text())
    (where / "manifest.json").write_text(json.dumps(about | values))


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (damaged, "is damaged"),
        (empty, "no finished run"),
        (older, "written by hedgerow 0.0.9"),
        (lacking, "says nothing of 'outcomes'"),
        (unreadable, "cannot be read"),
        (lambda where: shutil.rmtree(where) or where.mkdir(), "holds no results"),
        (lambda where: change(where, kind="other"), "of a kind that this hedgerow does not know"),
    ],
)
def test_bad_results_get_one_message(tmp_path, sweep, spoil, words) -> None:
    copy = tmp_path / "bad"
    shutil.copytree(sweep, copy)
    spoil(copy)
    with pytest.raises(FolderError, match=words):
        subject.page(subject.Wish(str(copy)))


def test_an_outcome_that_was_not_kept_is_named(sweep) -> None:
    with pytest.raises(FolderError, match="keeps no outcome 'alignment_shift_differenc'; did you"):
        subject.page(subject.Wish(str(sweep), outcome="alignment_shift_differenc"))


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        ({"runs": 5}, "--runs: 5: is for scenarios"),
        ({"months": 5}, "--months: 5: is for"),
        ({"fixed": True}, "--fixed: is for scenarios"),
        ({"settings": ("months=3",)}, "--set: months=3: is for scenarios"),
    ],
)
def test_a_folder_takes_no_options_of_scenarios(sweep, wish, words) -> None:
    with pytest.raises(ScenarioError, match=words):
        subject.page(subject.Wish(str(sweep), **wish))


def test_a_mistake_ends_with_code_2_and_one_line(tmp_path) -> None:
    call = [sys.executable, "-c", "from hedgerow.cli import main; main()"]
    done = subprocess.run([*call, "report", str(tmp_path)], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.strip().count("\n") == 0
    assert "holds no results" in done.stderr
    assert not (tmp_path / "brief.html").exists()


def test_the_command_writes_a_page_and_says_the_answer(tmp_path) -> None:
    out = tmp_path / "brief.html"
    words = ["report", "leahy-off", "--versus", "baseline-2022-25", "--runs", "2", "--months", "14"]
    done = CliRunner().invoke(app, [*words, "--fixed", "--probes", "0", "--out", str(out), "--json"])
    assert done.exit_code == 0, done.output
    told = json.loads(done.output)
    assert told["bytes"] == out.stat().st_size
    assert len(told["answer"]) == 2
    text = out.read_text(encoding="utf-8")
    assert "hedgerow report leahy-off --versus baseline-2022-25 --runs 2 --seed 1" in text
    assert "--fixed" in text
    assert "too few to trust" in text
    assert "were not varied for this page" in text
