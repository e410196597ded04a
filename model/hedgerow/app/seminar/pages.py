"""The ways into the seminar room: ``mount`` offers its pages, its files and its socket.

A token travels once, in the link that is entered, and is a cookie from then on that scripts cannot
read; the address bar shows the room's key, which opens nothing by itself.
"""

import secrets
from collections.abc import Callable
from functools import partial
from pathlib import Path

from fastapi import Request, WebSocket
from fastapi.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from nicegui import app, ui

from hedgerow.app.frame import frame
from hedgerow.app.jobs import crew
from hedgerow.app.lab.levers import sources
from hedgerow.app.seminar import exercise as exercises
from hedgerow.app.seminar import views
from hedgerow.app.seminar.host import HostPage
from hedgerow.app.seminar.parts import button, choice, error, section, typed, words
from hedgerow.app.seminar.register import STALE
from hedgerow.app.seminar.room import Room
from hedgerow.app.seminar.rooms import Rooms
from hedgerow.app.seminar.screen import ScreenPage
from hedgerow.app.seminar.seats import Refused
from hedgerow.app.seminar.store import Store
from hedgerow.app.seminar.student import SeatPage
from hedgerow.app.seminar.wire import PATH, Wire
from hedgerow.app.settings import Settings

CSS = Path(__file__).parent / "seminar.css"
KEPT = 12 * 3600
"""Seconds a browser keeps its place."""


def mount(settings: Settings) -> None:
    """Offer the seminar room."""
    door = _Door(settings)
    app.on_startup(door.open)
    app.on_shutdown(door.close)
    _pages(door)
    _routes(door)


