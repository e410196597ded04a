"""Sweeps of a folder: which there are, what they say of themselves, and their report.

Each is read by itself: one that is damaged is told with its fault, beside the others.
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from hedgerow.disk.plain import visible
from hedgerow.runs.folder import MANIFEST, FolderError, read_manifest
from hedgerow.runs.manifest import check
from hedgerow.runs.summary import label
from hedgerow.study.store import JOURNAL, PARTS, POINTS

MOST = 200
"""Sweeps listed, and rows of a table shown."""
DEPTH = 2
"""Folders below the given one that are looked into."""
LOOKED_AT = 5_000
"""Most folders looked into."""


@dataclass(frozen=True)
class FoundSweep:
    """A sweep that was found: its name in links, its folder and what it says of itself, or why it cannot be read."""

    name: str
    where: Path
    about: Mapping[str, Any] = field(default_factory=dict)
    fault: str = ""

    @property
    def title(self) -> str:
        """What it is called: its own name, or that of its folder where it cannot be read."""
        return str(self.about.get("name", visible(self.name)))


def find_sweeps(results: Path) -> dict[str, FoundSweep]:
    """Return the sweeps in a folder by name, those that cannot be read included."""
    found: dict[str, FoundSweep] = {}
    for where in islice(_folders(results), LOOKED_AT):
        name = where.relative_to(results).as_posix()
        name = name if name != "." else results.name or "results"
        one = _read(name, where)
        if one is not None:
            found[name] = one
        if len(found) == MOST:
            break
    return found


def _folders(results: Path) -> Iterator[Path]:
    """Yield a folder and those below it, each once however links lead to it, those nearer first."""
    seen: set[tuple[int, int]] = set()
    level = [results]
    for _ in range(DEPTH + 1):
        here, level = level, []
        for folder in here:
            with suppress(OSError, ValueError):
                told = folder.stat()
                if (told.st_dev, told.st_ino) in seen:
                    continue
                seen.add((told.st_dev, told.st_ino))
                yield folder
                level += sorted(path for path in folder.iterdir() if _is_folder(path))


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # such as a link that leads to itself, or a folder that is closed
        return False


def _read(name: str, where: Path) -> FoundSweep | None:
    """Return the sweep of a folder; None where it holds something else."""
    begun = False
    try:
        begun = any((where / part).exists() for part in (PARTS, POINTS, JOURNAL))
        if not begun and not (where / MANIFEST).exists():
            return None
        about = read_manifest(where)
        if about.get("kind") == "sweep" or begun:
            check(about, where, allow_mixed=True)
            return FoundSweep(name, where, about)
    except (FolderError, OSError) as error:
        return FoundSweep(name, where, fault=str(error)) if begun else None
    return None


def brief(where: str) -> str:
    """Return the report of a sweep as HTML; in a process of the pool."""
    from hedgerow.report.brief import html
    from hedgerow.report.brief import subject as subjects

    return html.render(subjects.page(subjects.Wish(where)))


def donor_names(manifest: Mapping[str, Any]) -> dict[str, str]:
    """Return donor names by code."""
    first = next(iter(manifest["resolved"].values()))
    return {code: str(donor["name"]) for code, donor in first["donors"].items()}


def outcome_name(name: str, donors: dict[str, str]) -> str:
    """Return what an outcome is called, with its unit."""
    text, unit = label(name, donors)
    text = text.removeprefix("... ")
    text = text[:1].upper() + text[1:]
    return f"{text} ({unit})" if unit else text


def level(value: object) -> Any:
    """Return the value of a factor as something that can be grouped by: a list as a tuple."""
    return tuple(level(one) for one in value) if isinstance(value, list | tuple | np.ndarray) else value


def value_text(value: object) -> str:
    """Return the value of a factor as it is read."""
    if isinstance(value, tuple):
        return ", ".join(value_text(one) for one in value)
    return f"{value:.6g}" if isinstance(value, float) else str(value)
