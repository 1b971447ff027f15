"""The network goes at each step, the session ends, the page is left: no word is lost and no entry is there twice."""

from __future__ import annotations

import time

from playwright.sync_api import Page, Route, WebSocket, expect

from tests.browser.desk_page import (
    body_of,
    desk_ready,
    form_ready,
    open_desk,
    photograph,
    send_pictures,
    sign_in,
    sign_in_at_the_door,
    write,
)
from tests.browser.site import Site

PAINTED = """() => new Promise((painted) => {
  new PerformanceObserver(painted).observe({ type: "paint", buffered: true });
})"""


def written(site: Site, blog: str) -> list[str]:
    return [entry["headline"] for entry in site.desk("headlines", blog=blog)["entries"]]


def test_a_cut_at_every_step_costs_no_word_and_doubles_none(page: Page, live_site: Site, blog: str):
    sign_in(page, live_site)
    open_desk(page, live_site, blog)

    # While typing: the page is left in the middle of a word, and nobody pressed anything.
    page.keyboard.type("Half a sen")
    page.locator(".rich-text [contenteditable]").first.click()
    page.keyboard.type("And a body")
    page.reload()
    expect(page.locator("#id_headline")).to_have_value("Half a sen")
    expect(page.locator(".rich-text [contenteditable]").first).to_have_text("And a body")

    # Before the scripts have come: what is typed and chosen then counts, and what was kept before is not overwritten by it.
    held: list[Route] = []
    page.route("**/composer*.js", lambda route: held.append(route))
    page.reload(wait_until="commit")
    # Chromium drops every press on a page that it has not painted yet, and nobody presses on what is not there.
    page.evaluate(PAINTED)
    write(page, "Early")
    page.locator("input[name=kind][value=breaking]").press("Space")
    for route in held:
        route.continue_()
    page.unroute("**/composer*.js")
    desk_ready(page)
    expect(page.locator("#id_headline")).to_have_value("Early")
    expect(page.locator("[data-primary]")).to_contain_text("Publish breaking")
    page.get_by_role("button", name="Bring it back to the composer").click()
    expect(page.locator("#id_headline")).to_have_value("Half a sen")
    page.once("dialog", lambda dialog: dialog.accept())
    page.locator(".outbox__item", has_text="Early").get_by_role("button", name="Discard").click()
    expect(page.locator(".outbox__item")).to_have_count(0)

    # While publishing: three presses without a connection, then a reload, then the connection.
    page.context.set_offline(True)
    page.locator("#id_headline").fill("One")
    page.keyboard.press("Control+Enter")
    write(page, "Two")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".outbox__item[data-state=kept], .outbox__item[data-state=sent]")).to_have_count(2)
    expect(page.locator(".outbox__what")).to_have_text(["Two", "One"])
    expect(page.locator("desk-bar [data-part=wire][data-state=away]")).to_be_visible()
    assert written(live_site, blog) == []
    page.context.set_offline(False)
    page.reload()
    expect(page.locator("[data-slip]")).to_have_count(2)
    assert written(live_site, blog) == ["One", "Two"]
    first, second = live_site.desk("headlines", blog=blog)["entries"]
    assert "And a body" in first["words"]
    assert "And a body" not in second["words"]

    # Between the commit and its answer.
    lost = []

    def lose(route: Route) -> None:
        if lost:
            route.continue_()
            return
        lost.append(route.fetch().status)
        route.abort()

    page.route("**/desk/*/entries/", lose)
    write(page, "Three")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".outbox__item[data-state=done]", has_text="Three")).to_be_visible()
    page.unroute("**/desk/*/entries/")
    assert lost == [200]
    assert written(live_site, blog) == ["One", "Two", "Three"]

    # While a picture is on its way: the file stays, the words stay, and it goes once there is a connection.
    write(page, "Four")
    page.route("**/desk/*/images/", lambda route: route.abort())
    send_pictures(page, [photograph("bridge.jpg")])
    expect(page.locator(".picture__retry")).to_be_visible()
    page.keyboard.press("Control+Enter")
    expect(page.locator("#id_headline")).to_have_value("Four")
    page.reload()
    desk_ready(page)
    expect(page.locator(".picture__retry")).to_be_visible()
    expect(page.locator(".picture__line")).to_contain_text("bridge.jpg")
    page.unroute("**/desk/*/images/")
    page.locator(".picture__retry").click()
    page.get_by_label("Alternative text").fill("A bridge")

    # While the page asks what the picture looks like: no answer, then none that says something, and the words of it are still there.
    asked: list[Route] = []
    page.route("**/desk/*/images/?refs=*", lambda route: asked.append(route))
    page.reload()
    form_ready(page)
    assert [block["type"] for block in body_of(page)] == ["image"]
    page.unroute("**/desk/*/images/?refs=*")
    page.route("**/desk/*/images/?refs=*", lambda route: route.abort())
    page.reload()
    expect(page.locator(".picture[data-stage=unknown]")).to_be_visible()
    page.unroute("**/desk/*/images/?refs=*")
    page.reload()
    desk_ready(page)
    expect(page.get_by_label("Alternative text")).to_have_value("A bridge")
    page.locator("#id_headline").focus()
    page.keyboard.press("Control+Enter")
    expect(page.locator(".outbox__item[data-state=done]", has_text="Four")).to_be_visible()
    assert written(live_site, blog) == ["One", "Two", "Three", "Four"]

    # A browser that keeps no file says so before anything is lost.
    page.evaluate("() => { Object.defineProperty(window, 'indexedDB', { get() { throw new Error('forbidden') } }) }")
    held_pictures: list[Route] = []
    page.route("**/desk/*/images/", lambda route: held_pictures.append(route))
    send_pictures(page, [photograph("tower.jpg")])
    expect(page.locator(".picture__line")).to_contain_text("stay on this page until it has arrived")
    page.reload()
    desk_ready(page)
    expect(page.locator(".picture__line")).to_contain_text("could not keep it. Choose it again")


