"""Who sees what of a room: everybody, one seat, the facilitator. Plain data, for any way in.

What everybody sees is what is public in the world: meetings, officers trained, crime, incidents,
and who has decided. Alignment, trust, beliefs, refusals and what vetting blocks are private to the
seats concerned until the debrief.
"""

from collections.abc import Sequence
from typing import Any

from hedgerow.app.seminar.room import Pass, Room
from hedgerow.app.seminar.store import Member
from hedgerow.seminar.accounts import Plain
from hedgerow.seminar.exercise import BackgroundSeat, BlocSeat, DonorSeat
from hedgerow.seminar.moves import State

PUBLIC_OF_DONOR = ("officers", "meetings")


def of(holder: Pass, now: float) -> Plain:
    """Return what the holder of a token may see, and nothing else."""
    room = holder.room
    result = {"room": room.record.room, **told(room, now)}
    if holder.facilitates:
        result["facilitator"] = facilitator(room.state, room.accounts, room.members) | {
            "code": room.record.code,
            "seed": room.record.seed,
            "trouble": room.trouble,
        }
    else:
        team = [m.name for m in room.members if m.seat == holder.seat and not m.gone]
        result["you"] = private(room.state, room.accounts, holder.seat) | {"who": holder.name, "team": team}
    return result


def told(room: Room, now: float) -> Plain:
    """Return what everybody may see of a room; worked out once for each of its versions."""
    if room.told.get("version") != room.version:
        over = room.state.phase == "over"
        room.told = public(room.state, room.accounts, now) | {
            "free": seats_free(room.state, room.members),
            "version": room.version,
            "progress": room.progress,
            "debrief": room.debrief if over else None,
        }
    return room.told | {"remaining": room.state.remaining(now)}


def public(state: State, accounts: Sequence[Plain], now: float) -> Plain:
    """Return what everybody may see."""
    exercise = state.exercise
    ready = len(accounts) > len(state.closed)
    shown = accounts[: len(state.closed) + 1]
    return {
        "title": exercise.title,
        "aim": exercise.aim,
        "phase": state.phase,
        "turn": state.turn,
        "turns": exercise.turns,
        "quarter": exercise.quarter(state.turn),
        "paused": state.paused,
        "remaining": state.remaining(now),
        "ready": ready,
        "decided": sorted(state.draft.orders),
        "announced": _announced(state),
        "seats": {key: {"name": s.name, "kind": s.kind} for key, s in exercise.seats.items()},
        "last": _public_account(shown[-1]) if shown else None,
        "totals": _totals(shown),
    }


def _announced(state: State) -> list[str]:
    """Return what was public of the last quarter's choices: events, and who pushed back."""
    told: list[str] = []
    names = {key: seat.name for key, seat in state.exercise.seats.items()}
    for quarter in state.closed[-1:]:
        told += [str(card["title"]) for card in quarter.cards]
        for seat, order in quarter.orders.items():
            for donor, answer in order.get("answers", {}).items():
                if answer == "push_back":
                    told.append(f"{names[seat]} pushed back against {names[donor]}")
    return told


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
            for bloc, told in blocs.items():
                here = result.setdefault(donor, {}).setdefault(bloc, {})
                for name in PUBLIC_OF_DONOR:
                    here[name] = here.get(name, 0) + told[name]
    return result


def private(state: State, accounts: Sequence[Plain], seat: str) -> Plain:
    """Return what one seat alone may see: its brief, its means, its order, its own books."""
    chair = state.exercise.seats[seat]
    shown = accounts[: len(state.closed) + 1]
    before = next((q.orders[seat] for q in reversed(state.closed) if seat in q.orders), None)
    return {
        "seat": seat,
        "name": chair.name,
        "kind": chair.kind,
        "brief": chair.brief,
        "means": chair.model_dump(mode="json", exclude={"brief", "name", "kind"}),
        "order": state.draft.orders.get(seat),
        "before": before,
        "books": [_books(account, chair, seat) for account in shown],
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


def facilitator(state: State, accounts: Sequence[Plain], members: Sequence[Member]) -> Plain:
    """Return what the facilitator sees besides: all orders, accounts and names."""
    return {
        "orders": {seat: dict(order) for seat, order in state.draft.orders.items()},
        "cards": [dict(card) for card in state.draft.cards],
        "accounts": list(accounts[: len(state.closed) + 1]),
        "members": [{"member": m.member, "name": m.name, "seat": m.seat} for m in members if not m.gone],
    }


def seats_free(state: State, members: Sequence[Member]) -> dict[str, dict[str, Any]]:
    """Return the seats, who leads them in words, and how many places are left."""
    taken = [m.seat for m in members if not m.gone]
    return {
        key: {"name": s.name, "kind": s.kind, "taken": taken.count(key), "free": max(s.places - taken.count(key), 0)}
        for key, s in state.exercise.seats.items()
    }
