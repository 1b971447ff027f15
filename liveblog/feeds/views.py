"""The feeds of a blog. Like every public page they depend on nothing but their address; the kiosk gives them their names and their 304."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from liveblog.feeds.items import channel_of
from liveblog.feeds.json_feed import feed_json
from liveblog.feeds.xml import Atom, Rss, feed_xml
from liveblog.reader.metadata import absolute
from liveblog.reader.page import absent
from liveblog.reader.views import cached
from newsroom import selectors

# More than a page's thirty: who asks every quarter of an hour should miss nothing of a busy one.
ENTRIES = 50
# Half a minute in a reader's program and eight seconds in a cache on the way: less than the minute that G8 gives a withdrawn text. No copy
# bridges a time in which the site cannot be asked: a program that reads feeds comes back by itself.
FEED_CACHE = "public, max-age=30, s-maxage=3, stale-while-revalidate=5"


@require_safe
def atom(request: HttpRequest, slug: str) -> HttpResponse:
    return _xml(request, slug, "feed-atom", Atom)


@require_safe
def rss(request: HttpRequest, slug: str) -> HttpResponse:
    return _xml(request, slug, "feed-rss", Rss)


@require_safe
def json(request: HttpRequest, slug: str) -> HttpResponse:
    latest = selectors.latest(slug, limit=ENTRIES)
    if latest is None:
        return absent(request)
    body = feed_json(channel_of(latest), address=absolute(reverse("feed-json", args=[slug])))
    return cached(HttpResponse(body, content_type="application/feed+json; charset=utf-8"), control=FEED_CACHE)


def _xml(request: HttpRequest, slug: str, name: str, generator: type[Atom | Rss]) -> HttpResponse:
    latest = selectors.latest(slug, limit=ENTRIES)
    if latest is None:
        return absent(request)
    body = feed_xml(generator, channel_of(latest), address=absolute(reverse(name, args=[slug])))
    return cached(HttpResponse(body, content_type=generator.content_type), control=FEED_CACHE)
