"""What seats' choices do in the model: known answers, and sessions that replay exactly."""

import copy
import json

import numpy as np
import pytest
from seminar_case import EVEN, EXERCISE, PLAIN

import hedgerow
from hedgerow.core.engine import Batch
from hedgerow.core.levers import BackgroundDonors, Budget, Forums, Leahy
from hedgerow.scenario.place import place
from hedgerow.seminar import debrief, replay
from hedgerow.seminar.accounts import ends, quarters_played
from hedgerow.seminar.game import game
from hedgerow.seminar.identity import made_by
from hedgerow.seminar.moves import Move, Quarter, fold
from hedgerow.seminar.play import Played
from hedgerow.seminar.policies import scenario_of

NOTHING = Quarter({})
ALL_EAST = {"training": {"east": 6}, "equipment": {"east": 6}}


def quarter(cards=(), **orders) -> Quarter:
    return Quarter(orders, tuple(cards))


LARGE = copy.deepcopy(PLAIN)
"""The exercise with half of both donors' effort on it: so many offers that chance is no matter."""
for code in ("CHN", "USA"):
    LARGE["seats"][code]["effort"] = 0.5
GIVEN = {"CHN": EVEN, "USA": EVEN}


def accounts(*quarters, seed=1, exercise=PLAIN):
    return quarters_played(exercise, seed, [q.plain() for q in quarters])


def end(*quarters, runs=4):
    return ends(PLAIN, 1, [q.plain() for q in quarters], runs)


@pytest.fixture(scope="module")
def untouched():
    return accounts(NOTHING, NOTHING)


def test_without_orders_the_session_is_the_scenario_itself() -> None:
    """Exactly: the model's own rules, in the scenario as shipped, run 0 of the same seed."""
    found = end(NOTHING, runs=2)["changes"]
    scene, world = place([hedgerow.load(EXERCISE.scenario)] * 2)
    batch = Batch(scene, world, 1, range(2))
    for _ in range(2):
        batch.step()
    first = batch.world.copy()
    for _ in range(3):
        batch.step()
    rows = [batch.world.recipients.index(c) for c in EXERCISE.blocs["east"].members]
    change = (batch.world.alignment - first.alignment)[:, :, rows].mean(axis=2)
    for d, code in enumerate(batch.world.donors):
        assert found[f"alignment_{code}"]["east"] == pytest.approx(change[:, d], abs=1e-12)
    assert found["officers_USA"]["east"] == pytest.approx((batch.world.officers - first.officers)[:, 1, rows].sum(axis=1))


def test_the_past_stays_as_it_was_whatever_comes_later(untouched) -> None:
    later = accounts(NOTHING, quarter(USA=ALL_EAST, east={"answers": {"CHN": "push_back"}}))
    assert later[:2] == untouched[:2]
    assert later[2] != untouched[2]


def test_the_rooms_own_run_is_the_first_of_the_paired_runs() -> None:
    chosen = (quarter(USA=EVEN, CHN=ALL_EAST), quarter(mekong={"answers": {"USA": "accept"}}))
    told, many = accounts(*chosen)[-1], end(*chosen)["changes"]
    for donor in ("CHN", "USA"):
        for bloc in ("east", "mekong"):
            change = told["donors"][donor][bloc]["change"]
            assert change == pytest.approx(many[f"alignment_{donor}"][bloc][0], abs=1e-12)


