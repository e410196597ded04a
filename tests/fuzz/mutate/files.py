"""A file or folder gone, or a link, a pipe, a folder or a device in its place."""

import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.fuzz.chance import Chance


def spoil(path: Path, chance: Chance) -> None:
    """Put something else where a file or folder is."""
    chance.one(FAULTS)(path)


def remove(path: Path) -> None:
    """Take a file, link or folder away."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _link(to: str) -> Callable[[Path], None]:
    def link(path: Path) -> None:
        remove(path)
        path.symlink_to(to)

    return link


def _own_link(path: Path) -> None:
    """Let it be a link to itself, from where it went."""
    away = path.with_name(f"{path.name}.away")
    path.rename(away)
    path.symlink_to(away.name)


def _pipe(path: Path) -> None:
    remove(path)
    os.mkfifo(path)


def _folder(path: Path) -> None:
    remove(path)
    path.mkdir()


def _file(path: Path) -> None:
    remove(path)
    path.write_bytes(b"")


def _closed(path: Path) -> None:
    path.chmod(0)


def _part(path: Path) -> None:
    path.rename(path.with_name(f"{path.name}.part"))


def _beside(path: Path) -> None:
    path.with_name(f"{path.name}.part").write_bytes(b"half")


def _upper(path: Path) -> None:
    path.rename(path.with_name(path.name.upper() + "x"))


FAULTS: Sequence[Callable[[Path], None]] = (
    remove,
    _link("nowhere"),
    _link("/dev/zero"),
    _link("/dev/null"),
    _link("/dev/full"),
    _link("/proc/self/mem"),
    _link("/proc"),
    _link("."),
    _link(".."),
    lambda path: _link(path.name)(path),
    _own_link,
    _pipe,
    _folder,
    _file,
    _closed,
    _part,
    _beside,
    _upper,
)
