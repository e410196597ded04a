"""Before any fit, the baseline already resembles the record of June 2022 to May 2025."""

import numpy as np
import pandas as pd
import pytest

import hedgerow
from hedgerow.report.tables import partner_counts


@pytest.fixture(scope="module")
def baseline() -> hedgerow.Run:
    return hedgerow.run("baseline-2022-25", runs=32, seed=1)


def test_about_227_meetings(baseline) -> None:  # B005
    assert baseline.outcomes["meetings_CHN"].median() == pytest.approx(227, rel=0.25)


def test_the_ministry_meets_most_then_the_party_then_state_security(baseline) -> None:  # B008-B011
    mps, cplc, mss = (baseline.outcomes[f"meetings_CHN_{b}"].median() for b in ("MPS", "CPLC", "MSS"))
    assert mps > cplc > mss


def test_september_is_the_peak(baseline) -> None:  # B074
    meetings = baseline.table("meetings")
    events = meetings[meetings["donor"] == "CHN"].drop_duplicates(["run", "event"])
    by_month = events.groupby(pd.to_datetime(events["month"]).dt.month).size()
    assert by_month.idxmax() == 9


def test_the_named_partners_are_among_the_fifteen_most_met(baseline) -> None:  # B162-B168
    counts = partner_counts(baseline, "CHN").sort_values("median", ascending=False)
    assert {"VNM", "RUS", "KHM", "THA", "KAZ"} <= set(counts["recipient"].head(15))


def test_peers_and_organisations_are_met_and_left_out_of_alignment(baseline) -> None:
    meetings = baseline.table("meetings", ["donor", "recipient"])
    met = set(meetings.loc[meetings["donor"] == "CHN", "recipient"])
    assert {"RUS", "USA", "INTERPOL"} <= met
    panel = baseline.table("panel", ["recipient", "alignment_CHN"])
    assert not {"RUS", "USA", "CHN", "INTERPOL", "UNODC"} & set(panel["recipient"])
    assert panel["recipient"].nunique() == 196
    assert np.isfinite(panel["alignment_CHN"]).all()
