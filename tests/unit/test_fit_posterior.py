"""Calibration from end to end on a short world, and what becomes of its posterior."""

import json
import os
import signal
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from hedgerow.cli import app
from hedgerow.fit import calibration, priors, waves
from hedgerow.fit.shrinkage import shrinkage
from hedgerow.fit.vouch import proof, vouch
from hedgerow.report import fitting
from hedgerow.runs import posterior
from hedgerow.runs.digest import bare, model_digest
from hedgerow.runs.folder import FolderError
from hedgerow.runs.posterior import About, Posterior, PosteriorError
from hedgerow.scenario.errors import ScenarioError
from hedgerow.scenario.find import shipped
from hedgerow.scenario.load import load
from hedgerow.scenario.settings import UnknownPathError, quantity, with_settings

SCENARIO = 'extends = "baseline-2022-25"\ntitle = "short"\nmonths = 4\n'
TARGETS = """
donor = "CHN"
source = "a paper"
[[targets]]
pattern = "C1"
statistic = "meetings_of_body"
of = "MPS"
value = 12
kind = "count"
error = { model = "exact" }
facts = ["B008"]
[[targets]]
pattern = "C3"
statistic = "partners"
value = 9
kind = "count"
error = { model = "normal", sd = 1.0 }
facts = ["B154"]
"""
STUDY = """
name = "short"
scenario = "short"
targets = "targets.toml"
waves = 2
runs = 64
draws = 20
[[parameters]]
path = "donors.CHN.tiers.1.slots"
low = 0.05
high = 40.0
scale = "log"
[[parameters]]
path = "parameters.diplomacy.value"
low = 0.3
high = 2.0
[[carried]]
path = "donors.CHN.response"
mean = 0.0
sd = 0.02
"""


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    folder = tmp_path_factory.mktemp("calibration")
    (folder / "short.toml").write_text(SCENARIO, encoding="utf-8")
    (folder / "targets.toml").write_text(TARGETS, encoding="utf-8")
    (folder / "study.toml").write_text(STUDY, encoding="utf-8")
    return folder / "study.toml"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("out")


@pytest.fixture(scope="module")
def found(study, folder):
    return calibration.calibrate(priors.read(study), folder, 1, ranked=4)


def test_a_calibration_ends_in_weighted_draws_within_the_priors(found) -> None:
    table = found.posterior.table
    assert len(table) == 20
    assert table["weight"].sum() == pytest.approx(1.0)
    assert table["donors.CHN.tiers.1.slots"].between(0.05, 40.0).all()
    assert table["parameters.diplomacy.value"].between(0.3, 2.0).all()
    assert list(found.waves["runs"]) == [64, 64]
    assert set(found.shrinkage["identified"]) <= {"yes", "in part", "no"}


SHARES = """
donor = "CHN"
source = "a paper"
[[targets]]
pattern = "C5"
statistic = "share_of_subregion"
of = "South-Eastern Asia"
value = {first}
kind = "share"
base = 201
error = {{ model = "exact" }}
facts = ["B154"]
[[targets]]
pattern = "C5"
statistic = "share_of_subregion"
of = "Caribbean"
value = {second}
kind = "share"
base = {base}
error = {{ model = "exact" }}
facts = ["B154"]
"""


@pytest.mark.parametrize(("first", "second", "base"), [(0, 1, 201), (1.0, 0.0, 0.3)])
def test_a_share_of_none_or_all_calibrates(study, tmp_path, first, second, base) -> None:
    """Whatever the model gives, and although neither the record nor the model may be off at all."""
    study.with_name("shares.toml").write_text(SHARES.format(first=first, second=second, base=base), encoding="utf-8")
    bad = study.with_name("of-shares.toml")
    bad.write_text(STUDY.replace('"targets.toml"', '"shares.toml"\ndiscrepancy = 0.0'), encoding="utf-8")
    found = calibration.calibrate(priors.read(bad), tmp_path / "out", 1, ranked=4)
    assert np.isfinite(found.posterior.table).all(axis=None)
    assert found.posterior.table["donors.CHN.tiers.1.slots"].between(0.05, 40.0).all()
    assert np.isfinite(found.waves).all(axis=None)
    assert np.isfinite(found.ranks).all()
    assert np.isfinite(found.shrinkage.select_dtypes("number")).all(axis=None)


def test_what_other_studies_give_is_drawn_and_not_counted_as_learnt(found) -> None:
    drawn = found.posterior.table["donors.CHN.response"]
    assert drawn.between(-0.01, 0.05).all()  # the declared range cuts the normal off
    assert drawn.std() > 0.005
    assert "donors.CHN.response" not in set(found.shrinkage["path"])
    assert all("donors.CHN.response" in d for d in found.posterior.draws(3, 1))


