"""The look in a real browser: nothing wider than the screen, nothing axe objects to, and folds that need no script."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.axe import objections
from tests.browser.site import Site

WIDTHS = (320, 360, 768, 1024, 1280, 1920)
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

# What is too small to be hit with a finger. A link in a sentence is exempt: it is as high as its line.
SMALL = """() => [...document.querySelectorAll("a, button, summary, input, select")]
  .filter((one) => one.checkVisibility() && !one.closest(".vh, .skip, .block--text, .block--list, figcaption, .correction, .meta"))
  .map((one) => [one.getBoundingClientRect(), one])
  .filter(([box]) => box.height < 44 || box.width < 24)
  .map(([box, one]) => `${one.tagName}.${one.className} in ${one.parentElement.className} ${Math.round(box.width)}x${box.height}`)"""
# What the keyboard's focus looks like where it is now, and on what.
FOCUSED = """() => { const one = document.activeElement, look = getComputedStyle(one);
  return [`${one.tagName}.${one.className}`, look.outlineStyle, parseFloat(look.outlineWidth), one === document.body] }"""

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
        live_site.desk("open_blog", slug=slug, language=language, standfirst=f"{facts['title']}. " * 4, **facts)
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
    """320 by 256 is what 1280 by 1024 comes to at 400 per cent."""
    page.goto(stories[language])
    live(page)
    wider = {}
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 256 if width == 320 else 800})
            wider[width, scheme] = page.evaluate(WIDER)
    assert {where: out for where, out in wider.items() if out != [0]} == {}
    assert len(wider) == 2 * len(WIDTHS)


def test_every_target_is_as_large_as_a_fingertip(page: Page, live_site: Site, stories: dict[str, str]) -> None:
    page.goto(stories["en"])
    live(page)
    page.locator("details[data-fold=key-events] summary").evaluate("summary => { summary.parentElement.open = true }")
    small = {}
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        small[width] = page.evaluate(SMALL)
    page.goto(live_site.url)
    assert small | {"front": page.evaluate(SMALL)} == {360: [], 1280: [], "front": []}


def test_the_keyboard_s_way_through_the_page_can_be_seen(page: Page, stories: dict[str, str]) -> None:
    page.goto(stories["en"])
    live(page)
    seen = []
    for _ in range(14):
        page.keyboard.press("Tab")
        seen.append(page.evaluate(FOCUSED))
    assert [what for what, style, width, nowhere in seen if style == "none" or width < 3 or nowhere] == []
    assert len({what for what, *_ in seen}) > 4


def test_a_reader_s_own_spacing_makes_no_page_wider(page: Page, stories: dict[str, str]) -> None:
    # The policy forbids an inline style to the page; this one comes from the reader's side.
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto(stories["de"])
    live(page)
    before = page.evaluate("document.body.scrollHeight")
    page.evaluate("css => { const sheet = new CSSStyleSheet(); sheet.replaceSync(css); document.adoptedStyleSheets = [sheet]; }", SPACING)
    assert page.evaluate("document.body.scrollHeight") > before
    assert page.evaluate(WIDER) == [0]


@pytest.mark.parametrize(
    ("language", "width", "scheme"), [("en", 360, "light"), ("en", 1280, "dark"), ("ar", 360, "dark"), ("ar", 1280, "light")]
)
def test_axe_has_no_objection(page: Page, stories: dict[str, str], language: str, width: int, scheme: Any) -> None:
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(stories[language])
    live(page)
    assert objections(page) == {}


def test_axe_has_no_objection_to_any_state(page: Page, live_site: Site, stories: dict[str, str]) -> None:
    """The pages around, a blog in each of its states, an entry's page, an older page, what a reader's own doing makes of it."""
    many = live_site.desk("open_blog", slug="look-many", standfirst="Many entries.")["slug"]
    refs = [live_site.desk("publish", blog=many, headline=f"Entry {number}", html="<p>Words.</p>")["ref"] for number in range(32)]
    for state in ("upcoming", "paused", "ended"):
        live_site.desk("open_blog", slug=f"look-{state}", state="live" if state != "upcoming" else state)
        if state != "upcoming":
            live_site.desk("publish", blog=f"look-{state}", headline="The one entry", html="<p>Words.</p>")
            live_site.desk("set_state", blog=f"look-{state}", state=state)
    live_site.desk("open_blog", slug="look-empty")
    paths = ["", "live/look-en/nothing-here/", "live/look-upcoming/", "live/look-paused/", "live/look-ended/", "live/look-empty/"]
    paths += [f"live/look-many/{refs[3]}/", f"live/look-many/?before={refs[10]}"]
    found = {}
    for path in paths:
        page.goto(f"{live_site.url}/{path}")
        found[path] = objections(page)
    page.goto(f"{live_site.url}/live/look-many/")
    live(page)
    page.locator("[data-action=pause]").click()
    live_site.desk("publish", blog=many, headline="News", html="<p>Words.</p>")
    expect(page.locator("[data-action=show-new]")).to_be_visible()
    found["paused by the reader, one waits"] = objections(page)
    assert {state: found[state] for state in found if found[state]} == {}
    assert len(found) == len(paths) + 1


@pytest.mark.parametrize(("language", "width", "scheme"), [("de", 360, "light"), ("ar", 1280, "dark")])
def test_what_a_reader_does_there_is_as_sound(
    page: Page, live_site: Site, stories: dict[str, str], language: str, width: int, scheme: Any
) -> None:
    """Finding, reading one entry, coming back, a picture over the page: no objection, and nothing wider than the screen."""
    found: dict[str, Any] = {}

    def judge(state: str) -> None:
        found[state] = objections(page)
        for each in (320, width):
            page.set_viewport_size({"width": each, "height": 800})
            found[f"{state}, {each}"] = {"wider": out} if (out := page.evaluate(WIDER)) != [0] else {}

    blog, title = f"look-{language}", STORIES[language]["title"]
    image = live_site.desk("upload", blog=blog, alt=title, caption=title)["ref"]
    ref = live_site.desk("publish", blog=blog, headline=title, kind="image", blocks=[{"type": "image", "image": image}])["ref"]
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{stories[language]}{ref}/")
    judge("an entry's page")
    for query in (f"?q={title}", "?q=nothing-of-that-kind", "?kind=breaking&order=oldest"):
        page.goto(stories[language] + query)
        judge(query)
    page.goto(stories[language])
    live(page)
    page.locator(".finder summary").click()
    judge("the finder, unfolded")
    page.locator("#find-order").select_option("oldest")
    page.locator(".finder form button").click()
    page.goto(stories[language])
    live(page)
    page.locator("#feed").scroll_into_view_if_needed()
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    page.goto("about:blank")
    news = live_site.desk("publish", blog=blog, headline=title, html="<p>Words.</p>")["ref"]
    page.goto(stories[language])
    expect(page.locator(f"#{news} ~ [data-read-to]")).to_be_attached()
    for line in ("since", "again"):
        expect(page.locator(f"[data-{line}]")).not_to_be_empty()
    judge("back again")
    page.locator(f"#{ref} [data-zoom]").click()
    expect(page.locator("dialog")).to_be_visible()
    judge("a picture over the page")
    assert {state: objection for state, objection in found.items() if objection} == {}
    assert len(found) == 21


def test_axe_has_no_objection_while_the_connection_is_lost(page: Page, stories: dict[str, str]) -> None:
    page.route_web_socket(re.compile("/ws/live/"), lambda socket: socket.close())
    page.goto(stories["en"])
    expect(page.locator("live-feed")).to_have_attribute("data-wire-state", "polling", timeout=20_000)
    assert objections(page) == {}


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


@pytest.mark.parametrize("scripts", [True, False])
def test_what_was_asked_for_is_on_the_first_screen(
    browser: Browser, live_site: Site, stories: dict[str, str], blog: str, scripts: bool
) -> None:
    """The address alone leads there: what was found, and an older page, begin under no more than the blog's name. And on the blog's own
    page its state and the beginning of the latest entry, under a head, a long pinned summary and key events."""
    refs = [live_site.desk("publish", blog=blog, headline=f"Entry {number}", html="<p>Words.</p>")["ref"] for number in range(3)]
    live_site.desk("pin", ref=refs[0])
    context = browser.new_context(java_script_enabled=scripts)
    page = context.new_page()
    for path in ("look-de/?q=bestätigt", "look-ar/?kind=breaking&order=oldest", f"{blog}/?before={refs[2]}"):
        page.goto(f"{live_site.url}/live/{path}")
        for width in (360, 768, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            expect(page.locator("#feed article header").first).to_be_in_viewport(ratio=1)
            expect(page.locator("h1")).to_be_in_viewport()
    expect(page.locator("[data-pinned]")).to_be_hidden()
    page.goto(f"{stories['en']}?q=zzz")
    expect(page.locator("#find-kind")).to_be_in_viewport()
    page.goto(stories["en"])
    for width, height in ((360, 800), (768, 1024), (1280, 900)):
        page.set_viewport_size({"width": width, "height": height})
        for part in ("#front .tag", "[data-pinned] h3", "#feed article header"):
            expect(page.locator(part).first).to_be_in_viewport(ratio=1)
        if scripts:
            expect(page.locator("p[data-wire-state=live]")).to_be_in_viewport(ratio=1)
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
