"""The bench: rates, exponents and made-up worlds with known answers, and a tiny bench in full."""

import json
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from bench import fit, memory, rival, show, sitting, worlds
from bench.__main__ import app
from bench.contests import BATCHES, FLOOR, SWEEP, Contest
from bench.engine import read
from bench.growth import Growth, months_within
from hedgerow.core.engine import Batch
from hedgerow.scenario.load import load
from hedgerow.scenario.place import place

ROOT = Path(__file__).parents[2]
TINY = ["--json", "--seconds", "0.01", "--rounds", "1", "--runs", "2", "--months", "1"]

ON_TWO_CORES = """
from bench import machine, sitting
from bench.__main__ import app
sitting.cores = machine.cores = lambda: 2
app()
"""
A_HUNGRY_CHILD = """
import json, subprocess, sys
from bench.memory import Watch
hungry = "held = bytearray(b'x' * 100_000_000); print('ready', flush=True); input()"
with Watch() as watch:
    before = watch.lap()
    with subprocess.Popen([sys.executable, "-c", hungry], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        child.stdout.readline()
        during = watch.lap()
        child.communicate(b"\\n")
print(json.dumps([before, during, watch.peak]))
"""
A_SILENT_SYSTEM = """
import json
from bench import memory
memory.can_sample = lambda: False
with memory.Watch() as watch:
    held = bytearray(b"x" * 100_000_000)
print(json.dumps([watch.method == memory.LARGEST, watch.peak]))
"""


def alone(script, *words):
    """Return what a script tells in JSON that measures itself, in a process of its own."""
    done = subprocess.run([sys.executable, "-c", script, *words], cwd=ROOT, stdout=subprocess.PIPE, check=True)
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def tiny():
    """Return the data of a tiny bench with two processes, real ones."""
    return alone(ON_TWO_CORES, *TINY)


@pytest.fixture(scope="module")
def placed():
    return place([load("baseline-2022-25", (), 2)] * 3)


@pytest.mark.parametrize("power", [0.5, 1.0, 2.0])
def test_exponent_of_a_power_is_that_power(power):
    sizes = [1, 2, 5, 40]
    assert fit.exponent(sizes, [3.0 * s**power for s in sizes]) == pytest.approx(power)


@pytest.mark.parametrize(("sizes", "seconds"), [([1], [1.0]), ([2, 2], [1.0, 2.0]), ([1, 2], [1.0, 0.0])])
def test_exponent_needs_two_sizes_above_zero(sizes, seconds):
    with pytest.raises(ValueError, match="two different sizes"):
        fit.exponent(sizes, seconds)


@pytest.mark.parametrize(
    "moments",
    [
        [5.0, 5.5, 6.0, 6.5, 7.0, 7.5, 8.0, 8.5],  # two processes in turn
        [5.5, 5.5, 6.5, 6.5, 7.5, 7.5, 8.5, 8.5],  # and together
    ],
)
def test_steady_rate_leaves_start_up_out(moments):
    timing = fit.steady(moments, [64] * 8, 2, wall=8.6)
    assert timing.steady
    assert timing.rate == pytest.approx(128.0)
    assert timing.startup == pytest.approx(8.6 - 4.0)


def test_steady_rate_of_too_few_pieces_is_that_of_the_whole():
    timing = fit.steady([3.0, 4.0], [10, 10], 1, wall=5.0)
    assert (timing.steady, timing.rate, timing.startup) == (False, 4.0, 0.0)


def test_mesa_is_rated_by_the_time_each_process_worked():
    spans = [(7, 10.0, 12.0), (7, 12.0, 14.0), (8, 100.0, 101.0)]
    assert rival.sum_of_rates(spans) == pytest.approx(2 / 4 + 1 / 1)


def test_months_of_the_largest_job_keep_to_the_seconds_given():
    assert months_within(4.0, 36, 0.05) == 10
    assert months_within(4.0, 36, 1e-6) == 36
    assert months_within(4.0, 36, 1e6) == 6
    assert months_within(4.0, 1, 1e6) == 1


