"""Hundreds of frames at an open page: what is read keeps its place to the pixel, and the browser has little to do."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.open_page import fill, open_page, scroll_to
from tests.browser.site import Site

PLAYING = (Path(__file__).parent / "play_frames.js").read_text()
# An entry's stylesheet rule, undone: what the page would cost if every entry were laid out.
ALL_LAID_OUT = """() => { const sheet = new CSSStyleSheet();
    sheet.replaceSync(".entry.entry.entry { content-visibility: visible }"); document.adoptedStyleSheets = [sheet] }"""


@pytest.fixture(scope="module")
def story(live_site: Site) -> tuple[str, list[str]]:
    """A blog and its entries, oldest first. No test changes it: what is played stays in the page."""
    live_site.desk("open_blog", slug="played")
    return "played", fill(live_site, "played", 12)


@pytest.mark.parametrize(("anchoring", "size", "above"), [("auto", (1280, 900), 0.75), ("none", (390, 844), 0.37)])
def test_over_five_hundred_frames_what_is_read_stays_where_it_is(
    page: Page, live_site: Site, story: tuple[str, list[str]], anchoring: str, size: tuple[int, int], above: float
) -> None:
    """New entries, entries between others, edits, corrections' heights, withdrawals with and without a notice, pictures, the board.

    The feed begins at a part of a pixel, as it does below a picture, and scrolling goes by whole ones.
    """
    blog, refs = story
    page.set_viewport_size({"width": size[0], "height": size[1]})
    open_page(page, live_site, blog)
    page.evaluate("how => { document.documentElement.style.overflowAnchor = how }", anchoring)
    page.evaluate("by => { document.querySelector('main').style.paddingTop = `${by}px` }", above)
    scroll_to(page, refs[5])
    page.evaluate(PLAYING)
    played = page.evaluate("read => playing.play(read, 500, 20260125)", refs[5])
    assert played["entries"] > 150
    assert played["farthest"] <= 1, played


def laid_out(page: Page, live_site: Site, blog: str, before: str = "() => {}") -> float:
    """Milliseconds of layout for 600 more entries on an open page."""
    open_page(page, live_site, blog)
    page.evaluate(before)
    page.evaluate(PLAYING)
    devtools = page.context.new_cdp_session(page)
    devtools.send("Performance.enable")

    def spent() -> float:
        return sum(each["value"] for each in devtools.send("Performance.getMetrics")["metrics"] if each["name"] == "LayoutDuration")

    start = spent()
    assert page.evaluate("() => playing.append(600)") > 600
    return (spent() - start) * 1000


def test_six_hundred_more_entries_take_fifty_milliseconds_of_layout(page: Page, live_site: Site, story: tuple[str, list[str]]) -> None:
    """The quickest of three, for other programs run too. Without `content-visibility` it is a multiple of that."""
    blog, _ = story
    times = [laid_out(page, live_site, blog) for _ in range(3)]
    assert min(times) <= 50, times
    assert laid_out(page, live_site, blog, ALL_LAID_OUT) > 3 * min(times)


def test_entries_are_left_undrawn_from_the_thirty_first_on(page: Page, live_site: Site, story: tuple[str, list[str]]) -> None:
    blog, _ = story
    open_page(page, live_site, blog)
    page.evaluate(PLAYING)
    page.evaluate("() => playing.append(40)")
    visibility = "entry => getComputedStyle(entry).contentVisibility"
    assert page.locator("#feed article").nth(29).evaluate(visibility) == "visible"
    assert page.locator("#feed article").nth(30).evaluate(visibility) == "auto"
    expect(page.locator("#feed article")).to_have_count(52)
