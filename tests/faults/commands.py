"""Commands in processes of their own that start in a blink: forked from one that has loaded everything."""

import json
import os
import resource
import shutil
import signal
import sys
import traceback
from collections.abc import Mapping
from contextlib import chdir
from dataclasses import dataclass
from hashlib import sha256
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path

LOST = (".part", ".lock", "lock.json")
"""How the names end of what is left behind where all is not whole."""


@dataclass(frozen=True)
class Ended:
    """What a command left: its code, and what it said."""

    code: int
    out: str
    err: str
    operations: int


@dataclass(frozen=True)
class Command:
    """A command at work in a folder."""

    process: BaseProcess
    said: Path

    def ended(self) -> Ended:
        """Wait for its end."""
        self.process.join(900)
        assert self.process.exitcode is not None, "did not end"
        out, err = (self.said.with_suffix(s).read_text(errors="replace") for s in (".out", ".err"))
        counted = self.said.with_suffix(".operations")
        return Ended(self.process.exitcode, out, err, int(counted.read_text()) if counted.exists() else 0)


def start(
    *words: str, cwd: Path, limits: Mapping[int, int] = {}, streams: Mapping[str, str] = {}, upset: tuple[int, int] = (0, 0)
) -> Command:
    """Start a command in a folder, under limits of the system, its output to files unless told otherwise.

    ``upset`` is what happens at which operation on the folder: the number of a signal that comes just before it,
    or, negative, of an error that it gives; ``REMOVE`` removes what is in the folder.
    """
    folder = cwd.with_name(f"{cwd.name}-said")
    folder.mkdir(exist_ok=True)
    said = folder / f"{len(list(folder.iterdir()))}-{os.urandom(3).hex()}"
    process = _forks().Process(target=_command, args=(words, str(cwd), str(said), {**limits}, {**streams, "upset": upset}))
    process.start()
    return Command(process, said)


def run(*words: str, cwd: Path, **how: Mapping) -> Ended:
    """Run a command to its end."""
    return start(*words, cwd=cwd, **how).ended()


def content(folder: Path) -> dict[str, str]:
    """Return the digest of every file of a folder by name, folders in it included."""
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    return {str(p.relative_to(folder)): sha256(p.read_bytes()).hexdigest() for p in files}


def left(folder: Path) -> list[str]:
    """Return what is left behind of writers, in a folder and those in it."""
    return [str(p) for p in folder.rglob("*") if p.name.endswith(LOST)]


def plain(said: str) -> bool:
    """Say whether a message is one plain sentence."""
    return said.startswith("hedgerow: ") and said.count("\n") == 1 and "Traceback" not in said


def _forks():
    context = get_context("forkserver")
    context.set_forkserver_preload(["tests.faults.warm"])
    return context


REMOVE = 0
"""What upsets a command by removing all that is in its folder."""
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
CHANGES = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link", "os.truncate"}


def _counted(cwd: str, moment: int, what: int) -> list[int]:
    """Count the operations that change a folder, and upset one of them."""
    count = [0]

    def heed(event: str, args: tuple) -> None:
        writes = event == "open" and isinstance(args[0], str | os.PathLike) and args[2] & WRITING
        if not (writes or event in CHANGES):
            return
        path = args[0] if isinstance(args[0], int) else os.fspath(args[0])
        if isinstance(path, str) and path.startswith("/") and not path.startswith(cwd):
            return
        count[0] += 1
        if count[0] == moment and what < 0:
            raise OSError(-what, os.strerror(-what), str(path))
        if count[0] == moment and what == REMOVE:
            for child in Path(cwd).iterdir():
                shutil.rmtree(child)
        elif count[0] == moment:
            os.kill(os.getpid(), what)

    sys.addaudithook(heed)
    return count


def _command(words, cwd, said, limits, how) -> None:
    """Be the command, as a shell would start it."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)
    for stream, name in ((1, "out"), (2, "err")):
        target = os.open(how.get(name, f"{said}.{name}"), os.O_WRONLY | os.O_CREAT, 0o644)
        Path(f"{said}.{name}").touch()
        os.dup2(target, stream)
        os.close(target)
    sys.stdout, sys.stderr = open(1, "w", closefd=False), open(2, "w", 1, closefd=False)  # noqa: SIM115
    from hedgerow.cli import main

    for limit, most in limits.items():
        resource.setrlimit(limit, (most, resource.getrlimit(limit)[1]))
    code = 0
    with chdir(cwd):
        sys.argv = ["hedgerow", *words]
        count = _counted(cwd, *how["upset"])
        try:
            main()
        except SystemExit as end:
            code = end.code or 0
        except BaseException:
            code = 1
            traceback.print_exc()
    sys.stderr.flush()
    Path(f"{said}.operations").write_text(str(count[0]))
    try:
        sys.stdout.flush()
    except OSError:
        code = 120  # as the interpreter says it
    os._exit(code)


def told(ended: Ended) -> dict:
    """Return what a command with --json printed."""
    return json.loads(ended.out)
