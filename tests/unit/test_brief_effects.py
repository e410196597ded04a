"""What a sweep's page says of signs and shares: no more than replications support."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from hedgerow.report.brief import effects, sections
from hedgerow.report.brief.workbook import Workbook

UP, OPEN = "nineteen points of twenty are above zero", "chance leaves its sign open"


def told(runs, **tables) -> SimpleNamespace:
    """Return what a page is made of: runs, ``(replications, points)``, and tables by name."""
    workbook, runs = Workbook(), np.array(runs, dtype=float)
    sections.add_method(workbook, runs.size, 12)
    one = SimpleNamespace(
        workbook=workbook,
        runs=runs,
        means=runs.mean(axis=0),
        unit="0-1",
        outcome_name="alignment",
        factor=str,
        found=SimpleNamespace(tables={}, factors={"a": "a", "b": "b"}, replications=len(runs)),
    )
    rows = [("points", runs.shape[1]), *effects.spread_counts(one)]
    workbook.add_counts(rows)
    for name, (keys, row) in tables.items():
        workbook.add(name, pd.DataFrame([row]), keys, "")
    return one


def first(runs) -> str:
    return str(effects.answer(told(runs))[0].striptags())


def test_a_sign_is_told_only_where_replications_agree_on_it() -> None:
    points = np.linspace(0.01, 0.02, 9)
    sure = first([points, points + 0.001, points - 0.001])
    assert UP in sure
    assert OPEN not in sure
    shaken = first([points, points + 0.1, points - 0.1])
    assert OPEN in shaken
    assert "includes zero" in shaken
    assert UP not in shaken
    assert "are below zero" in first([-points, -points - 0.001])


def test_one_replication_says_that_chance_is_not_known() -> None:
    said = first([np.linspace(0.01, 0.02, 9)])
    assert UP in said
    assert effects.ONCE in said


def test_points_that_are_nowhere_below_zero_are_not_called_of_either_sign() -> None:
    counted = np.array([0.0] * 5 + [3.0] * 5)
    assert "depends on the factors" not in first([counted, counted + 0.1])
    assert "depends on the factors" in first([counted - 1.0, counted - 1.1])


SHARE = {"term": "a", "kind": "main", "share": 1.0, "low": np.nan, "high": np.nan}


@pytest.mark.parametrize(
    ("row", "runs", "wanted"),
    [
        ({}, 3, "may be luck"),
        ({}, 1, effects.ONCE),
        ({"low": 0.0, "high": 0.9}, 3, "may be luck"),
        ({"low": 0.7, "high": 1.0}, 3, "interval 70 to 100%)"),
        ({"share": np.nan}, 3, "No factor of the grid moves it"),
    ],
)
def test_a_share_without_an_interval_above_zero_may_be_luck(row, runs, wanted) -> None:
    page = told(np.ones((runs, 4)), effects=(("term",), SHARE | row))
    said = str(effects.strongest(page).striptags())
    assert wanted in said
    assert ("luck" in said) == ("luck" in wanted)
    assert "single runs" not in said


LEVEL = {"factor": "a", "level": 1.0, "difference": 0.5}


@pytest.mark.parametrize(
    ("low", "high", "wanted"),
    [
        (np.nan, np.nan, effects.ONCE),
        (-0.1, 1.1, "includes zero: no clear difference"),
        (0.4, 0.6, "(90% interval +0.40 to +0.60)"),
    ],
)
def test_a_level_says_what_its_interval_supports(low, high, wanted) -> None:
    row = LEVEL | {"difference_low": low, "difference_high": high}
    page = told(np.ones((2, 4)), levels=(("factor", "level"), row))
    said = str(effects.strongest(page).striptags())
    assert wanted in said
    assert "not known to" not in said
