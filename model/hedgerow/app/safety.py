"""The guard before every request: who may ask, how much they may send, what pages may load.

A page may load nothing from elsewhere. NiceGUI starts a page by inline scripts and evaluates its
own messages, so scripts need a nonce, which is put on the page's scripts here, and ``unsafe-eval``.

A page of another site may have its visitors' browsers ask for nothing here: no image, script, frame,
download, call or socket. That includes whatever only reads, because to read a report or a download makes
the server work. Browsers say where a request comes from by ``Sec-Fetch-Site`` (``same-origin``, and
``none`` for an address typed in, are this site's), by ``Origin`` and by ``Referer``; whoever says nothing,
such as ``curl`` or a browser without ``Sec-Fetch-Site``, is let in. The one exception is a link that is
followed: it may lead to the routes the guard is told of, pages that do little until they open a socket.
Any other route, and so a new one, is refused. Browsers send ``Sec-Fetch-Site`` to this machine and over
HTTPS alone, so a server that others reach over plain HTTP has ``Origin`` and ``Referer`` to go by.
"""

import re
import secrets
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable
from time import monotonic
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.routing import compile_path
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SCRIPT = re.compile(rb"<script(?=[\s>])")
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
POLICY = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self' ws://{host} wss://{host}; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
HOST = re.compile(r"^[A-Za-z0-9.\-_]+(:\d+)?$|^\[[0-9A-Fa-f:.]+\](:\d+)?$")


class Rate:
    """How often each of many may try: so many times within so many seconds.

    Parameters
    ----------
    count : int
        Tries allowed within the time.
    seconds : float
        The time.
    most : int
        Most keys remembered; the oldest are forgotten first.
    clock : callable
        Where the time comes from.
    """

    def __init__(self, count: int, seconds: float, most: int = 10_000, clock: Callable[[], float] = monotonic) -> None:
        self._count, self._seconds, self._most, self._clock = count, seconds, most, clock
        self._tries: OrderedDict[str, deque[float]] = OrderedDict()

    def allow(self, key: str) -> bool:
        """Count a try and say whether it is allowed."""
        now = self._clock()
        tries = self._tries.setdefault(key, deque())
        self._tries.move_to_end(key)
        while tries and tries[0] <= now - self._seconds:
            tries.popleft()
        if len(self._tries) > self._most:
            self._tries.popitem(last=False)
        if len(tries) >= self._count:
            return False
        tries.append(now)
        return True


class Guard:
    """ASGI middleware that refuses what must not be, and sets the headers of what is answered.

    Parameters
    ----------
    app : ASGI application
    hosts : set of str, optional
        Host names answered to. On loopback any other is a page elsewhere that had its own name point here.
    body : int
        Most bytes of a request.
    linked : iterable of str
        Routes that links of other sites may lead to, such as ``/seminar/guide/{name}``.
    """

    def __init__(self, app: ASGIApp, hosts: frozenset[str] | None, body: int, linked: Iterable[str] = ()) -> None:
        self._app, self._hosts, self._body = app, hosts, body
        self._linked = [compile_path(route)[0] for route in linked]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request or open one socket."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        status, fault = self._fault(scope, headers)
        if status:
            await _refuse(scope, receive, send, status, fault)
        elif scope["type"] == "websocket":
            await self._app(scope, receive, send)
        else:
            await self._watched(scope, receive, send, headers.get("host", ""))

    async def _watched(self, scope: Scope, receive: Receive, send: Send, host: str) -> None:
        """Answer a request, or refuse it where its body grows too large while it is read."""
        counted = _Counted(receive, self._body)
        try:
            await self._app(scope, counted, _Sender(send, host, counted))
        except Exception:
            if not counted.over:
                raise
        if counted.over:
            await _refuse(scope, receive, _Sender(send, host), 413, self._too_large())

    def _too_large(self) -> str:
        return f"a request may be at most {self._body:,} bytes"

    def _fault(self, scope: Scope, headers: Headers) -> tuple[int, str]:
        """Return the status and the reason of a refusal; 0 where there is none."""
        host = headers.get("host", "")
        if not HOST.match(host):
            return 400, "the request names no host that can be read"
        name = host if host.endswith("]") else host.rsplit(":", 1)[0] if ":" in host else host
        if self._hosts is not None and name.lower() not in self._hosts:
            return 400, f"this server does not answer to the name {name}"
        if _from_elsewhere(headers, host) and not self._is_link(scope, headers):
            return 403, "a page of another site may not do this"
        length = headers.get("content-length", "0")
        if not re.fullmatch("[0-9]{1,18}", length) or int(length) > self._body:
            return 413, self._too_large()
        return 0, ""

    def _is_link(self, scope: Scope, headers: Headers) -> bool:
        """Say whether a request is a link that was followed, to where links may lead."""
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD") or "origin" in headers:
            return False
        whole = (headers.get("sec-fetch-mode", "navigate"), headers.get("sec-fetch-dest", "document"))
        return whole == ("navigate", "document") and any(route.match(scope["path"]) for route in self._linked)


def _from_elsewhere(headers: Headers, host: str) -> bool:
    """Say whether a page of another site has its visitor's browser ask."""
    site = headers.get("sec-fetch-site")
    told = [headers[name] for name in ("origin", *(["referer"] if site is None else [])) if name in headers]
    return site not in (None, "same-origin", "none") or any(_site(page) != host.lower() for page in told)


def _site(page: str) -> str:
    """Return the host that an address names; blank, which is no host, where it cannot be read."""
    try:
        return urlsplit(page).netloc.lower()
    except ValueError:
        return ""


class _TooLargeError(Exception):
    """A body grew beyond the limit while it was read."""


class _Counted:
    """Receive a body, and stop where it grows too large, whatever its length was said to be."""

    def __init__(self, receive: Receive, most: int) -> None:
        self._receive, self._left = receive, most

    @property
    def over(self) -> bool:
        """Whether more came than may."""
        return self._left < 0

    async def __call__(self) -> Message:
        message = await self._receive()
        self._left -= len(message.get("body", b""))
        if self.over:
            raise _TooLargeError
        return message


class _Sender:
    """Send an answer with its headers; hold a page back to put the nonce on its scripts.

    What an application says of a body that grew too large is not sent; the guard says it.
    """

    def __init__(self, send: Send, host: str, body: _Counted | None = None) -> None:
        self._send, self._host, self._read = send, host, body
        self._nonce = secrets.token_urlsafe(16)
        self._start: Message | None = None
        self._parts: list[bytes] = []

    async def __call__(self, message: Message) -> None:
        if self._read is not None and self._read.over:
            return
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
            policy = POLICY.format(nonce=self._nonce, host=self._host)
            headers.setdefault("Content-Security-Policy", policy)
            own = policy == headers["Content-Security-Policy"]
            page = headers.get("content-type", "").startswith("text/html") and own
            if page and "content-encoding" not in headers:
                self._start = message
                return
        elif message["type"] == "http.response.body" and self._start is not None:
            self._parts.append(message.get("body", b""))
            if not message.get("more_body"):
                await self._page(self._start)
            return
        await self._send(message)

    async def _page(self, start: Message) -> None:
        mark = f'<script nonce="{self._nonce}"'.encode()
        body = SCRIPT.sub(mark, b"".join(self._parts))
        MutableHeaders(scope=start)["content-length"] = str(len(body))
        await self._send(start)
        await self._send({"type": "http.response.body", "body": body, "more_body": False})


async def _refuse(scope: Scope, receive: Receive, send: Send, status: int, fault: str) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008, "reason": fault})
        return
    await PlainTextResponse(fault, status)(scope, receive, send)
