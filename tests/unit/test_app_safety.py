"""The guard: who is refused, what headers every answer has, and rates."""

import asyncio
import re
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, Request, WebSocket
from fastapi.responses import HTMLResponse, PlainTextResponse
from hypothesis import given
from hypothesis import strategies as st
from nicegui import Client
from starlette.routing import Mount, Route

from hedgerow.app.safety import Guard, Rate
from hedgerow.app.server import LINKED, build
from hedgerow.app.settings import Settings

PAGE = '<html><script>1</script><script type="module" src="x"></script><p>&lt;script&gt;</p></html>'


def guarded(hosts: frozenset[str] | None = frozenset({"127.0.0.1"}), body: int = 100) -> Any:
    site = FastAPI()

    @site.get("/page")
    def page() -> HTMLResponse:
        return HTMLResponse(PAGE)

    @site.get("/report")
    def report() -> HTMLResponse:
        return HTMLResponse(PAGE, headers={"Content-Security-Policy": "sandbox"})

    @site.post("/size")
    async def size(request: Request) -> int:
        return len(await request.body())

    return Guard(site, hosts, body)


def ask(app: Any, method: str, path: str, **given: Any) -> httpx.Response:
    async def once() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1:8080") as client:
            return await client.request(method, path, **given)

    return asyncio.run(once())


def test_a_page_has_a_policy_and_its_scripts_the_nonce() -> None:
    answer = ask(guarded(), "GET", "/page")
    policy = answer.headers["content-security-policy"]
    nonce = re.search(r"'nonce-([^']+)'", policy)
    assert nonce
    assert answer.text.count(f'<script nonce="{nonce[1]}"') == 2
    assert "&lt;script&gt;" in answer.text
    assert int(answer.headers["content-length"]) == len(answer.content)
    assert "frame-ancestors 'none'" in policy
    assert "http:" not in policy
    assert "'unsafe-inline'" not in policy.split("style-src")[0]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert nonce[1] not in ask(guarded(), "GET", "/page").text


def test_an_answer_with_a_policy_of_its_own_gets_no_nonce() -> None:
    answer = ask(guarded(), "GET", "/report")
    assert answer.headers["content-security-policy"] == "sandbox"
    assert answer.text == PAGE


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:8080", 200),
        ("127.0.0.1", 200),
        ("evil.example", 400),
        ("", 400),
        ("127.0.0.1.evil.example", 400),
        ("a b", 400),
        ("127.0.0.1:x", 400),
    ],
)
def test_only_its_own_name_is_answered_on_loopback(host: str, status: int) -> None:
    assert ask(guarded(), "GET", "/page", headers={"Host": host}).status_code == status


def test_any_name_is_answered_where_others_may_come() -> None:
    assert Settings().hosts == {"localhost", "127.0.0.1", "[::1]"}
    assert Settings(host="0.0.0.0").hosts is None
    answer = ask(guarded(None), "GET", "/page", headers={"Host": "class.example:80"})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("origin", "status"),
    [("http://127.0.0.1:8080", 200), ("http://evil.example", 403), ("null", 403), ("http://127.0.0.1:9999", 403)],
)
def test_another_sites_page_may_change_nothing(origin: str, status: int) -> None:
    assert ask(guarded(), "POST", "/size", headers={"Origin": origin}).status_code == status
    assert ask(guarded(), "GET", "/page", headers={"Origin": origin}).status_code == status


