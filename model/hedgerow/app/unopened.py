"""Pages that were sent and have not opened their socket: limited in number, and forgotten soon.

The server builds a page when it is asked for and keeps it for the browser that comes back by a socket. Whoever
only asks, such as a robot, never does, so that pages of theirs would fill the memory.
"""

import asyncio
from collections import Counter
from math import ceil
from time import monotonic

from nicegui import Client
from starlette.responses import PlainTextResponse
from starlette.routing import compile_path
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hedgerow.app.settings import Limits

BUILT = 250
"""Elements that a page is reckoned to have before it is built; none has more."""
FULL = "Many pages were asked for and not opened; try again in a moment."


class Unopened:
    """ASGI middleware that refuses a page where too many wait to be opened, and forgets those that never are.

    Parameters
    ----------
    app : ASGI application
        With its pages in place.
    limits : Limits
    """

    def __init__(self, app: ASGIApp, limits: Limits) -> None:
        self._app, self._limits = app, limits
        self._pages = [compile_path(route)[0] for route in Client.page_routes.values()]
        self._building = Counter[str]()
        self._since: dict[str, float] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or not any(page.match(scope["path"]) for page in self._pages):
            await self._app(scope, receive, send)
            return
        address = scope["client"][0] if scope.get("client") else ""
        if not self._has_room(address):
            headers = {"Retry-After": str(ceil(self._limits.opening))}
            await PlainTextResponse(FULL, 503, headers)(scope, receive, send)
            return
        self._building[address] += BUILT
        left = [BUILT]

        async def sent(message: Message) -> None:
            """Send what the page answers: it is built, and counted by what it has from now on."""
            if left:
                self._building[address] -= left.pop()
            await send(message)

        try:
            await self._app(scope, receive, sent)
        finally:
            self._building[address] -= sum(left)
            self._building = +self._building
            self._forget()
            asyncio.get_running_loop().call_later(self._limits.opening, self._forget)

    def _has_room(self, address: str) -> bool:
        waiting = self._building.copy()
        for page in self._waiting():
            waiting[page.ip] += len(page.elements)
        return waiting.total() + BUILT <= self._limits.unopened and waiting[address] + BUILT <= self._limits.unopened_address

    def _waiting(self) -> list[Client]:
        return [page for page in Client.instances.values() if page.environ is None]

    def _forget(self) -> None:
        """Forget the pages that have waited too long, and note since when the others wait."""
        now, waiting = monotonic(), self._waiting()
        self._since = {page.id: self._since.get(page.id, now) for page in waiting}
        for page in waiting:
            if self._since[page.id] <= now - self._limits.opening:
                page.delete()
