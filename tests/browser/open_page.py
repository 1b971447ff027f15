"""What browser tests of an open reader's page share.

What is waited for on these pages is a function, never an expression: the page's policy lets nobody evaluate a string.
"""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.site import Site

# The feed without what a script may add to it (docs/contracts/entry-html.md).
BARE_FEED = """() => { const feed = document.querySelector("#feed").cloneNode(true);
    for (const line of feed.querySelectorAll("[data-ago]")) { line.previousSibling.remove(); line.remove() }
    feed.querySelector("[data-read-to]")?.remove();
    for (const titled of feed.querySelectorAll("a > time")) titled.parentElement.removeAttribute("title");
    for (const time of feed.querySelectorAll("time[title]")) time.removeAttribute("title");
    return feed.innerHTML }"""

# How much the page's layout has shifted since, as browsers score it, in `window.shifts`.
WATCH_SHIFTS = """() => { window.shifts = 0;
    new PerformanceObserver(list => { for (const entry of list.getEntries()) window.shifts += entry.value })
        .observe({type: "layout-shift", buffered: false}) }"""


def words(number: int) -> str:
    return f"<p>{'Words follow words here. ' * number}</p>"


def fill(site: Site, blog: str, count: int) -> list[str]:
    """Entries of different heights, oldest first. Gives their refs."""
    return [site.desk("publish", blog=blog, headline=f"Before {number}", html=words(8 + number % 5 * 6))["ref"] for number in range(count)]


def open_page(page: Page, site: Site, blog: str) -> None:
    page.goto(f"{site.url}/live/{blog}/")
    expect(page.locator("live-feed")).to_have_attribute("data-wire-state", "live")


def rest(page: Page) -> None:
    """Until nothing scrolls and nothing slides."""
    page.wait_for_function(
        """() => { const feed = document.querySelector("#feed");
            return document.querySelector("live-feed").motion.quiet && !feed.getAnimations().length && !feed.style.transform }"""
    )


def scroll_to(page: Page, ref: str) -> None:
    page.locator(f"#{ref}").evaluate("entry => scrollTo({top: entry.getBoundingClientRect().top + scrollY - 120, behavior: 'instant'})")
    rest(page)


def top_of(page: Page, ref: str) -> float:
    top: float = page.locator(f"#{ref}").evaluate("entry => entry.getBoundingClientRect().top")
    return top


def feed_html(page: Page) -> Any:
    return page.evaluate(BARE_FEED)
