"""What must hold in every run of any scenario."""

from dataclasses import replace

import numpy as np
from hypothesis import strategies as st

from hedgerow.core.engine import Batch
from hedgerow.core.ledger import Ledger, Panel
from hedgerow.core.scene import Scene
from hedgerow.core.world import VARIABLES, Network, World
from hedgerow.mesa import Model
from hedgerow.scenario.load import parse
from hedgerow.scenario.place import place
from hedgerow.scenario.schema import Scenario
from tests.strategies import BASE, Seen, alone, lever_blocks, months_on, over, raw_scenarios, scenarios

OFTEN = {"flagged": 0.3, "blocked": 0.05, "cut": 0.01, "paused": 0.01}
"""Shares of the examples in which, at the least, units are flagged at the start, help is blocked or cut, or paused."""
UNIT = ("capability", "threat", "entanglement", "policing_model", "sovereignty", "alignment", "trust", "uptime")
POSITIVE = ("lock_in", "help", "request", "recent", "pending", "officers", "welfare_loss", "centres")


def simulate(scenario: Scenario, runs: list[int], seed: int = 5) -> Batch:
    scene, world = place([scenario] * len(runs))
    names = np.array(world.recipients, dtype=object)
    batch = Batch(scene, world, seed, runs, ledger=Ledger(np.array(runs), names), panel=Panel(scene.months))
    for _ in batch:
        pass
    return batch


def same(one: World, other: World) -> bool:
    """Say whether two worlds stand alike in everything."""
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in VARIABLES)


def sums(batch: Batch, table: str, value: str, where: str | None = None) -> np.ndarray:
    """Return a ledger column added up by run, donor and recipient, as the world holds it."""
    rows = batch.ledger.tables()[table]
    total = np.zeros((len(batch.runs), len(batch.world.donors), batch.world.rows))
    keep = np.ones(len(rows["run"]), bool) if where is None else rows[where] == where_value(table)
    run = np.searchsorted(np.array(batch.runs), rows["run"][keep])
    donor = [batch.world.donors.index(c) for c in rows["donor"][keep]]
    recipient = [batch.world.recipients.index(c) for c in rows["recipient"][keep]]
    amount = np.ones(keep.sum()) if value == "1" else rows[value][keep]
    np.add.at(total, (run, donor, recipient), amount)
    return total


def where_value(table: str) -> object:
    return "bilateral" if table == "meetings" else True


@over(scenarios(), share=0.5, **OFTEN)
def test_variables_stay_in_their_ranges(seen: Seen, scenario: Scenario) -> None:
    batch = simulate(scenario, [0, 1])
    world = batch.world
    seen.at_work(batch.first, world)
    for name in VARIABLES:
        values = getattr(world, name)
        assert np.isfinite(values).all(), name
        if name in UNIT:
            assert values.min() >= 0, name
            assert values.max() <= 1, name
        if name in POSITIVE:
            assert values.min() >= 0, name
    assert world.crime.min() > 0
    assert world.flagged.min() >= 0


@over(scenarios(), share=0.5, **OFTEN)
def test_stocks_reconcile_with_the_ledger(seen: Seen, scenario: Scenario) -> None:
    batch = simulate(scenario, [0, 1])
    seen.at_work(batch.first, batch.world)
    world, rows = batch.world, batch.ledger.tables()["training"]
    weeks = sums(batch, "training", "officer_weeks")
    np.testing.assert_allclose(weeks, world.officer_weeks)
    np.testing.assert_allclose(sums(batch, "training", "blocked"), world.denied)
    assert (rows["blocked"] <= rows["seats"]).all()
    np.testing.assert_array_equal(sums(batch, "meetings", "1", "kind"), world.meetings)
    kit = sums(batch, "equipment", "value_usd", "accepted") - sums(batch, "equipment", "blocked", "accepted")
    np.testing.assert_allclose(kit, world.equipment_usd)


