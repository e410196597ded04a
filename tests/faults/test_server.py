"""A server whose pages are asked for and never opened: its memory stays small, and others get theirs."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform != "linux", reason="reads what a process holds")]
LOADS = int(os.environ.get("HEDGEROW_PAGE_LOADS", "600"))
"""How often pages are asked for; 2,000 are promised to stay below the same bound."""
MOST = 400 * 2**20
"""Bytes that the process which answers may hold."""
PAGES = ("/", "/", "/lab", "/studies", "/", "/", "/lab", "/seminar")
SERVE = """
from hedgerow.app.server import serve
from hedgerow.app.settings import Limits, Settings
serve(Settings(port={port}, workers=1, limits=Limits({limits})))
"""


class Server:
    def __init__(self, port: int, pid: int) -> None:
        self.port, self.pid = port, pid

    @property
    def held(self) -> int:
        """Bytes the process holds."""
        lines = Path(f"/proc/{self.pid}/status").read_text().splitlines()
        return 1024 * next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))

    async def load(self, paths: list[str], *, method: str = "GET", by: str = "127.0.0.1", at_once: int = 8) -> list[int]:
        """Ask for pages from an address, so many at once, and return what they were answered by."""
        limit = asyncio.Semaphore(at_once)
        way = httpx.AsyncHTTPTransport(local_address=by)
        async with httpx.AsyncClient(transport=way, base_url=f"http://127.0.0.1:{self.port}", timeout=120) as client:

            async def one(path: str) -> int:
                async with limit:
                    return (await client.request(method, path)).status_code

            return await asyncio.gather(*map(one, paths))


@contextmanager
def serving(where: Path, limits: str = "") -> Iterator[Server]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    code = SERVE.format(port=port, limits=limits)
    process = subprocess.Popen([sys.executable, "-c", code], cwd=where, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        assert "open http" in process.stdout.readline()
        yield Server(port, process.pid)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)
        if process.stdout is not None:
            process.stdout.close()


def test_a_flood_of_pages_is_refused_and_leaves_others_theirs(tmp_path: Path) -> None:
    with serving(tmp_path, "opening=600.0") as server:

        async def flood() -> None:
            whole_class = await server.load(["/seminar"] * 80, by="127.0.0.3", at_once=80)
            assert set(whole_class) == {200}
            found = Counter(await server.load([PAGES[i % len(PAGES)] for i in range(LOADS)]))
            assert set(found) == {200, 404, 503}
            assert found[503] > LOADS / 4
            assert await server.load(["/"], method="HEAD") == [503]
            assert await server.load(["/", "/studies", "/seminar"], by="127.0.0.2") == [200] * 3
            assert await server.load(["/api/scenarios", "/assets/app.css"]) == [200, 200]

        asyncio.run(flood())
        assert server.held < MOST


def test_pages_that_are_never_opened_are_soon_forgotten(tmp_path: Path) -> None:
    """All are built, as each is forgotten within the second; kept, each would take a megabyte."""
    with serving(tmp_path, "unopened=10_000, unopened_address=10_000, opening=1.0") as server:
        asyncio.run(server.load(["/"]))
        before, many = server.held, LOADS // 6
        assert Counter(asyncio.run(server.load(["/"] * many))) == {200: many}
        assert server.held - before < many / 2 * 2**20
