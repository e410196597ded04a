"""The page behind the link of a room that is closed, or that cannot be read."""

from collections.abc import Awaitable, Callable

from nicegui import ui

from hedgerow.app.seminar.register import Unavailable
from hedgerow.app.seminar.rooms import Rooms
from hedgerow.app.text import words
from hedgerow.app.widgets import button, error, redraw, section
from hedgerow.seminar.seats import NotAllowed


class ClosedPage:
    """What is said of a room that cannot be entered, and what its facilitator may do about it.

    Parameters
    ----------
    rooms : Rooms
    token : str
        Of whoever asks.
    found : Unavailable
        The room, and why it cannot be entered.
    """

    def __init__(self, rooms: Rooms, token: str, found: Unavailable) -> None:
        self._rooms, self._token, self._found = rooms, token, found
        with ui.element("div").classes("closed"):
            self._draw(found)

    def _draw(self, found: Unavailable) -> None:
        closed = found.record is not None
        words(found.record.title if found.record else "A room that cannot be read", "h1")
        if closed:
            words(str(found), "p").props('role="status"')
        else:
            error(str(found))
        self._fault = ui.element("div")
        if not found.facilitates:
            button("Look again", ui.navigate.reload)
            return
        if closed:
            with section("Go on with it", part="reopen"):
                words(
                    "The code and everybody's links work again, with all moves as they were. "
                    "The clock stands until you let it run.",
                    "p",
                )
                button("Open it again", self._reopen, "main-act")
            with section("Keep it", part="keep"):
                words("The whole session as a file; it replays exactly and holds no names.", "p").classes("note")
                ui.link("Download the session", f"/seminar/session/{found.room}").classes("button")
        with section("Delete it", part="delete"):
            self._deleting = ui.element("div")
            redraw(self._deleting, self._offer_deletion)

    def _offer_deletion(self) -> None:
        words("It is kept until you delete it; nothing else deletes it.", "p").classes("note")
        button("Delete the room with all names and moves", lambda: redraw(self._deleting, self._ask), "danger")

    def _ask(self) -> None:
        words("This cannot be undone: names, moves and results are gone, and all links with them.", "p").props(
            'role="alert"'
        )
        with ui.element("div").classes("row-wrap"):
            button("Yes, delete it", self._delete, "danger")
            button("Keep it", lambda: redraw(self._deleting, self._offer_deletion))

    async def _reopen(self) -> None:
        await self._attempt(self._rooms.reopen, ui.navigate.reload)

    async def _delete(self) -> None:
        await self._attempt(self._rooms.delete, lambda: ui.navigate.to("/seminar/deleted"))

    async def _attempt(self, act: Callable[[str], Awaitable[None]], then: Callable[[], None]) -> None:
        self._fault.clear()
        try:
            await act(self._token)
        except NotAllowed as refused:
            with self._fault:
                error(str(refused))
            return
        then()
