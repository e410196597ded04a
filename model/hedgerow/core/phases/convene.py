"""Phase 4, convene: forums meet, and ministers spend their time on partners."""

import numpy as np

from hedgerow.core.compiled import Record, kernel, numbers
from hedgerow.core.donors import Forum, Tier
from hedgerow.core.levers import Budget, Forums
from hedgerow.core.month import Month, counts
from hedgerow.core.numbers import BoolArray, FloatArray, IntArray, Value
from hedgerow.core.rules import diplomacy
from hedgerow.core.rules.common import happens, logistic, poisson
from hedgerow.core.scene import Gathering
from hedgerow.core.tape import Keys, uniform
from hedgerow.core.world import Agreement, Kind, Network, mean

ACTIVE, PAUSED = int(Agreement.ACTIVE), int(Agreement.PAUSED)
NOBODY = -1

Attended = list[tuple[Gathering, BoolArray]]


def convene(month: Month) -> None:
    """Hold the month's forums, then let each tier of each donor meet partners."""
    world, p = month.world, month.scene.parameters.diplomacy
    attended = [(g, _hold(month, g)) for g in _meeting_now(month)]
    world.recent *= 1.0 - 1.0 / np.expand_dims(p.memory, 1)
    for d in month.donors():
        worth = _worth(month, d)
        for gathering, present in attended:
            if month.scene.code(d) == gathering.forum.organiser:
                _encounters(month, d, gathering, present, worth)
        _bilaterals(month, d, attended, worth)


def _meeting_now(month: Month) -> list[Gathering]:
    cancelled = {name for lever, _ in month.scene.schedule.now(Forums, month.index) for name in lever.cancel}
    return [g for g in month.scene.gatherings if month.index in g.months and g.key not in cancelled]


def _column(value: Value, runs: int) -> FloatArray:
    return np.ascontiguousarray(np.broadcast_to(value, (runs, 1))[:, 0], dtype=np.float64)


def _organiser(month: Month, gathering: Gathering) -> int:
    name = gathering.forum.organiser
    return month.world.donors.index(name) if name else NOBODY


def _invited(month: Month, gathering: Gathering) -> BoolArray:
    """Return who is invited, ``(runs, rows)``: members the organiser deals with and that deal."""
    world, d = month.world, _organiser(month, gathering)
    asked = np.broadcast_to(gathering.members, world.shape)
    if d == NOBODY:
        return np.ascontiguousarray(asked)
    related = world.facts.counterpart[d] > 0
    return np.asarray(asked & related & (world.agreement[:, d] != PAUSED))


def _hold(month: Month, gathering: Gathering) -> BoolArray:
    """Hold a forum and return who attends, ``(runs, rows)``."""
    world, scene, draws = month.world, month.scene, month.draws
    p, forum, d = scene.parameters.diplomacy, gathering.forum, _organiser(month, gathering)
    with np.errstate(divide="ignore"):  # nobody attends what is not yet active
        active = np.log(diplomacy.activity(month.months_since, p))
    added = sum(lever.strengthen.get(gathering.key, 0.0) for lever, _ in scene.schedule.now(Forums, month.index)) + active
    asked = _invited(month, gathering)
    present, signed = _attend(
        d,
        asked,
        gathering.hostile,
        world.facts.kind == Kind.ORGANISATION,
        _rivals(month, d),
        world.sovereignty,
        world.alignment,
        world.agreement,
        _column(added, world.runs),
        forum.signs,
        scene.network,
        draws.keys(f"attendance {gathering.key}"),
        draws.keys(f"signature {gathering.key}"),
        draws.slots,
        scene.record(forum),
        scene.record(p),
    )
    for name, some in (("invited", asked), ("attended", present), ("signed", signed)):
        month.count(f"forums {name}", counts(some))
    month.record("forums", asked, forum=gathering.key, attended=present, signed=signed)
    return present


def _rivals(month: Month, d: int) -> BoolArray:
    """Return which rows are donors that compete with donor ``d``, ``(rows,)``."""
    world = month.world
    rivals = np.zeros(world.rows, dtype=bool)
    if d != NOBODY:
        codes = [world.donors[r] for r in np.flatnonzero(month.scene.rivals[d])]
        rivals[[world.recipients.index(c) for c in codes if c in world.recipients]] = True
    return rivals


