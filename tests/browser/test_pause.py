"""Pause: that it is pressed is seen, what ends it is said, and it stands only where there is something to pause."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.open_page import fill, open_page, words
from tests.browser.site import Site

TAB = "[data-action=show-new]"
PAUSE = "[data-action=pause]"
LINE = "p[data-wire-state]"

LOOK = "button => { const { color, backgroundColor } = getComputedStyle(button); return [color, backgroundColor] }"


def edges(page: Page, what: str) -> tuple[float, float]:
    """Where it begins and ends, from the top of the screen."""
    box = page.locator(what).first.bounding_box()
    assert box, what
    return box["y"], box["y"] + box["height"]


@pytest.mark.parametrize("colours", ["none", "active"])
def test_a_pressed_button_is_the_other_way_round(page: Page, live_site: Site, blog: str, colours: Any) -> None:
    page.emulate_media(forced_colors=colours)
    open_page(page, live_site, blog)
    ink = page.evaluate("() => getComputedStyle(document.body).color")
    button = page.locator(PAUSE)
    before = button.evaluate(LOOK)
    assert before[0] == ink
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    pressed = button.evaluate(LOOK)
    assert pressed[0] != ink
    assert pressed[1] != before[1]
    if colours == "none":
        assert pressed[1] == ink
    expect(button).to_have_text("Pause")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "false")
    assert button.evaluate(LOOK) == before


def test_the_line_says_what_ends_a_pause_and_only_during_one(page: Page, live_site: Site, blog: str) -> None:
    open_page(page, live_site, blog)
    expect(page.locator(LINE)).to_have_text("Live")
    page.locator(PAUSE).click()
    expect(page.locator(LINE)).to_have_text("New updates wait until you press Pause again")
    page.locator(PAUSE).click()
    expect(page.locator(LINE)).to_have_text("Live")


def test_a_blog_that_has_ended_has_nothing_to_pause(page: Page, live_site: Site, blog: str) -> None:
    fill(live_site, blog, 2)
    open_page(page, live_site, blog)
    expect(page.locator(PAUSE)).to_be_visible()
    live_site.desk("set_state", blog=blog, state="ended")
    expect(page.locator(PAUSE)).to_be_hidden()
    expect(page.locator(LINE)).to_have_text("This live blog has ended")
    open_page(page, live_site, blog)
    expect(page.locator(PAUSE)).to_be_hidden()


def test_who_paused_before_the_end_can_still_let_go(page: Page, live_site: Site, blog: str) -> None:
    fill(live_site, blog, 2)
    open_page(page, live_site, blog)
    page.locator(PAUSE).click()
    live_site.desk("publish", blog=blog, headline="The last", html=words(5))
    live_site.desk("set_state", blog=blog, state="ended")
    expect(page.locator("live-feed")).to_have_attribute("data-state", "ended")
    expect(page.locator(LINE)).to_have_text("New updates wait until you press Pause again")
    page.locator(PAUSE).click()
    expect(page.locator("#feed h3").first).to_have_text("The last")
    expect(page.locator(PAUSE)).to_be_hidden()
    expect(page.locator(LINE)).to_have_text("This live blog has ended")


@pytest.mark.parametrize("width", [360, 1280])
def test_at_the_feed_s_top_the_tab_covers_neither_the_day_nor_the_controls(page: Page, live_site: Site, blog: str, width: int) -> None:
    fill(live_site, blog, 3)
    page.set_viewport_size({"width": width, "height": 800})
    open_page(page, live_site, blog)
    assert edges(page, "#feed")[0] == edges(page, ".controls")[1]
    page.locator(PAUSE).click()
    live_site.desk("publish", blog=blog, headline="It waits", html=words(5))
    expect(page.locator(TAB)).to_be_visible()
    expect(page.locator(".day")).to_be_in_viewport()
    above, below = edges(page, TAB)
    assert edges(page, PAUSE)[1] <= above
    assert edges(page, LINE)[1] <= above
    assert below <= edges(page, ".day")[0]