def test_what_the_record_counts_is_learnt_and_what_it_does_not_is_not(found) -> None:
    learnt = found.shrinkage.set_index("path")["shrinkage"]
    assert learnt["donors.CHN.tiers.1.slots"] > learnt["parameters.diplomacy.value"] + 0.1


def test_started_again_it_simulates_nothing_and_ends_alike(study, folder, found, monkeypatch):
    def never(job):
        raise AssertionError("a part was run twice")

    monkeypatch.setattr(waves, "work", never)
    again = calibration.calibrate(priors.read(study), folder, 1, ranked=4)
    assert again.posterior.table.equals(found.posterior.table)
    assert np.array_equal(again.ranks, found.ranks)


def test_a_stop_between_parts_loses_none_of_them(study, found, tmp_path, monkeypatch):
    plan, real, calls = priors.read(study), waves.work, []

    def interrupted(job):
        if job.wave == 1:
            raise KeyboardInterrupt
        calls.append(job.wave)
        return real(job)

    monkeypatch.setattr(waves, "work", interrupted)
    with pytest.raises(KeyboardInterrupt):
        calibration.calibrate(plan, tmp_path / "stopped", 1, ranked=1)
    monkeypatch.setattr(waves, "work", real)
    went_on = calibration.calibrate(plan, tmp_path / "stopped", 1, ranked=1)
    assert went_on.posterior.table.equals(found.posterior.table)


def dies_once(part):
    """Simulate a part in a process that dies the first time, if it is the first part."""
    mark = part.file.parent / "died"
    if not mark.exists() and part.first == 0:
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return waves.work(part)


def dies(part):
    os.kill(os.getpid(), signal.SIGKILL)


def breaks(part):
    raise OSError("no space")


def test_a_part_whose_process_died_is_redone(study, found, tmp_path, monkeypatch):
    monkeypatch.setattr(waves, "PART", 32)
    monkeypatch.setattr(waves, "work", dies_once)
    again = calibration.calibrate(priors.read(study), tmp_path / "redone", 2, ranked=1)
    assert (tmp_path / "redone" / "died").exists()
    assert again.posterior.table.equals(found.posterior.table)


@pytest.mark.parametrize(
    ("work", "says"),
    [(dies, "processes keep ending early; what is finished is kept"), (breaks, "OSError: no space; what is finished")],
)
def test_parts_that_cannot_be_done_are_one_message(study, tmp_path, monkeypatch, work, says):
    monkeypatch.setattr(waves, "PART", 32)
    monkeypatch.setattr(waves, "TRIES", 2)
    monkeypatch.setattr(waves, "work", work)
    with pytest.raises(FolderError, match=f"out: {says}"):
        calibration.calibrate(priors.read(study), tmp_path / "out", 2, ranked=1)


def test_another_calibration_may_not_go_on_in_the_same_folder(study, folder, found):
    with pytest.raises(FolderError, match="already holds another run"):
        calibration.calibrate(priors.read(study, {"seed": 2}), folder, 1, ranked=4)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("diplomacy.value", "diplomacy.valu", "unknown key 'valu'; did you mean 'value'"),
        ("tiers.1.slots", "tiers.7.slots", "unknown key '7'"),
        ("low = 0.05", "low = 70.0", "range 70 to 40 must rise within 0 to 60"),
        ("low = 0.05", "low = 0.0", "must be above 0 on a log scale"),
        ('"parameters.diplomacy.value"\nlow = 0.3\nhigh = 2.0', '"months"', "may not differ"),
        ("runs = 64", "runs = 6", "runs"),
        ("sd = 0.02", "sd = 0.0", "0.0 is out of range: must be above 0, at most 1e+12"),
        ("mean = 0.0", "mean = 0.9", "a normal of mean 0.9 and sd 0.02 has nothing from -0.01 to 0.05"),
        ("low = 0.05", "low = -1e13", "must be from -1e+12 to 1e+12"),
        ("waves = 2", "wave = 2", "did you mean 'waves'"),
    ],
)
def test_a_calibration_that_cannot_be_is_refused(study, old, new, message):
    bad = study.with_name("bad.toml")
    bad.write_text(STUDY.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ScenarioError) as error:
        priors.read(bad)
    assert message in str(error.value)


def test_priors_lead_out_of_the_cube_and_back(study) -> None:
    prior = priors.read(study).prior
    cube = np.random.default_rng(1).random((50, 2))
    assert prior.cube(prior.values(cube)) == pytest.approx(cube)
    assert prior.values(np.full((1, 2), 0.5))[0] == pytest.approx([2.0**0.5, 1.15])


