"""At the ends of the ranges of all numbers at once, with every lever at work, runs stay finite."""

from datetime import date
from typing import Any

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from hedgerow.core.donors import Tier
from hedgerow.core.levers import LEVERS
from hedgerow.core.numbers import Quantity, entries, quantities
from hedgerow.core.parameters import Parameters
from hedgerow.runs.ensemble import Ensemble, batches
from hedgerow.scenario.load import overlay, parse
from tests.strategies import BASE, EVENTS, examples, nested

ONCE = ("transition", "illicit", "forced_choice", "background_donors", "forums")
"""Levers that belong to no donor of the scenario."""
FORUM = {"name": "New", "organiser": "USA", "months": list(range(1, 13)), "signs": True, "boosts": True, "sidelines": True}
SAID: dict[str, dict[str, Any]] = {
    "background_donors": {"donor": "JPN"},
    "forums": {"create": {"new": FORUM}, "strengthen": {"lianyungang": 1.0}},
    "budget": {"pledges": [{"recipients": "all", "officers": 50_000.0}]},
}


def busy() -> dict[str, Any]:
    """Return a scenario with every lever at work for both donors, and every event."""
    policies: dict[str, Any] = {}
    for donor, rival in (("USA", "CHN"), ("CHN", "USA")):
        for name, kind in LEVERS.items():
            if donor == "USA" or name not in ONCE:
                who = {"donor": donor, "rival": rival, "about": rival, "rivals": [rival]}
                known = {key: value for key, value in who.items() if key in kind.model_fields}
                policies[f"{name}_{donor}"] = {"lever": name, **known, **SAID.get(name, {})}
    struck = [{"month": date(2022, 7, 1), "kind": kind, "recipients": "all"} for kind in EVENTS]
    return overlay(BASE, {"policies": policies}) | {"months": 4, "events": struck}


BUSY = busy()
SCENARIO = parse(BUSY)
PLACES = {"parameters": Parameters(), **{f"donors.{code}": donor for code, donor in SCENARIO.donors.items()}}
PLACES |= {f"policies.{name}": lever for name, lever in SCENARIO.policies.items()}
CARDS = [q for path, family in PLACES.items() for find in (quantities, entries) for q in find(family, path)]
LOW, HIGH, USUAL = 0, 1, 2


def at(card: Quantity, end: int) -> float | None:
    return (card.low, card.high, card.default)[end]


def test_every_kind_of_number_is_among_them() -> None:
    assert len(CARDS) > 300
    assert {q.path.split(".")[2] for q in CARDS if q.path.startswith("donors")} >= {"value", "trust", "lock_in", "training"}


@examples(0.2)
@example([LOW] * len(CARDS), LOW)
@example([HIGH] * len(CARDS), HIGH)
@given(st.lists(st.sampled_from([LOW, HIGH, USUAL]), min_size=len(CARDS), max_size=len(CARDS)), st.sampled_from([LOW, HIGH]))
def test_runs_at_the_ends_of_the_ranges_stay_finite(ends: list[int], tiers: int) -> None:
    raw = BUSY
    for card, end in zip(CARDS, ends, strict=True):
        value = at(card, end)
        raw = raw if value is None else overlay(raw, nested(card.path, value))
    for code, donor in SCENARIO.donors.items():
        ranks = [{"body": t.body, "tier": t.tier, **{q.path: at(q, tiers) for q in quantities(Tier)}} for t in donor.tiers]
        raw = overlay(raw, nested(f"donors.{code}.tiers", ranks))
    (kept,) = batches(Ensemble(parse(raw), [0], 1), workers=1)  # itself refuses what is not finite
    assert np.isfinite(kept["outcomes"].to_pandas()).all(axis=None)
    for name, table in kept.items():
        assert np.isfinite(table.to_pandas().select_dtypes("number")).all(axis=None), name
