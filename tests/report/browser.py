"""Debian's own Chromium, driven by Playwright: a page opened, and everything it said or asked for."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
MISSING = "Chromium is not installed, so no page was looked at in a browser: apt-get install chromium"
DESK, PHONE = 1200, 390
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason=MISSING)


@dataclass
class Opened:
    """A page in the browser, what its console said, and every address it asked for but its own."""

    page: Page
    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser, without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@contextmanager
def opened(browser: Browser, file: Path, width: int = DESK, *, scripts: bool = True) -> Iterator[Opened]:
    """The file in a window so wide."""
    context = browser.new_context(viewport={"width": width, "height": 900}, java_script_enabled=scripts)
    seen = Opened(context.new_page())
    seen.page.on("console", lambda message: seen.said.append(f"{message.type}: {message.text}"))
    seen.page.on("pageerror", lambda error: seen.said.append(f"error: {error}"))
    seen.page.on("request", lambda request: None if request.url == file.as_uri() else seen.asked.append(request.url))
    seen.page.goto(file.as_uri(), wait_until="load")
    if scripts:
        seen.page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    yield seen
    context.close()
