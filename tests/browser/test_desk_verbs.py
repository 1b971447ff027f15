"""The words under an entry, pressed at the desk: what each asks, what it says, and where the entry then stands."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Locator, Page, expect

from tests.browser.desk_page import desk_ready, open_desk, sign_in
from tests.browser.site import Site


def slip_of(page: Page, ref: str) -> Locator:
    return page.locator(f"[data-slip={ref}]")


def press(slip: Locator, name: str) -> None:
    """A word under the entry, under More where it is kept there."""
    word = slip.get_by_role("button", name=name, exact=True)
    if not word.is_visible():
        slip.locator("summary").click()
    word.click()


def answer(page: Page, dialog: str, name: str) -> None:
    page.locator(f"[data-dialog={dialog}]").get_by_role("button", name=name, exact=True).click()


def said(page: Page, sentence: str) -> None:
    expect(page.locator("[data-part=said]")).to_have_text(sentence)


def open_tab(page: Page, name: str) -> None:
    page.locator(f".desk-tabs [data-tab={name}]").click()
    expect(page.locator(f".desk-tabs [data-tab={name}]")).to_have_attribute("aria-current", "page")
    desk_ready(page)


def statuses(site: Site, blog: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for entry in site.desk("headlines", blog=blog)["entries"]:
        found.setdefault(entry["headline"], []).append(entry["status"])
    return found


def test_moved_duplicated_and_restored(page: Page, live_site: Site, blog: str):
    first, second, third = (live_site.desk("publish", blog=blog, headline=headline)["ref"] for headline in ("One", "Two", "Three"))
    gone = live_site.desk("publish", blog=blog, headline="Four")["ref"]
    live_site.desk("withdraw", ref=gone, reason="Not our bridge.")
    sign_in(page, live_site)
    open_desk(page, live_site, blog)
    headlines = page.locator("[data-slip] h3")
    expect(headlines).to_have_text(["Three", "Two", "One"])

    # Moved: asked for a time that is none, it says so and stays open; then the newest goes below the oldest.
    press(slip_of(page, third), "Move in time …")
    field = page.locator("#ask-at")
    oldest = datetime.fromisoformat(slip_of(page, first).get_attribute("data-published") or "")
    expect(field).to_have_value(slip_of(page, third).get_attribute("data-published") or "")
    field.fill("")
    answer(page, "move", "Move")
    expect(page.locator("[data-dialog=move] [data-fault]")).to_have_text("Write the day and the time.")
    field.fill((oldest - timedelta(hours=1)).isoformat())
    answer(page, "move", "Move")
    expect(headlines).to_have_text(["Two", "One", "Three"])
    expect(page.locator("[data-dialog=move]")).to_be_hidden()
    said(page, "Moved to its place in the feed.")

    # Left as it is where one thinks better of it.
    press(slip_of(page, first), "Move in time …")
    answer(page, "move", "Leave it")
    expect(headlines).to_have_text(["Two", "One", "Three"])

    # Duplicated: a draft of the same words, the entry untouched, nothing more on the readers' pages.
    press(slip_of(page, second), "Duplicate")
    said(page, "A copy is among the drafts.")
    expect(page.locator("[data-count=draft]")).to_have_text("1")
    assert statuses(live_site, blog)["Two"] == ["published", "draft"]

    # Restored: from the list of the withdrawn, to the place where it stood.
    open_tab(page, "withdrawn")
    expect(slip_of(page, gone)).to_contain_text("Not our bridge.")
    press(slip_of(page, gone), "Restore …")
    answer(page, "restore", "Restore")
    expect(page.locator("[data-slip]")).to_have_count(0)
    said(page, "Restored: it is back at its place.")
    open_tab(page, "published")
    expect(headlines).to_have_text(["Four", "Two", "One", "Three"])


def test_kept_back_sent_back_and_a_queue_approved_by_one_key(page: Page, live_site: Site, blog: str):
    queue = ["One", "Two", "Three", "Four"]
    waiting = {headline: live_site.desk("submit", blog=blog, headline=headline, html="<p>Seen.</p>")["ref"] for headline in queue}
    sign_in(page, live_site)
    open_desk(page, live_site, blog)
    open_tab(page, "submitted")
    expect(page.locator("[data-slip] h3")).to_have_text(queue)

    # Sent back: refused without a note, in the dialogue, which keeps what was typed; then it leaves the queue.
    press(slip_of(page, waiting["Two"]), "Send back …")
    answer(page, "send-back", "Send back")
    expect(page.locator("[data-dialog=send-back] [data-fault]")).to_be_visible()
    page.locator("#ask-note").fill("Who says so?")
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-slip] h3")).to_have_text(["One", "Three", "Four"])
    said(page, "Sent back to its writer.")

    # Kept back: the time stands on the slip, and again in the dialogue.
    until = f"{datetime.now(UTC).year + 1}-05-04T15:00"
    press(slip_of(page, waiting["Three"]), "Embargo …")
    page.locator("#ask-until").fill(until)
    answer(page, "embargo", "Set")
    expect(slip_of(page, waiting["Three"])).to_contain_text("under embargo until 4 May, 15:00")
    press(slip_of(page, waiting["Three"]), "Embargo …")
    expect(page.locator("#ask-until")).to_have_value(until)
    page.keyboard.press("Escape")

    # The queue by one key, the longest untouched first: each press goes on to the next. What is under embargo is planned for its end.
    page.locator("#feed-heading").evaluate("() => document.activeElement.blur()")
    page.keyboard.press("j")
    for left in (["Four", "Three"], ["Three"], []):
        page.keyboard.down("a")
        expect(page.locator("[data-slip] h3")).to_have_text(left)
        # Held down it would empty the queue.
        page.keyboard.down("a")
        page.keyboard.up("a")
    assert statuses(live_site, blog) == {"One": ["published"], "Two": ["draft"], "Three": ["scheduled"], "Four": ["published"]}

    # The writer finds the note; the embargo is lifted by an empty field.
    open_tab(page, "scheduled")
    press(slip_of(page, waiting["Three"]), "Embargo …")
    page.locator("#ask-until").fill("")
    answer(page, "embargo", "Set")
    expect(slip_of(page, waiting["Three"])).not_to_contain_text("under embargo")
    page.context.clear_cookies()
    sign_in(page, live_site, "contributor")
    page.goto(re.sub(r"\?.*|$", "?tab=draft", page.url, count=1))
    expect(slip_of(page, waiting["Two"])).to_contain_text("Who says so?")


def test_what_stands_above_the_feed_is_changed_from_the_bar(page: Page, live_site: Site, blog: str):
    # More of them than anybody would look through.
    live_site.desk("names", names=[f"Reporter {number} of {blog}" for number in range(14)])
    sign_in(page, live_site, "chief")
    open_desk(page, live_site, blog)
    page.locator("desk-bar").get_by_text("The story", exact=True).click()
    found = page.locator(".desk-story__others label:visible")
    looked_for = page.get_by_role("searchbox", name="Find a name")
    looked_for.fill(f"REPORTER 7 of {blog}")
    expect(found).to_have_text([f"Reporter 7 of {blog}"])
    # Looking is not saving.
    looked_for.press("Enter")
    found.get_by_role("checkbox").check()
    looked_for.fill("")
    expect(found.nth(13)).to_be_visible()
    expect(page.locator("[data-part=story-said]")).to_have_text("")

    zone = page.get_by_label("Time zone")
    assert "Europe/Berlin" in page.locator(f"#{zone.get_attribute('list')} option").evaluate_all("all => all.map((one) => one.value)")
    zone.fill("Europe/Nowhere")
    page.get_by_label("Language").select_option("de")
    save = page.get_by_role("button", name="Save what stands above")
    save.click()
    expect(zone).to_be_focused()
    expect(zone).to_have_accessible_description(re.compile("“Europe/Nowhere” is not a time zone"))
    zone.fill("Europe/Berlin")
    save.click()
    expect(page.locator("[data-part=story-said]")).to_have_text("Saved: open pages have it.")

    page.goto(f"{live_site.url}/live/{blog}/")
    expect(page.locator("html")).to_have_attribute("lang", "de")
    expect(page.get_by_text(f"Reporter 7 of {blog}")).to_be_visible()
