"""Claims: what one process makes, all others keep off until it is whole.

A claim is a small file: ``lock.json`` in a folder, ``NAME.lock`` beside a file. Whoever holds it has it
locked by the system, which lets go when the process ends, however it ends. What the file says tells others
who is at work, and later who left something unfinished; it goes when all is whole.

Where a file system has no locks (some of NFS and Lustre; Windows) the file itself is the claim: made
exclusively, and taken over once its process is known to be gone.
"""

import errno
import json
import os
import platform
import shlex
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import asdict, dataclass
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

LOCK, BESIDE = "lock.json", ".lock"
"""The claim of a folder, in it, and how the claim of a file ends, beside it."""
PATIENCE = 0.5
"""Seconds to wait for a lock, which a look at who holds it takes for a moment."""
LONGEST = 65_536
LOOKING = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
"""How a claim is looked at; a pipe in its place would else wait for whoever writes to it."""
LACKING = {errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOTSUP, errno.EINVAL}
"""What a file system says that has no locks."""
COMMAND: ContextVar[tuple[str, ...]] = ContextVar("COMMAND", default=())
"""The words after ``hedgerow`` of the command at work; none in a Python session."""


class TakenError(Exception):
    """What another process is making; the message says which."""


class _LocklessError(Exception):
    """A file system without locks."""


@dataclass(frozen=True)
class Holder:
    """Who makes something, as its claim says.

    Attributes
    ----------
    process, host : int, str
    words : tuple of str
        The command after ``hedgerow``; none in a Python session.
    identity : str
        Hash of what is made.
    runs : int
        Runs being done, where that is told.
    """

    process: int = 0
    host: str = ""
    words: tuple[str, ...] = ()
    identity: str = ""
    runs: int = 0

    @property
    def command(self) -> str:
        """The command, quoted for a shell, for whoever reads it may paste it; blank where there is none."""
        text = shlex.join(("hedgerow", *self.words)) if self.words else ""
        return "".join(c if c.isprintable() else "?" for c in text)

    def __str__(self) -> str:
        """Return who it is, in words."""
        elsewhere = f" of {self.host}" if self.host.isprintable() and self.host != platform.node() else ""
        return f"process {self.process}{elsewhere} ({self.command or 'in Python'})"

    @property
    def gone(self) -> bool:
        """Whether its process is known to have ended."""
        if os.name != "posix" or self.host != platform.node() or self.process < 1:
            return False
        try:
            os.kill(self.process, 0)
        except ProcessLookupError:
            return True
        except (PermissionError, OverflowError):
            return False
        return False


class Claim:
    """A claim that this process holds; see :func:`held`.

    Attributes
    ----------
    before : Holder or None
        Who held it last and did not let go, so that what it made is unfinished.
    kept : bool
        Whether the file is to stay, as a mark of what is unfinished.
    """

    def __init__(self, path: Path, handle: int, *, locked: bool) -> None:
        self._path, self._handle, self._locked = path, handle, locked
        self.before, self.kept = _read(handle), False

    def tell(self, identity: str = "", runs: int = 0) -> None:
        """Tell others what is being made; until then the file says what it said before."""
        told = Holder(os.getpid(), platform.node(), COMMAND.get(), identity, runs)
        content = json.dumps(asdict(told)).encode()
        os.lseek(self._handle, 0, os.SEEK_SET)
        os.ftruncate(self._handle, 0)
        while content:
            content = content[os.write(self._handle, content) :]
        self.before = None

    def release(self) -> None:
        """Let go; the file goes too, unless it is kept or still says what another left unfinished."""
        remove = not self.kept and self.before is None and _is(self._handle, self._path)
        if self._locked and remove:
            _unlink(self._path)
        os.close(self._handle)
        if remove and not self._locked:
            _unlink(self._path)


