"""What an entry's links do with scripts: share, a picture over the page, a player in its place; without scripts they are links."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.browser.axe import objections
from tests.browser.open_page import BARE_FEED, WATCH_SHIFTS, open_page
from tests.browser.site import Site

FILM = {"type": "video", "url": "https://www.youtube.com/watch?v=M7lc1UVf-VE", "title": "The span"}


def on_the_live_page(page: Page, site: Site, blog: str, ref: str) -> None:
    open_page(page, site, blog)


def on_its_own_page(page: Page, site: Site, blog: str, ref: str) -> None:
    page.goto(f"{site.url}/live/{blog}/{ref}/")


@pytest.mark.parametrize("opened", [on_the_live_page, on_its_own_page])
def test_share_copies_the_entry_s_address_and_says_so(page: Page, context: BrowserContext, live_site: Site, blog: str, opened: Any) -> None:
    ref = live_site.desk("publish", blog=blog, headline="The span has moved", html="<p>It has.</p>")["ref"]
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    opened(page, live_site, blog, ref)
    share = page.locator(f"#{ref} [data-share]")
    share.focus()
    page.keyboard.press("Enter")
    expect(page.locator("[role=status]")).to_have_text("The link is copied")
    expect(page.locator(".copied")).to_be_in_viewport()
    assert objections(page) == {}
    expect(page.locator(".copied")).to_be_visible()
    assert page.evaluate("() => navigator.clipboard.readText()") == f"{live_site.url}/live/{blog}/{ref}/"
    expect(share).to_be_focused()
    expect(page.locator(".copied")).to_be_hidden()


def test_a_gallery_opens_over_the_page_and_is_read_by_its_keys(page: Page, live_site: Site, blog: str) -> None:
    size = (1280, 853)
    images = [live_site.desk("upload", blog=blog, alt=f"Tug {number}", caption=f"Caption {number}.", size=size)["ref"] for number in (1, 2)]
    ref = live_site.desk("publish", blog=blog, headline="Tugs", blocks=[{"type": "gallery", "images": images}])["ref"]
    open_page(page, live_site, blog)
    page.evaluate(WATCH_SHIFTS)
    links, box = page.locator(f"#{ref} [data-zoom]"), page.locator("dialog[open]")
    links.first.click()
    expect(box).to_have_accessible_name("Tug 1")
    expect(box.locator("figcaption")).to_have_text("Caption 1.")
    assert box.locator("img").evaluate("image => image.decode().then(() => image.naturalWidth)") == 1280
    # Picture and caption are in the window, whole.
    assert box.evaluate("box => box.scrollHeight - box.clientHeight") <= 0
    assert box.locator("figcaption").evaluate("line => line.getBoundingClientRect().bottom <= innerHeight")
    page.keyboard.press("ArrowRight")
    expect(box).to_have_accessible_name("Tug 2")
    page.keyboard.press("ArrowRight")
    expect(box).to_have_accessible_name("Tug 2")
    for _ in range(5):
        page.keyboard.press("Tab")
        assert page.evaluate("() => document.activeElement === document.body || !!document.activeElement.closest('dialog')")
    # The entry is replaced below the picture.
    live_site.desk("edit", ref=ref, headline="Tugs at work", blocks=[{"type": "gallery", "images": images}])
    expect(page.locator(f"#{ref} h3")).to_have_text("Tugs at work")
    page.keyboard.press("Escape")
    expect(box).to_have_count(0)
    # The window itself may have lost the focus to the browser by the keys above; the page has given it back where it was.
    page.wait_for_function("() => document.activeElement.matches('[data-zoom]')")
    assert links.nth(1).evaluate("link => link === document.activeElement")
    assert page.evaluate("() => window.shifts") <= 0.001


def test_a_player_comes_after_a_click_into_the_place_kept_for_it(page: Page, live_site: Site, blog: str) -> None:
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(body="<p>A player</p>", content_type="text/html")

    page.route(lambda url: not url.startswith(live_site.url), answer)
    ref = live_site.desk("publish", blog=blog, headline="Film", blocks=[FILM])["ref"]
    open_page(page, live_site, blog)
    card = page.locator(f"#{ref} [data-player]")
    card.scroll_into_view_if_needed()
    place = card.bounding_box()
    assert asked == []
    page.evaluate(WATCH_SHIFTS)
    card.click()
    frame = page.locator(f"#{ref} iframe")
    expect(frame).to_have_attribute("title", "The span")
    expect(page.frame_locator(f"#{ref} iframe").locator("p")).to_have_text("A player")
    assert frame.bounding_box() == place
    assert asked == ["https://www.youtube-nocookie.com/embed/M7lc1UVf-VE?autoplay=1"]
    assert "allow-top-navigation" not in (frame.get_attribute("sandbox") or "allow-top-navigation")
    assert page.evaluate("() => window.shifts") <= 0.001


def test_an_edit_leaves_players_and_pictures_as_they_are_and_a_withdrawal_takes_them(page: Page, live_site: Site, blog: str) -> None:
    page.route(lambda url: not url.startswith(live_site.url), lambda route: route.fulfill(body="<p>A player</p>", content_type="text/html"))
    image = {"type": "image", "image": live_site.desk("upload", blog=blog, alt="A tug")["ref"]}
    other = {**FILM, "url": "https://www.youtube.com/watch?v=aqz-KE-bpKQ", "title": "The pier"}
    ref = live_site.desk("publish", blog=blog, headline="Films", blocks=[image, FILM, other])["ref"]
    open_page(page, live_site, blog)
    # The last of its files is made after it was published, and makes another picture of it.
    expect(page.locator(f"#{ref} source[type='image/avif']")).to_be_attached(timeout=30_000)
    page.locator(f"#{ref} [data-player]").nth(0).click()
    expect(page.frame_locator(f"#{ref} iframe").locator("p")).to_have_text("A player")
    page.locator(f"#{ref} :is(iframe, picture)").evaluate_all("list => { for (const one of list) one.mine = true }")
    page.frame_locator(f"#{ref} iframe").locator("p").evaluate("one => { one.ownerDocument.defaultView.playing = true }")
    said = {"type": "text", "html": "<p>More words.</p>"}
    live_site.desk("correct", ref=ref, note="Three.", headline="Films and words", blocks=[said, image, FILM, other, said])
    expect(page.locator(f"#{ref} h3")).to_have_text("Films and words")
    assert page.frame_locator(f"#{ref} iframe").locator("p").evaluate("one => one.ownerDocument.defaultView.playing")
    assert page.locator(f"#{ref} :is(iframe, picture)").evaluate_all("list => list.map(one => !!one.mine)") == [True, True]
    # But for the frame and the link under it the entry is what a fresh page has.
    now = page.evaluate(BARE_FEED)
    fresh = page.context.new_page()
    open_page(fresh, live_site, blog)
    assert re.sub(r' hidden=""|<iframe.*?</iframe>', "", now) == fresh.evaluate(BARE_FEED)
    fresh.close()
    # The film itself was exchanged: it goes, and so it does with a withdrawal, whatever plays.
    live_site.desk("edit", ref=ref, headline="One film", blocks=[said, other])
    expect(page.locator(f"#{ref} h3")).to_have_text("One film")
    expect(page.locator(f"#{ref} iframe")).to_have_count(0)
    page.locator(f"#{ref} [data-player]").click()
    live_site.desk("withdraw", ref=ref)
    expect(page.locator(f"#{ref}[data-withdrawn]")).to_be_attached()
    expect(page.locator("iframe")).to_have_count(0)


def test_without_scripts_they_are_links(browser: Browser, live_site: Site, blog: str) -> None:
    image = live_site.desk("upload", blog=blog, alt="A tug")["ref"]
    blocks = [{"type": "image", "image": image}, FILM]
    ref = live_site.desk("publish", blog=blog, headline="Tug", kind="image", blocks=blocks)["ref"]
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    address = f"{live_site.url}/live/{blog}/"
    page.goto(address)
    page.locator(f"#{ref} [data-share]").click()
    page.wait_for_url(f"{address}{ref}/")
    page.locator("[data-zoom]").click()
    page.wait_for_url("**/media/pictures/**.jpg")
    page.go_back()
    assert page.locator("[data-player]").get_attribute("href") == FILM["url"]
    context.close()
