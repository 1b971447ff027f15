"""The desk's lists and refusals as they are seen in a browser."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk_page import add, open_desk, open_form, photograph, send_pictures, sign_in
from tests.browser.site import Site

LONG_WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"


def test_the_list_fits_its_box_and_a_withheld_picture_is_still_seen(page: Page, live_site: Site, blog: str) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    sign_in(page, live_site)
    story = live_site.desk("open_blog", slug=f"{blog}-long", title=f"The story of the {LONG_WORD}")["slug"]
    open_form(page, live_site, story)
    page.get_by_label("Headline").fill(f"The harbour bridge is closed to all traffic until engineers have looked at {LONG_WORD}")
    page.get_by_role("radio", name="Unverified").check()
    page.get_by_label("Key event").check()
    send_pictures(page, [photograph("bridge.jpg")])
    page.get_by_label("Alternative text").fill("The span from below")
    page.get_by_role("button", name="Publish now").click()
    expect(page.locator(".messagelist")).to_contain_text("Published")
    page.get_by_role("button", name="Pin", exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text("Pinned")
    form = page.url

    page.goto(f"{live_site.url}/admin/newsroom/entry/")
    expect(page.locator("#result_list .field-story").first).to_be_visible()
    assert page.locator("#changelist .results").evaluate("box => box.scrollWidth - box.clientWidth") <= 0

    page.goto(form)
    page.get_by_role("link", name="Withdraw").click()
    page.get_by_role("textbox", name="Reason").fill("Said twice.")
    page.get_by_role("button", name="Withdraw").click()
    expect(page.locator(".messagelist")).to_contain_text("Withdrawn")
    page.goto(f"{live_site.url}/admin/newsroom/image/")
    thumb = page.locator("#result_list .thumb").first
    expect(thumb).to_have_attribute("src", re.compile(f"^/desk/{story}/pictures/"))
    expect(thumb).to_have_js_property("complete", True)
    assert thumb.evaluate("image => image.naturalWidth") > 0


@pytest.mark.parametrize("open_it", [open_form, open_desk], ids=["the form", "the desk"])
def test_a_body_that_would_not_be_read_is_refused_at_its_field_and_not_sent(
    page: Page, live_site: Site, blog: str, open_it: Callable[[Page, Site, str], None]
) -> None:
    sign_in(page, live_site)
    page.set_viewport_size({"width": 360, "height": 700})
    open_it(page, live_site, blog)
    sent = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.get_by_label("Headline").fill("The whole report")
    add(page, "Quote")
    page.get_by_label("Who said it").fill("Ada Hart")
    said = page.get_by_label("What was said")
    # A browser takes half a minute to lay out what is really too much.
    page.locator("[data-max-body]").evaluate("form => { form.dataset.maxBody = 4000 }")
    said.fill("storm " * 1000)
    page.locator("[data-primary]").click()
    sentence = page.locator(".composer__body").get_by_role("alert").filter(has_text="1000 kB is the most")
    expect(sentence).to_be_focused()
    expect(sentence).to_be_in_viewport()
    assert sent == []
    expect(page.get_by_label("Headline")).to_have_value("The whole report")
    assert len(said.input_value()) == 6 * 1000
    said.fill("We heard a crack.")
    expect(sentence).to_be_hidden()
    page.locator("[data-primary]").click()
    expect(page.locator(".messagelist, .outbox__item[data-state=done]")).to_contain_text("Published")