class _Door:
    """The rooms, from the moment the server runs; tidied up when it ends."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._store = Store(settings.rooms)
        self.rooms = Rooms(self._store, lambda *a: crew().run(*a), settings.limits.rooms)
        self.wire = Wire(self.rooms)

    async def open(self) -> None:
        await self.rooms.start()

    async def close(self) -> None:
        await self.rooms.stop()
        self._store.close()

    def token(self, request: Request, room: str) -> str:
        """Return the token a browser holds for a room."""
        return request.cookies.get(_cookie(room), "")


def _cookie(room: str) -> str:
    return f"hedgerow-room-{room}"


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def _site(request: Request) -> str:
    return f"{request.url.scheme}://{request.url.netloc}"


def _routes(door: _Door) -> None:
    rooms = door.rooms

    @app.get("/seminar/enter/{token}")
    async def enter(token: str, request: Request) -> Response:
        try:
            holder = rooms.who(token)
        except Refused:
            return RedirectResponse("/seminar/gone", 303)
        room = holder.room.record.room
        where = "host" if holder.facilitates else "seat"
        answer = RedirectResponse(f"/seminar/{where}/{room}", 303)
        answer.set_cookie(
            _cookie(room), token, max_age=KEPT, path="/seminar", httponly=True, samesite="lax",
            secure=request.url.scheme == "https",
        )  # fmt: skip
        return answer

    @app.get("/seminar/session/{room}")
    async def session(room: str, request: Request) -> Response:
        try:
            content = await rooms.session(door.token(request, room))
        except Refused as refused:
            return PlainTextResponse(str(refused), 403)
        named = {"Content-Disposition": f'attachment; filename="hedgerow-session-{room}.json"'}
        return JSONResponse(content, headers={**named, "Cache-Control": "no-store"})

    @app.websocket(PATH)
    async def wire(socket: WebSocket) -> None:
        await door.wire(socket)


def _pages(door: _Door) -> None:
    rooms = door.rooms

    @ui.page("/seminar")
    def start(request: Request) -> None:
        with frame("Seminar room", here="/seminar", css=CSS):
            StartPage(rooms, _address(request), request.query_params.get("code", ""))

    @ui.page("/seminar/guide/{name}")
    def guide(name: str) -> None:
        text = exercises.facilitators_page(name)
        with frame("Facilitator's guide", here="/seminar", css=CSS):
            if not text:
                error("There is no exercise of that name.")
                return
            with ui.element("article").classes("guide card"):
                ui.markdown(text, extras=["tables", "fenced-code-blocks"])
                _cited(text)

    @ui.page("/seminar/gone")
    def gone() -> None:
        _sorry(STALE)

    @ui.page("/seminar/screen/{code}")
    def screen(code: str, request: Request) -> None:
        try:
            room = rooms.by_code(code, _address(request))
        except Refused as refused:
            _sorry(str(refused))
            return
        with frame("Projector", here="/seminar", css=CSS, bare=True):
            ScreenPage(rooms, room, f"{_site(request)}/seminar")

    @ui.page("/seminar/seat/{room}")
    def seat(room: str, request: Request) -> None:
        _own(door, request, room, facilitates=False, draw=SeatPage)

    @ui.page("/seminar/host/{room}")
    def host(room: str, request: Request) -> None:
        draw = partial(HostPage, site=_site(request))
        _own(door, request, room, facilitates=True, draw=draw)


def _cited(text: str) -> None:
    """List the facts a text cites by their numbers."""
    cited = sources(text)
    if cited:
        words("The facts it cites", "h2")
        with ui.element("ul").classes("news"):
            for line in cited:
                words(line, "li")


def _own(
    door: _Door, request: Request, room: str, *, facilitates: bool,
    draw: Callable[[Rooms, str], object],
) -> None:  # fmt: skip
    """Draw a page for whoever holds the right token, and for nobody else."""
    token = door.token(request, room)
    try:
        holder = door.rooms.who(token)
        if holder.facilitates != facilitates or holder.room.record.room != room:
            raise Refused(STALE)
    except Refused as refused:
        _sorry(str(refused))
        return
    title = holder.room.state.exercise.title
    with frame(title, here="/seminar", css=CSS, bare=True):
        draw(door.rooms, token)


def _sorry(why: str) -> None:
    with frame("Seminar room", here="/seminar", css=CSS):
        words("This leads nowhere", "h1")
        error(why)
        ui.link("To the seminar room", "/seminar").classes("button")


class StartPage:
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
        self._exercise = exercises.names()[0]
        self._turns, self._minutes, self._seed = "", "", str(secrets.randbelow(10_000))
        words("Seminar room", "h1")
        with ui.element("div").classes("two").style("margin-top: 1rem"):
            with section("Join a room", "join"):
                self._join()
            with section("Open a room", "open"):
                self._open()

    # --- joining -----------------------------------------------------------------------------

    def _join(self) -> None:
        self._join_fault = ui.element("div")
        self._joining = ui.element("div").classes("join")
        with self._joining:
            typed("Code on the screen", "code", lambda v: setattr(self, "_code", v),
                  value=self._code, classes="code-field")  # fmt: skip
            typed("Your name, as the others know you", "name",
                  lambda v: setattr(self, "_name", v))  # fmt: skip
            button("Choose a seat", self._to_seats, "main-act")

    def _to_seats(self) -> None:
        self._join_fault.clear()
        try:
            room = self._rooms.by_code(self._code, self._address)
            if not self._name.strip():
                raise Refused("Give a name that the others know you by.")
        except Refused as refused:
            self._tell(self._join_fault, str(refused))
            return
        self._joining.clear()
        with self._joining:
            self._seats(room)

    def _seats(self, room: Room) -> None:
        words(room.state.exercise.title, "h3")
        words("Take a seat. Several can share one and decide together.", "p").classes("note")
        with ui.element("div").classes("seat-list"):
            for seat, free in views.seats_free(room.state, room.members).items():
                left = f"{free['taken']} here, {free['free']} free" if free["free"] else "full"
                press = button(free["name"], self._take(seat))
                with press:
                    words(left, "span").classes("note")

    def _take(self, seat: str) -> Callable[[], object]:
        async def take() -> None:
            try:
                token = await self._rooms.join(self._code, self._name, seat, self._address)
            except Refused as refused:
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
        shelf = {name: exercises.load(name) for name in exercises.names()}
        words("A facilitator opens a room; the class joins by its code.", "p").classes("note")
        self._open_fault = ui.element("div")
        with ui.element("div").classes("join"):
            choice("Exercise", "exercise", {n: e.title for n, e in shelf.items()}, self._exercise,
                   self._chosen)  # fmt: skip
            self._about = ui.element("div")
            typed("Turns (blank: as the exercise has them)", "turns",
                  lambda v: setattr(self, "_turns", v))  # fmt: skip
            typed("Minutes a turn (blank: as the exercise has them)", "minutes",
                  lambda v: setattr(self, "_minutes", v))  # fmt: skip
            typed("Seed: the same seed draws the same chance", "seed",
                  lambda v: setattr(self, "_seed", v), value=self._seed)  # fmt: skip
            button("Open the room", self._opened, "main-act")
        self._tell_about()

    def _chosen(self, name: str) -> None:
        self._exercise = name
        self._tell_about()

    def _tell_about(self) -> None:
        chosen = exercises.load(self._exercise)
        self._about.clear()
        with self._about:
            words(chosen.aim, "p")
            seats = ", ".join(seat.name for seat in chosen.seats.values())
            words(f"{chosen.turns} turns of {chosen.minutes:g} minutes. Seats: {seats}.", "p"
                  ).classes("note")  # fmt: skip
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
