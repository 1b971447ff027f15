"""A reader who comes back: where they had read to, what is new since, what they chose; kept on the device, which may refuse to."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.open_page import WATCH_SHIFTS, feed_html, fill, open_page, rest, scroll_to, top_of, words
from tests.browser.site import Site
from tests.waiting import until

LINE = "[data-read-to]"
SINCE = "[data-since]"
AGAIN = "[data-again]"
TURN = """state => { Object.defineProperty(document, "visibilityState", {value: state, configurable: true});
    document.dispatchEvent(new Event("visibilitychange")) }"""
SHIFTS_FROM_NOW = """() => { window.sources = [];
    new PerformanceObserver(list => { for (const entry of list.getEntries())
        window.sources.push([entry.value, ...entry.sources.map(({node}) => node?.id || node?.className || node?.nodeName)]) })
        .observe({type: "layout-shift"}) }"""
REFUSE = "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no', 'SecurityError') }})"
SEEN = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"


def leave(page: Page) -> None:
    page.evaluate(SEEN)
    page.goto("about:blank")


def served(page: Page, site: Site, blog: str, text: str) -> None:
    """On the embedded default the server hears of another process's writes by its two-second look."""
    until(lambda: text in page.request.get(f"{site.url}/live/{blog}/").text(), seconds=10, what=f"a page with {text}")


def test_what_came_changed_and_went_meanwhile_is_told_and_can_be_read_from_the_oldest(page: Page, live_site: Site, blog: str) -> None:
    refs = fill(live_site, blog, 4)
    open_page(page, live_site, blog)
    expect(page.locator(f"{LINE}, {SINCE}:visible, {AGAIN}:visible")).to_have_count(0)
    leave(page)
    new = fill(live_site, blog, 3)
    live_site.desk("correct", ref=refs[1], note="Wrong.", headline="Corrected", html=words(5))
    live_site.desk("correct", ref=new[1], note="Wrong.", headline="Never read", html=words(5))
    live_site.desk("withdraw", ref=refs[0])
    served(page, live_site, blog, f'{refs[0]}" data-ref="{refs[0]}" data-rev="2"')
    page.add_init_script(f"({WATCH_SHIFTS})()")
    open_page(page, live_site, blog)
    expect(page.locator(SINCE)).to_have_text(re.compile(r"^Since \d\d:\d\d: 3 new, 1 correction, 1 withdrawn\. Read on"))
    expect(page.locator(f"#{new[0]} + {LINE}")).to_have_text("You had read to here")
    expect(page.locator(f"{LINE} + #{refs[3]}")).to_be_attached()
    assert page.evaluate("() => window.shifts") <= 0.001
    # An entry that arrives does not move the line, and one that is slotted in below it stays below.
    last = fill(live_site, blog, 1)[0]
    expect(page.locator(f"#{last}")).to_be_attached()
    expect(page.locator(f"#{new[0]} + {LINE} + #{refs[3]}")).to_be_attached()
    page.locator(f"{SINCE} a").click()
    page.wait_for_url(f"**/live/{blog}/?order=oldest&after={refs[3]}#latest")
    assert page.locator("#feed article").evaluate_all("list => list.map(one => one.id)") == [*new, last]
    # What was done within the second in which a reader leaves is told to them again.
    gone = page.evaluate("() => Date.now()")
    page.wait_for_function("gone => Date.now() > gone + 1000", arg=gone)
    page.locator("[data-live]").last.click()
    expect(page.locator("live-feed")).to_have_attribute("data-wire-state", "live")
    expect(page.locator(f"{LINE}, {SINCE}:visible, {AGAIN}:visible")).to_have_count(0)


def test_a_page_that_was_hidden_is_marked_and_nothing_moves(page: Page, context: BrowserContext, live_site: Site, blog: str) -> None:
    refs = fill(live_site, blog, 10)
    open_page(page, live_site, blog)
    scroll_to(page, refs[6])
    page.evaluate(SEEN)
    before = top_of(page, refs[6])
    page.evaluate(TURN, "hidden")
    new = fill(live_site, blog, 2)
    expect(page.locator(f"#{new[1]}")).to_be_attached()
    assert page.locator(LINE).count() == 0
    expect(page).to_have_title(re.compile(r"^\(2\) \w"))
    page.evaluate(TURN, "visible")
    expect(page).to_have_title(re.compile(r"^\w"))
    expect(page.locator(f"#{new[0]} + {LINE} + #{refs[9]}")).to_be_attached()
    expect(page.locator(SINCE)).to_contain_text(": 2 new.")
    rest(page)
    assert abs(top_of(page, refs[6]) - before) <= 1
    # Turning away once more, with nothing new, leaves all as it is; what a script added aside, the page is a fresh one.
    page.evaluate(TURN, "hidden")
    page.evaluate(TURN, "visible")
    expect(page.locator(f"#{new[0]} + {LINE} + #{refs[9]}")).to_be_attached()
    fresh = context.new_page()
    open_page(fresh, live_site, blog)
    assert feed_html(page) == feed_html(fresh)


