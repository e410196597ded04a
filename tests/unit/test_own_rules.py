"""Rules of a user's own: from outside the package, by name, for all rows and runs at once."""

import subprocess
import sys
import textwrap

import numpy as np
import pytest

import hedgerow
from hedgerow.runs.ensemble import Ensemble, batches
from hedgerow.scenario.find import find
from hedgerow.scenario.load import load, merged, overlay, parse

BASE = merged(find("baseline-2022-25")) | {"months": 4, "events": []}


class NeediestFirst:
    """A worked example: a donor that gives to whoever lacks most, and to nobody else."""

    def __call__(self, situation, donor):
        lack = situation.gap.mean(axis=1)
        return lack * (lack > np.quantile(lack, 0.9, axis=1, keepdims=True))


def never(situation, donor, offer):
    return np.zeros(situation.world.crime.shape)


def scenario(**rules) -> hedgerow.Scenario:
    return parse(overlay(BASE, {"rules": rules}))


@pytest.fixture(autouse=True)
def known():
    hedgerow.register("neediest-first", NeediestFirst)
    hedgerow.register("never", never)
    hedgerow.register("wrong shape", lambda situation, donor: np.ones(3))
    hedgerow.register("nan", lambda situation, donor, offer: never(situation, donor, offer) * np.nan)
    hedgerow.register("beyond", lambda situation, donor, offer: never(situation, donor, offer) + 2)
    hedgerow.register("words", lambda situation, donor: "most to Kenya")


def training(chosen: hedgerow.Scenario):
    return hedgerow.run(chosen, runs=2).table("training")


def test_an_allocation_decides_who_is_offered_help() -> None:
    usual, own = training(scenario()), training(scenario(plan={"USA": "neediest-first"}))
    reached = [set(t.loc[t["donor"] == "USA", "recipient"]) for t in (usual, own)]
    assert len(reached[1]) < 60 < len(reached[0])
    china = [t[t["donor"] == "CHN"]["recipient"].nunique() for t in (usual, own)]
    assert min(china) > 40


def test_a_response_holds_for_its_recipients_alone() -> None:
    table = training(scenario(respond={"region:Africa": "never"}))
    africa = hedgerow_countries("Africa")
    took = table[table["accepted"]]["recipient"]
    assert not set(took) & africa
    assert len(set(took)) > 50


def hedgerow_countries(region: str) -> set[str]:
    from hedgerow.data.load import countries

    table = countries()
    return set(table.index[table["region"] == region])


def test_a_vetting_rule_replaces_the_donors_own() -> None:
    table = training(scenario(vet={"USA": "never"}))
    assert (table["blocked"] == 0).all()


def test_own_rules_are_the_same_in_any_batch_and_in_mesa() -> None:
    chosen = scenario(plan={"USA": "neediest-first"}, respond={"KEN": "never"})
    together = next(batches(Ensemble(chosen, range(3), 1), size=3))["outcomes"].to_pandas()
    alone = [k["outcomes"].to_pandas() for k in batches(Ensemble(chosen, range(3), 1), size=1)][2]
    assert together.iloc[2].to_dict() == alone.iloc[0].to_dict()
    model = hedgerow.Model(chosen, seed=1, run=2, fixed=True)
    model.run_model()
    assert model.outcomes == together.iloc[2].drop("run").to_dict()


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        ({"plan": {"USA": "neediest"}}, "unknown rule 'neediest'; did you mean 'neediest-first'"),
        ({"plan": {"USA": "wrong shape"}}, r"gave shape \(3,\); must be \(runs, rows\) = \(1, 201\)"),
        ({"vet": {"USA": "nan"}}, r"gave nan for \w+ in 2022-06 of run 0 of seed 1; every value must be from 0 to 1"),
        ({"vet": {"USA": "beyond"}}, r"gave 2\.0 for \w+ in 2022-06 of run 0 of seed 1; every value must be from 0 to 1"),
        ({"plan": {"USA": "words"}}, "not numbers"),
    ],
)
def test_a_rule_that_goes_wrong_is_named(rules, words) -> None:
    with pytest.raises(hedgerow.ScenarioError, match=words):
        hedgerow.run(scenario(**rules), runs=1)


def test_unknown_donors_and_selectors_are_refused_before_any_run() -> None:
    with pytest.raises(hedgerow.ScenarioError, match="unknown donor 'FRA'"):
        scenario(plan={"FRA": "never"})
    with pytest.raises(hedgerow.ScenarioError, match="unknown region 'Afrika'"):
        scenario(respond={"region:Afrika": "never"})


def test_a_package_of_ones_own_offers_rules_by_entry_point(tmp_path) -> None:
    (tmp_path / "hedgerow_hawks.py").write_text(
        textwrap.dedent("""
        import numpy as np
        def hawk(situation, donor, offer):
            return np.ones(situation.world.crime.shape)
    """)
    )
    about = tmp_path / "hedgerow_hawks-1.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: hedgerow-hawks\nVersion: 1\n")
    (about / "entry_points.txt").write_text("[hedgerow.rules]\nhawk = hedgerow_hawks:hawk\nbroken = hedgerow_absent:rule\n")
    (tmp_path / "hawks.toml").write_text('extends = "baseline-2022-25"\ntitle = "Hawks"\n[rules.vet]\nUSA = "hawk"\n')
    (tmp_path / "broken.toml").write_text('extends = "hawks.toml"\n[rules.vet]\nUSA = "broken"\n')
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r})\nfrom hedgerow.cli import main; main()"
    runs = ("--runs", "1", "--months", "12")
    done = [
        subprocess.run(
            [sys.executable, "-c", code, "run", name, *runs], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        for name in ("hawks.toml", "broken.toml")
    ]
    assert done[0].returncode == 0, done[0].stderr
    assert done[1].returncode == 2
    assert "rules.vet.USA: rule 'broken' fails to import (hedgerow_absent:rule)" in done[1].stderr
    assert "Traceback" not in done[1].stderr
    assert load(tmp_path / "hawks.toml").rules.vet == {"USA": "hawk"}
