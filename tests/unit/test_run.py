"""Runs and results folders: exact columns, whole or not at all, nothing overwritten."""

import json

import pandas as pd
import pyarrow.parquet as pq
import pytest

import hedgerow
from hedgerow.core.ledger import COLUMNS
from hedgerow.runs.ensemble import Ensemble, batches
from hedgerow.runs.folder import FolderError, hold
from hedgerow.runs.posterior import policy
from hedgerow.runs.run import about as told
from hedgerow.runs.summary import summary

SHORT = hedgerow.load("baseline-2022-25", months=4)
LEDGER = {
    "meetings": "run month donor body tier recipient kind setting forum event",
    "training": "run month donor recipient seats officer_weeks venue blocked accepted",
    "equipment": "run month donor recipient value_usd kind blocked accepted",
    "forums": "run month forum recipient attended signed",
    "incidents": "run month recipient kind",
}
PANEL = {
    "run",
    "month",
    "recipient",
    "alignment_CHN",
    "alignment_USA",
    "trust_CHN",
    "trust_USA",
    "capability_investigation",
    "capability_public_order",
    "capability_border",
    "capability_technology",
    "crime",
    "regime_threat",
    "entanglement",
    "policing_model",
    "flagged_units",
    "sovereignty",
    "un_ideal_point",
}


def test_tables_have_the_columns_of_the_public_interface(tmp_path) -> None:
    hedgerow.run(SHORT, runs=2, out=tmp_path / "r")
    for name, columns in LEDGER.items():
        found = pq.read_schema(tmp_path / "r" / f"{name}.parquet").names
        assert found == columns.split(), name
        assert found == list(COLUMNS[name])
    panel = pd.read_parquet(tmp_path / "r" / "panel.parquet")
    assert set(panel.columns) >= PANEL
    assert len(panel) == 2 * 4 * 196
    assert len(pd.read_parquet(tmp_path / "r" / "outcomes.parquet")) == 2


def test_ledger_words_are_those_of_the_interface() -> None:
    run = hedgerow.run("baseline-2022-25", runs=1)
    meetings = run.table("meetings")
    assert set(meetings["kind"]) == {"bilateral", "multilateral"}
    assert set(meetings["setting"]) == {"stand_alone", "sideline", "forum"}
    assert set(meetings.loc[meetings["donor"] == "CHN", "body"]) == {"CPLC", "MPS", "MSS"}
    assert set(meetings["tier"]) <= {"head", "minister", "vice_minister"}
    multilateral = meetings[meetings["kind"] == "multilateral"]
    assert (multilateral.groupby("event").size() > 1).all()
    assert meetings[meetings["kind"] == "bilateral"]["event"].is_unique
    assert set(run.table("training")["venue"]) == {"in_host", "in_donor"}
    assert (pd.to_datetime(meetings["month"]).dt.day == 1).all()


def test_results_do_not_depend_on_the_size_of_batches() -> None:
    whole, parts = (list(batches(Ensemble(SHORT, range(5), 3), size=size)) for size in (5, 2))
    for name in (*LEDGER, "panel"):
        joined = pd.concat([p[name].to_pandas() for p in parts], ignore_index=True)
        one = whole[0][name].to_pandas()
        pd.testing.assert_frame_equal(one.astype({}), joined.astype(one.dtypes.to_dict()))
    joined = pd.concat([p["outcomes"].to_pandas() for p in parts], ignore_index=True)
    pd.testing.assert_frame_equal(whole[0]["outcomes"].to_pandas(), joined)


def test_the_manifest_holds_what_reproduces_the_run(tmp_path) -> None:
    run = hedgerow.run(SHORT, runs=2, seed=9, out=tmp_path / "r")
    about = json.loads((tmp_path / "r" / "manifest.json").read_text())
    assert about == run.manifest
    again = hedgerow.load(tmp_path / "r" / "manifest.json")
    assert again == SHORT
    name, drawn = about["scenario"], policy(fixed=False)
    assert about["hash"] == told(Ensemble(again, range(2), 9, drawn), name)["hash"]
    for other in (Ensemble(again, range(2), 8, drawn), Ensemble(again, range(2), 9), Ensemble(again, [1, 2], 9, drawn)):
        assert about["hash"] != told(other, name)["hash"]
    assert about["drawn"][name]
    assert {"python", "numpy", "mesa"} <= set(about["versions"])


def test_the_same_run_may_be_repeated_and_another_is_refused(tmp_path) -> None:
    hedgerow.run(SHORT, runs=1, out=tmp_path / "r")
    before = (tmp_path / "r" / "panel.parquet").read_bytes()
    hedgerow.run(SHORT, runs=1, out=tmp_path / "r")
    assert (tmp_path / "r" / "panel.parquet").read_bytes() == before
    with pytest.raises(FolderError, match="already holds another run"):
        hedgerow.run(SHORT, runs=2, out=tmp_path / "r")
    assert (tmp_path / "r" / "panel.parquet").read_bytes() == before


@pytest.mark.parametrize(("make", "words"), [("file", "is a file"), ("notes", "holds other files")])
def test_folders_that_cannot_take_results_are_refused(tmp_path, make, words) -> None:
    where = tmp_path / "r"
    if make == "file":
        where.write_text("mine")
    else:
        where.mkdir()
        (where / "notes.txt").write_text("mine")
    with pytest.raises(FolderError, match=words):
        hedgerow.run(SHORT, runs=1, out=where)
    assert "mine" in (where if make == "file" else where / "notes.txt").read_text()


def test_a_run_that_breaks_leaves_no_table_behind(tmp_path) -> None:
    def broken():
        yield next(batches(Ensemble(SHORT, [0], 1)))
        raise RuntimeError("power cut")

    with pytest.raises(RuntimeError, match="power cut"), hold(tmp_path, {"hash": "identity"}) as held:
        held.write(broken())
    assert list(tmp_path.iterdir()) == []


def test_the_summary_is_the_median_and_the_middle_nine_tenths() -> None:
    outcomes = pd.DataFrame({"run": range(101), "abuses": [float(i) for i in range(101)]})
    row = summary(outcomes, {"CHN": "China"}).iloc[0]
    assert (row["median"], row["low"], row["high"]) == (50, 5, 95)
    assert row["unit"] == "cases"


def test_every_outcome_has_a_name_and_a_unit() -> None:
    table = hedgerow.run(SHORT, runs=1).summary()
    assert (table["unit"] != "").all(), table.loc[table["unit"] == "", "outcome"].tolist()
