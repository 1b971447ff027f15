"""The look in a real browser: nothing wider than the screen, nothing axe objects to, and folds that need no script."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.site import Site

WIDTHS = (320, 360, 768, 1024, 1280, 1920)
RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]
# What WCAG 1.4.12 lets a reader ask for.
SPACING = "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }"
# By how much the page is wider than the screen, and what sticks out.
WIDER = """() => {
  const screen = document.documentElement.clientWidth;
  const out = [...document.querySelectorAll("main *")].filter((one) => one.closest(".vh") === null).filter((one) => {
    const { left, right, width } = one.getBoundingClientRect();
    return width > 0 && (left < -1 || right > screen + 1);
  });
  return [document.documentElement.scrollWidth - screen, ...out.map((one) => `${one.tagName} ${one.className}`)];
}"""

LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
STORIES: dict[str, dict[str, Any]] = {
    "en": {"title": "Harbour bridge shut in both directions", "kicker": "Harbour bridge", "zone": "Europe/London"},
    "de": {"title": f"{LONG} bestätigt Sperrung", "kicker": "Hafenbrücke", "zone": "Europe/Berlin"},
    "ar": {"title": "إغلاق جسر الميناء في الاتجاهين", "kicker": "جسر الميناء", "zone": "Asia/Riyadh"},
}


def quote(text: str, speaker: str) -> dict[str, Any]:
    return {
        "type": "quote",
        "text": text,
        "speaker": speaker,
        "role": "bus driver",
        "source_url": "https://example.org/q",
        "source_label": "",
    }


def card(url: str) -> dict[str, Any]:
    return {
        "type": "embed",
        "url": url,
        "provider": "",
        "title": LONG,
        "author": "Harbour Police",
        "text": "Stay away.\nDivers.",
        "published": "",
    }


@pytest.fixture(scope="module")
def stories(live_site: Site) -> dict[str, str]:
    """A blog in each language with every kind, long words and long addresses, a pinned summary and key events. Language to address."""
    found = {}
    for language, facts in STORIES.items():
        slug = f"look-{language}"
        live_site.desk("open_blog", slug=slug, language=language, standfirst=f"{facts['title']}.", **facts)
        title = facts["title"]
        address = "https://example.org/" + "a-very-long-path" * 8
        publish = {"blog": slug, "headline": title}
        live_site.desk("publish", **publish, html=f"<p>{title} <a href='{address}'>{address}</a></p>", source=LONG, standing="unverified")
        live_site.desk("publish", **publish, kind="analysis", html=f"<h4>{title}</h4><blockquote><p>{LONG}</p></blockquote>")
        live_site.desk("publish", blog=slug, kind="quote", blocks=[quote(title, LONG)], standing="reported")
        live_site.desk("publish", **publish, blocks=[card(address), {"type": "video", "url": address, "title": LONG}])
        live_site.desk("publish", **publish, kind="breaking", html=f"<p>{title}</p>", standing="confirmed", key_event=True)
        gone = live_site.desk("publish", **publish, html="<p>A second ship.</p>")
        live_site.desk("withdraw", ref=gone["ref"], reason=title)
        wrong = live_site.desk("publish", **publish, html="<p>It is 41.</p>", key_event=True)
        live_site.desk("correct", ref=wrong["ref"], note=f"{LONG} 14.", headline=title, html="<p>It is 14.</p>")
        items = [f"{title} {number}, {'word ' * 30}" for number in range(8)]
        summary = live_site.desk(
            "publish", **publish, kind="summary", blocks=[{"type": "list", "style": "bullet", "items": [*items, "The end."]}]
        )
        live_site.desk("pin", ref=summary["ref"])
        found[language] = f"{live_site.url}/live/{slug}/"
    return found


def live(page: Page) -> None:
    expect(page.locator("live-feed")).to_have_attribute("data-wire-state", "live")


@pytest.mark.parametrize("language", STORIES)
def test_no_page_is_wider_than_its_screen(page: Page, stories: dict[str, str], language: str) -> None:
    page.goto(stories[language])
    live(page)
    wider = {}
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        wider[width] = page.evaluate(WIDER)
    assert wider == {width: [0] for width in WIDTHS}


def test_a_reader_s_own_spacing_makes_no_page_wider(page: Page, stories: dict[str, str]) -> None:
    # The policy forbids an inline style to the page; this one comes from the reader's side.
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto(stories["de"])
    live(page)
    before = page.evaluate("document.body.scrollHeight")
    page.evaluate("css => { const sheet = new CSSStyleSheet(); sheet.replaceSync(css); document.adoptedStyleSheets = [sheet]; }", SPACING)
    assert page.evaluate("document.body.scrollHeight") > before
    assert page.evaluate(WIDER) == [0]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("language", "width"), [("en", 360), ("en", 1280), ("ar", 360), ("ar", 1280)])
def test_axe_has_no_objection(page: Page, stories: dict[str, str], language: str, width: int, scheme: Any) -> None:
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(stories[language])
    live(page)
    found = Axe().run(page, options={"runOnly": RULES}).response
    assert len(found["passes"]) > 20
    assert {each["id"]: [node["html"][:200] for node in each["nodes"]] for each in found["violations"]} == {}


@pytest.mark.parametrize("address", ["/", "/live/look-en/nothing-here/"])
def test_axe_has_no_objection_to_the_pages_around(page: Page, live_site: Site, stories: dict[str, str], address: str) -> None:
    page.goto(live_site.url + address)
    assert {each["id"] for each in Axe().run(page, options={"runOnly": RULES}).response["violations"]} == set()


def test_folds_open_without_a_script(browser: Browser, stories: dict[str, str]) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 800})
    page = context.new_page()
    page.goto(stories["en"])
    keys, pinned = page.locator("#key-events a").first, page.locator("[data-pinned] > div")
    expect(keys).to_be_hidden()
    folded = pinned.bounding_box()
    page.locator("details[data-fold=key-events] summary").click()
    page.locator("details[data-fold=pinned] summary").click()
    expect(keys).to_be_visible()
    opened = pinned.bounding_box()
    assert folded
    assert opened
    assert folded["height"] <= 320 < opened["height"]
    context.close()


def test_on_a_wide_screen_the_key_events_are_open_and_have_no_switch(browser: Browser, stories: dict[str, str]) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.goto(stories["en"])
    expect(page.locator("#key-events a").first).to_be_visible()
    expect(page.locator("details[data-fold=key-events]")).to_be_hidden()
    context.close()


def test_without_scripts_nothing_is_offered_that_needs_them(browser: Browser, stories: dict[str, str]) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(stories["en"])
    expect(page.locator("button:visible")).to_have_count(0)
    context.close()


@pytest.mark.parametrize(("language", "side"), [("en", 1), ("ar", -1)])
def test_the_clock_stands_beside_the_rail_where_there_is_room(page: Page, stories: dict[str, str], language: str, side: int) -> None:
    """And on the side where reading begins."""
    page.goto(stories[language])
    live(page)
    clock, text = page.locator("#feed article time").first, page.locator("#feed article header h3").first
    apart = {}
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        above, beside = clock.bounding_box(), text.bounding_box()
        assert above
        assert beside
        apart[width] = (beside["x"] - above["x"]) * side if side > 0 else (above["x"] + above["width"]) - (beside["x"] + beside["width"])
    assert apart[360] < 30 < 80 < apart[1280]
