"""Compiling: what is written once is alike in Python, over arrays, and inside a kernel."""

import sys
from functools import cache
from hashlib import sha256
from pathlib import Path

import numba
import numpy as np
import pytest
from tiny import one

from hedgerow.core import kept
from hedgerow.core.compiled import add, at, choose, elementwise, kernel, level, numbers, record, rule, within
from hedgerow.core.donors import Donor, Equipment
from hedgerow.core.levers import Leahy, TechAlternative
from hedgerow.core.numbers import columns
from hedgerow.core.parameters import Crime
from hedgerow.core.rules.common import poisson
from hedgerow.core.rules.crime import crime_change
from hedgerow.core.rules.politics import following

X = np.array([-2.0, -0.5, 0.0, 0.25, 1.0, 3.0])


@rule
def bent(x, slope):
    """Return a number that bends at 0, is lifted by a half above 0 and held below 2."""
    return within(add((choose(x > 0.0, 0.5, 0.0), slope * x, 1.0)), -1.0, 2.0)


BENT = [-1.0, 0.0, 1.0, 2.0, 2.0, 2.0]  # of 1 + 2 x, and 1.5 + 2 x above 0


@elementwise
def halvings(x, below):
    """Return how often a number is halved until it lies below another."""
    times = 0.0
    while x >= below:
        x /= 2.0
        times += 1.0
    return times


@kernel
def bend_all(x, slope):
    out = np.empty_like(x)
    for i in range(len(x)):
        out[i] = bent(x[i], slope)
    return out


@kernel
def halve_all(x, below):
    out = np.empty_like(x)
    for i in range(len(x)):
        out[i] = halvings(x[i], below)
    return out


@kernel
def chosen(condition, yes, no):
    return choose(condition, yes, no)


@kernel
def held(x, low, high):
    return within(x, low, high)


@kernel
def added(terms):
    return add(terms)


def test_a_rule_is_alike_for_one_number_for_arrays_and_in_a_kernel():
    assert bent(X, 2.0).tolist() == BENT
    assert [float(bent(x, 2.0)) for x in X] == BENT
    assert bend_all(X, 2.0).tolist() == BENT
    assert bent(X[None], np.array([[2.0], [0.0]])).tolist() == [BENT, [1.0, 1.0, 1.0, 1.5, 1.5, 1.5]]


def test_a_branching_function_is_alike_for_one_number_for_arrays_and_in_a_kernel():
    x, wanted = np.array([0.5, 1.0, 3.0, 1000.0]), [0.0, 1.0, 2.0, 10.0]
    assert halvings(x, 1.0).tolist() == wanted
    assert [halvings(float(v), 1.0) for v in x] == wanted
    assert halve_all(x, 1.0).tolist() == wanted
    assert halvings(x[None], np.array([[1.0], [500.0]])).tolist() == [wanted, [0, 0, 0, 2]]
    assert halvings.__doc__.startswith("Return how often")


@pytest.mark.parametrize(("condition", "wanted"), [(True, 1.5), (False, -2.0)])
def test_choose_one(condition, wanted):
    assert choose(condition, 1.5, -2.0) == wanted
    assert chosen(condition, 1.5, -2.0) == wanted


def test_choose_by_row():
    got = choose(np.array([True, False]), np.array([1.0, 2.0]), 7.0)
    assert got.tolist() == [1.0, 7.0]


@pytest.mark.parametrize(("x", "wanted"), [(-0.1, 0.0), (0.0, 0.0), (0.4, 0.4), (7.0, 1.0)])
def test_within_bounds(x, wanted):
    assert within(x, 0.0, 1.0) == held(x, 0.0, 1.0) == wanted
    assert within(np.array([x, x]), 0.0, np.array([1.0, 9.0])).tolist() == [wanted, max(x, 0.0)]


@pytest.mark.parametrize(
    ("terms", "total"), [((1.0, 2.0, -4.0), -1.0), ((1e16, 1.0, -1e16), 0.0), ((1e16, -1e16, 1.0), 1.0)]
)
def test_terms_are_added_in_their_order(terms, total):
    assert add(terms) == added(terms) == total
    assert add(tuple(np.array([t, 0.0]) for t in terms)).tolist() == [total, 0.0]


def test_a_record_has_the_numbers_of_each_run():
    cards = [Crime(), Crime(spill=0.05), Crime(noise=0.0)]
    made = record(columns(cards), 3)
    assert made.shape == (3,)
    assert set(made.dtype.names) == set(Crime.model_fields)
    for run, card in enumerate(cards):
        assert {n: made[run][n].item() for n in made.dtype.names} == card.model_dump()
    alike = record(Crime(spill=0.05), 2)  # numbers that were never stacked hold for all runs
    assert alike["spill"].tolist() == [0.05, 0.05]


def test_a_record_holds_numbers_alone_and_a_blank_is_not_a_number():
    assert "premium" in record(columns([TechAlternative()]), 1).dtype.names
    assert np.isnan(record(columns([TechAlternative()]), 1)["premium"]).all()
    vetting = record(columns([Leahy(), Leahy()]), 2)
    assert set(vetting.dtype.names) == {"strictness", "remediation", "substitution"}
    donor = record(columns([Donor(name="x")]), 1)
    assert {"quality", "visibility"} < set(donor.dtype.names)
    assert not {"name", "fit", "tiers", "core"} & set(donor.dtype.names)


@kernel
def unpacked(records):
    out = np.empty((len(records), 3))
    for run in range(len(records)):
        p = numbers(records[run])
        out[run] = p.packages, p.big * p.price, records[run].log_sd
    return out


