"""Lines, characters and bytes of a file."""

from collections.abc import Callable, Sequence

from tests.fuzz.chance import Chance
from tests.fuzz.mutate.values import DEEP, DIGITS, TEXTS

PIECES: Sequence[str] = (
    *TEXTS, *DEEP, DIGITS, "[", "]", "{", "}", '"', "'", "=", ".", ",", "\n", "\r", "[[a]]\n", "[a]\n[a]\n",
    "a = 1\na = 2\n",
    "\n[" + ".".join(["a"] * 16_000) + "]\n", "\n" + ".".join(["a"] * 16_000) + " = 1\n", "\n# \x01\n", '"\\x"', "\n= 1\n",
    "\n".join(f"k{i} = 1" for i in range(20_000)), "\n".join(f"[t{i}]" for i in range(5_000)), '"' * 3, "'" * 3,
    '"' * 50_000,
    "\\" * 50_000, "#" * 200_000,
)  # fmt: skip


def mutated(text: str, chance: Chance) -> str:
    """Return a text with one or two mutations."""
    for _ in range(chance.times(80, 20)):
        text = chance.weighted(TEXT)(text, chance)
    return text


def coded(text: str, chance: Chance) -> bytes:
    """Return a text as bytes: nearly always UTF-8, now and then in another code or with bytes gone wrong."""
    content = text.encode("utf-8", "surrogatepass")
    return chance.weighted(BYTES)(content, chance) if chance.often(0.06) else content


def damaged(content: bytes, chance: Chance) -> bytes:
    """Return bytes with one mutation."""
    return chance.weighted(BYTES)(content, chance)


def _span(text: Sequence[object], chance: Chance, most: int = 60) -> tuple[int, int]:
    first = chance.randrange(len(text) + 1)
    return first, first + chance.randrange(most)


def _insert(text: str, chance: Chance) -> str:
    at = chance.randrange(len(text) + 1)
    return text[:at] + chance.one(PIECES) + text[at:]


def _delete(text: str, chance: Chance) -> str:
    first, last = _span(text, chance)
    return text[:first] + text[last:]


def _double(text: str, chance: Chance) -> str:
    first, last = _span(text, chance)
    return text[:last] + text[first:last] + text[last:]


def _lines(text: str, chance: Chance) -> str:
    lines = text.splitlines(keepends=True) or [""]
    one, other = chance.randrange(len(lines)), chance.randrange(len(lines))
    match chance.randrange(4):
        case 0:
            del lines[one]
        case 1:
            lines.insert(other, lines[one])
        case 2:
            lines[one], lines[other] = lines[other], lines[one]
        case 3:
            lines[one] = lines[one].rstrip("\n")
    return "".join(lines)


def _replace(text: str, chance: Chance) -> str:
    at = chance.randrange(len(text) + 1)
    return text[:at] + chance.one("=\"'[]{},.\\#\n\r\0\x1b0-+eé") + text[at + 1 :]


def _cut(text: str, chance: Chance) -> str:
    return text[: chance.randrange(len(text) + 1)]


TEXT: Sequence[tuple[int, Callable[[str, Chance], str]]] = (
    (4, _insert),
    (3, _delete),
    (2, _double),
    (3, _lines),
    (3, _replace),
    (1, _cut),
)


def _flip(content: bytes, chance: Chance) -> bytes:
    changed = bytearray(content)
    for _ in range(chance.times(6, 2, 1, 1) if changed else 0):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _short(content: bytes, chance: Chance) -> bytes:
    return content[: chance.randrange(len(content) + 1)]


def _zeros(content: bytes, chance: Chance) -> bytes:
    first, last = _span(content, chance, 4096)
    return content[:first] + bytes(min(last, len(content)) - first) + content[last:]


def _whole(content: bytes, chance: Chance) -> bytes:
    return chance.one([
        b"", b"\n", b"\0", b"\xff\xfe", b"\xef\xbb\xbf" + content, b"\xef\xbb\xbf\xef\xbb\xbf" + content,
        content.replace(b"\n", b"\r\n"), content.replace(b"\n", b"\r"), content * 2, content + b"\0" * 4096,
        content.decode("utf-8", "replace").encode("utf-16"), content.decode("utf-8", "replace").encode("latin-1", "replace"),
        content + "é".encode("latin-1"), bytes(range(256)), b"[" * 3_000_000, b"\n" * 3_000_000, b"a" * 3_000_000,
        content + b"\n" * 40_000_000,
    ])  # fmt: skip


BYTES: Sequence[tuple[int, Callable[[bytes, Chance], bytes]]] = ((5, _flip), (2, _short), (1, _zeros), (4, _whole))
