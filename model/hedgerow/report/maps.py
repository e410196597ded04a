"""What the maps of a run, a comparison and a brief say alike: who is grey, and what the ends mean."""

from collections.abc import Iterable, Mapping
from typing import Any

from hedgerow.data.start import names
from hedgerow.wording.verdicts import pair


def greyed(donors: Mapping[str, str], counterparts: Iterable[str]) -> dict[str, str]:
    """Return the label of each state that a map shows without a value: donors, and those only met."""
    called, grey = names(), {code: f"{donor} (donor)" for code, donor in donors.items()}
    met = [c for c in counterparts if c not in grey and len(c) == 3]
    return grey | {code: f"{called[code]} (met, not counted)" for code in met}


def ends(donors: Mapping[str, str], verb: str) -> dict[str, Any]:
    """Return the words at the ends of a scale between the first two donors."""
    one, two = pair(donors)
    return {"legend_low": f"{verb} {two}", "legend_high": f"{verb} {one}"}


def change_scale(donors: Mapping[str, str]) -> dict[str, Any]:
    """Return the ends of a scale of changes between the first two donors, and its name."""
    one, two = list(donors.values())[:2]
    return {**ends(donors, "Towards"), "scale": f"Change in alignment, {one} minus {two} (−1 to 1)"}


def change_map(donors: Mapping[str, str], counterparts: Iterable[str]) -> dict[str, Any]:
    """Return what a map of changes says besides its title."""
    return {**change_scale(donors), "grey": greyed(donors, counterparts)}
