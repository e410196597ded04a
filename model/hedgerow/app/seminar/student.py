"""A seat's page: its brief, its decision, what it alone knows, and what everybody knows."""

import secrets
from typing import Any

from nicegui import ui

from hedgerow.app.seminar import telling
from hedgerow.app.seminar.decision import DecisionForm
from hedgerow.app.seminar.roompage import RoomPage
from hedgerow.app.seminar.rooms import Rooms
from hedgerow.app.text import words
from hedgerow.app.widgets import button, section


class SeatPage(RoomPage):
    """The page of someone who took a seat.

    Parameters
    ----------
    rooms : Rooms
    token : str
        What they joined with.
    """

    def __init__(self, rooms: Rooms, token: str) -> None:
        super().__init__(lambda: rooms.who(token).room, lambda: rooms.view(token))
        self._rooms, self._token = rooms, token
        self._page, self._revision = secrets.token_hex(6), 0
        self._order: Any = None
        with ui.element("div").classes("room"):
            self.head(self.seen["you"]["name"])
            self.part("fault")
            self.part("changed")
            self.part("debrief")
            with ui.element("div").classes("two"):
                with ui.element("div").classes("stack"):
                    self.part("brief")
                    self.part("decision")
                with ui.element("div").classes("stack"):
                    self.part("books")
                    self.part("board")
                    self.part("team")
        self.begin()

    def draw(self) -> None:
        """Refresh every part from ``self.seen``."""
        seen, you = self.seen, self.seen["you"]
        self.changed()
        self.redraw("brief", None, self._brief)
        self.redraw("decision", self.when, self._decision)
        self.redraw("books", (self.when, len(you["books"])), self._books)
        self.board()
        self.redraw("team", tuple(you["team"]), self._team)
        self.ending()
        if you["order"] != self._order:
            # What is on the page counts as another decision once the team's has changed.
            self._order, self._revision = you["order"], self._revision + 1
        if seen["phase"] == "open" and seen["ready"]:
            self._acknowledge()

    def _brief(self) -> None:
        with section("Your brief"):
            words(self.seen["you"]["brief"], "blockquote").classes("brief")
            words("Only your seat reads this.", "p").classes("note")

    def _books(self) -> None:
        with section("What you alone know", part="books"):
            telling.books(self.seen["you"], self.seen["seats"])

    def _team(self) -> None:
        with section("Your team"):
            words(", ".join(self.seen["you"]["team"]), "p")
            words(
                f"You are {self.seen['you']['who']}. To come back on another device, join again "
                "with the code and take the same seat.",
                "p",
            ).classes("note")

    def drawing_up(self, done: int, of: int) -> None:
        """Say how far the debrief is."""
        with section("The debrief is being drawn up"):
            words(f"{done} of {of} worlds played." if of else "A moment.", "p").props('role="status"')

    # --- the decision ------------------------------------------------------------------------

    def _decision(self) -> None:
        seen = self.seen
        if seen["phase"] == "lobby":
            with section("Your decision"):
                words("Read your brief. The facilitator starts the game.", "p")
            return
        if seen["phase"] == "over":
            return
        with section(f"Your decision for {seen['quarter']}", part="decision"):
            if not seen["ready"]:
                words("The last quarter is being played out.", "p").props('role="status"')
                return
            self._form = DecisionForm(seen["you"], seen["seats"], self._touched)
            with ui.element("div").classes("send"):
                button("Send the decision", self._send, "main-act")
                self._sent = words("", "span").classes("sent").props('role="status"')
            words(
                "You may send again until the turn closes; the last one counts for the whole "
                "team. If nobody sends anything, the model decides for you.",
                "p",
            ).classes("note")

    def _touched(self) -> None:
        self._revision += 1
        self._acknowledge()

    def _acknowledge(self) -> None:
        """Say whether what is on the page is what the team has sent."""
        order = self.seen["you"]["order"]
        if order is None:
            self._sent.set_text("")
        elif self._form.is_sent(order):
            self._sent.set_text("Sent.")
        else:
            self._sent.set_text("Your team has sent another decision than the one shown here.")

    async def _send(self) -> None:
        turn = self.seen["turn"]
        client = f"{self._page}-{turn}-{self._revision}"
        await self.attempt(self._rooms.move(self._token, "order", turn, self._form.draft, client))
