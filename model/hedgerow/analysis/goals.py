"""Which way an outcome is better, seen from one side, and how paths read in words.

That a rise is good or bad is the reader's judgement, not the model's: it is stated with every
result, and another side may be taken. Where an outcome leans is said where it is declared.
"""

from collections.abc import Sequence

from hedgerow.analysis.reading import short
from hedgerow.scenario.own import declared

DIFFERENCE = "alignment_shift_difference"
DEFAULT_SIDE = "USA"
ABOUT = ("donor", "one", "two")
"""Parts of an outcome's name that say which donor it is about; without any, the first."""


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
    found = declared(outcome)
    way, parts = ("", {}) if found is None else (found[0].better, found[1])
    if way == "donor":
        return 1 if side == next((parts[part] for part in ABOUT if part in parts), next(iter(donors))) else -1
    return -1 if way == "less" else 1


def judged(outcome: str) -> bool:
    """Say whether :func:`better` rests on more than that more is more."""
    found = declared(outcome)
    return found is not None and found[0].better != ""


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