def sign_in_beside(page: Page, site: Site) -> None:
    """In the tab that the desk opens for it, and which closes by itself."""
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Sign in in a new tab").click()
    door = opened.value
    door.get_by_label("Username").fill("editor")
    door.get_by_label("Password").fill(site.password)
    with door.expect_event("close"):
        door.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.locator("[data-dialog=sign-in]")).to_be_hidden()


def test_an_expired_session_keeps_the_words_and_sends_them_after_signing_in(page: Page, live_site: Site, blog: str):
    sign_in(page, live_site)
    sockets: list[WebSocket] = []
    page.on("websocket", lambda socket: sockets.append(socket))
    open_desk(page, live_site, blog)
    write(page, "Written when the session was over")
    bar = page.locator("desk-bar").bounding_box()
    page.context.clear_cookies()
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-dialog=sign-in]")).to_be_visible()
    # That it is so is said in the bar without moving what is under it.
    assert page.locator("desk-bar").bounding_box() == bar
    assert written(live_site, blog) == []
    sign_in_beside(page, live_site)
    expect(page.locator("[data-slip]")).to_have_count(1)
    assert written(live_site, blog) == ["Written when the session was over"]

    # A new password from the command line: the open socket is closed within ten seconds, and what was begun stays.
    write(page, "Begun before the new password")
    expect(page.locator("desk-bar [data-part=wire][data-state=live]")).to_be_visible()
    assert not sockets[-1].is_closed()
    with sockets[-1].expect_event("close", timeout=60_000):
        live_site.manage("changepassword", "editor", typed=f"{live_site.password}\n" * 2)
        changed = time.monotonic()
    assert time.monotonic() - changed <= 10
    expect(page.locator("[data-dialog=sign-in]")).to_be_visible()
    expect(page.locator("#id_headline")).to_have_value("Begun before the new password")
    sign_in_beside(page, live_site)
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-slip]")).to_have_count(2)


def test_a_first_breaking_entry_with_a_picture_takes_four_actions(page: Page, live_site: Site, blog: str):
    # 1: sign in. 2: open the desk. 3: fill in the composer. 4: publish, which breaking news asks about.
    sign_in_at_the_door(page, live_site)
    page.locator(".my-blogs__name", has_text=blog).click()
    desk_ready(page)
    page.keyboard.press("Alt+2")
    write(page, "Bridge closed")
    send_pictures(page, [photograph("bridge.jpg")])
    page.get_by_label("Alternative text").fill("A bridge")
    page.get_by_role("button", name="Publish breaking", exact=False).first.click()
    page.locator("[data-part=ask] button[value=yes]").click()
    slip = page.locator("[data-slip]").first
    expect(slip.locator("article.entry--breaking img")).to_be_visible()

    # And within ten seconds it can be taken back.
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("[data-slip]")).to_have_count(0)
    expect(page.locator("[data-count=draft]")).to_have_text("1")
