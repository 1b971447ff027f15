"""The desk for every hand: by keyboard alone, on a phone, read out, in the dark; and with its server killed under it."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.axe import objections
from tests.browser.desk_page import desk_ready, open_desk, photograph, sign_in, write
from tests.browser.site import Site
from tests.browser.test_layout import WIDER

# What a thumb would miss on the desk. A link in a sentence, and what an entry's own fragment holds, are as high as their line.
SMALL = """() => [...document.querySelectorAll("#content a, #content button, #content summary, #content input, #content select")]
  .filter((one) => one.checkVisibility() && !one.closest(".vh, .slip__page, .field__hint") && !["radio", "checkbox"].includes(one.type))
  .map((one) => [one.getBoundingClientRect(), one])
  .filter(([box]) => box.height < 43.5 || box.width < 24)
  .map(([box, one]) => `${one.tagName}.${one.className} in ${one.parentElement.className}: ${Math.round(box.width)}x${box.height}`)"""

# The pieces of a summary's frame from above: each side of theirs, what parts them, and how thick their lines are.
FRAME = """(article) => [...article.children].filter((piece) => piece.checkVisibility()).map((piece, at, all) => {
    const box = piece.getBoundingClientRect(), before = all[at - 1]?.getBoundingClientRect(), style = getComputedStyle(piece);
    return { sides: [box.left, box.right], gap: Math.abs(before ? box.top - before.bottom : 0) > 0.5, top: style.borderTopWidth,
      inline: [style.borderLeftWidth, style.borderRightWidth], bottom: style.borderBottomWidth }; })"""


def choose(page: Page, name: str) -> None:
    """Whoever is asked for a file chooses this one. Said early: a dialogue that opens before the browser knows of it is lost."""
    page.on("filechooser", lambda chooser: chooser.set_files([photograph(name)]))


def tab_to(page: Page, key: str, place: str) -> None:
    for _ in range(40):
        page.keyboard.press(key)
        if page.evaluate("(place) => document.activeElement.matches(place)", place):
            return
    raise AssertionError(f"{place} cannot be reached by {key}; the focus is at {page.evaluate('document.activeElement.outerHTML')[:300]}")


def fill(site: Site, blog: str) -> str:
    """A desk with something in every list. Gives the newest published entry."""
    site.desk("publish", blog=blog, headline="Bridge closed", kind="breaking", standing="reported", html="<p>Since noon.</p>")
    site.desk("withdraw", ref=site.desk("publish", blog=blog, headline="A rumour")["ref"])
    site.desk("submit", blog=blog, headline="Seen from the quay", html="<p>Three tugs.</p>")
    site.desk("schedule", blog=blog, seconds=90_000, headline="Tomorrow")
    ref: str = site.desk("publish", blog=blog, headline="Water falls", html="<p>Four metres.</p>")["ref"]
    site.desk("correct", ref=ref, note="It was five.", headline="Water falls", html="<p>Five metres.</p>")
    return ref


def test_axe_has_no_objection_to_the_desk_in_any_state(page: Page, live_site: Site, blog: str):
    sign_in(page, live_site, "chief")
    open_desk(page, live_site, blog)
    assert objections(page) == {}
    fill(live_site, blog)
    for scheme, width in (("light", 1280), ("dark", 360)):
        found: dict[str, Any] = {}
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 800})
        for tab in ("draft", "submitted", "scheduled", "withdrawn", "published"):
            page.goto(re.sub(r"\?.*|$", f"?tab={tab}", page.url, count=1))
            desk_ready(page)
            found[tab] = objections(page)
        page.locator("[data-slip] summary").first.click()
        page.locator("[data-history]").first.click()
        expect(page.locator(".past")).to_be_visible()
        found["history"] = objections(page)
        page.keyboard.press("Escape")
        page.locator("[data-ask=withdraw]").first.click()
        found["dialog"] = objections(page)
        page.keyboard.press("Escape")
        page.locator("[data-open=correct]").first.click()
        expect(page.locator("#id_note")).to_be_focused()
        page.keyboard.press("Control+Enter")
        expect(page.locator("[data-part=note] .field__fault")).to_be_visible()
        found["refused"] = objections(page)
        page.locator(".desk-bar__story > summary").click()
        found["story"] = objections(page)
        page.keyboard.press("Escape")
        page.locator("[data-act=leave]").click()
        page.locator("[data-dialog=leave] button[value=drop]").click()
        assert {state: what for state, what in found.items() if what} == {}


def test_on_a_phone_the_composer_comes_first_and_nothing_is_out_of_reach(page: Page, live_site: Site, blog: str):
    fill(live_site, blog)
    page.set_viewport_size({"width": 360, "height": 780})
    choose(page, "quay.jpg")
    sign_in(page, live_site)
    open_desk(page, live_site, blog)
    for part in ("#id_headline", "[data-act=camera]", "[data-primary]"):
        expect(page.locator(part)).to_be_in_viewport()
    composer, first = (page.locator(part).first.bounding_box() for part in ("desk-composer", "[data-slip]"))
    assert composer
    assert first
    assert composer["y"] < first["y"]
    page.locator("[data-slip] summary").first.click()
    assert page.evaluate(WIDER)[0] == 0
    assert page.evaluate(SMALL) == []
    page.locator("[data-act=camera]").click()
    page.get_by_label("Alternative text").fill("The quay")
    assert page.evaluate(WIDER)[0] == 0

    # Planned from the far end of the form: the next is begun at its top, with what was sent beside it.
    page.locator(".desk-composer__more > summary").click()
    page.locator("#id_scheduled_for").fill("2030-01-01T12:00")
    page.locator("[data-primary]").click()
    expect(page.locator(".outbox__item[data-state=done]")).to_be_in_viewport()
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 780})
        expect(page.locator("#id_headline")).to_be_focused()
        expect(page.locator("#id_headline")).to_be_in_viewport(ratio=1)
    assert page.evaluate("() => document.querySelector('#entry_form').scrollTop") == 0


def test_the_frame_of_a_summary_is_whole(page: Page, live_site: Site, blog: str):
    said = [
        {"type": "list", "style": "bullet", "items": ["One.", "Two."]},
        {"type": "text", "html": "<blockquote><p>Three.</p></blockquote>"},
    ]
    ref = live_site.desk("publish", blog=blog, kind="summary", headline="The day in short", blocks=said)["ref"]
    live_site.desk("correct", ref=ref, note="It was four.", kind="summary", headline="The day in short", blocks=said)
    sign_in(page, live_site)
    open_desk(page, live_site, blog)
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 800})
        pieces = page.locator("article.entry--summary").evaluate(FRAME)
        assert len(pieces) >= 3, "a head, the body and a correction"
        assert all(piece["sides"] == pieces[0]["sides"] and not piece["gap"] and piece["inline"] == ["2px", "2px"] for piece in pieces), (
            pieces
        )
        assert [piece["top"] for piece in pieces] == ["2px", *("0px" for _ in pieces[1:])]
        assert [piece["bottom"] for piece in pieces] == [*("0px" for _ in pieces[1:]), "2px"]


def test_the_keyboard_alone_publishes_with_a_picture_corrects_withdraws_and_approves(page: Page, live_site: Site, blog: str):
    live_site.desk("submit", blog=blog, headline="Seen from the quay", html="<p>Three tugs.</p>")
    choose(page, "bridge.jpg")
    sign_in(page, live_site)
    open_desk(page, live_site, blog)

    # A picture: on from the headline to the row that adds blocks.
    page.keyboard.type("Bridge closed")
    tab_to(page, "Tab", "[data-part=adder] [data-act=choose]")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Alternative text")).to_be_visible()
    tab_to(page, "Shift+Tab", "[data-picture=alt]")
    page.keyboard.type("A bridge")
    page.keyboard.press("Control+Enter")
    slip = page.locator("[data-slip]").first
    expect(slip.locator("img")).to_be_visible()

    # To the entry, which a colleague marks meanwhile; the keys stand there all the same. Then a correction.
    page.evaluate("() => document.activeElement.blur()")
    page.keyboard.press("j")
    live_site.desk("mark", ref=slip.get_attribute("data-slip"))
    expect(slip.get_by_role("button", name="No key event")).to_be_attached()
    expect(slip).to_be_focused()
    page.keyboard.press("c")
    expect(page.locator("#id_note")).to_be_focused()
    page.keyboard.type("It was the other bridge.")
    page.keyboard.press("Control+Enter")
    expect(slip).to_contain_text("It was the other bridge.")

    # Withdrawn, and its reason asked for where it is missing.
    page.evaluate("() => document.activeElement.blur()")
    page.keyboard.press("j")
    page.keyboard.press("w")
    expect(page.locator("#ask-reason")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("[data-dialog=withdraw] [data-fault]")).to_be_visible()
    page.keyboard.type("Not our bridge.")
    page.keyboard.press("Enter")
    expect(page.locator("[data-slip]")).to_have_count(0)

    # What a colleague handed in is read and approved.
    page.locator("[data-tab=submitted]").focus()
    page.keyboard.press("Enter")
    desk_ready(page)
    page.keyboard.press("j")
    page.keyboard.press("a")
    expect(page.locator("[data-slip]")).to_have_count(0)
    statuses = {entry["headline"]: entry["status"] for entry in live_site.desk("headlines", blog=blog)["entries"]}
    assert statuses == {"Bridge closed": "withdrawn", "Seen from the quay": "published"}


def test_a_server_that_is_killed_costs_no_word_and_doubles_none(page: Page, live_site: Site, blog: str):
    ref = live_site.desk("publish", blog=blog, headline="Bridge closed", html="<p>Since noon.</p>")["ref"]
    sign_in(page, live_site)
    open_desk(page, live_site, blog)
    page.locator(f"[data-slip={ref}] [data-open=edit]").click()
    expect(page.locator("[data-part=open]")).to_be_visible()
    live_site.server.kill()
    try:
        write(page, "Bridge closed until Monday")
        page.keyboard.press("Control+Enter")
        for headline in ("One", "Two"):
            write(page, headline)
            page.keyboard.press("Control+Enter")
        expect(page.locator("desk-bar [data-part=wire][data-state=away]")).to_be_visible()
        expect(page.locator(".outbox__item:is([data-state=kept], [data-state=sent])")).to_have_count(3)
        page.keyboard.type("Begun while it was away")
    finally:
        live_site.server.again()
    expect(page.locator(".outbox__item:is([data-state=kept], [data-state=sent])")).to_have_count(0, timeout=30_000)
    expect(page.locator("[data-slip] h3")).to_have_text(["Two", "One", "Bridge closed until Monday"], timeout=30_000)
    expect(page.locator("#id_headline")).to_have_value("Begun while it was away")
    written = [entry["headline"] for entry in live_site.desk("headlines", blog=blog)["entries"]]
    assert written == ["Bridge closed until Monday", "One", "Two"]
