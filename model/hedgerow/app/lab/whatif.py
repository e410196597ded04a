"""A what-if and its link: scenario, base, changes, runs, seed and months, and back again.

Changes are written as on the command line, ``dotted.key=value``. Levers and donors' budgets change
the what-if alone; assumptions (``parameters``, and donors' numbers that are no policy) are about
the world, so they change the base too. A scenario of one's own travels in the link itself: nothing
is kept on the server.
"""

import base64
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from hedgerow.app.settings import Limits
from hedgerow.disk.faults import UserError
from hedgerow.runs.identity import code_version
from hedgerow.scenario.find import names
from hedgerow.scenario.suggest import suggestion

BASELINE = "baseline-2022-25"
OWN = "own"
"""What the scenario is called where it came as a file."""
UNCHANGED = "unchanged"
"""The base that is the scenario itself, without the levers moved."""
RUNS, SEED = 64, 1
ASSUMED = ("parameters.", "donors.")
KEYS = ("scenario", "base", "file", "set", "runs", "seed", "months", "parameters", "state", "month", "show", "v")
FIXED = "fixed"
SHOWS = ("difference", "standing")
LONGEST = 60
"""Most changes, and longest key or value in tens of characters, that a link may hold."""


class LinkError(UserError):
    """A link that cannot be followed; the message says why."""


@dataclass(frozen=True)
class WhatIf:
    """What is asked, and what of the answer is looked at.

    Attributes
    ----------
    scenario : str
        A shipped scenario, or :data:`OWN` with its text in ``text``.
    base : str
        A shipped scenario, :data:`UNCHANGED`, or blank for whichever suits.
    text : str
        A scenario file of one's own.
    changes : tuple of (str, str)
        Keys and values, as in TOML, in the order in which they were first changed.
    runs, seed : int
        Pairs of runs, and seed of the experiment.
    months : int or None
        Months instead of the scenario's.
    fixed : bool
        Whether parameters stay as they are, rather than being drawn from the posterior.
    state, month, show : str, int or None, str
        The state asked about, the month shown (the last if None), and what the map shows.
    """

    scenario: str = BASELINE
    base: str = ""
    text: str = ""
    changes: tuple[tuple[str, str], ...] = ()
    runs: int = RUNS
    seed: int = SEED
    months: int | None = None
    fixed: bool = False
    state: str = ""
    month: int | None = None
    show: str = SHOWS[0]

    def with_change(self, key: str, value: str | None) -> "WhatIf":
        """Return it with a key changed, or no longer changed where the value is None."""
        kept = dict(self.changes)
        kept.pop(key, None) if value is None else kept.update({key: value})
        return replace(self, changes=tuple(kept.items()))

    def without(self, start: str) -> "WhatIf":
        """Return it without the changes of keys that start so."""
        kept = tuple((k, v) for k, v in self.changes if not k.startswith(start))
        return replace(self, changes=kept)

    @property
    def question(self) -> tuple[object, ...]:
        """What has to be simulated; the rest is only what is looked at."""
        return (self.scenario, self.base, self.text, self.changes, self.runs, self.seed, self.months, self.fixed)

    @property
    def assumptions(self) -> tuple[str, ...]:
        """Settings that change the base too."""
        return tuple(f"{k}={v}" for k, v in self.changes if k.startswith(ASSUMED))

    @property
    def settings(self) -> tuple[str, ...]:
        """All settings, as the command line takes them."""
        return tuple(f"{k}={v}" for k, v in self.changes)

    def query(self) -> str:
        """Return what stands behind the ``?`` of its link."""
        usual = WhatIf()
        pairs: list[tuple[str, str]] = [("scenario", self.scenario)]
        pairs += [("file", packed(self.text))] if self.text else []
        pairs += [("set", setting) for setting in self.settings]
        for key in ("base", "runs", "seed", "months", "state", "month", "show"):
            value = getattr(self, key)
            if value != getattr(usual, key) or key in ("runs", "seed"):
                pairs.append((key, str(value)))
        pairs += [("parameters", FIXED)] if self.fixed else []
        return urlencode([*pairs, ("v", version())])


