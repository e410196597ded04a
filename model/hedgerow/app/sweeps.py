"""Sweeps of a folder: which there are, what they say of themselves, and their report."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hedgerow.runs.folder import MANIFEST, FolderError
from hedgerow.runs.summary import label
from hedgerow.study.store import Store

MOST = 200
"""Sweeps listed, and rows of a table shown."""
DEPTH = 2
"""Folders below the given one that are looked into."""


@dataclass(frozen=True)
class FoundSweep:
    """A sweep that was found: its name in links, its folder and what it says of itself."""

    name: str
    where: Path
    about: Mapping[str, Any]


def find_sweeps(results: Path) -> dict[str, FoundSweep]:
    """Return the sweeps in a folder by name."""
    found: dict[str, FoundSweep] = {}
    for depth in range(DEPTH + 1):
        for path in sorted(results.glob("/".join(["*"] * depth + [MANIFEST]))):
            name = path.parent.relative_to(results).as_posix()
            about = _about(path.parent)
            if about is not None and len(found) < MOST:
                found[name if name != "." else results.name or "results"] = FoundSweep(name, path.parent, about)
    return found


def _about(where: Path) -> dict[str, Any] | None:
    try:
        return Store(where).manifest
    except FolderError:
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
    text = text[0].upper() + text[1:]
    return f"{text} ({unit})" if unit else text


def value_text(value: object) -> str:
    """Return the value of a factor as it is read."""
    return f"{value:.6g}" if isinstance(value, float) else str(value)
