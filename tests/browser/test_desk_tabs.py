"""Two tabs of one desk: each keeps its own words, and what a tab that died had comes back once."""

from __future__ import annotations

import contextlib

from playwright.sync_api import Browser, Error, Page, expect

from tests.browser.desk_page import desk_ready, open_desk, sign_in, write
from tests.browser.site import Site

HELD = ".outbox__item"


def crash(page: Page) -> None:
    """The renderer is gone in the middle of its work: no script has the last word."""
    with page.expect_event("crash"), contextlib.suppress(Error):
        page.goto("chrome://crash", timeout=5_000)


def test_what_two_tabs_held_when_both_died_comes_back_once(browser: Browser, live_site: Site, blog: str):
    context = browser.new_context()
    one, two = context.new_page(), context.new_page()
    sign_in(one, live_site)
    for page, words in ((one, "In the first"), (two, "In the second")):
        open_desk(page, live_site, blog)
        write(page, words)
    expect(two.locator(HELD)).to_have_count(0)
    crash(one)
    crash(two)

    after, beside = context.new_page(), context.new_page()
    open_desk(after, live_site, blog)
    expect(after.locator("#id_headline")).to_have_value("In the second")
    expect(after.locator(HELD)).to_have_count(1)
    expect(after.locator(HELD)).to_contain_text("In the first")
    # Not a second time in another tab: there it is in the list that both share.
    open_desk(beside, live_site, blog)
    expect(beside.locator("#id_headline")).to_have_value("")
    expect(beside.locator(HELD)).to_have_count(1)
    beside.get_by_role("button", name="Bring it back to the composer").click()
    expect(beside.locator("#id_headline")).to_have_value("In the first")
    expect(after.locator(HELD)).to_have_count(0)
    context.close()


def test_a_tab_that_was_duplicated_writes_under_a_name_of_its_own(page: Page, live_site: Site, blog: str):
    sign_in(page, live_site)
    open_desk(page, live_site, blog)
    write(page, "In the tab")
    with page.expect_popup() as opened:
        # Takes along all that this tab has kept for itself, as a duplicate does.
        page.evaluate("() => void window.open(location.href)")
    twin = opened.value
    desk_ready(twin)
    assert twin.evaluate("() => sessionStorage.getItem('desk-tab')") != page.evaluate("() => sessionStorage.getItem('desk-tab')")
    expect(twin.locator("#id_headline")).to_have_value("")
    write(twin, "In its twin")
    for tab, words in ((page, "In the tab"), (twin, "In its twin")):
        tab.reload()
        desk_ready(tab)
        expect(tab.locator("#id_headline")).to_have_value(words)
        expect(tab.locator(HELD)).to_have_count(0)
    twin.close()


def test_a_text_whose_tab_was_closed_is_in_the_list_of_the_one_that_is_left(page: Page, live_site: Site, blog: str):
    sign_in(page, live_site)
    open_desk(page, live_site, blog)
    other = page.context.new_page()
    open_desk(other, live_site, blog)
    write(other, "In the one that is closed")
    other.close()
    page.bring_to_front()
    page.evaluate("() => dispatchEvent(new Event('focus'))")
    # The browser lets go of a tab that was closed when it has the time to.
    expect(page.locator(HELD)).to_contain_text("In the one that is closed", timeout=15_000)