def test_growth_goes_to_and_fro_and_takes_the_least_times():
    done, slow = [], iter([1, 2, 1, 1, 1, 8])

    def prepare(size):
        return lambda: done.append(size) or float(next(slow) * size**2)

    growth = Growth("size", "squares", (1, 2, 4), prepare)
    growth.measure(backwards=False)
    growth.measure(backwards=True)
    assert done == [1, 2, 4, 4, 2, 1]
    assert growth.seconds == [[1.0, 8.0, 16.0], [8.0, 4.0, 16.0]]
    data = growth.as_data()
    assert data["seconds"] == [1.0, 4.0, 16.0]
    assert data["exponent"] == pytest.approx(2.0)
    assert data["low"] == pytest.approx(0.5)  # of the second round
    assert data["high"] == pytest.approx(2.0)


def test_contests_run_to_and_fro_and_are_rated_by_the_best():
    done, rates = [], iter([1.0, 10.0, 5.0, 50.0])

    def run(runs):
        done.append(runs)
        return fit.Timing(runs, next(rates), wall=9.0)

    raced = [Contest("a", "a", 1, run, runs=1), Contest("b", "b", 1, run, runs=2)]
    with memory.Watch() as watch:
        for backwards in (False, True):
            sitting.one_round(raced, [], watch, backwards, done.append)
    assert done == [1, 1, 2, 1, 2, 1, 1, 1]
    assert [contest.rate for contest in raced] == [50.0, 10.0]


def test_a_world_of_the_same_rows_runs_the_same(placed):
    scene, world = placed
    made = worlds.with_rows(scene, world.copy(), worlds.rows(world.rows, world.rows))
    assert outcomes(*made) == outcomes(scene, world.copy())


@pytest.mark.parametrize("times", [2, 3])
def test_a_world_of_copies_has_each_with_its_own_neighbours(placed, times):
    scene, world = placed
    n = world.rows
    wider, more = worlds.with_rows(scene, world, worlds.rows(n, times * n))
    assert more.crime.shape == (3, times * n)
    assert more.alignment.shape == (3, 2, times * n)
    wanted = np.kron(np.eye(times), borders(scene))
    assert np.array_equal(borders(wider), wanted)
    assert all(len(g.members) == times * n for g in wider.gatherings)
    assert np.isfinite(list(outcomes(wider, more).values())).all()


