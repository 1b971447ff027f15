"""What must hold beyond its text before an entry may become public: its embargo is over, and where the blog asks for it, somebody else
than its writer has read it. Every writer asks here.
"""

from __future__ import annotations

import zoneinfo
from datetime import datetime
from typing import Any

from django.utils.formats import date_format

from newsroom.errors import Fault, Invalid
from newsroom.models import Entry, Kind, LiveBlog


def needs_second_pair(blog: LiveBlog, kind: str) -> bool:
    """Whether the blog, as it is stored now, wants entries of this kind published by somebody who did not write them."""
    return kind in LiveBlog.objects.values_list("second_pair", flat=True).get(pk=blog.pk)


def check_embargo(entry: Entry, moment: datetime, *, field: str = "embargo_until") -> None:
    """Raises `Invalid` at `field` where the entry may not be public at `moment` yet."""
    until = entry.embargo_until
    if until and until > moment:
        local = until.astimezone(zoneinfo.ZoneInfo(entry.blog.zone))
        clock = f"{date_format(local, 'j F Y, H:i')} ({entry.blog.zone})"
        raise Invalid([Fault(field, f"This is under embargo until {clock}. Schedule it for then or later.")])


def check_second_pair(*, blog: LiveBlog, kind: str, actor: Any, entry: Entry | None, changed: bool = False) -> None:
    """Raises `Invalid` at `kind` where the actor's own words would become public on a blog that wants another's eyes on them first.

    `entry` is the row as it is stored (None for a new one); `changed` says that the actor sent another text than the stored one.
    """
    if not needs_second_pair(blog, kind):
        return
    what = f"On this blog entries of the kind “{Kind(kind).label}” need a second pair of eyes."
    if entry is None:
        raise Invalid([Fault("kind", f"{what} Hand it in: somebody else publishes it.")])
    if actor.pk in {entry.created_by_id, entry.written_by_id}:
        raise Invalid([Fault("kind", f"{what} You wrote this one: hand it in, and somebody else publishes it.")])
    if changed:
        raise Invalid([Fault("kind", f"{what} You changed this text: save it, and somebody else publishes it. Or publish it as it was.")])


def is_approved(entry: Entry) -> bool:
    """Whether a planned entry may be released: where the blog asks for it, somebody else than its writer planned this very text."""
    if not needs_second_pair(entry.blog, entry.kind):
        return True
    return entry.approved_by_id is not None and entry.approved_by_id not in {entry.created_by_id, entry.written_by_id}


def check_kind_kept(*, blog: LiveBlog, before: str, after: str) -> None:
    """Raises `Invalid` where an edit of what is public would turn it into a kind that one person alone may not publish."""
    if before != after and needs_second_pair(blog, after):
        label = Kind(after).label
        raise Invalid([Fault("kind", f"On this blog “{label}” needs a second pair of eyes: write a new entry of that kind, hand it in.")])
