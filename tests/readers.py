"""A Python model of an open page: what the browser does with frames, byte for byte (docs/contracts/frames.md, entry-html.md).

It knows nothing of the database. A test takes a page, applies the frames that an action caused, and compares with a fresh page.
"""

from __future__ import annotations

import functools
import html as entities
import json
import re
from bisect import bisect_left
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


class _Inside(HTMLParser):
    """Finds where the inside of the element with an id begins and ends in the source."""

    def __init__(self, source: str, wanted: str) -> None:
        super().__init__(convert_charrefs=True)
        self.lines = [0]
        for line in source.split("\n"):
            self.lines.append(self.lines[-1] + len(line) + 1)
        self.wanted, self.depth = wanted, 0
        self.start = self.end = -1
        self.feed(source)

    def place(self) -> int:
        line, column = self.getpos()
        return self.lines[line - 1] + column

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.start < 0:
            if dict(attrs).get("id") == self.wanted:
                self.start = self.place() + len(self.get_starttag_text() or "")
                self.depth = 1
        elif self.end < 0 and tag not in VOID:
            self.depth += 1

    def handle_endtag(self, tag: str) -> None:
        if self.start >= 0 and self.end < 0 and tag not in VOID:
            self.depth -= 1
            if self.depth == 0:
                self.end = self.place()


# A crowd in one process opens the same page and is sent the same entry; each is taken apart once.
@functools.lru_cache(maxsize=32)
def inside(source: str, wanted: str) -> str:
    found = _Inside(source, wanted)
    assert found.end >= 0, f"no #{wanted} in the page"
    return source[found.start : found.end]


def attribute(tag: str, name: str) -> str:
    match = re.search(rf'\s{name}="([^"]*)"', tag)
    assert match, f"no {name} in {tag[:200]}"
    return entities.unescape(match[1])


@dataclass(frozen=True)
class Article:
    ref: str
    rev: int
    order: str
    html: str

    @classmethod
    @functools.lru_cache(maxsize=1024)
    def of(cls, html: str) -> Article:
        tag = html[: html.index(">") + 1]
        return cls(attribute(tag, "data-ref"), int(attribute(tag, "data-rev")), attribute(tag, "data-order"), html)

    @property
    def day(self) -> tuple[str, str]:
        tag = self.html[: self.html.index(">") + 1]
        return attribute(tag, "data-day"), attribute(tag, "data-day-label")


@dataclass
class Page:
    epoch: str
    seq: int
    token: int
    state: str
    more: bool
    front: str
    board: str
    articles: list[Article]
    gone: dict[str, int] = field(default_factory=dict)
    _by_ref: dict[str, Article] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        self._by_ref = {article.ref: article for article in self.articles}

    @classmethod
    def of(cls, source: str, element: str = "live-feed") -> Page:
        """From the HTML of a blog's page, or of a snapshot (`element="live-snapshot"`)."""
        tag = re.search(rf"<{element}\b[^>]*>", source)
        assert tag, f"no <{element}> in the page"
        feed = inside(source, "feed")
        return cls(
            epoch=attribute(tag[0], "data-epoch"),
            seq=int(attribute(tag[0], "data-seq")),
            token=int(attribute(tag[0], "data-token")),
            state=attribute(tag[0], "data-state"),
            more=attribute(tag[0], "data-more") == "true",
            front=inside(source, "front"),
            board=inside(source, "board"),
            articles=[Article.of(found) for found in re.findall(r"<article\b.*?</article>", feed, re.DOTALL)],
        )

    @property
    def feed(self) -> str:
        """The inside of `#feed`, day rules included."""
        parts, day = [], ""
        for article in self.articles:
            iso, label = article.day
            if iso != day:
                parts.append(f'<h2 class="day" data-day="{iso}">{entities.escape(label)}</h2>')
                day = iso
            parts.append(article.html)
        return "".join(parts)

    def apply(self, frame: dict[str, Any]) -> None:
        """One numbered frame. The caller hands them in order; what is older than the page does no harm."""
        match frame["op"]:
            case "put":
                self._put(frame)
            case "drop":
                self._drop(frame)
            case "board":
                self.board = frame["html"]
            case "state":
                self.front, self.state = frame["html"], frame["state"]
            case other:
                raise AssertionError(f"a page cannot apply {other}")
        self.seq, self.token = frame["seq"], frame["token"]

    def _put(self, frame: dict[str, Any]) -> None:
        if self.gone.get(frame["ref"], -1) >= frame["rev"]:
            return
        old = self._by_ref.get(frame["ref"])
        if old and old.rev > frame["rev"]:
            return
        self._place(Article.of(frame["html"]), old)

    def _drop(self, frame: dict[str, Any]) -> None:
        old = self._by_ref.get(frame["ref"])
        if old and old.rev > frame["rev"]:
            return
        self.gone[frame["ref"]] = frame["rev"]
        if "html" in frame:
            self._place(Article.of(frame["html"]), old)
        elif old:
            self._take_out(old)

    def _place(self, article: Article, old: Article | None) -> None:
        if old and old.order == article.order:
            self.articles[self._after(old.order) - 1] = self._by_ref[article.ref] = article
            return
        if old:
            self._take_out(old)
        place = self._after(article.order)
        if place and place == len(self.articles) and self.more:
            return  # it belongs to an older page
        self.articles.insert(place, article)
        self._by_ref[article.ref] = article

    def _take_out(self, old: Article) -> None:
        del self.articles[self._after(old.order) - 1], self._by_ref[old.ref]

    def _after(self, order: str) -> int:
        """The index of the first article that is older. Found by halves: a crowd in one process must not grow slower with its story."""
        return bisect_left(self.articles, True, key=lambda other: other.order < order)


def shows(page: Page) -> tuple[str, str, str, str]:
    """What a reader sees of a page: for comparing two."""
    return page.state, page.front, page.board, page.feed


def catch_up(client: Any, slug: str, page: Page) -> None:
    """What `wire.js` does over HTTP, call by call. `client` is Django's, for tests."""
    while True:
        response = client.get(f"/live/{slug}/changes?after={page.seq}&epoch={page.epoch}&token={page.token}")
        assert response.status_code == 200
        answer = json.loads(response.content)
        for frame in answer["frames"]:
            page.apply(frame)
        page.seq, page.token = answer["next"], answer["token"]
        if answer["next"] >= answer["head"]:
            return
