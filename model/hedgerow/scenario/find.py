"""Where shipped scenarios and studies are: in a checkout or in an installed package."""

from contextlib import suppress
from pathlib import Path

from hedgerow.disk.plain import UnfitError, checked, visible
from hedgerow.scenario.errors import ScenarioError
from hedgerow.scenario.suggest import near_only, suggestion


def shipped(kind: str) -> Path:
    """Return the folder of shipped ``scenarios`` or ``experiments``."""
    package = Path(__file__).parents[1]
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
    if not word.strip():
        raise ScenarioError("scenario", "", "needs the name of a shipped scenario or a path")
    try:
        checked(word)
    except UnfitError as error:
        raise ScenarioError(visible(word), "", f"its name {error.fault}") from None
    looks_like_path = word.endswith(".toml") or "/" in word or "\\" in word
    for folder in ([beside] if beside else []) + [Path()]:
        path = folder / word
        if looks_like_path and _is_file(path):
            return path
        sibling = folder / f"{word}.toml"
        if not looks_like_path and folder == beside and _is_file(sibling):
            return sibling
    inside = shipped("scenarios") / f"{word}.toml"
    if not looks_like_path and _is_file(inside):
        return inside
    raise ScenarioError(word, "", _missing(word, looks_like_path))


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # such as a name too long for the file system
        return False


def _missing(word: str, looks_like_path: bool) -> str:
    """Say why nothing was found, and what is nearest."""
    with suppress(OSError):
        if Path(word).is_dir():
            return "is a directory, not a scenario file"
    if looks_like_path:
        return f"no such file{near_only(Path(word).stem, names())}"
    return f"no scenario of that name{suggestion(word, names())}"
