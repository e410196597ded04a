"""A page of a room that follows it: drawn once, then refreshed whenever the room changes."""

import asyncio
import logging
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from nicegui import Client, background_tasks, context, ui

from hedgerow.app.seminar import telling, verdict
from hedgerow.app.seminar.room import Room
from hedgerow.app.text import words
from hedgerow.app.widgets import button, error, redraw, section
from hedgerow.seminar.accounts import Plain
from hedgerow.seminar.exercise import Exercise
from hedgerow.seminar.seats import NotAllowed

PAUSE = 0.2
"""Seconds between two refreshes, so that thirty who send at once are shown once."""
log = logging.getLogger(__name__)


class RoomPage(ABC):
    """A page that follows a room.

    Parameters
    ----------
    room : callable
        Returns the room; raises NotAllowed once this page may not see it any more.
    view : callable
        Returns what this page may see.
    """

    exact = False
    """Whether the clock shows seconds throughout."""

    def __init__(self, room: Callable[[], Room], view: Callable[[], Plain]) -> None:
        self._room, self._view = room, view
        self.client: Client = context.client
        self.seen: Plain = view()
        self._drawn: dict[str, object] = {}
        self._parts: dict[str, ui.element] = {}

    def begin(self) -> None:
        """Fill the page and follow the room from now on."""
        self._show()
        following = background_tasks.create(self._follow())
        self.client.on_delete(following.cancel)
        ui.timer(1.0, self._tick)

    def part(self, name: str, tag: str = "div") -> ui.element:
        """Set a place aside that :meth:`redraw` fills."""
        self._parts[name] = ui.element(tag).classes("stack")
        return self._parts[name]

    def redraw(self, name: str, key: object, draw: Callable[[], None]) -> None:
        """Fill a place anew, if what it depends on has changed."""
        if self._drawn.get(name, self) == key:
            return
        self._drawn[name] = key
        redraw(self._parts[name], draw)

    @abstractmethod
    def draw(self) -> None:
        """Refresh every part from ``self.seen``."""

    def head(self, title: str) -> None:
        """Draw the line above: what is played, which turn, and the clock."""
        with ui.element("header").classes("room-head"):
            words(title, "h1")
            self._turn = words("", "span")
            self._clock = words("", "span").classes("clock").props('role="timer" data-part="clock"')

    def _head(self) -> None:
        seen = self.seen
        turn = f"Turn {seen['turn'] + 1} of {seen['turns']}, {seen['quarter']}"
        self._turn.set_text({"lobby": "Waiting for the start", "over": "The game is over"}.get(seen["phase"], turn))
        self._tell_time(seen["remaining"], paused=seen["paused"])

    def _tell_time(self, remaining: float | None, *, paused: bool) -> None:
        text = clock(remaining, exact=self.exact)
        self._clock.set_text(f"{text} (clock stopped)" if paused and text else text)

    def _tick(self) -> None:
        with suppress(NotAllowed):
            room = self._room()
            self._tell_time(room.remaining(), paused=room.state.paused)

    def _show(self) -> None:
        self._head()
        self.draw()

    async def _follow(self) -> None:
        while not self.client.is_deleted:
            try:
                news = self._room().news
                seen = self._view()
            except NotAllowed as refused:
                self._gone(str(refused))
                return
            if seen != self.seen:
                self.seen = seen
                try:
                    with self.client:
                        self._show()
                except Exception:  # a page that cannot be drawn now may be drawn at the next news
                    log.exception("a page of the room could not be drawn")
            await news.wait()
            await asyncio.sleep(PAUSE)

    def _gone(self, why: str) -> None:
        with self.client:
            self._turn.set_text("")
            self._clock.set_text("")
            for place in self._parts.values():
                place.clear()
            with next(iter(self._parts.values())):
                error(why)
                button("Look again", ui.navigate.reload)

    # --- what several pages of a room show ---------------------------------------------------

    @property
    def when(self) -> tuple[object, ...]:
        """The moment of the game, on which most parts depend."""
        return self.seen["phase"], self.seen["turn"], self.seen["ready"]

    @property
    def exercise(self) -> Exercise:
        """What is played."""
        return self._room().state.exercise

    async def attempt(self, act: Awaitable[Any]) -> bool:
        """Wait for an act; say whether it was done and, in the part ``fault``, why it was not."""
        place = self._parts["fault"]
        place.clear()
        try:
            await act
        except NotAllowed as refused:
            with place:
                error(str(refused))
            return False
        return True

    def changed(self) -> None:
        """Say, in the part ``changed``, where the model changed under the game."""

        def draw() -> None:
            if self.seen["changes"]:
                with ui.element("div").classes("changed").props('role="status" data-part="changed"'):
                    for sentence in self.seen["changes"]:
                        words(sentence, "p")

        self.redraw("changed", str(self.seen["changes"]), draw)

    def board(self) -> None:
        """Show what everybody knows, in the part ``board``."""

        def draw() -> None:
            with section("What everybody knows", part="board"):
                telling.news(self.seen)
                telling.board(self.seen)

        self.redraw("board", self.when, draw)

    def decided(self) -> None:
        """Show which seats are taken and which have decided, in the part ``decided``."""
        seen = self.seen
        key = (tuple(seen["decided"]), seen["phase"], seen["ready"], tuple(s["taken"] for s in seen["free"].values()))
        self.redraw("decided", key, self._decided)

    def _decided(self) -> None:
        seen = self.seen
        if seen["phase"] == "over":
            return
        if not seen["ready"]:
            words("The quarter is being played out.", "p").props('role="status"')
        with ui.element("ul").classes("decided").props('aria-label="Seats"'):
            for seat, free in seen["free"].items():
                yes = seat in seen["decided"]
                state = "has decided" if yes else f"{free['taken']} seated"
                if not free["taken"] and not yes:
                    state = "free" if seen["phase"] == "lobby" else "played by the model"
                words(f"{free['name']}: {state}", "li").classes("yes" if yes else "")

    def ending(self) -> None:
        """Show the debrief, or how far it is, in the part ``debrief``."""
        self.redraw("debrief", (self.when, self.seen["debrief"] is not None, self.seen["progress"]), self._ending)

    def _ending(self) -> None:
        if self.seen["phase"] != "over":
            return
        if self.seen["debrief"] is None:
            self.drawing_up(*self.seen["progress"])
        else:
            verdict.debrief(self.seen["debrief"], self.seen["seats"], self.exercise.questions)

    def drawing_up(self, done: int, of: int) -> None:
        """Say how far the debrief is."""
        words(f"The debrief is being drawn up: {done} of {of} worlds played.", "p").props('role="status"')


def clock(seconds: float | None, *, exact: bool = False) -> str:
    """Return the time that is left, in minutes until the last one."""
    if seconds is None:
        return ""
    whole = round(seconds)
    if exact or whole < 60:
        return f"{whole // 60}:{whole % 60:02d}"
    return f"{whole / 60:.0f} min left"
