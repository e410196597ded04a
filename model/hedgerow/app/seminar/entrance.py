"""The seminar room's first page: joining a room by its code, and opening one."""

import secrets
from collections.abc import Callable

from nicegui import ui

from hedgerow.app.seminar.inputs import typed
from hedgerow.app.seminar.room import Room
from hedgerow.app.seminar.rooms import Rooms
from hedgerow.app.text import words
from hedgerow.app.widgets import button, choice, error, section
from hedgerow.seminar import exercise as exercises
from hedgerow.seminar.seats import NotAllowed


class EntrancePage:
    """Joining a room, and opening one.

    Parameters
    ----------
    rooms : Rooms
    address : str
        Whose page it is, for the limits on tries.
    code : str
        A code from the link, if there was one.
    """

    def __init__(self, rooms: Rooms, address: str, code: str) -> None:
        self._rooms, self._address = rooms, address
        self._code, self._name = code[:20], ""
        self._shelf, self._unread = exercises.shelf()
        self._exercise = next(iter(self._shelf), "")
        self._turns, self._minutes, self._seed = "", "", str(secrets.randbelow(10_000))
        words("Seminar room", "h1")
        with ui.element("div").classes("two").style("margin-top: 1rem"):
            with section("Join a room", part="join"):
                self._join()
            with section("Open a room", part="open"):
                self._open()

    # --- joining -----------------------------------------------------------------------------

    def _join(self) -> None:
        self._join_fault = ui.element("div")
        self._joining = ui.element("div").classes("join")
        with self._joining:
            typed("Code on the screen", "code", lambda v: setattr(self, "_code", v), value=self._code, classes="code-field")
            typed("Your name, as the others know you", "name", lambda v: setattr(self, "_name", v))
            button("Choose a seat", self._to_seats, "main-act")

    def _to_seats(self) -> None:
        self._join_fault.clear()
        try:
            room = self._rooms.by_code(self._code, self._address)
            if not self._name.strip():
                raise NotAllowed("Give a name that the others know you by.")
        except NotAllowed as refused:
            self._tell(self._join_fault, str(refused))
            return
        self._joining.clear()
        with self._joining:
            self._seats(room)

    def _seats(self, room: Room) -> None:
        words(room.state.exercise.title, "h3")
        words("Take a seat. Several can share one and decide together.", "p").classes("note")
        with ui.element("div").classes("seat-list"):
            for seat, free in room.places.items():
                left = f"{free['taken']} here, {free['free']} free" if free["free"] else "full"
                press = button(free["name"], self._take(seat))
                with press:
                    words(left, "span").classes("note")

    def _take(self, seat: str) -> Callable[[], object]:
        async def take() -> None:
            try:
                token = await self._rooms.join(self._code, self._name, seat, self._address)
            except NotAllowed as refused:
                self._tell(self._join_fault, str(refused))
                return
            ui.navigate.to(f"/seminar/enter/{token}")

        return take

    @staticmethod
    def _tell(place: ui.element, why: str) -> None:
        place.clear()
        with place:
            error(why)

    # --- opening -----------------------------------------------------------------------------

    def _open(self) -> None:
        words("A facilitator opens a room; the class joins by its code.", "p").classes("note")
        for name, why in self._unread.items():
            error(f"The exercise {name} cannot be read, because {why}")
        self._open_fault = ui.element("div")
        if not self._shelf:
            words("There is no exercise to play.", "p")
            return
        with ui.element("div").classes("join"):
            choice("Exercise", "exercise", {n: e.title for n, e in self._shelf.items()}, self._chosen, self._exercise)
            self._about = ui.element("div")
            typed("Turns (blank: as the exercise has them)", "turns", lambda v: setattr(self, "_turns", v))
            typed("Minutes a turn (blank: as the exercise has them)", "minutes", lambda v: setattr(self, "_minutes", v))
            typed("Seed: the same seed draws the same chance", "seed", lambda v: setattr(self, "_seed", v), value=self._seed)
            button("Open the room", self._opened, "main-act")
        self._tell_about()

    def _chosen(self, name: str) -> None:
        if name in self._shelf:
            self._exercise = name
            self._tell_about()

    def _tell_about(self) -> None:
        chosen = self._shelf[self._exercise]
        self._about.clear()
        with self._about:
            words(chosen.aim, "p")
            seats = ", ".join(seat.name for seat in chosen.seats.values())
            words(f"{chosen.turns} turns of {chosen.minutes:g} minutes. Seats: {seats}.", "p").classes("note")
            ui.link("Facilitator's guide", f"/seminar/guide/{self._exercise}")

    async def _opened(self) -> None:
        self._open_fault.clear()
        try:
            chosen = exercises.asked(self._exercise, self._turns, self._minutes)
            seed = exercises.seed_of(self._seed)
            opened = await self._rooms.open(chosen, seed, self._address)
        except ValueError as fault:
            self._tell(self._open_fault, str(fault))
            return
        ui.navigate.to(f"/seminar/enter/{opened.token}")
