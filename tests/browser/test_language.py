"""What the scripts add to a page is in its language too, with its digits, its calendar and its plural forms."""

from __future__ import annotations

import re
import secrets

import pytest
from playwright.sync_api import Page, expect

from tests.browser.open_page import open_page
from tests.browser.site import Site

TEXT = "Ж " * 400

LANGUAGES = {
    "ar": {"live": "مباشر", "two": "تحديثان جديدان", "paused": "بانتظار", "new": "جديد: Ж", "month": r"[\u0600-\u06ff]+ 20\d\d"},
    "fa": {"live": "زنده", "two": "۲ خبر تازه", "paused": "مکث", "new": "تازه: Ж", "month": r"[\u0600-\u06ff]+ ۲۰[۰-۹]{2}"},
    "de": {"live": "Live", "two": "2 neue Meldungen", "paused": "Pause", "new": "Neu: Ж", "month": r"[A-Zä]\w+ 20\d\d"},
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_state_arrivals_and_times_are_said_in_the_language_of_the_blog(page: Page, live_site: Site, language: str) -> None:
    said = LANGUAGES[language]
    blog = f"story-{secrets.token_hex(4)}"
    live_site.desk("open_blog", slug=blog, language=language, title="Ж", zone_label="Ж")
    live_site.desk("publish", blog=blog, headline="Ж", html=f"<p>{TEXT}</p>")
    open_page(page, live_site, blog)
    expect(page.locator("p[data-wire-state]")).to_have_text(said["live"])
    clock = page.locator("#feed article time").first
    expect(clock.locator("..")).to_have_attribute("title", re.compile(said["month"]))
    assert re.search(r"\d|[۰-۹]|الآن|اکنون|jetzt", page.locator("[data-ago]").first.inner_text())
    page.locator("[data-action=pause]").click()
    expect(page.locator("p[data-wire-state]")).to_contain_text(said["paused"])
    for _ in range(2):
        live_site.desk("publish", blog=blog, headline="Ж", html="<p>Ж</p>")
    expect(page.locator("[data-action=show-new]")).to_have_text(said["two"])
    page.locator("[data-action=pause]").click()
    # What waited is told in one sentence; breaking news waits for no other.
    expect(page.get_by_role("status")).to_contain_text("Ж")
    live_site.desk("publish", blog=blog, headline="Ж", html="<p>Ж</p>", kind="breaking")
    expect(page.get_by_role("status")).to_have_text(re.compile(re.escape(said["new"])))
