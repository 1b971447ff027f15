"""The desk where no script runs shows no button that does nothing: Edit leads to the page that has them all."""

from __future__ import annotations

from playwright.sync_api import Browser, expect

from tests.browser.desk_page import sign_in
from tests.browser.site import Site


def test_without_scripts_no_dead_button_stands_under_an_entry(browser: Browser, live_site: Site, blog: str):
    live_site.desk("publish", blog=blog, headline="Bridge closed")
    number = live_site.desk("number", blog=blog)["pk"]
    for scripts in (True, False):
        context = browser.new_context(java_script_enabled=scripts)
        page = context.new_page()
        sign_in(page, live_site)
        page.goto(f"{live_site.url}/admin/newsroom/liveblog/{number}/desk/")
        expect(page.locator("[data-slip]").get_by_role("button", name="Pin")).to_have_count(1 if scripts else 0)
        if not scripts:
            page.locator("[data-slip]").get_by_role("link", name="Edit").click()
            expect(page.get_by_role("button", name="Pin")).to_be_visible()
        context.close()
