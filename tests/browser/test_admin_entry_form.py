"""The editor's whole way in the admin: write, look, be refused, publish, correct; and the reader's page that follows."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.axe import objections
from tests.browser.desk_page import add, body_of, open_form, photograph, send_pictures, sign_in
from tests.browser.site import Site


@pytest.fixture(autouse=True)
def _form(page: Page, live_site: Site, blog: str) -> None:
    sign_in(page, live_site)
    open_form(page, live_site, blog)


def test_an_editor_publishes_in_the_admin_and_the_open_page_shows_it(page: Page, browser: Browser, live_site: Site, blog: str) -> None:
    reading = browser.new_context()
    reader = reading.new_page()
    reader.goto(f"{live_site.url}/live/{blog}/")
    expect(reader.locator("live-feed")).to_have_attribute("data-wire-state", "live")
    page.get_by_label("Headline").fill("Bridge closed")
    page.get_by_role("textbox", name="Text", exact=True).fill("Engineers are on the span.")
    send_pictures(page, [photograph("bridge.jpg")])
    page.get_by_label("Alternative text").fill("The span from below")
    page.get_by_role("button", name="Publish now").click()
    expect(page.locator(".messagelist")).to_contain_text("Published")
    article = reader.locator("#feed article")
    expect(article.locator("h3")).to_have_text("Bridge closed")
    expect(article.get_by_role("img", name="The span from below")).to_be_visible()

    page.get_by_text("Correct a fact").click()
    page.get_by_label("Correction").fill("The bridge is open to walkers.")
    page.get_by_role("button", name="Publish correction").click()
    expect(article.locator(".correction")).to_contain_text("open to walkers")

    page.get_by_role("link", name="Withdraw").click()
    page.get_by_role("textbox", name="Reason").fill("Said twice.")
    page.get_by_role("button", name="Withdraw").click()
    expect(reader.locator("article[data-withdrawn]")).to_contain_text("Said twice.")
    reading.close()


def test_refusals_stand_at_their_fields_and_nothing_typed_is_lost(page: Page) -> None:
    page.get_by_label("Headline").fill("They heard it")
    add(page, "Quote")
    page.get_by_label("What was said").fill("We heard a crack.")
    page.get_by_role("button", name="Publish now").click()
    speaker = page.get_by_label("Who said it")
    expect(speaker).to_be_focused()
    expect(speaker).to_have_attribute("aria-invalid", "true")
    expect(speaker).to_have_accessible_description("Say who said it. A quote is published with its speaker.")
    expect(page.get_by_label("Headline")).to_have_value("They heard it")
    expect(page.get_by_label("What was said")).to_have_value("We heard a crack.")
    assert objections(page) == {}
    speaker.fill("Ada Hart")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".messagelist")).to_contain_text("Published")


def test_the_form_can_be_used_by_everybody(page: Page) -> None:
    for name in ("Quote", "List", "Gallery", "Link card", "Audio", "Video"):
        add(page, name)
    send_pictures(page, [photograph("bridge.jpg")])
    expect(page.locator(".picture[data-stage=shown]")).to_have_count(1)
    assert objections(page) == {}


def test_the_preview_is_the_readers_fragment_in_their_own_style(page: Page) -> None:
    page.get_by_label("Headline").fill("Bridge closed")
    page.get_by_role("radio", name="Breaking").check()
    page.get_by_role("button", name="Preview").click()
    article = page.locator("[data-part=preview-page] article")
    expect(article).to_have_attribute("data-kind", "breaking")
    expect(article.locator("h3")).to_have_text("Bridge closed")
    expect(article.locator("h3")).to_have_css("font-weight", "800")


def test_breaking_news_is_asked_about_once(page: Page) -> None:
    page.get_by_label("Headline").fill("Bridge closed")
    page.get_by_role("radio", name="Breaking").check()
    page.locator(".actions-bar").get_by_role("button", name="Publish breaking news").click()
    page.get_by_role("button", name="Not yet").click()
    expect(page.get_by_role("heading", name="Write an entry")).to_be_visible()
    page.locator(".actions-bar").get_by_role("button", name="Publish breaking news").click()
    page.get_by_role("dialog").get_by_role("button", name="Publish breaking news").click()
    expect(page.locator(".messagelist")).to_contain_text("Published")


def test_a_text_that_was_never_sent_is_offered_after_a_crash(page: Page, live_site: Site, blog: str) -> None:
    page.get_by_label("Headline").fill("Half a thought")
    page.get_by_role("textbox", name="Text", exact=True).fill("Engineers are")
    send_pictures(page, [photograph("bridge.jpg")])
    page.get_by_label("Alternative text").fill("The span")
    open_form(page, live_site, blog)
    expect(page.get_by_label("Headline")).to_have_value("")
    page.get_by_role("button", name="Bring it back").click()
    expect(page.get_by_label("Headline")).to_have_value("Half a thought")
    expect(page.get_by_label("Alternative text")).to_have_value("The span")
    assert [block["type"] for block in body_of(page)] == ["text", "image"]
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator(".messagelist")).to_contain_text("Saved")
    open_form(page, live_site, blog)
    expect(page.get_by_role("button", name="Bring it back")).to_be_hidden()

    # Sent, written, and the answer lost: brought back and sent again it is there once.
    def lose(route: Route) -> None:
        if route.request.method == "POST":
            route.fetch(max_redirects=0)
            route.abort()
        else:
            route.continue_()

    page.route("**/entry/add/*", lose)
    page.get_by_label("Headline").fill("A whole thought")
    with page.expect_event("requestfailed"):
        page.get_by_role("button", name="Publish now").click()
    page.unroute("**/entry/add/*")
    open_form(page, live_site, blog)
    page.get_by_role("button", name="Bring it back").click()
    expect(page.get_by_label("Headline")).to_have_value("A whole thought")
    page.get_by_role("button", name="Publish now").click()
    expect(page.locator(".messagelist")).to_be_visible()
    written = live_site.desk("headlines", blog=blog)["entries"]
    assert [entry["headline"] for entry in written] == ["Half a thought", "A whole thought"]


def test_a_stale_edit_keeps_the_editor_s_own_text_beside_the_other(page: Page, live_site: Site, blog: str) -> None:
    page.get_by_label("Headline").fill("Bridge closed")
    page.get_by_role("button", name="Publish now").click()
    expect(page.locator(".messagelist")).to_contain_text("Published")
    ref = page.get_by_role("link", name="Open the live page").first.get_attribute("href")
    assert ref
    live_site.desk("edit", ref=ref.rstrip("/").rsplit("/", 1)[1], headline="Closed until Monday")
    page.get_by_label("Headline").fill("Closed for repairs")
    page.get_by_role("button", name="Save new wording").click()
    row = page.locator(".two-texts .differs")
    expect(row).to_contain_text("Closed until Monday")
    expect(row).to_contain_text("Closed for repairs")
    expect(page.get_by_label("Headline")).to_have_value("Closed for repairs")
    assert objections(page) == {}


def test_no_form_is_wider_than_a_phone(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    for name in ("Quote", "List", "Gallery", "Link card", "Video"):
        add(page, name)
    assert page.evaluate("() => document.documentElement.scrollWidth") == 360


def test_without_scripts_the_body_is_written_as_data(browser: Browser, live_site: Site, blog: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, live_site)
    page.goto(f"{live_site.url}/admin/newsroom/entry/add/?blog={blog}")
    page.get_by_label("Headline").fill("Bridge closed")
    page.locator("textarea[name=blocks]").fill(json.dumps([{"type": "text", "html": "<p>Engineers are on the span.</p>"}]))
    page.get_by_role("button", name="Publish now").click()
    expect(page.locator(".messagelist")).to_contain_text("Published")
    context.close()
