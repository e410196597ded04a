"""Forums and the meetings of ministers (M07, M08; B058-B076, B153-B174, B234-B239)."""

import numpy as np

from hedgerow.core.compiled import kernel, rule
from hedgerow.core.donors import Donor, Forum
from hedgerow.core.numbers import BoolArray, FloatArray, Rows, Value
from hedgerow.core.parameters import Diplomacy
from hedgerow.core.rules.common import logistic


def activity(months_since: int, p: Diplomacy) -> FloatArray:
    """Return diplomatic activity as a share of the usual, ramping up after COVID-19, ``(runs, 1)``.

    ``months_since`` counts from June 2022, when the record starts [B003, B023].
    """
    ramp = p.start_activity + (1.0 - p.start_activity) * months_since / p.ramp
    return np.asarray(np.clip(ramp, p.start_activity, 1.0))


@rule
def attendance_odds(hostile: Rows, organisation: Rows, sovereignty: Rows, added: Rows, forum: Forum, p: Diplomacy) -> Rows:
    """Return the log-odds that an invited row attends a forum, whoever convenes it.

    Parameters
    ----------
    hostile : 1 where a hostile state is a member
    organisation : 1 for an international organisation, which sends its head to what it belongs to
    sovereignty : sensitivity to publicity, 0-1
    added : log-odds by levers and by how active diplomacy is
    """
    return (
        p.attend_base
        + forum.appeal
        + added
        - p.attend_publicity * forum.publicity * sovereignty
        - p.attend_hostile * hostile
        + p.attend_organisation * organisation
    )


@rule
def convener_odds(alignment: Rows, active: Rows, rival: Rows, p: Diplomacy) -> Rows:
    """Return what the donor that convenes a forum adds to the log-odds of attending it.

    Parameters
    ----------
    alignment : with the donor, 0-1
    active : 1 under an active agreement with it
    rival : 1 for a donor that competes with it
    """
    return p.attend_alignment * alignment + p.attend_agreement * active - p.attend_rival * rival


@rule
def attendance(odds: Rows, neighbours: Rows, p: Diplomacy) -> Rows:
    """Return the chance of attending, which rises with the share of neighbours expected there."""
    return logistic(odds + p.attend_neighbours * neighbours)


@rule
def meeting_value(value: Rows, border: Rows, organisation: Rows, recent: Rows, p: Diplomacy) -> Rows:
    """Return the log value of a meeting with a row, whatever the tier.

    Strategic value and shared borders, damped by how often they met of late.
    """
    standing = p.value * value + p.topic * border + p.organisation * organisation
    return standing - p.repetition * np.log1p(recent)


@rule
def forum_value(alignment: Rows, hub: Rows, p: Diplomacy) -> Rows:
    """Return what a row's presence at the same forum adds to the log value of meeting it.

    Who gets a meeting at the margins is a matter of willingness and of regional leadership [B237].
    """
    return p.willingness * alignment + p.hub * hub


@rule
def turn(worth: float, cost: float, uniform: float) -> float:
    """Return when a partner's turn comes: the sooner, the more a meeting is worth for its time.

    Exponential waiting times at the rate ``worth / cost`` draw without replacement in proportion to
    value for time, as Gumbel noise on its logarithm does (Kool et al. 2019, arXiv:1903.06059).
    """
    return float(-np.log(max(uniform, 1e-300)) * cost / worth)


@kernel
def spend(budget: float, turns: FloatArray, cost: FloatArray, chosen: BoolArray) -> None:
    """Spend a time budget on partners in their turn and mark whom it is spent on.

    Parameters
    ----------
    budget : stand-alone meetings there is time for
    turns : (rows,), smallest first; infinite for rows that may not be met; used up
    cost : (rows,), in stand-alone meetings
    chosen : (rows,), written
    """
    spent = 0.0
    while True:
        best, soonest = -1, np.inf
        for i in range(len(turns)):
            if turns[i] < soonest:
                best, soonest = i, turns[i]
        if best < 0 or spent + cost[best] > budget + 1e-9:
            return
        chosen[best] = True
        turns[best] = np.inf
        spent += cost[best]


def follow_up(donor: Donor, core: FloatArray, added: Value) -> FloatArray:
    """Return operational follow-up after help, 0-1: deeper in the donor's core (M14; B142)."""
    usual = donor.follow_up + (donor.follow_up_core - donor.follow_up) * core
    return np.asarray(usual + added * (1.0 - usual))
