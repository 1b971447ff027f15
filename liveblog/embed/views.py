"""The embed's document and its loader. Like every public page they depend on nothing but their address."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound, HttpResponseNotModified
from django.template.loader import render_to_string
from django.utils import translation
from django.views.decorators.http import require_safe

from liveblog.reader.page import context
from liveblog.reader.views import cached
from liveblog.version import page_version
from newsroom import selectors
from newsroom.rendering.entry import RENDER_VERSION

DEFAULT_LIMIT = 10
HIGHEST_LIMIT = 20
THEMES = ("auto", "light", "dark")

# Hosts name the loader without a version: five minutes until a mended one has reached them all.
LOADER_CACHE = "public, max-age=300, stale-while-revalidate=86400"
ABSENT_CACHE = "public, max-age=2"


def limit_of(raw: str) -> int:
    """How many entries the embed holds: 1 to 20. What is no such number is as good as none."""
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) <= 2 and 1 <= int(raw) <= HIGHEST_LIMIT else DEFAULT_LIMIT


def theme_of(raw: str) -> str:
    return raw if raw in THEMES else THEMES[0]


@require_safe
def frame(request: HttpRequest, slug: str) -> HttpResponse:
    """The document that stands in the frame: the newest entries, live. 404 for a blog that readers may not know of."""
    limit, theme = limit_of(request.GET.get("limit", "")), theme_of(request.GET.get("theme", ""))
    page = selectors.blog_page(slug, limit=limit)
    if page is None:
        # Nobody sees it, for the loader shows a frame only once it has spoken. The same bytes for a blog that never was or is not public.
        return HttpResponseNotFound("There is no such live blog.", content_type="text/plain", headers={"Cache-Control": ABSENT_CACHE})
    head = page.head
    etag = f'"{head.epoch}.{head.seq}.{head.token}.{RENDER_VERSION}.{page_version()}.{limit}.{theme}"'
    if request.headers.get("If-None-Match", "").removeprefix("W/") == etag:
        return cached(HttpResponseNotModified(), etag)
    with translation.override(page.blog.language):
        html = render_to_string("embed/frame.html", context(page) | {"limit": limit, "theme": theme})
    return cached(HttpResponse(html), etag)


@cache
def loader_text() -> str:
    found = finders.find("embed/embed.js")
    if not found:
        raise FileNotFoundError("static/embed/embed.js is not where the static files are.")
    return Path(found).read_text(encoding="utf-8")


@require_safe
def loader(request: HttpRequest) -> HttpResponse:
    """`/embed.js`: one classic script for other sites' pages."""
    return HttpResponse(loader_text(), content_type="text/javascript; charset=utf-8", headers={"Cache-Control": LOADER_CACHE})
