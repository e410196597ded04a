"""A real ``hedgerow serve`` process on a free port, for tests that use it as people would."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.browser.chromium import BROWSER, FLAGS

COMMAND = Path(sys.executable).parent / "hedgerow"
LISTENING = re.compile(r"hedgerow: (open http|listening on)")


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Site:
    """A server that is up."""

    port: int
    process: "subprocess.Popen[str]"
    told: str

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def stop(self) -> int:
        """End it as Ctrl-C does, and return its exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(30)

    def kill(self) -> None:
        """End it as a power cut does."""
        self.process.kill()
        self.process.wait(30)


@contextmanager
def serving(where: Path, *options: str, port: int | None = None) -> Iterator[Site]:
    """Start ``hedgerow serve`` in a folder with some options, and wait until it listens."""
    chosen = port or free_port()
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST", "COV"))}
    process = subprocess.Popen(
        [str(COMMAND), "serve", "--port", str(chosen), *options], cwd=where, env=clean, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        told = process.stdout.readline()
        assert LISTENING.search(told), f"the server did not start: {told!r}"
        yield Site(chosen, process, told)
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(30)
        if process.stdout is not None:
            process.stdout.close()


@contextmanager
def browsing() -> Iterator[Any]:
    """Start Chromium; yields a Playwright browser, of which each context is a person of its own."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(BROWSER), headless=True, args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()