def test_points_divide_what_the_seat_has_and_nothing_more() -> None:
    """Shares worked by hand: 6 of 6 points of training and 3 of 6 of equipment for one bloc."""
    order = {"training": {"east": 6}, "equipment": {"east": 3}}
    chosen = [quarter(USA=order)]
    scenario = scenario_of(EXERCISE, chosen)
    budgets = {n: p for n, p in scenario.policies.items() if isinstance(p, Budget)}
    east = budgets["seminar_0_USA_east_means"]
    assert (east.training, east.equipment, east.meetings) == (1 / 0.75, 0.5 / 0.75, 1.0)
    scene, world = place([scenario] * 2)
    played = Played(EXERCISE, chosen, scenario)
    seen = {}

    def watching(situation, d):
        mine = played.plan(situation, d)
        if situation.month == 2:
            seen[d] = mine, np.array(hedgerow_plan(situation, d))
        return mine

    from hedgerow.core.month import Rules
    from hedgerow.core.rules.allocation import plan as hedgerow_plan

    batch = Batch(scene, world, 1, range(2), Rules(plan=watching))
    for _ in range(3):
        batch.step()
    rows = {k: np.isin(world.recipients, b.members) for k, b in EXERCISE.blocs.items()}
    mine, usual = seen[1]
    board = usual[:, rows["east"] | rows["mekong"]].sum(axis=1)
    assert mine[:, rows["east"]].sum(axis=1) == pytest.approx(0.75 * board)
    assert (mine[:, rows["mekong"]] == 0).all()
    elsewhere = ~(rows["east"] | rows["mekong"])
    assert np.array_equal(mine[:, elsewhere], usual[:, elsewhere])
    assert np.array_equal(*seen[0])


def test_a_donor_that_spends_nothing_gives_the_blocs_nothing() -> None:
    told = accounts(quarter(USA={}))[-1]["donors"]
    assert all(told["USA"][bloc]["offered"] == 0 for bloc in EXERCISE.blocs)
    assert all(told["USA"][bloc]["equipment_offered_usd"] == 0 for bloc in EXERCISE.blocs)
    assert sum(told["CHN"][bloc]["offered"] for bloc in EXERCISE.blocs) > 0


def test_help_may_be_left_to_the_model(untouched) -> None:
    told = accounts(quarter(USA={"usual_help": True}), NOTHING)
    assert told[1]["donors"] == untouched[1]["donors"]


def test_refusing_takes_nothing_and_accepting_takes_all_that_is_not_blocked() -> None:
    answers = {"answers": {"CHN": "refuse", "USA": "accept"}}
    told = accounts(quarter(**GIVEN, mekong=answers, east=answers), exercise=LARGE)[-1]["donors"]
    for bloc in ("east", "mekong"):
        assert told["CHN"][bloc]["offered"] > 0
        assert told["CHN"][bloc]["officers"] == 0
        usa = told["USA"][bloc]
        assert usa["officers"] == usa["offered"] - usa["blocked"] > 0


def test_hedging_takes_from_whoever_gave_less() -> None:
    hedging = quarter(**GIVEN, mekong={"answers": {"CHN": "hedge", "USA": "hedge"}})
    told, free = (accounts(q, exercise=LARGE)[-1]["donors"] for q in (hedging, quarter(**GIVEN)))
    taken = [told[d]["mekong"]["officers"] for d in ("CHN", "USA")]
    assert sum(taken) < sum(free[d]["mekong"]["officers"] for d in ("CHN", "USA"))


def test_pushing_back_pauses_and_another_answer_resumes() -> None:
    push, soft = ({"answers": {"CHN": a}} for a in ("push_back", "usual"))
    told = accounts(quarter(mekong=push), quarter(mekong=soft))
    standing = [a["blocs"]["mekong"]["standing"]["CHN"] for a in told]
    assert set(standing[1].values()) == {"paused"}
    assert set(standing[2].values()) == {"active"}
    assert told[1]["donors"]["CHN"]["mekong"]["offered"] == 0
    kinds = {i["kind"] for a in told[1:] for i in a["incidents"] if i["bloc"] == "mekong"}
    assert {"pause", "resume"} <= kinds


def test_meetings_are_convened_and_cost_the_minister_time() -> None:
    order = {**EVEN, "meetings": {"mekong": 2}, "open": ["mekong"]}
    scenario = scenario_of(EXERCISE, [quarter(USA=order)])
    forum = scenario.policies["seminar_0_USA_mekong_forum"]
    assert isinstance(forum, Forums)
    assert [f.publicity for f in forum.create.values()] == [1.0, 1.0]
    assert [f.dates[0].month for f in forum.create.values()] == [8, 9]
    means = scenario.policies["seminar_0_USA_east_means"]
    assert means.meetings == 0.5
    met = [
        sum(accounts(q, seed=s)[-1]["donors"]["USA"]["mekong"]["meetings"] for s in range(3))
        for q in (quarter(USA={**order, "open": []}), NOTHING)
    ]
    assert met[0] > met[1]


