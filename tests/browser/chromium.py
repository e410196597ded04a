"""Debian's Chromium, headless, for tests that read a page as a person would see it."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

BROWSER = Path("/usr/bin/chromium")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
WIDTHS = (360, 768, 1440)
PATIENCE = 180_000
"""Milliseconds to wait for a picture of a page, on a machine that others use as well."""

needed = pytest.mark.skipif(not BROWSER.exists(), reason=f"{BROWSER} is absent: install chromium")


@contextmanager
def chromium() -> Iterator[Any]:
    """Start Chromium with an empty profile of its own; yields a Playwright browser context."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as profile:
        context = playwright.chromium.launch_persistent_context(
            profile,
            executable_path=str(BROWSER),
            headless=True,
            args=list(FLAGS),
            accept_downloads=True,
            viewport={"width": 1440, "height": 900},
        )
        context.set_default_timeout(PATIENCE)
        try:
            yield context
        finally:
            context.close()


class Watched:
    """A page that notes every console error and every request that leaves the file."""

    def __init__(self, context: Any) -> None:
        self.page = context.new_page()
        self.errors: list[str] = []
        self.requests: list[str] = []
        self.page.on("console", lambda m: self.errors.append(m.text) if m.type == "error" else None)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("request", lambda request: self._note(request.url))

    def _note(self, url: str) -> None:
        if not url.startswith(("file:", "data:", "blob:")):
            self.requests.append(url)

    def open(self, path: Path) -> Any:
        """Open a file and return the page."""
        self.page.goto(path.as_uri())
        return self.page


def sticks_out(page: Any) -> list[str]:
    """Return what makes a page wider than its window: elements past its right edge."""
    return list(
        page.evaluate(
            """() => {
              const root = document.documentElement, width = root.clientWidth;
              if (root.scrollWidth <= width) return [];
              const wide = Array.from(document.querySelectorAll("body *"))
                .filter((one) => one.getBoundingClientRect().right > width + 1);
              return ["the page scrolls", ...wide.map((one) => one.outerHTML.slice(0, 90))];
            }"""
        )
    )
