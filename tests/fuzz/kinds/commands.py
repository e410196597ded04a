"""The command line: its words as a shell hands them over, in a folder with something of everything."""

import io
import os
import shutil
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

from hedgerow.cli import main
from hedgerow.runs.folder import FolderError
from tests.fuzz import judge
from tests.fuzz.chance import Chance
from tests.fuzz.judge import Wrong
from tests.fuzz.kinds.base import Kind
from tests.fuzz.kinds.scenarios import BASELINE, setting
from tests.fuzz.mutate import values

EXPECTED = {0, 2}
GOOD = [
    ["run", "NAME", "--runs", "1", "--months", "1", "--fixed", "--json", "--out", "out"],
    ["run", "my.toml", "--runs", "1", "--months", "1", "--fixed", "--json", "--set", "SET"],
    ["run", "run/manifest.json", "--runs", "1", "--months", "1", "--fixed", "--json"],
    ["compare", "NAME", "NAME", "--runs", "1", "--months", "1", "--fixed", "--json", "--out", "out"],
    ["explain", "NAME", "--recipient", "KEN", "--month", "2022-07", "--runs", "1", "--fixed", "--json"],
    ["scenario", "check", "my.toml"],
    ["scenario", "show", "NAME", "--set", "SET"],
    ["scenario", "show", "my.toml", "--json"],
    ["scenario", "new", "new.toml", "--extends", "NAME"],
    ["status", "sweep"],
    ["failures", "sweep", "--json"],
    ["replay", "run"],
    ["replay", "sweep", "0", "1", "--out", "out"],
    ["facts", "A026"],
    ["countries", "--json"],
    ["parameters"],
    ["report", "sweep", "--out", "brief.html"],
    ["report", "comparison", "--probes", "0", "--out", "brief.html"],
    ["analyse", "sweep", "--outcome", "abuses", "--out", "analysis"],
    ["sweep", "sweep", "--extend", "replications=2"],
    ["gallery", "sweep"],
]
SMALL = ("0", "-1", "1", "1.5", "2", "x", "", "1e3", "٣", " 1", "+1", "0x1", "9" * 5000, "nan", "100001", "601", "2**3")
"""What is tried where a number is asked for; none that would take long."""


class Command(Kind):
    """A command and its words."""

    name, weight, left = "command", 6, False

    def good(self, where: Path) -> Any:
        self._around(where)
        return ["scenario", "check", "my.toml"]

    def _around(self, where: Path) -> None:
        (where / "my.toml").write_text(f'extends = "{BASELINE}"\ntitle = "Mine"\n')
        for folder in ("run", "comparison", "sweep"):
            shutil.copytree(self.held / folder, where / folder)

    def make(self, chance: Chance, where: Path) -> Any:
        self._around(where)
        words = [self._good(word, chance) for word in chance.one(GOOD)]
        for _ in range(chance.times(70, 20, 10)):
            at = chance.randrange(1, len(words)) if len(words) > 1 else 0
            words[at] = self._odd(words, at, chance)
        if chance.often(0.1):
            del words[chance.randrange(len(words))]
        return [word.replace("\0", "").encode("utf-8", "replace").decode()[:100_000] for word in words]

    def _good(self, word: str, chance: Chance) -> str:
        if word == "SET":
            return setting(chance)
        return chance.one([BASELINE, "gap-fill", "leahy-off", "my.toml"]) if word == "NAME" else word

    def _odd(self, words: list[str], at: int, chance: Chance) -> str:
        before, word = words[at - 1], words[at]
        if before == "--probes":
            return chance.one(["0", "-1", "x", "1001", ""])
        if before in ("--runs", "--months", "--seed") or word.isdigit() or word.startswith("replications="):
            return chance.one(SMALL)
        if word in ("--runs", "--months", "--fixed", "--probes"):
            return word
        if before in ("--out", "new") or before == "brief.html":
            # Only names that stay in this folder.
            return chance.one(
                ["run", "sweep", "my.toml", "my.toml/x", "", ".", "a" * 300, "a\nb", "é", "deep/er", "/dev/full", "/proc/x"]
            )
        return chance.weighted([(3, values.misspelt(word, chance)), (3, chance.one(values.TEXTS)), (1, chance.one(words))])

    def read(self, where: Path, how: Any) -> None:
        before, argv = Path.cwd(), sys.argv
        out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", errors=e) for e in ("strict", "backslashreplace"))
        os.chdir(where)
        sys.argv = ["hedgerow", *how]
        code: Any = 0
        try:
            with redirect_stdout(out), redirect_stderr(err):
                main()
        except SystemExit as end:
            code = end.code
        finally:
            os.chdir(before)
            sys.argv = argv
        out.flush()
        err.flush()
        told = err.buffer.getvalue().decode("utf-8", "replace")
        if code not in {*EXPECTED, None}:
            raise Wrong(f"exit code {code}: {told[-300:]}")
        if code == 2:
            _judge(told)


def _judge(told: str) -> None:
    """Make sure that a command that was refused says why in one message; then refuse as it did."""
    if "Traceback" in told:
        raise Wrong("a traceback on standard error")
    own = told.removesuffix("\n").rpartition("hedgerow: ")
    usage = not own[1]
    judge.clear(told if usage else own[2], lines=9 if usage else 1, longest=3 * judge.LONGEST if usage else judge.LONGEST)
    raise FolderError("refused")
