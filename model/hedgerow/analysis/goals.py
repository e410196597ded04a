"""Which way an outcome is better, seen from one side, and how paths read in words.

That a rise is good or bad is the reader's judgement, not the model's: it is stated with every
result, and another side may be taken.
"""

from collections.abc import Sequence

from hedgerow.analysis.reading import short

GOOD = ("capability_change",)
BAD = (
    "abuses",
    "crime_change",
    "policing_model_change",
    "entanglement_change",
    "flagged_units",
    "welfare_loss",
    "officers_denied",
    "spent_usd",
    "exposures",
    "pushbacks",
    "cut_offs",
)
ONE_SIDED = ("alignment", "share_leaning", "statements", "active_agreements", "lock_in")
DIFFERENCE = "alignment_shift_difference"
DEFAULT_SIDE = "USA"


def side_of(donors: Sequence[str]) -> str:
    """Return the donor that results are read from by default: the United States, else the last."""
    return DEFAULT_SIDE if DEFAULT_SIDE in donors else list(donors)[-1]


def better(outcome: str, side: str, donors: Sequence[str] = ("CHN", "USA")) -> int:
    """Return 1 if more of an outcome is better for a side, -1 if less is.

    Parameters
    ----------
    outcome : str
        Column of the outcomes table.
    side : str
        Code of the donor whose gains count as gains.
    donors : sequence of str
        Codes in the scenario's order; a difference is the first less the second.

    Examples
    --------
    >>> better("alignment_shift_USA", "USA"), better("alignment_shift_USA", "CHN")
    (1, -1)
    >>> better("alignment_shift_difference", "USA")
    -1
    >>> better("abuses", "USA")
    -1
    """
    if outcome.startswith(DIFFERENCE):
        return 1 if side == next(iter(donors)) else -1
    if outcome.startswith(BAD):
        return -1
    if outcome.startswith(ONE_SIDED):
        return 1 if side in outcome.split("_") else -1
    return 1


def judged(outcome: str) -> bool:
    """Say whether :func:`better` rests on more than that more is more."""
    return outcome.startswith((*BAD, *GOOD, *ONE_SIDED))


def goals(side: str) -> dict[str, str]:
    """Return what is weighed against what: cost, alignment, rights and capability."""
    return {
        "cost": f"spent_usd_{side}",
        "alignment": f"alignment_shift_{side}",
        "rights": "abuses",
        "capability": "capability_change",
    }


def words(path: str) -> str:
    """Return a factor's path in words.

    Examples
    --------
    >>> words("parameters.acceptance.gap")
    'acceptance gap'
    """
    return short(path)
