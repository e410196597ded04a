"""The projector's page: the code to join by, the clock, who has decided, what everybody knows."""

from nicegui import ui

from hedgerow.app.seminar import telling
from hedgerow.app.seminar.room import Room, spaced
from hedgerow.app.seminar.roompage import RoomPage
from hedgerow.app.seminar.rooms import Rooms
from hedgerow.app.text import words
from hedgerow.app.widgets import section


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
            self.part("changed")
            self.part("decided")
            self.part("debrief")
            self.part("board")
        self.begin()

    def draw(self) -> None:
        """Refresh every part from ``self.seen``."""
        self.changed()
        self.decided()
        self.ending()
        self.redraw("board", self.when, self._board)

    def _board(self) -> None:
        if self.seen["phase"] == "lobby":
            with section("What it is about"):
                words(self.seen["aim"], "p")
            return
        with section("News", part="news"):
            telling.news(self.seen)
        with section("Meetings and training", part="board"):
            telling.board(self.seen)
