"""The boundary of every command: whatever ends one ends in one sentence on standard error, and a code.

0 all is well; 2 what the user can name, such as a key, a folder or a full disk; 3 what the machine cannot, such as
memory; 128 and the signal's number where one stopped it, a closed pipe among them.
"""

import errno
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import IO

from hedgerow.commands.options import stop
from hedgerow.disk import faults
from hedgerow.disk.plain import message

STOPPED = "stopped; nothing unfinished was kept"
PRINTED = "what was written to a folder is kept"
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
PIPE = 13
"""The signal of a closed pipe, which not every system has."""
_came: list[int] = []
"""The signals that came to this command."""


@contextmanager
def boundary() -> Iterator[None]:
    """Turn what ends a command into one sentence and an exit code."""
    try:
        yield
        sys.stdout.flush()
    except KeyboardInterrupt as told:
        _leave(str(told) or STOPPED, 128 + (_came[0] if _came else signal.SIGINT))
    except BrokenPipeError:
        _silence(sys.stdout)
        sys.exit(128 + PIPE)
    except Exception as error:
        if isinstance(error, faults.UserError):
            machine = error.__cause__ is not None and faults.of_machine(error.__cause__)
            _leave(str(error), 3 if machine else 2)
        if not faults.expected(error):
            raise
        printing = isinstance(error, OSError) and error.filename is None and faults.number(error) in FULL
        words = faults.sentence(error, PRINTED if printing else "")
        _leave("standard output: " * printing + words, 3 if faults.of_machine(error) else 2)


@contextmanager
def plainly() -> Iterator[None]:
    """Let what Typer says of a command's words show them as they are, and do nothing else."""
    try:
        yield
    except Exception as error:
        # Typer's own base of its faults has had several names.
        told = getattr(error, "message", None)
        if isinstance(told, str) and hasattr(error, "show"):
            error.message = message(told)  # type: ignore[attr-defined]
        raise


@contextmanager
def heeding() -> Iterator[None]:
    """Let a signal to end do what Ctrl-C does, where nobody has decided otherwise."""

    def heed(number: int, _: FrameType | None) -> None:
        _came.append(number)
        raise KeyboardInterrupt

    _came.clear()
    known = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    here = threading.current_thread() is threading.main_thread()
    mine = [number for number in known if here and signal.getsignal(number) is signal.SIG_DFL]
    for number in mine:
        signal.signal(number, heed)
    try:
        yield
    finally:
        for number in mine:
            signal.signal(number, signal.SIG_DFL)


def _leave(words: str, code: int) -> None:
    """Say why and end, though standard output or standard error take nothing more."""
    try:
        sys.stdout.flush()
    except (OSError, ValueError):
        _silence(sys.stdout)
    try:
        stop(words, code=code)
    except OSError:
        _silence(sys.stderr)
        sys.exit(code)


def _silence(stream: IO[str]) -> None:
    """Let nothing more be written, nor tried to be at the end."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
