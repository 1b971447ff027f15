"""What a desk page asks of one story: what waits for an editor, and whether readers have been left without a word."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from newsroom.models import Entry, EntryRevision, LiveBlog, State, Status
from newsroom.permissions import can

# Revisions that tell readers nothing new.
NOT_A_WORD = ("pictures", "render", "mark", "move")


def approval_queue(blog: LiveBlog, *, actor: Any) -> QuerySet[Entry]:
    """What was handed in and waits for somebody to approve or send it back, the oldest first; empty for who may do neither."""
    if not can(actor, "approve", blog):
        return Entry.objects.none()
    return Entry.objects.filter(blog=blog, status=Status.SUBMITTED).select_related("created_by", "saved_by").order_by("saved_at", "pk")


@dataclass(frozen=True, slots=True)
class Quiet:
    """`minutes` since readers last heard anything (whole ones). `nudge` says that it is time to remind the desk."""

    since: datetime
    minutes: int
    nudge: bool


def quiet(blog: LiveBlog, *, now: datetime) -> Quiet | None:
    """How long the story has been quiet; None while it is not live, when nobody expects a word."""
    if blog.state != State.LIVE:
        return None
    words = EntryRevision.objects.filter(entry__blog=blog).exclude(reason__in=NOT_A_WORD).order_by("-at")
    last = words.values_list("at", flat=True).first()
    since = max(
        moment for moment in (last, blog.started_at, blog.created_at if last is None and blog.started_at is None else None) if moment
    )
    return quiet_since(since, now=now, after=blog.quiet_minutes)


def quiet_since(since: datetime, *, now: datetime, after: int) -> Quiet:
    """Pure: a nudge from `after` minutes on; 0 asks for none."""
    minutes = max(0, (now - since) // timedelta(minutes=1))
    return Quiet(since, minutes, bool(after) and minutes >= after)