def test_settings_reach_into_lists() -> None:
    base = load("baseline-2022-25")
    changed = with_settings(base, {"donors.CHN.tiers.1.slots": 9.0})
    assert [t.slots for t in changed.donors["CHN"].tiers] == [
        9.0 if i == 1 else t.slots for i, t in enumerate(base.donors["CHN"].tiers)
    ]
    assert quantity(changed, "donors.CHN.tiers.1.slots").default == 9.0
    with pytest.raises(UnknownPathError, match="did you mean 'slots'"):
        quantity(base, "donors.CHN.tiers.1.slot")


def made(model: str | None = None) -> Posterior:
    paths = ["parameters.diplomacy.value", "donors.CHN.tiers.0.slots"]
    base = load("baseline-2022-25")
    values = {p: float(quantity(base, p).default) for p in paths}
    about = About(
        model or model_digest(),
        "0.1.0",
        "abc",
        1,
        128,
        "baseline-2022-25",
        dict.fromkeys(paths, 0.1),
        dict.fromkeys(paths, 2.0),
        dict.fromkeys(paths, False),
        values,
    )
    table = pd.DataFrame({paths[0]: [0.5, 1.0, 1.5], paths[1]: [0.4, 0.6, 0.8], "weight": [0.2, 0.0, 0.8]})
    return Posterior(table, about)


def test_a_draw_depends_on_seed_and_run_alone() -> None:
    p = made()
    many = p.draws(200, seed=3)
    assert p.draws([7, 150], seed=3) == [many[7], many[150]]
    assert p.draws(200, seed=4) != many
    values = [d["parameters.diplomacy.value"] for d in many]
    assert 1.0 not in values  # of no weight
    assert 0.7 < np.mean(np.array(values) == 1.5) < 0.9
    assert all((d["parameters.diplomacy.value"] == 1.5) == (d["donors.CHN.tiers.0.slots"] == 0.8) for d in many)


def test_what_a_scenario_sets_itself_stays_as_set() -> None:
    usual = made().about.base["parameters.diplomacy.value"]
    for value in (0.9, usual):
        own = load("baseline-2022-25", [f"parameters.diplomacy.value={value!r}"])
        assert set(made().draws(1, 1, own)[0]) == {"donors.CHN.tiers.0.slots"}
        assert made().held_in(own) == ["parameters.diplomacy.value"]
    fewer = load("baseline-2022-25").model_copy(update={"donors": {}})
    assert set(made().draws(1, 1, fewer)[0]) == {"parameters.diplomacy.value"}


def test_whoever_sets_a_list_holds_all_in_it(tmp_path) -> None:
    tiers = load("baseline-2022-25").donors["CHN"].tiers
    rows = "".join(f'[[donors.CHN.tiers]]\nbody = "{t.body}"\ntier = "{t.tier}"\nslots = {t.slots}\n' for t in tiers)
    (tmp_path / "own.toml").write_text(f'extends = "baseline-2022-25"\n{rows}', encoding="utf-8")
    assert made().held_in(load(tmp_path / "own.toml")) == ["donors.CHN.tiers.0.slots"]


def test_a_copy_of_the_calibrated_file_holds_what_it_says(tmp_path) -> None:
    text = (shipped("scenarios") / "baseline-2022-25.toml").read_text(encoding="utf-8")
    (tmp_path / "baseline-2022-25.toml").write_text(text, encoding="utf-8")
    assert made().held_in(load(tmp_path / "baseline-2022-25.toml")) == ["donors.CHN.tiers.0.slots"]


@pytest.fixture(scope="module")
def now():
    return proof()


def test_a_posterior_is_vouched_for_by_equal_outcomes_alone(tmp_path, now) -> None:
    old = made("0123456789ab")
    with pytest.raises(FolderError, match="carries no golden outcomes"):
        vouch(old, now)
    old = replace(old, about=replace(old.about, proof=now))
    known = vouch(old, now)
    assert known.about.models == ("0123456789ab", model_digest())
    known.write(tmp_path / "p.parquet")
    assert posterior.read(tmp_path / "p.parquet").about == known.about
    assert vouch(known, now) == known
    more = {name: {**told, "new": "00000000"} for name, told in now.items()}
    assert vouch(old, more).about.vouched == (model_digest(),)
    fewer = {name: told for name, told in now.items() if name != "gap-fill"}
    for other in (fewer, now | {"gap-fill": now["gap-fill"] | {"abuses": "00000000"}}):
        with pytest.raises(FolderError, match=r"gap-fill: \d+ of \d+ golden outcomes are not what they were, such as"):
            vouch(old, other)


