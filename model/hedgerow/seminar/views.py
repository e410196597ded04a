"""Who sees what of a game: everybody, one seat, the facilitator. Plain data, for any way in.

What everybody sees is what is public in the world: meetings, officers trained, crime, incidents,
and who has decided. Alignment, trust, beliefs, refusals and what vetting blocks are private to the
seats concerned until the debrief.
"""

from collections.abc import Sequence

from hedgerow.seminar.accounts import Plain
from hedgerow.seminar.exercise import BackgroundSeat, BlocSeat, DonorSeat, Exercise
from hedgerow.seminar.game import Game
from hedgerow.seminar.moves import State

PUBLIC_OF_DONOR = ("officers", "meetings")


def public(game: Game, now: float) -> Plain:
    """Return what everybody may see."""
    state, exercise = game.state, game.state.exercise
    return {
        "title": exercise.title,
        "aim": exercise.aim,
        "phase": state.phase,
        "turn": state.turn,
        "turns": exercise.turns,
        "quarter": exercise.quarter(state.turn),
        "paused": state.paused,
        "remaining": state.remaining(now),
        "ready": game.ready,
        "decided": sorted(state.draft.orders),
        "announced": _announced(state),
        "seats": {key: {"name": s.name, "kind": s.kind} for key, s in exercise.seats.items()},
        "last": _public_account(game.accounts[-1]) if game.accounts else None,
        "totals": _totals(game.accounts),
        "debrief": game.debrief if state.phase == "over" else None,
    }


def _announced(state: State) -> list[str]:
    """Return what was public of the last quarter's choices: events, and who pushed back."""
    news: list[str] = []
    names = {key: seat.name for key, seat in state.exercise.seats.items()}
    for quarter in state.closed[-1:]:
        news += [str(card["title"]) for card in quarter.cards]
        for seat, order in quarter.orders.items():
            for donor, answer in order.get("answers", {}).items():
                if answer == "push_back":
                    news.append(f"{names[seat]} pushed back against {names[donor]}")
    return news


def _public_account(account: Plain) -> Plain:
    return {
        "quarter": account["quarter"],
        "turn": account["turn"],
        "donors": {
            donor: {bloc: {k: v[k] for k in PUBLIC_OF_DONOR} for bloc, v in blocs.items()}
            for donor, blocs in account["donors"].items()
        },
        "crime": {bloc: v["crime"] for bloc, v in account["blocs"].items()},
        "incidents": account["incidents"],
        "forums": account["forums"],
    }


def _totals(accounts: Sequence[Plain]) -> Plain:
    """Return officers and meetings since the opening, by donor and bloc."""
    result: dict[str, dict[str, dict[str, float]]] = {}
    for account in accounts[1:]:
        for donor, blocs in account["donors"].items():
            for bloc, given in blocs.items():
                here = result.setdefault(donor, {}).setdefault(bloc, {})
                for name in PUBLIC_OF_DONOR:
                    here[name] = here.get(name, 0) + given[name]
    return result


def private(game: Game, seat: str) -> Plain:
    """Return what one seat alone may see: its brief, its means, its order, its own books."""
    state, chair = game.state, game.state.exercise.seats[seat]
    before = next((q.orders[seat] for q in reversed(state.closed) if seat in q.orders), None)
    return {
        "seat": seat,
        "name": chair.name,
        "kind": chair.kind,
        "brief": chair.brief,
        "means": chair.model_dump(mode="json", exclude={"brief", "name", "kind"}),
        "order": state.draft.orders.get(seat),
        "before": before,
        "books": [_books(account, chair, seat) for account in game.accounts],
    }


def _books(account: Plain, chair: DonorSeat | BackgroundSeat | BlocSeat, seat: str) -> Plain:
    when = {"quarter": account["quarter"], "turn": account["turn"]}
    if isinstance(chair, DonorSeat):
        return when | {"blocs": account["donors"][seat]}
    if isinstance(chair, BlocSeat):
        offers = ("offered", "blocked", "officers", "equipment_usd", "meetings")
        given = {d: {k: v[seat][k] for k in offers} for d, v in account["donors"].items()}
        return when | {"own": account["blocs"][seat], "given": given}
    needs = {bloc: v["capability"] for bloc, v in account["blocs"].items()}
    return when | {"needs": needs}


def facilitator(game: Game) -> Plain:
    """Return what the facilitator sees besides: all orders and accounts."""
    draft = game.state.draft
    return {
        "orders": {seat: dict(order) for seat, order in draft.orders.items()},
        "cards": [dict(card) for card in draft.cards],
        "accounts": list(game.accounts),
    }


def places(exercise: Exercise, taken: Sequence[str]) -> dict[str, Plain]:
    """Return the seats, and how many places of each are taken and free.

    Parameters
    ----------
    exercise : Exercise
    taken : sequence of str
        The seat of each who has joined.
    """
    return {
        key: {"name": s.name, "kind": s.kind, "taken": taken.count(key), "free": max(s.places - taken.count(key), 0)}
        for key, s in exercise.seats.items()
    }
