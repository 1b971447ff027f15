"""The form of an entry that was withdrawn while it was open: its text goes on as a new entry."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.axe import objections
from tests.browser.desk_page import open_form, sign_in
from tests.browser.site import Site


def test_what_was_typed_is_in_a_form_that_publishes_it_as_a_new_entry(page: Page, live_site: Site, blog: str) -> None:
    sign_in(page, live_site)
    open_form(page, live_site, blog)
    page.get_by_label("Headline").fill("Bridge closed")
    page.get_by_role("textbox", name="Text", exact=True).fill("Engineers are on the span.")
    page.get_by_role("button", name="Publish now").click()
    expect(page.locator(".messagelist")).to_contain_text("Published")
    address = page.get_by_role("link", name="Open the live page").first.get_attribute("href")
    assert address
    page.get_by_label("Headline").fill("Closed until Monday")
    live_site.desk("withdraw", ref=address.rstrip("/").rsplit("/", 1)[1], reason="Said twice.")
    page.get_by_role("button", name="Save new wording").click()
    expect(page.get_by_role("alert").first).to_contain_text("“Bridge closed” was withdrawn by")
    expect(page.get_by_role("textbox", name="Text", exact=True)).to_have_text("Engineers are on the span.")
    assert objections(page) == {}
    page.get_by_role("button", name="Publish now").click()
    expect(page.locator(".messagelist")).to_contain_text("Published")
    expect(page.get_by_label("Headline")).to_have_value("Closed until Monday")
