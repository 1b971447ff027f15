"""The main job, end to end: what is published at the desk is on an open page, and on a page without scripts."""

from __future__ import annotations

from playwright.sync_api import Browser, Page, expect

from tests.browser.site import Site


def test_an_entry_published_elsewhere_appears_on_an_open_page(page: Page, live_site: Site, blog: str) -> None:
    page.goto(f"{live_site.url}/live/{blog}/")
    expect(page.locator("live-feed")).to_have_attribute("data-wire-state", "live")
    expect(page.locator("#feed article")).to_have_count(0)
    ref = live_site.desk("publish", blog=blog, headline="The bridge is open", html="<p>Traffic is moving again.</p>")["ref"]
    expect(page.locator(f"#{ref} h3")).to_have_text("The bridge is open")


def test_a_page_without_scripts_holds_every_entry(browser: Browser, live_site: Site, blog: str) -> None:
    live_site.desk("publish", blog=blog, headline="The bridge is closed", html="<p>Engineers are on the span.</p>")
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_site.url}/live/{blog}/")
    expect(page.locator("#feed article h3")).to_have_text("The bridge is closed")
    context.close()
