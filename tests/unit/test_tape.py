"""The shock tape: a draw depends on what it is for and on nothing else."""

import numpy as np
import pytest

from hedgerow.core.tape import (
    DONOR_NORMAL,
    DONOR_UNIFORM,
    WORLD,
    WORLD_NORMAL,
    WORLD_UNIFORM,
    Draws,
    Tape,
    derive,
)

SLOTS = 12
STREAMS = [(WORLD, s) for s in (*WORLD_UNIFORM, *WORLD_NORMAL)]
STREAMS += [("CHN", s) for s in (*DONOR_UNIFORM, *DONOR_NORMAL)]


def read(runs, months, owners=("CHN", "USA"), seed=1):
    """Return every stream of the world and China, ``(months, streams, runs, slots)``."""
    tape = Tape(seed, runs, owners, SLOTS)
    return np.stack([np.stack([tape.read(o, s, m).copy() for o, s in STREAMS]) for m in months])


def test_a_run_draws_the_same_alone_or_in_any_batch():
    together = read([3, 7, 11], range(9))
    for i, run in enumerate((3, 7, 11)):
        assert np.array_equal(read([run], range(9))[:, :, 0], together[:, :, i])
    backwards = read([11, 7, 3], range(9))
    assert np.array_equal(backwards[:, :, ::-1], together)


def test_draws_do_not_depend_on_other_owners():
    base = read([0, 1], range(5))
    assert np.array_equal(read([0, 1], range(5), owners=("AUS", "CHN", "RUS", "USA")), base)
    assert np.array_equal(read([0, 1], range(5), owners=("CHN",)), base)


def test_draws_do_not_depend_on_the_months_read_before():
    every = read([4], range(15))
    some = [2, 3, 9, 14]
    assert np.array_equal(read([4], some), every[some])
    assert np.array_equal(read([4], [5, 5]), every[[5, 5]])


def test_streams_may_be_read_in_any_order():
    one, other = Tape(1, [0], ["CHN"], SLOTS), Tape(1, [0], ["CHN"], SLOTS)
    first = [one.read(o, s, 6).copy() for o, s in STREAMS]
    second = [other.read(o, s, 6).copy() for o, s in reversed(STREAMS)]
    assert np.array_equal(first, second[::-1])


def test_the_tape_only_runs_forward():
    tape = Tape(1, [0], ["CHN"], SLOTS)
    tape.read(WORLD, "crime", 8)
    with pytest.raises(ValueError, match="month 3 has gone by"):
        tape.read(WORLD, "crime", 3)
    tape.read("CHN", "courses", 3)  # an owner not yet read that far still has it


@pytest.mark.parametrize("axis", range(4))
def test_months_streams_runs_and_slots_differ(axis):
    values = read([0, 1, 2], range(6))
    flat = np.moveaxis(values, axis, 0).reshape(values.shape[axis], -1)
    assert len({row.tobytes() for row in flat}) == len(flat)
    assert np.unique(values).size == values.size  # no draw comes twice


def test_seeds_and_owners_differ_and_seed_0_is_a_seed():
    base = read([0], range(2), seed=0)
    assert not np.any(np.isin(read([0], range(2), seed=1), base))
    tape = Tape(0, [0], ["CHN", "USA"], SLOTS)
    ours, theirs = tape.read("CHN", "courses", 0), tape.read("USA", "courses", 0)
    assert not np.any(np.isin(ours, theirs))
    swapped = read([1], range(2), seed=0)  # (seed 0, run 1) is not (seed 1, run 0)
    assert not np.any(np.isin(swapped, read([0], range(2), seed=1)))


def test_uniforms_and_normals_are_what_they_are_called():
    tape = Tape(5, range(40), ["CHN"], 200)
    n = 40 * 200
    for owner, streams in ((WORLD, WORLD_UNIFORM), ("CHN", DONOR_UNIFORM)):
        for stream in streams:
            values = tape.read(owner, stream, 0)
            assert values.min() >= 0.0
            assert values.max() < 1.0
            assert abs(values.mean() - 0.5) < 4 * np.sqrt(1 / 12 / n)
            assert abs(values.var() - 1 / 12) < 4 * np.sqrt(1 / 180 / n)
    for owner, streams in ((WORLD, WORLD_NORMAL), ("CHN", DONOR_NORMAL)):
        for stream in streams:
            values = tape.read(owner, stream, 0)
            assert abs(values.mean()) < 4 / np.sqrt(n)
            assert abs(values.var() - 1) < 4 * np.sqrt(2 / n)


