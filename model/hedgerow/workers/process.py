"""The life of a process of a pool, from its greeting to its end."""

import faulthandler
import os
import pickle
import signal
import threading
import traceback
from contextlib import suppress
from functools import cache
from multiprocessing import parent_process
from multiprocessing.connection import Connection
from pathlib import Path

from hedgerow.runs.identity import code_version

_limit: float | None = None
"""Seconds that what this process is doing may take."""


class CallError(Exception):
    """A call that left no answer; the message says why, such as the error it raised."""


def serve(pipe: Connection) -> None:
    """Do one call after another for as long as the parent lives.

    Parameters
    ----------
    pipe : multiprocessing.connection.Connection
        Told the version of the code at first. Then gives a time limit and a pickled call at a
        time, and takes its pickled value and error.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _be_first_to_go()
    threading.Thread(target=_end_with_parent, daemon=True).start()
    with suppress(EOFError, OSError):
        pipe.send(code_version())
        while True:
            pipe.send_bytes(_answer(*pipe.recv()))


def restart_clock() -> None:
    """Give what comes next the whole time limit anew; for calls of many steps."""
    if _limit is not None:
        # A thread of C ends the process, so that one stuck in compiled code cannot hold it up.
        faulthandler.dump_traceback_later(_limit, exit=True, file=_nowhere())


def _answer(limit: float | None, call: bytes) -> bytes:
    global _limit  # noqa: PLW0603
    try:
        do = pickle.loads(call)
        _limit = limit
        restart_clock()
        return pickle.dumps((do(), None))
    except Exception as error:
        told = CallError(f"{type(error).__name__}: {error}")
        told.add_note(traceback.format_exc())
        return pickle.dumps((None, told))
    finally:
        faulthandler.cancel_dump_traceback_later()


@cache
def _nowhere() -> int:
    return os.open(os.devnull, os.O_WRONLY)


def _be_first_to_go() -> None:
    """Have the kernel end this process, and not its parent, where the memory of the machine runs out."""
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("500")


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
