"""Two tabs of one desk: each keeps its own words, and what a tab that died had comes back once."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Error, Page, expect

from tests.browser.desk_page import desk_ready, open_desk, open_form, sign_in, write
from tests.browser.site import Site

HELD = ".outbox__item"
# A page that is not served securely knows of no locks. (That of the tests is: loopback counts as secure.)
WITHOUT_LOCKS = "delete Navigator.prototype.locks; delete Crypto.prototype.randomUUID"
either_way = pytest.mark.parametrize("locks", [True, False], ids=["with locks", "without locks"])


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


@either_way
def test_a_tab_that_was_duplicated_writes_under_a_name_of_its_own(page: Page, live_site: Site, blog: str, locks: bool):
    if not locks:
        page.context.add_init_script(WITHOUT_LOCKS)
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


@either_way
def test_two_tabs_with_the_plain_form_keep_two_texts_and_a_third_is_offered_those_of_tabs_that_are_gone(
    page: Page, live_site: Site, blog: str, locks: bool
):
    if not locks:
        page.context.add_init_script(WITHOUT_LOCKS)
    sign_in(page, live_site)
    offered = page.get_by_role("button", name="Bring it back")
    tabs = [page, page.context.new_page(), page.context.new_page()]
    for number, tab in enumerate(tabs):
        open_form(tab, live_site, blog)
        expect(tab.get_by_role("button", name="Bring it back")).to_be_hidden()
        write(tab, f"In tab {number}")
    for tab in tabs[1:]:
        tab.close()
    # Another text is in this form by now: it changes places with the one that is brought back.
    page.clock.set_fixed_time(datetime.now(UTC) + timedelta(seconds=20))
    page.evaluate("() => dispatchEvent(new Event('focus'))")
    for words in ("In tab 2", "In tab 1", "In tab 0", "In tab 2"):
        expect(offered).to_be_visible(timeout=15_000)
        offered.click()
        expect(page.locator("#id_headline")).to_have_value(words)
        expect(page.locator("#id_headline")).to_be_focused()
