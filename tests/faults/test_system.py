"""Whatever the operating system refuses ends a command in one sentence and code 2 or 3, and nothing by halves."""

import os
import resource
import select
import sys
from dataclasses import dataclass, field

import pytest

from tests.faults import commands

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform != "linux", reason="forks, and sets limits")]
SMALL = ("--runs", "2", "--months", "2", "--fixed")
RUN, LONG = ("run", "baseline-2022-25", *SMALL, "--out", "o"), "x" * 300
FILES, SIZE, MEMORY = resource.RLIMIT_NOFILE, resource.RLIMIT_FSIZE, resource.RLIMIT_AS


@dataclass(frozen=True)
class Fault:
    """A command, what it meets, and how it ends."""

    words: tuple[str, ...]
    says: str
    code: int = 2
    limits: dict[int, int] = field(default_factory=dict)
    streams: dict[str, str] = field(default_factory=dict)
    keeps: bool = False


FAULTS = {
    "files of 4 kB": Fault(RUN, "o: File too large; nothing of it was kept", limits={SIZE: 4096}),
    "pages of 4 kB": Fault(
        ("report", "leahy-off", *SMALL, "--probes", "0"), "brief.html: File too large", limits={SIZE: 4096}
    ),
    "a scenario of 400 bytes": Fault(
        ("scenario", "new", "n.toml"), "n.toml: cannot be written: File too large", limits={SIZE: 400}
    ),
    "few files": Fault(RUN, "Too many open files; nothing of it was kept; raise the limit (ulimit -n)", 3, {FILES: 9}),
    "little memory": Fault(RUN, "memory is out; hedgerow needs ", 3, {MEMORY: 2**29}),
    "a full terminal": Fault(("facts", "A013"), "standard output: the disk is full", streams={"out": "/dev/full"}),
    "full, after a run": Fault(RUN, "what was written to a folder is kept", streams={"out": "/dev/full"}, keeps=True),
    "a long folder": Fault(("run", "leahy-off", "--out", LONG), "cannot be written: File name too long"),
    "a long page": Fault(("report", "leahy-off", "--out", LONG), "File name too long"),
    "a long scenario": Fault(("run", LONG), "no scenario of that name"),
    "a long pair": Fault(("compare", "leahy-off", f"{LONG}.toml"), "no such file"),
    "a long store": Fault(("analyse", LONG), "File name too long"),
    "a long study": Fault(("sweep", LONG), "File name too long"),
    "a long gallery": Fault(("gallery", LONG), "File name too long"),
    "no such place": Fault(("run", "leahy-off", "--out", "/proc/results"), "/proc/results: cannot be written"),
    "in a file": Fault(("run", "leahy-off", "--out", "/etc/passwd/o"), "lies inside a file"),
    "a page that is a folder": Fault(("report", "leahy-off", "--out", "."), ".: is a folder"),
    "a page of no name": Fault(("report", "leahy-off", "--out", "/"), "/: is a folder"),
    "a scenario of no name": Fault(("scenario", "new", "."), "'.': is no name that a file can have"),
    "no such folder": Fault(("scenario", "new", "no/n.toml"), "no/n.toml: cannot be written: No such file or directory"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_refusal_of_the_system_is_one_sentence(tmp_path, name) -> None:
    fault, cwd = FAULTS[name], tmp_path / "cwd"
    cwd.mkdir()
    ended = commands.run(*fault.words, cwd=cwd, limits=fault.limits, streams=fault.streams)
    assert ended.code == fault.code, ended
    assert commands.plain(ended.err), ended.err
    assert fault.says in ended.err
    assert commands.left(cwd) == []
    assert [p.name for p in cwd.iterdir()] == (["o"] if fault.keeps else [])
    if fault.keeps:
        assert (cwd / "o" / "manifest.json").exists()


def test_a_reader_who_leaves_ends_a_command_quietly(tmp_path) -> None:
    (tmp_path / "cwd").mkdir()
    os.mkfifo(tmp_path / "pipe")
    reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    running = commands.start("scenario", "schema", cwd=tmp_path / "cwd", streams={"out": str(tmp_path / "pipe")})
    select.select([reader], [], [], 60)
    os.close(reader)
    ended = running.ended()
    assert (ended.code, ended.err) == (141, "")


@pytest.mark.parametrize("moment", [6, 20, 30])
def test_a_folder_that_is_removed_meanwhile_is_said(tmp_path, moment) -> None:
    (tmp_path / "cwd").mkdir()
    ended = commands.run(*RUN, cwd=tmp_path / "cwd", upset=(moment, commands.REMOVE))
    assert ended.code == 2, ended
    assert commands.plain(ended.err), ended.err
    said = ("o: No such file or directory; nothing of it was kept", "o/panel.parquet: no such table")
    assert any(words in ended.err for words in said), ended.err
    assert list((tmp_path / "cwd").iterdir()) == []
