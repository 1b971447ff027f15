"""From a selector's page to HTML. What is said here is the same for every reader."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation

from liveblog.reader.words import words
from newsroom.models import Entry, LiveBlog
from newsroom.rendering.times import stamp
from newsroom.selectors import BlogPage

RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur", "ps", "ckb", "yi"})


def direction(language: str) -> str:
    return "rtl" if language.split("-")[0] in RIGHT_TO_LEFT else "ltr"


def fragments(entries: list[Entry], zone: str) -> list[dict[str, Any]]:
    """The stored fragments with the rule that stands before each new day. Call inside `translation.override(blog.language)`."""
    rows: list[dict[str, Any]] = []
    day = ""
    for entry in entries:
        if entry.published_at is None:
            continue
        moment = stamp(entry.published_at, zone)
        rows.append({"html": entry.fragment, "day": moment.day, "day_label": moment.day_label, "new_day": moment.day != day})
        day = moment.day
    return rows


def context(page: BlogPage) -> dict[str, Any]:
    blog = page.blog
    url = blog.get_absolute_url()
    return {
        "blog": blog,
        "site_name": settings.SITE_NAME,
        "language": blog.language,
        "dir": direction(blog.language),
        "head": page.head,
        "front": page.front,
        "board": page.board,
        "fragments": fragments(page.feed.entries, blog.zone),
        "older": f"?before={page.feed.older}" if page.feed.older else "",
        "newer": url if page.feed.newer else "",
        "canonical": settings.SITE_URL + url,
        "description": blog.standfirst,
        "words": words(),
        "players": " ".join(settings.EMBED_PLAYERS),
    }


def render(template: str, blog: LiveBlog, values: dict[str, Any]) -> str:
    with translation.override(blog.language):
        return render_to_string(template, values)


def blog_html(page: BlogPage) -> str:
    with translation.override(page.blog.language):
        return render_to_string("reader/blog.html", context(page))


def live_part(page: BlogPage) -> str:
    """The `<live-snapshot>` that stands in for a page's front, board and feed."""
    with translation.override(page.blog.language):
        return render_to_string("reader/snapshot.html", context(page))


def absent(request: HttpRequest) -> HttpResponse:
    """404. The same bytes whether a thing never was, is not public yet, or may not be known of."""
    response = HttpResponse(
        render_to_string("reader/not_found.html", {"site_name": settings.SITE_NAME, "language": "en", "dir": "ltr"}), status=404
    )
    response["Cache-Control"] = "public, max-age=2"
    return response
