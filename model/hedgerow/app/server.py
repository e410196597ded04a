"""The server: one process, one port, nothing from elsewhere.

:func:`build` makes the site without listening, for tests; :func:`serve` listens.
"""

import json
from contextlib import suppress
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from socket import socket

import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import FileResponse, HTMLResponse, Response
from starlette.middleware.gzip import GZipMiddleware

from hedgerow import __version__
from hedgerow.app import api, jobs, logs
from hedgerow.app.frame import STYLE
from hedgerow.app.lab.desk import Desk
from hedgerow.app.safety import Guard
from hedgerow.app.settings import Limits, Settings
from hedgerow.app.unopened import Unopened

PARTS = Path(__file__).parent / "parts"
KEEP = {"Cache-Control": "public, max-age=3600"}
LINKED = (
    "/",
    "/docs",
    "/studies",
    "/studies/view",
    "/seminar",
    "/seminar/gone",
    "/seminar/enter/{token}",
    "/seminar/guide/{name}",
    "/seminar/host/{room}",
    "/seminar/screen/{code}",
    "/seminar/seat/{room}",
)
"""Where links of other sites may lead; everything else answers to this site's pages and to programs."""


def build(settings: Settings, *, pages: bool = True) -> FastAPI:
    """Return the site.

    Parameters
    ----------
    settings : Settings
    pages : bool
        Whether to offer pages beside the API.
    """
    desk = Desk(jobs.open_scheduler(settings.workers, settings.limits), settings.limits)

    site = FastAPI(
        title="hedgerow",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        description="Simulate how donors compete for the alignment of states.",
    )
    api.mount(site, settings, desk)
    _assets(site)
    if pages:
        site.add_middleware(Unopened, limits=settings.limits)
    site.add_middleware(Guard, hosts=settings.hosts, body=settings.limits.body, linked=LINKED)
    site.add_middleware(GZipMiddleware, minimum_size=800, compresslevel=6)
    if pages:
        _pages(site, settings, desk)
    return site


def _assets(site: FastAPI) -> None:
    @site.get("/assets/world.json", include_in_schema=False)
    def world() -> Response:
        return Response(_world(), media_type="application/json", headers=KEEP)

    @site.get("/assets/app.css", include_in_schema=False)
    def style() -> FileResponse:
        return FileResponse(PARTS / "app.css", headers={"Cache-Control": "no-cache"})


@cache
def _world() -> str:
    from hedgerow.app.shapes import shapes

    return json.dumps(shapes(), ensure_ascii=False, separators=(",", ":"))


def _pages(site: FastAPI, settings: Settings, desk: Desk) -> None:
    from nicegui import app, ui

    from hedgerow.app import studies
    from hedgerow.app.lab import files, page

    page.mount(settings, desk)
    files.mount(site, settings, desk)
    studies.mount(site, settings)
    if find_spec("hedgerow.app.seminar") and find_spec("hedgerow.app.seminar.pages"):
        from hedgerow.app.seminar.pages import mount

        mount(settings)
    # The library's own builds a page, which then waits for its socket.
    app.add_exception_handler(404, _nothing_here)
    ui.run_with(
        site,
        title="hedgerow",
        language="en-GB",
        tailwind=False,
        reconnect_timeout=30,
        binding_refresh_interval=None,
        show_welcome_message=False,
        gzip_middleware_factory=None,
    )


def _nothing_here(_: Request, __: Exception) -> Response:
    return HTMLResponse(
        '<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><title>hedgerow</title>'
        f'<link rel="stylesheet" href="{STYLE}"></head><body><main class="main"><h1>There is no such page</h1>'
        '<p><a href="/">To the lab</a></p></main></body></html>',
        404,
    )


def _warm_up() -> None:
    """Do once, before anyone waits for it, what the first page would do."""
    from hedgerow.app.lab.pair import resolve, titles
    from hedgerow.app.lab.whatif import WhatIf, version

    _world(), titles(), version(), resolve(WhatIf(), Limits())


def exposure(settings: Settings) -> str:
    """Return what to tell whoever starts the server."""
    shown = f"[{settings.host}]" if ":" in settings.host else settings.host
    lines = [f"hedgerow: open http://{shown}:{settings.port}/ (Ctrl-C ends it)"]
    if settings.exposed:
        lines = [
            f"hedgerow: listening on {shown}, port {settings.port}, for every machine that can reach this one.",
            "Anyone there can run simulations within the limits, open seminar rooms, and read the "
            f"sweeps in {settings.results}.",
            "There is no sign-in and no encryption. To keep it to this machine, leave out --host.",
        ]
    return "\n".join(lines)


class _Server(uvicorn.Server):
    """A server that says where it is once it answers there."""

    def __init__(self, config: uvicorn.Config, greeting: str) -> None:
        super().__init__(config)
        self._greeting = greeting

    async def startup(self, sockets: list[socket] | None = None) -> None:
        await super().startup(sockets)
        print(self._greeting, flush=True)


def serve(settings: Settings) -> None:
    """Listen until told to stop."""
    logs.begin()
    site = build(settings)
    config = uvicorn.Config(
        site,
        host=settings.host,
        port=settings.port,
        log_level="warning",
        ws="wsproto",
        server_header=False,
        timeout_graceful_shutdown=2,
        proxy_headers=False,
    )
    sockets = [config.bind_socket()]
    sockets[0].listen()  # whoever comes before the site is up waits, rather than being sent away
    jobs.scheduler().start()
    _warm_up()
    try:
        with suppress(KeyboardInterrupt):
            _Server(config, exposure(settings)).run(sockets)
    finally:
        jobs.scheduler().close()