LINK = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
IMAGE = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"}
WHO_ASKS: dict[str, tuple[dict[str, str], bool, bool]] = {
    "a program, which says nothing": ({}, True, True),
    "an address typed in": (LINK | {"Sec-Fetch-Site": "none"}, True, True),
    "a page of this site": (IMAGE | {"Sec-Fetch-Site": "same-origin"}, True, True),
    "a page of this site, in a browser that says little": ({"Referer": "http://127.0.0.1:8080/"}, True, True),
    "a link of another site": (LINK, True, False),
    "a link of a neighbour": (LINK | {"Sec-Fetch-Site": "same-site"}, True, False),
    "a link of another site, in a browser that says little": ({"Referer": "https://evil.example/a"}, True, False),
    "an image of another site": (IMAGE, False, False),
    "an image of a neighbour": (IMAGE | {"Sec-Fetch-Site": "same-site"}, False, False),
    "a script of another site": (IMAGE | {"Sec-Fetch-Dest": "script"}, False, False),
    "a frame of another site": (LINK | {"Sec-Fetch-Dest": "iframe"}, False, False),
    "a call of another site": (IMAGE | {"Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty"}, False, False),
    "a call that names its site alone": ({"Origin": "https://evil.example"}, False, False),
    "a call whose site cannot be read": ({"Origin": "http://[evil"}, False, False),
    "a link whose site cannot be read": ({"Referer": "http://[evil"}, True, False),
    "a site this guard does not know": ({"Sec-Fetch-Site": "new-word"}, True, False),
}
"""What a request says of where it comes from; may it then have a page that links lead to, and anything else?"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    return build(Settings(rooms=tmp_path_factory.mktemp("site") / "rooms.sqlite"))


@pytest.fixture(scope="module")
def routes(site: FastAPI) -> list[tuple[str, str]]:
    """Method and path of everything the site answers to, and of what is not there."""
    inner = [route for route in site.routes if isinstance(route, Mount)]
    every = [route for part in (site, *(mount.app for mount in inner)) for route in part.routes]  # type: ignore[attr-defined]
    found = {(method, route.path) for route in every if isinstance(route, Route) for method in route.methods or ()}
    found |= {("GET", path) for path in Client.page_routes.values()}
    return sorted({*found, ("GET", "/not/there"), ("HEAD", "/lab/report"), ("GET", "/_nicegui_ws/socket.io/")})


@pytest.mark.parametrize("who", WHO_ASKS)
def test_what_makes_the_server_work_is_not_done_for_another_site(who: str, routes: list[tuple[str, str]]) -> None:
    """Every route there is, so that a new one is refused unless it is said to be where links lead."""
    headers, linked, other = WHO_ASKS[who]
    asked: list[str] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        asked.append(scope["path"])
        await PlainTextResponse("done")(scope, receive, send)

    guard = Guard(app, None, 100, LINKED)
    assert set(LINKED) <= {path for _, path in routes}
    assert len(routes) > 20
    for method, route in routes:
        asked.clear()
        path = re.sub(r"{[^}]+}", "x", route)
        status = ask(guard, method, path, headers=headers).status_code
        allowed = linked if route in LINKED and method in ("GET", "HEAD") else other
        assert (method, path, status, bool(asked)) == (method, path, 200 if allowed else 403, allowed)


def test_the_site_is_guarded_so(site: FastAPI) -> None:
    assert [ask(site, "GET", path, headers=LINK).status_code for path in ("/docs", "/lab/report")] == [200, 403]
    assert [ask(site, "GET", path, headers=IMAGE).status_code for path in ("/docs", "/openapi.json")] == [403, 403]


def test_what_is_not_there_is_said_without_a_page_that_waits(site: FastAPI) -> None:
    before = len(Client.instances)
    answer = ask(site, "GET", "/not/there")
    assert (answer.status_code, len(Client.instances)) == (404, before)
    assert "There is no such page" in answer.text


def test_a_socket_of_another_site_is_not_opened() -> None:
    seen: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.append(WebSocket(scope, receive, send).headers["origin"])

    async def receive() -> dict[str, str]:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        seen.append(message["code"])

    for origin in (b"http://evil.example", b"http://127.0.0.1"):
        scope = {"type": "websocket", "headers": [(b"host", b"127.0.0.1"), (b"origin", origin)]}
        asyncio.run(Guard(app, frozenset({"127.0.0.1"}), 9)(scope, receive, send))
    assert seen == [1008, "http://127.0.0.1"]


def test_a_body_is_limited_whatever_its_length_is_said_to_be() -> None:
    async def drip() -> Any:
        for _ in range(11):
            yield b"x" * 10

    assert ask(guarded(), "POST", "/size", content=b"x" * 100).json() == 100
    assert ask(guarded(), "POST", "/size", content=b"x" * 101).status_code == 413
    assert ask(guarded(), "POST", "/size", content=drip()).status_code == 413


@pytest.mark.parametrize(
    ("host", "exposed"),
    [
        ("127.0.0.1", False),
        ("localhost", False),
        ("::1", False),
        ("127.1.2.3", False),
        ("0.0.0.0", True),
        ("::", True),
        ("192.168.1.5", True),
        ("lab.example", True),
    ],
)
def test_what_others_can_reach_is_known(host: str, exposed: bool) -> None:
    assert Settings(host=host).exposed is exposed


@given(st.lists(st.floats(0, 5), max_size=40), st.integers(1, 5))
def test_never_more_tries_than_allowed_within_the_time(waits: list[float], count: int) -> None:
    now, allowed = [0.0], []
    rate = Rate(count, 10.0, clock=lambda: now[0])
    for wait in waits:
        now[0] += wait
        if rate.allow("k"):
            allowed.append(now[0])
        assert sum(now[0] - 10.0 < t for t in allowed) <= count
    now[0] += 10.001
    assert rate.allow("k")


def test_a_rate_forgets_rather_than_grows() -> None:
    rate = Rate(1, 10.0, most=3, clock=lambda: 0.0)
    assert all(rate.allow(str(i)) for i in range(10))
    assert len(rate._tries) == 3
