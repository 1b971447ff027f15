"""The law of no jump: what a reader is reading stays where it is."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.open_page import WATCH_SHIFTS, fill, open_page, rest, scroll_to, top_of, words
from tests.browser.site import Site

WATCH_SLIDE = """() => { window.slid = false;
    const feed = document.querySelector("#feed"), animate = feed.animate;
    feed.animate = function (...how) { window.slid = true; return animate.apply(this, how) } }"""

# Four arrivals, each after the first while the slide of the one before stands half-way. Gives of each whether it was there at once, and
# by how many pixels what was seen moved then.
DURING_A_SLIDE = """async ref => { const page = document.querySelector("live-feed"), read = document.getElementById(ref);
    const { outerHTML } = read;
    const feed = document.querySelector("#feed"), top = () => read.getBoundingClientRect().top, told = [];
    const drawn = () => new Promise(done => requestAnimationFrame(() => setTimeout(done)));
    for (const sign of "wxyz") {
        const html = outerHTML.replaceAll(ref, `e-22222${sign}`).replace(/data-order="\\d+/, 'data-order="9999999999999999');
        const before = top();
        page.take({op: "put", ref: `e-22222${sign}`, rev: 1, html});
        await null;
        told.push([document.getElementById(`e-22222${sign}`) !== null, Math.round(top() - before)]);
        do await drawn(); while (!feed.getAnimations().length);
        const slides = [...feed.parentElement.children].flatMap(child => child.getAnimations());
        for (const slide of slides) { slide.pause(); slide.currentTime = 140 }
        await drawn();
        if (sign === "z") for (const slide of slides) slide.play() }
    return told }"""

TAB = "[data-action=show-new]"


@pytest.mark.parametrize("anchoring", ["auto", "none"])
@pytest.mark.parametrize("size", [(1280, 900), (390, 844)])
def test_arrivals_above_do_not_move_what_is_read(page: Page, live_site: Site, blog: str, size: tuple[int, int], anchoring: str) -> None:
    refs = fill(live_site, blog, 12)
    page.set_viewport_size({"width": size[0], "height": size[1]})
    open_page(page, live_site, blog)
    page.evaluate("how => { document.documentElement.style.overflowAnchor = how }", anchoring)
    scroll_to(page, refs[4])
    page.evaluate(WATCH_SHIFTS)
    before = top_of(page, refs[4])
    for number in range(6):
        last = live_site.desk("publish", blog=blog, headline=f"New {number}", html=words(10 + number * 9))["ref"]
    expect(page.locator(f"#{last}")).to_be_attached()
    rest(page)
    assert abs(top_of(page, refs[4]) - before) <= 1
    assert page.evaluate("window.shifts") <= 0.001
    expect(page.locator(TAB)).to_have_text("6 new updates")


@pytest.mark.parametrize("anchoring", ["auto", "none"])
def test_what_changes_above_does_not_move_what_is_read(page: Page, live_site: Site, blog: str, anchoring: str) -> None:
    """A correction, a withdrawal, a longer board."""
    refs = fill(live_site, blog, 10)
    open_page(page, live_site, blog)
    page.evaluate("how => { document.documentElement.style.overflowAnchor = how }", anchoring)
    scroll_to(page, refs[3])
    page.evaluate(WATCH_SHIFTS)
    before = top_of(page, refs[3])
    live_site.desk("correct", ref=refs[9], note="An earlier version was wrong.", headline="Corrected", html=words(60))
    expect(page.locator(f"#{refs[9]} h3")).to_have_text("Corrected")
    rest(page)
    live_site.desk("withdraw", ref=refs[8])
    expect(page.locator(f"#{refs[8]}")).to_have_attribute("data-withdrawn", "")
    rest(page)
    live_site.desk("pin", ref=refs[9])
    expect(page.locator("[data-pinned]")).to_be_attached()
    rest(page)
    assert abs(top_of(page, refs[3]) - before) <= 1
    assert page.evaluate("window.shifts") <= 0.001


@pytest.mark.parametrize("anchoring", ["auto", "none"])
def test_whoever_stands_at_the_top_sees_no_shift(page: Page, live_site: Site, blog: str, anchoring: str) -> None:
    """On a phone at the top of the feed; on a desk at the top of the page, and a little below."""
    fill(live_site, blog, 8)
    feed = "() => document.querySelector('#feed').getBoundingClientRect().top + scrollY - 60"
    for size, start in (((390, 844), feed), ((1280, 900), "() => 0"), ((1280, 900), "() => 300")):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        open_page(page, live_site, blog)
        page.evaluate("how => { document.documentElement.style.overflowAnchor = how }", anchoring)
        page.evaluate(f"() => scrollTo({{top: ({start})(), behavior: 'instant'}})")
        rest(page)
        page.evaluate(WATCH_SHIFTS)
        ref = live_site.desk("publish", blog=blog, headline="New", html=words(40))["ref"]
        expect(page.locator(f"#{ref}")).to_be_attached()
        rest(page)
        assert page.evaluate("window.shifts") <= 0.001, (size, start)


def test_faces_that_come_late_move_next_to_nothing(page: Page, live_site: Site, blog: str) -> None:
    fill(live_site, blog, 8)
    held: list[Route] = []
    page.route("**/*.woff2", lambda route: held.append(route))
    page.goto(f"{live_site.url}/live/{blog}/", wait_until="domcontentloaded")
    expect(page.locator("live-feed")).to_have_attribute("data-wire-state", "live")
    page.evaluate(WATCH_SHIFTS)
    assert len(held) >= 2
    assert not page.evaluate("() => document.fonts.check('18px \"Source Serif 4\"')")
    for font in held:
        font.continue_()
    page.wait_for_function(
        "() => document.fonts.check('18px \"Source Serif 4\"') && document.fonts.check('800 18px \"Schibsted Grotesk\"')"
    )
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done)))")
    assert page.evaluate("window.shifts") <= 0.02


def test_a_reader_who_follows_sees_it_slide_in_and_scrolls_nowhere(page: Page, live_site: Site, blog: str) -> None:
    fill(live_site, blog, 6)
    open_page(page, live_site, blog)
    page.evaluate(WATCH_SHIFTS)
    page.evaluate(WATCH_SLIDE)
    ref = live_site.desk("publish", blog=blog, headline="New", html=words(20))["ref"]
    expect(page.locator(f"#{ref}")).to_be_in_viewport()
    rest(page)
    assert page.evaluate("[window.slid, scrollY]") == [True, 0]
    assert page.evaluate("window.shifts") <= 0.001
    expect(page.locator(TAB)).to_be_hidden()


def test_what_comes_during_a_slide_takes_it_over_at_once(page: Page, live_site: Site, blog: str) -> None:
    """In one task of the page: the slide's place before the change is its place after it."""
    refs = fill(live_site, blog, 6)
    open_page(page, live_site, blog)
    page.evaluate(WATCH_SHIFTS)
    assert page.evaluate(DURING_A_SLIDE, refs[-1]) == [[True, 0]] * 4
    rest(page)
    assert page.evaluate("() => [window.shifts <= 0.001, scrollY]") == [True, 0]
    expect(page.locator("#feed article")).to_have_count(10)


def test_with_reduced_motion_nothing_slides(browser: Browser, live_site: Site, blog: str) -> None:
    refs = fill(live_site, blog, 6)
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    open_page(page, live_site, blog)
    before = top_of(page, refs[-1])
    ref = live_site.desk("publish", blog=blog, headline="New", html=words(20))["ref"]
    expect(page.locator(f"#{ref}")).to_be_attached()
    assert page.evaluate("document.querySelector('#feed').getAnimations().length") == 0
    assert abs(top_of(page, refs[-1]) - before) <= 1
    context.close()


def test_the_tab_leads_to_the_newest_and_gives_it_the_focus(page: Page, live_site: Site, blog: str) -> None:
    refs = fill(live_site, blog, 10)
    open_page(page, live_site, blog)
    scroll_to(page, refs[2])
    live_site.desk("publish", blog=blog, headline="New one", html=words(10))
    newest = live_site.desk("publish", blog=blog, headline="New two", html=words(10))["ref"]
    expect(page.locator(TAB)).to_have_text("2 new updates")
    page.locator(TAB).click()
    expect(page.locator(f"#{newest} h3")).to_be_focused()
    expect(page.locator(f"#{newest} h3")).to_be_in_viewport()
    expect(page.locator(TAB)).to_be_hidden()
    page.keyboard.press("Tab")
    expect(page.locator("#feed h3[tabindex]")).to_have_count(0)


def test_an_arrival_never_moves_the_focus(page: Page, live_site: Site, blog: str) -> None:
    refs = fill(live_site, blog, 5)
    open_page(page, live_site, blog)
    clock = page.locator(f"#{refs[4]} header a").first
    clock.focus()
    ref = live_site.desk("publish", blog=blog, headline="New", html=words(10))["ref"]
    expect(page.locator(f"#{ref}")).to_be_attached()
    expect(clock).to_be_focused()
