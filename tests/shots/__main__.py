"""`python -m tests.shots [--out FOLDER] [--only WORD] [PAGE.json]`: starts a site of its own, and takes a picture of every state.

`PAGE.json` is a Guardian-style live page that is to be looked at too; it is read and not kept. Names are
`<state>-<width>-<scheme>.png`; whole pages, cut where nobody would look on.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import django
from playwright.sync_api import Browser, Page, sync_playwright

from liveblog import demo_host
from tests.browser.conftest import CHROMIUM, QUIET
from tests.browser.site import ROOT, Site, serve
from tests.services import free_port
from tests.shots.stories import ARABIC, ENGLISH

WIDTHS = {360: 780, 768: 1024, 1280: 900}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
TALLEST = 3200
# Pictures further down than the screen are lazy, and the camera does not scroll.
PICTURES = """() => Promise.all([...document.images].map((image) => { image.loading = "eager"; return image.decode().catch(() => {}); }))
    .then(() => undefined)"""
DEMO = "pyongyang-visit"
FOREIGN = "foreign-page"


@dataclass(frozen=True, slots=True)
class State:
    """One state: the page's address and what is done there before the picture. `tall`: the whole page, not just the screen."""

    name: str
    path: str
    act: Callable[[Page, Site], None] | None = None
    tall: bool = True
    wire: str = "live"


def settled(page: Page, wire: str) -> None:
    if page.locator("live-feed").count():
        page.locator(f'live-feed[data-wire-state="{wire}"]').wait_for(state="attached", timeout=30_000)
    page.evaluate("() => document.fonts.ready.then(() => undefined)")


def arrivals(slug: str, news: tuple[str, ...]) -> Callable[[Page, Site], None]:
    """The reader is further down; three updates come."""

    def act(page: Page, site: Site) -> None:
        page.evaluate("() => scrollTo({top: document.querySelector('#feed article:nth-of-type(3)').offsetTop, behavior: 'instant'})")
        page.wait_for_function("() => document.querySelector('live-feed').motion.quiet")
        for headline in news:
            ref = site.desk("publish", blog=slug, headline=headline, html=f"<p>{headline}.</p>")["ref"]
            page.locator(f"#{ref}").wait_for(state="attached")
        page.locator("[data-action=show-new]").wait_for()

    return act


def focus(page: Page, site: Site) -> None:
    page.locator("#feed article a").first.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")


def paused(page: Page, site: Site) -> None:
    page.locator("[data-action=pause]").click()


def unfolded(page: Page, site: Site) -> None:
    for fold in page.locator("details[data-fold] summary").all():
        if fold.is_visible():
            fold.click()


def finding(page: Page, site: Site) -> None:
    page.locator(".finder summary").click()


def enlarged(page: Page, site: Site) -> None:
    page.locator("[data-zoom]").first.click()
    page.locator("dialog img").evaluate("image => image.decode()")


def coming_back(slug: str, news: tuple[str, ...]) -> Callable[[Page, Site], None]:
    """The reader has chosen the oldest first once, went away at the top of the feed, and is back."""

    def act(page: Page, site: Site) -> None:
        address = page.url
        if page.locator("[data-again]").is_hidden():
            finding(page, site)
            page.locator("#find-order").select_option("oldest")
            page.locator(".finder form button").click()
            page.goto(address)
            settled(page, "live")
        page.locator("#feed").scroll_into_view_if_needed()
        page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        page.goto("about:blank")
        for headline in news[:2]:
            ref = site.desk("publish", blog=slug, headline=headline, html=f"<p>{headline}.</p>")["ref"]
        page.goto(address)
        settled(page, "live")
        page.locator(f"#{ref} ~ [data-read-to]").wait_for(state="attached")
        page.evaluate("() => document.querySelector('.controls').scrollIntoView({behavior: 'instant'})")

    return act


def states(refs: dict[str, list[str]], foreign: bool) -> Iterator[State]:
    yield State("front-page", "/")
    yield State("not-found", "/live/there-is-none/")
    yield State("demo", f"/live/{DEMO}/")
    for story in (ENGLISH, ARABIC):
        at = f"/live/{story.language}"
        yield State(f"{story.language}-live", f"{at}-live/")
        yield State(f"{story.language}-breaking", f"{at}-breaking/")
        for name in ("upcoming", "empty", "paused", "ended"):
            yield State(f"{story.language}-{name}", f"{at}-{name}/")
        yield State(f"{story.language}-unfolded", f"{at}-breaking/", act=unfolded)
        yield State(f"{story.language}-entry", f"{at}-breaking/{refs[f'{story.language}-breaking'][-1]}/")
        yield State(f"{story.language}-pressed-pause", f"{at}-live/", act=paused, tall=False)
        yield State(f"{story.language}-focus", f"{at}-live/", act=focus, tall=False)
        yield State(f"{story.language}-older", f"{at}-many/?before=OLDER")
        yield State(f"{story.language}-new-updates", f"{at}-many/", act=arrivals(f"{story.language}-many", story.news), tall=False)
        yield State(f"{story.language}-finder", f"{at}-live/", act=finding, tall=False)
        yield State(f"{story.language}-found", f"{at}-live/?kind=update&order=oldest")
        yield State(f"{story.language}-nothing-found", f"{at}-live/?q=zzz&key=1")
        yield State(f"{story.language}-enlarged", f"{at}-live/", act=enlarged, tall=False)
        yield State(f"{story.language}-back", f"{at}-live/", act=coming_back(f"{story.language}-live", story.news), tall=False)
        yield State(f"{story.language}-polling", f"{at}-live/", wire="polling", tall=False)
        yield State(f"{story.language}-reconnecting", f"{at}-live/", wire="connecting", tall=False)
    yield State("de-long-words", "/live/de-live/")
    yield State("scripts", "/live/en-scripts/")
    if foreign:
        yield State("foreign", f"/live/{FOREIGN}/")