@contextmanager
def held(path: Path) -> Iterator[Claim]:
    """Hold a claim, and make the folders it lies in; those go again if nothing has come into them.

    Raises
    ------
    TakenError
        If another holds it.
    OSError
        If the file cannot be made.
    """
    made = [p for p in (path.parent, *path.parent.parents) if not p.exists()]
    try:
        claim = _taken(path)
        try:
            yield claim
        finally:
            claim.release()
    finally:
        with suppress(OSError):
            for folder in made:
                folder.rmdir()


def at_work(path: Path) -> Holder | None:
    """Return who holds a claim, None where nobody does."""
    try:
        handle = os.open(path, LOOKING)
    except OSError:
        return None
    try:
        found = _read(handle)
        try:
            free = _lock(handle, shared=True)
        except _LocklessError:
            free = found is None or found.gone
        return None if free else found or Holder()
    finally:
        os.close(handle)


def left(path: Path) -> Holder | None:
    """Return whom a claim names, at work or not."""
    try:
        handle = os.open(path, LOOKING)
    except OSError:
        return None
    try:
        return _read(handle)
    finally:
        os.close(handle)


def _taken(path: Path) -> Claim:
    until = time.monotonic() + PATIENCE
    while True:
        late = time.monotonic() > until
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            claim = _tried(path, late=late)
            if claim is not None:
                return claim
        except (FileNotFoundError, FileExistsError) as error:  # Its last holder has just removed it, or its folder.
            if late or (isinstance(error, FileExistsError) and path.parent.exists()):
                raise
        if late:
            raise TakenError(f"{left(path) or 'another process'} is at work there")
        time.sleep(0.02)


def _tried(path: Path, *, late: bool) -> Claim | None:
    """Return the claim, or None where it may be free in a moment."""
    flags = os.O_RDWR | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    try:
        handle, new = os.open(path, flags | os.O_CREAT | os.O_EXCL, 0o666), True
    except FileExistsError:
        handle, new = os.open(path, flags), False
    try:
        locked = True
        try:
            mine = _lock(handle)
        except _LocklessError:
            locked, mine = False, new or _abandoned(handle, late=late)
        if mine and _is(handle, path):
            claim, handle = Claim(path, handle, locked=locked), -1
            return claim
        if not mine and (found := _read(handle)) and _certain(found):
            raise TakenError(f"{found} is at work there")
    except KeyboardInterrupt:
        if new:
            _unlink(path)
        raise
    finally:
        if handle >= 0:
            os.close(handle)
    return None


def _certain(found: Holder) -> bool:
    """Say whether who is named is at work on this machine, so that there is nothing to wait for."""
    return found.host == platform.node() and os.name == "posix" and not found.gone


def _abandoned(handle: int, *, late: bool) -> bool:
    """Say whether a claim without lock is nobody's; whoever makes one fills it at once."""
    found = _read(handle)
    return late if found is None else found.gone


def _lock(handle: int, *, shared: bool = False) -> bool:
    """Lock an open file, and say whether that went well."""
    if fcntl is None:
        raise _LocklessError
    try:
        fcntl.flock(handle, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    except OSError as error:
        if error.errno in LACKING:
            raise _LocklessError from None
        raise
    return True


def _is(handle: int, path: Path) -> bool:
    """Say whether a path still names an open file."""
    with suppress(OSError):
        return os.path.samestat(os.fstat(handle), path.lstat())
    return False


def _read(handle: int) -> Holder | None:
    """Return what a claim says; None where that is nothing, or nothing that makes sense."""
    with suppress(OSError, ValueError, RecursionError):
        os.lseek(handle, 0, os.SEEK_SET)
        told = json.loads(os.read(handle, LONGEST))
        if isinstance(told, dict) and all(isinstance(told.get(k, ""), str) for k in ("host", "identity")):
            words, numbers = told.get("words", ()), [told.get(k, 0) for k in ("process", "runs")]
            if all(type(n) is int and 0 <= n < sys.maxsize for n in numbers) and isinstance(words, list | tuple):
                process, runs = numbers
                shown = tuple(w for w in words if isinstance(w, str))
                return Holder(process, told.get("host", ""), shown, told.get("identity", ""), runs)
    return None


def _unlink(path: Path) -> None:
    with suppress(OSError):
        path.unlink()
