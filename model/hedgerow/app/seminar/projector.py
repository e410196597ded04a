"""The projector's page: the code to join by, the clock, who has decided, what everybody knows."""

from nicegui import ui

from hedgerow.app.seminar import telling, verdict
from hedgerow.app.seminar.parts import section, words
from hedgerow.app.seminar.room import Room, spaced
from hedgerow.app.seminar.roompage import RoomPage
from hedgerow.app.seminar.rooms import Rooms


class ProjectorPage(RoomPage):
    """The page for everybody's eyes.

    Parameters
    ----------
    rooms : Rooms
    room : Room
    address : str
        Where students join.
    """

    exact = True

    def __init__(self, rooms: Rooms, room: Room, address: str) -> None:
        super().__init__(lambda: rooms.still(room), lambda: rooms.public(rooms.still(room)))
        with ui.element("div").classes("screen"), ui.element("div").classes("room"):
            self.head(self.seen["title"])
            with ui.element("div").classes("row-wrap"):
                words(f"Join at {address} with the code", "span")
                words(spaced(room.record.code), "span").classes("code").props('data-part="code"')
            self.part("decided")
            self.part("debrief")
            self.part("board")
        self.begin()

    def draw(self) -> None:
        """Refresh every part from ``self.seen``."""
        seen = self.seen
        when = (seen["phase"], seen["turn"], seen["ready"])
        decided(self)
        over = (when, seen["debrief"] is not None, seen["progress"])
        self.redraw("debrief", over, self._end)
        self.redraw("board", when, self._board)

    def _board(self) -> None:
        if self.seen["phase"] == "lobby":
            with section("What it is about"):
                words(self.seen["aim"], "p")
            return
        with section("News", "news"):
            telling.news(self.seen)
        with section("Meetings and training", "board"):
            telling.board(self.seen)

    def _end(self) -> None:
        seen = self.seen
        if seen["phase"] != "over":
            return
        if seen["debrief"] is None:
            done, of = seen["progress"]
            words(f"The debrief is being drawn up: {done} of {of} worlds played.", "p")
            return
        verdict.debrief(seen["debrief"], seen["seats"], self._room().state.exercise.questions)


def decided(page: RoomPage) -> None:
    """Show which seats are taken and which have decided."""
    seen = page.seen
    key = (tuple(seen["decided"]), seen["phase"], seen["ready"], tuple(s["taken"] for s in seen["free"].values()))

    def draw() -> None:
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

    page.redraw("decided", key, draw)