def test_numbers_of_a_record_are_read_by_name_in_and_out_of_a_kernel():
    kits = columns([Equipment(packages=5, big=0.1, price=0.5), Equipment(packages=7, log_sd=1.2)])
    records = record(kits, 2)
    assert unpacked(records).tolist() == [[5.0, 0.05, 1.5], [7.0, 0.1 * 0.2, 1.2]]
    assert numbers(records[1])["packages"] == 7.0


@kernel
def read_all(value, runs, rows):
    out = np.empty((runs, rows))
    for run in range(runs):
        for i in range(rows):
            out[run, i] = at(value, run, i)
    return out


@pytest.mark.parametrize(
    "value",
    [
        0.5,
        np.float64(0.5),
        np.array([[0.5]]),
        np.array([[0.5], [0.25]]),
        np.array([1.0, 2.0, 3.0]),
        np.array([[1.0, 2.0, 3.0]]),
        np.arange(6.0).reshape(2, 3),
        np.arange(6.0).reshape(3, 2).T,
        np.array([[1, 0, 1]]),
        np.array([True, False, True]),
    ],
    ids=str,
)
def test_a_level_reads_as_it_would_broadcast(value):
    held_, wanted = level(value), np.broadcast_to(value, (2, 3)).astype(float)
    assert (held_.ndim, held_.dtype, held_.flags.c_contiguous) == (2, np.float64, True)
    assert read_all(held_, 2, 3).tolist() == wanted.tolist()
    assert [[at(held_, r, i) for i in range(3)] for r in range(2)] == wanted.tolist()


@kernel
def crime_by_row(log_crime, noise, records):
    out = np.empty_like(log_crime)
    for run in range(out.shape[0]):
        p = numbers(records[run])
        for i in range(out.shape[1]):
            out[run, i] = crime_change(log_crime[run, i], 0.5, 0.02, 0.1, 1.0, 0.5, noise[run, i], p)
    return out


def test_a_rule_of_the_model_is_alike_with_a_family_and_with_its_record():
    rng = np.random.default_rng(14)
    family = columns([Crime(), Crime(spill=0.05, surveillance=0.1), Crime(noise=0.0)])
    log_crime, noise = rng.normal(size=(3, 20)), rng.normal(size=(3, 20))
    rows = crime_change(log_crime, 0.5, 0.02, 0.1, 1.0, 0.5, noise, family)
    compiled_ = crime_by_row(log_crime, noise, record(family, 3))
    assert compiled_ == pytest.approx(rows, rel=1e-13, abs=1e-16)
    # by hand: 0.03 x 0; 0.02 / 12 x 0.3 x 0.5; 0.5 x 0.02; 0.3 x 0.1; 0.01; 0.02 x 0.5
    still = crime_by_row(one(0), one(0), record(Crime(), 1)).item()
    assert still == pytest.approx(-0.00025 - 0.01 + 0.03 + 0.01 + 0.01)


@kernel
def counted(rate, uniform, regime):
    out = np.empty((2, len(rate)))
    for i in range(len(rate)):
        out[0, i] = poisson(rate[i], uniform[i])
        out[1, i] = following(regime[i], uniform[i], 0.1, 0.2, 0.2, 0.2, 0.3)
    return out


def test_branching_rules_of_the_model_are_alike_in_a_kernel():
    rng = np.random.default_rng(15)
    rate, uniform = rng.choice([0.0, 0.01, 1.0, 40.0, 900.0], 500), rng.random(500)
    regime = rng.integers(0, 4, 500)
    got = counted(rate, uniform, regime)
    assert np.array_equal(got[0], poisson(rate, uniform))
    assert np.array_equal(got[1], following(regime, uniform, 0.1, 0.2, 0.2, 0.2, 0.3))
    assert {0.0, 1.0, 2.0, 3.0} == set(got[1])


def folder() -> Path | None:
    """Return the cache folder as a new process would choose it."""
    return kept.kernels.__wrapped__().folder


def digest(root: Path) -> str:
    made = sha256(f"{numba.__version__} {np.__version__} {sys.version}".encode())
    for file in sorted(root.rglob("*.py")):
        made.update(file.read_bytes())
    return made.hexdigest()[:16]


CORE = Path(kept.__file__).parent


def test_the_cache_is_named_by_the_digest_of_the_source(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert folder() == tmp_path / "hedgerow" / digest(CORE)
    assert folder().is_dir()


def test_a_changed_rule_has_a_cache_of_its_own(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))
    source = tmp_path / "core"
    for file in CORE.rglob("*.py"):
        copy = source / file.relative_to(CORE)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(file.read_bytes())
    monkeypatch.setattr(kept, "__file__", str(source / "kept.py"))
    before = folder()
    assert before.name == digest(CORE)
    crime = source / "rules" / "crime.py"
    crime.write_text(crime.read_text().replace("/ 12.0", "/ 13.0"))
    assert folder() != before
    assert folder() == folder()


@pytest.mark.parametrize("said", [None, "", "caches", "./caches"])
def test_without_a_cache_home_the_home_is_used(tmp_path, monkeypatch, said):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    if said is not None:  # a relative one is to be passed over: who knows where it leads
        monkeypatch.setenv("XDG_CACHE_HOME", said)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert folder() == tmp_path / "home" / ".cache" / "hedgerow" / digest(CORE)


def test_kernels_leave_nothing_beside_their_source(tmp_path, monkeypatch):
    home = tmp_path / "home"
    home.write_text("")  # nobody can write to it, not even root: it is a file
    monkeypatch.setenv("XDG_CACHE_HOME", str(home))
    monkeypatch.setattr(kept, "kernels", cache(kept.kernels.__wrapped__))

    def doubled(x):
        return 2.0 * x

    made = kernel(doubled)
    assert made(1.5) == 3.0
    assert not list(Path(__file__).parent.rglob("*.nb*"))  # no digest names that place
    assert home.read_text() == ""
