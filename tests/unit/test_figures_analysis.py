"""Figures of analyses: each draws what its table says, names it, and lets no text collide."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from test_figures import boxes

from hedgerow import analysis, figures

POLICIES = ["baseline-2022-25", "a policy with a rather long name / and a second key 0.25", "c"]


def worlds():
    rng = np.random.default_rng(0)
    chance = rng.standard_normal(20)
    parts = [
        pd.DataFrame(
            {
                "policy": p,
                "world": range(20),
                "y": chance + i * (1 + 0.1 * chance),
                "cost": 1e8 * (i + 1.0),
                "rights": -1.0 * i,
            }
        )
        for i, p in enumerate(POLICIES)
    ]
    return pd.concat(parts, ignore_index=True)


def levels():
    rows = [(r, 3 * i + j, float(a), b) for r in range(5) for i, a in enumerate((0.0, 0.5)) for j, b in enumerate("xyz")]
    frame = pd.DataFrame(rows, columns=["replication", "point", "policies.leahy.strictness", "b"])
    return frame.assign(y=frame["policies.leahy.strictness"] * 2 + frame["replication"])


def regression():
    rng = np.random.default_rng(1)
    names = [f"parameters.acceptance.factor_number_{i}" for i in range(14)]
    table = pd.DataFrame(rng.random((60, 14)), columns=names)
    return analysis.regression(table.assign(y=table[names[0]]), names, "y")


def cells():
    base = pd.DataFrame({"replication": range(5), "y": 0.0})
    rows = [
        (r, x, y, z, 1e-4 * (x - 1) + (0 if x == 1 else 1e-6 * r) + 1e-4 * (x == 1) * (-1) ** r)
        for r in range(5)
        for x in (0.0, 1.0, 2.0)
        for y in (0.1, 0.2)
        for z in (1.0, 2.0, 3.0, 4.0)
    ]
    names = ["replication", "policies.cutoff.threshold", "policies.cutoff.depth"]
    frame = pd.DataFrame(rows, columns=[*names, "parameters.acceptance.gap", "y"])
    return analysis.effect_map(frame, base, list(frame.columns[1:4]), "y", 1)


def indices(total):
    low, high = (np.full(2, np.nan), np.full(2, np.nan)) if total is None else ([0.5, 0], [0.7, 0.1])
    middle = np.full(2, np.nan) if total is None else [0.6, 0.05]
    return pd.DataFrame(
        {
            "factor": ["a.b", "c.d"],
            "first": [0.5, -0.05],
            "first_low": [0.4, -0.1],
            "first_high": [0.6, 0.1],
            "total": middle,
            "total_low": low,
            "total_high": high,
            "estimator": "Saltelli",
        }
    )


def morris():
    x = np.array([[0, 0], [2 / 3, 0], [2 / 3, 2 / 3], [1, 1], [1 / 3, 1], [1 / 3, 1 / 3]])
    table = pd.DataFrame(x, columns=["a.b", "c.d"]).assign(y=2 * x[:, 0])
    return analysis.morris(table, ["a.b", "c.d"], "y")


LIMITS = pd.DataFrame(
    {
        "factor": ["parameters.acceptance.gap", "x"],
        "low": [1.0, 0.2],
        "high": [2.0, 1.0],
        "range_low": [1.0, 0.0],
        "range_high": [3.0, 1.0],
    }
)


def box(tested=0.7):
    return pd.DataFrame(
        {
            "target": ["c does <b>better</b> than $base$"],
            "density": [0.9],
            "coverage": [0.8],
            "base_rate": [0.3],
            "density_tested": [tested],
            "density_low": [tested - 0.1],
        }
    )


CASES = {
    "policies": lambda: figures.policies(analysis.signs(worlds(), "y", POLICIES[0]), unit="0-1"),
    "regrets": lambda: figures.regrets(analysis.regret(worlds(), "y", 1), unit="0-1"),
    "acceptability": lambda: figures.acceptability(analysis.ranks(worlds(), "y", 1)),
    "front": lambda: figures.front(analysis.pareto(worlds(), {"cost": -1, "y": 1, "rights": 1})),
    "threshold_map": lambda: figures.threshold_map(cells(), unit="0-1"),
    "shares": lambda: figures.shares(analysis.effects(levels(), ["policies.leahy.strictness", "b"], "y")),
    "responses": lambda: figures.responses(analysis.levels(levels(), ["policies.leahy.strictness", "b"], "y"), unit="0-1"),
    "tornado": lambda: figures.tornado(regression(), unit="0-1"),
    "indices": lambda: figures.indices(indices(1)),
    "first order alone": lambda: figures.indices(indices(None)),
    "screening": lambda: figures.screening(morris()),
    "box": lambda: figures.box(LIMITS, box()),
}


@pytest.mark.parametrize("name", CASES)
def test_texts_neither_collide_nor_leave_the_page(name) -> None:
    figure = CASES[name]()
    found = boxes(figure)
    assert found
    edge = [figure.bbox.width, figure.bbox.height]
    for text, place in found:
        assert (place >= 0).all(), text
        assert (place[2:] <= edge).all(), text
    for (one, a), (two, b) in combinations(found, 2):
        shared = np.minimum(a[2:], b[2:]) - np.maximum(a[:2], b[:2])
        assert not (shared > 1).all(), f"{one!r} runs into {two!r}"


@pytest.mark.parametrize("name", CASES)
def test_a_figure_is_told_in_words(name) -> None:
    told = figures.describe(CASES[name]())
    assert len(told) > 40
    assert "nan" not in told.lower().split()


def test_an_untested_or_failed_box_says_so() -> None:
    assert "Do not rely on this box" in str(texts_of(figures.box(LIMITS, box(0.25))))
    assert "too few to test" in str(texts_of(figures.box(LIMITS, box(np.nan))))


def test_a_map_hatches_what_is_not_sure() -> None:
    table = cells()
    figure = figures.threshold_map(table)
    hatched = [p for a in figure.axes for p in a.patches if p.get_hatch()]
    assert len(hatched) == int((table["sign"] == "uncertain").sum()) == 8


def test_a_table_that_lacks_a_column_is_refused() -> None:
    with pytest.raises(ValueError, match="lacks the columns"):
        figures.tornado(pd.DataFrame({"factor": ["a"]}))
    with pytest.raises(ValueError, match="no rows"):
        figures.regrets(analysis.regret(worlds(), "y", 1).iloc[:0])


def texts_of(figure):
    return [" ".join(t.get_text().split()) for t in figure.texts]
