"""The block editor in a real browser: typing, pasting, moving, pictures."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk_page import add, body_of, open_form, photograph, send_pictures, sign_in
from tests.browser.site import Site

WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><body><p class="MsoNormal" style="margin:0">
<span style="font-weight:bold">Closed</span> since noon, says
<a href="https://example.org/notice" target="_blank" onclick="steal()" class="x">the notice</a>.<o:p></o:p></p>
<img src="https://elsewhere.example/pixel.png"><script>steal()</script></body></html>"""

PASTE = """(field, html) => { const data = new DataTransfer(); data.setData("text/html", html); data.setData("text/plain", "Closed");
    field.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true})) }"""

DROP = """async (place, kind) => { const data = new DataTransfer();
    const canvas = new OffscreenCanvas(300, 200); canvas.getContext("2d").fillRect(0, 0, 300, 200);
    const blob = await canvas.convertToBlob({type: "image/jpeg"});
    for (const name of ["first.jpg", "second.jpg"]) data.items.add(new File([blob], name, {type: "image/jpeg"}));
    const event = kind === "drop" ? new DragEvent("drop", {dataTransfer: data, bubbles: true, cancelable: true})
        : new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true});
    place.dispatchEvent(event) }"""


@pytest.fixture(autouse=True)
def _form(page: Page, live_site: Site, blog: str) -> None:
    sign_in(page, live_site)
    open_form(page, live_site, blog)


def test_text_is_typed_with_the_keyboard_alone(page: Page) -> None:
    page.get_by_role("textbox", name="Text", exact=True).focus()
    page.keyboard.type("Closed ")
    page.keyboard.press("Control+b")
    page.keyboard.type("since noon")
    assert body_of(page) == [{"type": "text", "html": "<p>Closed <strong>since noon</strong></p>"}]


def test_a_tool_says_whether_it_is_on(page: Page) -> None:
    bold = page.get_by_role("button", name="Bold")
    expect(bold).to_have_attribute("aria-pressed", "false")
    page.get_by_role("textbox", name="Text", exact=True).focus()
    page.keyboard.press("Control+b")
    expect(bold).to_have_attribute("aria-pressed", "true")


def test_a_link_is_set_from_the_keyboard_and_a_script_address_is_not(page: Page) -> None:
    page.get_by_role("textbox", name="Text", exact=True).focus()
    page.keyboard.press("Control+k")
    page.get_by_label("Link to").fill("javascript:alert(1)")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Link to")).to_be_visible()
    assert body_of(page) == []
    page.get_by_label("Link to").fill("example.org/notice")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Link to")).to_be_hidden()
    assert '<a href="https://example.org/notice">' in body_of(page)[0]["html"]


def test_a_paste_from_a_word_processor_comes_out_clean(page: Page) -> None:
    page.get_by_role("textbox", name="Text", exact=True).evaluate(PASTE, WORD)
    html = body_of(page)[0]["html"]
    assert "<strong>" in html
    assert '<a href="https://example.org/notice">the notice</a>' in html
    for trace in ("style", "class", "onclick", "target", "img", "script", "o:p", "Mso"):
        assert trace not in html


def test_blocks_are_moved_with_the_keyboard_and_it_is_said(page: Page) -> None:
    page.get_by_role("textbox", name="Text", exact=True).fill("First")
    add(page, "Quote")
    said = page.get_by_label("What was said")
    said.fill("We heard a crack.")
    said.press("Alt+ArrowUp")
    assert [block["type"] for block in body_of(page)] == ["quote", "text"]
    expect(said).to_be_focused()
    status = page.locator("block-editor [data-part=status]")
    expect(status).to_have_text("Quote is now block 1 of 2.")
    said.press("Alt+ArrowUp")
    expect(status).to_have_text("This block is the first already.")


def test_a_block_is_dragged_by_its_handle_and_only_by_it(page: Page) -> None:
    page.get_by_role("textbox", name="Text", exact=True).fill("First")
    add(page, "Quote")
    page.get_by_label("What was said").fill("We heard a crack.")
    blocks = page.locator(".block")
    above = {"x": 200, "y": 4}
    blocks.nth(1).get_by_label("What was said").drag_to(blocks.nth(0), target_position=above)
    assert [block["type"] for block in body_of(page)] == ["text", "quote"]
    blocks.nth(1).locator("[data-part=handle]").drag_to(blocks.nth(0), target_position=above)
    assert [block["type"] for block in body_of(page)] == ["quote", "text"]
    expect(page.locator("block-editor [data-part=status]")).to_have_text("Quote is now block 1 of 2.")


def test_a_block_is_added_below_another_one_and_removed(page: Page) -> None:
    page.get_by_role("textbox", name="Text", exact=True).fill("First")
    add(page, "List")
    page.keyboard.type("One")
    page.keyboard.press("Enter")
    page.keyboard.type("Two")
    page.get_by_role("button", name="Add below: Text, block 1").click()
    page.keyboard.press("Tab")
    add(page, "Link card")
    page.get_by_label("Link", exact=True).fill("https://www.example.org/post/1")
    body = body_of(page)
    assert [block["type"] for block in body] == ["text", "embed", "list"]
    assert body[1]["provider"] == "example.org"
    assert body[2]["items"] == ["One", "Two"]
    page.get_by_role("button", name="Remove: Link card, block 2").click()
    assert [block["type"] for block in body_of(page)] == ["text", "list"]


def test_the_length_of_a_recording_is_typed_as_it_is_read(page: Page) -> None:
    add(page, "Audio")
    page.get_by_label("Length (minutes:seconds)").fill("1:35")
    assert body_of(page)[-1]["duration"] == 95
    page.get_by_label("Length (minutes:seconds)").fill("long")
    assert body_of(page)[-1]["duration"] == "long"


@pytest.mark.parametrize("way", ["drop", "paste"])
def test_several_pictures_are_dropped_or_pasted_at_once(page: Page, way: str) -> None:
    page.locator("block-editor").evaluate(DROP, way)
    expect(page.locator(".picture[data-stage=shown]")).to_have_count(2)
    page.get_by_label("Alternative text").first.fill("A dark field")
    images = [block["image"] for block in body_of(page) if block["type"] == "image"]
    assert len(set(images)) == 2
    assert all(ref.startswith("i-") for ref in images)


def test_a_refused_picture_says_why_and_nothing_is_sent_while_it_waits(page: Page) -> None:
    page.get_by_label("Headline").fill("Bridge closed")
    send_pictures(page, [photograph("bridge.jpg"), {"name": "drawing.svg", "mimeType": "image/svg+xml", "buffer": b"<svg/>"}])
    expect(page.locator(".picture[data-stage=shown]")).to_have_count(1)
    refused = page.locator(".picture[data-stage=refused]")
    expect(refused.locator("[data-part=line]")).not_to_be_empty()
    page.get_by_role("button", name="Publish now").click()
    expect(page.locator("[data-part=bar-line]")).to_contain_text("has not arrived")
    expect(page.get_by_label("Headline")).to_have_value("Bridge closed")


def test_pictures_of_a_gallery_change_places(page: Page) -> None:
    add(page, "Gallery")
    page.locator(".block[data-type=gallery] input[type=file]").set_input_files([photograph("one.jpg"), photograph("two.jpg")])
    expect(page.locator(".picture[data-stage=shown]")).to_have_count(2)
    before = body_of(page)[-1]["images"]
    page.get_by_role("button", name="Later").first.click()
    assert body_of(page)[-1]["images"] == before[::-1]
