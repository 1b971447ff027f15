"""Everything the desk does reaches a page that is already open, and the page ends as a fresh one would."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.open_page import WATCH_SHIFTS, feed_html, fill, open_page, rest, scroll_to, words
from tests.browser.site import Site

TAB = "[data-action=show-new]"
PAUSE = "[data-action=pause]"

WATCH_CANARY = """() => { window.sung = false;
    new MutationObserver(() => { window.sung ||= document.body.textContent.includes("canary") })
        .observe(document.body, {subtree: true, childList: true}) }"""
KEEP_FRAMES = """() => { window.ops = [];
    addEventListener("live-feed:frame", event => { window.ops.push(event.detail.op); event.preventDefault() }) }"""
HEAR_STATUS = """() => { window.said = []; const region = document.querySelector("[role=status]");
    new MutationObserver(() => window.said.push(region.textContent)).observe(region, {childList: true}) }"""


def test_an_open_page_ends_as_a_fresh_one_after_every_verb(page: Page, context: BrowserContext, live_site: Site, blog: str) -> None:
    refs = fill(live_site, blog, 6)
    open_page(page, live_site, blog)
    desk = live_site.desk
    desk("publish", blog=blog, headline="Breaking now", kind="breaking", html=words(5))
    desk("edit", ref=refs[1], headline="Edited", html=words(9))
    desk("correct", ref=refs[2], note="We had it wrong.", headline="Corrected", html=words(9))
    desk("withdraw", ref=refs[3])
    desk("withdraw", ref=refs[4], notice=False)
    desk("mark", ref=refs[0])
    desk("pin", ref=refs[0])
    desk("set_state", blog=blog, state="ended")
    expect(page.locator("live-feed")).to_have_attribute("data-state", "ended")
    expect(page.locator("[data-pinned]")).to_be_attached()
    fresh = context.new_page()
    open_page(fresh, live_site, blog)
    head = fresh.evaluate("document.querySelector('live-feed').wire.cursor.seq")
    page.wait_for_function(f"() => document.querySelector('live-feed').wire.cursor.seq === {head}")
    rest(page)
    assert feed_html(page) == feed_html(fresh)
    for part in ("#board", "#front"):
        assert page.locator(part).inner_html() == fresh.locator(part).inner_html()


def test_a_page_that_was_kept_for_an_hour_is_healed(page: Page, context: BrowserContext, live_site: Site, blog: str) -> None:
    """And nothing moves but what slides: on a phone that does not anchor, at the top of the feed."""
    refs = fill(live_site, blog, 3)
    address = f"{live_site.url}/live/{blog}/"
    old = page.request.get(address).text()
    live_site.desk("withdraw", ref=refs[1])
    newest = fill(live_site, blog, 4)[-1]
    held: list[Route] = []
    page.route(re.compile(rf"{address}(#|$)"), lambda route: route.fulfill(body=old, content_type="text/html"))
    page.route("**/changes?*", lambda route: held.append(route))
    page.route_web_socket(re.compile("/ws/live/"), lambda socket: socket.close())
    page.set_viewport_size({"width": 360, "height": 800})
    page.add_init_script(f"({WATCH_SHIFTS})()")
    page.goto(f"{address}#latest")
    page.evaluate("() => { document.documentElement.style.overflowAnchor = 'none' }")
    expect(page.locator("#feed article").first).to_be_in_viewport()
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done)))")
    expect(page.locator(f"#{newest}")).to_have_count(0)
    page.unroute("**/changes?*")
    for question in held:
        question.continue_()
    # On the embedded default the server itself hears of another process's writes by its two-second look.
    expect(page.locator(f"#{newest}")).to_be_attached(timeout=45_000)
    fresh = context.new_page()
    open_page(fresh, live_site, blog)
    expect(fresh.locator(f"#{newest}")).to_be_attached()
    rest(page)
    rest(fresh)
    assert page.evaluate("() => window.shifts") <= 0.001
    assert feed_html(page) == feed_html(fresh)


def test_a_page_that_lost_its_connection_catches_up(page: Page, context: BrowserContext, live_site: Site, blog: str) -> None:
    fill(live_site, blog, 3)
    open_page(page, live_site, blog)
    context.set_offline(True)
    page.evaluate("document.querySelector('live-feed').wire.check()")
    expect(page.locator("live-feed")).to_have_attribute("data-wire-state", "connecting")
    expect(page.locator("p[data-wire-state]")).to_contain_text("last update")
    refs = fill(live_site, blog, 3)
    context.set_offline(False)
    expect(page.locator(f"#{refs[-1]}")).to_be_attached(timeout=15_000)
    expect(page.locator("live-feed")).to_have_attribute("data-wire-state", "live")


def test_a_page_of_another_history_is_replaced(page: Page, live_site: Site, blog: str) -> None:
    refs = fill(live_site, blog, 3)
    open_page(page, live_site, blog)
    page.evaluate("document.querySelector('#feed').replaceChildren()")
    live_site.manage("bump_epoch", blog)
    expect(page.locator("#feed article")).to_have_count(len(refs), timeout=15_000)


def test_a_paused_page_holds_new_entries_back_and_nothing_else(page: Page, live_site: Site, blog: str) -> None:
    refs = fill(live_site, blog, 3)
    open_page(page, live_site, blog)
    page.locator(PAUSE).click()
    expect(page.locator(PAUSE)).to_have_attribute("aria-pressed", "true")
    live_site.desk("publish", blog=blog, headline="It waits", html=words(5))
    live_site.desk("correct", ref=refs[0], note="Wrong.", headline="Corrected", html=words(5))
    expect(page.locator(f"#{refs[0]} h3")).to_have_text("Corrected")
    expect(page.locator(TAB)).to_have_text("1 new update")
    expect(page.locator("#feed article")).to_have_count(3)
    page.locator(PAUSE).click()
    expect(page.locator("#feed article h3").first).to_have_text("It waits")


def test_an_entry_that_is_withdrawn_while_it_waits_is_never_shown(page: Page, live_site: Site, blog: str) -> None:
    fill(live_site, blog, 3)
    open_page(page, live_site, blog)
    page.evaluate(WATCH_CANARY)
    page.locator(PAUSE).click()
    ref = live_site.desk("publish", blog=blog, headline="The canary sings", html=words(5))["ref"]
    expect(page.locator(TAB)).to_be_visible()
    live_site.desk("withdraw", ref=ref)
    page.wait_for_function("() => document.querySelector('live-feed').graves.size === 1")
    page.locator(TAB).click()
    expect(page.locator(f"#{ref}[data-withdrawn]")).to_be_attached()
    assert page.evaluate("window.sung") is False


@pytest.mark.parametrize("notice", [True, False])
def test_a_text_that_comes_late_does_not_bring_a_withdrawn_entry_back(page: Page, live_site: Site, blog: str, notice: bool) -> None:
    ref = fill(live_site, blog, 2)[0]
    open_page(page, live_site, blog)
    old = page.locator(f"#{ref}").evaluate("entry => entry.outerHTML")
    live_site.desk("withdraw", ref=ref, notice=notice)
    page.wait_for_function("() => document.querySelector('live-feed').graves.size === 1")
    late = {"op": "put", "ref": ref, "rev": 1, "html": old}
    page.evaluate("async frame => { document.querySelector('live-feed').take(frame); await null }", late)
    expect(page.locator(f"#{ref}[data-withdrawn]")).to_have_count(int(notice))
    expect(page.locator("body")).not_to_contain_text("Before 0")


def test_an_entry_in_which_text_is_selected_is_replaced_when_it_is_let_go(page: Page, live_site: Site, blog: str) -> None:
    refs = fill(live_site, blog, 3)
    open_page(page, live_site, blog)
    page.locator(f"#{refs[1]} p").last.select_text()
    live_site.desk("edit", ref=refs[1], headline="Edited", html=words(5))
    marker = live_site.desk("publish", blog=blog, headline="A marker", html=words(5))["ref"]
    expect(page.locator(f"#{marker}")).to_be_attached()
    expect(page.locator(f"#{refs[1]} h3")).to_have_text("Before 1")
    page.evaluate("getSelection().removeAllRanges()")
    expect(page.locator(f"#{refs[1]} h3")).to_have_text("Edited")


def test_a_withdrawal_waits_for_no_selection(page: Page, live_site: Site, blog: str) -> None:
    refs = fill(live_site, blog, 3)
    open_page(page, live_site, blog)
    page.locator(f"#{refs[1]} p").last.select_text()
    live_site.desk("withdraw", ref=refs[1])
    expect(page.locator(f"#{refs[1]}[data-withdrawn]")).to_be_attached()


def test_what_is_unfolded_stays_unfolded(page: Page, live_site: Site, blog: str) -> None:
    refs = fill(live_site, blog, 3)
    live_site.desk("mark", ref=refs[0])
    page.set_viewport_size({"width": 390, "height": 844})
    open_page(page, live_site, blog)
    fold = page.locator("[data-fold=key-events]")
    fold.locator("summary").click()
    page.evaluate("document.activeElement.blur()")
    live_site.desk("mark", ref=refs[1])
    expect(page.locator("#key-events li")).to_have_count(2)
    assert fold.evaluate("fold => fold.open")


def test_an_older_page_takes_corrections_and_no_new_entries(page: Page, live_site: Site, blog: str) -> None:
    refs = fill(live_site, blog, 5)
    page.goto(f"{live_site.url}/live/{blog}/?before={refs[3]}")
    expect(page.locator("live-feed")).to_have_attribute("data-wire-state", "live")
    live_site.desk("publish", blog=blog, headline="New", html=words(5))
    live_site.desk("correct", ref=refs[0], note="Wrong.", headline="Corrected", html=words(5))
    expect(page.locator(f"#{refs[0]} h3")).to_have_text("Corrected")
    expect(page.locator("#feed article")).to_have_count(3)


def test_a_listener_may_keep_a_frame_from_the_page(page: Page, live_site: Site, blog: str) -> None:
    open_page(page, live_site, blog)
    page.evaluate(KEEP_FRAMES)
    live_site.desk("publish", blog=blog, headline="Kept away", html=words(5))
    page.wait_for_function("() => window.ops.includes('put')")
    expect(page.locator("#feed article")).to_have_count(0)


def test_one_status_region_says_what_came_and_says_it_once(page: Page, live_site: Site, blog: str) -> None:
    fill(live_site, blog, 2)
    open_page(page, live_site, blog)
    region = page.locator("[role=status]")
    expect(region).to_have_count(1)
    expect(region).to_have_text("")
    page.evaluate(HEAR_STATUS)
    live_site.desk("publish", blog=blog, headline="The first of them", html=words(5))
    expect(region).to_have_text("New: The first of them")
    last = fill(live_site, blog, 3)[-1]
    expect(page.locator(f"#{last}")).to_be_attached()
    assert page.evaluate("window.said") == ["New: The first of them"]


def test_a_reader_of_older_entries_is_led_to_a_key_event_on_the_page(page: Page, live_site: Site, blog: str) -> None:
    refs = fill(live_site, blog, 10)
    live_site.desk("mark", ref=refs[0])
    open_page(page, live_site, blog)
    page.locator("#key-events a").click()
    expect(page.locator(f"#{refs[0]} h3")).to_be_focused()
    expect(page.locator(f"#{refs[0]} h3")).to_be_in_viewport()
    scroll_to(page, refs[9])
    assert page.url.endswith(f"/live/{blog}/")
