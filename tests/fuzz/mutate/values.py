"""Values that nobody expects, and values next to one that is good."""

import math
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta, timezone
from typing import Any

from tests.fuzz.chance import Chance


class Raw(str):
    """A piece of text that a file holds as it stands, where a value is expected."""


LONG = "x" * 100_000
DIGITS = Raw("9" * 5000)
"""More digits than Python turns into a number."""
NUMBERS: Sequence[Any] = (
    0, 1, -1, 2, 12, 13, 40, 41, 100, 600, 601, 0.5, -0.0, 1.0000001, -1e-9, 5e-324, 1e-300, 1e19, 1e154, 1e308, -1e308,
    math.nan, math.inf, -math.inf, 2**31 - 1, 2**31, 2**32, 2**53 + 1, 2**63 - 1, 2**63, -(2**63), 2**64, 10**18, 2**4000,
    -(2**4000), DIGITS,
)  # fmt: skip
TEXTS: Sequence[str] = (
    "", " ", "0", "-1", "1e9", "nan", "inf", "true", "null", "none", "all", "CHN", "USA", "KEN", "XXX", "chn", "12",
    "2024-13", "2022-06-01", "baseline-2022-25", "baseline-2022-25.toml", "..", ".", "/", "../../etc/passwd",
    "/dev/zero", "/dev/stdin", "a/b", "a\\b", "a" * 300, "a" * 5000, LONG, "a.b.c", ".", "a..b", ".a", "a.", "=",
    "a=b", "#", "\0", "a\0b", "a\nb", "a\rb", "\t", "\x07", "\x1b[31mred\x1b[0m", "\x7f", "\x85", "\u2028",
    "\u202edesrever", "\u200b", "\ufeff", "\ud800", "\udc80", "\uffff", "é", "e\u0301", "\u0130", "ß", "٣", "１２",
    "😀" * 20, "👩‍👩‍👧", "\U0010ffff", "<script>alert(1)</script>", "&amp;", "'", '"', '"""', "'''", "`id`",
    "$(touch pwned)", "; touch pwned", "| cat", "&& true", "-n", "--help", "%s%n", "{0}", "{donor}", "{}", "${HOME}",
    "~", "=1+1", "@SUM(1)", "+1", "[b]", "[[", "]]", "a b", "region:", "org:", "region:Africa", "org:asean",
    "polyarchy < 0.4", "polyarchy <", "< 0.4", "polyarchy < nan", "polyarchy < 1e999", "polyarchy < " + "9" * 5000,
    "!all", "all and not all", "(" * 500, "not " * 500, "constructor", "__class__", "__proto__", "self", "os:system",
)  # fmt: skip
DATES: Sequence[Any] = (
    date(1, 1, 1), date(9999, 12, 1), date(9999, 12, 31), date(2022, 6, 1), date(2022, 6, 2), date(2024, 2, 29),
    date(1000, 1, 1), datetime(2022, 6, 1, 12, 30), datetime(2022, 6, 1, tzinfo=timezone(timedelta(hours=23, minutes=59))),
    time(7, 32), time(0, 0, 0, 999999),
)  # fmt: skip
NESTS: Sequence[Any] = ([], {}, [[]], [{}], {"": {}}, [0], [""], [None], {"a": 1}, [True, 1, "a", 0.5], [[1], [2, 3]])
DEEP: Sequence[Raw] = (
    Raw("[" * 3000), Raw("[" * 3000 + "]" * 3000), Raw("[" * 900 + "]" * 900), Raw('{"a":' * 3000 + "1" + "}" * 3000),
    Raw("{a=" * 3000 + "1" + "}" * 3000), Raw("{a=" * 90 + "1" + "}" * 90), Raw("{" + ".".join(["a"] * 16_000) + "=1}"),
    Raw("[" + "0," * 200_000 + "0]"), Raw('["a"' + ',"a"' * 50_000 + "]"),
)  # fmt: skip
ONLY_TOML: Sequence[Raw] = tuple(
    map(Raw, ("1_000", "0xffffffffffffffffff", "0b1", "0o17", "+nan", "1e400", "-1e-400", "07:32:00", "1979-05-27T07:32:00Z",
              "1979-05-27 00:32:00.9999999-07:00", "9999-99-99", "0000-00-00", "'''a\n\nb'''", "'a'", "[1,[2,[3]]]", "", "=",
              "{a.b=1,a.c=2}", "{a=1,a=2}", '"\\ud800"', '"\\U00110000"', "[#\n1,\n]"))
)  # fmt: skip
ONLY_JSON: Sequence[Any] = (None, Raw("NaN"), Raw("Infinity"), Raw("-Infinity"), Raw("1E400"), Raw("-0"), Raw('"\\ud800"'),
    Raw('"\\u0000"'), Raw("'a'"), Raw("undefined"), Raw("01"), Raw(""), Raw('{"a":1,"a":2}'), Raw("1.0"))  # fmt: skip


def odd(chance: Chance, *, toml: bool) -> Any:
    """Return a value that nobody expects."""
    return chance.one(
        chance.weighted(
            [
                (6, NUMBERS),
                (6, TEXTS),
                (2, (True, False)),
                (2, DATES),
                (2, NESTS),
                (1, DEEP),
                (3, ONLY_TOML if toml else ONLY_JSON),
            ]
        )
    )


def near(value: Any, chance: Chance) -> Any:
    """Return a value next to one that is good: of another type, one further, one letter off."""
    if isinstance(value, bool):
        return chance.one([not value, int(value), str(value).lower()])
    if isinstance(value, int | float):
        return _near_number(value, chance)
    if isinstance(value, date):
        return chance.one(
            [
                value.replace(day=2),
                value.replace(day=1, year=max(1, min(value.year + chance.one([-9, -1, 1, 9]), 9999))),
                str(value),
            ]
        )
    if isinstance(value, str):
        return misspelt(value, chance)
    if isinstance(value, list):
        return chance.one([value[1:], [*value, *value], value[::-1], value[0] if value else "", {"a": value}, [value]])
    return chance.one([list(value) if isinstance(value, dict) else [value], str(value)[:50], {}, 0, True])


def _near_number(value: float, chance: Chance) -> Any:
    tried = [value + 1, value - 1, -value, value * 2, value / 2, value * 10, value * 1e6, str(value), [value], bool(value)]
    tried += [float(value), math.nextafter(value, math.inf), math.nextafter(value, -math.inf), value + 0.5, {"a": value}]
    return chance.one(tried)


def misspelt(word: str, chance: Chance) -> str:
    """Return a word with a letter wrong, or written otherwise."""
    at = chance.randrange(len(word) + 1)
    letter = chance.one("aeot_-. 0Z/\\\"'\n\0é")
    return chance.one([
        word[:at] + word[at + 1 :], word[:at] + letter + word[at:], word[:at] + word[at + 1 : at + 2] * 2 + word[at + 2 :],
        word.upper(), word.lower(), f" {word}", f"{word} ", word + word, word[:at], word.replace("_", "-"), word.swapcase(),
    ])  # fmt: skip
