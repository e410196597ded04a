"""What an input may come to: a valid run, or a refusal in one clear message. All else is a finding."""

import hashlib
import os
import traceback
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISREG

import numpy as np

from hedgerow.app.jobs import Busy, Refused
from hedgerow.app.lab.whatif import LinkError
from hedgerow.runs.folder import FolderError
from hedgerow.scenario.errors import ScenarioError
from hedgerow.seminar.seats import NotAllowed

REFUSALS = (ScenarioError, FolderError, NotAllowed, LinkError, Refused, Busy)
"""What tells a user what is wrong; the message is all they see."""
LONGEST = 2_000
"""Letters that one message may have."""
HIDDEN = {"Cc", "Cs", "Zl", "Zp"}
TURNING = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that move or hide what a terminal or a log shows: controls, halves of letters, and turns of direction."""
PACKAGE = f"{os.sep}hedgerow{os.sep}"


class Wrong(AssertionError):  # noqa: N818
    """What a reader gave, though it may not; the message says what."""


@dataclass(frozen=True)
class Verdict:
    """What a case came to.

    Attributes
    ----------
    word : str
        ``valid``, ``refused`` or ``finding``.
    told : str
        The refusal's message, or what was found.
    group : tuple of str
        Of a finding, what went wrong and where; findings of one group are taken for one fault.
    trace : str
        Of a finding, the last frames.
    """

    word: str
    told: str = ""
    group: tuple[str, str] = ("", "")
    trace: str = ""


def judged(read: Callable[[], object], where: Path | None) -> Verdict:
    """Read an input and say what it came to.

    Parameters
    ----------
    read : callable
        Reads it.
    where : Path or None
        The folder that reading must leave as it was.
    """
    before = None if where is None else _state(where)
    try:
        verdict = _outcome(read)
        if where is not None and _state(where) != before:
            raise Wrong("reading changed what was read")
    except BaseException as error:
        return found(error)
    return verdict


def _outcome(read: Callable[[], object]) -> Verdict:
    try:
        read()
    except REFUSALS as error:
        clear(str(error))
        if isinstance(error, ScenarioError) and not (error.source or error.key):
            raise Wrong("a refusal that names neither file nor key") from error
        return Verdict("refused", str(error))
    return Verdict("valid")


def clear(message: str, *, lines: int = 1, longest: int = LONGEST) -> None:
    """Make sure that a message is one line of words that can be shown anywhere."""
    if not message.strip():
        raise Wrong("a refusal without words")
    if len(message) > longest:
        raise Wrong(f"a message that is too long: {len(message):,} letters, {message[:200]}")
    shown = message if lines == 1 else message.replace("\n", " ")
    if hidden := {c for c in shown if unicodedata.category(c) in HIDDEN or c in TURNING}:
        raise Wrong(f"a message with characters that are not to be shown: {min(hidden)!a}")


def finite(outcomes: dict[str, np.ndarray]) -> None:
    """Make sure that a run gave numbers."""
    for name, values in outcomes.items():
        if not np.isfinite(np.asarray(values, dtype=np.float64)).all():
            raise Wrong(f"a run that gave no finite number for {name}")


def found(error: BaseException) -> Verdict:
    """Return the finding that an exception is."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [f for f in frames if PACKAGE in f.filename and "/tests/" not in f.filename]
    last = own[-1] if own else frames[-1]
    name = last.filename.rpartition(PACKAGE)[2] if own else Path(last.filename).name
    kind = type(error).__name__
    place = f"{name}:{last.lineno}"
    if isinstance(error, Wrong):  # a judgement is grouped by what it says, and by what was said
        cause = error.__context__
        place = str(error).partition(":")[0][:90] + (f", {found(cause).group[1]}" if cause is not None else "")
    told = str(error).encode("utf-8", "backslashreplace").decode()
    trace = "".join(traceback.format_list(frames[-6:])).encode("utf-8", "backslashreplace").decode()
    return Verdict("finding", f"{kind}: {told[:300]}", (kind, place), trace)


def killed(why: str, trace: str) -> Verdict:
    """Return the finding that a case is whose process had to be ended, or ended."""
    lines = [line for line in trace.splitlines() if PACKAGE in line and "/tests/" not in line]
    frame = lines[0].strip().partition(PACKAGE)[2].replace('", line ', ":").partition(" in ") if lines else ("?", "", "")
    return Verdict("finding", why, (why.partition(":")[0], frame[0]), trace[-3000:])


def _state(where: Path) -> dict[str, tuple[int, str]]:
    """Return what a folder holds, links not followed."""
    found: dict[str, tuple[int, str]] = {}
    for path in sorted(where.rglob("*")):
        about = path.lstat()
        content = hashlib.sha256(path.read_bytes()).hexdigest() if S_ISREG(about.st_mode) and about.st_mode & 0o400 else ""
        found[str(path)] = about.st_mode, content
    return found
