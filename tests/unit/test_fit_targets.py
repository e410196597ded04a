"""Targets: the shipped file, what is refused, and the statistics counted by hand."""

import numpy as np
import pandas as pd
import pytest

from hedgerow.data.load import facts
from hedgerow.fit import nulls, targets
from hedgerow.fit.patterns import STATISTICS, Record
from hedgerow.scenario.errors import ScenarioError

GOOD = """
donor = "CHN"
source = "a paper"
[[targets]]
pattern = "C3"
statistic = "partners"
value = 69
kind = "count"
error = { model = "exact" }
facts = ["B154"]
"""


def written(tmp_path, text):
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_every_pattern_has_targets_with_values_that_the_facts_give() -> None:
    told, known = targets.read(), facts()["value"]
    assert {t.pattern for t in told.fitted} == set(targets.PATTERNS)
    for target in told.fitted:
        if target.statistic in ("officers_trained", "share_of_month", "events_in"):
            continue  # the fact is words or a range
        assert float(known[target.facts[0]]) == pytest.approx(float(target.value))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"C3"', '"C33"', "unknown pattern 'C33'; did you mean 'C3'"),
        ('"partners"', '"partner"', "unknown statistic 'partner'; did you mean 'partners'"),
        ('error = { model = "exact" }', "", "error: this key is needed: how far the record"),
        ('{ model = "exact" }', '{ model = "normal" }', "error model normal needs sd"),
        ('{ model = "exact" }', '{ model = "rounding" }', "rounding needs half_width"),
        ("value = 69", "value = 69.5", "value 69.5 is no count"),
        ("value = 69", "value = -1", "value -1 is no count"),
        ('kind = "count"', 'kind = "share"\nbase = 201', "value 69 is no share"),
        ('value = 69\nkind = "count"', 'value = 0.4\nkind = "share"', "needs base: out of how"),
        ('"B154"', '"B1544"', "unknown fact 'B1544'; did you mean 'B154'"),
        ('kind = "count"', 'kind = "counts"', "did you mean 'count'"),
        ("value = 69", "value = 69\nsource = 1", "unknown key 'source'"),
    ],
)
def test_what_cannot_be_is_refused_in_one_message(tmp_path, old, new, message) -> None:
    assert old in GOOD
    with pytest.raises(ScenarioError) as error:
        targets.read(written(tmp_path, GOOD.replace(old, new, 1)))
    assert message in str(error.value)
    assert "mine.toml" in str(error.value)


def test_a_target_given_twice_is_refused(tmp_path) -> None:
    twice = GOOD + GOOD[GOOD.index("[[targets]]") :]
    with pytest.raises(ScenarioError, match="'partners' is given twice"):
        targets.read(written(tmp_path, twice))


def ledger() -> Record:
    rows = [
        # run, month, body, tier, recipient, kind, setting, event
        (3, "2024-09-01", "MPS", "minister", "VNM", "bilateral", "sideline", 0),
        (3, "2024-09-01", "MPS", "minister", "VNM", "bilateral", "stand_alone", 1),
        (3, "2024-03-01", "CPLC", "head", "KAZ", "bilateral", "stand_alone", 2),
        (3, "2024-09-01", "MPS", "vice_minister", "RUS", "multilateral", "forum", 3),
        (3, "2024-09-01", "MPS", "vice_minister", "KAZ", "multilateral", "forum", 3),
        (5, "2023-03-01", "MSS", "minister", "USA", "bilateral", "stand_alone", 0),
    ]
    names = ["run", "month", "body", "tier", "recipient", "kind", "setting", "event"]
    meetings = pd.DataFrame(rows, columns=names).assign(donor="CHN", forum="")
    other = meetings.head(1).assign(donor="USA")
    training = pd.DataFrame(
        {
            "run": [3, 3, 5],
            "month": ["2023-01-01", "2023-05-01", "2022-09-01"],
            "donor": "CHN",
            "recipient": "LAO",
            "seats": [22.0, 44.0, 22.0],
            "blocked": [2.0, 0.0, 0.0],
            "accepted": [True, False, True],
        }
    )
    forums = pd.DataFrame(
        {
            "run": [3, 3, 5],
            "month": "2022-11-01",
            "forum": ["pacific", "pacific", "other"],
            "recipient": ["FJI", "TON", "FJI"],
            "attended": [True, False, True],
            "signed": False,
        }
    )
    tables = {"meetings": pd.concat([meetings, other]), "training": training, "forums": forums}
    return Record(tables, np.array([3, 4, 5]), "CHN")


@pytest.mark.parametrize(
    ("name", "of", "when", "expected"),
    [
        ("meetings_of_body", "MPS", "", [3, 0, 0]),
        ("bilaterals_by_setting", "stand_alone", "", [2, 0, 1]),
        ("partners", "", "", [2, 0, 1]),
        ("share_of_most_met", "1", "", [2 / 3, 0, 1]),
        ("meetings_with", "VNM", "", [2, 0, 0]),
        ("others_above", "0", "VNM", [1, 0, 1]),
        ("share_of_subregion", "Central Asia", "", [1 / 3, 0, 0]),
        ("multilateral_events", "", "", [1, 0, 0]),
        ("partners_per_event", "", "", [2, 0, 0]),
        ("multilaterals_with", "RUS", "", [1, 0, 0]),
        ("share_of_month", "2024", "2024-09", [3 / 4, 0, 0]),
        ("events_in", "2024-03", "", [1, 0, 0]),
        ("bilaterals_of_tier_in", "MPS minister", "2024-09", [2, 0, 0]),
        ("sidelines_of_tier_in", "MPS minister", "2024-09", [1, 0, 0]),
        ("meetings_of_body_in", "CPLC Central Asia", "", [1, 0, 0]),
        ("officers_trained", "2023", "", [20, 0, 0]),
        ("attendance", "pacific", "2022-11", [1, 0, 0]),
    ],
)
def test_each_statistic_by_hand(name, of, when, expected) -> None:
    assert STATISTICS[name](ledger(), of, when) == pytest.approx(expected)


def test_every_statistic_has_its_case_above() -> None:
    cases = test_each_statistic_by_hand.pytestmark[0].args[1]
    assert {case[0] for case in cases} == set(STATISTICS)


def test_counts_become_steady_by_the_square_root() -> None:
    target = next(t for t in targets.read().targets if t.name == "meetings_with VNM")
    rng = np.random.default_rng(1)
    for rate in (8.0, 40.0):
        assert target.steady(rng.poisson(rate, 40000)).std() == pytest.approx(1.0, abs=0.05)


def test_a_null_model_spreads_meetings_as_it_says() -> None:
    names = ["VNM", "RUS", "USA", "INTERPOL", "FJI"]
    alike = nulls.counts("alike", names, 200.0, 2000, 1)
    assert alike.mean(axis=0) == pytest.approx(np.full(5, 40.0), rel=0.02)
    gravity = nulls.counts("gravity", names, 200.0, 2000, 1).mean(axis=0)
    assert gravity[0] > gravity[1] > gravity[2] > gravity[4]
    told = nulls.statistics(targets.read().targets, names, np.array([[2.0, 1, 0, 0, 0]]), "CHN")
    assert told["meetings_with VNM"].tolist() == [2.0]
    assert told["partners"].tolist() == [2.0]
    assert "officers_trained 2023" not in told
