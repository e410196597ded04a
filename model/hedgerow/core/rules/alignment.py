"""How alignment with each donor moves: two numbers a state, no fixed sum (M07, M16; A038)."""

from typing import NamedTuple

import numpy as np

from hedgerow.core.compiled import choose, rule, within
from hedgerow.core.numbers import BoolArray, FloatArray, Rows
from hedgerow.core.parameters import Alignment, Voting


class Change(NamedTuple):
    """The terms of one donor's alignment change that are its own."""

    help: Rows
    meetings: Rows
    usual: Rows
    neighbours: Rows
    loss: Rows
    noise: Rows


CHANGE_NAMES = (
    "help",
    "meetings",
    "usual stance",
    "neighbours",
    "exposure, cut-off and backlash",
    "chance",
    "rivals",
    "bounds",
)


@rule
def change(
    now: Rows,
    usual: Rows,
    help_: Rows,
    first_help: Rows,
    response: Rows,
    met: Rows,
    neighbours: Rows,
    loss: Rows,
    noise: Rows,
    p: Alignment,
) -> Change:
    """Return the terms of one donor's alignment change that are its own.

    Parameters
    ----------
    now, usual : alignment, 0-1
    help_, first_help : recent help now and at the start, in courses for 1% of a force; the usual
        stance already holds what help at the start achieves, so what counts is the difference
    response : ax, alignment a month at full help; may be negative
    met : weighted meetings followed by delivery
    neighbours : mean difference to neighbours within reach
    loss : fall through exposure, cut-off or backlash
    noise : standard normal
    """
    room = 1.0 - now
    gained = help_ / (help_ + p.help_half)
    held = first_help / (first_help + p.help_half)
    return Change(
        response * (gained - held) * room,
        p.meeting * met * room,
        p.reversion * (usual - now),
        p.neighbours * neighbours,
        -loss,
        p.noise * noise,
    )


@rule
def from_rivals(across: Rows, rho: Rows) -> Rows:
    """Return what its rivals' change, summed, costs or brings a donor: ``rhoX`` times it."""
    return rho * across


@rule
def kept_share(now: Rows, step: Rows) -> Rows:
    """Return the share of a change that keeps alignment within 0 and 1."""
    allowed = within(now + step, 0.0, 1.0) - now
    return choose(step == 0.0, 1.0, allowed / choose(step == 0.0, 1.0, step))


@rule
def held_share(share: Rows, least: Rows, rho: Rows) -> Rows:
    """Return the share of a change that is kept once rivals' limits bind too.

    Under forced choice what one donor cannot gain the other cannot lose: the change of all donors
    is held back alike, in proportion to ``|rhoX|``, so that with two donors the sum stays.
    ``least`` is the least share over donors.
    """
    forced = within(-rho, 0.0, 1.0)
    return share + forced * (least - share)


def voting(ideal_point: FloatArray, rise: FloatArray, pole: FloatArray, states: BoolArray, p: Voting) -> FloatArray:
    """Return the voting readout on the scale of UN ideal points, session mean removed.

    A state that comes closer to a donor moves towards that donor's point.

    Parameters
    ----------
    ideal_point : (rows,), at the start
    rise : (runs, donors, rows), alignment gained since the start
    pole : (donors, rows), way to the donor's own point, at most 1 either way
    states : (rows,), over whom the mean is taken
    """
    point = ideal_point + p.slope * (rise * pole).sum(axis=1)
    members = np.ascontiguousarray(point[:, states])
    return np.asarray(point - members.mean(axis=1, keepdims=True))
