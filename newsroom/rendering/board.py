"""The board (pinned entry, key events) and the front (state, headline, standfirst, editors, zone) of a blog."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.template.loader import render_to_string
from django.utils import timezone, translation

from newsroom.models import Entry, LiveBlog, Status
from newsroom.rendering.entry import render_entry, squeeze
from newsroom.rendering.snapshot import Snapshot
from newsroom.rendering.times import Stamp, stamp, zone_name

# How long a blog that has not ended is taken to run.
USUAL_LENGTH = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class KeyEvent:
    ref: str
    url: str
    stamp: Stamp
    heading: str


def latest_snapshot(entry: Entry) -> Snapshot:
    snapshot: Snapshot = entry.revisions.values_list("snapshot", flat=True).latest("rev")
    return snapshot


def key_events(blog: LiveBlog) -> list[KeyEvent]:
    """Newest first. Call inside `translation.override(blog.language)`."""
    rows = blog.entries.filter(status=Status.PUBLISHED, key_event=True).order_by("-order")
    return [
        KeyEvent(
            ref=entry.ref,
            url=f"/live/{blog.slug}/{entry.ref}/",
            stamp=stamp(entry.published_at, blog.zone),
            heading=entry.headline or str(entry.get_kind_display()),
        )
        for entry in rows
        if entry.published_at
    ]


def render_board(blog: LiveBlog) -> str:
    """The inside of `#board`, from the committed rows."""
    pinned = blog.pinned if blog.pinned and blog.pinned.status == Status.PUBLISHED else None
    with translation.override(blog.language):
        context = {
            "blog": blog,
            "key_events": key_events(blog),
            "pinned": render_entry(latest_snapshot(pinned), pinned=True) if pinned else "",
        }
        return squeeze(render_to_string("board/board.html", context))


def zone_of(blog: LiveBlog) -> str:
    """The name of the zone that all the blog's times are in, as every page of it says it: both names (“CEST/CET”) where the clocks are
    changed while it runs, or may be before it ends."""
    start = blog.started_at or blog.planned_start or blog.created_at or timezone.now()
    names = [zone_name(blog.zone, blog.zone_label, at) for at in (start, blog.ended_at or start + USUAL_LENGTH)]
    return "/".join(dict.fromkeys(names))


def render_front(blog: LiveBlog) -> str:
    """The inside of `#front`, from the committed rows."""
    with translation.override(blog.language):
        context = {
            "blog": blog,
            "state_label": blog.get_state_display(),
            "editors": list(blog.edited_by.all()),
            "zone": zone_of(blog),
            "planned_start": stamp(blog.planned_start, blog.zone) if blog.planned_start else None,
            "ended": stamp(blog.ended_at, blog.zone) if blog.ended_at else None,
        }
        return squeeze(render_to_string("board/front.html", context))
