"""The shock tape: a draw depends on what it is for and on nothing else."""

import numpy as np
import pytest
from numba import njit
from scipy.special import ndtri
from tiny import key_of

from hedgerow.core.tape import WORLD, Draws, Tape, normal, normal_quantile, uniform

SLOTS = np.arange(12)
UNIFORM = [(WORLD, "regime"), (WORLD, "abuse"), ("CHN", "courses"), ("CHN", "venue")]
NORMAL = [(WORLD, "threat"), (WORLD, "crime"), ("CHN", "alignment"), ("CHN", "experience")]


def month(tape: Tape, index: int, slots=SLOTS) -> np.ndarray:
    """Return every stream of a month, ``(streams, runs, slots)``."""
    draws = tape.month(index, slots)
    each = [draws.uniform(stream, owner) for owner, stream in UNIFORM]
    return np.stack([*each, *(draws.normal(stream, owner) for owner, stream in NORMAL)])


def read(runs, months, seed=1, slots=SLOTS) -> np.ndarray:
    """Return every stream of some months, ``(months, streams, runs, slots)``."""
    tape = Tape(seed, runs)
    return np.stack([month(tape, m, slots) for m in months])


def test_a_run_draws_the_same_alone_or_in_any_batch():
    together = read([3, 7, 11], range(9))
    for i, run in enumerate((3, 7, 11)):
        assert np.array_equal(read([run], range(9))[:, :, 0], together[:, :, i])
    backwards = read([11, 7, 3], range(9))
    assert np.array_equal(backwards[:, :, ::-1], together)


def test_months_may_be_read_in_any_order_and_more_than_once():
    every = read([4], range(15))
    for some in ([2, 3, 9, 14], [14, 3, 8, 0], [5, 5]):
        assert np.array_equal(read([4], some), every[some])


def test_streams_and_owners_may_be_read_in_any_order_or_not_at_all():
    one, other = (Tape(1, [0, 1]).month(6, SLOTS) for _ in range(2))
    first = [one.uniform(stream, owner) for owner, stream in UNIFORM]
    one.once("a stream nobody knows", "AUS")
    second = [other.uniform(stream, owner) for owner, stream in reversed(UNIFORM)]
    assert np.array_equal(first, second[::-1])
    assert np.array_equal(first[2], one.uniform("courses", "CHN"))


@pytest.mark.parametrize("axis", range(4))
def test_months_streams_runs_and_slots_differ(axis):
    values = read([0, 1, 2], range(6))
    flat = np.moveaxis(values, axis, 0).reshape(values.shape[axis], -1)
    assert len({row.tobytes() for row in flat}) == len(flat)
    assert np.unique(values).size == values.size  # no draw comes twice


def test_seeds_and_owners_differ_and_seed_0_is_a_seed():
    base = read([0], range(2), seed=0)
    assert not np.any(np.isin(read([0], range(2), seed=1), base))
    draws = Tape(0, [0]).month(0, SLOTS)
    ours, theirs = draws.uniform("courses", "CHN"), draws.uniform("courses", "USA")
    assert not np.any(np.isin(ours, theirs))
    assert not np.any(np.isin(ours, draws.uniform("courses")))  # nor is a donor the world
    swapped = read([1], range(2), seed=0)  # (seed 0, run 1) is not (seed 1, run 0)
    assert not np.any(np.isin(swapped, read([0], range(2), seed=1)))


def test_an_owner_and_a_stream_are_not_run_together():
    draws = Tape(1, [0]).month(0, SLOTS)
    assert not np.any(np.isin(draws.uniform("bc", "a"), draws.uniform("c", "ab")))


def splitmix(state: int, slot: int) -> int:
    """Return an output of SplitMix64 as published, in integers of Python."""
    word = 2**64 - 1
    z = (state + (slot + 1) * 0x9E3779B97F4A7C15) & word
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & word
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & word
    return z ^ (z >> 31)


def test_splitmix_gives_its_published_numbers():
    assert [splitmix(1234567, slot) for slot in range(3)] == [6457827717110365317, 3203168211198807973, 9817491932198370423]


def test_a_draw_is_the_output_of_splitmix_at_its_key():
    slots = [0, 1, 194, 10**9]
    draws = Tape(5, [0, 3]).month(7, np.array(slots))
    for owner, stream in UNIFORM:
        keys = draws.keys(stream, owner)
        wanted = [[(splitmix(int(k), s) >> 11) * 2.0**-53 for s in slots] for k in keys]
        assert draws.uniform(stream, owner).tolist() == wanted


def test_python_and_a_kernel_draw_the_same():
    @njit
    def compiled(key, slot):
        return uniform(key, slot), normal(key, slot)

    edges = [key_of(u) for u in (0.0, 1e-12, 0.03, 0.5, 0.97, 1 - 2.0**-53)]
    with np.errstate(over="ignore"):  # whole numbers are meant to wrap
        for key in [*Tape(2, range(50)).keys("CHN", "courses", 3), *np.array(edges, np.uint64)]:
            for slot in (0, 1, 77):
                assert compiled(key, slot) == (uniform(key, slot), normal(key, slot))


