"""The desk's lists and refusals as they are seen in a browser."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.desk_page import open_form, photograph, send_pictures, sign_in
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


def test_a_body_that_would_not_be_read_is_not_sent(page: Page, live_site: Site, blog: str) -> None:
    sign_in(page, live_site)
    open_form(page, live_site, blog)
    sent = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.locator("textarea[name=blocks]").evaluate("field => { field.value = JSON.stringify(['x'.repeat(1_000_001)]); }")
    page.get_by_role("button", name="Publish now").click()
    expect(page.locator("[data-part=bar-line]")).to_contain_text("1000 kB is the most")
    assert sent == []
