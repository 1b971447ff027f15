"""What an open page lives through: sleep, going back, a wrong clock, a blocked socket, a server that restarts."""

from __future__ import annotations

import re
import secrets
import signal
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, BrowserType, Page, WebSocketRoute, expect

from tests.browser.open_page import WATCH_SHIFTS, feed_html, fill, open_page, rest, scroll_to, top_of, words
from tests.browser.site import Site
from tests.faults.stage import Stage, one_embedded_server, post

STATE = "p[data-wire-state]"
ANOTHER_DAY = """() => { const now = Date.now.bind(Date); Date.now = () => now() + (%d); }"""
REMEMBER_RETURN = """addEventListener("pageshow", event => { window.cameBack = event.persisted; })"""


def as_a_fresh_page(page: Page, context: BrowserContext, site: Site, blog: str) -> None:
    fresh = context.new_page()
    open_page(fresh, site, blog)
    rest(page)
    assert feed_html(page) == feed_html(fresh)


def test_a_frozen_tab_has_everything_when_it_thaws(page: Page, context: BrowserContext, live_site: Site, blog: str) -> None:
    refs = fill(live_site, blog, 3)
    open_page(page, live_site, blog)
    devtools = context.new_cdp_session(page)
    devtools.send("Page.setWebLifecycleState", {"state": "frozen"})
    live_site.desk("withdraw", ref=refs[0])
    last = fill(live_site, blog, 4)[-1]
    devtools.send("Page.setWebLifecycleState", {"state": "active"})
    expect(page.locator(f"#{last}")).to_be_attached(timeout=10_000)
    expect(page.locator(f"#{refs[0]}[data-withdrawn]")).to_be_attached()
    as_a_fresh_page(page, context, live_site, blog)


@pytest.fixture
def remembering(browser_type: BrowserType, windowed: dict[str, Any]) -> Iterator[Page]:
    """A page in a browser that keeps pages for the way back, which playwright otherwise switches off."""
    browser = browser_type.launch(**windowed, ignore_default_args=["--disable-back-forward-cache"])
    page = browser.new_page()
    page.add_init_script(REMEMBER_RETURN)
    yield page
    browser.close()


def test_a_page_that_is_come_back_to_shows_what_happened_meanwhile(remembering: Page, live_site: Site, blog: str) -> None:
    """And where the reader had read to; what they were reading stands where it stood."""
    refs = fill(live_site, blog, 8)
    open_page(remembering, live_site, blog)
    scroll_to(remembering, refs[4])
    remembering.evaluate(WATCH_SHIFTS)
    before = top_of(remembering, refs[4])
    remembering.goto(f"{live_site.url}/")
    first, last = fill(live_site, blog, 2)
    # A page that is kept does not load again.
    remembering.go_back(wait_until="commit")
    remembering.wait_for_function("() => window.cameBack")
    expect(remembering.locator(f"#{last}")).to_be_attached(timeout=10_000)
    expect(remembering.locator("live-feed")).to_have_attribute("data-wire-state", re.compile("live|polling"))
    expect(remembering.locator(f"#{first} + [data-read-to] + #{refs[7]}")).to_be_attached()
    expect(remembering.locator("[data-since]")).to_contain_text(": 2 new.")
    rest(remembering)
    assert abs(top_of(remembering, refs[4]) - before) <= 1
    assert remembering.evaluate("() => window.shifts") <= 0.001


@pytest.mark.parametrize("milliseconds", [86_400_000, -86_400_000])
def test_a_clock_that_is_a_day_off_decides_nothing(
    page: Page, context: BrowserContext, live_site: Site, blog: str, milliseconds: int
) -> None:
    page.add_init_script(f"({ANOTHER_DAY % milliseconds})()")
    refs = fill(live_site, blog, 3)
    open_page(page, live_site, blog)
    live_site.desk("edit", ref=refs[1], headline="Edited", html=words(5))
    last = fill(live_site, blog, 2)[-1]
    expect(page.locator(f"#{last}")).to_be_attached()
    expect(page.locator(f"#{refs[1]} h3")).to_have_text("Edited")
    expect(page.locator("#feed article").first).to_have_attribute("data-ref", last)
    as_a_fresh_page(page, context, live_site, blog)


@pytest.mark.parametrize("milliseconds", [86_400_000, -86_400_000, 7_200_000])
def test_times_are_counted_by_the_servers_clock_on_a_page_that_never_had_to_catch_up(
    page: Page, live_site: Site, blog: str, milliseconds: int
) -> None:
    page.add_init_script(f"({ANOTHER_DAY % milliseconds})()")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    fill(live_site, blog, 2)
    open_page(page, live_site, blog)
    expect(page.locator("#feed [data-ago]")).to_have_text(["now", "now"])
    assert [url for url in asked if "/changes" in url or "/snapshot" in url] == []


def test_a_page_whose_socket_is_blocked_polls_and_says_so(page: Page, live_site: Site, blog: str) -> None:
    def block(socket: WebSocketRoute) -> None:
        socket.close()

    page.route_web_socket(re.compile(r"/ws/live/"), block)
    fill(live_site, blog, 2)
    page.goto(f"{live_site.url}/live/{blog}/")
    expect(page.locator("live-feed")).to_have_attribute("data-wire-state", "polling", timeout=15_000)
    expect(page.locator(STATE)).to_contain_text("15 seconds")
    last = fill(live_site, blog, 1)[-1]
    expect(page.locator(f"#{last}")).to_be_attached(timeout=25_000)


@pytest.fixture(scope="module")
def restartable() -> Iterator[Stage]:
    with one_embedded_server() as stage:
        yield stage


def test_a_page_comes_through_a_restart_of_its_server_by_itself(page: Page, restartable: Stage) -> None:
    base, slug = restartable.bases[0], f"story-{secrets.token_hex(3)}"
    server = restartable.servers[0]
    post(f"{base}/door/open", {"blog": slug, "people": ["chief"]})
    page.goto(f"{base}/live/{slug}/")
    expect(page.locator("live-feed")).to_have_attribute("data-wire-state", "live")

    server.signal(signal.SIGTERM)
    assert server.ended(60) == 0
    expect(page.locator("live-feed")).to_have_attribute("data-wire-state", "connecting")
    server.start()
    text = {"blog": slug, "actor": "chief", "headline": "After the restart", "html": words(5), "key": str(uuid.uuid4())}
    ref = post(f"{base}/door/publish", text)["ref"]
    expect(page.locator(f"#{ref}")).to_be_attached(timeout=40_000)
    expect(page.locator("live-feed")).to_have_attribute("data-wire-state", "live", timeout=40_000)
