"""Every stored run comes back to the last bit, and all commands mean the same by run k."""

import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

import hedgerow
from hedgerow.runs.ensemble import Ensemble, together
from hedgerow.runs.explain import TOTAL, terms
from hedgerow.runs.posterior import policy
from hedgerow.study.interop import listed_study
from hedgerow.study.plan import parse
from hedgerow.study.sweep import sweep
from tests.strategies import examples

SAMPLED = {"lhs": 3, "sobol": 4, "saltelli": 1, "morris": 1}
RANGES = {
    "donors.USA.response": (0.0, 0.02),
    "donors.CHN.training.officers": (2000.0, 3000.0),
    "parameters.acceptance.gap": (1.0, 3.0),
    "policies.leahy.strictness": (0.0, 1.0),
}
LISTED = {
    "donors.USA.response": [0.01, 0.0100001, 0.0],  # the first is its default
    "parameters.alignment.reversion": [0.02, 0.05],
    "parameters.acceptance.gap": [2.0, 1.5],
    "policies.leahy.scope": ["none", "unit"],
    "policies.leahy.recipients": [["region:Africa"], ["KEN", "region:Asia"]],
    "policies.leahy.start": ["2022-07-01"],
}


def half(situation, donor, offer):
    return np.full(situation.world.crime.shape, 0.5)


@st.composite
def studies(draw) -> str:
    """Draw the text of a study: any design, fixed or not, factors at their default, rules of one's own."""
    method = draw(st.sampled_from(["grid", "list", *SAMPLED]))
    fixed = draw(st.booleans())
    head = f'name = "drawn"\nbase = "base.toml"\nreplications = 2\nseed = {draw(st.integers(0, 9))}\nmonths = 2'
    lines = [f"[study]\n{head}\nfixed = {str(fixed).lower()}", f'[design]\nmethod = "{method}"']
    if method in SAMPLED:
        lines[-1] += f"\nsamples = {SAMPLED[method]}"
        paths = draw(st.lists(st.sampled_from(sorted(RANGES)), min_size=1, max_size=2, unique=True))
        lines += ["[design.factors]", *(f'"{p}" = {{ low = {RANGES[p][0]}, high = {RANGES[p][1]} }}' for p in paths)]
        return "\n".join(lines)
    paths = draw(st.lists(st.sampled_from(sorted(LISTED)), min_size=1, max_size=2, unique=True))
    lines.append("[design.factors]")
    if method == "grid" and draw(st.booleans()):
        lines.append('scenario = { values = ["base.toml", "leahy-off"] }')
    for path in paths:
        values = LISTED[path][: 1 if method == "list" else 2]
        told = str(values).replace("'2022-07-01'", "2022-07-01")
        lines.append(f'"{path}" = {{ values = {told} }}')
    return "\n".join(lines)


@examples(0.25)
@given(studies(), st.booleans())
def test_every_stored_run_replays_to_the_bit(text: str, own: bool) -> None:
    hedgerow.register("half", half)
    with TemporaryDirectory() as folder:
        here = Path(folder)
        rules = '[rules.respond]\n"region:Africa" = "half"\n' if own else ""
        (here / "base.toml").write_text(f'extends = "baseline-2022-25"\n{rules}', encoding="utf-8")
        study = parse(text, here / "study.toml", here)
        with ThreadPoolExecutor(1) as pool:
            sweep(study, here / "out", executor=pool)
        # Where it lies, and what has become of the files it was read from, does not matter.
        shutil.move(here / "out", here / "moved")
        (here / "base.toml").unlink()
        results = hedgerow.open(here / "moved")
        frame = results.frame().set_index(["point", "replication"])
        assert len(frame) == study.runs
        for point, replication in frame.index:
            again = results.replay(point, replication).outcomes.iloc[0]
            assert again[results.outcomes].to_dict() == frame.loc[(point, replication), results.outcomes].to_dict()
        again = results.replay(point, replication)
        why = again.explain("KEN").table.set_index(["topic", "donor", "term"])["value"]
        first = results.ensemble(point, [replication]).batch().first
        start = first.alignment[0, 1, first.recipients.index("KEN")]
        panel = again.table("panel").query("recipient == 'KEN'")
        ended = start + why["alignment since the start", "USA", TOTAL]
        np.testing.assert_allclose(panel["alignment_USA"].iloc[-1], ended, rtol=1e-6)


