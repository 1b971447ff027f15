"""An entry is changed in the desk's composer: by keyboard, beside a colleague, over a reload and over a cut."""

from __future__ import annotations

from playwright.sync_api import Browser, Page, expect

from tests.browser.desk_page import desk_ready, open_desk, sign_in, write
from tests.browser.site import Site


def open_entry(page: Page, ref: str, name: str = "Edit") -> None:
    page.locator(f"[data-slip={ref}]").get_by_role("link", name=name).click()
    expect(page.locator("[data-part=open]")).to_be_visible()


def texts(site: Site, blog: str) -> list[str]:
    return [entry["headline"] for entry in site.desk("headlines", blog=blog)["entries"]]


def test_a_change_survives_reload_and_cut_and_the_entry_that_was_begun_waits(page: Page, live_site: Site, blog: str):
    ref = live_site.desk("publish", blog=blog, headline="Bridge closed", html="<p>Since noon.</p>")["ref"]
    sign_in(page, live_site)
    open_desk(page, live_site, blog)
    page.keyboard.type("Begun before")
    page.reload()
    desk_ready(page)
    expect(page.locator("[data-part=bar-line]")).to_have_text("What you had typed is back. It is not sent yet.")

    # By keyboard: to the entry, open it, change it.
    page.locator("#feed-heading").evaluate("() => document.activeElement.blur()")
    page.keyboard.press("j")
    page.keyboard.press("e")
    expect(page.locator("[data-part=open-name]")).to_have_text("Bridge closed")
    expect(page.locator("[data-part=bar-line]")).to_be_empty()
    expect(page.locator("#id_headline")).to_have_value("Bridge closed")
    expect(page.locator(".rich-text [contenteditable]").first).to_have_text("Since noon.")
    expect(page.locator("[data-primary]")).to_have_text("Save new wording")
    expect(page.locator(f"[data-slip={ref}] .slip__lock")).to_have_text("You have it open")
    expect(page.locator("#id_headline")).to_be_focused()
    page.keyboard.press("End")
    page.keyboard.type(" until Monday")

    # A reload in the middle of it.
    page.reload()
    desk_ready(page)
    expect(page.locator("[data-part=open-name]")).to_have_text("Bridge closed")
    expect(page.locator("#id_headline")).to_have_value("Bridge closed until Monday")

    # Saved without a connection: it waits, and what was begun is back in the composer.
    page.context.set_offline(True)
    page.locator("#id_headline").focus()
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-part=open]")).to_be_hidden()
    expect(page.locator("#id_headline")).to_have_value("Begun before")
    assert texts(live_site, blog) == ["Bridge closed"]
    page.context.set_offline(False)
    expect(page.locator(f"[data-slip={ref}] h3")).to_have_text("Bridge closed until Monday")
    expect(page.locator(f"[data-slip={ref}] .slip__lock")).to_have_count(0)

    # A correction needs its note, and says so at its field.
    page.locator(f"[data-slip={ref}]").get_by_role("link", name="Correct").click()
    expect(page.locator("#id_note")).to_be_focused()
    write(page, "Bridge closed until Tuesday")
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-part=note] .field__fault")).to_be_visible()
    expect(page.locator("[data-primary]")).to_have_text("Publish correction")
    page.locator("#id_note").fill("It said Monday.")
    page.keyboard.press("Control+Enter")
    expect(page.locator(f"[data-slip={ref}]")).to_contain_text("It said Monday.")
    assert texts(live_site, blog) == ["Bridge closed until Tuesday"]
    expect(page.locator("#id_headline")).to_have_value("Begun before")

    # Left without saving: it waits in the list, and comes back. Its preview is of that entry, with its correction.
    open_entry(page, ref)
    page.get_by_role("button", name="Preview").click()
    expect(page.locator("[data-part=preview-page] article")).to_contain_text("It said Monday.")
    write(page, "Not saved")
    page.get_by_role("button", name="Close", exact=True).first.click()
    page.get_by_role("button", name="Keep them here").click()
    expect(page.locator("#id_headline")).to_have_value("Begun before")
    page.get_by_role("button", name="Go on with it").click()
    expect(page.locator("#id_headline")).to_have_value("Not saved")


def test_two_colleagues_in_one_entry_lose_nothing(page: Page, browser: Browser, live_site: Site, blog: str):
    body = [{"type": "text", "html": "<p>One.</p>"}, {"type": "text", "html": "<p>Two.</p>"}]
    ref = live_site.desk("publish", blog=blog, headline="Bridge closed", blocks=body)["ref"]
    other = browser.new_context().new_page()
    for desk, name in ((page, "editor"), (other, "chief")):
        sign_in(desk, live_site, name)
        open_desk(desk, live_site, blog)
        open_entry(desk, ref)

    # The second sees that the first has it, takes it over, and the first is told.
    expect(other.locator("[data-part=lock-line]")).to_contain_text("editor has this open too")
    other.get_by_role("button", name="Take over").click()
    expect(page.locator("[data-part=lock-line]")).to_contain_text("chief has taken this over")
    expect(page.locator(f"[data-slip={ref}] .slip__lock")).to_have_text("Being edited by chief")

    # Both change a block each and the headline; the second saves first.
    texts_of = ".rich-text [contenteditable]"
    other.locator(texts_of).nth(1).fill("Two, by the chief.")
    write(other, "The chief's headline")
    other.keyboard.press("Control+Enter")
    expect(page.locator("[data-part=open-saved]")).to_be_visible()
    page.locator(texts_of).nth(0).fill("One, by the editor.")
    write(page, "The editor's headline")
    page.keyboard.press("Control+Enter")

    # Nothing was overwritten: both texts are in the form, and what both changed is to be decided.
    expect(page.locator("[data-part=together-taken]")).to_contain_text("Block 2")
    expect(page.locator(texts_of).nth(0)).to_have_text("One, by the editor.")
    expect(page.locator(texts_of).nth(1)).to_have_text("Two, by the chief.")
    expect(page.locator("#id_headline")).to_have_value("The editor's headline")
    assert texts(live_site, blog) == ["The chief's headline"]
    page.get_by_role("button", name="Take theirs: Headline").click()
    expect(page.locator("#id_headline")).to_have_value("The chief's headline")
    page.keyboard.press("Control+Enter")
    expect(page.locator(f"[data-slip={ref}]")).to_contain_text("One, by the editor.")
    words = live_site.desk("headlines", blog=blog)["entries"][0]
    assert words["headline"] == "The chief's headline"
    assert "Two, by the chief." in words["words"]
    other.context.close()
