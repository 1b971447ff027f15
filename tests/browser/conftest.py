from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import ConsoleMessage, Page

from tests.browser.site import Site, serve
from tests.conftest import missing
from tests.services import Services

WINDOWED = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Draws no window, which is a third of the work; it keeps no page for the way back either.
CHROMIUM = ("chromium-headless-shell", *WINDOWED)
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The Chromium that is installed: none is fetched."""
    return {**browser_type_launch_args, "executable_path": installed(CHROMIUM), "args": [*QUIET]}


@pytest.fixture(scope="session")
def windowed(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """How the browser with windows is launched, as people have it."""
    return {**browser_type_launch_args, "executable_path": installed(WINDOWED)}


def installed(names: tuple[str, ...]) -> str:
    program = next(filter(None, map(shutil.which, names)), None)
    if program is None:
        missing("Chromium is not installed. Install it (Debian: apt-get install chromium).")
    return str(program)


@pytest.fixture(scope="session")
def live_site(request: pytest.FixtureRequest) -> Iterator[Site]:
    """One real server for the session, on whatever this run of the suite is about. A test opens a blog of its own on it: see `blog`."""
    services: Services | None = request.getfixturevalue("services") if os.environ.get("REDIS_URL") else None
    with serve(services) as site:
        yield site


@pytest.fixture
def blog(live_site: Site) -> str:
    """The slug of a live blog that no other test knows, without an entry."""
    slug = f"story-{secrets.token_hex(4)}"
    live_site.desk("open_blog", slug=slug)
    return slug


@pytest.fixture
def page(page: Page) -> Iterator[Page]:
    """A page on which no script may fail and nothing may be refused by the content security policy."""
    complaints: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text or "TrustedHTML" in message.text:
            complaints.append(message.text)

    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", hear)
    yield page
    assert not complaints, "the page complained:\n" + "\n".join(complaints)
