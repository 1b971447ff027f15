"""The way back to a form that was sent: it is a fresh one, never half of the old text under a new key."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk_page import body_of, form_ready, open_form, sign_in
from tests.browser.site import Site


@pytest.fixture(autouse=True)
def _form(page: Page, live_site: Site, blog: str) -> None:
    sign_in(page, live_site)
    open_form(page, live_site, blog)
    page.get_by_label("Headline").fill("Bridge closed")
    page.get_by_label("Source").fill("Harbour radio")
    page.get_by_role("radio", name="Analysis").check()
    page.get_by_role("textbox", name="Text", exact=True).fill("Engineers are on the span.")


def expect_fresh_form(page: Page) -> None:
    expect(page.get_by_role("heading", name="Write an entry")).to_be_visible()
    form_ready(page)
    expect(page.get_by_label("Headline")).to_have_value("")
    expect(page.get_by_label("Source")).to_have_value("")
    expect(page.get_by_role("radio", name="Update")).to_be_checked()
    assert "Engineers" not in str(body_of(page))


def test_back_after_publishing_is_a_fresh_form_and_offers_nothing(page: Page) -> None:
    page.get_by_role("button", name="Publish now").click()
    expect(page.locator(".messagelist")).to_contain_text("Published")
    page.go_back()
    expect_fresh_form(page)
    expect(page.get_by_role("button", name="Bring it back")).to_be_hidden()


def test_back_to_a_text_that_was_never_sent_offers_all_of_it(page: Page, live_site: Site) -> None:
    page.goto(f"{live_site.url}/admin/")
    page.go_back()
    expect_fresh_form(page)
    page.get_by_role("button", name="Bring it back").click()
    expect(page.get_by_label("Headline")).to_have_value("Bridge closed")
    expect(page.get_by_role("radio", name="Analysis")).to_be_checked()
    assert "Engineers" in str(body_of(page))


def test_a_sent_form_out_of_the_browser_s_memory_gives_way_to_a_fresh_one(page: Page) -> None:
    key = page.locator("input[name=key]").input_value()
    # The answer leaves the page where it is, as a page stays that the browser puts aside.
    page.route(re.compile("/entry/add/"), lambda route: route.fulfill(status=204) if route.request.method == "POST" else route.continue_())
    with page.expect_request(lambda request: request.method == "POST"):
        page.get_by_role("button", name="Publish now").click()
    with page.expect_navigation():
        page.evaluate("() => dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    expect_fresh_form(page)
    assert page.locator("input[name=key]").input_value() != key


def test_a_form_that_was_not_sent_stays_as_it_is(page: Page) -> None:
    page.evaluate("() => { window.here = true; dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })); }")
    expect(page.get_by_label("Headline")).to_have_value("Bridge closed")
    assert page.evaluate("() => window.here")
