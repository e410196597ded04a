"""The facilitator's page: the clock, the turns, events, who sits where, and the session's file."""

import secrets
from collections.abc import Callable
from functools import partial
from typing import Any

from nicegui import ui

from hedgerow.app.seminar import telling
from hedgerow.app.seminar.inputs import typed
from hedgerow.app.seminar.room import spaced
from hedgerow.app.seminar.roompage import RoomPage
from hedgerow.app.seminar.rooms import Rooms
from hedgerow.app.text import words
from hedgerow.app.widgets import button, choice, error, section
from hedgerow.data.start import names

KINDS = {
    "leadership_change": "Change of leaders",
    "war": "War",
    "peace": "Peace",
    "exposure": "A foreign police service centre is found",
    "agreement": "An agreement is signed",
    "pause": "Cooperation is suspended",
    "resume": "Cooperation resumes",
}


class HostPage(RoomPage):
    """The page of whoever holds the facilitator's token.

    Parameters
    ----------
    rooms : Rooms
    token : str
    site : str
        The address of the server.
    """

    exact = True

    def __init__(self, rooms: Rooms, token: str, site: str) -> None:
        super().__init__(lambda: rooms.who(token).room, lambda: rooms.view(token))
        self._rooms, self._token, self._site = rooms, token, site
        self._page = secrets.token_hex(6)
        self._event: dict[str, Any] = {}
        code = self.seen["facilitator"]["code"]
        with ui.element("div").classes("room"):
            self.head(self.seen["title"])
            with ui.element("div").classes("row-wrap"):
                words("Join code", "span")
                words(spaced(code), "span").classes("code").props('data-part="code"')
                ui.link("Projector view", f"/seminar/screen/{code}", new_tab=True).classes("button")
                exercise = self.exercise
                if exercise.name:
                    ui.link("Facilitator's guide", f"/seminar/guide/{exercise.name}", new_tab=True).classes("button")
            self.part("fault")
            self.part("changed")
            self.part("trouble")
            self.part("controls")
            self.part("debrief")
            with ui.element("div").classes("two"):
                with ui.element("div").classes("stack"):
                    self.part("decided")
                    self.part("orders")
                    self.part("board")
                with ui.element("div").classes("stack"):
                    self.part("events")
                    self.part("members")
                    self.part("room")
        self.begin()

    def draw(self) -> None:
        """Refresh every part from ``self.seen``."""
        seen, mine = self.seen, self.seen["facilitator"]
        self.redraw("trouble", mine["trouble"], self._trouble)
        # Not when the model has caught up: a press on a button that is being redrawn is lost.
        self.redraw("controls", (seen["phase"], seen["turn"], seen["paused"]), self._controls)
        self.changed()
        self.ending()
        self.decided()
        self.redraw("orders", (self.when, str(mine["orders"])), self._orders)
        self.board()
        self.redraw("events", (seen["phase"], seen["turn"], str(mine["cards"])), self._events)
        self.redraw("members", str(mine["members"]), self._members)
        self.redraw("room", None, self._rest)

    # --- the clock and the turns -------------------------------------------------------------

    def _controls(self) -> None:
        seen = self.seen
        with ui.element("div").classes("controls").props('data-part="controls"'):
            if seen["phase"] == "lobby":
                self._control("Start the game", "start", "main-act")
            if seen["phase"] == "open":
                self._control("Close the turn now", "step", "main-act")
                if seen["paused"]:
                    self._control("Let the clock run", "go")
                else:
                    self._control("Stop the clock", "pause")
                self._control("2 more minutes", "extend", body={"seconds": 120})
            if seen["turn"]:
                self._control("Undo the last turn", "undo")
                if seen["phase"] == "open":
                    self._control("End the game and debrief", "finish")

    def _control(self, text: str, kind: str, classes: str = "", body: dict[str, Any] | None = None) -> None:
        """Draw a button that makes one move, however often it is pressed before it is redrawn."""
        button(text, self._once(kind, lambda: body or {}), classes)

    def _once(self, kind: str, body: Callable[[], dict[str, Any]]) -> Callable[[], Any]:
        """Return what makes a move; asked for once, it makes one, but time is added each time."""
        turn, number = self.seen["turn"], secrets.token_hex(6)

        async def press() -> None:
            mark = secrets.token_hex(6) if kind == "extend" else number
            client = f"{self._page}-{kind}-{mark}"
            await self.attempt(self._rooms.move(self._token, kind, turn, body(), client))

        return press

    def _trouble(self) -> None:
        trouble = self.seen["facilitator"]["trouble"]
        if trouble:
            error(trouble)

    # --- the class ---------------------------------------------------------------------------

    def _orders(self) -> None:
        orders = self.seen["facilitator"]["orders"]
        if self.seen["phase"] != "open":
            return
        with section("What the seats have sent", part="orders"):
            words("For your eyes: keep it off the projector.", "p").classes("note")
            for seat, chair in self.seen["seats"].items():
                words(chair["name"], "h3")
                for line in telling.order_in_words(orders.get(seat), self.seen["seats"]):
                    words(line, "div")

    def _members(self) -> None:
        members = self.seen["facilitator"]["members"]
        with section("Who sits where", part="members"):
            if not members:
                words("Nobody has joined yet.", "p").classes("note")
            for seat, chair in self.seen["seats"].items():
                here = [m for m in members if m["seat"] == seat]
                if here:
                    words(chair["name"], "h3")
                for member in here:
                    with ui.element("div").classes("row-wrap").style("align-items: center"):
                        words(member["name"], "span")
                        removing = self._remove(member["member"])
                        press = button("Remove", removing, "plain danger")
                        press.props["aria-label"] = f"Remove {member['name']}"

    def _remove(self, member: str) -> Callable[[], Any]:
        async def remove() -> None:
            await self.attempt(self._rooms.remove(self._token, member))

        return remove

    # --- events ------------------------------------------------------------------------------

    def _events(self) -> None:
        if self.seen["phase"] != "open":
            return
        with section("Events", part="events"):
            words("They strike in the first month of the quarter that is being decided.", "p").classes("note")
            for place, card in enumerate(self.seen["facilitator"]["cards"]):
                with ui.element("div").classes("row-wrap pending"):
                    words(card["title"], "strong")
                    button("Withdraw", self._once("withdraw", partial(dict, place=place)))
            with ui.element("div").classes("event-list"):
                for card in self.exercise.cards:
                    button(card.title, self._once("inject", partial(card.model_dump, mode="json")))
            self._own_event()

    def _own_event(self) -> None:
        exercise = self.exercise
        known = names()
        states = {c: known[c] for b in exercise.blocs.values() for c in b.members}
        wholes = {f"bloc:{k}": f"All of {b.name}" for k, b in exercise.blocs.items()}
        donors = {"": "Every donor", **{k: s.name for k, s in exercise.donors.items()}}
        self._event = {"title": "", "kind": "leadership_change", "where": next(iter(states)), "donor": ""}

        def keep(key: str) -> Callable[[str], None]:
            return lambda value: self._event.__setitem__(key, value)

        with ui.element("details"):
            words("An event of your own", "summary")
            with ui.element("div").classes("stack").style("padding-top: .6rem"):
                typed("Headline", "event-title", keep("title"))
                choice("What happens", "event-kind", KINDS, keep("kind"), self._event["kind"])
                choice("Where", "event-where", {**states, **wholes}, keep("where"), self._event["where"])
                choice("Concerning", "event-donor", donors, keep("donor"), "")
                button("Inject this event", self._once("inject", self._own_card))

    def _own_card(self) -> dict[str, Any]:
        where = self._event["where"]
        blocs = self.exercise.blocs
        members = blocs[where[5:]].members if where.startswith("bloc:") else (where,)
        title = self._event["title"].strip()[:120] or KINDS[self._event["kind"]]
        return {"title": title, "kind": self._event["kind"], "recipients": list(members), "donor": self._event["donor"]}

    # --- the room ----------------------------------------------------------------------------

    def _rest(self) -> None:
        room = self.seen["room"]
        with section("The room"):
            words("The whole session as a file; it replays exactly and holds no names.", "p").classes("note")
            ui.link("Download the session", f"/seminar/session/{room}").classes("button")
            with ui.element("details").style("margin-top: .6rem"):
                words("Open this page on another device", "summary")
                words("Whoever has this link runs the room. Do not show it on the projector.", "p").classes("note")
                with ui.element("p").style("overflow-wrap: anywhere"):
                    words(self._site, "code")
                    words(f"/seminar/enter/{self._token}", "code")
            with ui.element("details").style("margin-top: .6rem"):
                words("Close the room", "summary")
                words(
                    "Its code and all links stop working. Nothing is deleted: your own link then leads to a page "
                    "where you can open it again, download the session, or delete the room with all names.",
                    "p",
                )
                button("Close the room", self._close, "danger")

    async def _close(self) -> None:
        if await self.attempt(self._rooms.close(self._token)):
            ui.navigate.reload()