@examples(0.25)
@given(st.integers(0, 99), st.integers(0, 5), st.booleans(), st.sampled_from(["baseline-2022-25", "gap-fill"]))
def test_run_compare_sweep_model_and_explain_agree_on_run_k(seed: int, k: int, fixed: bool, name: str) -> None:
    short = hedgerow.load(name, months=2)
    run = hedgerow.run(short, runs=k + 1, seed=seed, fixed=fixed)
    mine = run.outcomes.drop(columns="run").iloc[k]
    model = hedgerow.Model(short, seed=seed, run=k, fixed=fixed)
    model.run_model()
    assert model.outcomes == mine.to_dict()
    other = hedgerow.load("leahy-off", months=2)
    pair = hedgerow.compare(short, other, runs=k + 1, seed=seed, fixed=fixed)
    medians = pair.differences.set_index("outcome")["base_median"]
    assert medians.to_dict() == run.outcomes.drop(columns="run").median()[medians.index].to_dict()
    head = {"base": name, "replications": k + 1, "seed": seed, "months": 2, "fixed": fixed}
    strictness = short.policies["leahy"].strictness
    study = listed_study({"policies.leahy.strictness": [strictness]}, head)
    with TemporaryDirectory() as folder, ThreadPoolExecutor(1) as pool:
        swept = sweep(study, Path(folder) / "out", executor=pool).frame()
    assert swept.loc[swept["replication"] == k, list(mine.index)].iloc[0].to_dict() == mine.to_dict()
    ensemble = Ensemble(short, range(k + 1), seed, policy(fixed=fixed))
    told = terms(ensemble, "KEN", 1)
    alone = terms(Ensemble(short, [k], seed, policy(fixed=fixed)), "KEN", 1)
    for key, values in told.items():
        for term, value in values.items():
            assert value[k] == alone[key][term][0], (key, term)


def test_what_is_set_at_its_default_is_held_and_an_effect_runs_through_it() -> None:
    def shift(value: float) -> np.ndarray:
        told = [f"donors.USA.response={value!r}"]
        run = hedgerow.run("baseline-2022-25", runs=8, months=12, settings=told)
        assert run.manifest["held"]["baseline-2022-25"] == ["donors.USA.response"]
        assert "donors.USA.response" not in run.manifest["drawn"]["baseline-2022-25"]
        return run.outcomes["alignment_shift_USA"].to_numpy()

    below, at, above = (shift(value) for value in (0.0099, 0.01, 0.0101))
    drawn = hedgerow.run("baseline-2022-25", runs=8, months=12).outcomes["alignment_shift_USA"].to_numpy()
    assert np.abs(at - (below + above) / 2).max() < 0.05 * np.abs(above - below).max()
    assert np.abs(at - drawn).max() > np.abs(above - below).max()


def test_one_batch_of_many_ensembles_is_each_of_them_alone() -> None:
    short, draws = hedgerow.load("baseline-2022-25", months=2), policy(fixed=False)
    parts = [Ensemble(short, [5, 2], 3, draws), Ensemble(hedgerow.load("baseline-2022-25", months=2), [0], 3)]
    whole = together(parts)
    alone = [part.batch() for part in parts]
    for batch in (whole, *alone):
        for _ in batch:
            pass
    joined = {name: np.concatenate([b.outcomes()[name] for b in alone]) for name in whole.outcomes()}
    for name, values in whole.outcomes().items():
        np.testing.assert_array_equal(values, joined[name], name)