@pytest.mark.parametrize(("owner", "stream"), UNIFORM)
def test_uniforms_are_uniform(owner, stream):
    draws = Tape(5, range(40)).month(0, np.arange(200))
    values, n = draws.uniform(stream, owner), 40 * 200
    assert values.min() >= 0.0
    assert values.max() < 1.0
    assert abs(values.mean() - 0.5) < 4 * np.sqrt(1 / 12 / n)
    assert abs(values.var() - 1 / 12) < 4 * np.sqrt(1 / 180 / n)
    assert chi_square(np.histogram(values, 20, (0, 1))[0]) < 50  # 19 degrees of freedom


@pytest.mark.parametrize(("owner", "stream"), NORMAL)
def test_normals_are_normal(owner, stream):
    draws = Tape(5, range(40)).month(0, np.arange(200))
    values, n = draws.normal(stream, owner), 40 * 200
    assert abs(values.mean()) < 4 / np.sqrt(n)
    assert abs(values.var() - 1) < 4 * np.sqrt(2 / n)
    assert abs((values**4).mean() - 3) < 4 * np.sqrt(96 / n)  # the tails too
    twentieths = np.concatenate([[-np.inf], ndtri(np.arange(1, 20) / 20), [np.inf]])
    assert chi_square(np.histogram(values.ravel(), twentieths)[0]) < 50


def chi_square(counts: np.ndarray) -> float:
    expected = counts.sum() / counts.size
    return float(((counts - expected) ** 2 / expected).sum())


def of_all(change: str) -> np.ndarray:
    """Return draws that differ in one part of their key, ``(parts, 6,000)``."""
    runs, slots = range(20), np.arange(300)
    if change == "slot":
        draws = Tape(6, range(6000)).month(0, np.arange(20))
        return draws.uniform("abuse").T
    if change == "run":
        draws = Tape(6, runs).month(0, np.arange(6000))
        return draws.uniform("abuse")
    months = {
        "stream": [(6, WORLD, name, 0) for name in "abcdefghijklmnopqrst"],
        "owner": [(6, name, "courses", 0) for name in "abcdefghijklmnopqrst"],
        "month": [(6, WORLD, "abuse", m) for m in range(20)],
        "seed": [(seed, WORLD, "abuse", 0) for seed in range(20)],
    }[change]
    return np.stack([Tape(seed, runs).month(m, slots).uniform(s, o).ravel() for seed, o, s, m in months])


@pytest.mark.parametrize("change", ["slot", "run", "stream", "owner", "month", "seed"])
def test_draws_that_differ_in_one_part_are_independent(change):
    values = of_all(change)
    assert values.shape == (20, 6000)
    off = np.corrcoef(values)[np.triu_indices(20, 1)]
    assert np.abs(off).max() < 4.5 / np.sqrt(6000)  # 190 pairs
    pairs = np.histogram2d(values[:-1].ravel(), values[1:].ravel(), 10, [(0, 1), (0, 1)])[0]
    assert chi_square(pairs) < 160  # 99 degrees of freedom: the neighbours fill the square


def test_slots_stay_with_their_rows():
    order = np.array([5, 0, 11, 3])
    whole, part = Tape(1, [0, 1]).month(3, SLOTS), Tape(1, [0, 1]).month(3, order)
    assert np.array_equal(part.uniform("abuse"), whole.uniform("abuse")[:, order])
    assert np.array_equal(part.normal("courses", "CHN"), whole.normal("courses", "CHN")[:, order])
    assert np.array_equal(part.once("budget", "CHN"), whole.once("budget", "CHN"))


def test_once_is_one_draw_a_run_and_by_name():
    draws = Tape(1, range(500)).month(0, SLOTS)
    assert isinstance(draws, Draws)
    one, other = draws.once("budget 0", "CHN"), draws.once("budget 1", "CHN")
    assert one.shape == (500, 1)
    assert np.unique(np.concatenate([one, other])).size == 1000


def at(probabilities: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return normal draws where the uniform ones are given, and the exact quantiles there."""

    class Given:
        def keys(self, owner, stream, month):
            return np.array([key_of(u) for u in probabilities], dtype=np.uint64)

    u = (np.floor(probabilities * 2.0**52) + 0.5) * 2.0**-52  # never 0 nor 1
    return Draws(Given(), 0, np.zeros(1, dtype=np.int64)).normal("any")[:, 0], ndtri(u)


def test_the_table_of_the_normal_lies_close_to_the_quantile():
    got, wanted = at(np.linspace(1 / 32, 31 / 32, 20_001))
    assert np.abs(got - wanted).max() < 2e-6
    assert np.all(np.diff(got) > 0)  # nor does a draw ever fall where its uniform one rises


def test_the_tails_of_the_normal_are_exact():
    far = np.concatenate([np.linspace(1e-4, 0.999 / 32, 2000), 10.0 ** -np.arange(4, 16)])
    for tail in (far, 1.0 - far):
        got, wanted = at(tail)
        assert np.abs(got - wanted).max() < 1e-12
    lowest = at(np.array([0.0]))[0].item()
    assert lowest == pytest.approx(-8.21, abs=0.01)  # u = 2 ** -53


def test_the_quantile_of_wichura_is_exact_everywhere():
    p = np.concatenate([np.linspace(1e-6, 1 - 1e-6, 10_001), 10.0 ** -np.arange(7, 300, 4)])
    assert normal_quantile(p) == pytest.approx(ndtri(p), rel=1e-12, abs=1e-14)
    assert normal_quantile(0.5) == 0.0
    assert normal_quantile(0.975) == pytest.approx(1.959963984540054, rel=1e-15)
