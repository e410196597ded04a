"""How much room the results of a design take, and whether a disk has it."""

import shutil
from pathlib import Path

from hedgerow.scenario.errors import ScenarioError
from hedgerow.study.store import PARTS

MOST = 2**31
"""Points that a column of point numbers can tell apart."""


def fits(points: int, replications: int, factors: int, outcomes: int, *, source: str | Path, out: str | Path) -> None:
    """Raise where a folder's disk cannot hold a design, or its points cannot be numbered.

    Parameters
    ----------
    points, replications, factors, outcomes : int
        How many of each the design has.
    source : str or Path
        Its study file.
    out : str or Path
        Where its results will go; what they hold already needs no room.
    """
    runs = points * replications
    needed = 8 * (runs * (outcomes + 2) + points * (factors + 1))
    whole = Path(out).absolute()
    there = next(p for p in (whole, *whole.parents) if p.exists())
    held = sum(p.lstat().st_size for p in (whole / PARTS).glob("*.parquet"))
    free = shutil.disk_usage(there).free
    if needed > free + held or points >= MOST:
        words = (
            f"{points:,} points and {runs:,} runs need about {_size(needed)}, and {there} has "
            f"{_size(free)} free; take fewer points, replications or outcomes"
        )
        raise ScenarioError(source, "design", words)


def _size(octets: float) -> str:
    return f"{octets / 1e9:,.1f} GB" if octets >= 1e8 else f"{octets / 1e6:,.1f} MB"