def _blocked(order):
    told = accounts(quarter(USA=order), exercise=LARGE)[-1]["donors"]["USA"]
    return sum(told[bloc]["blocked"] for bloc in EXERCISE.blocs)


def test_conditions_bar_what_they_say() -> None:
    blocked = {
        terms: _blocked({**EVEN, "conditions": {"east": terms, "mekong": terms}}) for terms in ("none", "units", "country")
    }
    assert blocked["none"] == 0 < blocked["units"] <= blocked["country"]
    scenario = scenario_of(EXERCISE, [quarter(USA={"conditions": {"east": "remedy"}})])
    lever = scenario.policies["seminar_0_USA_east_terms"]
    assert isinstance(lever, Leahy)
    assert (lever.remediation, lever.end.month) == (0.5, 10)


def test_a_campaign_moves_beliefs() -> None:
    calm, loud = (
        accounts(quarter(USA={**EVEN, **more}))[-1]["blocs"]["east"]["belief"]["CHN"]
        for more in ({}, {"campaigns": {"east": "evidence"}})
    )
    assert calm != loud


def test_a_background_donor_takes_the_place_of_its_own_policy() -> None:
    scenario = scenario_of(EXERCISE, [NOTHING, quarter(AUS={"cover": {"east": 5}}), NOTHING])
    covers = [
        (p.start and p.start.month, p.end and p.end.month, p.cover)
        for p in scenario.policies.values()
        if isinstance(p, BackgroundDonors)
    ]
    assert covers == [(None, 7, 0.4), (8, 10, 0.4), (11, 1, 0.5), (2, 4, 0.4), (5, None, 0.4)]


def test_an_event_strikes_in_its_quarter() -> None:
    card = EXERCISE.cards[0].model_dump(mode="json")
    told = accounts(NOTHING, quarter(cards=[card]))
    struck = {"month": "2022-11", "bloc": "east", "name": "Kenya", "kind": "leadership_change"}
    assert struck in told[2]["incidents"]
    calm = accounts(NOTHING, NOTHING)
    sovereignty = [a[2]["blocs"]["east"]["sovereignty"] for a in (told, calm)]
    assert sovereignty[0] > sovereignty[1]


SESSION = [
    Move("start", 0, {}, at=100.0),
    Move("order", 0, {**ALL_EAST, "meetings": {"east": 2}}, "USA", 101.0),
    Move("order", 0, {"answers": {"USA": "accept", "CHN": "refuse"}}, "east", 102.0),
    Move("step", 0, {}, at=110.0),
    Move("inject", 1, EXERCISE.cards[0].model_dump(mode="json"), at=111.0),
    Move("step", 1, {}, at=120.0),
    Move("finish", 2, {}, at=130.0),
]


@pytest.fixture(scope="module")
def ended():
    state = fold(EXERCISE, SESSION)
    found = {w.key: debrief.end_of(EXERCISE, 1, w, 3) for w in debrief.counterfactuals(state)}
    return state, found


def test_the_debrief_compares_each_choice_with_the_model_run_by_run(ended) -> None:
    state, found = ended
    assert list(found) == ["played", "seat USA", "training and equipment USA", "meetings USA", "seat east", "events"]
    told = debrief.drawn_up(state, found)
    mine = found["played"]["changes"]["officers_USA"]["all"]
    other = found["seat USA"]["changes"]["officers_USA"]["all"]
    line = told["seats"]["USA"]["against_the_model"]["officers_USA"]
    assert line["difference"]["here"] == mine[0] - other[0] != 0
    assert line["difference"]["mean"] == pytest.approx(np.mean(mine) - np.mean(other))
    assert line["difference"]["low"] < line["difference"]["mean"] < line["difference"]["high"]
    assert told["seats"]["CHN"]["against_the_model"] == {}
    assert told["seats"]["USA"]["usual"][0].keys() == {"east", "mekong"}
    assert sum(told["seats"]["USA"]["usual"][0].values()) == pytest.approx(1)
    assert 0 < told["seats"]["east"]["usual"][0]["USA"] < 1
    json.dumps(told, allow_nan=False)