@over(scenarios(), st.integers(1, 2**31), share=0.5, **OFTEN)
def test_a_run_is_the_same_alone_and_in_any_batch(seen: Seen, scenario: Scenario, seed: int) -> None:
    together = simulate(scenario, [0, 3, 7], seed)
    seen.at_work(together.first, together.world)
    alone = simulate(scenario, [3], seed)
    for name, values in alone.panel.values.items():
        np.testing.assert_array_equal(values[:, 0], together.panel.values[name][:, 1], name)
    for name in VARIABLES:
        np.testing.assert_array_equal(getattr(alone.world, name)[0], getattr(together.world, name)[1], name)
    ours, theirs = alone.outcomes(), together.outcomes()
    assert {k: v[0] for k, v in ours.items()} == {k: v[1] for k, v in theirs.items()}
    for table, columns in alone.ledger.tables().items():
        whole = together.ledger.tables()[table]
        mine = whole["run"] == 3
        for name, values in columns.items():
            np.testing.assert_array_equal(values, whole[name][mine], f"{table}.{name}")


def shuffled(scene: Scene, world: World, order: np.ndarray) -> tuple[Scene, World]:
    """Return the same world and scene with the rows in another order."""
    place_of = np.argsort(order)
    net = scene.network
    pairs = np.stack([place_of[net.one], place_of[net.other]], axis=1)
    gatherings = tuple(replace(g, members=g.members[order], hostile=g.hostile[order]) for g in scene.gatherings)
    events = tuple(replace(e, rows=e.rows[order]) for e in scene.events)
    moved = replace(
        scene,
        network=Network.of(pairs, net.land, world.rows),
        gatherings=gatherings,
        events=events,
        schedule=scene.schedule.at(order),
    )
    names = tuple(world.recipients[i] for i in order)
    return moved, replace(world.at(order), recipients=names)


@over(scenarios(), st.randoms(use_true_random=False), share=0.5, **OFTEN)
def test_the_order_of_rows_does_not_matter(seen: Seen, scenario: Scenario, random: object) -> None:
    scene, world = place([scenario])
    order = np.array(random.sample(range(world.rows), world.rows))
    batches = [Batch(scene, world.copy(), 5, [0]), Batch(*shuffled(scene, world.copy(), order), 5, [0])]
    for batch in batches:
        for _ in batch:
            pass
    straight, moved = (b.world for b in batches)
    seen.at_work(batches[0].first, straight)
    for name in VARIABLES:
        there = getattr(moved, name)[..., np.argsort(order)]
        np.testing.assert_allclose(there, getattr(straight, name), rtol=1e-9, atol=1e-9, err_msg=name)


@over(scenarios(), share=0.1, flagged=0.3, blocked=0.05)
def test_agents_asked_one_by_one_equal_all_at_once(seen: Seen, scenario: Scenario) -> None:
    models = [Model(scenario, seed=5, run=2, fixed=True, one_by_one=slow) for slow in (False, True)]
    for model in models:
        model.run_model()
    batch = simulate(scenario, [2])
    seen.at_work(batch.first, batch.world)
    for name in VARIABLES:
        one, other = (getattr(m.world, name) for m in models)
        np.testing.assert_array_equal(one, other, name)
        np.testing.assert_array_equal(one, getattr(batch.world, name), name)


@over(raw_scenarios(levers=2), st.data(), share=0.5, differ=0.1)
def test_two_scenarios_agree_until_they_differ(seen: Seen, raw: dict, data: st.DataObject) -> None:
    first = data.draw(st.integers(1, raw["months"] - 1))
    block = data.draw(lever_blocks(start=months_on(raw["start"], first)))
    kept = {name: other for name, other in raw["policies"].items() if alone(other, [block])}
    raw |= {"policies": kept}
    changed = raw | {"policies": kept | {"late": block}}
    one, other = (simulate(parse(r), [0, 1]) for r in (raw, changed))
    seen.note(differ=not same(one.world, other.world))
    for name, values in one.panel.values.items():
        np.testing.assert_array_equal(values[:first], other.panel.values[name][:first], name)
    before = one.scene.date(first)
    for table, columns in one.ledger.tables().items():
        theirs = other.ledger.tables()[table]
        early, also = columns["month"] < before, theirs["month"] < before
        for name, values in columns.items():
            np.testing.assert_array_equal(values[early], theirs[name][also], f"{table}.{name}")


def test_another_seed_gives_another_run() -> None:
    scenario = parse(BASE | {"months": 2, "events": []})
    one, other = simulate(scenario, [0], seed=1), simulate(scenario, [0], seed=2)
    assert not np.array_equal(one.world.alignment, other.world.alignment)
