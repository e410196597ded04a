"""Whole files: written under a name of their own and renamed, so that nobody ever sees half of one."""

import errno
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

PART = ".part"
"""How the name of an unfinished file ends."""
LINKLESS = {errno.EPERM, errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOTSUP, errno.EMLINK, errno.EXDEV}
"""What a file system says that knows no second name of a file."""


@contextmanager
def whole(path: Path, *, durable: bool = False, new: bool = False) -> Iterator[Path]:
    """Give a temporary name to write to, which becomes the path only when all went well.

    Parameters
    ----------
    path : Path
        What it is to be called.
    durable : bool
        Whether to wait until the disk holds it, so that it outlives a power cut.
    new : bool
        Whether to raise ``FileExistsError`` where there is such a file, even one made meanwhile.
    """
    partial = path.with_name(f"{path.name[:48]}.{os.getpid()}-{secrets.token_hex(4)}{PART}")
    try:
        yield partial
        if durable:
            synchronised(partial)
        _name(partial, path) if new else partial.replace(path)
        if durable and os.name == "posix":
            synchronised(path.parent)
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)


def write(path: Path, content: bytes | memoryview, *, durable: bool = False, new: bool = False) -> None:
    """Write a file whole or not at all; see :func:`whole`."""
    with whole(path, durable=durable, new=new) as partial:
        partial.write_bytes(content)


@contextmanager
def together(folder: Path) -> Iterator[Path]:
    """Give a temporary folder, whose files come into the folder one after the other when all went well."""
    partial = Path(mkdtemp(PART, "", folder))
    try:
        yield partial
        for file in sorted(partial.iterdir()):
            file.replace(folder / file.name)
    finally:
        rmtree(partial, ignore_errors=True)


def clear(folder: Path, name: str = "") -> None:
    """Remove what writers that were killed have left in a folder, or of one file; only for who holds a claim on it."""
    ending = re.compile((re.escape(name[:48]) + r"\.\d+-[0-9a-f]{8}" if name else ".*") + re.escape(PART))
    for leftover in folder.iterdir():
        if ending.fullmatch(leftover.name):
            with suppress(OSError):
                rmtree(leftover) if leftover.is_dir() and not leftover.is_symlink() else leftover.unlink()


def synchronised(path: Path) -> None:
    """Wait until the disk holds a file or the names in a folder."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _name(partial: Path, path: Path) -> None:
    """Give a file a name that none has."""
    if os.name != "posix":
        partial.rename(path)
        return
    try:
        os.link(partial, path)
    except OSError as error:
        if error.errno not in LINKLESS:
            raise
        path.open("x").close()
        partial.replace(path)