def version() -> str:
    """Return the short name of the code that a link was made with."""
    return code_version().rpartition("+")[2]


def packed(text: str) -> str:
    """Return a text as it stands in a link."""
    return base64.urlsafe_b64encode(zlib.compress(text.encode(), 9)).decode().rstrip("=")


def unpacked(word: str, most: int) -> str:
    """Return the text that stands in a link, of so many bytes at most."""
    fault = LinkError("the scenario in this link is damaged; was all of the link copied?")
    try:
        raw = base64.b64decode(word + "=" * (-len(word) % 4), altchars=b"-_", validate=True)
        unzip = zlib.decompressobj()
        content = unzip.decompress(raw, most + 1)
        if len(content) > most:
            raise LinkError(f"the scenario in this link is larger than {most:,} bytes")
        if not unzip.eof:
            raise fault
        return content.decode()
    except (ValueError, zlib.error) as error:
        raise (error if isinstance(error, LinkError) else fault) from None


def from_query(pairs: Iterable[tuple[str, str]], limits: Limits) -> WhatIf:
    """Return the what-if of a link.

    Parameters
    ----------
    pairs : iterable of (str, str)
        What stands behind the ``?``, decoded.
    limits : Limits

    Raises
    ------
    LinkError
        If a part is unknown, or of no value it may have.
    """
    given = list(pairs)
    one: dict[str, str] = {}
    for key, value in given:
        if key not in KEYS:
            raise LinkError(f"this link has an unknown part '{key:.60}'{suggestion(key[:60], KEYS)}")
        if key in one and key != "set":
            raise LinkError(f"this link names '{key}' twice")
        one[key] = value
    changes = tuple(_change(value) for key, value in given if key == "set")
    if len(changes) > LONGEST:
        raise LinkError(f"a link may hold {LONGEST} changes at most")
    text = unpacked(one["file"], limits.upload) if "file" in one else ""
    chosen = WhatIf(
        scenario=_scenario(one.get("scenario", BASELINE), text),
        base=_base(one.get("base", "")),
        text=text,
        changes=tuple(dict(changes).items()),
        runs=_whole_number(one, "runs", 2, limits.runs, RUNS) or RUNS,
        seed=int(_whole_number(one, "seed", 0, 2**31 - 1, SEED) or 0),
        months=_whole_number(one, "months", 1, limits.months, None),
        fixed="parameters" in one,
        state=one.get("state", "")[:8],
        month=_whole_number(one, "month", 1, limits.months, None),
        show=one.get("show", SHOWS[0]),
    )
    if one.get("parameters", FIXED) != FIXED:
        raise LinkError(f"parameters: '{one['parameters']:.40}' must be {FIXED}, or left out")
    if chosen.show not in SHOWS:
        raise LinkError(f"show: '{chosen.show:.40}' must be one of {', '.join(SHOWS)}")
    return chosen


def _change(setting: str) -> tuple[str, str]:
    key, equals, value = setting.partition("=")
    if not equals or not key.strip() or len(setting) > 10 * LONGEST:
        raise LinkError(f"set: '{setting:.60}' must read KEY=VALUE")
    return key.strip(), value.strip()


def _scenario(name: str, text: str) -> str:
    if text or name == OWN:
        if not (text and name == OWN):
            raise LinkError("this link lacks the scenario file it speaks of; was all of it copied?")
        return name
    return known_scenario(name, "scenario")


def _base(name: str) -> str:
    return name if name in ("", UNCHANGED) else known_scenario(name, "base")


def known_scenario(name: str, key: str) -> str:
    """Return the name of a shipped scenario; paths and all else are refused."""
    if name not in names():
        raise LinkError(f"{key}: no scenario '{name:.60}'{suggestion(name[:60], names())}")
    return name


def _whole_number(given: Mapping[str, str], key: str, low: int, high: int, default: int | None) -> int | None:
    if key not in given:
        return default
    word = given[key]
    if not (word.isascii() and word.isdigit() and len(word) < 11 and low <= int(word) <= high):
        raise LinkError(f"{key}: '{word:.40}' must be a whole number from {low} to {high:,}")
    return int(word)
