"""A cache: what is kept to save work, and never believed.

It lies in ``$XDG_CACHE_HOME/hedgerow`` or ``~/.cache/hedgerow``, in a folder named by a digest of all that its
content depends on. What others could have written (:mod:`~hedgerow.disk.trust`) or what is not whole, by the
checksum in each file, is as if it had never been kept; where nothing can be kept, nothing is. So a cache costs
work at worst: nothing here raises, and the first trouble is told in one line on standard error.
"""

import os
import re
import shutil
import stat
import sys
from contextlib import suppress
from functools import cached_property
from hashlib import sha256
from multiprocessing import parent_process
from pathlib import Path

from hedgerow.disk import trust
from hedgerow.disk.whole import whole

MONTH_SECONDS = 30 * 86_400
ENDING = ".kept"
CHECKSUM = sha256().digest_size
DIGITS = 16
"""How much of a digest names a cache."""
NAME = re.compile(f"[0-9a-f]{{{DIGITS}}}")


class Cache:
    """Content under names, kept from one process to the next.

    Parameters
    ----------
    digest : str
        Of all that the content depends on, in hexadecimal digits.
    what : str
        What is kept, for the line that tells of trouble: "compiled rules".
    instead : str
        What is done where it is not there: "compiled afresh".
    """

    def __init__(self, digest: str, what: str, instead: str) -> None:
        self._name, self._what, self._instead = digest[:DIGITS], what, instead
        self._told = False

    @cached_property
    def folder(self) -> Path | None:
        """Where content is kept; none where none can be, which has then been told."""
        try:
            folder = _base() / self._name
            with suppress(FileNotFoundError):
                folder.lstat()  # one that can never be is not begun
            for step in trust.steps(folder):
                if not os.path.lexists(step):
                    step.mkdir(mode=0o700, exist_ok=True)
                trust.check(step, own=step in (folder, folder.parent))
        except (OSError, RuntimeError) as error:
            if parent_process() is None:  # the parent of a pool of processes has told
                self._tell(error)
            return None
        with suppress(OSError):
            os.utime(folder)
            _forget(folder)
        return folder

    def empty(self) -> bool:
        """Say whether content can be kept, and none is yet."""
        return self.folder is not None and not any(self.folder.glob(f"*{ENDING}"))

    def load(self, name: str) -> bytes | None:
        """Return the content under a name, as it was kept; none if there is none or it is not to be believed."""
        if self.folder is None:
            return None
        try:
            found = trust.read(self.folder / f"{name}{ENDING}")
        except FileNotFoundError:
            return None
        except OSError as error:
            self._tell(error)
            return None
        checksum, content = found[:CHECKSUM], found[CHECKSUM:]
        if sha256(content).digest() == checksum:
            return content
        self.damaged(name)
        return None

    def save(self, name: str, content: bytes) -> None:
        """Keep content under a name if it can be kept."""
        if self.folder is None:
            return
        try:
            with whole(self.folder / f"{name}{ENDING}") as partial:
                handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
                with os.fdopen(handle, "wb") as file:
                    file.write(sha256(content).digest() + content)
        except OSError as error:
            self._tell(error)

    def damaged(self, name: str) -> None:
        """Tell that what is kept under a name cannot be used."""
        self._tell(trust.UntrustedError(f"{self.folder}/{name}{ENDING} is damaged"))

    def _tell(self, error: Exception) -> None:
        if self._told or sys.stderr is None:
            return
        self._told = True
        words = str(error)
        if isinstance(error, OSError) and error.strerror:
            words = f"{error.strerror}: {error.filename}"
        with suppress(OSError, ValueError):
            print(f"hedgerow: {self._what}: {words}; {self._instead}", file=sys.stderr)


def _base() -> Path:
    """Return the folder of all caches; a relative one counts for nothing, as the XDG specification has it."""
    home = Path(os.environ.get("XDG_CACHE_HOME", ""))
    if not home.is_absolute():
        home = Path("~/.cache").expanduser()
    if not home.is_absolute():
        raise RuntimeError("no home folder")
    return home / "hedgerow"


def _forget(folder: Path) -> None:
    """Remove the user's own caches beside one that nobody has used for a month."""
    long_ago = folder.stat().st_mtime - MONTH_SECONDS
    for other in folder.parent.iterdir():
        with suppress(OSError):
            found = other.lstat()
            if found.st_mtime < long_ago and stat.S_ISDIR(found.st_mode) and NAME.fullmatch(other.name):
                shutil.rmtree(other, ignore_errors=True)