def test_taking_out_the_meetings_keeps_the_help(ended) -> None:
    _, found = ended
    played, without = (found[k]["changes"] for k in ("played", "meetings USA"))
    assert played["trust_USA"]["east"] == pytest.approx(without["trust_USA"]["east"], abs=0.02)
    state = ended[0]
    orders = {w.key: w.quarters[0].orders.get("USA") for w in debrief.counterfactuals(state)}
    assert "meetings" not in orders["meetings USA"]
    assert orders["meetings USA"]["training"] == {"east": 6}
    assert orders["training and equipment USA"]["usual_help"] is True
    assert orders["training and equipment USA"]["meetings"] == {"east": 2}


HERE = made_by(EXERCISE)


def played_by(moves, accounts, model=HERE):
    """Return the game of some moves, with these accounts."""
    return game(EXERCISE, 5, moves).told(accounts, model)


def test_a_session_file_replays_exactly_and_holds_no_names(tmp_path, ended) -> None:
    state, _ = ended
    told = quarters_played(PLAIN, 5, [q.plain() for q in state.closed])
    content = replay.session_file(played_by(SESSION, told))
    file = tmp_path / "session.json"
    file.write_text(json.dumps(content))
    again = replay.replay(file)
    assert again.same
    assert again.why_not == ""
    assert again.state.closed == state.closed
    assert again.accounts == told


def test_a_session_file_that_was_altered_is_found_out(tmp_path, ended) -> None:
    state, _ = ended
    told = quarters_played(PLAIN, 5, [q.plain() for q in state.closed])
    content = replay.session_file(played_by(SESSION, copy.deepcopy(told)))
    content["accounts"][1]["donors"]["USA"]["east"]["officers"] += 1
    file = tmp_path / "session.json"
    file.write_text(json.dumps(content))
    assert not replay.replay(file).same
    assert "altered" in replay.replay(file).why_not


def test_a_session_of_two_models_says_which_turns_another_made_and_how_they_differ(tmp_path, ended) -> None:
    """The model here made the last turn; of the others one is told as it would be here."""
    state, _ = ended
    told = quarters_played(PLAIN, 5, [q.plain() for q in state.closed])
    shown = copy.deepcopy(told[:2])
    shown[1]["blocs"]["east"]["crime"] += 1
    content = replay.session_file(played_by(SESSION, shown, "0.0.9+old").told(told, HERE))
    assert content["made_by"] == ["0.0.9+old", "0.0.9+old", HERE]
    assert "after turn 1: what was shown" in content["changes"][0]
    file = tmp_path / "session.json"
    file.write_text(json.dumps(content))
    again = replay.replay(file)
    assert (again.same, again.differ) == (False, (1,))
    assert again.why_not == f"turn 1: made by code 0.0.9+old; this is code {HERE}, which tells it otherwise"
    content["accounts"].pop()
    file.write_text(json.dumps(content))
    assert "turn 2: not in the file" in replay.replay(file).why_not


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "is not JSON"),
        ("[]", "is no JSON object"),
        ('{"format": "hedgerow seminar session 1"}', "not a whole session"),
        ("[" * 100_000, "is nested more than 32 deep"),
    ],
)
def test_a_file_that_is_no_session_is_refused_in_words(tmp_path, text, words) -> None:
    file = tmp_path / "session.json"
    file.write_text(text)
    with pytest.raises(hedgerow.ScenarioError, match=words):
        replay.replay(file)
    with pytest.raises(hedgerow.ScenarioError, match="cannot be read"):
        replay.replay(tmp_path / "absent.json")


def test_a_session_file_with_a_forbidden_move_is_refused(tmp_path) -> None:
    content = replay.session_file(played_by(SESSION[:2], []))
    content["moves"][1]["body"] = {"training": {"east": 99}}
    file = tmp_path / "session.json"
    file.write_text(json.dumps(content))
    with pytest.raises(hedgerow.ScenarioError, match="99 points of training"):
        replay.replay(file)
