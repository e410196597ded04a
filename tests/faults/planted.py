"""Kinds for the fuzzer whose readers are wrong, each in its own way, to see that it notices."""

import os
import time
from pathlib import Path
from typing import Any

import numpy as np

from hedgerow.runs.folder import FolderError
from hedgerow.seminar.seats import NotAllowed
from tests.fuzz import judge
from tests.fuzz.chance import Chance
from tests.fuzz.kinds.base import Kind


class Sound(Kind):
    """A number; one below a half is refused as it should be."""

    name, weight = "sound", 1

    def good(self, where: Path) -> Any:
        return 1.0

    def make(self, chance: Chance, where: Path) -> Any:
        (where / "file").write_text("as it was")
        return chance.random()

    def read(self, where: Path, how: Any) -> None:
        if how < 0.5:
            raise FolderError(f"{where}: {how} is too small")


class Planted(Sound):
    """One that goes wrong for every other input."""

    def read(self, where: Path, how: Any) -> None:
        if how < 0.5:
            self.go_wrong(where)

    def go_wrong(self, where: Path) -> None:
        """Do what no reader may."""
        raise NotImplementedError


class LacksKey(Planted):
    name = "lacks-key"

    def go_wrong(self, where: Path) -> None:
        {}["months"]


class SaysNothing(Planted):
    name = "says-nothing"

    def go_wrong(self, where: Path) -> None:
        raise FolderError(" ")


class SaysTooMuch(Planted):
    name = "says-too-much"

    def go_wrong(self, where: Path) -> None:
        raise NotAllowed("x" * 5000)


class Colours(Planted):
    name = "colours"

    def go_wrong(self, where: Path) -> None:
        raise NotAllowed("\x1b[31mred")


class NoNumber(Planted):
    name = "no-number"

    def go_wrong(self, where: Path) -> None:
        judge.finite({"abuses": np.array([np.nan])})


class Writes(Planted):
    name = "writes"

    def go_wrong(self, where: Path) -> None:
        (where / "file").write_text("otherwise")


class Spins(Planted):
    name = "spins"

    def go_wrong(self, where: Path) -> None:
        while True:
            pass


class Sleeps(Planted):
    name = "sleeps"

    def go_wrong(self, where: Path) -> None:
        time.sleep(600)


class Gorges(Planted):
    name = "gorges"

    def go_wrong(self, where: Path) -> None:
        np.ones(2**26)  # let go of at once


class Dies(Planted):
    name = "dies"

    def go_wrong(self, where: Path) -> None:
        os._exit(0)


KINDS = (Sound, LacksKey, SaysNothing, SaysTooMuch, Colours, NoNumber, Writes, Spins, Sleeps, Gorges, Dies)
FOUND = {
    "lacks-key": "KeyError",
    "says-nothing": "a refusal without words",
    "says-too-much": "a message that is too long",
    "colours": "a message with characters that are not to be shown",
    "no-number": "a run that gave no finite number",
    "writes": "reading changed what was read",
    "spins": "takes too long",
    "sleeps": "hangs",
    "gorges": "takes too much",
    "dies": "dies",
}
"""How what each of them does is told."""
