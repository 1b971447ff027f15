"""The desk where no script runs shows no button that does nothing: Edit leads to the page that has them all; long entries fold."""

from __future__ import annotations

from playwright.sync_api import Browser, expect

from tests.browser.desk_page import sign_in
from tests.browser.site import Site


def test_without_scripts_no_dead_button_stands_under_an_entry(browser: Browser, live_site: Site, blog: str):
    live_site.desk("publish", blog=blog, headline="Bridge closed", html=f"<p>{'Many words follow. ' * 150}</p>")
    number = live_site.desk("number", blog=blog)["pk"]
    for scripts in (True, False):
        context = browser.new_context(java_script_enabled=scripts)
        page = context.new_page()
        sign_in(page, live_site)
        page.goto(f"{live_site.url}/admin/newsroom/liveblog/{number}/desk/")
        expect(page.locator("[data-slip]").get_by_role("button", name="Pin")).to_have_count(1 if scripts else 0)
        body, fold = page.locator("[data-slip] .body"), page.locator("[data-slip] .entry-more summary")
        shown = body.evaluate("body => body.offsetHeight")
        fold.press("Enter")
        expect(fold).to_have_text("Show less", use_inner_text=True)
        assert body.evaluate("body => body.offsetHeight") > 1.5 * shown
        if scripts:
            # A colleague's act brings the slip anew: who reads on in it does so.
            live_site.desk("mark", ref=page.locator("[data-slip]").get_attribute("data-slip"))
            expect(page.locator("[data-slip].slip--published").get_by_role("button", name="No key event")).to_be_visible()
            assert body.evaluate("body => body.offsetHeight") > 1.5 * shown
            expect(fold).to_be_focused()
        if not scripts:
            page.locator("[data-slip]").get_by_role("link", name="Edit").click()
            expect(page.get_by_role("button", name="Pin")).to_be_visible()
        context.close()
