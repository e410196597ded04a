"""The life of a process that a sweep has started on this machine, from its greeting to its end."""

import os
import signal
import threading
from contextlib import suppress
from multiprocessing import parent_process
from multiprocessing.connection import Connection

from hedgerow.core.month import Rules
from hedgerow.runs.identity import code_version
from hedgerow.study.work import Answer, Task, work


def serve(pipe: Connection) -> None:
    """Do one task after another for as long as the parent lives.

    Parameters
    ----------
    pipe : multiprocessing.connection.Connection
        Told the version of the code at first, then gives tasks and takes answers, or the error
        of a task that left none.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    with suppress(EOFError, OSError):
        pipe.send(code_version())
        first = pipe.recv()
        _warm(first)
        pipe.send(_answer(first))
        while True:
            pipe.send(_answer(pipe.recv()))


def _warm(task: Task) -> None:
    """Load all that a first batch needs, which the time limit of a batch must not count.

    Without the user's rules, which might never end; what else goes wrong does so again in time.
    """
    with suppress(Exception):
        batch = task.ensembles()[0].batch(rules=Rules())
        batch.step()
        batch.outcomes()


def _answer(task: Task) -> Answer | str:
    try:
        return work(task, guarded=True)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