@kernel
def _attend(
    d: int,
    asked: BoolArray,
    hostile: FloatArray,
    organisation: BoolArray,
    rival: BoolArray,
    sovereignty: FloatArray,
    alignment: FloatArray,
    agreement: IntArray,
    added: FloatArray,
    signs: bool,
    network: Network,
    key: Keys,
    signature_key: Keys,
    slots: IntArray,
    forums: Record,
    parameters: Record,
) -> tuple[BoolArray, BoolArray]:
    present, signed = np.zeros_like(asked), np.zeros_like(asked)
    odds, expected, near = np.empty(len(slots)), np.empty(len(slots)), np.empty(len(slots))
    for run in range(asked.shape[0]):
        forum, p = numbers(forums[run]), numbers(parameters[run])
        for i in range(len(slots)):
            odds[i] = diplomacy.attendance_odds(
                hostile[i], 1.0 if organisation[i] else 0.0, sovereignty[run, i], added[run], forum, p
            )
            if d >= 0:
                active = 1.0 if agreement[run, d, i] == ACTIVE else 0.0
                against = 1.0 if rival[i] else 0.0
                odds[i] += diplomacy.convener_odds(alignment[run, d, i], active, against, p)
            expected[i] = logistic(odds[i]) if asked[run, i] else 0.0
        mean(expected, network, near)
        for i in range(len(slots)):
            if asked[run, i]:
                chance = diplomacy.attendance(odds[i], near[i], p)
                present[run, i] = happens(chance, uniform(key[run], slots[i]))
            if present[run, i] and signs:
                willing = 1.0 - p.sign_hostile * hostile[i]
                signed[run, i] = happens(willing, uniform(signature_key[run], slots[i]))
    return present, signed


def _tier_of(month: Month, d: int, forum: Forum) -> Tier | None:
    tiers = month.scene.donor(d).tiers
    return next((t for t in tiers if (t.body, t.tier) == (forum.body, forum.tier)), None)


def _encounters(month: Month, d: int, gathering: Gathering, present: BoolArray, worth: FloatArray) -> None:
    """Hold the minister's multilateral meetings: the most valued of those present."""
    forum, tier = gathering.forum, _tier_of(month, d, gathering.forum)
    if tier is None:
        return
    world, facts, p = month.world, month.world.facts, month.scene.parameters.diplomacy
    runs, open_ = world.runs, present & (facts.counterpart[d] > 0)
    everyone = np.ones_like(open_)
    size = np.full(runs, float(forum.group))
    for i in range(forum.encounters):
        name = f"encounter {gathering.key} {i}"
        held = month.draws.once(f"held {gathering.key} {i}") < p.encounter
        chosen = _partners(
            d,
            worth,
            open_ & held if gathering.recurring else open_,
            everyone,
            np.ones(runs),
            size,
            facts.affinity,
            facts.hub,
            world.alignment,
            month.draws.keys(name),
            month.draws.slots,
            month.scene.record(tier),
            month.scene.record(p),
        )
        chosen &= chosen.sum(axis=1, keepdims=True) > 1
        world.pending[:, d] += tier.weight * chosen
        _enter(month, d, tier, chosen, gathering.key, multilateral=True, setting="forum")


def _bilaterals(month: Month, d: int, attended: Attended, worth: FloatArray) -> None:
    """Let each tier, highest first, spend its month on partners, at forums for less."""
    world, scene, p = month.world, month.scene, month.scene.parameters.diplomacy
    code = scene.code(d)
    pace: Value = diplomacy.activity(month.months_since, p)
    budgets = [lever for lever, _ in scene.schedule.now(Budget, month.index, code)]
    pace = pace * (budgets[-1].meetings if budgets else 1.0)
    open_ = (world.facts.counterpart[d] > 0) & (world.agreement[:, d] != PAUSED)
    for i, tier in enumerate(scene.donor(d).tiers):
        margins = [(g, here) for g, here in attended if _at_margins(g.forum, tier, code)]
        boosted = any(g.forum.boosts for g, _ in margins)
        slots = tier.slots * pace * (p.forum_factor if boosted else 1.0)
        budget = _budgets(_column(slots, world.runs), month.draws.keys(f"budget {i}", code))
        if not budget.any():
            continue
        at_margin = np.zeros(world.shape, dtype=bool)
        for _, present in margins:
            at_margin |= present
        chosen = _partners(
            d,
            worth,
            open_,
            at_margin,
            _column(p.sideline_cost, world.runs),
            budget,
            world.facts.affinity,
            world.facts.hub,
            world.alignment,
            month.draws.keys(f"partners {i}", code),
            month.draws.slots,
            scene.record(tier),
            scene.record(p),
        )
        _remember(d, chosen, world.pending, world.recent, world.meetings, scene.record(tier))
        _settings(month, d, tier, chosen, margins)


