"""Scenario files that are right: they load, and they run."""

from pathlib import Path

import numpy as np
import pytest

from hedgerow.core.engine import Batch
from hedgerow.data.load import countries
from hedgerow.data.select import OTHER_ROWS, pick
from hedgerow.scenario.load import changed, load
from hedgerow.scenario.place import place

GOOD = Path(__file__).parents[1] / "scenarios" / "good"
FILES = sorted(GOOD.glob("*.toml"))


def outcomes(name: str | Path, months: int = 3, *settings: str) -> dict[str, np.ndarray]:
    scene, world = place([load(name, settings, months)] * 2)
    batch = Batch(scene, world, 1, range(2))
    for _ in batch:
        pass
    return batch.outcomes()


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_good_fixture_loads_and_runs(path: Path) -> None:
    assert all(np.isfinite(values).all() for values in outcomes(path).values())


def test_a_third_donor_needs_a_file_alone() -> None:
    assert list(load(GOOD / "third-donor.toml").donors) == ["CHN", "USA", "AUS"]
    assert outcomes(GOOD / "third-donor.toml")["officers_AUS"].sum() > 0


def test_donors_of_one_bloc_are_not_rivals() -> None:
    scene, _ = place([load(GOOD / "third-donor.toml", months=1)])
    assert scene.rivals.tolist() == [[False, True, True], [True, False, False], [True, False, False]]


def test_a_world_of_one_donor_has_no_rivals() -> None:
    scene, _ = place([load(GOOD / "one-donor.toml")])
    assert not scene.rivals.any()
    assert outcomes(GOOD / "one-donor.toml")["meetings_CHN"].sum() > 0


def test_a_scenario_by_path_extends_a_shipped_one() -> None:
    mine, shipped = load(GOOD / "by-path.toml"), load("gap-fill")
    assert mine.policies["gap_fill"].share == 0.5
    assert mine.policies["gap_fill"].start == shipped.policies["gap_fill"].start
    assert mine.donors == shipped.donors


@pytest.mark.parametrize(
    ("policy", "inside", "outside"),
    [
        ("everyone", "KEN", None),
        ("codes", "XKX", "JPN"),
        ("region", "KEN", "JPN"),
        ("subregion", "KAZ", "IRN"),
        ("organisation", "VNM", "CHN"),
        ("attribute", "SAU", "NOR"),
        ("exact", "IDN", "VNM"),
        ("mixture", "FJI", "DEU"),
    ],
)
def test_selectors_pick_whom_they_name(policy: str, inside: str, outside: str | None) -> None:
    table = countries()
    lever = load(GOOD / "selectors.toml").policies[policy]
    picked = pick(lever.recipients, table, OTHER_ROWS)
    assert picked[table.index.get_loc(inside)]
    assert outside is None or not picked[table.index.get_loc(outside)]


def test_settings_are_laid_over_the_file() -> None:
    scenario = load("baseline-2022-25", ["policies.leahy.scope=none", "donors.CHN.quality=0.3"])
    assert scenario.policies["leahy"].scope == "none"
    assert scenario.donors["CHN"].quality == 0.3
    assert scenario.donors["CHN"].surveillance == load("baseline-2022-25").donors["CHN"].surveillance


def test_a_run_cut_short_leaves_out_the_events_it_does_not_reach() -> None:
    whole, short = load("baseline-2022-25"), load("baseline-2022-25", months=12)
    assert {event.month.year for event in short.events} == {2023}
    assert set(short.events) < set(whole.events)
    assert load("baseline-2022-25", ["months=12"]).model_dump() == short.model_dump()


def test_an_empty_table_sets_nothing_and_a_set_event_is_added(tmp_path) -> None:
    path = tmp_path / "empty.toml"
    path.write_text('extends = "baseline-2022-25"\n[parameters]\n[donors.USA]\n', encoding="utf-8")
    assert load(path) == load("baseline-2022-25")
    assert not any(who == str(path) for who in load(path).set_by.values())
    event = 'events=[{month=2022-07-01, kind="war", recipients="KEN"}]'
    whole = load("baseline-2022-25")
    assert len(load("baseline-2022-25", [event]).events) == len(whole.events) + 1
    assert len(changed(whole, [event], None, "x").events) == len(whole.events) + 1
    bare = type(whole).model_validate(whole.model_dump())
    assert dict(changed(bare, (), 2, "x").set_by) == {}


def test_a_lever_changes_nothing_before_it_starts() -> None:
    base, variant = outcomes("baseline-2022-25", 12), outcomes("cutoff-enforced", 12)
    assert all(np.array_equal(base[name], variant[name]) for name in base)