class Camera:
    def __init__(self, browser: Browser, site: Site, out: Path) -> None:
        self.browser, self.site, self.out = browser, site, out

    def take(self, state: State, url: str = "") -> None:
        context = self.browser.new_context(viewport={"width": 1280, "height": 900})
        page = context.new_page()
        try:
            self._open(page, state, url or self.site.url + state.path)
            for width, height in WIDTHS.items():
                page.set_viewport_size({"width": width, "height": height})
                if state.act and state.act is not paused:
                    page.reload()
                    settled(page, state.wire)
                if state.act and (state.act is not paused or page.locator("[aria-pressed=true]").count() == 0):
                    state.act(page, self.site)
                for scheme in SCHEMES:
                    page.emulate_media(color_scheme=scheme)
                    self._shoot(page, state, self.out / f"{state.name}-{width}-{scheme}.png", width)
            if state.name in {"en-breaking", "ar-breaking"}:
                self._others(page, state)
        finally:
            context.close()

    def _open(self, page: Page, state: State, url: str) -> None:
        dropped = []
        if state.wire == "polling":
            page.route_web_socket(re.compile("/ws/live/"), lambda socket: socket.close())
        if state.wire == "connecting":
            # The first connection is the server's own; once it is cut, no other comes about.
            page.route_web_socket(re.compile("/ws/live/"), lambda socket: None if dropped else dropped.append(socket.connect_to_server()))
        page.goto(url.replace("?before=OLDER", ""))
        if "OLDER" in url:
            page.locator("a[rel=next]").click()
        if state.wire == "connecting":
            settled(page, "live")
            dropped[0].close()
            page.evaluate("() => document.querySelector('live-feed').wire.check()")
        settled(page, state.wire)

    def _shoot(self, page: Page, state: State, path: Path, width: int) -> None:
        clip = None
        if state.tall:
            height = min(TALLEST, page.evaluate("() => document.documentElement.scrollHeight"))
            clip = {"x": 0, "y": 0, "width": width, "height": height}
            page.evaluate(PICTURES)
        page.screenshot(path=path, full_page=state.tall, clip=clip, animations="disabled")

    def _others(self, page: Page, state: State) -> None:
        """The narrowest and the widest screen, forced colours, and paper."""
        page.emulate_media(color_scheme="light")
        for width in (320, 1920):
            page.set_viewport_size({"width": width, "height": 900})
            self._shoot(page, state, self.out / f"{state.name}-{width}-light.png", width)
        page.set_viewport_size({"width": 768, "height": 1024})
        page.emulate_media(forced_colors="active", color_scheme="dark")
        self._shoot(page, state, self.out / f"{state.name}-768-forced.png", 768)
        page.emulate_media(forced_colors="none", media="print", color_scheme="light")
        self._shoot(page, state, self.out / f"{state.name}-768-print.png", 768)
        page.pdf(path=self.out / f"{state.name}.pdf", format="A4", print_background=False)


@contextlib.contextmanager
def host_page(site: Site, slug: str) -> Iterator[str]:
    """The demo's other site, with the blog in it."""
    os.environ.update(site.environment)
    django.setup()
    port = free_port()
    server = demo_host.start(host="127.0.0.1", port=port, site=site.url, slug=slug, title=ENGLISH.title)
    try:
        yield f"http://127.0.0.1:{port}{demo_host.PATH}"
    finally:
        server.shutdown()
        server.server_close()


def embedded(page: Page, site: Site) -> None:
    """The frames are lazy: they are scrolled to, and have come to their height."""
    for frame in page.locator("iframe").all():
        frame.scroll_into_view_if_needed()
    page.wait_for_function("() => [...document.querySelectorAll('iframe')].every((frame) => frame.offsetHeight > 100)")


def set_up(site: Site, foreign: Path | None) -> dict[str, list[str]]:
    site.manage("seed_demo")
    if foreign:
        site.manage("import_blog", str(foreign), "--slug", FOREIGN)
    done = subprocess.run(
        [sys.executable, "-m", "tests.shots.stage"], cwd=ROOT, env=site.environment, stdout=subprocess.PIPE, text=True, check=True
    )
    refs: dict[str, list[str]] = json.loads(done.stdout)
    return refs


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="make shots", description="Pictures of every state of the reader's pages.")
    parser.add_argument("--out", type=Path, default=ROOT / "var/shots")
    parser.add_argument("--only", default="", help="only the states whose name holds this")
    parser.add_argument("foreign", nargs="?", type=Path, help="a Guardian-style page as JSON, to be looked at too")
    options = parser.parse_args(arguments)
    options.out.mkdir(parents=True, exist_ok=True)
    program = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if program is None:
        sys.stderr.write("Chromium is not installed. Install it (Debian: apt-get install chromium).\n")
        return 1
    with serve(None) as site, sync_playwright() as playwright:
        refs = set_up(site, options.foreign)
        browser = playwright.chromium.launch(executable_path=program, args=[*QUIET])
        camera = Camera(browser, site, options.out)
        for state in states(refs, foreign=options.foreign is not None):
            if options.only in state.name:
                camera.take(state)
        if options.only in "embed-host":
            with host_page(site, "en-breaking") as url:
                camera.take(State("embed-host", urlsplit(url).path, act=embedded), url)
        browser.close()
    sys.stdout.write(f"{len(list(options.out.glob('*.png')))} pictures in {options.out}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
