"""Where shipped scenarios and studies are: in a checkout or in an installed package."""

from pathlib import Path

import hedgerow
from hedgerow.data.select import nearest
from hedgerow.scenario.errors import ScenarioError


def shipped(kind: str) -> Path:
    """Return the folder of shipped ``scenarios`` or ``experiments``."""
    package = Path(hedgerow.__file__).parent
    installed = package / "shipped" / kind
    return installed if installed.is_dir() else package.parent.parent / kind


def names() -> list[str]:
    """Return the names of the shipped scenarios."""
    return sorted(path.stem for path in shipped("scenarios").glob("*.toml"))


def find(name: str | Path, beside: Path | None = None) -> Path:
    """Return the file of a scenario given by name or path.

    Parameters
    ----------
    name : str or Path
        A path (with ``.toml`` or a folder in it), or the name of a shipped scenario.
    beside : Path, optional
        Folder of the file that extends it, searched first.

    Raises
    ------
    ScenarioError
        If there is no such file; the message names the nearest shipped scenario.
    """
    word = str(name)
    looks_like_path = word.endswith(".toml") or "/" in word or "\\" in word
    for folder in ([beside] if beside else []) + [Path()]:
        path = folder / word
        if looks_like_path and path.is_file():
            return path
        sibling = folder / f"{word}.toml"
        if not looks_like_path and folder == beside and sibling.is_file():
            return sibling
    inside = shipped("scenarios") / f"{word}.toml"
    if not looks_like_path and inside.is_file():
        return inside
    if Path(word).is_dir():
        raise ScenarioError(word, "", "is a directory, not a scenario file")
    if looks_like_path:
        raise ScenarioError(word, "", "no such file")
    raise ScenarioError(word, "", f"no scenario of that name{nearest(word, names())}")
