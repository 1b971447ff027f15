"""Pin and key event load the form anew: words that are not saved come along."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk_page import body_of, form_ready, open_form, sign_in
from tests.browser.site import Site


@pytest.fixture(autouse=True)
def _published(page: Page, live_site: Site, blog: str) -> None:
    sign_in(page, live_site)
    open_form(page, live_site, blog)
    page.get_by_label("Headline").fill("Bridge closed")
    page.get_by_role("textbox", name="Text", exact=True).fill("Engineers are on the span.")
    page.get_by_role("button", name="Publish now").click()
    expect(page.locator(".messagelist")).to_contain_text("Published")
    form_ready(page)


def type_on(page: Page) -> None:
    page.get_by_label("Headline").fill("Bridge closed until Monday")
    page.get_by_role("textbox", name="Text", exact=True).fill("A crack was found.")


@pytest.mark.parametrize(("button", "done"), [("Pin", "Pinned"), ("List among the key events", "Listed")])
def test_unsaved_words_are_in_the_form_after_a_mark(page: Page, button: str, done: str) -> None:
    type_on(page)
    page.get_by_role("button", name=button, exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text(done)
    expect(page.get_by_label("Headline")).to_have_value("Bridge closed until Monday")
    assert "A crack was found." in str(body_of(page))
    expect(page.get_by_text("What you had typed is back in the form. It is not saved yet.")).to_be_visible()
    expect(page.get_by_role("button", name="Bring it back")).to_be_hidden()
    page.get_by_role("button", name="Save new wording").click()
    expect(page.locator(".messagelist")).to_contain_text("new wording")
    expect(page.get_by_label("Headline")).to_have_value("Bridge closed until Monday")


def test_a_mark_on_an_untouched_form_brings_no_older_words(page: Page) -> None:
    type_on(page)
    page.reload()
    expect(page.get_by_role("button", name="Bring it back")).to_be_visible()
    page.get_by_role("button", name="Pin", exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text("Pinned")
    expect(page.get_by_role("button", name="Bring it back")).to_be_visible()
    expect(page.get_by_label("Headline")).to_have_value("Bridge closed")


def test_words_typed_on_a_text_that_somebody_replaced_are_offered_and_not_put_in_its_place(page: Page, live_site: Site) -> None:
    address = page.get_by_role("link", name="Open the live page").first.get_attribute("href")
    assert address
    type_on(page)
    live_site.desk("edit", ref=address.rstrip("/").rsplit("/", 1)[1], headline="Closed for good")
    page.get_by_role("button", name="Pin", exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text("Pinned")
    expect(page.get_by_role("button", name="Bring it back")).to_be_visible()
    expect(page.get_by_label("Headline")).to_have_value("Closed for good")
