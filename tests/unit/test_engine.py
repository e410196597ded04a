"""How a batch begins, by hand: where recent help, covered ground and centres stand before the first month."""

from math import exp

import numpy as np
import pytest
from tiny import numbers, tiny

from hedgerow.core.engine import Batch

HELPER = {"training": {"officers": 240, "weeks": 5.0}, "equipment": {"packages": 0}}


def begun(rows: int = 1, donors=(HELPER,), **settings) -> Batch:
    situation = tiny(rows, donors, **settings)
    return Batch(situation.scene, situation.world, seed=1, runs=[0])


def test_help_stands_where_the_first_plans_would_hold_it():
    # 20 officers a month for 5 weeks are 40 courses of 2.5 weeks, or 4 for one per cent; over a year of memory
    assert begun().world.help.item() == pytest.approx(4 * 12)
    memory = numbers(delivery={"help_memory": 6.0, "course_weeks": 5.0})
    assert begun(parameters=memory).world.help.item() == pytest.approx(2 * 6)
    two = begun(2, fact_force=[10.0, 20.0], scope=[1.0, 3.0]).world
    assert two.help[0, 0] == pytest.approx([48 / 4, 48 * 3 / 4 / 2])  # a quarter and three; by force


def test_the_start_is_kept_as_what_later_change_is_measured_by():
    batch = begun(2, [HELPER, HELPER | {"training": {"officers": 2.4, "weeks": 2.5}}])
    world = batch.world
    assert np.array_equal(world.first_help, world.help)
    assert np.array_equal(batch.first.help, world.help)
    assert world.help[0, 1] == pytest.approx([0.12] * 2)  # 0.1 officers a month each, on ten, over a year
    assert world.first_cover[0, 0] == pytest.approx([1 - exp(-0.12 / 0.5)] * 2)  # of the rival's help
    assert world.first_cover[0, 1] == pytest.approx([1.0] * 2)


def test_centres_stand_where_nationals_are_and_nobody_looks():
    host = {"fact_exposure": [[1.0, 1.0, 0.0]], "fact_oversight": [0.0, 1.0, 0.0]}
    many = numbers(centres={"initial": 2.0})
    centres = [
        Batch(s.scene, s.world, seed=seed, runs=[0]).world.centres[0, 0]
        for seed in range(40)
        for s in [tiny(3, [HELPER | {"centres": 1.0}], parameters=many, **host)]
    ]
    assert np.array(centres).max(axis=0)[1:].tolist() == [0.0, 0.0]
    assert np.array(centres).mean(axis=0)[0] == pytest.approx(2.0, abs=4 * (2 / 40) ** 0.5)
    assert not begun(3, **host).world.centres.any()  # the donor runs none
