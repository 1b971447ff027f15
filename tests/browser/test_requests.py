"""What a browser asks for when a reader opens a page: little, and nothing from anybody else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from liveblog import demo_host
from tests.browser.site import Site
from tests.services import free_port

KILO = 1000
SOURCE = {"source_url": "", "source_label": ""}
CARDS = [
    {"type": "embed", "url": "https://www.youtube.com/watch?v=aqz-KE-bpKQ", "title": "A film", "author": "Somebody", "text": "Words."},
    {"type": "video", "url": "https://video.example.org/film", "title": "A film"},
    {"type": "audio", "url": "https://audio.example.org/talk", "title": "A talk"},
    {"type": "text", "html": "<p><a href='https://other.example.org/'>Elsewhere</a></p>"},
    {"type": "quote", "text": "Words.", "speaker": "Somebody", "role": "", **SOURCE},
]


@pytest.fixture(scope="module")
def slug(live_site: Site) -> str:
    live_site.desk("open_blog", slug="asked-for")
    for number in range(40):
        blocks: list[dict[str, Any]] = (
            CARDS if number % 8 == 7 else [{"type": "text", "html": f"<p>{f'Words of entry {number}. ' * 12}</p>"}]
        )
        live_site.desk("publish", blog="asked-for", headline=f"Headline of entry {number}", blocks=blocks)
    return "asked-for"


@pytest.fixture
def requests(browser: Browser) -> Iterator[tuple[Page, list[Request]]]:
    """A page of a reader who was never here, and all that is asked for on his behalf."""
    context = browser.new_context()
    page, asked = context.new_page(), list[Request]()
    page.on("request", lambda request: asked.append(request))
    yield page, asked
    context.close()


def test_a_page_asks_for_six_things_and_weighs_what_it_may(requests: tuple[Page, list[Request]], live_site: Site, slug: str) -> None:
    page, asked = requests
    page.goto(f"{live_site.url}/live/{slug}/", wait_until="networkidle")
    expect(page.locator("live-feed")).to_have_attribute("data-wire-state", "live")
    weights: dict[str, int] = {}
    for request in asked:
        if request.resource_type != "image":
            sizes = request.sizes()
            weights[request.resource_type] = weights.get(request.resource_type, 0) + sizes["responseBodySize"]
    names = [urlsplit(request.url).path for request in asked]
    assert len(names) == len(set(names)) <= 12, names
    assert weights["document"] <= 25 * KILO
    assert weights["stylesheet"] <= 10 * KILO
    assert weights["script"] <= 14 * KILO
    assert weights["font"] <= 68 * KILO
    assert {urlsplit(request.url).netloc for request in asked} == {urlsplit(live_site.url).netloc}


def test_a_page_that_embeds_it_asks_nobody_but_the_two_sites(requests: tuple[Page, list[Request]], live_site: Site, slug: str) -> None:
    page, asked = requests
    port = free_port()
    server = demo_host.start(host="127.0.0.1", port=port, site=live_site.url, slug=slug, title="The story")
    page.goto(f"http://localhost:{port}{demo_host.PATH}", wait_until="networkidle")
    expect(page.frame_locator("iframe").first.locator("live-feed")).to_have_attribute("data-wire-state", "live")
    hosts = {urlsplit(request.url).netloc for request in asked if not request.url.startswith("data:")}
    assert hosts == {f"localhost:{port}", urlsplit(live_site.url).netloc}
    assert not any(re.search(r"\.woff2", request.url) for request in asked)
    server.shutdown()
    server.server_close()
