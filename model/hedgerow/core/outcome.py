"""What an outcome is: declared once, with its name, its words, its unit and how it is computed.

Names, units, labels and the side an outcome speaks for are read off the declaration, so nothing
else has to be touched to add one. The model's own stand in :data:`hedgerow.core.outcomes.OUTCOMES`.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from string import Formatter
from typing import Any, Literal

FILLED = {"donor": "[A-Z]{3}", "one": "[A-Z]{3}", "two": "[A-Z]{3}", "body": ".+"}
"""What a name may hold in braces, and what it is filled with."""


@dataclass(frozen=True)
class Outcome:
    """One outcome of a run, or one for each donor or body.

    Parameters
    ----------
    name : str
        Column of the outcomes table, such as ``officers_{donor}``. ``{donor}`` makes it one for each donor, ``{donor}``
        and ``{body}`` one for each body of its ministers; ``{one}`` and ``{two}`` are the first two donors.
    words : str
        The same in words, with the same braces.
    unit : str
    of : callable
        ``of(ended)``, for an outcome of donors ``of(ended, d)`` with the donor's number, and for one
        of bodies ``of(ended, d, body)``: an array ``(runs,)``; see
        :class:`hedgerow.core.metrics.Ended`.
    better : {"more", "less", "donor", ""}
        Whether more of it is better, less, or more for the donor it is about; blank: left open.
    pair : bool
        Whether it takes two donors.

    Raises
    ------
    ValueError
        If the name or its words hold other braces.

    Examples
    --------
    >>> Outcome("wars", "States at war at the end", "states", lambda e: e.last.war.sum(axis=-1)).unit
    'states'
    """

    name: str
    words: str
    unit: str
    of: Callable[..., Any]
    better: Literal["more", "less", "donor", ""] = ""
    pair: bool = False

    def __post_init__(self) -> None:
        held = _braces(self.name)
        if self.name.count("{") > len(held):
            raise ValueError(f"'{self.name}': each of what is filled in may stand once")
        if not _braces(self.name + self.words) <= set(FILLED) or ("body" in held and "donor" not in held):
            raise ValueError(f"'{self.name}': only {{donor}}, {{donor}} with {{body}}, {{one}} and {{two}} are filled in")

    def cells(self, bodies: Mapping[str, Sequence[str]]) -> Iterator[tuple[int, str, tuple[Any, ...]]]:
        """Yield donor number, column and further arguments of ``of``.

        Parameters
        ----------
        bodies : mapping
            Bodies of each donor, by its code.
        """
        held, codes = _braces(self.name), list(bodies)
        if "donor" in held:
            for d, code in enumerate(codes):
                for body in bodies[code] if "body" in held else [None]:
                    yield d, self.name.format(donor=code, body=body), (d,) if body is None else (d, body)
        elif not self.pair:
            yield 0, self.name, ()
        elif len(codes) > 1:
            yield 0, self.name.format(one=codes[0], two=codes[1]), ()

    def parts(self, column: str) -> dict[str, str] | None:
        """Return what fills the braces in a column's name; None where it is of another outcome."""
        found = self._pattern.fullmatch(column)
        return found.groupdict() if found else None

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        parts = [(re.escape(text), field) for text, field, _, _ in Formatter().parse(self.name)]
        return re.compile("".join(text + (f"(?P<{field}>{FILLED[field]})" if field else "") for text, field in parts))


def _braces(text: str) -> set[str]:
    return {str(field) for _, field, _, _ in Formatter().parse(text) if field is not None}