def test_streams_and_runs_are_uncorrelated():
    tape = Tape(6, range(60), ["CHN"], 300)
    streams = np.stack([tape.read(WORLD, s, 0).ravel() for s in WORLD_UNIFORM])
    off = np.corrcoef(streams)[np.triu_indices(len(streams), 1)]
    assert np.abs(off).max() < 4.5 / np.sqrt(streams.shape[1])
    runs = np.corrcoef(tape.read(WORLD, "abuse", 0))[np.triu_indices(60, 1)]
    assert np.abs(runs).max() < 5.5 / np.sqrt(300)


def test_slots_permute():
    order = np.array([5, 0, 11, 3])
    plain, picked = Tape(1, [0, 1], ["CHN"], SLOTS), Tape(1, [0, 1], ["CHN"], SLOTS)
    whole, part = plain.month(3), picked.month(3, order)
    assert np.array_equal(part("abuse"), whole("abuse")[:, order])
    assert np.array_equal(part("courses", "CHN"), whole("courses", "CHN")[:, order])
    assert np.array_equal(
        part.once("tier_0", "budget", "CHN"), whole.once("tier_0", "budget", "CHN")
    )


def test_once_is_one_draw_a_run_and_by_name():
    draws = Tape(1, range(500), ["CHN"], SLOTS).month(0)
    assert isinstance(draws, Draws)
    one, other = draws.once("tier_0", "a", "CHN"), draws.once("tier_0", "b", "CHN")
    assert one.shape == (500, 1)
    assert np.unique(np.concatenate([one, other])).size == 1000


def test_derive_is_uniform_and_unlike_its_source():
    n = 50_000
    source = np.random.default_rng(8).random(n)
    made = {name: derive(source, name) for name in ("value", "surveillance", "f 0", "f 1")}
    for values in made.values():
        assert values.min() >= 0.0
        assert values.max() < 1.0
        assert abs(values.mean() - 0.5) < 4 * np.sqrt(1 / 12 / n)
        assert abs(values.var() - 1 / 12) < 4 * np.sqrt(1 / 180 / n)
    table = np.corrcoef(np.stack([source, *made.values()]))
    assert np.abs(table[np.triu_indices(5, 1)]).max() < 4.5 / np.sqrt(n)


def test_derive_stays_uniform_where_the_source_was_selected():
    n = 400_000
    source = np.random.default_rng(9).random(n)
    rare = derive(source[source > 0.97], "value")
    assert abs(rare.mean() - 0.5) < 4 * np.sqrt(1 / 12 / rare.size)
    counts = np.histogram(rare, 20, (0, 1))[0]
    expected = rare.size / 20
    assert ((counts - expected) ** 2 / expected).sum() < 50  # chi-square, 19 degrees of freedom


def test_derive_works_on_any_layout_and_on_short_floats():
    source = np.random.default_rng(10).random((6, 8))
    assert np.array_equal(derive(source[::2, ::3], "x"), derive(source, "x")[::2, ::3])
    assert np.array_equal(derive(source.T, "x"), derive(source, "x").T)
    short = source.astype(np.float32)
    assert np.array_equal(derive(short, "x"), derive(short.astype(np.float64), "x"))
    before = source.copy()
    derive(source, "x")
    assert np.array_equal(source, before)


def test_derive_does_not_change_between_versions():
    # worked once with integers of Python: the finaliser of SplitMix64 on the bits of 0.5 and 0.25
    got = derive(np.array([0.5, 0.25]), "report")
    assert got.tolist() == [splitmix(0.5, "report"), splitmix(0.25, "report")]


def splitmix(uniform: float, name: str) -> float:
    import struct
    from hashlib import blake2b

    word = 2**64 - 1
    key = int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "little")
    z = struct.unpack("<Q", struct.pack("<d", uniform))[0] ^ key
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & word
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & word
    return ((z ^ (z >> 31)) >> 11) * 2.0**-53
