"""The Mesa face: agents are rows, verbs may be overridden one at a time."""

import mesa
import numpy as np
import pytest

import hedgerow
from hedgerow.mesa import Donor, Model, Recipient

SHORT = hedgerow.load("baseline-2022-25", months=5)


class Refusing(Recipient):
    """A state that takes nothing from anybody."""

    def respond(self, situation, donor, offer):
        assert situation.world.rows == 1
        return np.zeros((1, 1))


class OnlyKenya(Donor):
    """A donor that turns to one recipient."""

    def plan(self, situation):
        share = np.zeros_like(situation.world.crime)
        share[:, situation.world.recipients.index("KEN")] = 1.0
        return share


def ran(**options) -> Model:
    model = Model(SHORT, seed=1, **options)
    model.run_model()
    return model


def test_a_model_is_a_mesa_model_with_an_agent_a_row() -> None:
    model = Model(SHORT, seed=1)
    assert isinstance(model, mesa.Model)
    assert len(model.agents_by_type[Donor]) == 2
    states = model.agents.select(lambda a: getattr(a, "kind", None) == 0)
    assert len(states) == 196
    assert {a.code for a in model.agents_by_type[Recipient]} >= {"RUS", "INTERPOL", "KEN"}


def test_agents_read_and_write_their_own_row() -> None:
    model = Model(SHORT, seed=1)
    kenya = next(a for a in model.recipients if a.code == "KEN")
    before = model.world.crime.copy()
    kenya.crime = 2.5
    assert model.world.crime[0, kenya.row] == kenya.crime == 2.5
    assert (model.world.crime != before).sum() == 1
    assert kenya.alignment_CHN == model.world.alignment[0, 0, kenya.row]
    assert kenya.capability_border == model.world.capability[0, 2, kenya.row]
    with pytest.raises(AttributeError, match="alignment_XYZ"):
        _ = kenya.alignment_XYZ


def test_select_agg_and_get_work_as_a_mesa_user_expects() -> None:
    model = Model(SHORT, seed=1)
    some = model.agents.select(lambda a: a.code in ("KEN", "ETH"))
    assert some.get("crime") == [1.0, 1.0]
    assert some.agg("alignment_CHN", max) == max(some.get("alignment_CHN"))


def test_a_run_of_the_model_equals_the_same_run_of_a_batch() -> None:
    outcomes = hedgerow.run(SHORT, runs=3, seed=1).outcomes.set_index("run")
    assert ran(run=2).outcomes == outcomes.loc[2].to_dict()
    fixed = hedgerow.run(SHORT, runs=1, seed=1, fixed=True).outcomes.drop(columns="run")
    assert ran(fixed=True).outcomes == fixed.loc[0].to_dict()


def test_overriding_a_recipient_changes_its_own_acceptance_only() -> None:
    plain, odd = ran(), ran(agents={"KEN": Refusing})
    row = plain.world.recipients.index("KEN")
    assert plain.world.officers[0, :, row].sum() > 0
    assert odd.world.officers[0, :, row].sum() == 0
    tables = [m.ledger.tables()["training"] for m in (plain, odd)]
    first = tables[0]["month"].min()
    others = [(t["month"] == first) & (t["recipient"] != "KEN") for t in tables]
    answers = [t["accepted"][rows].tolist() for t, rows in zip(tables, others, strict=True)]
    assert answers[0] == answers[1]


def test_overriding_a_donor_changes_where_its_help_goes() -> None:
    odd = ran(agents={"USA": OnlyKenya})
    usa = odd.ledger.tables()["training"]
    at = usa["donor"] == "USA"
    assert set(usa["recipient"][at]) == {"KEN"}
    assert len(set(usa["recipient"][~at])) > 5


def test_an_unknown_agent_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown code 'KENYA'"):
        Model(SHORT, agents={"KENYA": Refusing})


def test_batch_run_and_data_collection() -> None:
    rows = mesa.batch_run(Model, {"scenario": [SHORT], "run": [0, 1]}, max_steps=10, display_progress=False)
    last = {r["run"]: r["meetings_CHN"] for r in rows}
    outcomes = hedgerow.run(SHORT, runs=2, seed=1).outcomes
    assert last == dict(zip(outcomes["run"], outcomes["meetings_CHN"], strict=True))
    model = ran()
    assert len(model.datacollector.get_model_vars_dataframe()) == SHORT.months
    agents = model.datacollector.get_agent_vars_dataframe()
    assert {"code", "alignment_CHN", "alignment_USA"} <= set(agents.columns)


def test_the_model_stops_after_the_last_month() -> None:
    model = ran()
    alignment = model.world.alignment.copy()
    model.step()
    assert not model.running
    np.testing.assert_array_equal(alignment, model.world.alignment)
