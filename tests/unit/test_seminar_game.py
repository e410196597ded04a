"""The game without clock, disk or model: moves folded into the state of a room."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from seminar_case import EVEN, EXERCISE

import hedgerow
from hedgerow.seminar import exercise
from hedgerow.seminar.moves import KINDS, Move, State, apply, fold
from hedgerow.seminar.seats import ANSWERS, NotAllowed, order_of

A = {"answers": {"CHN": "accept", "USA": "hedge"}}


def play(*moves) -> State:
    return fold(EXERCISE, moves)


def test_a_turn_opens_is_ordered_and_closes() -> None:
    state = play(
        Move("start", 0, {}, at=10),
        Move("order", 0, EVEN, "USA", 11),
        Move("order", 0, A, "east", 12),
        Move("step", 0, {}, at=20),
    )
    assert (state.phase, state.turn, state.deadline) == ("open", 1, 20 + 300)
    assert state.closed[0].orders["USA"]["training"] == {"east": 3, "mekong": 3}
    assert state.closed[0].orders["east"]["answers"] == A["answers"]
    assert not state.draft.orders


def test_the_last_order_of_a_seat_counts() -> None:
    state = play(Move("start", 0, {}), Move("order", 0, A, "east"), Move("order", 0, {"answers": {"CHN": "refuse"}}, "east"))
    assert state.draft.orders["east"]["answers"] == {"CHN": "refuse"}


def test_after_the_last_turn_the_game_is_over() -> None:
    state = play(Move("start", 0, {}), *(Move("step", t, {}) for t in range(3)))
    assert (state.phase, state.turn, len(state.closed)) == ("over", 3, 3)
    with pytest.raises(NotAllowed, match="over"):
        apply(state, Move("order", 3, A, "east"))


def test_undoing_reopens_a_turn_with_its_orders_and_playing_it_again_is_the_same() -> None:
    start = [Move("start", 0, {}), Move("order", 0, A, "east"), Move("step", 0, {})]
    undone = play(*start, Move("order", 1, EVEN, "CHN"), Move("undo", 1, {}))
    assert (undone.turn, undone.closed, undone.paused) == (0, (), True)
    assert undone.draft.orders["east"]["answers"] == A["answers"]
    again = apply(undone, Move("step", 0, {}))
    assert again.closed == play(*start).closed


@pytest.mark.parametrize("turn", [False, 0.0, "0", None])
def test_a_turn_that_is_no_whole_number_is_none(turn) -> None:
    with pytest.raises(NotAllowed, match="number of its turn"):
        apply(play(Move("start", 0, {})), Move("step", turn, {}))


def test_pausing_keeps_the_time_that_is_left() -> None:
    paused = play(Move("start", 0, {}, at=0), Move("pause", 0, {}, at=100))
    assert paused.remaining(10_000) == 200
    assert not paused.due(10_000)
    longer = apply(paused, Move("extend", 0, {"seconds": 60}, at=150))
    going = apply(longer, Move("go", 0, {}, at=1000))
    assert going.deadline == 1000 + 260
    assert going.due(1260)
    assert not going.due(1259)


def test_a_turn_that_is_closed_or_not_yet_open_takes_no_orders() -> None:
    state = play(Move("start", 0, {}), Move("step", 0, {}))
    for turn in (0, 2):
        with pytest.raises(NotAllowed, match=f"turn {turn + 1}; the room is at 2"):
            apply(state, Move("order", turn, A, "east"))


@pytest.mark.parametrize("kind", [k for k in KINDS if k != "order"])
def test_a_seat_cannot_do_what_is_the_facilitators(kind) -> None:
    with pytest.raises(NotAllowed, match="not yours"):
        apply(play(Move("start", 0, {})), Move(kind, 0, {}, "USA"))


def test_the_facilitator_has_no_orders_of_their_own() -> None:
    with pytest.raises(NotAllowed, match="not yours"):
        apply(play(Move("start", 0, {})), Move("order", 0, A))


@pytest.mark.parametrize(
    ("seat", "order", "words"),
    [
        ("USA", {"training": {"east": 7}}, "7 points of training; there are 6"),
        ("USA", {"training": {"east": -1}}, "cannot be negative"),
        ("USA", {"training": {"mars": 1}}, "no bloc 'mars'"),
        ("CHN", {"conditions": {"east": "country"}}, "not open to this seat"),
        ("CHN", {"campaigns": {"east": "attack"}}, "1 campaigns; 0 a quarter"),
        ("USA", {"campaigns": {"east": "attack", "mekong": "evidence"}}, "2 campaigns; 1"),
        ("USA", {"answers": {"CHN": "accept"}}, "cannot be read"),
        ("USA", {"training": "all"}, "cannot be read"),
        ("AUS", {"cover": {"east": 9}}, "9 points of cover; there are 8"),
        ("east", {"answers": {"FRA": "accept"}}, "no donor 'FRA'"),
        ("east", {"answers": {"CHN": "push_back", "USA": "hedge"}}, "need 5 of attention"),
        ("east", {"answers": {"CHN": "love"}}, "cannot be read"),
        ("nobody", {}, "no such seat"),
    ],
)
def test_a_seat_spends_what_it_has_and_chooses_what_is_open_to_it(seat, order, words) -> None:
    with pytest.raises(NotAllowed, match=words):
        order_of(EXERCISE, seat, order)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"title": "x", "kind": "war", "recipients": ["FRA"]}, "'FRA' is not in any bloc"),
        ({"title": "x", "kind": "earthquake", "recipients": ["KEN"]}, "cannot be read"),
        ({"title": "x", "kind": "pause", "recipients": ["KEN"], "donor": "RUS"}, "no donor"),
        ({}, "cannot be read"),
    ],
)
def test_an_event_must_be_one_the_model_has_on_states_that_are_played(body, words) -> None:
    with pytest.raises(NotAllowed, match=words):
        apply(play(Move("start", 0, {})), Move("inject", 0, body))


def test_an_event_can_be_withdrawn_before_it_strikes() -> None:
    card = EXERCISE.cards[0].model_dump(mode="json")
    state = play(Move("start", 0, {}), Move("inject", 0, card))
    assert state.draft.cards[0]["title"] == "A coup"
    assert not apply(state, Move("withdraw", 0, {"place": 0})).draft.cards


def moves() -> st.SearchStrategy[Move]:
    answers = st.dictionaries(st.sampled_from(["CHN", "USA"]), st.sampled_from(list(ANSWERS)))
    bodies = st.one_of(
        st.builds(lambda a: {"answers": a}, answers),
        st.just(EVEN),
        st.just({}),
        st.builds(lambda s: {"seconds": s}, st.floats(-10, 5000)),
        st.just(EXERCISE.cards[0].model_dump(mode="json")),
    )
    seats = st.sampled_from(["", "", "USA", "CHN", "AUS", "east", "mekong"])
    return st.builds(Move, st.sampled_from(KINDS), st.integers(0, 3), bodies, seats, st.floats(0, 1e6))


@settings(max_examples=300)
@given(st.lists(moves(), max_size=25))
def test_whatever_is_tried_a_refused_move_changes_nothing_and_the_log_replays(tried) -> None:
    state, accepted = State(EXERCISE), []
    for move in tried:
        try:
            state = apply(state, move)
        except NotAllowed:
            continue
        accepted.append(move)
        assert state.turn == len(state.closed) <= EXERCISE.turns
        assert (state.phase == "open") == (state.remaining(0) is not None)
    assert fold(EXERCISE, accepted) == state


@pytest.mark.parametrize("name", exercise.names())
def test_the_shipped_exercises_fit_their_scenarios_and_seat_thirty(name) -> None:
    chosen = exercise.load(name)
    assert sum(seat.places for seat in chosen.seats.values()) >= 30
    assert {"CHN", "USA"} <= set(chosen.donors)
    assert chosen.questions
    for reference in chosen.compare:
        assert hedgerow.load(reference)
    for seat in chosen.seats.values():
        assert seat.brief
    page = exercise.facilitators_page(name)
    assert page.startswith(f"# {chosen.title}")
    flat = " ".join(page.split())
    assert all(words in flat for words in (*chosen.questions, *chosen.compare))


def test_three_exercises_ship() -> None:
    assert exercise.names() == ["gaps-or-words", "leahy-dilemma", "pacific-pact"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"opening": date(2022, 6, 1)}, "do not fit"),
        ({"turns": 40}, "do not fit"),
        ({"scenario": "baseline"}, "no scenario of that name"),
        ({"seats": {**EXERCISE.seats, "FRA": EXERCISE.seats["CHN"]}}, "is no donor"),
    ],
)
def test_an_exercise_that_does_not_fit_is_refused_in_words(change, words) -> None:
    with pytest.raises(hedgerow.ScenarioError, match=words):
        exercise.checked({**EXERCISE.model_dump(), **change})


def test_a_quarter_is_named_by_its_months() -> None:
    later = EXERCISE.model_copy(update={"opening": date(2023, 12, 1)})
    assert (EXERCISE.quarter(0), later.quarter(0)) == ("Aug to Oct 2022", "Dec 2023 to Feb 2024")


def test_what_cannot_be_seen_is_dropped_from_headlines_and_refused_in_exercises() -> None:
    card = {**EXERCISE.cards[0].model_dump(mode="json"), "title": " A\u202e coup\x1b\nin two  lines "}
    state = apply(play(Move("start", 0, {})), Move("inject", 0, card))
    assert state.draft.cards[0]["title"] == "A coup in two lines"
    raw = EXERCISE.model_dump()
    for bad in (
        {"title": "two\nlines"},
        {"aim": "bell\x07"},
        {"seats": {**raw["seats"], "CHN": {**raw["seats"]["CHN"], "name": "x\x1b[31m"}}},
    ):
        with pytest.raises(hedgerow.ScenarioError, match="control characters"):
            exercise.checked({**raw, **bad})
