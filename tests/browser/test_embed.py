"""The embed on a page of another origin, in a real browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, FrameLocator, Page, expect

from liveblog import demo_host
from tests.browser.axe import objections
from tests.browser.site import Site
from tests.services import free_port

Host = Callable[[str], str]
LONG = f"<p>{'Many words follow. ' * 150}</p>"


@pytest.fixture
def host(live_site: Site) -> Iterator[Host]:
    """Opens another site that embeds the blog twice, the second time small, dark and of fixed height. Gives its address."""
    servers = []

    def start(slug: str) -> str:
        port = free_port()
        servers.append(demo_host.start(host="127.0.0.1", port=port, site=live_site.url, slug=slug, title="The visit, live"))
        return f"http://localhost:{port}{demo_host.PATH}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def frames(page: Page) -> tuple[FrameLocator, FrameLocator]:
    return page.frame_locator("iframe").nth(0), page.frame_locator("iframe").nth(1)


def test_two_embeds_on_one_page_are_live(page: Page, live_site: Site, blog: str, host: Host) -> None:
    page.goto(host(blog))
    for frame in frames(page):
        expect(frame.locator("live-feed")).to_have_attribute("data-wire-state", "live")
    ref = live_site.desk("publish", blog=blog, headline="The treaty is signed", html="<p>Both have signed.</p>")["ref"]
    for frame in frames(page):
        expect(frame.locator(f"#{ref} h3")).to_have_text("The treaty is signed")


def test_the_frame_is_as_high_as_its_content_and_grows_with_it(page: Page, live_site: Site, blog: str, host: Host) -> None:
    page.goto(host(blog))
    first, _ = frames(page)
    expect(first.locator("live-feed")).to_have_attribute("data-wire-state", "live")
    inside, outside = "document.documentElement.scrollHeight <= innerHeight", "document.querySelector('iframe').offsetHeight"
    page.wait_for_function(f"{outside} > 100")
    before = page.evaluate(outside)
    live_site.desk("publish", blog=blog, headline="A long one", html=f"<p>{'Many words follow. ' * 60}</p>")
    page.wait_for_function(f"{outside} > {before} + 100")
    assert first.locator("html").evaluate(inside)


def test_a_very_long_entry_shows_its_beginning_and_stays_open_where_it_was_opened(
    page: Page, live_site: Site, blog: str, host: Host
) -> None:
    ref = live_site.desk("publish", blog=blog, headline="A very long one", html=LONG)["ref"]
    page.goto(host(blog))
    first, _ = frames(page)
    expect(first.locator("live-feed")).to_have_attribute("data-wire-state", "live")
    entry = first.locator(f"#{ref}")
    body, fold = entry.locator(".body"), entry.locator("summary")
    expect(fold).to_have_text("Show all", use_inner_text=True)
    shown = body.evaluate("body => body.offsetHeight")
    assert shown < body.evaluate("body => body.scrollHeight") / 2
    fold.press("Enter")
    expect(fold).to_have_text("Show less", use_inner_text=True)
    assert body.evaluate("body => body.offsetHeight") > 2 * shown
    live_site.desk("edit", ref=ref, headline="A very long one, edited", html=LONG)
    expect(entry.locator("h3")).to_have_text("A very long one, edited")
    expect(fold).to_be_focused()
    assert body.evaluate("body => body.offsetHeight") > 2 * shown


def test_a_fixed_height_stays_and_its_list_can_be_reached_by_keyboard(page: Page, live_site: Site, blog: str, host: Host) -> None:
    page.goto(host(blog))
    _, second = frames(page)
    expect(second.locator("section[tabindex='0']")).to_have_count(1)
    live_site.desk("publish", blog=blog, headline="A long one", html=f"<p>{'Many words follow. ' * 60}</p>")
    expect(second.locator("#feed article")).to_have_count(1)
    assert page.locator("iframe").nth(1).evaluate("frame => frame.offsetHeight") == 360


def test_no_more_entries_are_held_than_the_host_asked_for(page: Page, live_site: Site, blog: str, host: Host) -> None:
    page.goto(host(blog))
    _, second = frames(page)
    expect(second.locator("live-feed")).to_have_attribute("data-wire-state", "live")
    for number in range(5):
        live_site.desk("publish", blog=blog, headline=f"Entry {number}", html="<p>Words.</p>")
    expect(second.locator("#feed article h3")).to_have_text(["Entry 4", "Entry 3", "Entry 2"])


def test_a_withdrawal_reaches_it(page: Page, live_site: Site, blog: str, host: Host) -> None:
    ref = live_site.desk("publish", blog=blog, headline="A canary sings", html="<p>It sings.</p>")["ref"]
    page.goto(host(blog))
    first, _ = frames(page)
    expect(first.locator("live-feed")).to_have_attribute("data-wire-state", "live")
    live_site.desk("withdraw", ref=ref)
    expect(first.locator(f"#{ref}[data-withdrawn]")).to_have_count(1)
    expect(first.locator("body")).not_to_contain_text("sings")


def test_the_link_gives_way_to_the_frame_and_stays_where_there_is_no_such_blog(page: Page, blog: str, host: Host) -> None:
    page.goto(host(blog))
    expect(page.get_by_role("link", name="The visit, live")).to_have_count(0)
    expect(page.locator("iframe").nth(0)).to_have_attribute("title", "The visit, live")
    page.goto(host("no-such-blog"))
    expect(page.locator("iframe")).to_have_count(2)
    expect(page.get_by_role("link", name="The visit, live")).to_have_count(2)


def test_a_second_script_on_the_page_changes_nothing(page: Page, live_site: Site, blog: str, host: Host) -> None:
    page.goto(host(blog))
    expect(page.locator("iframe")).to_have_count(2)
    page.add_script_tag(url=f"{live_site.url}/embed.js")
    expect(page.locator("iframe")).to_have_count(2)


WATCH = """() => { const frame = document.querySelector("iframe"); window.heights = [];
    new MutationObserver(() => window.heights.push(frame.style.blockSize)).observe(frame, {attributeFilter: ["style"]}) }"""
SAY = """(_, height) => parent.postMessage({liveblog: 1, id: location.hash.slice(1), height}, "*")"""


@pytest.mark.parametrize("height", [1e9, -5, 12.5, "400", None, [400]])
def test_a_height_out_of_range_is_ignored(page: Page, blog: str, host: Host, height: object) -> None:
    page.goto(host(blog))
    first, _ = frames(page)
    expect(first.locator("live-feed")).to_have_attribute("data-wire-state", "live")
    page.wait_for_function("document.querySelector('iframe').offsetHeight > 100")
    page.evaluate(WATCH)
    first.locator("html").evaluate(SAY, height)
    # Messages are read in order: the right one behind it tells that the wrong one has been read.
    first.locator("html").evaluate(SAY, 555)
    page.wait_for_function("window.heights.includes('555px')")
    assert page.evaluate("window.heights[0]") == "555px"


def test_the_host_cannot_speak_for_a_frame_nor_a_stranger_for_the_host(page: Page, blog: str, host: Host) -> None:
    page.goto(host(blog))
    first, _ = frames(page)
    page.wait_for_function("document.querySelector('iframe').offsetHeight > 100")
    before = page.evaluate("document.querySelector('iframe').offsetHeight")
    forged = page.evaluate(
        """() => new Promise(done => {
            const id = new URL(document.querySelector('iframe').src).hash.slice(1);
            addEventListener('message', () => done(document.querySelector('iframe').offsetHeight), {once: true});
            postMessage({liveblog: 1, id, height: 7777}, '*');
        })"""
    )
    assert forged == before
    expect(first.locator("html[data-follows]")).to_have_count(1)
    page.evaluate(
        """() => { const frame = document.querySelector('iframe');
            frame.contentWindow.postMessage({liveblog: 1, id: '0'.repeat(32), height: 300}, '*') }"""
    )
    expect(first.locator("html[data-follows]")).to_have_count(1)


REACH = """() => {
    const tries = {origin: () => origin, cookie: () => document.cookie, storage: () => localStorage, host: () => parent.document};
    const outcome = go => { try { return String(go()) } catch (error) { return error.name } };
    return Object.fromEntries(Object.entries(tries).map(([name, go]) => [name, outcome(go)]));
}"""


def test_the_frame_has_no_origin_no_cookie_and_no_way_to_the_host(page: Page, blog: str, host: Host) -> None:
    page.goto(host(blog))
    first, _ = frames(page)
    reached = first.locator("html").evaluate(REACH)
    assert reached == {"origin": "null", "cookie": "SecurityError", "storage": "SecurityError", "host": "SecurityError"}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_is_accessible(context: BrowserContext, live_site: Site, blog: str, theme: str) -> None:
    for kind in ("update", "breaking", "analysis"):
        live_site.desk(
            "publish", blog=blog, kind=kind, headline="A headline", standing="reported", source="an agency", html="<p>Words.</p>"
        )
    live_site.desk("withdraw", ref=live_site.desk("publish", blog=blog, headline="Gone", html="<p>Words.</p>")["ref"])
    # Not the page that hears complaints: the tool styles its own probes, which the policy refuses.
    page = context.new_page()
    page.goto(f"{live_site.url}/embed/{blog}/?theme={theme}")
    expect(page.locator("live-feed")).to_have_attribute("data-wire-state", "live")
    assert objections(page) == {}


PLACES = """footer => [...footer.querySelectorAll(":scope > bdi")]
    .map((part) => part.getBoundingClientRect()).map(({ left, right }) => ({ left, right }))"""
DASH = """caption => { const { content, width, borderTopWidth } = getComputedStyle(caption, "::before");
    return [content === "none", parseFloat(width) || 0, parseFloat(borderTopWidth)] }"""


def test_what_stands_beside_each_other_is_set_apart(page: Page, live_site: Site, blog: str) -> None:
    """Source and edit by a gap, a speaker from the quote by a dash."""
    said = {"type": "quote", "text": "It moved.", "speaker": "Lena Voss", "role": "", "source_url": "", "source_label": ""}
    ref = live_site.desk("publish", blog=blog, kind="quote", source="Tass", blocks=[said])["ref"]
    live_site.desk("edit", ref=ref, kind="quote", source="Tass", blocks=[said])
    page.set_viewport_size({"width": 640, "height": 800})
    page.goto(f"{live_site.url}/embed/{blog}/")
    source, edited = page.locator(f"#{ref} footer").evaluate(PLACES)
    assert edited["left"] - source["right"] >= 10
    absent, width, line = page.locator(f"#{ref} figcaption").evaluate(DASH)
    assert not absent
    assert (width, line) == (16, 2)
    assert page.locator(f"#{ref} blockquote").evaluate(DASH)[0]
