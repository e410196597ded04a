"""Whole files: written under a name of their own and renamed, so that nobody ever sees half of one."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PART = ".part"
"""How the name of an unfinished file ends."""


@contextmanager
def whole(path: Path, *, durable: bool = False) -> Iterator[Path]:
    """Give a temporary name to write to, which becomes the path only when all went well.

    Parameters
    ----------
    path : Path
        What it is to be called.
    durable : bool
        Whether to wait until the disk holds it, so that it outlives a power cut.
    """
    partial = path.with_name(f"{path.name[:200]}.{os.getpid()}-{secrets.token_hex(4)}{PART}")
    try:
        yield partial
        if durable:
            synchronised(partial)
        partial.replace(path)
        if durable and os.name == "posix":
            synchronised(path.parent)
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)


def write(path: Path, content: bytes | memoryview, *, durable: bool = False) -> None:
    """Write a file whole or not at all; see :func:`whole`."""
    with whole(path, durable=durable) as partial:
        partial.write_bytes(content)


def synchronised(path: Path) -> None:
    """Wait until the disk holds a file or the names in a folder."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