@kernel
def _remember(
    d: int, chosen: BoolArray, pending: FloatArray, recent: FloatArray, meetings: FloatArray, tiers: Record
) -> None:
    for run in range(chosen.shape[0]):
        for i in range(chosen.shape[1]):
            if chosen[run, i]:
                pending[run, d, i] += tiers[run].weight
                recent[run, d, i] += 1.0
                meetings[run, d, i] += 1.0


@kernel
def _budgets(slots: FloatArray, key: Keys) -> FloatArray:
    budget = np.empty_like(slots)
    for run in range(len(slots)):
        budget[run] = poisson(slots[run], uniform(key[run], 0))
    return budget


def _worth(month: Month, d: int) -> FloatArray:
    """Return what a meeting with each row is worth to donor ``d`` this month, ``(runs, rows)``."""
    world, facts, p = month.world, month.world.facts, month.scene.parameters.diplomacy
    organisation = facts.kind == Kind.ORGANISATION
    return _worths(d, facts.value, facts.border, organisation, world.recent, month.scene.record(p))


@kernel
def _worths(
    d: int, value: FloatArray, border: FloatArray, organisation: BoolArray, recent: FloatArray, parameters: Record
) -> FloatArray:
    out = np.empty((recent.shape[0], recent.shape[2]))
    for run in range(out.shape[0]):
        p = numbers(parameters[run])
        for i in range(out.shape[1]):
            org = 1.0 if organisation[i] else 0.0
            out[run, i] = np.exp(diplomacy.meeting_value(value[d, i], border[d, i], org, recent[run, d, i], p))
    return out


@kernel
def _partners(
    d: int,
    worth: FloatArray,
    open_: BoolArray,
    at_margin: BoolArray,
    sideline_cost: FloatArray,
    budget: FloatArray,
    affinity: FloatArray,
    hub: FloatArray,
    alignment: FloatArray,
    keys: Keys,
    slots: IntArray,
    tiers: Record,
    parameters: Record,
) -> BoolArray:
    chosen = np.zeros_like(open_)
    turns, cost = np.empty(len(slots)), np.empty(len(slots))
    for run in range(open_.shape[0]):
        if budget[run] <= 0.0:
            continue
        p, ideology = numbers(parameters[run]), tiers[run].ideology
        for i in range(len(slots)):
            turns[i], cost[i] = np.inf, 1.0
            if open_[run, i]:
                better = ideology * affinity[d, i]
                if at_margin[run, i]:
                    cost[i] = sideline_cost[run]
                    better += diplomacy.forum_value(alignment[run, d, i], hub[i], p)
                value = worth[run, i] * np.exp(better) if better != 0.0 else worth[run, i]
                turns[i] = diplomacy.turn(value, cost[i], uniform(keys[run], slots[i]))
        diplomacy.spend(budget[run], turns, cost, chosen[run])
    return chosen


def _at_margins(forum: Forum, tier: Tier, code: str) -> bool:
    """Say whether a tier of a donor holds bilaterals at the margins of a forum."""
    return forum.sidelines and forum.organiser in ("", code) and forum.body == tier.body


def _settings(month: Month, d: int, tier: Tier, chosen: BoolArray, margins: Attended) -> None:
    """Enter each meeting once: at the first forum both attend, or alone."""
    left = chosen.copy() if margins else chosen
    for gathering, present in margins:
        here = left & present
        _enter(month, d, tier, here, gathering.key, multilateral=False, setting="sideline")
        left &= ~present
    _enter(month, d, tier, left, "", multilateral=False, setting="stand_alone")


def _enter(month: Month, d: int, tier: Tier, where: BoolArray, forum: str, *, multilateral: bool, setting: str) -> None:
    code, number = month.scene.code(d), counts(where)
    if not number.any():
        return
    if multilateral:
        number = np.minimum(number, 1.0)
    for name in (code, f"{code} {setting}", f"{code} body:{tier.body}"):
        month.count(f"meetings {name}", number)
    if month.ledger is None:
        return
    event = month.ledger.number_events(where, together=multilateral)
    month.record(
        "meetings",
        where,
        donor=code,
        body=tier.body,
        tier=tier.tier,
        kind="multilateral" if multilateral else "bilateral",
        setting=setting,
        forum=forum,
        event=event,
    )
