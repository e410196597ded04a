"""Trust: a file is believed only where nobody but its user and root could have written it.

Whoever may write to a folder may put another file in it, and whoever may write to the folder above may put
another folder in its place; so :func:`check` is asked about every part of a path, from the root down. What
passed stays as it was, but for the user and root. Where the operating system knows no owners (Windows), it
guards the user's profile itself, and nothing is refused.
"""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

OTHERS = stat.S_IWGRP | stat.S_IWOTH
UNFOLLOWED = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


class UntrustedError(OSError):
    """A file or folder that somebody else could have written; the message says which and why."""


def steps(path: Path) -> Iterator[Path]:
    """Yield the folders that lead to a path, from the root, then the path."""
    yield from reversed(path.parents)
    yield path


def check(folder: Path, *, own: bool = False) -> None:
    """Refuse a folder whose place or content others could have changed.

    Parameters
    ----------
    folder : Path
        One whose parents were checked before.
    own : bool
        Whether what it holds is to be believed. Others, it may be a link of the user's, and others may write to
        it if they cannot rename what is there, as in ``/tmp``.

    Raises
    ------
    UntrustedError
        It could be another's work.
    """
    found = folder.lstat()
    _owned(folder, found)
    if stat.S_ISLNK(found.st_mode) and not own:
        folder.stat()  # a circle of links ends here
        for step in steps(folder.parent / folder.readlink()):
            check(step)
    elif not stat.S_ISDIR(found.st_mode):
        raise UntrustedError(f"{folder} is not a folder")
    elif own or not found.st_mode & stat.S_ISVTX:
        _closed(folder, found)


def read(path: Path) -> bytes:
    """Return what a file holds that nobody else could have written, in a folder that was checked.

    Raises
    ------
    UntrustedError
        It could be another's work, or is no file.
    """
    with os.fdopen(os.open(path, UNFOLLOWED), "rb") as file:
        found = os.fstat(file.fileno())
        if not stat.S_ISREG(found.st_mode):
            raise UntrustedError(f"{path} is not a file")
        _owned(path, found)
        _closed(path, found)
        return file.read()


def _owned(path: Path, found: os.stat_result) -> None:
    if os.name == "posix" and found.st_uid not in (0, os.geteuid()):
        raise UntrustedError(f"{path} belongs to another user ({found.st_uid})")


def _closed(path: Path, found: os.stat_result) -> None:
    if os.name == "posix" and found.st_mode & OTHERS:
        mode = stat.S_IMODE(found.st_mode)
        raise UntrustedError(f"{path} may be written to by others (mode {mode:o}; `chmod go-w` mends it)")
