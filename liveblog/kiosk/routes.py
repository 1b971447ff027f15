"""Which addresses the kiosk answers, and the one spelling under which each answer is kept."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import parse_qsl

from liveblog.embed.views import limit_of, theme_of
from liveblog.feeds.names import FEEDS
from liveblog.wire.catchup import CURSOR
from newsroom.finding import wanted
from newsroom.refs import ALPHABET, SLUG

_BLOG = re.compile(rf"/live/({SLUG})/")
_ENTRY = re.compile(rf"/live/({SLUG})/e-[{ALPHABET}]{{6}}/")
_EMBED = re.compile(rf"/embed/({SLUG})/")
_SNAPSHOT = re.compile(rf"/live/({SLUG})/snapshot")
_FEED = re.compile(rf"/live/({SLUG})/(?:{'|'.join(map(re.escape, FEEDS))})")
_CHANGES = re.compile(rf"/live/({SLUG})/changes")


# Characters of an address.
MOST_REMEMBERED = 256


class Cursor(NamedTuple):
    """Where a page stands, and the number that it wants to have (0: any)."""

    after: int
    epoch: str
    token: int
    want: int


@dataclass(frozen=True, slots=True)
class Route:
    """`slug` is the blog that the answer depends on; `path` and `query` ask Django for it and are its name on the shelf."""

    slug: str
    path: str
    query: str

    @property
    def cursor(self) -> Cursor | None:
        """Of a catch-up."""
        match = CURSOR.fullmatch(self.query) if self.path.endswith("/changes") else None
        return Cursor(int(match[1]), match[2], int(match[3]), int(match[4] or 0)) if match else None

    @property
    def is_one_of_many(self) -> bool:
        """Whether readers can think up any number of its kind: what was found, older pages, entries that are there or not."""
        return bool(_ENTRY.fullmatch(self.path) or (self.query and _BLOG.fullmatch(self.path)))

    @property
    def is_page(self) -> bool:
        """Whether it may be shown as it last was while the database is away: what people read, and no step of catching up."""
        return self.path.endswith(("/", *FEEDS))


def route_of(path: str, query: str) -> Route | None:
    """None for everything that Django answers by itself. Parameters that a page does not know are left out of its name."""
    return (_remembered if len(path) + len(query) <= MOST_REMEMBERED else _taken_apart)(path, query)


def _taken_apart(path: str, query: str) -> Route | None:
    if match := _CHANGES.fullmatch(path):
        return Route(match[1], path, query) if CURSOR.fullmatch(query) else None
    if match := _BLOG.fullmatch(path):
        return Route(match[1], path, wanted(dict(parse_qsl(query))).query if query else "")
    if match := _EMBED.fullmatch(path):
        asked = dict(parse_qsl(query)) if query else {}
        return Route(match[1], path, f"limit={limit_of(asked.get('limit', ''))}&theme={theme_of(asked.get('theme', ''))}")
    if match := _ENTRY.fullmatch(path) or _SNAPSHOT.fullmatch(path) or _FEED.fullmatch(path):
        return Route(match[1], path, "")
    return None


# Of the addresses that are asked for most; none that is longer than ours are, so some megabytes at most.
_remembered = functools.lru_cache(maxsize=4096)(_taken_apart)
