"""Forums and the meetings of ministers (M07, M08; B058-B076, B153-B174, B234-B239)."""

import numpy as np

from hedgerow.core.donors import Donor, Tier
from hedgerow.core.numbers import BoolArray, FloatArray, Value
from hedgerow.core.parameters import Diplomacy
from hedgerow.core.rules.common import logistic
from hedgerow.core.scene import Gathering, Situation
from hedgerow.core.world import Agreement


def activity(months_since: int, p: Diplomacy) -> FloatArray:
    """Return diplomatic activity as a share of the usual, ramping up after COVID-19, ``(runs, 1)``.

    ``months_since`` counts from June 2022, when the record starts [B003, B023].
    """
    ramp = p.start_activity + (1.0 - p.start_activity) * months_since / p.ramp
    return np.asarray(np.clip(ramp, p.start_activity, 1.0))


def invited(situation: Situation, gathering: Gathering) -> BoolArray:
    """Return who is invited, ``(runs, rows)``: members the organiser deals with and that deal."""
    world, organiser = situation.world, gathering.forum.organiser
    asked = np.broadcast_to(gathering.members, world.crime.shape)
    if not organiser:
        return asked
    d = world.donors.index(organiser)
    related = world.facts.counterpart[d] > 0
    return np.asarray(asked & related & (world.agreement[:, d] != Agreement.PAUSED))


def attendance(situation: Situation, gathering: Gathering, added: Value) -> FloatArray:
    """Return the chance that each row attends a forum, ``(runs, rows)``.

    Rises with neighbours expected and, where a donor convenes it, with alignment and an active
    agreement; falls with sensitivity to publicity and where a hostile state is a member.
    """
    world, p, forum = situation.world, situation.parameters.diplomacy, gathering.forum
    own = (
        p.attend_base
        + forum.appeal
        + added
        - p.attend_publicity * forum.publicity * world.sovereignty
        - p.attend_hostile * gathering.hostile
    )
    asked = invited(situation, gathering)
    if forum.organiser:
        d = world.donors.index(forum.organiser)
        own = own + p.attend_alignment * world.alignment[:, d]
        own = own + p.attend_agreement * (world.agreement[:, d] == Agreement.ACTIVE)
    expected = situation.scene.network.mean(logistic(own) * asked)
    return logistic(own + p.attend_neighbours * expected) * asked


def meeting_value(situation: Situation, d: int) -> FloatArray:
    """Return the log value of meeting each row, whatever the tier, ``(runs, rows)``.

    Value, willingness, regional weight and shared borders, damped by how often they met of late.
    """
    world, facts, p = situation.world, situation.world.facts, situation.parameters.diplomacy
    standing = p.value * facts.value[d] + p.hub * facts.hub + p.topic * facts.border[d]
    willing = p.willingness * world.alignment[:, d]
    return np.asarray(standing + willing - p.repetition * np.log1p(world.recent[:, d]))


def likeness(situation: Situation, d: int, tier: Tier) -> FloatArray:
    """Return what likeness of regime adds to the log value of a tier, ``(runs, rows)``."""
    return np.asarray(tier.ideology * situation.world.facts.affinity[d])


def choose_partners(
    log_value: FloatArray, cost: FloatArray, budget: FloatArray, uniform: FloatArray,
    open_: BoolArray,
) -> BoolArray:  # fmt: skip
    """Spend a time budget on partners, best value for time first.

    Ranks by ``log value - log cost + Gumbel`` noise, which draws without replacement in proportion
    to value (Gumbel-top-k; Kool et al. 2019, arXiv:1903.06059), and takes partners until the
    budget is spent.

    Parameters
    ----------
    log_value, cost, uniform : (runs, rows)
        Cost in stand-alone meetings.
    budget : (runs, 1)
        Stand-alone meetings there is time for.
    open_ : (runs, rows)
        Who may be met.
    """
    chosen = np.zeros(uniform.shape, dtype=bool)
    busy = np.flatnonzero(budget[:, 0] > 0)
    if busy.size == 0:
        return chosen
    effort = np.log(cost)
    cost = np.broadcast_to(cost, uniform.shape)[busy]
    noise = -np.log(-np.log(np.maximum(uniform[busy], 1e-300)))
    key = (log_value - effort)[busy] + noise
    key[~open_[busy]] = -np.inf
    most = min(int(np.ceil(budget.max() / cost.min())) + 1, key.shape[1])
    top = np.argpartition(-key, most - 1, axis=1)[:, :most]
    ranked = np.take_along_axis(top, np.argsort(-np.take_along_axis(key, top, 1), axis=1), 1)
    spent = np.cumsum(np.take_along_axis(cost, ranked, 1), axis=1)
    fits = (spent <= budget[busy] + 1e-9) & (np.take_along_axis(key, ranked, 1) > -np.inf)
    picked = np.zeros(key.shape, dtype=bool)
    np.put_along_axis(picked, ranked, fits, axis=1)
    chosen[busy] = picked
    return chosen


def follow_up(donor: Donor, core: FloatArray, added: Value) -> FloatArray:
    """Return operational follow-up after help, 0-1: deeper in the donor's core (M14; B142)."""
    usual = donor.follow_up + (donor.follow_up_core - donor.follow_up) * core
    return np.asarray(usual + added * (1.0 - usual))
