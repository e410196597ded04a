"""The state of one page of the lab: what is asked, what was asked before, the answer at hand.

Every control and every picture takes this state and nothing above it: a control makes a move, and
whoever built the page is told of it. A new control is given the state and calls :meth:`LabState.move`.
"""

from collections.abc import Callable
from dataclasses import replace

from hedgerow.app.lab.answer import Answer
from hedgerow.app.lab.pair import Pair, resolve
from hedgerow.app.lab.whatif import LinkError, WhatIf
from hedgerow.app.settings import Limits
from hedgerow.scenario.errors import ScenarioError

UNDONE = 100
"""Moves that can be undone."""


class LabState:
    """What one page of the lab asks and knows.

    Parameters
    ----------
    limits : Limits
    asked : WhatIf
        What its link asks.
    moved : callable
        Called with the what-if before, after every move.
    refused : callable
        Called with why a move cannot be made, and with a blank where one can.

    Attributes
    ----------
    now : WhatIf
        What is asked now.
    past : list of WhatIf
        What was asked before, for undoing.
    answer : Answer or None
        The newest answer.
    """

    def __init__(
        self, limits: Limits, asked: WhatIf, moved: Callable[[WhatIf], None], refused: Callable[[str], None]
    ) -> None:
        self.limits, self.now = limits, asked
        self.past: list[WhatIf] = []
        self.answer: Answer | None = None
        self._moved, self.refuse = moved, refused

    @property
    def pair(self) -> Pair:
        """The two scenarios that are asked."""
        return resolve(self.now, self.limits)

    @property
    def month(self) -> int:
        """The month shown, counted from 0."""
        last = len(self.answer.months) - 1 if self.answer else 0
        return last if self.now.month is None else min(self.now.month - 1, last)

    def move(self, asked: WhatIf, *, undoable: bool = True) -> bool:
        """Ask another what-if, or look at another part of the same; say whether it can be asked."""
        if asked == self.now:
            return True
        try:
            resolve(asked, self.limits)
        except (LinkError, ScenarioError) as error:
            self.refuse(str(error))
            return False
        self.refuse("")
        if undoable:
            self.past = [*self.past, self.now][-UNDONE:]
        before, self.now = self.now, asked
        self._moved(before)
        return True

    def pick(self, state: str) -> None:
        """Look at a state; the same again, at none."""
        self.move(replace(self.now, state="" if state == self.now.state else state), undoable=False)

    def undo(self) -> None:
        """Take back the last move, but not what is looked at."""
        if self.past:
            last, now = self.past.pop(), self.now
            self.move(replace(last, state=now.state, month=now.month, show=now.show), undoable=False)

    def reset(self) -> None:
        """Take back all changes to the scenario at hand."""
        self.move(replace(self.now, changes=(), months=None))

    def answered(self, found: Answer) -> None:
        """Keep an answer; a state that it does not have is no longer looked at."""
        self.answer = found
        if self.now.state not in found.variant.states:
            self.now = replace(self.now, state="")