def test_a_changed_rule_is_not_vouched_for(now, monkeypatch) -> None:
    base = load("gap-fill")
    monkeypatch.setattr("hedgerow.fit.vouch.names", lambda: ["gap-fill"])
    monkeypatch.setattr("hedgerow.fit.vouch.load", lambda _: with_settings(base, {"parameters.alignment.noise": 0.0}))
    old = made("0123456789ab")
    with pytest.raises(FolderError, match="gap-fill: "):
        vouch(replace(old, about=replace(old.about, proof={"gap-fill": now["gap-fill"]})))


def test_the_shipped_posterior_may_be_used_by_this_model(now) -> None:
    """Its proof is of the model it was fitted with; a processor that rounds otherwise shows here first."""
    about = posterior.shipped().about
    assert model_digest() in about.models
    assert set(about.proof) <= set(now)


def test_a_posterior_survives_the_disk(tmp_path) -> None:
    made().write(tmp_path / "p.parquet")
    back = posterior.read(tmp_path / "p.parquet")
    assert back.table.equals(made().table)
    assert back.about == made().about
    assert back.entry(load("baseline-2022-25"))["posterior"]["draws"] == 3


def test_a_posterior_of_another_model_is_refused(tmp_path) -> None:
    made("0123456789ab").write(tmp_path / "p.parquet")
    with pytest.raises(PosteriorError, match="made by another version of the model") as error:
        posterior.read(tmp_path / "p.parquet")
    assert "--fixed" in str(error.value)
    assert posterior.read(tmp_path / "p.parquet", any_model=True).about.model == "0123456789ab"


@pytest.mark.parametrize("content", [b"", b"PAR1 and nothing else"])
def test_a_file_that_is_no_posterior_is_refused(tmp_path, content) -> None:
    (tmp_path / "p.parquet").write_bytes(content)
    with pytest.raises(PosteriorError, match="cannot be read; is it a posterior"):
        posterior.read(tmp_path / "p.parquet")
    pd.DataFrame({"a": [1]}).to_parquet(tmp_path / "q.parquet")
    with pytest.raises(PosteriorError, match="is not a posterior of hedgerow"):
        posterior.read(tmp_path / "q.parquet")
    with pytest.raises(PosteriorError, match="there is no posterior"):
        posterior.read(tmp_path / "none.parquet")


def test_the_digest_of_a_model_ignores_words_and_layout() -> None:
    code = 'def f(x):\n    """Say."""\n    return x + 1  # why\n'
    assert bare(code) == bare("def f(x):\n\n    return (x + 1)\n".replace("(x + 1)", "x + 1"))
    assert bare(code) != bare(code.replace("1", "2"))
    assert bare('a = "kept"\n') != bare('a = "other"\n')
    assert bare('a = {\n    "kept": 1,\n}\n') != bare('a = {\n    "other": 1,\n}\n')
    assert bare("a = f'{b:{c}} {{'  # said\n") == "a = f'{b:{c}}{{' "


def test_shrinkage_of_known_draws() -> None:
    even = np.linspace(0.1, 2.0, 4001)
    about = replace(made().about)
    table = pd.DataFrame(
        {"parameters.diplomacy.value": even, "donors.CHN.tiers.0.slots": 1.05 + (even - 1.05) / 10, "weight": 1 / 4001}
    )
    rows = shrinkage(Posterior(table, about)).set_index("path")
    assert rows.loc["parameters.diplomacy.value", "shrinkage"] == pytest.approx(0.0, abs=1e-3)
    assert rows.loc["donors.CHN.tiers.0.slots", "shrinkage"] == pytest.approx(0.99, abs=1e-3)
    assert rows.loc["parameters.diplomacy.value", "identified"] == "no"
    assert rows["correlation"].tolist() == pytest.approx([1.0, 1.0])


def test_a_calibration_can_be_shown_and_drawn(found, tmp_path, capsys) -> None:
    fitting.show_calibration(found)
    assert "The record identifies" in capsys.readouterr().out
    drawn = fitting.draw_calibration(found, tmp_path)
    assert [p.name for p in drawn] == ["learnt.png", "corner.png", "ranks.png"]
    json.dumps(calibration.as_data(found), allow_nan=False)


def test_the_command_validates_by_a_posterior_and_says_what_it_found(study, found, tmp_path):
    found.posterior.write(tmp_path / "p.parquet")
    words = [
        "validate",
        str(study.with_name("short.toml")),
        "--runs",
        "8",
        "--posterior",
        str(tmp_path / "p.parquet"),
        "--targets",
        str(study.with_name("targets.toml")),
        "--json",
    ]
    told = CliRunner().invoke(app, words)
    assert told.exit_code == 0, told.output
    data = json.loads(told.stdout)
    assert [row["pattern"] for row in data["patterns"]] == ["C1", "C3"]
    assert data["statistics"][0]["observed"] == 12.0
    assert data["statistics"][0]["score_alike"] is None
    assert data["about"]["posterior"]["draws"] == 20
