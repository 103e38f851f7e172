"""Debian's Chromium, driven by Playwright, and what a page did behind its looks."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from playwright.sync_api import Browser, ConsoleMessage, Error, Page, Request, sync_playwright

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
# It asks nobody for anything but the pages; root needs it out of its sandbox.
FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
WAIT_MILLISECONDS = 10_000


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start a browser without a window, and close it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Watched:
    """A page, what it asked of other hosts than the shop, and the errors it met."""

    page: Page
    shop: str
    strangers: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.set_default_timeout(WAIT_MILLISECONDS)
        self.page.on("request", self._on_request)
        self.page.on("console", self._on_console)
        self.page.on("pageerror", self._on_error)

    def _on_request(self, request: Request) -> None:
        if not request.url.startswith((self.shop, "data:", "blob:")):
            self.strangers.append(request.url)

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.errors.append(f"{self.page.url}: {message.text}")

    def _on_error(self, error: Error) -> None:
        self.errors.append(f"{self.page.url}: {error}")

    def open(self, path: str) -> int:
        """Open an address of the shop; return the answer's status."""
        answer = self.page.goto(f"{self.shop}{path}")
        assert answer is not None
        return answer.status

    @property
    def overflow(self) -> int:
        """By how many pixels the page is wider than its window."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
