"""Phase 4, convene: forums meet, and ministers spend their time on partners."""

import numpy as np

from hedgerow.core.donors import Forum, Tier
from hedgerow.core.levers import Budget, Forums
from hedgerow.core.month import Month
from hedgerow.core.numbers import BoolArray, FloatArray
from hedgerow.core.rules import diplomacy
from hedgerow.core.rules.common import happens, poisson
from hedgerow.core.scene import Gathering
from hedgerow.core.tape import derive
from hedgerow.core.world import Agreement


def convene(month: Month) -> None:
    """Hold the month's forums, then let each tier of each donor meet partners."""
    world, p = month.world, month.scene.parameters.diplomacy
    attended = [_hold(month, g) for g in _meeting_now(month)]
    weighed, counted = np.zeros_like(world.recent), np.zeros_like(world.recent)
    for d in month.donors():
        mine = [a for a in attended if month.scene.code(d) == a[0].forum.organiser]
        for gathering, present in mine:
            weighed[:, d] += _encounters(month, d, gathering, present)
        weight, count = _bilaterals(month, d, attended)
        weighed[:, d] += weight
        counted[:, d] += count
    world.recent = world.recent * (1.0 - 1.0 / np.expand_dims(p.memory, 1)) + counted
    world.pending = world.pending + weighed
    world.meetings = world.meetings + counted


def _meeting_now(month: Month) -> list[Gathering]:
    cancelled = {
        name for lever, _ in month.scene.schedule.now(Forums, month.index) for name in lever.cancel
    }
    return [g for g in month.scene.gatherings if month.index in g.months and g.key not in cancelled]


def _hold(month: Month, gathering: Gathering) -> tuple[Gathering, BoolArray]:
    p, forum = month.scene.parameters.diplomacy, gathering.forum
    added = sum(
        lever.strengthen.get(gathering.key, 0.0)
        for lever, _ in month.scene.schedule.now(Forums, month.index)
    )
    activity = np.log(diplomacy.activity(month.months_since, p))
    chance = diplomacy.attendance(month.situation, gathering, added + activity)
    draw = derive(month.draws("attendance"), gathering.key)
    present = happens(chance, draw)
    willing = 1.0 - p.sign_hostile * np.broadcast_to(gathering.hostile, present.shape)
    signed = present & happens(willing, derive(draw, "sign")) if forum.signs else present & False
    asked = diplomacy.invited(month.situation, gathering)
    month.count("forums invited", asked)
    month.count("forums attended", present)
    month.count("forums signed", signed)
    month.record("forums", asked, forum=gathering.key, attended=present, signed=signed)
    return gathering, present


def _tier_of(month: Month, d: int, forum: Forum) -> Tier | None:
    tiers = month.scene.donor(d).tiers
    return next((t for t in tiers if (t.body, t.tier) == (forum.body, forum.tier)), None)


def _encounters(month: Month, d: int, gathering: Gathering, present: BoolArray) -> FloatArray:
    """Hold the minister's multilateral meetings: the most valued of those present."""
    forum, tier = gathering.forum, _tier_of(month, d, gathering.forum)
    met = np.zeros_like(month.world.crime)
    if tier is None:
        return met
    situation = month.situation
    value = diplomacy.meeting_value(situation, d) + diplomacy.likeness(situation, d, tier)
    open_ = present & (month.world.facts.counterpart[d] > 0)
    for i in range(forum.encounters):
        draw = derive(month.draws("attendance"), f"{gathering.key} {i}")
        size = np.full((month.world.runs, 1), float(forum.group))
        group = diplomacy.choose_partners(value, np.ones_like(value), size, draw, open_)
        group &= group.sum(axis=1, keepdims=True) > 1
        met += tier.weight * group
        _enter(month, d, tier, group, gathering.key, multilateral=True, setting="forum")
    return met


def _bilaterals(
    month: Month, d: int, attended: list[tuple[Gathering, BoolArray]]
) -> tuple[FloatArray, FloatArray]:
    """Let each tier, highest first, spend its month on partners, at forums for less.

    Returns the meetings of each row, weighed by rank and counted, ``(runs, rows)``.
    """
    world, p = month.world, month.scene.parameters.diplomacy
    code = month.scene.code(d)
    pace = diplomacy.activity(month.months_since, p)
    budgets = [lever for lever, _ in month.scene.schedule.now(Budget, month.index, code)]
    pace = pace * (budgets[-1].meetings if budgets else 1.0)
    open_ = (world.facts.counterpart[d] > 0) & (world.agreement[:, d] != Agreement.PAUSED)
    weighed, counted = np.zeros_like(world.crime), np.zeros_like(world.crime)
    common = diplomacy.meeting_value(month.situation, d)
    for i, tier in enumerate(month.scene.donor(d).tiers):
        margins = [(g, here) for g, here in attended if _at_margins(g.forum, tier, code)]
        at_margin = np.zeros(world.crime.shape, dtype=bool)
        for _, present in margins:
            at_margin |= present
        cost = 1.0 - (1.0 - p.sideline_cost) * at_margin
        boosted = any(g.forum.boosts for g, _ in margins)
        slots = tier.slots * pace * (p.forum_factor if boosted else 1.0)
        budget = poisson(slots, month.draws.once(f"tier_{i}", "budget", code))
        if not budget.any():
            continue
        value = common + diplomacy.likeness(month.situation, d, tier)
        draw = month.draws(f"tier_{i}", code)
        chosen = diplomacy.choose_partners(value, cost, budget, draw, open_)
        weighed += tier.weight * chosen
        counted += chosen
        _enter(month, d, tier, chosen & ~at_margin, "", multilateral=False, setting="stand_alone")
        for gathering, present in margins:
            here = chosen & present
            _enter(month, d, tier, here, gathering.key, multilateral=False, setting="sideline")
            chosen &= ~present
    return weighed, counted


def _at_margins(forum: Forum, tier: Tier, code: str) -> bool:
    """Say whether a tier of a donor holds bilaterals at the margins of a forum."""
    return forum.sidelines and forum.organiser in ("", code) and forum.body == tier.body


def _enter(
    month: Month, d: int, tier: Tier, where: BoolArray, forum: str, *,
    multilateral: bool, setting: str,
) -> None:  # fmt: skip
    code = month.scene.code(d)
    for name in (code, f"{code} {setting}", f"{code} body:{tier.body}"):
        month.count(f"meetings {name}", where, together=multilateral)
    if month.ledger is None:
        return
    event = month.ledger.number_events(where, together=multilateral)
    month.record(
        "meetings", where, donor=code, body=tier.body, tier=tier.tier,
        kind="multilateral" if multilateral else "bilateral", setting=setting, forum=forum,
        event=event,
    )  # fmt: skip
