"""The public pages. Each reads through `newsroom.selectors` and depends on nothing but its address."""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.template.loader import render_to_string
from django.utils import translation
from django.views.decorators.http import require_safe

from liveblog.reader.entry_page import entry_html
from liveblog.reader.page import absent, blog_html, site_words
from liveblog.version import page_version
from newsroom import selectors
from newsroom.finding import wanted
from newsroom.models import Entry
from newsroom.rendering.entry import RENDER_VERSION
from newsroom.rendering.languages import direction
from newsroom.rendering.times import Stamp, stamp

# Fresh at the origin; a shared cache may serve it for three seconds, and longer only while the origin is down. An older copy heals itself.
PAGE_CACHE = "public, max-age=0, s-maxage=3, stale-while-revalidate=5, stale-if-error=60"
# For what may be withdrawn without a notice: a cache that takes the 404 for such an error would go on showing the text.
ENTRY_CACHE = "public, max-age=0, s-maxage=3, stale-while-revalidate=5"


def cached(response: HttpResponse, etag: str = "", control: str = PAGE_CACHE) -> HttpResponse:
    response["Cache-Control"] = control
    response["Vary"] = "Accept-Encoding"
    if etag:
        response["ETag"] = etag
    return response


@require_safe
def front_page(request: HttpRequest) -> HttpResponse:
    rows = []
    for blog in selectors.public_blogs():
        latest = selectors.feed(blog, limit=1).entries
        with translation.override(blog.language):
            rows.append(
                {
                    "blog": blog,
                    "dir": direction(blog.language),
                    "url": blog.get_absolute_url(),
                    "state_label": blog.get_state_display(),
                    "latest": _latest(latest[0], blog.zone) if latest else None,
                }
            )
    with translation.override(settings.SITE_LANGUAGE):
        values = site_words() | {"blogs": rows, "canonical": f"{settings.SITE_URL}/"}
        return cached(HttpResponse(render_to_string("reader/front_page.html", values)))


def _latest(entry: Entry, zone: str) -> dict[str, str | Stamp] | None:
    """With its day: the list holds blogs of other years, and a page that caches keep has no “today”."""
    if entry.published_at is None or entry.withdrawn_at:
        return None
    return {"stamp": stamp(entry.published_at, zone), "heading": entry.headline or str(entry.get_kind_display())}


@require_safe
def blog(request: HttpRequest, slug: str) -> HttpResponse:
    asked = wanted(request.GET.dict())
    page = selectors.blog_page(slug, asked, tags=True)
    if page is None:
        return absent(request)
    first = hashlib.blake2b(asked.query.encode(), digest_size=6).hexdigest() if asked.query else ""
    # With the token: a restored backup may reach the same number in the same epoch with another text.
    etag = f'"{page.head.epoch}.{page.head.seq}.{page.head.token}.{RENDER_VERSION}.{page_version()}.{first}"'
    if request.headers.get("If-None-Match", "").removeprefix("W/") == etag:
        return cached(HttpResponseNotModified(), etag)
    return cached(HttpResponse(blog_html(page, asked)), etag)


@require_safe
def entry(request: HttpRequest, slug: str, ref: str) -> HttpResponse:
    page = selectors.entry_page(slug, ref)
    return cached(HttpResponse(entry_html(page)), control=ENTRY_CACHE) if page else absent(request)


def not_found(request: HttpRequest, exception: Http404 | Exception | None = None) -> HttpResponse:
    """The handler of every address that nothing answers, the same page as for a blog that is absent."""
    return absent(request)
