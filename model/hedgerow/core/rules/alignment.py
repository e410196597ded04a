"""How alignment with each donor moves: two numbers a state, no fixed sum (M07, M16; A038)."""

from collections.abc import Mapping, Sequence

import numpy as np

from hedgerow.core.numbers import BoolArray, FloatArray, Value
from hedgerow.core.parameters import Alignment, Voting
from hedgerow.core.rules.common import total


def change_terms(
    now: FloatArray, *, usual: FloatArray, help_: FloatArray, first_help: FloatArray,
    response: Value, met: FloatArray, neighbours: FloatArray, loss: FloatArray,
    noise: FloatArray, p: Alignment,
) -> dict[str, FloatArray]:  # fmt: skip
    """Return the terms of one donor's alignment change, ``(runs, rows)`` each.

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
    return {
        "help": response * (gained - held) * room,
        "meetings": p.meeting * met * room,
        "usual stance": p.reversion * (usual - now),
        "neighbours": p.neighbours * neighbours,
        "exposure, cut-off and backlash": -loss,
        "chance": p.noise * noise,
    }


def with_rivalry(
    terms: Sequence[dict[str, FloatArray]], rivals: BoolArray, rho: Value
) -> list[dict[str, FloatArray]]:
    """Add to each donor's terms what its rivals' change costs or brings it, ``rhoX da_rival``."""
    own = [total(t) for t in terms]
    result = []
    for d, term in enumerate(terms):
        across = sum((own[r] for r in np.flatnonzero(rivals[d])), np.zeros_like(own[d]))
        result.append(term | {"rivals": rho * across})
    return result


def with_bounds(
    now: Sequence[FloatArray], terms: Sequence[Mapping[str, FloatArray]], rho: Value
) -> list[dict[str, FloatArray]]:
    """Add to each donor's terms what keeps alignment within 0 and 1.

    Under forced choice what one donor cannot gain the other cannot lose: the change of all donors
    is held back alike, in proportion to ``|rhoX|``, so that with two donors the sum stays.
    """
    change = [total(t) for t in terms]
    allowed = [np.clip(a + c, 0.0, 1.0) - a for a, c in zip(now, change, strict=True)]
    if np.any(np.asarray(rho) < 0):
        allowed = _held_alike(change, allowed, rho)
    held = zip(terms, allowed, change, strict=True)
    return [{**term, "bounds": kept - step} for term, kept, step in held]


def _held_alike(
    change: Sequence[FloatArray], allowed: Sequence[FloatArray], rho: Value
) -> list[FloatArray]:
    shares = [a / np.where(c == 0, 1.0, c) + (c == 0) for a, c in zip(allowed, change, strict=True)]
    least = np.minimum.reduce(shares)
    forced = np.clip(-np.asarray(rho), 0.0, 1.0)
    pairs = zip(change, shares, strict=True)
    held = [step * (share + forced * (least - share)) for step, share in pairs]
    return [np.where(forced > 0, h, a) for h, a in zip(held, allowed, strict=True)]


def voting(
    ideal_point: FloatArray, rise: FloatArray, pole: FloatArray, states: BoolArray, p: Voting
) -> FloatArray:
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
