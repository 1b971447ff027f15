"""From a selector's page to HTML. What is said here is the same for every reader."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from liveblog.reader.metadata import blog_card, live_blog_posting
from liveblog.reader.words import words
from newsroom.finding import Wanted
from newsroom.models import Entry, Kind, LiveBlog
from newsroom.rendering.languages import direction, numerals
from newsroom.rendering.times import stamp
from newsroom.selectors import FEED, BlogPage, FeedPage, snapshots


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


def context(page: BlogPage, asked: Wanted = FEED) -> dict[str, Any]:
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
        "older": page.feed.older,
        "newer": page.feed.newer,
        "onward": address(url, page.feed.onward),
        "back": address(url, page.feed.back),
        "asked": asked,
        "found": found_words(page.feed.total) if page.feed.total is not None else "",
        "kinds": Kind.choices,
        "tags": page.tags,
        "blog_url": url,
        "canonical": settings.SITE_URL + url + canonical_query(page.feed, asked),
        "description": blog.standfirst,
        "words": words(),
        "players": " ".join(settings.EMBED_PLAYERS),
    }


def address(url: str, wanted: Wanted | None) -> str:
    """A page of the blog; empty for None."""
    if wanted is None:
        return ""
    return f"{url}?{wanted.query}" if wanted.query else url


def canonical_query(feed: FeedPage, asked: Wanted) -> str:
    """An older page is one of its own; the same entries in another order or choice belong to the blog's page."""
    return f"?before={asked.ref}" if asked.is_feed and asked.place == "before" and feed.back and feed.entries else ""


def found_words(total: int) -> str:
    return ngettext("%(count)s entry found", "%(count)s entries found", total) % {"count": numerals(total)} if total else _("Nothing found")


def site_words() -> dict[str, Any]:
    """What `base.html` asks of a page that belongs to no blog."""
    language = settings.SITE_LANGUAGE
    return {"site_name": settings.SITE_NAME, "language": language, "dir": direction(language)}


def render(template: str, blog: LiveBlog, values: dict[str, Any]) -> str:
    with translation.override(blog.language):
        return render_to_string(template, values)


def blog_html(page: BlogPage, asked: Wanted = FEED) -> str:
    """The whole page. What machines are told stands on the feed's own pages only: a list that somebody asked for is not indexed."""
    with translation.override(page.blog.language):
        values = context(page, asked)
        if asked.is_feed:
            shown, url = snapshots(page.feed.entries), values["canonical"]
            values["card"] = blog_card(page.blog, shown, url=url)
            values["linked_data"] = live_blog_posting(page.blog, shown, url=url, changed=page.changed)
        return render_to_string("reader/blog.html", values)


def live_part(page: BlogPage) -> str:
    """The `<live-snapshot>` that stands in for a page's front, board and feed."""
    with translation.override(page.blog.language):
        return render_to_string("reader/snapshot.html", context(page))


def absent(request: HttpRequest) -> HttpResponse:
    """404. The same bytes whether a thing never was, is not public yet, or may not be known of."""
    with translation.override(settings.SITE_LANGUAGE):
        response = HttpResponse(render_to_string("reader/not_found.html", site_words()), status=404)
    response["Cache-Control"] = "public, max-age=2"
    return response
