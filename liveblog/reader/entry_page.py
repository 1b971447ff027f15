"""The page of one entry: the entry, what stands beside it in the feed, and what machines are told of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from liveblog.reader.metadata import entry_card, entry_posting
from liveblog.reader.page import fragments
from liveblog.reader.words import words
from newsroom.models import Entry
from newsroom.rendering.board import zone_of
from newsroom.rendering.languages import direction
from newsroom.rendering.times import Stamp, stamp
from newsroom.selectors import EntryPage


@dataclass(frozen=True, slots=True)
class Beside:
    """A line of the lists before and after. `other_day` says that the entry stands on another day than the page's."""

    url: str
    stamp: Stamp
    heading: str
    other_day: bool


def _beside(entries: list[Entry], zone: str, day: str) -> list[Beside]:
    rows = []
    for entry in entries:
        if entry.published_at:
            at = stamp(entry.published_at, zone)
            rows.append(Beside(entry.get_absolute_url(), at, entry.headline or str(entry.get_kind_display()), at.day != day))
    return rows


def entry_html(page: EntryPage) -> str:
    """A withdrawn entry says that it was withdrawn, in its place, and nothing else of it."""
    blog, entry, snapshot = page.blog, page.entry, page.snapshot
    with translation.override(blog.language):
        day = stamp(entry.published_at, blog.zone).day if entry.published_at else ""
        card = entry_card(blog, snapshot) if snapshot else None
        values: dict[str, Any] = {
            "site_name": settings.SITE_NAME,
            "language": blog.language,
            "dir": direction(blog.language),
            "blog": blog,
            "ref": entry.ref,
            "entry_title": card.title if card else _("Withdrawn"),
            "fragments": fragments([entry], blog.zone),
            "later": _beside(page.later, blog.zone, day),
            "earlier": _beside(page.earlier, blog.zone, day),
            "zone": zone_of(blog),
            "blog_url": blog.get_absolute_url(),
            "canonical": settings.SITE_URL + entry.get_absolute_url(),
            "description": card.description if card else "",
            "card": card,
            "linked_data": entry_posting(blog, snapshot) if snapshot else None,
            "words": words(),
            "players": " ".join(settings.EMBED_PLAYERS),
        }
        return render_to_string("reader/entry_page.html", values)