@pytest.mark.parametrize(
    ("language", "width", "reads", "anchoring"),
    [("ar", 320, 6, "none"), ("de", 360, 6, "auto"), ("ar", 360, 11, "auto"), ("de", 1280, 11, "none"), ("ar", 1280, 6, "none")],
)
def test_while_a_page_catches_up_nothing_moves(
    page: Page, live_site: Site, blog: str, language: str, width: int, reads: int, anchoring: str
) -> None:
    """For who reads the newest of twelve, and for who reads one in the middle. What is said of what came is long on a phone, and a phone
    is slow and may not hold by itself what is read."""
    blog = f"{blog}-{language}"
    live_site.desk("open_blog", slug=blog, language=language)
    refs = fill(live_site, blog, 12)
    page.set_viewport_size({"width": width, "height": 800})
    open_page(page, live_site, blog)
    page.evaluate("how => { document.documentElement.style.overflowAnchor = how }", anchoring)
    if width < 400:
        page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 4})
    scroll_to(page, refs[reads])
    rest(page)
    page.evaluate(SEEN)
    before = top_of(page, refs[reads])
    page.evaluate(TURN, "hidden")
    new = fill(live_site, blog, 3)
    live_site.desk("correct", ref=refs[8], note="Wrong.", headline="Corrected", html=words(5))
    live_site.desk("withdraw", ref=refs[2])
    expect(page.locator(f"#{refs[2]}")).to_have_attribute("data-withdrawn", "")
    page.evaluate(SEEN)
    page.evaluate(SHIFTS_FROM_NOW)
    page.evaluate(TURN, "visible")
    expect(page.locator(f"#{new[2]} ~ {LINE}")).to_be_attached()
    expect(page.locator(SINCE)).to_be_visible()
    rest(page)
    page.evaluate(SEEN)
    assert page.evaluate("() => window.sources") == []
    assert abs(top_of(page, refs[reads]) - before) <= 1
    page.locator(f"{SINCE} button").click()
    expect(page.locator(SINCE)).to_be_hidden()


def test_beyond_the_page_s_end_it_is_the_least_and_reading_on_oldest_first_counts(page: Page, live_site: Site, blog: str) -> None:
    refs = fill(live_site, blog, 2)
    open_page(page, live_site, blog)
    leave(page)
    fill(live_site, blog, 32)
    served(page, live_site, blog, "?before=")
    open_page(page, live_site, blog)
    expect(page.locator(SINCE)).to_contain_text(": at least 30 new.")
    expect(page.locator(LINE)).to_have_count(0)
    page.locator(f"{SINCE} a").click()
    page.wait_for_url(f"**&after={refs[1]}#latest")
    seventh = page.locator("#feed article").nth(6)
    seventh.evaluate("entry => scrollTo({top: entry.offsetTop + entry.offsetParent.offsetTop - innerHeight + 60, behavior: 'instant'})")
    read = page.evaluate(
        "() => [...document.querySelectorAll('#feed article')].findLast(entry => entry.getBoundingClientRect().top < innerHeight).id"
    )
    open_page(page, live_site, blog)
    expect(page.locator(f"{LINE} + #{read}")).to_be_attached()


def test_an_order_that_was_chosen_is_offered_again_until_it_is_given_up(page: Page, live_site: Site, blog: str) -> None:
    fill(live_site, blog, 2)
    address = f"{live_site.url}/live/{blog}/"
    open_page(page, live_site, blog)
    page.locator(".finder summary").click()
    page.locator("#announce").select_option("some")
    page.locator("#find-order").select_option("oldest")
    page.locator(".finder form button").click()
    page.wait_for_url(f"{address}?order=oldest#latest")
    open_page(page, live_site, blog)
    expect(page.locator(AGAIN)).to_have_text("As last time: Oldest first")
    assert page.evaluate("() => document.querySelector('live-feed').notes.announcer.wanted") == "some"
    page.locator(f"{AGAIN} a").click()
    page.wait_for_url(f"{address}?order=oldest#latest")
    # A search in that order is no other habit.
    page.locator("#find-q").fill("before")
    page.locator("#find-order").select_option("")
    page.locator(".finder form button").click()
    page.wait_for_url(f"{address}?q=before#latest")
    page.go_back()
    page.locator("[data-live]").first.click()
    page.wait_for_url(address)
    expect(page.locator("live-feed")).to_have_attribute("data-wire-state", "live")
    expect(page.locator(AGAIN)).to_be_hidden()


def test_a_device_that_keeps_nothing_has_the_whole_page(browser: Browser, live_site: Site, blog: str) -> None:
    refs = fill(live_site, blog, 40)
    context = browser.new_context()
    page, failed = context.new_page(), list[str]()
    page.on("pageerror", lambda error: failed.append(str(error)))
    page.add_init_script(REFUSE)
    for _ in range(2):
        open_page(page, live_site, blog)
        page.evaluate(SEEN)
    page.locator(".finder summary").click()
    page.locator("#announce").select_option("off")
    assert page.evaluate("() => document.querySelector('live-feed').notes.announcer.wanted") == "off"
    # An address of the page with an entry that stands on an older one leads there.
    page.goto("about:blank")
    page.goto(f"{live_site.url}/live/{blog}/#{refs[2]}")
    page.wait_for_url(f"**/?at={refs[2]}#{refs[2]}")
    expect(page.locator(f"#{refs[2]}")).to_be_in_viewport()
    page.evaluate("() => { location.hash = 'e-222222' }")
    page.wait_for_url("**/?at=e-222222#e-222222")
    expect(page.locator("live-feed")).to_have_attribute("data-newer", "false")
    assert failed == []
    context.close()