def test_half_a_world_keeps_the_borders_within_it(placed):
    scene, world = placed
    half = worlds.rows(world.rows, world.rows // 2)
    assert len(set(half.tolist())) == world.rows // 2
    fewer, less = worlds.with_rows(scene, world, half)
    assert np.array_equal(borders(fewer), borders(scene)[np.ix_(half, half)])
    assert np.isfinite(list(outcomes(fewer, less).values())).all()


def borders(scene):
    """Return who borders whom, ``(rows, rows)``."""
    net = scene.network
    found = np.zeros((len(net.share), len(net.share)))
    np.add.at(found, (net.one, net.other), 1.0)
    return found + found.T


def outcomes(scene, world):
    batch = Batch(scene, world, 1, [0, 1, 2])
    for _ in batch:
        pass
    return {name: values.tolist() for name, values in batch.outcomes().items()}


def test_more_donors_are_copies_for_other_states():
    scenario = load("baseline-2022-25", (), 1)
    more = worlds.with_donors(scenario, 5)
    assert list(more.donors)[:2] == ["CHN", "USA"]
    assert len(more.donors) == 5
    assert list(more.donors.values())[4].training == scenario.donors["CHN"].training
    scene, world = place([more])
    assert world.alignment.shape[1] == len(scene.donors) == 5


@pytest.mark.parametrize("number", [1, 99])
def test_no_fewer_donors_than_there_are_and_no_more_than_states(number):
    with pytest.raises(ValueError, match=f"{number} donors: must be 2 to 8"):
        worlds.with_donors(load("baseline-2022-25"), number)


def test_the_floor_draws_what_the_model_reads():
    asked = read(load("baseline-2022-25", months=4))
    assert {month for _, _, month in asked} == {0, 1, 2, 3}
    usual = {(owner, stream) for owner, stream, _ in asked}
    assert {("world", "crime"), ("CHN", "courses"), ("USA", "alignment")} <= usual
    cut = {(owner, stream) for owner, stream, _ in read(load("cutoff-enforced"))}
    assert ("USA", "cutoff") in cut - usual


@pytest.mark.skipif(not memory.can_sample(), reason="the system does not tell")
def test_memory_counts_children():
    before, during, peak = alone(A_HUNGRY_CHILD)
    assert during > before + 90_000_000
    assert peak >= during


def test_memory_where_the_system_does_not_tell():
    largest, peak = alone(A_SILENT_SYSTEM)
    assert largest
    assert peak > 100_000_000


def test_tiny_bench_has_every_contest_and_positive_rates(tiny):
    found = {(c["name"], c["processes"]) for c in tiny["contests"]}
    assert found == {
        ("mesa-one-by-one", 1),
        ("mesa", 1),
        ("one-run-worlds", 1),
        (BATCHES, 1),
        (FLOOR, 1),
        (SWEEP, 1),
        ("mesa-one-by-one", 2),
        ("mesa", 2),
        (SWEEP, 2),
    }
    for one in tiny["contests"]:
        assert 0 < one["median"] <= one["runs_a_second"] == max(one["rounds"])
        assert len(one["rounds"]) == 1
        assert one["runs"] in (1, 2)
        assert one["wall_seconds"] > 0 <= one["startup_seconds"]
        assert one["peak_bytes"] > 10_000_000
    assert tiny["memory"]["peak_bytes"] >= max(c["peak_bytes"] for c in tiny["contests"])


def test_ratios_agree_with_rates(tiny):
    rate = {(c["name"], c["processes"]): c["runs_a_second"] for c in tiny["contests"]}
    for one in tiny["contests"]:
        own = one["runs_a_second"]
        of = one["processes"]
        assert one["times_one_by_one"] == pytest.approx(own / rate["mesa-one-by-one", of])
        assert one["times_mesa"] == pytest.approx(own / rate["mesa", of])
    assert tiny["times_the_floor"] == pytest.approx(rate[FLOOR, 1] / rate[BATCHES, 1])
    assert tiny["all_cores_to_one"] == pytest.approx(rate[SWEEP, 2] / rate[SWEEP, 1])


def test_exponents_are_those_of_the_times_given(tiny):
    assert [g["name"] for g in tiny["growth"]] == ["runs", "months", "recipients", "donors"]
    for one in tiny["growth"]:
        assert one["exponent"] == pytest.approx(fit.exponent(one["sizes"], one["rounds"][0]))
        assert one["low"] == one["exponent"] == one["high"]
        assert one["sizes"] == sorted(set(one["sizes"]))


def test_the_machine_and_the_settings_are_told(tiny):
    assert set(tiny["machine"]) == {"cores", "processor", "system", "load_before", "hedgerow", "versions"}
    assert {"python", "mesa", "numpy"} <= set(tiny["machine"]["versions"])
    assert tiny["settings"] == {
        "scenario": "baseline-2022-25",
        "months": 1,
        "batch": 128,
        "seconds": 0.01,
        "rounds": 1,
        "most_runs": 2,
    }


def test_screen_and_markdown_tell_the_same(tiny, capsys):
    show.show(tiny)
    screen = capsys.readouterr().out
    text = show.markdown(tiny)
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert len(rows) == (2 + len(tiny["contests"])) + (2 + len(tiny["growth"]))
    for row in rows:
        cells = [cell.strip() for cell in row.strip("|").split("|")]
        if not set(row) <= set("|-: "):
            words = r"\s+".join(re.escape(word) for cell in cells for word in cell.split())
            assert re.search(words, screen), row
    assert "too short to leave start-up out" in text


@pytest.mark.parametrize(("load", "told"), [(None, False), (0.9, False), (1.1, True)])
def test_a_busy_machine_is_told_of(tiny, load, told):
    data = tiny | {"machine": tiny["machine"] | {"load_before": load}}
    assert ("measure again when it is quiet" in show.markdown(data)) == told


@pytest.mark.parametrize(
    "options",
    [
        ["--months", "0"],
        ["--months", "601"],
        ["--rounds", "0"],
        ["--runs", "0"],
        ["--seconds", "0"],
        ["--seconds", "nan"],
        ["--seconds", "soon"],
        ["--json", "--markdown"],
        ["--fast"],
    ],
)
def test_bad_options_end_with_2_and_one_message(options):
    found = CliRunner().invoke(app, options)
    assert found.exit_code == 2
    assert options[0].lstrip("-") in found.stderr
    assert "Traceback" not in found.output
