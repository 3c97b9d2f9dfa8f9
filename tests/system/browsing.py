"""A real browser for the pages: one for a file of tests, and a fresh window for each of them."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, ViewportSize, sync_playwright

CHROMIUM = shutil.which("chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
DESK: ViewportSize = {"width": 1200, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}


@contextmanager
def browsing() -> Iterator[Browser]:
    """A browser, until the block ends."""
    with sync_playwright() as playwright:
        yield (running := playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS))
        running.close()
