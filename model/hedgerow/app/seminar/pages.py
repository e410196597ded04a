"""The ways into the seminar room: ``mount`` offers its pages, its files and its socket.

A token travels once, in the link that is entered, and is a cookie from then on that scripts cannot
read; the address bar shows the room's key, which opens nothing by itself. Where the rooms' file cannot
be opened there are no rooms, and these pages say why; the lab and the studies are there all the same.
"""

import re
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from urllib.parse import quote

from fastapi import Request, WebSocket
from fastapi.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from nicegui import app, ui

from hedgerow.app.frame import frame
from hedgerow.app.jobs import scheduler
from hedgerow.app.lab.levers import sources
from hedgerow.app.seminar.closed import ClosedPage
from hedgerow.app.seminar.entrance import EntrancePage
from hedgerow.app.seminar.host import HostPage
from hedgerow.app.seminar.projector import ProjectorPage
from hedgerow.app.seminar.register import STALE, Unavailable
from hedgerow.app.seminar.rooms import Rooms
from hedgerow.app.seminar.roomstore import RoomStore
from hedgerow.app.seminar.student import SeatPage
from hedgerow.app.seminar.wire import PATH, Wire
from hedgerow.app.settings import Settings
from hedgerow.app.text import words
from hedgerow.app.widgets import error
from hedgerow.scenario.errors import ScenarioError
from hedgerow.seminar import exercise as exercises
from hedgerow.seminar.seats import NotAllowed

CSS = Path(__file__).parent / "seminar.css"
KEPT = 90 * 24 * 3600
"""Seconds a browser keeps its place: a room may be paused for long."""


def mount(settings: Settings) -> None:
    """Offer the seminar room, or say why there is none."""
    try:
        door = _Door(settings)
    except ScenarioError as error:
        print(f"hedgerow: there are no seminar rooms: {error}", file=sys.stderr, flush=True)
        _without_rooms(f"{settings.rooms.name}: {error.fault}")
        return
    app.on_startup(door.open)
    app.on_shutdown(door.close)
    _pages(door)
    _routes(door)


class _Door:
    """The rooms, from the moment the server runs; tidied up when it ends."""

    def __init__(self, settings: Settings) -> None:
        self._store = RoomStore(settings.rooms)
        self.rooms = Rooms(self._store, lambda *a: scheduler().run(*a), settings.limits.rooms)
        self.wire = Wire(self.rooms)

    async def open(self) -> None:
        await self.rooms.start()

    async def close(self) -> None:
        await self.rooms.stop()
        self._store.close()

    def token(self, request: Request, room: str) -> str:
        """Return the token a browser holds for a room."""
        return request.cookies.get(_cookie(room), "")


def _without_rooms(why: str) -> None:
    """Say on every page of the seminar why there are no rooms."""
    told = f"There are no seminar rooms on this server now, because their file cannot be used. {why}."

    @ui.page("/seminar")
    @ui.page("/seminar/{rest:path}")
    def none(rest: str = "") -> None:  # noqa: ARG001
        with frame("Seminar room", here="/seminar", css=CSS):
            words("Seminar room", "h1")
            error(told)
            words("Whoever runs the server can put it right and start it again. The lab and the studies work.", "p")

    @app.websocket(PATH)
    async def wire(socket: WebSocket) -> None:
        await socket.accept()
        await socket.send_json({"is": "refused", "why": told})
        await socket.close(1011)


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
            room, facilitates = holder.room.record.room, holder.facilitates
        except Unavailable as closed:
            room, facilitates = closed.room, closed.facilitates
        except NotAllowed:
            return RedirectResponse("/seminar/gone", 303)
        where = "host" if facilitates else "seat"
        answer = RedirectResponse(f"/seminar/{where}/{quote(room, safe='')}", 303)
        answer.set_cookie(
            _cookie(room),
            token,
            max_age=KEPT,
            path="/seminar",
            httponly=True,
            samesite="lax",
            secure=request.url.scheme == "https",
        )
        return answer

    @app.get("/seminar/session/{room}")
    async def session(room: str, request: Request) -> Response:
        try:
            content = await rooms.session(door.token(request, room))
        except NotAllowed as refused:
            return PlainTextResponse(str(refused), 403)
        name = re.sub(r"[^0-9a-f]", "", room)
        named = {"Content-Disposition": f'attachment; filename="hedgerow-session-{name}.json"'}
        return JSONResponse(content, headers={**named, "Cache-Control": "no-store"})

    @app.websocket(PATH)
    async def wire(socket: WebSocket) -> None:
        await door.wire(socket)


def _pages(door: _Door) -> None:
    rooms = door.rooms

    @ui.page("/seminar")
    def start(request: Request) -> None:
        with frame("Seminar room", here="/seminar", css=CSS):
            EntrancePage(rooms, _address(request), request.query_params.get("code", ""))

    @ui.page("/seminar/guide/{name}")
    def guide(name: str) -> None:
        text, why = "", "There is no exercise of that name."
        try:
            text = exercises.facilitators_page(name)
        except ScenarioError as fault:
            why = str(fault)
        with frame("Facilitator's guide", here="/seminar", css=CSS):
            if not text:
                error(why)
                return
            with ui.element("article").classes("guide card"):
                ui.markdown(text, extras=["tables", "fenced-code-blocks"])
                _cited(text)

    @ui.page("/seminar/gone")
    def gone() -> None:
        _sorry(STALE)

    @ui.page("/seminar/deleted")
    def deleted() -> None:
        with frame("Seminar room", here="/seminar", css=CSS):
            words("The room is deleted", "h1")
            words("Names, moves and results are gone from this server, and the room's links lead nowhere.", "p")
            ui.link("To the seminar room", "/seminar").classes("button")

    @ui.page("/seminar/screen/{code}")
    def screen(code: str, request: Request) -> None:
        try:
            room = rooms.by_code(code, _address(request))
        except NotAllowed as refused:
            _sorry(str(refused))
            return
        with frame("Projector", here="/seminar", css=CSS, bare=True):
            ProjectorPage(rooms, room, f"{_site(request)}/seminar")

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


def _own(door: _Door, request: Request, room: str, *, facilitates: bool, draw: Callable[[Rooms, str], object]) -> None:
    """Draw a page for whoever holds the right token, and for nobody else."""
    token = door.token(request, room)
    try:
        holder = door.rooms.who(token)
        if holder.facilitates != facilitates or holder.room.record.room != room:
            raise NotAllowed(STALE)
    except Unavailable as closed:
        with frame("Seminar room", here="/seminar", css=CSS):
            ClosedPage(door.rooms, token, closed)
        return
    except NotAllowed as refused:
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
